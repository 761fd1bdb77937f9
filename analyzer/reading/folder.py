"""A folder of documents, one draft a file; the id is the file's name relative to the folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from analyzer.errors import AnalyzerError, FileError, InputError
from analyzer.reading.checks import called, one_line
from analyzer.reading.columns import BY_NAME, ColumnChoice
from analyzer.reading.documents import read_document
from analyzer.reading.formats import RawRow, TableFormat

# What Windows and Office leave in folders by themselves; hidden files begin with a dot.
_LEFTOVERS = (".", "~$", "Thumbs.db", "desktop.ini")


def rows(path: Path, _choice: ColumnChoice = BY_NAME) -> Iterator[RawRow]:
    """The documents of a folder and of those inside it, by name; a file that is no document is reported, not skipped.

    Hidden files and folders are skipped. Raises FileError no_permission where a folder may not be listed.
    """
    from analyzer.reading import DOCUMENT_FORMATS  # the tuple lists this package's modules

    endings = tuple(ending for form in DOCUMENT_FORMATS for ending in form.endings)
    for row, file in enumerate(_files(path), start=1):
        name = one_line(file.relative_to(path).as_posix())
        if not file.is_file():  # a pipe or device would wait for ever
            trouble = InputError("not_text", f"{called(str(file))} is not an ordinary file; take it out of the folder.")
        elif file.suffix.lower() not in endings:
            trouble = InputError(
                "unknown_ending",
                f"{called(str(file))} is no document; save it as {', '.join(endings)} or take it out of the folder.",
            )
        else:
            try:
                yield RawRow(row, {"id": name, "draft": read_document(file)})
                continue
            except AnalyzerError as error:
                trouble = InputError(error.code, error.message)
        yield RawRow(row, {"id": name}, trouble)


def is_leftover(name: str) -> bool:
    """Whether a file or folder is hidden, or was left there by a program."""
    return name.startswith(_LEFTOVERS)


def _files(path: Path) -> Iterator[Path]:
    """All files below a folder in a fixed order; links to folders are not followed, they may lead in circles."""
    for folder, folders, files in os.walk(path, onerror=_refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not is_leftover(name):
                yield Path(folder, name)


def _refuse(trouble: OSError) -> None:
    raise FileError(
        "no_permission", f"{called(str(trouble.filename))} cannot be listed; change its permissions or copy it."
    ) from trouble


FOLDER = TableFormat("folder", ("/",), rows)
