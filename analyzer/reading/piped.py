"""Standard input: what it holds is told by its first bytes; it is kept in a file that goes away."""

from __future__ import annotations

import io
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

_PEEK_BYTES = 4096
_XLSX_MEMBER = b"[Content_Types].xml"


@contextmanager
def piped_file(stream: BinaryIO) -> Iterator[Path]:
    """A file with everything that comes, with the ending of its format; it is gone after the block."""
    with tempfile.TemporaryDirectory(prefix="analyzer-") as folder:
        start = stream.read(_PEEK_BYTES)
        path = Path(folder) / f"standard input{_ending(start)}"
        with path.open("wb") as kept:
            kept.write(start)
            shutil.copyfileobj(stream, kept)
        if path.suffix == ".zip" and _is_workbook(path):
            path = path.rename(path.with_suffix(".xlsx"))
        yield path


def _ending(start: bytes) -> str:
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"PAR1"):
        return ".parquet"
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return ".zip" if start.startswith(b"PK") else ".xlsx"
    if text.startswith(b"{") or not text:
        return ".jsonl"
    return ".mbox" if start.startswith(b"From ") and b"\t" not in start[:80] else ".csv"


def _is_workbook(path: Path) -> bool:
    import zipfile

    with path.open("rb") as stream, io.BytesIO(stream.read(_PEEK_BYTES)) as start:
        if _XLSX_MEMBER in start.getvalue():
            return True
    try:
        with zipfile.ZipFile(path) as archive:
            return _XLSX_MEMBER.decode() in archive.namelist()
    except Exception:  # half a dozen kinds on a damaged directory; the reader of zips says what is wrong
        return False
