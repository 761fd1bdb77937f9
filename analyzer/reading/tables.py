"""Many cases from one file, folder or stream: a bad row is reported in its place and never stops the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Protocol

from analyzer.errors import FileError, InputError
from analyzer.reading.checks import called, shown
from analyzer.reading.columns import BY_NAME, ColumnChoice
from analyzer.reading.fields import case_from_fields, id_of
from analyzer.reading.formats import RawRow, TableFormat
from analyzer.reading.jsonl import rows_of_stream
from analyzer.types import Case


@dataclass(frozen=True, slots=True)
class BadRow:
    """A record that is not a usable case: which one (id as given, else the row's number), and why."""

    id: str
    row: int
    code: str
    message: str


class Ids(Protocol):
    """The ids seen so far: a set, or anything that remembers texts."""

    def __contains__(self, text: object, /) -> bool: ...

    def add(self, text: str, /) -> None:
        """Remember a text."""
        ...


def read_cases(
    path: Path, choice: ColumnChoice = BY_NAME, *, seen: Ids | None = None, prefix: str = ""
) -> Iterator[Case | BadRow]:
    """Stream the cases of a table file or of a folder of documents, in order.

    ``seen`` holds the ids of earlier files, and those of this one are added; ``prefix`` goes before the row's number where it
    is the id. Raises FileError at once for a missing path or an ending of no table format, and while reading where the file as a
    whole turns out unusable: empty_file, missing_column, bad_table, bad_encoding, locked_file, no_permission.
    """
    return cases_of(_table_format(path).rows(path, choice), called(str(path)), set() if seen is None else seen, prefix)


def read_cases_stream(stream: BinaryIO, name: str, choice: ColumnChoice = BY_NAME) -> Iterator[Case | BadRow]:
    """Stream the cases of JSONL from a pipe or an upload; ``name`` is used in messages ('-' is standard input).

    Raises FileError while reading: empty_file, bad_encoding.
    """
    return cases_of(rows_of_stream(stream, called(name), choice), called(name), set(), "")


def read_records(path: Path) -> Iterator[Mapping[str, object]]:
    """Stream the raw records of a table, for labels and other rows that are no cases.

    Raises FileError like ``read_cases``, and InputError at the first record that cannot be read.
    """
    for raw in read_rows(path):
        if raw.trouble is not None:
            raise raw.trouble
        yield raw.fields


def read_rows(path: Path, choice: ColumnChoice = BY_NAME) -> Iterator[RawRow]:
    """Stream the raw rows of a table, unreadable ones with their trouble. Raises FileError like ``read_cases``."""
    return _table_format(path).rows(path, choice)


def _table_format(path: Path) -> TableFormat:
    from analyzer.reading import DOCUMENT_FORMATS, TABLE_FORMATS  # the tuples list this package's modules

    name = called(str(path))
    try:
        ending = "/" if path.is_dir() else path.suffix.lower()
        exists = path.exists()
    except (OSError, ValueError):  # a name no file system can hold, or a folder that may not be entered
        exists = False
    if not exists:
        raise FileError("missing_file", f"{name} does not exist or its folder is closed to you; check the name.")
    for form in TABLE_FORMATS:
        if ending in form.endings:
            return form
    known = ", ".join(ending for form in TABLE_FORMATS for ending in form.endings if ending != "/")
    if any(ending in form.endings for form in DOCUMENT_FORMATS):
        raise FileError(
            "unknown_ending", f"{name} is a single draft; put it into a folder and name the folder instead."
        )
    raise FileError(
        "unknown_ending", f"{name} has no ending of a table; tables end in {known}, or name a folder of drafts."
    )


def cases_of(rows: Iterable[RawRow], source: str, seen: Ids, prefix: str) -> Iterator[Case | BadRow]:
    """Rows as cases, bad ones with their reason. Raises FileError where there is none."""
    is_empty = True
    for raw in rows:
        is_empty = False
        case = _case(raw)
        if prefix and case.id == str(raw.row) and raw.fields.get("id") in (None, ""):
            case = replace(case, id=f"{prefix}{raw.row}")
        if case.id in seen:
            yield BadRow(
                case.id,
                raw.row,
                "duplicate_id",
                f"Row {raw.row} has the id {shown(case.id)}, which an earlier row has; give every row its own id.",
            )
        else:
            seen.add(case.id)
            yield case
    if is_empty:
        raise FileError("empty_file", f"{source} holds no cases; check that it is the right one.")


def _case(raw: RawRow) -> Case | BadRow:
    try:
        if raw.trouble is None:
            return case_from_fields(raw.fields, raw.row)
        trouble = raw.trouble
    except InputError as found:
        trouble = found
    try:
        case_id = id_of(raw.fields, raw.row)
    except InputError:
        case_id = str(raw.row)
    return BadRow(case_id, raw.row, trouble.code, trouble.message)
