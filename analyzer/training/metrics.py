"""Agreement figures, as the field of automated scoring reports them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_BOOTSTRAP_SAMPLES = 400
Ratings = NDArray[np.float64]


def quadratic_weighted_kappa(observed: Ratings, predicted: Ratings) -> float:
    """Quadratic weighted kappa of two rating vectors, unrounded: 1 - mean((o-p)^2) / expected under independence.

    The same as the usual kappa where both are whole numbers, and defined for means of raters and continuous predictions too
    (Haberman 2019, "Measures of agreement versus measures of prediction accuracy", ETS). 1 is perfect, 0 is chance.
    """
    expected = observed.var() + predicted.var() + (observed.mean() - predicted.mean()) ** 2
    return 1.0 if expected == 0 else float(1.0 - np.mean((observed - predicted) ** 2) / expected)


def rounded_kappa(observed: Ratings, predicted: Ratings) -> float:
    """Quadratic weighted kappa after rounding both to whole ratings (halves up)."""
    return quadratic_weighted_kappa(np.floor(observed + 0.5), np.floor(predicted + 0.5))


def kappa_interval(
    observed: Ratings, predicted: Ratings, groups: NDArray[np.str_], seed: int = 0
) -> tuple[float, float]:
    """95 % interval of the rounded kappa by bootstrap over cases within each writer."""
    generator = np.random.default_rng(seed)
    by_group = [np.flatnonzero(groups == group) for group in np.unique(groups)]
    values = []
    for _ in range(_BOOTSTRAP_SAMPLES):
        sample = np.concatenate([generator.choice(members, size=len(members)) for members in by_group])
        values.append(rounded_kappa(observed[sample], predicted[sample]))
    return float(np.quantile(values, 0.025)), float(np.quantile(values, 0.975))


def mean_absolute_error(observed: Ratings, predicted: Ratings) -> float:
    """In rating units."""
    return float(np.mean(np.abs(observed - predicted)))


def within_one(observed: Ratings, predicted: Ratings) -> float:
    """Share of cases (0..1) whose rating is missed by no more than 1."""
    return float(np.mean(np.abs(observed - predicted) <= 1.0))


def standardised_mean_difference(observed: Ratings, predicted: Ratings) -> float:
    """Mean of the predictions minus mean of the ratings, in deviations of the ratings."""
    spread = observed.std()
    return float((predicted.mean() - observed.mean()) / spread) if spread else 0.0


def coverage(observed: Ratings, low: Ratings, high: Ratings) -> float:
    """Share of ratings (0..1) inside their interval, borders included."""
    return float(np.mean((observed >= low - 1e-9) & (observed <= high + 1e-9)))


def precision_recall_f1(truth: NDArray[np.bool_], said: NDArray[np.bool_]) -> tuple[float, float, float]:
    """Precision, recall, F1 (0..1); NaN where nothing was there to find or say."""
    hits = float(np.sum(truth & said))
    precision = hits / float(said.sum()) if said.any() else float("nan")
    recall = hits / float(truth.sum()) if truth.any() else float("nan")
    if np.isnan(precision) and np.isnan(recall):
        return precision, recall, float("nan")
    if hits == 0:
        return precision, recall, 0.0
    return precision, recall, 2 * precision * recall / (precision + recall)


def partial_correlation(one: Ratings, other: Ratings, given: Ratings) -> float:
    """Correlation (-1..1) of two vectors after what each shares with a third is taken out; 0 where nothing is left.

    With a predicted rating, the length, and the observed rating: how much of the prediction is mere length.
    """

    def rest(values: Ratings) -> Ratings:
        spread = float(given.var())
        slope = float(np.cov(given, values, bias=True)[0, 1]) / spread if spread else 0.0
        return np.asarray(values - values.mean() - slope * (given - given.mean()))

    left, right = rest(one), rest(other)
    size = float(np.sqrt((left**2).sum() * (right**2).sum()))
    return float((left * right).sum() / size) if size > 1e-12 else 0.0


def calibration_error(truth: Ratings, probabilities: Ratings, bins: int = 10) -> float:
    """Expected calibration error (0..1): mean distance of said and seen shares over equal-width bins, weighted by their cases."""
    places = np.minimum((probabilities * bins).astype(int), bins - 1)
    total = 0.0
    for place in np.unique(places):
        inside = places == place
        total += float(inside.mean()) * abs(float(truth[inside].mean()) - float(probabilities[inside].mean()))
    return total
