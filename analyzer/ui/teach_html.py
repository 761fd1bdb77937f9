"""The blocks of the page Teach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analyzer.database import KeptCase, Reading
from analyzer.report.markup import NOTHING, Html, element
from analyzer.resources import load_toml
from analyzer.training.adapt import Adaptation
from analyzer.training.agreement import Agreement
from analyzer.training.dataset import LABELS
from analyzer.ui.marks import shown_characters
from analyzer.ui.teach_figures import AgainstModel, TagCorrections

_SHOWN_HISTORY = 12


def masthead() -> Html:
    """The page's title and its promise."""
    return element(
        "header",
        element("h1", "Teach it how you read"),
        element(
            "p",
            "Rate drafts as you would in a session. From twenty on, the scores can be moved towards yours, "
            "and you see on your own drafts whether that is better before anybody gets it.",
        ),
        class_="da-masthead",
    )


def case(kept: KeptCase) -> Html:
    """A draft to rate with what is known about it."""
    facts = [
        element("span", f"{name}: {value}")
        for name, value in (
            ("To", kept.case.interviewer),
            ("Company", kept.case.company),
            ("Role", kept.case.role),
            ("Kind", load_toml("messages.toml")["kinds"].get(kept.case.kind or "", "")),
        )
        if value
    ]
    notes = (
        element("section", element("h2", "Notes"), element("div", _plain(kept.case.notes), class_="da-draft da-small"))
        if kept.case.notes.strip()
        else NOTHING
    )
    return element(
        "div",
        element("p", *facts, class_="da-facts") if facts else NOTHING,
        element("div", _plain(kept.case.draft), class_="da-draft"),
        notes,
        class_="da-lists",
    )


def history(readings: Sequence[Reading]) -> Html:
    """Who said what of a draft, and when; newest first."""
    if not readings:
        return NOTHING
    items = [
        element(
            "li",
            element("strong", one.coach),
            element("span", f" · {one.at:%Y-%m-%d %H:%M} UTC", class_="da-hint-inline"),
            element("p", ", ".join(f"{label} {one.ratings[label]:g}" for label in LABELS)),
            element("p", _tags(one.faults), class_="da-hint"),
        )
        for one in reversed(readings)
    ]
    return element(
        "section",
        element("h2", "Readings of this draft"),
        element("ul", *items[:_SHOWN_HISTORY], role="list", class_="da-notes"),
    )


def compared(ratings: Mapping[str, float], model: Mapping[str, Any]) -> Html:
    """A coach's reading beside the model's, after it was saved."""
    rows = [(label.capitalize(), f"{ratings[label]:g}", f"{float(model['ratings'][label]):.1f}") for label in LABELS]
    return element(
        "section",
        element("h2", "You and the model on the draft before"),
        table(("", "you", "model"), rows),
        element("p", f"The model's faults: {_tags(model['faults'])}", class_="da-hint"),
    )


def agreement(
    model: Sequence[AgainstModel], between: Sequence[Agreement], tags: Sequence[TagCorrections], fewest: int
) -> Html:
    """All agreement there is to show."""
    few = element("p", f"There is nothing to tell before {fewest} drafts are rated that way.", class_="da-hint")
    rows = [
        (one.label.capitalize(), _kappa(one.kappa), f"{one.error:.2f}", f"{one.difference:+.2f}", str(one.readings))
        for one in model
    ]
    pairs = [
        (
            one.label.capitalize(),
            _kappa(one.kappa),
            _kappa(one.alpha),
            f"{one.exact:.0%}",
            f"{one.adjacent:.0%}",
            str(one.cases),
        )
        for one in between
    ]
    labels = load_toml("messages.toml")["faults"]
    fixed = [(labels.get(one.tag, one.tag), str(one.added), str(one.removed)) for one in tags]
    return element(
        "div",
        element(
            "section",
            element("h2", "Coaches and the model"),
            element(
                "p",
                "Kappa is 1 for perfect agreement and 0 for chance; the error is in ratings; “above you” says how far the model rates "
                "above the coaches.",
                class_="da-hint",
            ),
            table(("", "kappa", "error", "above you", "readings"), rows) if rows else few,
        ),
        element(
            "section",
            element("h2", "Coaches among themselves"),
            element(
                "p",
                "Over drafts that several have rated. Alpha is Krippendorff's, for ordered ratings.",
                class_="da-hint",
            ),
            table(("", "kappa", "alpha", "same", "within 1", "drafts"), pairs) if pairs else few,
        ),
        element(
            "section",
            element("h2", "Faults you corrected"),
            table(("", "added", "taken away"), fixed) if fixed else few,
        ),
        class_="da-lists",
    )


def changes(adaptation: Adaptation) -> bool:
    """Whether the new model says anything else than the present one."""
    return bool(adaptation.tags) or any(one.changed for one in adaptation.labels)


def learnt(adaptation: Adaptation, cases: int, base: str) -> Html:
    """The new model beside the present one, on the coaches' own drafts, each left out in turn."""
    rows = []
    for one in adaptation.labels:
        moved = f"{one.adjustment.offset:+.2f}" if one.changed else "stays"
        rows.append(
            (
                one.label.capitalize(),
                moved,
                f"{one.error_before:.2f} → {one.error_after:.2f}",
                f"{one.kappa_before:.2f} → {one.kappa_after:.2f}",
            )
        )
    tags = [f"{tag} {'more' if shift > 0 else 'less'} readily" for tag, shift in adaptation.tags.items()]
    said = f"Faults are named otherwise: {', '.join(tags)}." if tags else "Faults are named as before."
    return element(
        "section",
        element("h2", "The new model and the present one"),
        element(
            "p",
            f"On your {cases} drafts, each predicted from the others; the present model is “{base}”. A rating moves only where your "
            "own drafts prove that it should.",
            class_="da-hint",
        ),
        table(("", "moved by", "error", "kappa"), rows),
        element("p", said, class_="da-hint"),
    )


def promotions(entries: Sequence[Mapping[str, Any]]) -> Html:
    """Which model was the default when, newest first."""
    if not entries:
        return NOTHING
    items = [
        element(
            "li",
            element("strong", str(one["promoted"])),
            f" {'was restored' if one.get('back') else 'became the default'}",
            element("span", f" · {str(one.get('at', ''))[:16].replace('T', ' ')} UTC", class_="da-hint-inline"),
        )
        for one in reversed(entries)
    ]
    return element(
        "section",
        element("h3", "Models so far"),
        element("ul", *items[:_SHOWN_HISTORY], role="list", class_="da-notes"),
    )


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Html:
    """A table whose first column names the rows."""
    return element(
        "div",
        element(
            "table",
            element("thead", element("tr", *(element("th", name, scope="col") for name in head))),
            element(
                "tbody",
                *(
                    element("tr", element("th", row[0], scope="row"), *(element("td", cell) for cell in row[1:]))
                    for row in rows
                ),
            ),
        ),
        class_="da-table",
        tabindex=0,
    )


def _tags(tags: Sequence[str]) -> str:
    labels = load_toml("messages.toml")["faults"]
    return "; ".join(labels.get(tag, tag) for tag in tags) or "no faults"


def _kappa(value: float) -> str:
    return "–" if value != value else f"{value:.2f}"


def _plain(text: str) -> str:
    return "".join(shown_characters(text))
