"""Looking into Office files (zips of XML) before a library unpacks them."""

from __future__ import annotations

import re
from typing import IO, TYPE_CHECKING

from analyzer.reading.limits import MAX_ZIP_MEMBERS, MAX_ZIP_RATIO, ZIP_RATIO_FREE_BYTES

if TYPE_CHECKING:
    from zipfile import ZipFile, ZipInfo

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CHUNK_BYTES = 65_536
_DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY")
# In others (EBCDIC, UTF-7) the declarations would not show as ASCII.
_PLAIN_ENCODINGS = frozenset(
    {b"utf-8", b"utf-16", b"utf-16le", b"utf-16be", b"us-ascii", b"ascii", b"iso-8859-1", b"windows-1252"}
)
_XML_START = re.compile(
    rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*<(?:\?xml[^>]*?encoding\s*=\s*[\"']([^\"'>]*))?", re.IGNORECASE
)


class ArchiveError(Exception):
    """The archive must not be opened. ``too_large`` tells size from other reasons; the text is 'reason; cure'."""

    def __init__(self, text: str, too_large: bool = False) -> None:
        """Keep both."""
        super().__init__(text)
        self.too_large = too_large


def check_archive(stream: IO[bytes], most_unpacked_bytes: int, ending: str) -> frozenset[str]:
    """Names of the members of an Office file that is safe to open, or ArchiveError.

    Sizes are judged by the directory of the zip first, so a bomb is refused without unpacking it; then every member is
    read in small pieces against the same limit, because a directory may lie. ``stream`` is left at its start.
    """
    import zipfile  # 13 ms, and most drafts are plain text

    again = f"open it in its own program and save it again as {ending}"
    stream.seek(0)
    if stream.read(len(_OLD_OFFICE)) == _OLD_OFFICE:
        raise ArchiveError(
            f"is locked with a password or in the old Office format; open it, save it without a password as {ending}"
        )
    packed_bytes = stream.seek(0, 2)
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            members = archive.infolist()
            _check_directory(members, packed_bytes, most_unpacked_bytes, again)
            _check_contents(archive, members, most_unpacked_bytes, again)
    except ArchiveError:
        raise
    except Exception as trouble:  # zipfile, zlib, bz2 and lzma raise a dozen kinds on damaged data
        raise ArchiveError(f"is not a whole {ending} file; {again}") from trouble
    stream.seek(0)
    return frozenset(member.filename for member in members)


def _check_directory(members: list[ZipInfo], packed_bytes: int, most_unpacked_bytes: int, again: str) -> None:
    """Judge an archive by what its directory says."""
    if len(members) > MAX_ZIP_MEMBERS:
        raise ArchiveError(f"holds {len(members):,} files inside, more than {MAX_ZIP_MEMBERS:,}; {again}", True)
    if any(member.flag_bits & 0x1 for member in members):
        raise ArchiveError("is locked with a password; save it without a password")
    unpacked_bytes = sum(member.file_size for member in members)
    if unpacked_bytes > most_unpacked_bytes:
        raise ArchiveError(_too_much(most_unpacked_bytes), True)
    if unpacked_bytes > ZIP_RATIO_FREE_BYTES and unpacked_bytes > MAX_ZIP_RATIO * packed_bytes:
        raise ArchiveError(f"unpacks to more than {MAX_ZIP_RATIO} times its size, as a zip bomb does; {again}", True)


def _check_contents(archive: ZipFile, members: list[ZipInfo], most_unpacked_bytes: int, again: str) -> None:
    """Read every member piece by piece; refuse too much of it, and XML that declares entities or could hide that it does."""
    left_bytes = most_unpacked_bytes
    for member in members:
        is_xml = member.filename.lower().endswith((".xml", ".rels"))
        tail = b""
        with archive.open(member) as content:
            while piece := content.read(_CHUNK_BYTES):
                left_bytes -= len(piece)
                if left_bytes < 0:
                    raise ArchiveError(_too_much(most_unpacked_bytes), True)
                # Without its NULs, UTF-16 shows the declarations as ASCII does.
                plain = piece.replace(b"\0", b"")
                seen = tail + plain
                if is_xml and not tail and not _is_plain_xml(plain):
                    raise ArchiveError(f"holds XML in an encoding that Office never writes; {again}")
                if is_xml and any(word in seen for word in _DECLARATIONS):
                    raise ArchiveError(f"declares XML entities of its own, which Office never does; {again}")
                tail = seen[-16:]


def _is_plain_xml(start: bytes) -> bool:
    """Whether XML begins as it does in an encoding whose letters are ASCII; a start of blanks alone is none."""
    begun = _XML_START.match(start)
    return begun is not None and (begun[1] or b"utf-8").strip().lower() in _PLAIN_ENCODINGS


def _too_much(most_unpacked_bytes: int) -> str:
    return f"unpacks to more than {most_unpacked_bytes // 1_000_000} MB; take out pictures and attachments"
