"""The rubric's traits and how each is measured.

Adding a trait: a module like ``focus.py`` and one line in ``TRAITS``; its label is the column of that name in the ratings.
"""

from __future__ import annotations

from analyzer.traits import concision, enthusiasm, focus, frame, grammar, specificity
from analyzer.traits.base import Measured, Trait
from analyzer.types import Evidence

__all__ = ["TRAITS", "TRAIT_NAMES", "Trait", "measure"]

TRAITS: tuple[Trait, ...] = (specificity.TRAIT, focus.TRAIT, concision.TRAIT, enthusiasm.TRAIT, grammar.TRAIT)
TRAIT_NAMES: tuple[str, ...] = tuple(trait.name for trait in TRAITS)


def measure(evidence: Evidence) -> dict[str, float]:
    """One row of features of one draft: finite floats, always the same names in the same order."""
    measured = Measured(evidence)
    row: dict[str, float] = {}
    for trait in TRAITS:
        row.update(trait.measure(measured))
    row.update(frame.measure(measured))
    return row
