"""CSV and TSV, as spreadsheets and scripts write them."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO, TextIO

from analyzer.errors import FileError, InputError
from analyzer.reading.checks import called, open_file, trouble_of
from analyzer.reading.columns import BY_NAME, ColumnChoice, fields_of_columns
from analyzer.reading.formats import RawRow, TableFormat
from analyzer.reading.limits import MAX_RECORD_CHARACTERS
from analyzer.reading.text import guess_encoding

_DELIMITERS = (",", ";", "\t")
_CHUNK_BYTES = 1_000_000
# Once a record is too long its text is thrown away, so this is reached only by a quote left open for millions of lines.
_MOST_FIELD_CHARACTERS = 16 * MAX_RECORD_CHARACTERS


def csv_rows(path: Path, choice: ColumnChoice = BY_NAME) -> Iterator[RawRow]:
    """The records below the header; comma, semicolon or tab, whichever shows a 'draft' column.

    Raises FileError: missing_column, bad_table, bad_encoding, unreadable_file.
    """
    return _rows(path, _DELIMITERS, choice)


def tsv_rows(path: Path, choice: ColumnChoice = BY_NAME) -> Iterator[RawRow]:
    """The records below the header, separated by tabs. Raises FileError as csv_rows does."""
    return _rows(path, ("\t",), choice)


class _Lines:
    """The lines of a file for csv.reader, with a count of what the present record took.

    Past the limit words are squeezed to one 'x' and only quotes and delimiters kept, so that the reader finds the true
    end of an oversized record without holding it.
    """

    def __init__(self, stream: TextIO, delimiter: str) -> None:
        self._stream = stream
        self._words = re.compile(f'[^"{delimiter}]+')
        self.number = 0
        self.is_at_end = False
        self.begin_record()

    def begin_record(self) -> None:
        self.taken = 0
        self.is_too_long = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._stream.readline(MAX_RECORD_CHARACTERS + 1)
        if not line:
            self.is_at_end = True
            raise StopIteration
        self.number += 1
        self.taken += len(line)
        if self.taken <= MAX_RECORD_CHARACTERS:
            return line
        self.is_too_long = True
        squeezed = self._words.sub("x", line)
        while line and not line.endswith(("\n", "\r")):
            line = self._stream.readline(MAX_RECORD_CHARACTERS + 1)
            squeezed += self._words.sub("x", line)
        return squeezed


def _rows(path: Path, delimiters: tuple[str, ...], choice: ColumnChoice) -> Iterator[RawRow]:
    source = called(str(path))
    csv.field_size_limit(max(csv.field_size_limit(), _MOST_FIELD_CHARACTERS))
    with open_file(path) as stream:
        try:
            encoding = _encoding(stream, source)
            text = TextIOWrapper(stream, encoding=encoding, newline="")
            delimiter = _delimiter(text.readline(MAX_RECORD_CHARACTERS), delimiters)
            text.seek(0)
            yield from _records(_Lines(text, delimiter), delimiter, source, choice)
        except UnicodeError as trouble:
            raise FileError("bad_encoding", f"{source} changes its encoding on the way; save it as UTF-8.") from trouble
        except OSError as trouble:
            raise FileError(
                "unreadable_file", f"{source} cannot be read ({trouble_of(trouble)}); copy it to another place."
            ) from trouble


def _encoding(stream: BinaryIO, source: str) -> str:
    """The encoding of the whole file, found by reading it once in pieces: Excel still saves CSV as Windows-1252."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    start = stream.read(2)
    stream.seek(0)
    if start in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    encoding: str | None = "utf-8-sig"
    while True:
        piece = stream.read(_CHUNK_BYTES)
        try:
            decoder.decode(piece, final=not piece)
        except UnicodeDecodeError as trouble:
            # Guess by the surroundings of the first byte that is not UTF-8.
            encoding = guess_encoding(trouble.object[max(0, trouble.start - 10_000) : trouble.start + 10_000])
            break
        if not piece:
            break
    stream.seek(0)
    if encoding is None:
        raise FileError("bad_encoding", f"{source} is in no known text encoding; save it as CSV UTF-8.")
    return encoding


def _delimiter(header: str, delimiters: tuple[str, ...]) -> str:
    """The delimiter that makes 'draft' a column of the header, else the one that makes the most columns."""
    columns = {delimiter: _cells_of(header, delimiter) for delimiter in delimiters}
    return max(delimiters, key=lambda delimiter: ("draft" in columns[delimiter], len(columns[delimiter])))


def _cells_of(line: str, delimiter: str) -> list[str]:
    with suppress(csv.Error):
        return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter), [])]
    return []


def _records(lines: _Lines, delimiter: str, source: str, choice: ColumnChoice) -> Iterator[RawRow]:
    reader = csv.reader(lines, delimiter=delimiter)
    header: tuple[str, ...] | None = None
    row = 0
    while True:
        lines.begin_record()
        first_line = lines.number + 1
        trouble: InputError | None = None
        cells: list[str] = []
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            trouble = InputError("bad_row", f"Line {first_line} of {source} is not valid ({error}); correct it.")
        if header is None:
            # Blank lines above the header are common in exports.
            if any(cell.strip() for cell in cells) or trouble:
                header = fields_of_columns([cell.strip() for cell in cells], source, choice)
            continue
        if not trouble and not any(cell.strip() for cell in cells):
            continue
        row += 1
        trouble = trouble or _trouble(lines, cells, len(header), row, first_line)
        fields: dict[str, object] = {name: cell for name, cell in zip(header, cells, strict=False) if name}
        # The fields of a torn row are not to be trusted, not even its id.
        yield RawRow(row, {} if trouble else fields, trouble)


def _trouble(lines: _Lines, cells: list[str], columns: int, row: int, first_line: int) -> InputError | None:
    """What is wrong with the shape of a record, None where nothing is."""
    place = f"Row {row} (line {first_line} of the file)"
    if lines.is_at_end:
        return InputError("bad_row", f"{place} opens a quotation mark that is never closed; close it.")
    if lines.is_too_long:
        return InputError(
            "too_large",
            f"{place} is longer than {MAX_RECORD_CHARACTERS:,} characters; shorten it or close its quotation marks.",
        )
    if any(cell.strip() for cell in cells[columns:]):
        return InputError(
            "bad_row",
            f"{place} has {len(cells)} cells for {columns} columns; put text with separators in quotation marks.",
        )
    return None


CSV = TableFormat("csv", (".csv",), csv_rows)
TSV = TableFormat("tsv", (".tsv", ".tab"), tsv_rows)
