"""A coverage-guided fuzzer for everything that reads what others wrote: every reader, the splitting of letters and notes, the rules.

    make fuzz MINUTES=10          all targets, one after the other, sharing the time
    python scripts/fuzz.py --minutes 1 --target docx_xml

Each target keeps one law: what comes in is either taken or refused with an AnalyzerError of one sentence; nothing else is raised, nothing
takes longer than SLOW_S, nothing takes more than MOST_MB. Whatever breaks it is printed once for each place in the code, with the
file that holds the input. The exit status is 1 where anything was found. Needs atheris, which “make fuzz” installs.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import subprocess
import sys
import tempfile
import time
import traceback
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

SLOW_S = 5.0
MOST_MB = 2500
MOST_BYTES = 4096
LONGEST_TEXT = 20_000
DRAFT = "Dear Ms Nair,\n\nThank you for Tuesday; the 14,200 parcels a day stay with me. I'd like [Role] :)\n\nBest wishes,\nBen\n"
NOTES = "Priya Nair, ops lead - 14,200 parcels/day; decision by 18th (HR: Jo)\nalso talking to Finoro, 2nd round Monday"
MAIL = b"From: a@b.de\r\nSubject: =?utf-8?q?Thanks?=\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8; format=flowed\r\n"
HTML_MAIL = (
    b"From: a@b.de\nSubject: x\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/html\n"
    b"Content-Transfer-Encoding: quoted-printable\n\n<p style=3D'color:#fff'>a</p><ul><li>b<br>&amp;c</ul><!-- d -->\n--b--\n"
)


@dataclass(frozen=True)
class Target:
    """``try_one(data)`` raises only where a law is broken; ``seeds`` are what the fuzzer starts from."""

    try_one: Callable[[bytes], None]
    seeds: tuple[bytes, ...]
    words: tuple[str, ...] = ()


class LawBroken(Exception):
    """An input was neither taken nor refused as it should be."""


def check_refusal(message: str) -> None:
    """A refusal is one sentence for people."""
    if not message.endswith((".", "?")) or not message.isprintable() or len(message) > 1000:
        raise LawBroken(f"no clear sentence: {message[:300]!r}")


def document(ending: str) -> Callable[[bytes], None]:
    """Read bytes as a document of that ending."""
    from analyzer.errors import AnalyzerError
    from analyzer.reading import read_document_bytes

    def try_one(data: bytes) -> None:
        try:
            text = read_document_bytes(data, f"a{ending}")
            if not text.strip() or not text.encode():
                raise LawBroken("a draft without words came out")
        except AnalyzerError as refusal:
            check_refusal(refusal.message)

    return try_one


def table(ending: str, wrap: Callable[[bytes], bytes] = bytes) -> Callable[[bytes], None]:
    """Read bytes as a table of that ending."""
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    path = folder / f"cases{ending}"

    def try_one(data: bytes) -> None:
        path.write_bytes(wrap(data))
        check_table(path)

    return try_one


def check_table(path: Path) -> None:
    """Every row is a case or says what is wrong with it."""
    from analyzer.errors import AnalyzerError
    from analyzer.reading import BadRow, read_cases

    try:
        for found in read_cases(path):
            found.id.encode()
            if isinstance(found, BadRow):
                check_refusal(found.message)
            elif not found.draft.strip():
                raise LawBroken("a case without words came out")
    except AnalyzerError as refusal:
        check_refusal(refusal.message)


def piped(data: bytes) -> None:
    """Read bytes as standard input."""
    from analyzer.reading.piped import piped_file

    with piped_file(io.BytesIO(data)) as path:
        check_table(path)


def zip_of(members: dict[str, bytes]) -> bytes:
    """A zip of these members."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def members_of(data: bytes) -> dict[str, bytes]:
    """What a zip holds."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def inside(whole: bytes, *names: str) -> Callable[[bytes], bytes]:
    """Put the bytes in place of one member of a zip, the first of them choosing which: mutations of a zip seldom get past its checksums."""
    members = members_of(whole)
    places = [name for name in names if name in members]

    def wrap(data: bytes) -> bytes:
        if not data:
            return whole
        return zip_of({**members, places[data[0] % len(places)]: data[1:]})

    return wrap


def seeds_inside(whole: bytes, *names: str) -> tuple[bytes, ...]:
    """The members themselves, with the byte in front that chooses them."""
    members = members_of(whole)
    places = [name for name in names if name in members]
    return tuple(bytes([index]) + members[name] for index, name in enumerate(places))


def a_docx() -> bytes:
    """A small Word file."""
    import docx

    made = docx.Document()
    for line in DRAFT.splitlines():
        made.add_paragraph(line)
    made.add_table(1, 1).cell(0, 0).text = "x"
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def an_xlsx() -> bytes:
    """A small workbook."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (
        ("id", "draft", "notes", "sent_at"),
        ("a", "Dear Ana, thanks", NOTES, "2026-11-23"),
        (1, "=1+1", None, 1.5),
    ):
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    members = members_of(stream.getvalue())
    # openpyxl writes texts into the cells; Excel keeps them in a list of their own
    members["xl/sharedStrings.xml"] = SHARED_STRINGS
    kinds, ties, sheets = "[Content_Types].xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml"
    part = b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
    members[kinds] = members[kinds].replace(b"</Types>", part + b"</Types>")
    tie = b'<Relationship Id="s" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/>'
    members[ties] = members[ties].replace(b"</Relationships>", tie + b"</Relationships>")
    members[sheets] = members[sheets].replace(
        b"</sheetData>", b'<row r="9"><c r="B9" t="s"><v>0</v></c></row></sheetData>'
    )
    return zip_of(members)


def a_parquet() -> bytes:
    """A small Parquet file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    stream = io.BytesIO()
    pq.write_table(
        pa.table({"id": ["a", "b"], "draft": ["Dear Ana", "Hi Bo"], "sent_at": [None, "2026-11-23"]}), stream
    )
    return stream.getvalue()


def pumped(data: bytes) -> tuple[str, str]:
    """Two texts: the first bytes choose where the data is cut and how often its middle is said again, which is what slow patterns fear."""
    head, body = data[:3].ljust(3, b"\0"), data[3:]
    text = body.decode("utf-8", "replace").replace("\0", "")
    cut, width = head[0] * len(text) // 256, 1 + head[1] % 12
    middle = text[cut : cut + width]
    times = (0, 1, 2, 50, 1000, LONGEST_TEXT)[head[2] % 6]
    return (text[:cut] + middle * times + text[cut + width :])[:LONGEST_TEXT], middle


def check_spans(text: str, spans: list[tuple[int, int]], *, apart: bool = False) -> None:
    """Spans lie inside the text."""
    last = 0
    for start, end in spans:
        if not 0 <= start <= end <= len(text) or (apart and start < last):
            raise LawBroken(f"span {start}..{end} of {len(text)}")
        last = end


def letters(data: bytes) -> None:
    """Split a letter into its parts."""
    from analyzer.parsing.layout import split_parts, writer_name

    text, _ = pumped(data)
    parts = split_parts(text)
    check_spans(text, [(part.start, part.end) for part in parts], apart=True)
    writer_name(text, parts)


def notes(data: bytes) -> None:
    """Split jottings, fields and figures."""
    from analyzer.parsing.notes import known_words, note_items
    from analyzer.parsing.quantities import quantities_of
    from analyzer.types import Case

    text, middle = pumped(data)
    case = Case("x", notes=text, interviewer=text[:900], company=middle, role=text[-900:])
    for item in note_items(case):
        source = {"notes": case.notes, "interviewer": case.interviewer, "company": case.company, "role": case.role}[
            item.source
        ]
        if source[item.start : item.end] != item.text:
            raise LawBroken(f"{item} does not slice")
    known_words(case)
    check_spans(text, [(found.start, found.end) for found in quantities_of(text)])


def rules(data: bytes) -> None:
    """Run the patterns of every rule, those of placeholders among them, over a text."""
    from analyzer.rules import load_rules, matches_in, suggestions_of

    text, _ = pumped(data)
    for rule in load_rules().values():
        started = time.process_time()
        found = matches_in(rule, text, 0, len(text))
        check_spans(text, found)
        for start, end in found[:50]:
            suggestions_of(rule, text[start:end])
        if rule.hint:
            sum(1 for _ in rule.hint.finditer(text))
        if time.process_time() - started > SLOW_S / 2:
            raise LawBroken(f"{rule.id} is too slow: {time.process_time() - started:.1f} s")


def names(data: bytes) -> None:
    """What compares names, firms, times and columns."""
    from analyzer.errors import AnalyzerError
    from analyzer.matching.companies import is_same_firm, rival_names
    from analyzer.matching.names import name_words, same_name
    from analyzer.parsing.english import english_share
    from analyzer.reading.columns import choice_from, fields_of_columns
    from analyzer.reading.fields import case_from_fields, parse_time

    text, middle = pumped(data)
    name_words(text[:1000])
    same_name(text[:200], middle)
    is_same_firm(text[:1000], middle)
    rival_names(text, {middle})
    english_share(text)
    for ask in (
        lambda: parse_time(text[:200]),
        lambda: choice_from([text[:200]]),
        lambda: fields_of_columns(text[:2000].split(","), "a"),
        lambda: case_from_fields({"draft": text, "id": middle, "kind": middle, "previous_messages": text[:500]}, 1),
    ):
        try:
            ask()
        except AnalyzerError as refusal:
            check_refusal(refusal.message)


def markup(data: bytes) -> None:
    """Take the marking out of HTML and Markdown."""
    from analyzer.reading.html_text import html_to_text
    from analyzer.reading.markdown import strip_markdown

    text, _ = pumped(data)
    html_to_text(text)
    strip_markdown(text)


def scorer() -> Callable[[bytes], None]:
    """The whole way of a draft."""
    from analyzer import Analyzer, AnalyzerError, Case
    from analyzer.report.json_report import to_dict

    analyzer = Analyzer(engines=("harper",))

    def try_one(data: bytes) -> None:
        import json

        text, middle = pumped(data)
        text = text[:3000]
        case = Case(text, notes=text[::-1][:500], interviewer=middle, company=text[:40], role=middle)
        try:
            (report,) = analyzer.analyze_cases([case])
        except AnalyzerError as refusal:
            check_refusal(refusal.message)
            return
        if report.error:
            check_refusal(report.error[1])
            return
        check_spans(text, [(finding.start, finding.end) for finding in report.findings])
        for rating in (report.overall, *(trait.rating for trait in report.traits)):
            if rating is None or not 1.0 <= rating.low <= rating.value <= rating.high <= 5.0:
                raise LawBroken(f"{rating} is no rating")
        json.dumps(to_dict(report), allow_nan=False)

    return try_one


HEAD = bytes([100, 3, 1])
SHARED_STRINGS = (
    b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="1" uniqueCount="1">'
    b'<si><r><t>Dear</t></r><r><t xml:space="preserve"> Bo_x000D_</t></r></si></sst>'
)
MBOX_TAIL = b"Date: Mon, 23 Nov 2026 09:00 +0100\n\nHi\n\nFrom b\n\nHo\n"
LETTER_WORDS = (
    "Dear ",
    "Best regards,",
    "> ",
    "On Monday Jo wrote:",
    "From:",
    "Re: ",
    "[Name]",
    "{role}",
    "<company>",
    "xx",
    "18th",
    "14:30",
    "£3k",
)
XML_WORDS = ("<w:p>", "<w:t>", "<w:br/>", "<c r='A1'>", "t='s'", "<v>", "<row r='9'>", "&#65;", "<![CDATA[", "<?xml")
DOCX_PARTS = (
    "word/document.xml",
    "[Content_Types].xml",
    "_rels/.rels",
    "word/_rels/document.xml.rels",
    "word/styles.xml",
)
XLSX_PARTS = (
    "xl/worksheets/sheet1.xml",
    "xl/workbook.xml",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
    "[Content_Types].xml",
    "xl/_rels/workbook.xml.rels",
)


def _docx_xml() -> Target:
    whole = a_docx()
    wrap, read = inside(whole, *DOCX_PARTS), document(".docx")
    return Target(lambda data: read(wrap(data)), seeds_inside(whole, *DOCX_PARTS), XML_WORDS)


def _texts(try_one: Callable[[bytes], None]) -> Target:
    return Target(try_one, tuple(HEAD + text.encode() for text in (DRAFT, NOTES, "a" * 40)), LETTER_WORDS)


TARGETS: dict[str, Callable[[], Target]] = {
    "text": lambda: Target(document(".txt"), (DRAFT.encode(), DRAFT.encode("utf-16"), "Zoë – ça".encode("cp1252"))),
    "markdown": lambda: Target(document(".md"), (b"# Hi\n\n* [a](b) **c** `d`\n> e\n```\nf\n```\n", DRAFT.encode())),
    "eml": lambda: Target(document(".eml"), (MAIL + b"\r\nHi  \r\nBo\r\n", HTML_MAIL), ("charset=", "base64", "=?utf-8?b?", "delsp=yes")),
    "docx": lambda: Target(document(".docx"), (a_docx(), zip_of({"word/document.xml": b"<a/>"}))),
    "docx_xml": _docx_xml,
    "jsonl": lambda: Target(table(".jsonl"), (b'{"draft": "Hi", "id": 1}\n{"Message": "Ho", "sent_at": "2026-11-23"}\n',), ('"draft"', "NaN", "1e999")),
    "csv": lambda: Target(table(".csv"), (b'id,draft,notes\n1,"Hi, ""you""",x\n', "id;draft\n1;Zoë\n".encode("cp1252")), ("draft", '"', "\r\n")),
    "tsv": lambda: Target(table(".tsv"), (b"id\tdraft\n1\tHi\n",), ("draft", '"')),
    "xlsx": lambda: Target(table(".xlsx"), (an_xlsx(),)),
    "xlsx_xml": lambda: Target(table(".xlsx", inside(an_xlsx(), *XLSX_PARTS)), seeds_inside(an_xlsx(), *XLSX_PARTS), XML_WORDS),
    "parquet": lambda: Target(table(".parquet"), (a_parquet(),), ("PAR1",)),
    "zip": lambda: Target(table(".zip"), (zip_of({"a.txt": b"Hi", "b/c.md": b"# Ho", "../../d.txt": b"Hu", "e.docx": b"PK"}),), ("PK\x01\x02", "PK\x05\x06")),
    "mbox": lambda: Target(table(".mbox"), (b"From a Mon Nov 23 09:00:00 2026\n" + MAIL + MBOX_TAIL,), ("\nFrom ",)),
    "piped": lambda: Target(piped, (b'{"draft": "Hi"}\n', b"draft\nHi\n", an_xlsx(), a_parquet(), b"From a\n\nHi\n"), ("PK\x03\x04", "PAR1")),
    "markup": lambda: _texts(markup),
    "letters": lambda: _texts(letters),
    "notes": lambda: _texts(notes),
    "rules": lambda: _texts(rules),
    "names": lambda: _texts(names),
    "scorer": lambda: _texts(scorer()),
}  # fmt: skip
"""By name: what to try, made only where it is wanted."""

# what reads: the fuzzer sees which lines of these an input reaches
INSTRUMENTED = ["analyzer", "email", "html", "zipfile", "mailbox", "docx", "openpyxl", "csv", "json"]


class Findings:
    """Calls a target, and keeps each way of breaking its law once."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name, self.folder = name, folder
        self.places: set[str] = set()

    def call(self, try_one: Callable[[bytes], None], data: bytes) -> None:
        """Try one input; what it breaks is told, and the search goes on."""
        started = time.process_time()
        try:
            try_one(data)
            took = time.process_time() - started
            if took > SLOW_S:
                raise LawBroken(f"much too slow: {took:.1f} s")
        except (Exception, RecursionError) as trouble:
            last = traceback.extract_tb(trouble.__traceback__)[-1]
            said = str(trouble)[:16] if isinstance(trouble, LawBroken) else ""
            place = f"{type(trouble).__name__} {Path(last.filename).name}:{last.lineno} {said}"
            if place not in self.places:
                self.places.add(place)
                path = self.folder / f"{self.name}-{len(self.places)}"
                path.write_bytes(data)
                print(f"\nFOUND {self.name}: {place}: {str(trouble)[:300]!r}\n  input: {path}", flush=True)
                traceback.print_exception(trouble, limit=-6, file=sys.stdout)


def fuzz_one(name: str, seconds: int, folder: Path) -> None:
    """Search in this process; libFuzzer ends it when the time is over."""
    import atheris

    with atheris.instrument_imports(include=INSTRUMENTED), contextlib.suppress(ImportError):
        target = TARGETS[name]()
        for data in target.seeds:
            target.try_one(data)  # so that everything the target needs is loaded, and seen by the fuzzer
    corpus = folder / f"corpus-{name}"
    corpus.mkdir(exist_ok=True)
    for index, data in enumerate(target.seeds):
        (corpus / f"seed-{index}").write_bytes(data)
    options = [
        f"-max_total_time={seconds}", "-timeout=60", f"-rss_limit_mb={MOST_MB}", f"-max_len={max(MOST_BYTES, *map(len, target.seeds))}",
        f"-artifact_prefix={folder}/{name}-crash-", "-print_final_stats=1", "-verbosity=0", str(corpus),
    ]  # fmt: skip
    if target.words:
        words = folder / f"words-{name}"
        escaped = ["".join(f"\\x{byte:02x}" for byte in word.encode()) for word in target.words]
        words.write_text("".join(f'"{word}"\n' for word in escaped))
        options.insert(0, f"-dict={words}")
    findings = Findings(name, folder)
    started = time.monotonic()
    count = 0

    def call(data: bytes) -> None:
        nonlocal count
        count += 1
        findings.call(target.try_one, data)
        if time.monotonic() - started > seconds:
            print(f"{name}: {count:,} inputs in {seconds} s, {len(findings.places)} found", flush=True)
            os._exit(1 if findings.places else 0)

    atheris.Setup([sys.argv[0], *options], call)
    atheris.Fuzz()


def main() -> int:
    """Search all targets one after the other, each in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10.0, help="for all targets together")
    parser.add_argument("--target", action="append", choices=list(TARGETS), help="one of them; may be given again")
    parser.add_argument("--folder", type=Path, help="where inputs are kept; a new folder where none is named")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    wanted = chosen.target or list(TARGETS)
    seconds = max(1, round(chosen.minutes * 60 / len(wanted)))
    folder = chosen.folder or Path(tempfile.mkdtemp(prefix="fuzz-"))
    folder.mkdir(parents=True, exist_ok=True)
    if chosen.here:
        fuzz_one(wanted[0], seconds, folder)
    found = []
    for name in wanted:
        command = [
            sys.executable,
            __file__,
            "--here",
            "--target",
            name,
            "--minutes",
            str(seconds / 60),
            "--folder",
            str(folder),
        ]
        with (folder / f"{name}.log").open("wb") as log:
            status = subprocess.run(command, cwd=ROOT, check=False, stdout=subprocess.PIPE, stderr=log).stdout.decode()
        print(status.strip() or f"{name}: ended early, see {folder}/{name}.log", flush=True)
        if " 0 found" not in status:
            found.append(name)
    print(
        f"{len(wanted)} targets, {len(found)} with something found{': ' + ', '.join(found) if found else ''}. Inputs: {folder}"
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
