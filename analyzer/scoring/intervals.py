"""Intervals that hold the mean human rating in about 80 % of cases, from held-out errors (split conformal, by predicted level)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analyzer.types import HIGHEST_RATING, LOWEST_RATING, Rating

COVERAGE = 0.80
# errors are pooled over this many of the nearest predictions: enough for a stable tenth percentile
_NEAREST = 80
_KNOTS = np.linspace(LOWEST_RATING, HIGHEST_RATING, 9)
# factors tried on all widths, and what a border may miss a rating by and still hold it
_FACTORS = np.arange(0.50, 1.501, 0.01)
_SLACK = 1e-9


@dataclass(frozen=True, slots=True)
class Intervals:
    """How far below and above a prediction the human rating may lie, at nine knots of the scale. Shapes (9,)."""

    below: NDArray[np.float64]
    above: NDArray[np.float64]

    def rating(self, predicted: float, widen: float = 1.0) -> Rating:
        """The prediction with its interval, all inside 1..5; ``widen`` > 1 where the draft is unlike the training cases."""
        value = float(np.clip(predicted, LOWEST_RATING, HIGHEST_RATING))
        low = value - widen * float(np.interp(value, _KNOTS, self.below))
        high = value + widen * float(np.interp(value, _KNOTS, self.above))
        return Rating(value, max(LOWEST_RATING, min(low, value)), min(HIGHEST_RATING, max(high, value)))


def fit_intervals(predicted: NDArray[np.float64], observed: NDArray[np.float64]) -> Intervals:
    """Learn from predictions made for writers that were held out.

    Tails are taken at every knot by itself, then all widths are multiplied by one factor: ratings pile up at the ends of the scale,
    where a tail falls inside a heap of equal errors and the interval would hold more than it says.
    """
    below, above = [], []
    tail = (1.0 - COVERAGE) / 2.0
    for knot in _KNOTS:
        nearest = np.argsort(np.abs(predicted - knot), kind="stable")[:_NEAREST]
        errors = observed[nearest] - predicted[nearest]
        below.append(max(0.0, -float(np.quantile(errors, tail))))
        above.append(max(0.0, float(np.quantile(errors, 1.0 - tail))))
    return _calibrated(Intervals(np.array(below), np.array(above)), predicted, observed)


def _calibrated(intervals: Intervals, predicted: NDArray[np.float64], observed: NDArray[np.float64]) -> Intervals:
    """The same widths times the factor that brings the share of ratings held closest to ``COVERAGE`` (the larger of equals)."""
    values = np.clip(predicted, LOWEST_RATING, HIGHEST_RATING)
    below, above = (np.interp(values, _KNOTS, widths) for widths in (intervals.below, intervals.above))

    def miss(factor: float) -> tuple[float, float]:
        low = np.maximum(LOWEST_RATING, values - factor * below) - _SLACK
        high = np.minimum(HIGHEST_RATING, values + factor * above) + _SLACK
        held = float(np.mean((low <= observed) & (observed <= high)))
        return abs(held - COVERAGE), -factor

    best = min((float(factor) for factor in _FACTORS), key=miss)
    return Intervals(intervals.below * best, intervals.above * best)
