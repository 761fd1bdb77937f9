"""Parquet files, read a few hundred rows at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from analyzer.errors import FileError, InputError
from analyzer.reading.checks import called, open_file, trouble_of
from analyzer.reading.columns import BY_NAME, FIELDS, ColumnChoice, fields_of_columns
from analyzer.reading.formats import RawRow, TableFormat
from analyzer.reading.limits import MAX_ZIP_RATIO, PARQUET_RATIO_FREE_BYTES

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

_BATCH_ROWS = 256


def rows(path: Path, choice: ColumnChoice = BY_NAME) -> Iterator[RawRow]:
    """The records of a file; columns that are no field of a case are not even read.

    Raises FileError: bad_table, missing_column, unreadable_file.
    """
    with open_file(path) as stream:
        yield from rows_of_stream(stream, called(str(path)), choice)


def rows_of_stream(
    stream: BinaryIO, source: str, choice: ColumnChoice = BY_NAME, groups: Sequence[int] | None = None, row: int = 0
) -> Iterator[RawRow]:
    """The records of an open file: of all row groups, or of some; ``row`` counts the rows before them. Raises like ``rows``."""
    for batch in _batches(stream, source, choice, groups):
        for fields, trouble in _records(batch, row):
            row += 1
            yield RawRow(row, fields, trouble)


def _batches(
    stream: BinaryIO, source: str, choice: ColumnChoice, groups: Sequence[int] | None
) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa  # 100 ms
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(stream)
        names = list(file.schema_arrow.names)
        fields = dict(zip(names, fields_of_columns(names, source, choice), strict=True))
        wanted = [name for name in names if fields[name] in FIELDS]
        _check_sizes(file.metadata, frozenset(wanted), source)
        for batch in file.iter_batches(_BATCH_ROWS, row_groups=groups, columns=wanted):
            yield _with_microseconds(batch.rename_columns([fields[name] for name in batch.schema.names]))
    except FileError:
        raise
    except (pa.ArrowException, OSError, ValueError, KeyError) as trouble:
        raise FileError(
            "bad_table", f"{source} is a damaged Parquet file or none ({trouble_of(trouble)}); write it again."
        ) from trouble


def _check_sizes(metadata: pq.FileMetaData, wanted: frozenset[str], source: str) -> None:
    """Refuse a column that unpacks to far more than it takes, as a bomb does: pages are unpacked whole, whatever the batch."""
    for group in map(metadata.row_group, range(metadata.num_row_groups)):
        for column in map(group.column, range(group.num_columns)):
            unpacked_bytes, packed_bytes = column.total_uncompressed_size, column.total_compressed_size
            is_wanted = column.path_in_schema.split(".")[0] in wanted or column.path_in_schema in wanted
            if is_wanted and unpacked_bytes > max(PARQUET_RATIO_FREE_BYTES, MAX_ZIP_RATIO * packed_bytes):
                raise FileError(
                    "bad_table",
                    f"{source} unpacks to more than {MAX_ZIP_RATIO} times its size, as a bomb does; write it again with "
                    "shorter texts.",
                )


def _with_microseconds(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Times in nanoseconds cut to microseconds: Python has no finer ones, and pyarrow would load pandas for them."""
    import pyarrow as pa

    for index, field in enumerate(batch.schema):
        if pa.types.is_timestamp(field.type) and field.type.unit == "ns":
            finer = batch.column(index).cast(pa.timestamp("us", field.type.tz), safe=False)
            batch = batch.set_column(index, field.name, finer)
    return batch


def _records(batch: pa.RecordBatch, rows_before: int) -> Iterator[tuple[dict[str, object], InputError | None]]:
    """The records of a batch; where one holds a value Python has none for, the others still come out."""
    try:
        for record in batch.to_pylist():
            yield record, None
        return
    except (ValueError, OverflowError):
        pass
    for index in range(batch.num_rows):
        try:
            yield batch.slice(index, 1).to_pylist()[0], None
        except UnicodeDecodeError:
            message = f"Row {rows_before + index + 1} has text that is not UTF-8; write it again as UTF-8."
            yield {}, InputError("bad_encoding", message)
        except (ValueError, OverflowError) as trouble:
            message = f"Row {rows_before + index + 1} has an unreadable value ({trouble_of(trouble)}); correct it."
            yield {}, InputError("bad_field", message)


PARQUET = TableFormat("parquet", (".parquet", ".pq"), rows)
