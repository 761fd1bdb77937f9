"""Figures and dates of the draft that contradict the notes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from analyzer.parsing.quantities import Quantity, decision_stems, quantities_of, same_value
from analyzer.resources import load_toml
from analyzer.types import Conflict, Draft

# so many content words around two figures must be shared before the figures are taken to be about the same thing
_SHARED_WORDS = 2
_KINDS_NEVER_COMPARED = frozenset({"money"})


@lru_cache(maxsize=1)
def _elsewhere() -> re.Pattern[str]:
    return re.compile(load_toml("notes.toml")["elsewhere"]["pattern"], re.IGNORECASE)


def _about_the_same(said: Quantity, noted: Quantity) -> bool:
    shared = said.context & noted.context
    decision = bool(said.context & decision_stems()) and bool(noted.context & decision_stems())
    if said.kind == "day":
        return decision or len(shared - decision_stems()) >= _SHARED_WORDS
    if said.kind == "count":
        return bool(said.noun) and said.noun == noted.noun and len(shared) >= _SHARED_WORDS
    return len(shared - decision_stems()) >= _SHARED_WORDS


def figure_conflicts(draft: Draft, sentences: Sequence[tuple[int, int]]) -> tuple[Conflict, ...]:
    """Figures and dates that the notes give otherwise for the same thing ("decision by the 18th" where the notes say the 28th).

    A conflict needs the same kind of figure with shared words around it, a value that stands nowhere in the notes, a noted value that stands
    nowhere in the draft, and a sentence that speaks of the interview, not of the writer's own past. Pay is left alone.
    """
    notes = draft.case.notes
    everything = quantities_of(notes)
    noted = [quantity for quantity in everything if quantity.kind not in _KINDS_NEVER_COMPARED]
    if not noted:
        return ()
    said = [(quantity, start, end) for start, end in sentences for quantity in quantities_of(draft.text, start, end)]
    found = []
    for quantity, start, end in said:
        clause_start = max(draft.text.rfind(mark, start, quantity.start) for mark in ",;:–—") + 1
        clause = draft.text[max(start, clause_start) : end]
        same_kind = [other for other in noted if other.kind == quantity.kind]
        if (
            _elsewhere().search(clause)
            or _elsewhere().search(draft.text[start : quantity.end])
            or any(_same(quantity, other) for other in everything)
        ):
            continue
        rivals = [
            other for other in same_kind
            if _about_the_same(quantity, other) and not any(_same(other, elsewhere) for elsewhere, _, _ in said)
        ]  # fmt: skip
        if rivals:
            right = notes[rivals[0].start : rivals[0].end]
            words = draft.text[quantity.start : quantity.end]
            found.append(
                Conflict(
                    "wrong_fact",
                    quantity.start,
                    quantity.end,
                    words,
                    right,
                    f"Your notes say {right} here, not {words}.",
                )
            )
    return tuple(found)


def _same(one: Quantity, other: Quantity) -> bool:
    """Whether the figures agree: the same value, or the same bare number where one side leaves out the unit ("contract says 6")."""
    if one.kind == other.kind and same_value(one, other):
        return True
    return one.number == other.number and (one.kind != other.kind or one.kind not in ("day", "month"))
