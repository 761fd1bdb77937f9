"""A report for the terminal: right at 80 columns, with and without colours, and piped into a file. Shows, never computes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import StringIO
from typing import TextIO

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from analyzer.findings import shorten
from analyzer.resources import load_toml
from analyzer.types import Finding, Rating, Report, Severity

WIDTH = 80
_BAR_CELLS = 20
_INDENT = 2
_MOST_FINDINGS = {"fix": 12, "improve": 8, "praise": 4}
_MOST_MISSED = 5
_MOST_WITHHELD = 3
_STYLES: dict[str, str] = {"fix": "bold red", "improve": "yellow", "praise": "green"}
_HEADINGS: dict[Severity, str] = {"fix": "Fix before you send", "improve": "Could be better", "praise": "What works"}
# control characters of a draft must not steer the terminal
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def safe(text: str) -> str:
    """Text without characters that could move the cursor, ring, colour or reorder the line."""
    return _CONTROL.sub("·", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    "))


def write_report(report: Report, stream: TextIO, *, colour: bool | None = None) -> None:
    """Write one report. ``colour`` None follows the stream and NO_COLOR; widths beyond 100 columns are not used."""
    console = _console(stream, colour)
    with console.capture() as capture:
        _write(console, report)
    # rich pads indented lines to the full width, which is noise in a file
    stream.write("\n".join(line.rstrip() for line in capture.get().split("\n")))


def _write(console: Console, report: Report) -> None:
    if report.error is not None:
        console.print(Text(safe(report.error[1])))
        return
    _head(console, report)
    _traits(console, report)
    _faults(console, report)
    marks = _numbered(report)
    _draft(console, report, marks)
    for severity, heading in _HEADINGS.items():
        _findings(
            console, heading, severity, [finding for finding in report.remarks if finding.severity == severity], marks
        )
    _missed(console, report)
    _withheld(console, report)
    _rewrites(console, report)
    _questions(console, report)
    _timing(console, report)
    _foot(console, report)


def report_text(report: Report) -> str:
    """The report as plain text without colours, 80 columns."""
    stream = StringIO()
    write_report(report, stream, colour=False)
    return stream.getvalue()


def _console(stream: TextIO, colour: bool | None) -> Console:
    width = None
    if stream.isatty() if hasattr(stream, "isatty") else False:
        width = min(100, max(40, Console(file=stream).width))
    no_colour = None if colour is None else not colour
    return Console(
        file=stream,
        width=width or WIDTH,
        force_terminal=colour,
        no_color=no_colour,
        highlight=False,
        emoji=False,
        markup=False,
    )


def _heading(console: Console, text: str) -> None:
    console.print()
    console.print(Text(text, style="bold"))


def _bar(rating: Rating) -> Text:
    full = round(rating.score / 100.0 * _BAR_CELLS)
    style = "green" if rating.value >= 3.75 else "yellow" if rating.value >= 2.5 else "red"
    return Text("█" * full, style=style) + Text("·" * (_BAR_CELLS - full), style="dim")


def _rating_line(name: str, rating: Rating) -> Text:
    line = Text(f"{name:<13} ", style="bold")
    line.append_text(_bar(rating))
    line.append(f" {rating.score:>3.0f}", style="bold")
    line.append(f"   {rating.value:.1f} of 5 (likely {rating.low:.1f} to {rating.high:.1f})", style="dim")
    return line


def _head(console: Console, report: Report) -> None:
    messages = load_toml("messages.toml")
    assert report.overall is not None
    kind = messages["kinds"][report.kind]
    how = " (as it reads)" if report.kind_detected else ""
    interviewer = f" to {safe(report.case.interviewer)}" if report.case and report.case.interviewer else ""
    console.print(Text(f"Your {kind}{how}{interviewer}"))
    console.print()
    console.print(_rating_line("Overall", report.overall))
    level = str(int(report.overall.value + 0.5))
    console.print(Padding(Text(messages["overall"][level]), (0, 0, 0, _INDENT)))
    for advisory in report.advisories:
        console.print(Padding(Text(advisory, style="bold yellow"), (0, 0, 0, _INDENT)))


def _traits(console: Console, report: Report) -> None:
    console.print()
    for trait in report.traits:
        console.print(_rating_line(trait.name.capitalize(), trait.rating))
        console.print(Padding(Text(safe(trait.why)), (0, 0, 0, _INDENT)))


def _faults(console: Console, report: Report) -> None:
    if not report.faults:
        return
    messages = load_toml("messages.toml")["faults"]
    _heading(console, "Faults")
    for fault in report.faults:
        line = Text(f"{messages[fault.tag]}", style="")
        line.append(f"  [{fault.tag}, {fault.probability:.0%}]", style="dim")
        console.print(Padding(line, (0, 0, 0, _INDENT)))


def _numbered(report: Report) -> dict[Finding, int]:
    """Numbers of the findings shown in the marked-up draft, in text order."""
    shown: set[Finding] = set()
    for severity, most in _MOST_FINDINGS.items():
        shown.update([finding for finding in report.remarks if finding.severity == severity][:most])
    return {
        finding: number
        for number, finding in enumerate((finding for finding in report.remarks if finding in shown), start=1)
    }


def _draft(console: Console, report: Report, marks: dict[Finding, int]) -> None:
    _heading(console, "Your draft, marked")
    console.print(Padding(marked_text(report.text, list(marks.items())), (0, 0, 0, _INDENT)))


def marked_text(text: str, marks: Sequence[tuple[Finding, int]]) -> Text:
    """The draft with ``[words]¹`` around every finding, innermost brackets for nested ones; sign by severity.

    Without colours the brackets and numbers carry all there is to know.
    """
    opens: dict[int, list[tuple[int, Finding]]] = {}
    closes: dict[int, list[tuple[Finding, int]]] = {}
    for finding, number in marks:
        opens.setdefault(finding.start, []).append((finding.end, finding))
        closes.setdefault(finding.end, []).append((finding, number))
    edges = sorted({0, len(text), *opens, *closes})
    out = Text()
    active: list[Finding] = []
    for index, edge in enumerate(edges):
        # what is missing here stands behind the words that end here
        ending = sorted(closes.get(edge, ()), key=lambda pair: (pair[0].start == edge, -pair[0].start, pair[1]))
        for finding, number in ending:
            if finding.start < finding.end:
                out.append("]", style=_STYLES[finding.severity])
                active.remove(finding)
            else:
                out.append("[_]", style=_STYLES[finding.severity])
            out.append(_superscript(number), style=_STYLES[finding.severity])
        for _, finding in sorted(opens.get(edge, ()), key=lambda pair: -pair[0]):
            if finding.start < finding.end:
                out.append("[", style=_STYLES[finding.severity])
                active.append(finding)
        following = edges[index + 1] if index + 1 < len(edges) else edge
        style = _STYLES[active[-1].severity].removeprefix("bold ") if active else ""
        out.append(safe(text[edge:following]), style=style)
    return out


def _superscript(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))


def _findings(
    console: Console, heading: str, severity: Severity, findings: Sequence[Finding], marks: dict[Finding, int]
) -> None:
    if not findings:
        return
    _heading(console, heading)
    for finding in [finding for finding in findings if finding in marks]:
        line = Text(f"{marks[finding]:>2}  ", style=_STYLES[severity])
        message = safe(finding.message)
        suggestions = [safe(shorten(suggestion)) for suggestion in finding.suggestions if suggestion.strip()][:3]
        if suggestions and severity != "praise":
            message += " → " + " / ".join(suggestions)
        hanging = Table.grid(padding=0)
        hanging.add_column(width=_INDENT + 4)
        hanging.add_column()
        hanging.add_row(Text(" " * _INDENT) + line, Text(message))
        console.print(hanging)
    more = len(findings) - sum(finding in marks for finding in findings)
    if more:
        console.print(Text(f"{'':>{_INDENT + 4}}… and {more} more (all of them with --json).", style="dim"))


def _missed(console: Console, report: Report) -> None:
    if not report.case:
        return
    if not report.case.notes.strip():
        _heading(console, "Your notes")
        console.print(
            Padding(
                Text(
                    "There are none. With your notes from the interview (--notes FILE) the draft can be checked against what was really said."
                ),
                (0, 0, 0, _INDENT),
            )
        )
        return
    if report.missed:
        _heading(console, "In your notes, not in your draft")
        for item in report.missed[:_MOST_MISSED]:
            reason = Text(f": {safe(item.why)}" if item.why else "", style="dim")
            console.print(Padding(Text(f"- {safe(shorten(item.text))}") + reason, (0, 0, 0, _INDENT)))
        console.print(
            Padding(Text("One of these in a clause of its own is worth more than praise."), (0, 0, 0, _INDENT))
        )


def _withheld(console: Console, report: Report) -> None:
    """What the notes hold and had better stay out of the draft, briefly."""
    if not report.withheld:
        return
    _heading(console, "Rightly left out of your draft")
    for item in report.withheld[:_MOST_WITHHELD]:
        reason = Text(f": {safe(item.why)}" if item.why else "", style="dim")
        console.print(Padding(Text(f"- {safe(shorten(item.text))}") + reason, (0, 0, 0, _INDENT)))


def _rewrites(console: Console, report: Report) -> None:
    """Each rewrite as before and after, then the draft with all of them."""
    if report.rewritten is None:
        return
    _heading(console, "Better words")
    for edit in report.rewrites:
        _line_of(console, "- ", shorten(edit.before) or "(nothing yet)", "red")
        _line_of(console, "+ ", edit.after.strip() or "(leave it out)", "green")
        gain = f" ({edit.gain:+.0f})" if edit.gain >= 0.5 else ""
        console.print(Padding(Text(f"{safe(edit.why)}{gain}", style="dim"), (0, 0, 0, _INDENT + 2)))
    before = report.overall.score if report.overall else 0.0
    _heading(console, f"Rewritten: {before:.0f} → {report.rewritten.overall.score:.0f}")
    console.print(Padding(Text(safe(report.rewritten.draft.strip())), (0, 0, 0, _INDENT)))


def _line_of(console: Console, sign: str, text: str, style: str) -> None:
    hanging = Table.grid(padding=0)
    hanging.add_column(width=_INDENT + 2)
    hanging.add_column()
    hanging.add_row(Text(" " * _INDENT + sign, style=style), Text(safe(text), style=style))
    console.print(hanging)


def _questions(console: Console, report: Report) -> None:
    if not report.questions:
        return
    _heading(console, "What only you can add")
    for question in report.questions:
        console.print(Padding(Text(f"- {safe(question.text)}"), (0, 0, 0, _INDENT)))


def _timing(console: Console, report: Report) -> None:
    if report.timing is not None:
        _heading(console, "When to send")
        console.print(Padding(Text(safe(report.timing.message)), (0, 0, 0, _INDENT)))


def _foot(console: Console, report: Report) -> None:
    console.print()
    readers = " and ".join(
        {"harper": "Harper", "languagetool": "LanguageTool"}.get(name, name) for name in report.engines
    )
    console.print(
        Text(
            f"Proofread by {readers}. Nothing left this machine. A score is an estimate, not a verdict on you.",
            style="dim",
        )
    )
