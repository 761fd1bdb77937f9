"""The report as HTML: the only module of the app that writes any. Pure functions of a ``Report``; shows, never computes.

Nothing reaches the page unescaped: blocks are built by ``element``, which escapes every text and every attribute it is given,
and only what it returns (``Html``) is taken as it is.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analyzer.reading.checks import printable
from analyzer.resources import load_toml
from analyzer.types import Finding, Rating, Report, Severity, score_of

# Shown at once in each list; the rest is folded away. The draft itself carries every mark.
_SHOWN_FINDINGS: dict[Severity, int] = {"fix": 12, "improve": 8, "praise": 4}
_SHOWN_MISSED = 5
_SHOWN_SUGGESTIONS = 3
_HEADINGS: dict[Severity, str] = {"fix": "Fix before you send", "improve": "Could be better", "praise": "What works"}
_LEGEND: dict[Severity, str] = {"fix": "fix", "improve": "could be better", "praise": "works"}
_RANKS: dict[Severity, int] = {"fix": 0, "improve": 1, "praise": 2}
_ENGINE_NAMES = {"harper": "Harper", "languagetool": "LanguageTool"}
# ratings from which a bar is green or yellow, as in the terminal
_GOOD_RATING, _FAIR_RATING = 3.75, 2.5
# embeddings and overrides would let a draft reorder what stands around it
_REORDERING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_HIDDEN_SIGN = "·"
_VOID = ("br", "hr")


@dataclass(frozen=True, slots=True)
class Html:
    """Code that is safe to put into the page as it is. Made by ``element`` and ``joined`` only."""

    code: str


def escaped(value: str) -> str:
    """Text as it may stand in HTML, inside elements and in quoted attributes."""
    return html.escape(printable(value), quote=True)


def element(name: str, *children: Html | str, **attributes: str | int | None) -> Html:
    """One element. Texts and attributes are escaped; ``class_`` is ``class``, ``aria_label`` is ``aria-label``, None is left out."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escaped(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in _VOID:
        return Html(f"<{name}{written}>")
    return Html(f"<{name}{written}>{joined(children).code}</{name}>")


def joined(parts: Iterable[Html | str]) -> Html:
    """Parts one after another, texts escaped."""
    return Html("".join(part.code if isinstance(part, Html) else escaped(part) for part in parts))


NOTHING = Html("")


# ---- the page around the report


def masthead() -> Html:
    """The page's title and its promise."""
    return element(
        "header",
        element("h1", "How will your message land?"),
        element(
            "p",
            "Paste what you want to send after the interview, and your notes from it. "
            "Both are read on this machine and nowhere else.",
        ),
        class_="da-masthead",
    )


def notice(message: str, tone: str = "calm") -> Html:
    """One sentence for the reader; ``tone`` is 'calm' or 'alert'."""
    return element("p", message, class_=f"da-notice {tone}", role="alert" if tone == "alert" else "status")


def reveal(run: int) -> Html:
    """A script of our own that brings a fresh report into view and to a screen reader's ear. ``run`` makes it run again."""
    script = (
        "const report = document.getElementById('da-verdict');"
        "if (report) {"
        "const still = matchMedia('(prefers-reduced-motion: reduce)').matches;"
        "report.focus({preventScroll: true});"
        "report.scrollIntoView({behavior: still ? 'auto' : 'smooth', block: 'start'});"
        "}"
    )
    return Html(f"<script>/* {int(run)} */{script}</script>")


# ---- the report


def report_page(report: Report) -> Html:
    """The whole report, in reading order."""
    marks = numbered(report)
    return element(
        "article",
        element(
            "div", element("div", verdict(report), faults(report), class_="da-whole"), traits(report), class_="da-top"
        ),
        element(
            "div",
            marked_block(report, marks),
            element("div", *(findings(report, severity, marks) for severity in _HEADINGS), class_="da-lists"),
            element("div", missed(report), timing(report), class_="da-more"),
            class_="da-middle",
        ),
        foot(report),
        class_="da-report",
    )


def verdict(report: Report) -> Html:
    """The overall number with its interval and what it means."""
    if report.overall is None:
        return NOTHING
    messages = load_toml("messages.toml")
    overall = report.overall
    how = " (as it reads)" if report.kind_detected else ""
    to = f" to {report.case.interviewer}" if report.case and report.case.interviewer else ""
    return element(
        "section",
        element("h2", f"Your {messages['kinds'][report.kind]}{how}{to}"),
        element(
            "p",
            element("strong", f"{overall.score:.0f}", class_=f"da-number {_tone(overall)}"),
            element("span", " of 100", class_="da-of"),
            element("span", f"likely {_interval(overall)}", class_="da-interval"),
            class_="da-score",
        ),
        _bar("Overall", overall),
        element("p", messages["overall"][str(int(overall.value + 0.5))], class_="da-verdict"),
        *(element("p", advisory, class_="da-advisory") for advisory in report.advisories),
        id="da-verdict",
        class_="da-card da-overall",
        tabindex=-1,
    )


def traits(report: Report) -> Html:
    """The five traits as bars, each with its sentence."""
    rows = (
        element(
            "li",
            element("h3", trait.name.capitalize()),
            element("span", f"{trait.rating.score:.0f}", class_="da-trait-score"),
            _bar(trait.name.capitalize(), trait.rating),
            element("p", trait.why),
            class_="da-trait",
        )
        for trait in report.traits
    )
    return element("section", element("ul", *rows, role="list"), class_="da-card da-traits", aria_label="Five traits")


def faults(report: Report) -> Html:
    """The faults that hold, most certain first."""
    if not report.faults:
        return NOTHING
    messages = load_toml("messages.toml")["faults"]
    items = (
        element("li", messages[fault.tag], " ", element("span", f"{fault.probability:.0%} sure", class_="da-sure"))
        for fault in report.faults
    )
    return element("section", element("h2", "Faults"), element("ul", *items, role="list"), class_="da-faults")


def findings(report: Report, severity: Severity, marks: Sequence[tuple[Finding, int]]) -> Html:
    """The remarks of one severity with the numbers they have in the draft."""
    items = [_finding(finding, number) for finding, number in marks if finding.severity == severity]
    if not items:
        return NOTHING
    most = _SHOWN_FINDINGS[severity]
    return element(
        "section",
        element("h2", _HEADINGS[severity]),
        element("ul", *items[:most], role="list"),
        _folded(items[most:], "remark"),
        class_=f"da-findings {severity}",
    )


def missed(report: Report) -> Html:
    """What the notes hold and the draft leaves out."""
    if report.case is None:
        return NOTHING
    if not report.case.notes.strip():
        return element(
            "section",
            element("h2", "Your notes"),
            element(
                "p",
                "There are none. With your notes from the interview the draft can be checked against what was really said.",
            ),
            class_="da-missed",
        )
    if not report.missed:
        return NOTHING
    items = [
        element("li", _short(item.text), element("span", f" {item.why}", class_="da-hint")) for item in report.missed
    ]
    return element(
        "section",
        element("h2", "In your notes, not in your draft"),
        element("ul", *items[:_SHOWN_MISSED]),
        _folded(items[_SHOWN_MISSED:], "note"),
        element("p", "One of these in a clause of its own is worth more than praise.", class_="da-hint"),
        class_="da-missed",
    )


def timing(report: Report) -> Html:
    """When to send, where a date is known."""
    if report.timing is None:
        return NOTHING
    return element("section", element("h2", "When to send"), element("p", report.timing.message), class_="da-timing")


def foot(report: Report) -> Html:
    """Who read the draft, and that nobody else did."""
    readers = " and ".join(_ENGINE_NAMES.get(name, name) for name in report.engines)
    sentence = f"Proofread by {readers}. " if readers else ""
    return element(
        "footer",
        f"{sentence}Nothing left this machine, nothing was stored. A score is an estimate, not a verdict on you.",
        class_="da-foot",
    )


# ---- the draft, marked up


def numbered(report: Report) -> tuple[tuple[Finding, int], ...]:
    """Every finding with its number, in text order."""
    return tuple((finding, number) for number, finding in enumerate(report.remarks, start=1))


def marked_block(report: Report, marks: Sequence[tuple[Finding, int]]) -> Html:
    """The draft with its marks and what their shapes mean."""
    present = {finding.severity for finding, _ in marks}
    legend = [
        element("li", element("span", _LEGEND[severity], class_=f"da-mark {severity}"))
        for severity in _HEADINGS
        if severity in present
    ]
    return element(
        "section",
        element("h2", "Your draft, marked"),
        element("ul", *legend, role="list", class_="da-legend", aria_label="What the marks mean")
        if legend
        else NOTHING,
        element("div", marked_draft(report.text, marks), class_="da-draft"),
        element("p", "Point at a mark, tap it or tab to it to read the remark.", class_="da-hint")
        if marks
        else NOTHING,
        class_="da-marked",
    )


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
        elif _REORDERING.match(character):
            shown[index] = _HIDDEN_SIGN
    return shown


def _piece(words: str, start: int, end: int, active: Sequence[tuple[Finding, int]]) -> Html:
    """Some words of the draft (none for something missing) with the findings they belong to."""
    gravest = min((finding.severity for finding, _ in active), key=_RANKS.__getitem__)
    numbers = [_number(number, finding.severity) for finding, number in active if finding.end == end]
    return element(
        "span",
        # the numbers stand beside the mark: its line would run on below them
        element("mark", words, class_=f"da-mark {gravest}") if words else NOTHING,
        *numbers,
        class_="da-piece",
        data_findings=" ".join(str(number) for _, number in active),
        title="\n".join(finding.message for finding, _ in active),
        # pieces of a finding after its first are reached by pointing, not by another press of Tab
        tabindex=0 if any(finding.start == start for finding, _ in active) else -1,
    )


def _number(number: int, severity: Severity) -> Html:
    return element("sup", str(number), class_=f"da-n {severity}")


# ---- small pieces


def _finding(finding: Finding, number: int) -> Html:
    suggestions = [_short(suggestion) for suggestion in finding.suggestions if suggestion.strip()][:_SHOWN_SUGGESTIONS]
    advice = NOTHING
    if suggestions and finding.severity != "praise":
        words: list[Html | str] = ["→ "]
        for index, suggestion in enumerate(suggestions):
            words += [" or "] * bool(index) + [element("b", suggestion)]
        advice = element("p", *words, class_="da-advice")
    return element("li", _number(number, finding.severity), element("div", element("p", finding.message), advice))


def _folded(items: Sequence[Html], what: str) -> Html:
    if not items:
        return NOTHING
    label = f"{len(items)} more {what}" + ("s" if len(items) > 1 else "")
    return element("details", element("summary", label), element("ul", *items, role="list"))


def _bar(name: str, rating: Rating) -> Html:
    low, high = score_of(rating.low), score_of(rating.high)
    return element(
        "div",
        element("div", class_=f"da-fill {_tone(rating)}", style=f"width:{rating.score:.1f}%"),
        element("div", class_="da-range", style=f"left:{low:.1f}%;width:{high - low:.1f}%"),
        class_="da-bar",
        role="img",
        aria_label=f"{name}: {rating.score:.0f} of 100, likely {_interval(rating)}",
    )


def _interval(rating: Rating) -> str:
    low, high = f"{score_of(rating.low):.0f}", f"{score_of(rating.high):.0f}"
    return f"{low} to {high}" if low != high else low


def _tone(rating: Rating) -> str:
    return "good" if rating.value >= _GOOD_RATING else "fair" if rating.value >= _FAIR_RATING else "poor"


def _short(text: str) -> str:
    from analyzer.findings import shorten  # it brings scipy along, which the empty page does not need

    return shorten(text)
