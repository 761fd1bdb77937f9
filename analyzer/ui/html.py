"""The report as HTML. Pure functions of a ``Report``; shows, never computes.

Nothing reaches the page unescaped: blocks are built by ``element``, which escapes every text and every attribute it is given,
and only what it returns (``Html``) is taken as it is.
"""

from __future__ import annotations

from collections.abc import Sequence

from analyzer.report.markup import NOTHING, Html, element, joined
from analyzer.resources import load_toml
from analyzer.types import Edit, Finding, NoteItem, Rating, Report, Severity, score_of
from analyzer.ui.differences import beside, change
from analyzer.ui.marks import marked_draft, number_sign, numbered
from analyzer.ui.sending import Letter

# Shown at once in each list; the rest is folded away. The draft itself carries every mark.
_SHOWN_FINDINGS: dict[Severity, int] = {"fix": 12, "improve": 8, "praise": 4}
_SHOWN_MISSED = 5
_SHOWN_SUGGESTIONS = 3
HEADINGS: dict[Severity, str] = {"fix": "Fix before you send", "improve": "Could be better", "praise": "What works"}
_SIGNS: dict[Severity, str] = {"fix": "fix first", "improve": "could be better", "praise": "works"}
_ENGINE_NAMES = {"harper": "Harper", "languagetool": "LanguageTool"}
# ratings from which a bar is green or yellow, as in the terminal
_GOOD_RATING, _FAIR_RATING = 3.75, 2.5


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


def heading(words: str, hint: str = "") -> Html:
    """A section's title, with a sentence below it."""
    return element(
        "div",
        element("h2", words) if words else NOTHING,
        element("p", hint, class_="da-hint") if hint else NOTHING,
        class_="da-heading",
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
        top(report, marks),
        element(
            "div",
            marked_block(report, marks),
            element("div", better_words(report), lists(report, marks), class_="da-lists"),
            element("div", notes_and_timing(report), class_="da-more"),
            class_="da-middle",
        ),
        rewritten(report),
        foot(report),
        class_="da-report",
    )


def block(*parts: Html, class_: str = "") -> Html:
    """A part of the report by itself, where widgets stand between its parts."""
    inner = element("div", *parts, class_=class_) if class_ else joined(parts)
    return element("div", inner, class_="da-report")


def top(report: Report, marks: Sequence[tuple[Finding, int]]) -> Html:
    """What counts most: the whole, what is dangerous, the five traits."""
    whole = element("div", verdict(report), findings(report, "fix", marks), faults(report), class_="da-whole")
    return element("div", whole, traits(report), class_="da-top")


def lists(report: Report, marks: Sequence[tuple[Finding, int]]) -> Html:
    """What could be better and what works."""
    return joined([findings(report, "improve", marks), findings(report, "praise", marks)])


def notes_and_timing(report: Report) -> Html:
    """When to send, and what the notes and the writer hold."""
    return joined([timing(report), notes(report)])


def notes(report: Report) -> Html:
    """What the notes hold and what only the writer knows."""
    return joined([missed(report), questions(report), withheld(report)])


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
            element("h3", element("span", trait.name.capitalize(), class_=f"da-mark {trait.name}")),
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
    return element(
        "section",
        element("h2", "What a reader would object to"),
        element("ul", *items, role="list"),
        class_="da-faults",
    )


def findings(report: Report, severity: Severity, marks: Sequence[tuple[Finding, int]]) -> Html:
    """The remarks of one severity with the numbers they have in the draft."""
    items = [_finding(finding, number) for finding, number in marks if finding.severity == severity]
    if not items:
        return NOTHING
    most = _SHOWN_FINDINGS[severity]
    return element(
        "section",
        element("h2", HEADINGS[severity]),
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
    items = [_note(item) for item in report.missed]
    return element(
        "section",
        element("h2", "In your notes, not in your draft"),
        element("ul", *items[:_SHOWN_MISSED], role="list", class_="da-notes"),
        _folded(items[_SHOWN_MISSED:], "note"),
        element("p", "One of these in a clause of its own is worth more than praise.", class_="da-hint"),
        class_="da-missed",
    )


def questions(report: Report) -> Html:
    """What a better draft would need and only its writer knows."""
    if not report.questions:
        return NOTHING
    return element(
        "section",
        element("h2", "What only you can add"),
        element("ul", *(element("li", question.text) for question in report.questions), role="list", class_="da-notes"),
        class_="da-missed",
    )


def withheld(report: Report) -> Html:
    """What the notes hold and had better stay out of the letter."""
    if not report.withheld:
        return NOTHING
    items = [_note(item) for item in report.withheld]
    return element(
        "section",
        element("h2", "Rightly left out"),
        element("ul", *items[:_SHOWN_MISSED], role="list", class_="da-notes"),
        _folded(items[_SHOWN_MISSED:], "note"),
        class_="da-missed",
    )


def timing(report: Report) -> Html:
    """When to send, where a date is known."""
    if report.timing is None:
        return NOTHING
    return element("section", element("h2", "When to send"), element("p", report.timing.message), class_="da-timing")


def foot(report: Report, *, stored: bool = False) -> Html:
    """Who read the draft, and that nobody else did."""
    readers = " and ".join(_ENGINE_NAMES.get(name, name) for name in report.engines)
    sentence = f"Proofread by {readers}. " if readers else ""
    kept = "this draft is kept as you asked" if stored else "nothing was stored"
    return element(
        "footer",
        f"{sentence}Nothing left this machine, {kept}. A score is an estimate, not a verdict on you.",
        class_="da-foot",
    )


# ---- better words, and the way out


def offer(edit: Edit, measured: bool) -> Html:
    """An edit on offer: the words before and after, why, and what it would gain."""
    gain = element("span", f"{edit.gain:+.0f} points", class_="da-gain") if measured else NOTHING
    trait = element("span", edit.trait if edit.trait != "overall" else "the whole", class_=f"da-mark {edit.trait}")
    return element(
        "div",
        element("p", trait, gain, class_="da-offer-head"),
        change(edit.before, edit.after),
        element("p", edit.why, class_="da-hint"),
        class_="da-offer",
    )


def better_words(report: Report) -> Html:
    """The rewrites of a report that is only looked at."""
    if not report.rewrites:
        return NOTHING
    offers = (element("li", offer(edit, True), class_="da-card") for edit in report.rewrites)
    return element(
        "section",
        element("h2", "Better words"),
        element("ul", *offers, role="list", class_="da-offers"),
        class_="da-better",
    )


def rewritten(report: Report) -> Html:
    """The draft beside the rewritten one, folded away."""
    if report.rewritten is None or report.overall is None or report.rewritten.draft == report.text:
        return NOTHING
    names = (f"The draft: {report.overall.score:.0f} of 100", f"Rewritten: {report.rewritten.overall.score:.0f} of 100")
    return element(
        "details",
        element("summary", "The draft beside the rewritten one"),
        beside(report.text, report.rewritten.draft, names),
    )


def done(edit: Edit) -> Html:
    """An edit that was made."""
    return element("div", change(edit.before, edit.after), class_="da-done")


def moved(before: int, now: int) -> Html:
    """How the last change moved the score."""
    step = now - before
    words = f"{step:+d} points by the last change" if step else "The last change left the score as it was"
    return element("p", element("strong", f"Now {now} of 100"), f" · {words}.", class_="da-moved", role="status")


def copy_and_mail(letter: Letter, link: str | None, *, mailed: bool) -> Html:
    """A button that copies the letter and, where it is ``mailed``, a link that opens it in the mail program."""
    whole = f"Subject: {letter.subject}\n\n{letter.body}" if letter.subject else letter.body
    way = NOTHING
    if link:
        way = element("a", "Open in your mail program", href=link, class_="da-button")
    elif mailed:
        way = element("p", "It is too long for a mail link: save the .eml and open that.", class_="da-hint")
    copy = element("button", "Copy the text", type="button", class_="da-button", data_copy=whole)
    return element("div", copy, way, class_="da-buttons")


# ---- the draft, marked up


def marked_block(report: Report, marks: Sequence[tuple[Finding, int]]) -> Html:
    """The draft with its marks and what they mean."""
    return element(
        "section",
        element("h2", "Your draft, marked"),
        _legend(marks),
        element("div", marked_draft(report.text, marks), class_="da-draft"),
        element("p", "Point at a mark, tap it or tab to it to read the remark.", class_="da-hint")
        if marks
        else NOTHING,
        class_="da-marked",
    )


def _legend(marks: Sequence[tuple[Finding, int]]) -> Html:
    """The lines and signs that are there, and no others."""
    if not marks:
        return NOTHING
    traits_there = dict.fromkeys(finding.trait for finding, _ in marks)
    severities = {finding.severity for finding, _ in marks}
    names = {"overall": "the whole"}
    lines = [
        element("li", element("span", names.get(trait, trait), class_=f"da-mark {trait}")) for trait in traits_there
    ]
    signs = [
        element("li", element("span", "1", class_=f"da-n {severity}", aria_hidden="true"), f" {words}")
        for severity, words in _SIGNS.items()
        if severity in severities
    ]
    return element("ul", *lines, *signs, role="list", class_="da-legend", aria_label="What the marks mean")


# ---- small pieces


def _finding(finding: Finding, number: int) -> Html:
    suggestions = [_short(suggestion) for suggestion in finding.suggestions if suggestion.strip()][:_SHOWN_SUGGESTIONS]
    advice = NOTHING
    if suggestions and finding.severity != "praise":
        words: list[Html | str] = ["→ "]
        for index, suggestion in enumerate(suggestions):
            words += [" or "] * bool(index) + [element("b", suggestion)]
        advice = element("p", *words, class_="da-advice")
    return element("li", number_sign(number, finding.severity), element("div", element("p", finding.message), advice))


def _note(item: NoteItem) -> Html:
    why = element("span", item.why, class_="da-hint") if item.why else NOTHING
    return element("li", element("q", _short(item.text)), " ", why)


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
