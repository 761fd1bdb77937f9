"""A zip of documents, one draft a file, read in place: nothing is unpacked to a disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from analyzer.errors import AnalyzerError, FileError, InputError
from analyzer.reading.checks import called, one_line, open_file
from analyzer.reading.columns import BY_NAME, ColumnChoice
from analyzer.reading.documents import document_format, read_document_bytes
from analyzer.reading.folder import is_leftover
from analyzer.reading.formats import RawRow, TableFormat
from analyzer.reading.limits import MAX_ZIPPED_DRAFTS

if TYPE_CHECKING:
    from zipfile import ZipFile, ZipInfo

# What a Mac adds by itself.
_MAC_FOLDER = "__MACOSX"


def rows(path: Path, _choice: ColumnChoice = BY_NAME) -> Iterator[RawRow]:
    """The documents of a zip by name; the id is the name inside it. A file that is no document is reported, not skipped.

    Raises FileError: bad_table, locked_file.
    """
    import zipfile

    source = called(str(path))
    with open_file(path) as stream:
        try:
            archive = zipfile.ZipFile(stream)
        except Exception as trouble:  # zipfile raises half a dozen kinds on a damaged directory
            raise FileError("bad_table", f"{source} is not a whole zip file; make it anew.") from trouble
        members = sorted((one for one in archive.infolist() if _is_wanted(one)), key=lambda one: one.filename)
        if len(members) > MAX_ZIPPED_DRAFTS:
            raise FileError(
                "bad_table", f"{source} holds {len(members):,} files, more than {MAX_ZIPPED_DRAFTS:,}; split it."
            )
        if members and all(member.flag_bits & 0x1 for member in members):
            raise FileError("locked_file", f"{source} is locked with a password; make it anew without one.")
        for row, member in enumerate(members, start=1):
            yield _row(archive, member, row, source)


def _row(archive: ZipFile, member: ZipInfo, row: int, source: str) -> RawRow:
    from analyzer.reading import DOCUMENT_FORMATS  # the tuple lists this package's modules

    name = one_line(member.filename)
    endings = tuple(ending for form in DOCUMENT_FORMATS for ending in form.endings)
    try:
        if PurePosixPath(name).suffix.lower() not in endings:
            raise InputError(
                "unknown_ending",
                f"{name} in {source} is no document; save it as {', '.join(endings)} or take it out of the zip.",
            )
        return RawRow(row, {"id": name, "draft": read_document_bytes(_content(archive, member), f"{name} in {source}")})
    except AnalyzerError as error:
        return RawRow(row, {"id": name}, InputError(error.code, error.message))


def _content(archive: ZipFile, member: ZipInfo) -> bytes:
    """The bytes of a member, never more than one past its format's limit, whatever the zip's directory says."""
    if member.flag_bits & 0x1:
        raise InputError("locked_file", f"{one_line(member.filename)} is locked with a password; add it without one.")
    try:
        with archive.open(member) as content:
            return content.read(document_format(member.filename).max_bytes + 1)
    except Exception as trouble:  # zipfile, zlib, bz2 and lzma raise a dozen kinds on damaged data
        raise InputError("bad_table", f"{one_line(member.filename)} in the zip is damaged; add it anew.") from trouble


def _is_wanted(member: ZipInfo) -> bool:
    # a member may have no name at all, which its own is_dir cannot bear
    parts = PurePosixPath(member.filename).parts
    return bool(parts) and not member.is_dir() and parts[0] != _MAC_FOLDER and not any(map(is_leftover, parts))


ZIP = TableFormat("zip", (".zip",), rows)
