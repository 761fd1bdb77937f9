"""A page for one participant to take home: the last draft with its marks, what to do, and how it moved since the first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analyzer.cohort import Person
from analyzer.report import charts
from analyzer.report.cohort_html import ESTIMATE, STYLE
from analyzer.report.markup import NOTHING, Html, element, joined, page
from analyzer.resources import load_toml, resource_path
from analyzer.types import score_of

_RANKS = {"fix": 0, "improve": 1, "praise": 2}
_HEADINGS = {"fix": "Fix before you send", "improve": "Could be better", "praise": "What works"}
_SHOWN = {"fix": 12, "improve": 8, "praise": 4}
_SHOWN_MISSED = 4
_SHOWN_REWRITES = 5

Report = Mapping[str, Any]


def person_page(person: Person, reports: Sequence[Report], drafts: Sequence[str]) -> str:
    """The whole file; ``reports`` and ``drafts`` are the person's, first to last. The last is shown first."""
    style = resource_path(STYLE).read_text(encoding="utf-8")
    latest, text = reports[-1], drafts[-1]
    body = element(
        "main",
        _head(person, latest),
        _change(person),
        _judged(latest, text),
        element("footer", f"{ESTIMATE} “Likely” holds what a careful reader would say four times out of five."),
    )
    return page(f"{person.name}: your draft", style, body)


def _head(person: Person, report: Report) -> Html:
    kinds: dict[str, str] = load_toml("messages.toml")["kinds"]
    which = "Your draft" if len(person.drafts) == 1 else f"Your draft number {len(person.drafts)}"
    return element(
        "header",
        element("p", person.name, class_="eyebrow"),
        element("h1", "How will your message land?"),
        element("p", f"{which}, a {kinds.get(report['kind'], 'message')}.", class_="lead"),
    )


def _change(person: Person) -> Html:
    if len(person.drafts) < 2:
        return NOTHING
    moved = [
        (name, person.drafts[-1].traits[name] - person.drafts[0].traits[name])
        for name in person.drafts[0].traits
        if name in person.drafts[-1].traits
    ]
    gains = [element("li", f"{name} ", element("b", f"{gain:+.0f}")) for name, gain in moved]
    return element(
        "section",
        element("h2", f"{person.gain:+.0f} points since your first draft"),
        element(
            "div", charts.change((Person("you", person.drafts),)), element("ul", *gains, class_="gains"), class_="card"
        ),
    )


def _judged(report: Report, text: str) -> Html:
    order = sorted(
        range(len(report["findings"])),
        key=lambda at: (report["findings"][at]["start"], _RANKS[report["findings"][at]["severity"]]),
    )
    shown = _chosen([report["findings"][at] for at in order])
    numbered = list(enumerate(shown, start=1))
    remarks = joined(_remarks(severity, numbered) for severity in _HEADINGS)
    return joined(
        (
            element("section", _overall(report), class_="overall"),
            element(
                "section",
                element(
                    "div",
                    element("h2", "Your draft, marked"),
                    element("div", marked(text, numbered), class_="card draft"),
                ),
                element("div", remarks, _missed(report), _timing(report), class_="side"),
                class_="two",
            ),
            _rewrites(report),
        )
    )


def _overall(report: Report) -> Html:
    messages = load_toml("messages.toml")
    overall = report["overall"]
    verdict = messages["overall"][str(min(5, max(1, round(overall["rating"]))))]
    faults = [element("li", messages["faults"].get(fault["tag"], fault["tag"])) for fault in report["faults"]]
    traits = [_trait(name, trait) for name, trait in report["traits"].items()]
    score = float(overall["score"])
    return joined(
        (
            element(
                "div",
                element("span", f"{score:.0f}", class_=f"big {charts.tone(score)}"),
                element("span", f" of 100, likely {_low(overall):.0f} to {_high(overall):.0f}", class_="quiet"),
                charts.gauge(score, _low(overall), _high(overall)),
                element("p", verdict),
                element("ul", *faults, class_="plain") if faults else NOTHING,
                class_="card",
            ),
            element("ul", *traits, class_="card traits"),
        )
    )


def _trait(name: str, trait: Mapping[str, Any]) -> Html:
    score = float(trait["score"])
    return element(
        "li",
        element("h3", name.capitalize()),
        element("span", f"{score:.0f}", class_=f"score {charts.tone(score)}"),
        charts.gauge(score, _low(trait), _high(trait)),
        element("p", trait["why"]),
    )


def _low(rating: Mapping[str, Any]) -> float:
    return score_of(float(rating["interval"][0]))


def _high(rating: Mapping[str, Any]) -> float:
    return score_of(float(rating["interval"][1]))


def _chosen(findings: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The first of each severity, in text order."""
    left = dict(_SHOWN)
    chosen = []
    for finding in findings:
        if left[finding["severity"]] > 0:
            left[finding["severity"]] -= 1
            chosen.append(finding)
    return chosen


def _remarks(severity: str, numbered: Sequence[tuple[int, Mapping[str, Any]]]) -> Html:
    items = []
    for number, finding in numbered:
        if finding["severity"] == severity:
            hints = [hint for hint in finding["suggestions"] if hint.strip()][:3] if severity != "praise" else []
            hint = element("b", f" → {' / '.join(hints)}") if hints else NOTHING
            items.append(
                element(
                    "li",
                    element("span", str(number), class_=f"n {severity}"),
                    element("span", finding["message"], hint),
                )
            )
    if not items:
        return NOTHING
    return element("section", element("h2", _HEADINGS[severity]), element("ul", *items, class_="remarks"))


def marked(text: str, numbered: Sequence[tuple[int, Mapping[str, Any]]]) -> Html:
    """The draft with the words of every finding marked, by colour and line, and its number behind them."""
    edges = sorted({0, len(text), *(finding[edge] for _, finding in numbered for edge in ("start", "end"))})
    parts: list[Html | str] = []
    for place, edge in enumerate(edges):
        for number, finding in numbered:
            if finding["end"] == edge:
                parts.append(element("span", str(number), class_=f"n {finding['severity']}"))
        following = edges[place + 1] if place + 1 < len(edges) else edge
        if following > edge:
            piece = text[edge:following]
            over = [
                finding["severity"]
                for _, finding in numbered
                if finding["start"] <= edge and following <= finding["end"]
            ]
            parts.append(element("mark", piece, class_=min(over, key=_RANKS.__getitem__)) if over else piece)
    return joined(parts)


def _missed(report: Report) -> Html:
    if not report["missed"]:
        return NOTHING
    items = [element("li", item) for item in report["missed"][:_SHOWN_MISSED]]
    return element("section", element("h2", "In your notes, not in your draft"), element("ul", *items, class_="plain"))


def _timing(report: Report) -> Html:
    if not report["timing"]:
        return NOTHING
    return element("section", element("h2", "When to send"), element("p", report["timing"]["message"]))


def _rewrites(report: Report) -> Html:
    if not report["rewrites"]:
        return NOTHING
    items = [
        element("li", f"“{edit['before']}” ", element("b", f"→ “{edit['after']}”"), f" {edit['why']}")
        for edit in report["rewrites"][:_SHOWN_REWRITES]
    ]
    return element("section", element("h2", "You could say"), element("ul", *items, class_="plain"))
