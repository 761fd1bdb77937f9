"""The records of a cohort: what is shown, ready to be shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

HISTOGRAM_BINS = 20
"""Bins of a distribution of scores 0..100, five points each."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How the scores 0..100 of one trait, or of the whole, are spread. ``bins`` count them in steps of five points."""

    name: str
    count: int
    bins: tuple[int, ...]
    mean: float
    low: float
    median: float
    high: float
    """The quartiles: a quarter of the drafts lies below ``low``, a quarter above ``high``."""


@dataclass(frozen=True, slots=True)
class Example:
    """Words of a draft that show a fault, names hidden."""

    quote: str
    advice: str


@dataclass(frozen=True, slots=True)
class FaultFigure:
    """A fault, in how many drafts it is, and a few examples."""

    tag: str
    label: str
    count: int
    share: float
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Sent:
    """One draft of a participant: the row's place in the batch, its id, and what it was rated."""

    place: int
    id: str
    score: float
    traits: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Person:
    """A participant with the drafts sent, first to last."""

    name: str
    drafts: tuple[Sent, ...]

    @property
    def gain(self) -> float:
        """Points from the first draft to the last."""
        return self.drafts[-1].score - self.drafts[0].score


@dataclass(frozen=True, slots=True)
class Help:
    """Somebody who may need help, and why."""

    name: str
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Copied:
    """Drafts of different people that are one text: who, how alike (0..1), and two of them."""

    names: tuple[str, ...]
    likeness: float
    texts: tuple[tuple[str, str], tuple[str, str]]
    """Two drafts, each with its person's name."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """All of it."""

    title: str
    drafts: int
    people: int
    kinds: tuple[tuple[str, int], ...]
    failures: tuple[tuple[str, int], ...]
    overall: Scale
    traits: tuple[Scale, ...]
    faults: tuple[FaultFigure, ...]
    faultless: int
    good: int
    weak: int
    pairs: tuple[Person, ...]
    trait_gains: Mapping[str, float]
    help: tuple[Help, ...]
    help_count: int
    copied: tuple[Copied, ...]
    compared: int
    """How many drafts were compared with each other."""


Report = Mapping[str, Any]
"""A report as the contract's JSON object."""
