"""The report on a group as one HTML file: what to look at with the group, then, on pages of their own, what is for the coach alone."""

from __future__ import annotations

from difflib import SequenceMatcher

from analyzer.cohort import Cohort, Copied, FaultFigure, Help
from analyzer.report import charts
from analyzer.report.markup import NOTHING, Html, element, joined, page
from analyzer.resources import load_toml, resource_path

_MOST_PAIRS = 40
_MOST_TEXT = 2500
STYLE = "report_pages.css"
ESTIMATE = "A score is an estimate, not a verdict on a person. Everything was read on one machine and nowhere else."


def cohort_page(cohort: Cohort) -> str:
    """The whole file."""
    style = resource_path(STYLE).read_text(encoding="utf-8")
    body = element(
        "main",
        _head(cohort),
        _figures(cohort),
        _overall(cohort),
        _traits(cohort),
        _faults(cohort),
        _private(cohort),
        element("footer", ESTIMATE),
    )
    return page(cohort.title, style, body)


def _head(cohort: Cohort) -> Html:
    kinds: dict[str, str] = load_toml("messages.toml")["kinds"]
    counted = ", ".join(f"{count:,} {_plural(kinds.get(kind, kind), count)}" for kind, count in cohort.kinds)
    people = (
        f" by {cohort.people:,} {'person' if cohort.people == 1 else 'people'}"
        if cohort.people != cohort.drafts
        else ""
    )
    return element(
        "header",
        element("p", "Draft analyzer", class_="eyebrow"),
        element("h1", cohort.title),
        element(
            "p",
            f"{_count(cohort.drafts, 'draft')}{people}: {counted}." if cohort.drafts else "No draft could be judged.",
            class_="lead",
        ),
    )


def _figures(cohort: Cohort) -> Html:
    if not cohort.drafts:
        return NOTHING
    cells = [
        (f"{cohort.overall.median:.0f}", "of 100 is the draft in the middle"),
        (f"{cohort.good:,}", f"of {cohort.drafts:,} are good or better as they stand"),
        (f"{cohort.weak:,}", "would weaken their writer's case"),
        (f"{cohort.faultless:,}", "have no fault of the rubric"),
    ]
    failed = sum(count for _, count in cohort.failures)
    if failed:
        cells.append((f"{failed:,}", "rows could not be judged"))
    return element(
        "div",
        *(element("div", element("b", figure), element("span", words)) for figure, words in cells),
        class_="card figures",
    )


def _overall(cohort: Cohort) -> Html:
    if not cohort.drafts:
        return NOTHING
    said = "Every dot is a draft." if cohort.drafts <= 160 else "The bars count drafts in steps of five points."
    return element(
        "section",
        element("h2", "Would they help their writers?"),
        element("p", f"The whole impression, 0 to 100. {said}", class_="quiet"),
        element("div", charts.whole(cohort.overall), class_="card"),
    )


def _traits(cohort: Cohort) -> Html:
    if not cohort.drafts:
        return NOTHING
    ordered = sorted(cohort.traits, key=lambda scale: scale.median)
    said = (
        f"Strongest in the middle is {ordered[-1].name}, weakest {ordered[0].name}. Bars count the drafts; the line below marks the "
        "middle half of them, the ring the draft in the middle."
    )
    return element(
        "section",
        element("h2", "Trait by trait"),
        element("p", said, class_="quiet"),
        element("div", charts.traits(cohort.traits), class_="card"),
    )


def _faults(cohort: Cohort) -> Html:
    if not cohort.faults:
        return NOTHING
    return element(
        "section",
        element("h2", "What to work on together"),
        element("p", "The commonest faults. The words are from your drafts, names hidden.", class_="quiet"),
        element("ol", *(_fault(fault) for fault in cohort.faults), class_="card faults"),
    )


def _fault(fault: FaultFigure) -> Html:
    name = fault.label[0].upper() + fault.label[1:]
    quotes = [element("blockquote", f"“{example.quote}”") for example in fault.examples]
    return element(
        "li",
        element(
            "div",
            element("h3", name),
            element("p", f"{_count(fault.count, 'draft')}, {100 * fault.share:.0f} %", class_="count"),
            charts.share(fault.share),
        ),
        element("div", *quotes, class_="quotes"),
    )


def _private(cohort: Cohort) -> Html:
    parts = [_pairs(cohort), _help(cohort), _copies(cohort), _failures(cohort)]
    if not any(part.code for part in parts):
        return NOTHING
    head = element(
        "header",
        element("p", "For the coach", class_="eyebrow"),
        element("h2", "By name"),
        element("p", "These pages name people. Keep them off the wall.", class_="quiet"),
    )
    return element("div", head, *parts, class_="private")


def _pairs(cohort: Cohort) -> Html:
    if not cohort.pairs:
        return NOTHING
    mean = sum(person.gain for person in cohort.pairs) / len(cohort.pairs)
    gains = [
        element("li", f"{name} ", element("b", f"{gain:+.0f}"))
        for name, gain in sorted(cohort.trait_gains.items(), key=lambda item: -item[1])
    ]
    more = len(cohort.pairs) - _MOST_PAIRS
    shown = cohort.pairs if more <= 0 else (*cohort.pairs[: _MOST_PAIRS // 2], *cohort.pairs[-_MOST_PAIRS // 2 :])
    left = f" {more:,} people in between are left out." if more > 0 else ""
    people = "One person sent" if len(cohort.pairs) == 1 else f"{len(cohort.pairs):,} people sent"
    return element(
        "section",
        element("h2", "Before and after"),
        element("p", f"{people} more than one draft: {mean:+.0f} points on average.{left}", class_="quiet"),
        element(
            "div",
            charts.change(shown),
            element("ul", element("li", "On average, by trait:"), *gains, class_="gains") if gains else NOTHING,
            class_="card",
        ),
    )


def _help(cohort: Cohort) -> Html:
    if not cohort.help:
        return NOTHING
    more = cohort.help_count - len(cohort.help)
    return element(
        "section",
        element("h2", "Who may need help"),
        element(
            "p",
            "Whose last draft would weaken their case (below 38), has a fault that harms at once, or fell behind their first.",
            class_="quiet",
        ),
        element("ul", *(_needy(one) for one in cohort.help), class_="card people"),
        element("p", f"And {more:,} more; they are in the table.", class_="quiet") if more else NOTHING,
    )


def _needy(one: Help) -> Html:
    return element(
        "li",
        element("h3", one.name),
        element("span", f"{one.score:.0f}", class_=f"score {charts.tone(one.score)}"),
        element("span", "; ".join(one.reasons) or "weak throughout"),
    )


def _copies(cohort: Cohort) -> Html:
    said = f"{cohort.compared:,} drafts were compared with each other, names and figures masked."
    if not cohort.copied:
        return NOTHING
    return element(
        "section",
        element("h2", "Nearly the same text"),
        element(
            "p",
            f"{said} Copied from each other, or filled in from one handout: you will know. What differs is marked.",
            class_="quiet",
        ),
        *(_copy(group) for group in cohort.copied),
    )


def _copy(group: Copied) -> Html:
    (first, one), (second, other) = group.texts
    left, right = _marked(one, other)
    names = (
        " and ".join(group.names) if len(group.names) == 2 else f"{', '.join(group.names[:-1])} and {group.names[-1]}"
    )
    return element(
        "div",
        element("h3", f"{names}: {100 * group.likeness:.0f} % the same"),
        element(
            "div",
            element("div", element("h3", first), element("div", left, class_="text")),
            element("div", element("h3", second), element("div", right, class_="text")),
            class_="pair",
        ),
        class_="card copied",
    )


def _marked(one: str, other: str) -> tuple[Html, Html]:
    """Two texts with the words that only one of them has marked."""
    words = [_pieces(_cut(text)) for text in (one, other)]
    matcher = SequenceMatcher(
        None, [word.strip() for word in words[0]], [word.strip() for word in words[1]], autojunk=False
    )
    sides: tuple[list[Html | str], list[Html | str]] = ([], [])
    for what, *span in matcher.get_opcodes():
        for side, (start, end) in enumerate(((span[0], span[1]), (span[2], span[3]))):
            text = "".join(words[side][start:end])
            if what == "equal" or not text.strip():
                sides[side].append(text)
            else:
                trailing = text[len(text.rstrip()) :]
                sides[side].extend((element("span", text.rstrip(), class_="own"), trailing))
    return joined(sides[0]), joined(sides[1])


def _pieces(text: str) -> list[str]:
    """Words with the white space behind them."""
    import re

    return re.findall(r"\S+\s*|^\s+", text)


def _cut(text: str) -> str:
    return text if len(text) <= _MOST_TEXT else text[:_MOST_TEXT] + " …"


def _failures(cohort: Cohort) -> Html:
    if not cohort.failures:
        return NOTHING
    listed = ", ".join(f"{count:,} {code.replace('_', ' ')}" for code, count in cohort.failures)
    return element(
        "section",
        element("h2", "Not judged"),
        element("p", f"{listed}. Each stands in the table with its reason.", class_="quiet"),
    )


def _count(number: int, what: str) -> str:
    return f"{number:,} {what if number == 1 else what + 's'}"


def _plural(kind: str, count: int) -> str:
    if count == 1:
        return kind
    return f"replies{kind.removeprefix('reply')}" if kind.startswith("reply") else f"{kind}s"
