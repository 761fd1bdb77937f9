"""How far the raters of a data set agree with each other, by label, by kind of message and by fault tag."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from analyzer.training import metrics
from analyzer.training.dataset import LABELS, LabelledCase, fault_tags
from analyzer.types import KINDS


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement on one label over all pairs of readings of the same case; NaN where there is no such pair.

    ``same``, ``one_apart`` and ``further`` count pairs. ``kappa`` is quadratic weighted, ``alpha`` is Krippendorff's for ordinal
    ratings; both are 1 for perfect and 0 for chance. ``difference`` is the mean of the later rater's rating less the earlier
    one's, raters in the order of their names, in rating units.
    """

    label: str
    cases: int
    same: int
    one_apart: int
    further: int
    kappa: float
    alpha: float
    difference: float

    @property
    def exact(self) -> float:
        """Share 0..1 of pairs that agree."""
        return self._share(self.same)

    @property
    def adjacent(self) -> float:
        """Share 0..1 of pairs at most 1 apart."""
        return self._share(self.same + self.one_apart)

    def _share(self, count: int) -> float:
        pairs = self.same + self.one_apart + self.further
        return count / pairs if pairs else float("nan")


@dataclass(frozen=True, slots=True)
class TagAgreement:
    """How often a tag was given (readings), and when one reading has it, how likely the other has it too (0..1, NaN if never)."""

    tag: str
    given: int
    positive_agreement: float


GROUPS: Mapping[str, Callable[[LabelledCase], bool]] = {
    **{kind: lambda case, kind=kind: case.case.kind == kind for kind in KINDS},  # type: ignore[misc]
    "with notes": lambda case: bool(case.case.notes.strip()),
    "without notes": lambda case: not case.case.notes.strip(),
}


def agreement(cases: Sequence[LabelledCase], label: str) -> Agreement:
    """Agreement on one label over the cases with at least two readings."""
    readings = [
        [reading.ratings[label] for reading in sorted(case.labels, key=lambda reading: reading.rater)]
        for case in cases
        if len(case.labels) >= 2
    ]
    if not readings:
        return Agreement(label, 0, 0, 0, 0, float("nan"), float("nan"), float("nan"))
    pairs = np.array([pair for row in readings for pair in combinations(row, 2)])
    first, second = pairs[:, 0], pairs[:, 1]
    gaps = np.abs(first - second)
    return Agreement(
        label,
        len(readings),
        int(np.sum(gaps == 0)),
        int(np.sum((gaps > 0) & (gaps <= 1))),
        int(np.sum(gaps > 1)),
        metrics.rounded_kappa(first, second),
        ordinal_alpha(readings),
        float(np.mean(second - first)),
    )


def agreement_by_label(cases: Sequence[LabelledCase]) -> tuple[Agreement, ...]:
    """Agreement on every label, in the rubric's order."""
    return tuple(agreement(cases, label) for label in LABELS)


def agreement_by_group(cases: Sequence[LabelledCase]) -> dict[str, tuple[Agreement, ...]]:
    """Agreement on every label among the cases of each kind, and among those with and without notes."""
    return {name: agreement_by_label([case for case in cases if chosen(case)]) for name, chosen in GROUPS.items()}


def tag_agreement(cases: Sequence[LabelledCase]) -> tuple[TagAgreement, ...]:
    """Agreement on every fault tag, in the rubric's order. Positive agreement is 2 both / (first + second) over pairs."""
    found = []
    for tag in fault_tags():
        given = both = either = 0
        for case in cases:
            said = [tag in reading.faults for reading in case.labels]
            given += sum(said)
            for first, second in combinations(said, 2):
                both += 2 * (first and second)
                either += first + second
        found.append(TagAgreement(tag, given, both / either if either else float("nan")))
    return tuple(found)


def ordinal_alpha(readings: Sequence[Sequence[float]]) -> float:
    """Krippendorff's alpha for ordinal ratings; each row holds the ratings of one case, by however many raters.

    Rows with fewer than two ratings do not count. 1 is perfect, 0 is chance; 1 where all ratings are one value, NaN where
    nothing can be compared. After Krippendorff, "Computing Krippendorff's alpha-reliability" (2011).
    """
    rows = [row for row in readings if len(row) >= 2]
    if not rows:
        return float("nan")
    values = sorted({rating for row in rows for rating in row})
    place = {value: number for number, value in enumerate(values)}
    coincidences = np.zeros((len(values), len(values)))
    for row in rows:
        counts = np.bincount([place[rating] for rating in row], minlength=len(values)).astype(float)
        coincidences += (np.outer(counts, counts) - np.diag(counts)) / (len(row) - 1)
    totals: NDArray[np.float64] = coincidences.sum(axis=0)
    ranks = np.cumsum(totals) - totals / 2
    distances = (ranks[:, None] - ranks[None, :]) ** 2
    expected = float(np.sum(np.outer(totals, totals) * distances))
    if expected == 0:
        return 1.0
    return float(1.0 - (totals.sum() - 1) * np.sum(coincidences * distances) / expected)
