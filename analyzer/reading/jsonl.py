"""JSON Lines: one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from analyzer.errors import FileError, InputError
from analyzer.reading.checks import called, open_file, trouble_of
from analyzer.reading.columns import BY_NAME, ColumnChoice, fields_of_keys
from analyzer.reading.formats import RawRow, TableFormat
from analyzer.reading.limits import MAX_RECORD_CHARACTERS

_UTF8_BOM = b"\xef\xbb\xbf"
_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")


def rows(path: Path, choice: ColumnChoice = BY_NAME) -> Iterator[RawRow]:
    """The records of a file; the row is the number of the line. Raises FileError where the file cannot be read."""
    with open_file(path) as stream:
        yield from rows_of_stream(stream, called(str(path)), choice)


def rows_of_stream(stream: BinaryIO, source: str, choice: ColumnChoice = BY_NAME) -> Iterator[RawRow]:
    """The records of a stream, line by line, never more than MAX_RECORD_CHARACTERS bytes held; empty lines are skipped.

    Raises FileError: bad_encoding for UTF-16, unreadable_file.
    """
    number = 0
    while True:
        try:
            line = stream.readline(MAX_RECORD_CHARACTERS + 1)
            is_too_long = len(line) > MAX_RECORD_CHARACTERS
            piece = line
            while is_too_long and piece and not piece.endswith(b"\n"):
                piece = stream.readline(MAX_RECORD_CHARACTERS + 1)
        except OSError as trouble:
            raise FileError(
                "unreadable_file", f"{source} cannot be read on after line {number} ({trouble_of(trouble)}); try again."
            ) from trouble
        if not line:
            return
        number += 1
        if number == 1:
            if line.startswith(_UTF16_BOMS):
                raise FileError("bad_encoding", f"{source} is in UTF-16; save it as UTF-8.")
            line = line.removeprefix(_UTF8_BOM)
        if is_too_long:
            yield RawRow(number, {}, _too_long(number))
        elif line.strip():
            yield _renamed(_row(line, number), choice)


def _too_long(number: int) -> InputError:
    return InputError(
        "too_large", f"Line {number} is longer than {MAX_RECORD_CHARACTERS:,} bytes; shorten the texts in it."
    )


def _row(line: bytes, number: int) -> RawRow:
    try:
        record = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        return RawRow(number, {}, InputError("bad_encoding", f"Line {number} is not UTF-8; save the file as UTF-8."))
    except RecursionError:
        return RawRow(
            number, {}, InputError("bad_json", f"Line {number} is nested too deeply; a case is a flat object.")
        )
    except ValueError as trouble:
        return RawRow(
            number, {}, InputError("bad_json", f"Line {number} is not valid JSON ({trouble_of(trouble)}); correct it.")
        )
    if not isinstance(record, dict):
        return RawRow(
            number, {}, InputError("bad_json", f'Line {number} is not a JSON object; write it as {{"draft": "…"}}.')
        )
    return RawRow(number, record)


def _renamed(raw: RawRow, choice: ColumnChoice) -> RawRow:
    names = tuple(raw.fields)
    fields = fields_of_keys(names, choice)
    if fields == names:
        return raw
    return RawRow(raw.row, {field: raw.fields[name] for name, field in zip(names, fields, strict=True) if field})


JSONL = TableFormat("jsonl", (".jsonl", ".ndjson"), rows)
