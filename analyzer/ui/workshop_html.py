"""The blocks of the workshop page: shows the figures of a group, computes none."""

from __future__ import annotations

from collections.abc import Sequence

from analyzer.cohort import Cohort, FaultFigure
from analyzer.report import charts
from analyzer.report.markup import NOTHING, Html, element
from analyzer.ui.plots import figure

_SHOWN_FAULTS = 6
_SHOWN_FAILED = 20
_GOOD_BIN, _POOR_BIN = 12, 7


def masthead() -> Html:
    """The page's title and its promise."""
    return element(
        "header",
        element("h1", "A room full of drafts"),
        element(
            "p",
            "Drop in a table or a zip of drafts. You see what the room has in common, and each person's own report. "
            "All of it is read on this machine, and forgotten when you close the page.",
        ),
        class_="da-masthead",
    )


def figures(cohort: Cohort) -> Html:
    """The figures at a glance."""
    cells = [
        (f"{cohort.overall.median:.0f}", "of 100 is the draft in the middle"),
        (f"{sum(cohort.overall.bins[_GOOD_BIN:]):,}", f"of {cohort.drafts:,} are good as they stand"),
        (f"{sum(cohort.overall.bins[:_POOR_BIN]):,}", "would weaken their writer's case"),
        (f"{cohort.faultless:,}", "have no fault of the rubric"),
    ]
    return element(
        "div",
        *(element("div", element("b", number), element("span", words)) for number, words in cells),
        class_="da-figures",
    )


def spread(cohort: Cohort) -> Html:
    """How the drafts lie: the whole, then trait by trait."""
    ordered = sorted(cohort.traits, key=lambda scale: scale.median)
    said = (
        f"Strongest in the middle is {ordered[-1].name}, weakest {ordered[0].name}. Bars count the drafts; the line below marks "
        "the middle half of them, the ring the draft in the middle."
    )
    whole = f"Scores of {cohort.drafts} drafts; the one in the middle has {cohort.overall.median:.0f} of 100."
    traits = "; ".join(f"{scale.name}: middle {scale.median:.0f}" for scale in cohort.traits)
    return element(
        "div",
        element(
            "section",
            element("h2", "Would they help their writers?"),
            _plot(figure(charts.whole(cohort.overall), whole)),
        ),
        element(
            "section",
            element("h2", "Trait by trait"),
            element("p", said, class_="da-hint"),
            _plot(figure(charts.traits(cohort.traits), traits)),
        ),
        class_="da-spread",
    )


def faults(cohort: Cohort) -> Html:
    """The commonest faults with examples, names hidden."""
    if not cohort.faults:
        return NOTHING
    return element(
        "section",
        element("h2", "What to work on together"),
        element("p", "The commonest faults. The words are from the drafts, names hidden.", class_="da-hint"),
        element("ul", *(_fault(fault) for fault in cohort.faults[:_SHOWN_FAULTS]), role="list", class_="da-common"),
    )


def _fault(fault: FaultFigure) -> Html:
    drafts = "1 draft" if fault.count == 1 else f"{fault.count} drafts"
    return element(
        "li",
        element(
            "div",
            element("h3", fault.label[:1].upper() + fault.label[1:]),
            element("p", f"{drafts}, {fault.share:.0%}", class_="da-hint"),
            element("div", element("div", class_="da-part", style=f"width:{fault.share:.0%}"), class_="da-share"),
        ),
        element("div", *(element("blockquote", f"“{example.quote}”") for example in fault.examples)),
    )


def for_the_coach(cohort: Cohort) -> Html:
    """What is not for the projector: who may need help, and texts that are one text."""
    parts = []
    if cohort.help:
        items = (
            element("li", element("strong", one.name), f" {one.score:.0f} of 100: {'; '.join(one.reasons)}")
            for one in cohort.help
        )
        parts.append(
            element(
                "section", element("h2", "Who may need help"), element("ul", *items, role="list", class_="da-notes")
            )
        )
    if cohort.copied:
        items = (
            element("li", element("strong", " and ".join(one.names)), f" share {one.likeness:.0%} of their words")
            for one in cohort.copied
        )
        parts.append(
            element(
                "section", element("h2", "Nearly the same text"), element("ul", *items, role="list", class_="da-notes")
            )
        )
    return element("div", *parts, class_="da-spread da-coach-only") if parts else NOTHING


def change(cohort: Cohort) -> Html:
    """First drafts against last ones, where people sent several."""
    if not cohort.pairs:
        return NOTHING
    said = "; ".join(f"{one.name}: {one.gain:+.0f}" for one in cohort.pairs)
    return element(
        "section",
        element("h2", "From first draft to last"),
        _plot(figure(charts.change(cohort.pairs), f"Points gained. {said}")),
    )


def _plot(drawing: Html) -> Html:
    return element("div", drawing, class_="da-card da-scroll", tabindex=0)


def failed(rows: Sequence[tuple[str, str]]) -> Html:
    """Rows that could not be judged, each with its reason."""
    if not rows:
        return NOTHING
    items = [element("li", element("strong", name), f" {why}") for name, why in rows[:_SHOWN_FAILED]]
    count = "1 row" if len(rows) == 1 else f"{len(rows)} rows"
    more = (
        element("p", f"and {len(rows) - _SHOWN_FAILED} more", class_="da-hint")
        if len(rows) > _SHOWN_FAILED
        else NOTHING
    )
    return element(
        "details",
        element("summary", f"{count} could not be judged"),
        element("ul", *items, role="list", class_="da-notes"),
        more,
        class_="da-failed",
    )


def person(name: str) -> Html:
    """Whose report follows."""
    return element("h2", name, class_="da-person", id="da-person", tabindex=-1)
