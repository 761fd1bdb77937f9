"""What a document format and a table format are: a name, its file endings, and one function."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from analyzer.errors import InputError
from analyzer.reading.columns import ColumnChoice


@dataclass(frozen=True, slots=True)
class DocumentFormat:
    """A kind of file that holds one draft.

    ``endings`` are lower case with the dot. ``max_bytes`` is the largest file accepted.
    ``read(data, source)`` gives the text, or raises InputError; ``source`` is how messages call the file.
    Emptiness and the number of characters are checked by the caller, the same for all formats.
    """

    name: str
    endings: tuple[str, ...]
    max_bytes: int
    read: Callable[[bytes, str], str]


@dataclass(frozen=True, slots=True)
class RawRow:
    """One record as a table has it, not yet validated.

    ``row`` counts from 1: the first row below the header, the first line, the first file. Where the record itself
    cannot be read, ``trouble`` says why, and ``fields`` holds at most its id.
    """

    row: int
    fields: Mapping[str, object]
    trouble: InputError | None = None


@dataclass(frozen=True, slots=True)
class TableFormat:
    """A kind of file (or a folder) that holds many cases.

    ``endings`` are lower case with the dot; a folder's ending is '/'. ``rows(path, choice)`` streams the records with columns
    renamed to the fields they hold, and raises FileError where the file as a whole cannot be read.
    """

    name: str
    endings: tuple[str, ...]
    rows: Callable[[Path, ColumnChoice], Iterator[RawRow]]
