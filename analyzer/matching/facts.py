"""Facts of the draft that contradict the notes: every check of its own kind, the findings merged.

Adding a check: a module with a function like the others, and one line in ``FACT_CHECKS``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from analyzer.matching.denials import denial_conflicts
from analyzer.matching.endpoints import (
    end_conflicts,
    event_conflicts,
    site_conflicts,
    successor_conflicts,
    target_conflicts,
)
from analyzer.matching.figures import figure_conflicts
from analyzer.matching.slots import slot_conflicts
from analyzer.matching.swaps import direction_conflicts, turned_conflicts, voice_conflicts
from analyzer.types import Conflict, Draft

__all__ = ["FACT_CHECKS", "fact_conflicts"]

FactCheck = Callable[[Draft, Sequence[tuple[int, int]]], tuple[Conflict, ...]]

FACT_CHECKS: tuple[FactCheck, ...] = (
    figure_conflicts,
    slot_conflicts,
    turned_conflicts,
    direction_conflicts,
    voice_conflicts,
    denial_conflicts,
    end_conflicts,
    target_conflicts,
    successor_conflicts,
    site_conflicts,
    event_conflicts,
)


def fact_conflicts(draft: Draft, sentences: Sequence[tuple[int, int]]) -> tuple[Conflict, ...]:
    """What every check found, in text order; of findings that overlap the first check's is kept. Silent without notes."""
    if not draft.case.notes.strip():
        return ()
    kept: list[Conflict] = []
    for check in FACT_CHECKS:
        for conflict in check(draft, sentences):
            if not any(conflict.start < other.end and other.start < conflict.end for other in kept):
                kept.append(conflict)
    return tuple(sorted(kept, key=lambda conflict: conflict.start))
