"""The draft marked up in place: the kind of line under the words tells the trait, the sign behind them what to do.

Lines differ in style and signs in shape, so that both are read without colour.
"""

from __future__ import annotations

from collections.abc import Sequence

from analyzer.report.markup import NOTHING, Html, element, joined
from analyzer.types import Finding, Report, Severity

_RANKS: dict[Severity, int] = {"fix": 0, "improve": 1, "praise": 2}
_REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_HIDDEN_SIGN = "·"


def numbered(report: Report) -> tuple[tuple[Finding, int], ...]:
    """Every finding with its number, in text order."""
    return tuple((finding, number) for number, finding in enumerate(report.remarks, start=1))


def marked_draft(text: str, marks: Sequence[tuple[Finding, int]]) -> Html:
    """The draft cut at every edge of a finding; each piece says which findings it belongs to.

    Findings may overlap in any way: a piece takes the look of the gravest, and its title holds all their messages. A number
    stands where its finding ends; one about something missing is a number alone.
    """
    shown = shown_characters(text)
    edges = sorted({0, len(text), *(at for finding, _ in marks for at in (finding.start, finding.end))})
    parts: list[Html | str] = []
    for start, end in zip(edges, [*edges[1:], len(text)], strict=True):
        parts += [_piece("", start, start, [mark]) for mark in marks if mark[0].start == mark[0].end == start]
        active = [mark for mark in marks if mark[0].start <= start < end <= mark[0].end]
        words = "".join(shown[start:end])
        parts.append(_piece(words, start, end, active) if active else words)
    return joined(parts)


def shown_characters(text: str) -> list[str]:
    """What is shown for each character of a draft: one line end for CRLF or CR, a dot for what would reorder the page."""
    shown = list(text)
    for index, character in enumerate(text):
        if character == "\r":
            shown[index] = "" if text[index + 1 : index + 2] == "\n" else "\n"
        elif character in _REORDERING:
            shown[index] = _HIDDEN_SIGN
    return shown


def number_sign(number: int, severity: Severity) -> Html:
    """A finding's number in the shape of its severity: filled square, ring, or plain."""
    return element("sup", str(number), class_=f"da-n {severity}")


def _piece(words: str, start: int, end: int, active: Sequence[tuple[Finding, int]]) -> Html:
    """Some words of the draft (none for something missing) with the findings they belong to."""
    gravest = min((finding for finding, _ in active), key=lambda finding: _RANKS[finding.severity])
    numbers = [number_sign(number, finding.severity) for finding, number in active if finding.end == end]
    return element(
        "span",
        # the numbers stand beside the mark: its line would run on below them
        element("mark", words, class_=f"da-mark {gravest.trait} {gravest.severity}") if words else NOTHING,
        *numbers,
        class_="da-piece",
        data_findings=" ".join(str(number) for _, number in active),
        title="\n".join(f"{finding.trait.capitalize()}: {finding.message}" for finding, _ in active),
        # pieces of a finding after its first are reached by pointing, not by another press of Tab
        tabindex=0 if any(finding.start == start for finding, _ in active) else -1,
    )
