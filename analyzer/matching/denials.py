"""What the notes say is not so, and the draft says is ("no robots" noted, "a treat to see the robots at work" written)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from analyzer.matching.clauses import clause_around, speaks_of_elsewhere
from analyzer.parsing.words import Token, is_common, tokens_of
from analyzer.resources import load_toml
from analyzer.types import Conflict, Draft

_SHORTEST_STEM = 3
_DENIED_AFTER = re.compile(r"\b(?:not|never|nobody|no longer|without|instead)\b|n['’]t\b", re.IGNORECASE)


@lru_cache(maxsize=8)
def _pattern(key: str) -> re.Pattern[str]:
    return re.compile(load_toml("facts.toml")["denied"][key], re.IGNORECASE)


def _denied(notes: str) -> list[tuple[str, str]]:
    """Stems of things the notes deny, each with the noted words."""
    found = []
    for match in _pattern("noted").finditer(notes):
        rare = [
            token
            for token in tokens_of(notes, match.start("thing"), match.end("thing"))
            if not is_common(token.text) and not token.is_figure and len(token.stem) >= _SHORTEST_STEM
        ]
        if rare:
            found.append((rare[0].stem, notes[match.start() : rare[0].end]))
    return found


def _affirmed(text: str, low: int, high: int, token: Token) -> bool:
    denied = _pattern("negation").search(text, low, token.start) or _DENIED_AFTER.search(text, token.end, high)
    return not denied and bool(
        _pattern("praised").search(text, low, token.start) or _pattern("stated").match(text, token.end, high)
    )


def denial_conflicts(draft: Draft, sentences: Sequence[tuple[int, int]]) -> tuple[Conflict, ...]:
    """Things the draft praises or states that the notes deny in so many words."""
    denied = _denied(draft.case.notes)
    found = []
    for start, end in sentences:
        for token in tokens_of(draft.text, start, end):
            noted = next((words for stem, words in denied if stem == token.stem), "")
            if not noted:
                continue
            low, high = clause_around(draft.text, start, end, token.start, token.end)
            if _affirmed(draft.text, low, high, token) and not speaks_of_elsewhere(
                draft.text, low, high, token.start, token.end
            ):
                message = f"Your notes say “{noted}”; here “{token.text}” is spoken of as if it were so."
                found.append(Conflict("wrong_fact", token.start, token.end, token.text, noted, message))
    return tuple(found)
