"""One end of a pair exchanged: "from 14 weeks to 6" (noted: 14, wants 9), the target told as today's figure, the old system as the new one.

Each check wants one end of the pair to agree with the notes and the other to be of the same sort: agreement shows that the same thing is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from analyzer.parsing.quantities import Quantity, quantities_of, same_value
from analyzer.parsing.words import fold, is_common, stem, tokens_of
from analyzer.resources import load_toml
from analyzer.types import Conflict, Draft

# rare words that a sentence must share with the jotting beside the year itself
_SHARED_WORDS = 2
# this near behind a figure the word "target" is about it
_NEAR_CHARACTERS = 25
# figures nearer than this share of the larger are one rounded: "to about 60" for 58
_ROUNDED = 0.9
_PIECE = re.compile(r"[^.;\n]+(?:\.(?=\S)[^.;\n]*)*")

Span = tuple[int, int]


@lru_cache(maxsize=16)
def _pattern(key: str) -> re.Pattern[str]:
    return re.compile(load_toml("facts.toml")["endpoints"][key], re.IGNORECASE)


def _like(one: Quantity, other: Quantity) -> bool:
    """The same number, with units that do not speak against it ("14 wks" and "14", "9" and "9 weeks")."""
    return same_value(one, other) if one.kind == other.kind else one.number == other.number


def _rounded(one: Quantity, other: Quantity) -> bool:
    low, high = sorted((one.number, other.number))
    return low > 0 and low / high >= _ROUNDED


def _figure_pairs(text: str, start: int, end: int, joined: re.Pattern[str]) -> Iterator[tuple[Quantity, Quantity]]:
    figures = quantities_of(text, start, end)
    for at, first in enumerate(figures):
        for second in figures[at + 1 : at + 2]:
            if first.number != second.number and joined.fullmatch(text, first.end, second.start):
                yield first, second


def end_conflicts(draft: Draft, sentences: Sequence[Span]) -> tuple[Conflict, ...]:
    """A change from one figure to another of which one end is noted and the other is not."""
    notes = draft.case.notes
    noted = list(_figure_pairs(notes, 0, len(notes), _pattern("noted_change")))
    figures = quantities_of(notes)
    found = []
    for start, end in sentences:
        for pair in _figure_pairs(draft.text, start, end, _pattern("told_change")):
            for same, other in ((0, 1), (1, 0)):
                wrong = pair[other]
                right = [one[other] for one in noted if _like(one[same], pair[same])]
                if len(right) == 1 and not any(_like(wrong, fig) or _rounded(wrong, fig) for fig in figures):
                    words = draft.text[wrong.start : wrong.end]
                    told = notes[right[0].start : right[0].end]
                    message = f"Your notes say {told} here, not {words}."
                    found.append(Conflict("wrong_fact", wrong.start, wrong.end, words, told, message))
    return tuple(found)


def target_conflicts(draft: Draft, sentences: Sequence[Span]) -> tuple[Conflict, ...]:
    """The figure they want told as the one they have ("your 18-week wait", noted "wait 31 weeks, target 18")."""
    notes = draft.case.notes
    pairs = [
        (first, second)
        for first, second in _figure_pairs(notes, 0, len(notes), _pattern("noted_change"))
        if _pattern("wanted").search(notes, first.end, second.start)
    ]
    found = []
    for start, end in sentences:
        for figure in quantities_of(draft.text, start, end) if pairs else ():
            if _pattern("aim").search(draft.text, start, figure.start) or _pattern("wanted").search(
                draft.text, figure.end, min(end, figure.end + _NEAR_CHARACTERS)
            ):
                continue
            now = [first for first, second in pairs if _like(second, figure)]
            named = any(_like(other, now[0]) for other in quantities_of(draft.text)) if now else False
            if len(now) == 1 and not named and _pattern("yours").search(draft.text, start, figure.start):
                words, right = draft.text[figure.start : figure.end], notes[now[0].start : now[0].end]
                message = f"Your notes have {words} as the target; today it is {right}."
                found.append(Conflict("wrong_fact", figure.start, figure.end, words, right, message))
    return tuple(found)


def successor_conflicts(draft: Draft, sentences: Sequence[Span]) -> tuple[Conflict, ...]:
    """The system that is being left told as the one to come ("the Sage go-live", noted "leaving Sage, go-live on Odoo")."""
    notes = draft.case.notes
    found = []
    for piece in _PIECE.finditer(notes):
        left = _pattern("left").search(notes, piece.start(), piece.end())
        new = _pattern("successor").search(notes, piece.start(), piece.end())
        if not left or not new or fold(left["name"]) == fold(new["name"]):
            continue
        if not (left["name"][0].isupper() and new["name"][0].isupper()):
            continue
        name = re.escape(left["name"])
        told = re.compile(_pattern("told_new").pattern.replace("NAME", name), re.IGNORECASE)
        for start, end in sentences:
            match = told.search(draft.text, start, end)
            if match and not re.search(rf"\b{re.escape(new['name'])}\b", draft.text[start:end], re.IGNORECASE):
                low = match.start() + fold(match.group()).index(fold(left["name"]))
                high = low + len(left["name"])
                message = f"Your notes say that they leave {left['name']} and go to {new['name']}."
                found.append(Conflict("wrong_fact", low, high, draft.text[low:high], new["name"], message))
    return tuple(found)


def site_conflicts(draft: Draft, sentences: Sequence[Span]) -> tuple[Conflict, ...]:
    """A new site put in another place ("the new Owensboro building", noted "2nd DC opening in Paducah")."""
    notes = draft.case.notes
    places = [match["name"] for match in _pattern("noted_site").finditer(notes) if match["name"][0].isupper()]
    known = {fold(token.text) for text in (notes, draft.case.company, draft.case.role) for token in tokens_of(text)}
    found = []
    for start, end in sentences:
        for match in _pattern("told_site").finditer(draft.text, start, end):
            group = "name" if match["name"] else "after"
            words, (low, high) = match[group], match.span(group)
            if not words[0].isupper() or is_common(words) or fold(words) in known or len(places) != 1:
                continue
            if not re.search(rf"\b{re.escape(places[0])}\b", draft.text, re.IGNORECASE):
                message = f"Your notes have the new site in {places[0]}, not {words}."
                found.append(Conflict("wrong_fact", low, high, words, places[0], message))
    return tuple(found)


def _year_events(text: str, start: int, end: int) -> Iterator[tuple[str, str, Span]]:
    """What is said to have happened in a year: (year, stem of the event, its place)."""
    for match in _pattern("year_event").finditer(text, start, end):
        group = "before" if match["before"] else "after"
        if not is_common(match[group]):
            yield match["year"] or match["in_year"], stem(match[group]), match.span(group)


def event_conflicts(draft: Draft, sentences: Sequence[Span]) -> tuple[Conflict, ...]:
    """The event of a year exchanged ("after the flood in 2023", noted "after the 2023 inspection")."""
    notes = draft.case.notes
    noted = list(_year_events(notes, 0, len(notes)))
    known = {token.stem for token in tokens_of(notes)}
    found = []
    for start, end in sentences:
        said = {token.stem for token in tokens_of(draft.text, start, end) if not is_common(token.text)}
        for year, event, (low, high) in _year_events(draft.text, start, end):
            rivals = [(other, span) for when, other, span in noted if when == year]
            if len(rivals) != 1 or event in known or rivals[0][0] in said:
                continue
            if len(said & known - {year}) >= _SHARED_WORDS:
                words, right = draft.text[low:high], notes[slice(*rivals[0][1])]
                message = f"Your notes speak of the {right} of {year} here, not of a {words}."
                found.append(Conflict("wrong_fact", low, high, words, right, message))
    return tuple(found)
