"""Files made to do harm, one for each line of SECURITY.md that no other test stands behind."""

from __future__ import annotations

import io
import os
import pickle
import subprocess
import sys
import time
import zipfile
from contextlib import suppress
from pathlib import Path

import docx
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analyzer.errors import AnalyzerError, FileError, InputError
from analyzer.reading import parquet, read_cases, read_document_bytes
from analyzer.reading.html_text import html_to_text
from analyzer.types import Case

ENTITIES = (
    '<!DOCTYPE w [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>'
)
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
LETTER = f'<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>Hi &b;&x;</w:t></w:r></w:p></w:body></w:document>'
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET = (
    f'<worksheet xmlns="{S}"><sheetData><row><c t="inlineStr"><is><t>draft</t></is></c></row>'
    '<row><c t="inlineStr"><is><t>Hi &b;&x;</t></is></c></row></sheetData></worksheet>'
)


def saved(document: object) -> bytes:
    stream = io.BytesIO()
    document.save(stream)  # type: ignore[attr-defined]
    return stream.getvalue()


def with_part(whole: bytes, part: str, data: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as source, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name in source.namelist():
            made.writestr(name, data if name == part else source.read(name))
    return stream.getvalue()


def hidden_in(encoding: str, code: str) -> bytes:
    """XML with entities, in an encoding whose declarations may not show as ASCII."""
    text = f'<?xml version="1.0" encoding="{encoding}"?>{ENTITIES}{code}'
    if encoding == "UTF-7":  # "<!" may be written so, and nothing else need be
        return text.replace("<!", "+ADwAIQ-").encode()
    return text.encode(encoding)


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16", "cp037", "UTF-7"])
def test_entities_of_a_word_file_or_workbook_are_never_expanded(encoding: str, tmp_path: Path) -> None:
    letter = with_part(saved(docx.Document()), "word/document.xml", hidden_in(encoding, LETTER))
    with pytest.raises(InputError, match=r"entities of its own|in an encoding"):
        read_document_bytes(letter, "a.docx")
    path = tmp_path / "cases.xlsx"
    path.write_bytes(with_part(saved(openpyxl.Workbook()), "xl/worksheets/sheet1.xml", hidden_in(encoding, SHEET)))
    with pytest.raises(FileError, match=r"entities of its own|in an encoding"):
        list(read_cases(path))


def test_names_that_climb_out_of_a_zip_write_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "a" / "b"
    home.mkdir(parents=True)
    monkeypatch.chdir(home)
    names = ["../../climbed.txt", "/climbed.txt", "..\\..\\climbed.txt", "C:/climbed.txt", "in/./../../climbed.md"]
    with zipfile.ZipFile(home / "cases.zip", "w") as archive:
        for name in names:
            archive.writestr(name, "Dear Ana, thank you.")
    before = sorted(tmp_path.rglob("*"))
    found = list(read_cases(home / "cases.zip"))
    # those that begin with a dot count as hidden, the others are ids like any other
    assert [item.id for item in found if isinstance(item, Case)] == ["/climbed.txt", "C:/climbed.txt"]
    assert sorted(tmp_path.rglob("*")) == before and not Path("/climbed.txt").exists()


class Harmful:
    """What a pickle would run when it is loaded."""

    def __reduce__(self) -> tuple[object, tuple[str, int]]:
        return os.mkdir, ("pickled", 0o755)


def test_a_pickle_in_a_parquet_file_is_not_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # pyarrow before 14.0.1 did (CVE-2023-47248)
    monkeypatch.chdir(tmp_path)
    marks = {"ARROW:extension:name": "arrow.py_extension_type", "ARROW:extension:metadata": pickle.dumps(Harmful())}
    schema = pa.schema([pa.field("draft", pa.string(), metadata=marks)])
    pq.write_table(pa.table({"draft": ["Hi"]}, schema=schema), "cases.parquet")
    with suppress(AnalyzerError):
        list(read_cases(Path("cases.parquet")))
    assert not Path("pickled").exists()


@pytest.mark.parametrize("code", ["a<" + "c" * 500_000, "<a" + " b" * 250_000, '<a "' * 100_000, "<!" * 250_000])
def test_a_tag_without_an_end_costs_no_minutes(code: str) -> None:
    # found by fuzzing: a name that no “>” ends took 5 s for 20,000 letters, growing with the square
    started = time.process_time()
    html_to_text(code)
    assert time.process_time() - started < 5.0


def test_a_parquet_bomb_is_refused_by_its_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # found while fuzzing: 10 kB took 1.2 GB; here the limit is lowered so that the test itself needs no such memory
    monkeypatch.setattr(parquet, "PARQUET_RATIO_FREE_BYTES", 1_000_000)
    path = tmp_path / "bomb.parquet"
    pq.write_table(pa.table({"draft": ["0" * 3_000_000]}), path, compression="zstd")
    assert path.stat().st_size < 10_000
    with pytest.raises(FileError, match="200 times its size"):
        list(read_cases(path))


def test_a_damaged_column_directory_ends_no_process(tmp_path: Path) -> None:
    # found by fuzzing: asked for the columns of this file, pyarrow ends the whole process
    path = tmp_path / "cases.parquet"
    path.write_bytes((Path(__file__).parent / "damaged_column.parquet").read_bytes())
    code = f"from pathlib import Path; from analyzer.reading import read_cases; list(read_cases(Path({str(path)!r})))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "FileError" in done.stderr.splitlines()[-1]
