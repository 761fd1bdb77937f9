"""The trained model: from features to ratings, intervals, contributions and faults. No training here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import expit

from analyzer.scoring.caps import OVERALL_COSTS, SPECIFICITY_CAPS, cap_of_row, cost_of_row
from analyzer.scoring.featurize import Featurizer
from analyzer.scoring.intervals import Intervals
from analyzer.scoring.kind_model import KindModel
from analyzer.scoring.ordinal import OrdinalModel
from analyzer.types import HIGHEST_RATING, LOWEST_RATING, Contribution, Fault, Rating

# contributions weaker than this (rating units) move nothing a reader would notice
_LEAST_EFFECT = 0.03
_MOST_CONTRIBUTIONS = 12
# a point of a trait's rating counts in the overall model as this many deviations of a feature
RATING_WEIGHT = 2.5
MIDDLE = (LOWEST_RATING + HIGHEST_RATING) / 2.0


@dataclass(frozen=True, slots=True)
class Scale:
    """Linear map from the shrunken expected rating to the raters' own spread (as RSMTool scales: same mean, same deviation)."""

    slope: float
    offset: float

    def apply(self, predicted: NDArray[np.float64]) -> NDArray[np.float64]:
        """Scaled ratings, trimmed to 1..5."""
        return np.clip(predicted * self.slope + self.offset, LOWEST_RATING, HIGHEST_RATING)


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What a coach's labels changed in one rating: a straight line through the middle of the scale, and the width of the intervals.

    A model that no coach has taught has the default, which changes nothing.
    """

    slope: float = 1.0
    offset: float = 0.0
    widen: float = 1.0

    def apply(self, ratings: NDArray[np.float64]) -> NDArray[np.float64]:
        """Adjusted ratings, trimmed to 1..5."""
        if self.slope == 1.0 and self.offset == 0.0:
            return ratings
        return np.clip((ratings - MIDDLE) * self.slope + MIDDLE + self.offset, LOWEST_RATING, HIGHEST_RATING)


@dataclass(frozen=True, slots=True)
class RatingModel:
    """One trait's (or the overall's) ordinal model with its scale and intervals, and what a coach adjusted."""

    ordinal: OrdinalModel
    scale: Scale
    intervals: Intervals
    adjustment: Adjustment = Adjustment()

    def predict(self, matrix: Any) -> NDArray[np.float64]:
        """Ratings 1..5 before any adjustment, shape (n_drafts,)."""
        return self.scale.apply(self.ordinal.expected(matrix))

    def rated(self, predicted: NDArray[np.float64]) -> tuple[Rating, ...]:
        """Predictions with the adjustment and the intervals."""
        widen = self.adjustment.widen
        return tuple(self.intervals.rating(float(value), widen) for value in self.adjustment.apply(predicted))


@dataclass(frozen=True, slots=True)
class FaultModel:
    """Logistic model of one fault tag; ``threshold`` is the probability from which it holds.

    ``rule_feature`` names the feature that decides by itself where code can see the fault for certain; then the two calibrated
    probabilities (with it, without it) replace the logistic ones.
    """

    slopes: NDArray[np.float64]
    intercept: float
    threshold: float
    rule_feature: str = ""
    probability_with: float = 1.0
    probability_without: float = 0.0

    def probabilities(self, matrix: Any, rows: Sequence[Mapping[str, float]]) -> NDArray[np.float64]:
        """Shape (n_drafts,), 0..1."""
        if self.rule_feature:
            return np.array(
                [self.probability_with if row[self.rule_feature] > 0 else self.probability_without for row in rows]
            )
        return np.asarray(expit(np.asarray(matrix @ self.slopes).reshape(-1) + self.intercept))


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the model says of one draft, before the caps."""

    traits: Mapping[str, Rating]
    contributions: Mapping[str, tuple[Contribution, ...]]
    overall: Rating
    overall_contributions: tuple[Contribution, ...]
    faults: tuple[Fault, ...]

    def lower(self, other: Judgement) -> Judgement:
        """Of each rating the lower one with its reasons; of the faults every one, at its higher probability."""
        traits, reasons = dict(self.traits), dict(self.contributions)
        for name, rating in other.traits.items():
            if rating.value < traits[name].value:
                traits[name], reasons[name] = rating, other.contributions[name]
        overall, overall_reasons = self.overall, self.overall_contributions
        if other.overall.value < overall.value:
            overall, overall_reasons = other.overall, other.overall_contributions
        likeliest: dict[str, Fault] = {}
        for fault in (*self.faults, *other.faults):
            if fault.tag not in likeliest or fault.probability > likeliest[fault.tag].probability:
                likeliest[fault.tag] = fault
        faults = sorted(likeliest.values(), key=lambda fault: (-fault.probability, fault.tag))
        return Judgement(traits, reasons, overall, overall_reasons, tuple(faults))


@dataclass(frozen=True, slots=True)
class Model:
    """Everything that was learnt: featurizer, one rating model a trait, the overall's, one model a fault tag, the kind classifier."""

    featurizer: Featurizer
    traits: Mapping[str, RatingModel]
    overall: RatingModel
    faults: Mapping[str, FaultModel]
    kind_classifier: KindModel
    version: str = ""

    def rate_overall(
        self, matrix: Any, traits: Mapping[str, NDArray[np.float64]], rows: Sequence[Mapping[str, float]]
    ) -> tuple[Any, NDArray[np.float64]]:
        """The overall model's matrix and its ratings 1..5, shape (n_drafts,), before the rubric's caps.

        The model sees the traits as a report shows them, specificity with its cap, but without a coach's adjustments: a coach who is
        strict about one trait has said nothing about the whole.
        """
        caps = np.array([cap_of_row(row, SPECIFICITY_CAPS) for row in rows])
        stacked = overall_matrix(matrix, {**traits, "specificity": np.minimum(traits["specificity"], caps)})
        costs = np.array([cost_of_row(row, OVERALL_COSTS) for row in rows])
        return stacked, np.maximum(LOWEST_RATING, self.overall.predict(stacked) - costs)

    def rate(self, matrix: Any, rows: Sequence[Mapping[str, float]]) -> tuple[Any, dict[str, tuple[Rating, ...]]]:
        """The overall model's matrix, and the ratings with intervals by label (traits and ``overall``), before the rubric's caps."""
        predicted = {name: model.predict(matrix) for name, model in self.traits.items()}
        stacked, overall = self.rate_overall(matrix, predicted, rows)
        ratings = {name: model.rated(predicted[name]) for name, model in self.traits.items()}
        return stacked, {**ratings, "overall": self.overall.rated(overall)}

    def judge(self, rows: Sequence[Mapping[str, float]], texts: Sequence[str]) -> tuple[Judgement, ...]:
        """Judge several drafts at once; the result of one does not depend on the others."""
        if not rows:
            return ()
        matrix = self.featurizer.matrix(rows, texts)
        names = self.featurizer.column_names
        stacked, ratings = self.rate(matrix, rows)
        probabilities = {tag: model.probabilities(matrix, rows) for tag, model in self.faults.items()}
        overall_names = (*names, *(f"rating.{name}" for name in self.traits), "rating.lowest")
        judgements = []
        for index in range(len(rows)):
            faults = [
                Fault(tag, round(float(values[index]), 4))
                for tag, values in probabilities.items()
                if values[index] >= self.faults[tag].threshold
            ]
            judgements.append(
                Judgement(
                    traits={name: ratings[name][index] for name in self.traits},
                    contributions={
                        name: contributions(model, matrix[index], names) for name, model in self.traits.items()
                    },
                    overall=ratings["overall"][index],
                    overall_contributions=contributions(self.overall, stacked[index], overall_names),
                    faults=tuple(sorted(faults, key=lambda fault: (-fault.probability, fault.tag))),
                )
            )
        return tuple(judgements)


def overall_matrix(matrix: Any, predicted: Mapping[str, NDArray[np.float64]]) -> Any:
    """The overall model sees the same columns, the trait ratings and the lowest of them, centred on the middle of the scale.

    ``predicted`` is what a report shows: specificity with its cap. The lowest has a column of its own, because the rubric's overall
    is no average: one grave fault decides. Ratings weigh more than single columns, so that the penalty leaves them alone.
    """
    ratings = np.column_stack([values - MIDDLE for values in predicted.values()])
    columns = np.column_stack([ratings, ratings.min(axis=1)]) * RATING_WEIGHT
    return sparse.hstack([matrix, sparse.csr_matrix(columns)], format="csr")


def contributions(model: RatingModel, row: Any, names: Sequence[str]) -> tuple[Contribution, ...]:
    """How far each column moved the rating away from the average draft's, in rating units, strongest first.

    Exact up to the curvature of the logistic: slope × standardised value × local steepness × scale.
    """
    steepness = float(model.ordinal.slope_in_rating_units(row)[0]) * model.scale.slope * model.adjustment.slope
    found = []
    for column, value in zip(row.indices, row.data, strict=True):
        effect = float(model.ordinal.slopes[column] * value * steepness)
        if abs(effect) >= _LEAST_EFFECT:
            found.append(Contribution(names[column], round(float(value), 4), round(effect, 4)))
    found.sort(key=lambda contribution: (-abs(contribution.effect), contribution.feature))
    return tuple(found[:_MOST_CONTRIBUTIONS])
