"""Every reader against whatever comes: cases come out, or an AnalyzerError of one clear sentence; soon, and in little memory.

scripts/fuzz.py searches the same laws for longer, guided by the lines an input reaches.
"""

from __future__ import annotations

import io
import json
import resource
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from functools import cache
from pathlib import Path

import docx
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analyzer.errors import AnalyzerError, FileError
from analyzer.reading import DOCUMENT_FORMATS, TABLE_FORMATS, BadRow, read_cases, read_document_bytes
from analyzer.reading.checks import called, shown, trouble_of
from analyzer.reading.piped import piped_file
from analyzer.types import Case

DRAFT = "Dear Zoë,\n\nThank you for Tuesday — 14,200 parcels a day!\n\nBest,\nAnna"
ROWS = [{"id": name, "draft": f"{DRAFT} {name}", "notes": "met Bob", "sent_at": "2026-11-23"} for name in "abc"]
# generous on a machine with other work; a hang is minutes
MOST_S = 10.0
MOST_GROWTH_MB = 300


def a_docx() -> bytes:
    document = docx.Document()
    for paragraph in DRAFT.split("\n"):
        document.add_paragraph(paragraph, style="List Bullet" if "Tuesday" in paragraph else None)
    document.add_table(1, 1).cell(0, 0).text = "x"
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def a_mail() -> bytes:
    mail = EmailMessage()
    mail["From"], mail["Subject"], mail["Date"] = "anna@example.org", "Thänks", "Tue, 24 Nov 2026 09:30:00 +0000"
    mail.set_content(DRAFT)
    mail.add_alternative(f"<p style='color:red'>{DRAFT}<br><ul><li>x</ul>", subtype="html")
    return mail.as_bytes()


def an_xlsx() -> bytes:
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    sheet.append(list(ROWS[0]))
    for row in ROWS:
        sheet.append(list(row.values()))
    sheet.append(["d", "=A1&A2", 1.5, True])
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def a_parquet() -> bytes:
    stream = io.BytesIO()
    pq.write_table(pa.table({name: [row[name] for row in ROWS] for name in ROWS[0]}), stream)
    return stream.getvalue()


def a_zip(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def an_mbox() -> bytes:
    return b"".join(b"From anna Tue Nov 24 09:30:00 2026\n" + a_mail() + b"\n" for _ in range(2))


VALID: dict[str, Callable[[], bytes]] = {
    "text": DRAFT.encode,
    "markdown": lambda: f"# Note\n\n{DRAFT}\n\n* [a](b) **c** `d`\n\n```\ne\n```\n".encode(),
    "eml": a_mail,
    "docx": a_docx,
    "jsonl": lambda: "".join(json.dumps(row) + "\n" for row in ROWS).encode(),
    "csv": lambda: ("id,draft,notes\n" + "".join(f'{row["id"]},"{DRAFT}",x\n' for row in ROWS)).encode(),
    "tsv": lambda: ("id\tdraft\n" + "".join(f'{row["id"]}\t"{DRAFT}"\n' for row in ROWS)).encode(),
    "xlsx": an_xlsx,
    "parquet": a_parquet,
    "zip": lambda: a_zip({"a.txt": DRAFT.encode(), "b/c.eml": a_mail(), "d.docx": a_docx(), "../../e.md": b"# Hi"}),
    "mbox": an_mbox,
}
ENDINGS = {form.name: form.endings[0] for form in (*DOCUMENT_FORMATS, *TABLE_FORMATS) if form.name in VALID}


@cache
def valid(name: str) -> bytes:
    return VALID[name]()


def check_refusal(message: str) -> None:
    assert message.endswith(".") and message.isprintable() and len(message) < 600, message
    message.encode()


def outcomes(name: str, data: bytes, folder: Path) -> int:
    """How many cases came out of the bytes of a file of that format; asserts the law of whatever did not."""
    try:
        if name in {form.name for form in DOCUMENT_FORMATS}:
            text = read_document_bytes(data, f"a{ENDINGS[name]}")
            assert text.strip()
            text.encode()
            return 1
        path = folder / f"cases{ENDINGS[name]}"
        path.write_bytes(data)
        return count_cases(path)
    except AnalyzerError as refusal:
        check_refusal(refusal.message)
        return 0


def count_cases(path: Path) -> int:
    found = list(read_cases(path))
    assert found
    for item in found:
        item.id.encode()
        if isinstance(item, BadRow):
            check_refusal(item.message)
        else:
            assert isinstance(item, Case) and item.draft.strip()
            item.draft.encode()
    return sum(isinstance(item, Case) for item in found)


@pytest.fixture(scope="module", params=list(VALID))
def name(request: pytest.FixtureRequest) -> Iterator[str]:
    """A format; all that is tried with it may not make the process grow by much."""
    before = peak_mb()
    yield request.param
    assert peak_mb() - before < MOST_GROWTH_MB


def peak_mb() -> float:
    """The most memory this process ever held."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1_000_000 if sys.platform == "darwin" else 1_000)


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all examples."""
    return tmp_path_factory.mktemp("fuzzed")


@st.composite
def mutations(draw: st.DrawFn) -> Callable[[bytes], bytes]:
    """One to four changes of a file: bytes put in, taken out, said again, set to something."""
    steps = draw(
        st.lists(
            st.tuples(
                st.sampled_from(("put", "set", "cut", "again", "swap")),
                st.floats(0, 1),
                st.floats(0, 1),
                st.binary(max_size=12) | st.sampled_from((b"\xff" * 8, b"\0" * 8, b"\x7f\xff\xff\xff", b"\r\n", b'"', b"<", b"-1")),
            ),
            min_size=1,
            max_size=4,
        )
    )  # fmt: skip

    def mutate(data: bytes) -> bytes:
        for how, at, length, put in steps:
            start = int(at * len(data))
            end = start + int(length**3 * (len(data) - start))
            piece = data[start:end]
            match how:
                case "put":
                    data = data[:start] + put + data[start:]
                case "set":
                    data = data[:start] + put + data[start + len(put) :]
                case "cut":
                    data = data[:start] + data[end:]
                case "again":
                    data = data[:start] + piece * 3 + data[end:]
                case "swap":
                    data = data[:start] + data[end:] + piece
        return data

    return mutate


fast = settings(max_examples=20, suppress_health_check=list(HealthCheck))


def timed(name: str, data: bytes, folder: Path) -> int:
    started = time.process_time()
    count = outcomes(name, data, folder)
    assert time.process_time() - started < MOST_S
    return count


def test_every_format_is_tried() -> None:
    assert {form.name for form in (*DOCUMENT_FORMATS, *TABLE_FORMATS)} - {"folder"} == set(VALID)


def test_a_whole_file_gives_its_cases(name: str, tmp_path: Path) -> None:
    # else the tests below would mutate what is refused anyway
    assert timed(name, valid(name), tmp_path) >= 1


@fast
@given(data=st.binary(max_size=2000))
def test_any_bytes(name: str, scratch: Path, data: bytes) -> None:
    timed(name, data, scratch)


@fast
@given(mutate=mutations())
def test_a_changed_file(name: str, scratch: Path, mutate) -> None:
    timed(name, mutate(valid(name)), scratch)


@fast
@given(share=st.floats(0, 1))
def test_a_torn_file(name: str, scratch: Path, share: float) -> None:
    timed(name, valid(name)[: int(share * len(valid(name)))], scratch)


@pytest.mark.parametrize("ending", [form.endings[0] for form in DOCUMENT_FORMATS])
@pytest.mark.parametrize("name_of_another", list(VALID))
def test_a_file_with_the_ending_of_another(name_of_another: str, ending: str) -> None:
    try:
        assert read_document_bytes(valid(name_of_another), f"a{ending}").strip()
    except AnalyzerError as refusal:
        check_refusal(refusal.message)


# A change in a zip is nearly always caught by its checksums: here the parts inside are changed, and the zip is whole.
PARTS = [
    *(("docx", part) for part in ("word/document.xml", "[Content_Types].xml", "_rels/.rels", "word/styles.xml")),
    *(
        ("xlsx", f"xl/{part}")
        for part in ("worksheets/sheet1.xml", "workbook.xml", "styles.xml", "_rels/workbook.xml.rels")
    ),
    ("xlsx", "[Content_Types].xml"),
    ("zip", "b/c.eml"),
]


@cache
def parts_of(name: str) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(valid(name))) as archive:
        return {part: archive.read(part) for part in archive.namelist()}


@pytest.mark.parametrize(("name_of_zip", "part"), PARTS, ids=lambda value: value)
@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(mutate=mutations())
def test_a_whole_zip_with_a_changed_part(name_of_zip: str, part: str, scratch: Path, mutate) -> None:
    members = parts_of(name_of_zip)
    timed(name_of_zip, a_zip({**members, part: mutate(members[part])}), scratch)


@pytest.mark.parametrize("name_of_zip", ["docx", "xlsx"])
def test_a_zip_without_one_of_its_parts(name_of_zip: str, tmp_path: Path) -> None:
    members = parts_of(name_of_zip)
    for left_out in members:
        timed(name_of_zip, a_zip({part: data for part, data in members.items() if part != left_out}), tmp_path)


@fast
@given(which=st.sampled_from(list(VALID)), mutate=mutations())
def test_anything_piped(which: str, mutate) -> None:
    with piped_file(io.BytesIO(mutate(valid(which)))) as path:
        try:
            count_cases(path)
        except AnalyzerError as refusal:
            check_refusal(refusal.message)


@pytest.mark.parametrize("sign", ["\xad", "\u202e", "\u200b", "\u2028", "\x1b", "\x9b", "\ud800", "\n"])
def test_no_name_or_value_can_rewrite_the_sentence_that_quotes_it(sign: str, tmp_path: Path) -> None:
    # found by fuzzing: a soft hyphen in a header came out in the message
    name = f"a{sign}b"
    for said in (called(name), shown(name), trouble_of(ValueError(name)), trouble_of(OSError(2, name))):
        assert said.isprintable() and said.replace("'", "") in ("a b", "a\ufffdb")
    if sign.isprintable() or sign == "\ud800":
        return
    path = tmp_path / "cases.csv"
    path.write_text(f'"col{sign}our"\nHi\n', encoding="utf-8", newline="")
    with pytest.raises(FileError) as caught:
        list(read_cases(path))
    check_refusal(caught.value.message)


def test_a_file_without_a_name_in_a_zip_is_passed_over(tmp_path: Path) -> None:
    # found by fuzzing: zipfile itself raises IndexError on it
    path = tmp_path / "cases.zip"
    path.write_bytes(a_zip({"a.txt": b"Hi", "~~~": b""}).replace(b"~~~", b"\0~~"))
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == ["a.txt", ""]
    assert [item.id for item in read_cases(path)] == ["a.txt"]


def test_a_name_that_is_no_utf8_in_a_piped_zip_is_refused_in_a_sentence() -> None:
    data = a_zip({"ä.txt": b"Hi"}).replace("ä".encode(), b"\xff\xff")
    with pytest.raises(UnicodeDecodeError):
        zipfile.ZipFile(io.BytesIO(data))
    with piped_file(io.BytesIO(data)) as path, pytest.raises(FileError) as caught:
        list(read_cases(path))
    check_refusal(caught.value.message)
