"""Concrete details of the draft that the notes do not have: plausible ones told apart from unsupported ones.

A name or a figure that the notes lack is *plausible* where the writer speaks of things of his or her own, or of the world; it is *unsupported*
where the sentence says that the reader told it ("you said …"). Neither is an error: notes are never complete.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from analyzer.matching.clauses import clause_around, speaks_of_elsewhere
from analyzer.parsing.quantities import quantities_of, same_value
from analyzer.parsing.words import fold, is_common, tokens_of
from analyzer.resources import load_toml
from analyzer.types import Conflict, Detail, Draft, Support

_SHORTEST_LETTERS = 3


@lru_cache(maxsize=1)
def _told() -> re.Pattern[str]:
    return re.compile(load_toml("facts.toml")["recalled"]["told"], re.IGNORECASE)


def details_beyond(
    draft: Draft, sentences: Sequence[tuple[int, int]], conflicts: Sequence[Conflict]
) -> tuple[Detail, ...]:
    """Names inside sentences and figures of the draft that stand neither in the notes nor in the fields, nor contradict them."""
    case = draft.case
    if not case.notes.strip():
        return ()
    known = {
        half
        for text in (case.notes, case.interviewer, case.company, case.role)
        for token in tokens_of(text)
        for half in (token.stem, *(fold(part) for part in re.split(r"[-–/']", token.text)))
    }
    noted = quantities_of(case.notes)
    signed = {fold(t.text) for start, end in draft.spans_of("signature") for t in tokens_of(draft.text, start, end)}
    places: list[tuple[int, int, int, int]] = []
    for start, end in sentences:
        for token in tokens_of(draft.text, start, end):
            word = token.text
            if (
                word[0].isupper()
                and token.start > start
                and len(word) >= _SHORTEST_LETTERS
                and not is_common(word)
                and not known & {token.stem, fold(word), fold(word).removesuffix("'s")}
                and fold(word) not in signed
            ):
                places.append((start, end, token.start, token.end))
        for figure in quantities_of(draft.text, start, end):
            if figure.number > 1 and not any(
                same_value(figure, other) if figure.kind == other.kind else figure.number == other.number
                for other in noted
            ):
                places.append((start, end, figure.start, figure.end))
    return tuple(
        Detail(at, stop, draft.text[at:stop], _support(draft.text, start, end, at, stop))
        for start, end, at, stop in places
        if not any(at < conflict.end and conflict.start < stop for conflict in conflicts)
    )


def _support(text: str, start: int, end: int, at: int, stop: int) -> Support:
    low, high = clause_around(text, start, end, at, stop)
    if _told().search(text, low, high) and not speaks_of_elsewhere(text, low, high, at, stop):
        return "unsupported"
    return "plausible"
