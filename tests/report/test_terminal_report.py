"""The report in a terminal or a file: 80 columns, no stray codes, every mark explained, hostile drafts made harmless."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from analyzer.pipeline import Analyzer
from analyzer.report.terminal import marked_text, report_text, safe, write_report
from analyzer.types import Case, Finding, NoteItem, Rating, Report, TraitResult

ESCAPE = "\x1b"
HEADINGS = ("Fix before you send", "Could be better", "What works", "Your notes", "In your notes, not in your draft")
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(scope="module")
def report(analyzer: Analyzer) -> Report:
    draft = (
        "Subject: Thanks\n\nDear Ms Nayr,\n\nI just wanted to reach out and say thank you so much!!! I dont know the the scanner app "
        "well, but "
        + "the depot and " * 20
        + "the rest stay with me.\n\nThis role would be a great next step in my career."
    )
    notes = "P. Nair, ops; scanner app v old; 3 depots, Leeds worst; trial day w/ Tom in Wakefield"
    return analyzer.analyze(draft, notes=notes, interviewer="Priya Nair", kind="thank_you")


def check_lines(text: str) -> None:
    for line in text.split("\n"):
        assert cell_len(line) <= 80, line
        assert line == line.rstrip(), line
        assert "\t" not in line and "\r" not in line
    assert ESCAPE not in text


def test_reports_of_real_drafts_fit_eighty_columns(sampled) -> None:
    for report in sampled.reports:
        check_lines(report_text(report))


def test_a_report_shows_everything_there_is(report: Report) -> None:
    text = report_text(report)
    assert text.startswith("Your thank-you note to Priya Nair\n")
    for word in (
        "Overall",
        "Specificity",
        "Focus",
        "Concision",
        "Enthusiasm",
        "Grammar",
        "Your draft, marked",
        "Harper",
    ):
        assert word in text
    for heading in ("Faults", "Fix before you send", "Could be better", "In your notes, not in your draft"):
        assert f"\n{heading}\n" in text
    for fault in report.faults:
        assert f"[{fault.tag}, {fault.probability:.0%}]" in text
    for trait in report.traits:
        assert " ".join(trait.why.split()[:4]) in text


def test_every_remark_has_its_number_in_the_marked_draft(sampled, report: Report) -> None:
    for one in (report, *sampled.reports):
        text = report_text(one)
        start = text.index("Your draft, marked\n")
        end = min(text.index(f"\n{heading}\n", start) for heading in HEADINGS if f"\n{heading}\n" in text)
        marks = {int(mark.translate(SUPERSCRIPTS)) for mark in re.findall(r"\]([⁰¹²³⁴⁵⁶⁷⁸⁹]+)", text[start:end])}
        remarks = {int(number) for number in re.findall(r"^ {2,4}(\d{1,2})  \S", text[end:], re.MULTILINE)}
        assert remarks <= marks, one.id
        assert bool(remarks) == bool(one.remarks), one.id
        assert marks == set(range(1, len(marks) + 1)), "numbers have no gap"


def test_the_marked_draft_without_its_marks_is_the_draft(sampled) -> None:
    for report in sampled.reports[:20]:
        marked = marked_text(report.text, [(finding, 9) for finding in report.findings]).plain
        brackets = marked.replace("[_]⁹", "").replace("]⁹", "")
        opened = sum(1 for finding in report.findings if finding.start < finding.end)
        assert brackets.count("[") - report.text.count("[") == opened
        assert brackets.replace("[", "") == safe(report.text).replace("[", "")


def test_nested_and_touching_marks_close_in_order() -> None:
    def finding(start: int, end: int) -> Finding:
        return Finding("r", "focus", "improve", start, end, "abcdef"[start:end], "m")

    outer, inner, after, missing = finding(0, 4), finding(1, 3), finding(4, 6), finding(6, 6)
    marked = marked_text("abcdef", [(outer, 1), (inner, 2), (after, 3), (missing, 4)])
    assert marked.plain == "[a[bc]²d]¹[ef]³[_]⁴"


def test_no_colours_in_a_file_or_pipe(report: Report) -> None:
    stream = io.StringIO()
    write_report(report, stream)
    check_lines(stream.getvalue())
    assert stream.getvalue() == report_text(report)


def test_colours_on_a_terminal(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    stream = Terminal()
    write_report(report, stream)
    assert ESCAPE in stream.getvalue()
    assert re.sub(r"\x1b\[[\d;]*m", "", stream.getvalue()).replace("\n", " ").split() == report_text(report).split()


def test_no_color_is_respected_on_a_terminal(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("NO_COLOR", "1")
    stream = Terminal()
    write_report(report, stream)
    assert not re.search(r"\x1b\[(?:\d+;)*(?:3[0-7]|9[0-7]|4[0-7]|38|48)(?:;\d+)*m", stream.getvalue())


def test_colours_can_be_switched_off_on_a_terminal(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    stream = Terminal()
    write_report(report, stream, colour=False)
    assert ESCAPE not in stream.getvalue()


def test_a_report_of_an_error_is_its_one_sentence() -> None:
    stream = io.StringIO()
    write_report(Report(id="1", error=("empty_draft", "The draft is empty; write it first.")), stream)
    assert stream.getvalue() == "The draft is empty; write it first.\n"


HOSTILE = (
    "\x1b[2J\x1b[31mDear Ana\x1b]0;title\x07,\n\nThank\u202e you\u2066 for \x9b31mthe\x08\x08 tour\u200f [bold]now[/bold] :smile:"
    " [link=http://x.example]here[/link].\n\nBen"
)


def test_a_hostile_draft_cannot_steer_the_terminal() -> None:
    finding = Finding("r", "focus", "fix", 0, 12, HOSTILE[:12], f"“{HOSTILE[:12]}” is odd.", ("\x1b[31mred",))
    case = Case(draft=HOSTILE, notes="\x1b[2J wipes", interviewer="\x1b[31mAna")
    middle = Rating(3.0, 2.0, 4.0)
    hostile = Report(
        id="1", case=case, kind="thank_you", overall=middle, findings=(finding,),
        traits=(TraitResult("focus", middle, "It is so (“\x1b[31m”)."),),
    )  # fmt: skip
    text = report_text(hostile)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]", text)
    assert "[bold]now[/bold]" in text.replace("\n  ", " ") and ":smile:" in text, (
        "markup of a draft is shown, not obeyed"
    )


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60))
def test_safe_text_moves_no_cursor(text: str) -> None:
    made = safe(text)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]", made)
    assert safe(made) == made


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="ab \n", max_size=30), st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=6))
def test_marks_never_lose_text(text: str, spans: list[tuple[int, int]]) -> None:
    ordered = [tuple(sorted((min(a, len(text)), min(b, len(text))))) for a, b in spans]
    findings = [
        (Finding(f"r{number}", "focus", "fix", start, end, text[start:end], "m"), number)
        for number, (start, end) in enumerate(ordered, start=1)
    ]
    plain = marked_text(text, findings).plain
    assert re.sub(r"\[_\]|[\[\]⁰¹²³⁴⁵⁶⁷⁸⁹]", "", plain) == text


def test_a_draft_without_notes_is_told_what_they_would_do(analyzer: Analyzer) -> None:
    text = report_text(analyzer.analyze("Dear Ana,\n\nThank you for the tour of the depot.\n\nBen"))
    assert "\nYour notes\n" in text and "--notes" in text


def test_wide_letters_fit_too(analyzer: Analyzer) -> None:
    draft = "Dear Ms Wang,\n\nThank you for the tour of the depot; 非常感谢您昨天抽出时间与我见面我对贵公司的职位非常感兴趣期待您的回复此致敬礼李娜.\n\nBen"
    check_lines(report_text(analyzer.analyze(draft)))


def test_what_had_better_stay_out_is_told_briefly(report: Report) -> None:
    why = "They need not know of other offers."
    items = tuple(NoteItem(f"offer {at}", "notes", "topic", 0, 7, private=True, why=why) for at in range(9))
    shown = report_text(replace(report, withheld=items))
    assert "Rightly left out" in shown and f"- offer 0: {why}" in shown
    assert "offer 8" not in shown
    assert "Rightly left out" not in report_text(replace(report, withheld=()))
