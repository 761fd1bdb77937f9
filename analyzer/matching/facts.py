"""Figures of the draft that contradict the notes."""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.parsing.words import Token, is_common, number_key, tokens_of
from analyzer.resources import load_toml
from analyzer.types import Conflict, Draft


def _counted(tokens: tuple[Token, ...]) -> Iterator[tuple[Token, str]]:
    """A figure and the stem of what it counts: the next word."""
    for index, token in enumerate(tokens):
        if not token.is_figure or index + 1 == len(tokens):
            continue
        later = tokens[index + 1]
        if not later.is_figure and not is_common(later.text) and later.start - token.end <= 1 and later.stem not in _UNITS:
            yield token, later.stem


# "3 weeks" of one thing does not contradict "2 weeks" of another
_UNITS = frozenset({"week", "month", "year", "hour", "minut", "day", "people", "person", "metr", "mile", "kilo"})


def figure_conflicts(draft: Draft) -> tuple[Conflict, ...]:
    """Figures that the notes give otherwise for the same thing ("14 depots" where the notes count 11).

    A conflict needs the same counted word in both, a figure that stands nowhere in the notes, and only one figure for that word in each.
    """
    notes = tokens_of(draft.case.notes)
    in_notes = {number_key(token.text) for token in notes if number_key(token.text)}
    noted: dict[str, set[str]] = {}
    for token, unit in _counted(notes):
        noted.setdefault(unit, set()).add(token.text)
    found = []
    for start, end in draft.spans_of("body"):
        for token, unit in _counted(tokens_of(draft.text, start, end)):
            expected = noted.get(unit, set())
            if len(expected) != 1 or number_key(token.text) in in_notes:
                continue
            right = next(iter(expected))
            found.append(Conflict("wrong_fact", token.start, token.end, token.text, right, f"Your notes say {right}, not {token.text}."))
    return tuple(found)


def days_of(text: str) -> frozenset[str]:
    """Days of the week a text names, in full and lower case, abbreviations undone."""
    days = load_toml("notes.toml")["calendar"]["days"]
    return frozenset(day for token in tokens_of(text) for day in days if token.stem in (day, day[:-1]))
