"""Adapt a trained model to the labels of one coach: few labels move the shipped ratings, they do not replace the model.

Twenty to fifty labels cannot teach what thousands of words mean, but they show well where a coach is stricter or kinder. So each
label is moved along a straight line and no further, and only where the coach's own cases bear it out: the change must have made
better predictions for cases left out of it, by more than chance would (leave-one-out, two standard errors). All is shrunken
towards the model at hand, so that one odd label moves little.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analyzer.errors import DataError
from analyzer.scoring.caps import CAPS
from analyzer.scoring.intervals import COVERAGE
from analyzer.scoring.model import MIDDLE, Adjustment, FaultModel, Model, RatingModel
from analyzer.training import metrics
from analyzer.training.dataset import LABELS, Dataset, fault_tags
from analyzer.training.fit import Measurements, caps_of

FEWEST_LABELS = 20
# A labelled set of this size can stand on its own; below it the shipped model, moved, does better (see the model card).
ENOUGH_TO_REPLACE = 300
# the shipped model counts as much as so many labels of the coach: for an offset, and for a slope, which needs more proof
_PRIOR_LABELS, _PRIOR_SLOPE_LABELS = 2.0, 20.0
# a change must beat none by this many standard errors of the paired difference
_PROOF_ERRORS = 1.96
_WIDTHS = (0.7, 2.0)
# a tag needs so many cases with and without it before its probability is moved
_FEWEST_OF_A_TAG = 5
_PRIOR_LOGIT_DEVIATION = 1.0

Ratings = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Adapted:
    """What the coach's labels did to one label. Errors are mean absolute errors in rating units on cases left out in turn."""

    label: str
    adjustment: Adjustment
    error_before: float
    error_after: float
    kappa_before: float
    kappa_after: float

    @property
    def changed(self) -> bool:
        """Whether ratings move at all."""
        return self.adjustment.slope != 1.0 or self.adjustment.offset != 0.0


@dataclass(frozen=True, slots=True)
class Adaptation:
    """An adapted model and what was learnt, label by label; ``tags`` are the fault tags whose probability moved, in logits."""

    model: Model
    labels: tuple[Adapted, ...]
    tags: Mapping[str, float]


def adapt(model: Model, measurements: Measurements, dataset: Dataset) -> Adaptation:
    """The model moved towards the labels. Raises DataError where there are fewer than ``FEWEST_LABELS`` labelled cases."""
    check_teachable(dataset)
    base = without_adjustments(model)
    matrix = base.featurizer.matrix(measurements.rows, measurements.texts)
    rated, present = (each.rate(matrix, measurements.rows)[1] for each in (base, model))
    traits: dict[str, RatingModel] = dict(base.traits)
    overall = base.overall
    found = []
    for label in LABELS:
        caps = caps_of(measurements.rows, CAPS.get(label, {}))
        predicted, before = (np.array([rating.value for rating in one[label]]) for one in (rated, present))
        rating_model = base.overall if label == "overall" else traits[label]
        one = _adapted(label, rating_model, predicted, np.minimum(before, caps), dataset.means(label), caps)
        found.append(one)
        if label == "overall":
            overall = replace(overall, adjustment=one.adjustment)
        else:
            traits[label] = replace(traits[label], adjustment=one.adjustment)
    faults, moved = dict(base.faults), {}
    for tag in fault_tags():
        shares = np.array([case.fault_share(tag) for case in dataset.cases])
        shift = _logit_shift(base.faults[tag], base.faults[tag].probabilities(matrix, measurements.rows), shares)
        if shift:
            moved[tag] = shift
            faults[tag] = replace(base.faults[tag], intercept=base.faults[tag].intercept + shift)
    return Adaptation(replace(base, traits=traits, overall=overall, faults=faults), tuple(found), moved)


def check_teachable(dataset: Dataset) -> None:
    """Raise DataError, with what to do, where the labels are too few or all alike."""
    count = len(dataset.cases)
    if count < FEWEST_LABELS:
        raise DataError(
            "too_few_labels",
            f"{count} labelled case{'' if count == 1 else 's'} cannot show how you rate: label at least {FEWEST_LABELS}.",
        )
    if all(np.ptp(dataset.means(label)) == 0.0 for label in LABELS):
        raise DataError(
            "one_class",
            "Every case has the same ratings: add drafts that you rate otherwise, or there is nothing to learn.",
        )


def without_adjustments(model: Model) -> Model:
    """The model as it was before any coach taught it ratings: teaching anew starts there, not on top of earlier teaching."""
    traits = {name: replace(trait, adjustment=Adjustment()) for name, trait in model.traits.items()}
    return replace(model, traits=traits, overall=replace(model.overall, adjustment=Adjustment()))


# ---- ratings


def _adapted(
    label: str, model: RatingModel, predicted: Ratings, before: Ratings, observed: Ratings, caps: Ratings
) -> Adapted:
    # where the rubric's cap decides, the model's own rating shows nothing of the coach
    free = predicted <= caps
    chosen, left_out = Adjustment(), predicted
    if int(free.sum()) >= FEWEST_LABELS // 2:
        chosen, left_out = _chosen(predicted, observed, free)
    after = np.minimum(left_out, caps)
    return Adapted(
        label,
        replace(chosen, widen=_widen(model, after, observed)),
        metrics.mean_absolute_error(observed, before),
        metrics.mean_absolute_error(observed, after),
        metrics.rounded_kappa(observed, before),
        metrics.rounded_kappa(observed, after),
    )


def _chosen(predicted: Ratings, observed: Ratings, free: NDArray[np.bool_]) -> tuple[Adjustment, Ratings]:
    """The simplest change that is proven, fitted on all, and its predictions for each case by the others."""
    best, kept = Adjustment(), predicted
    for with_slope in (False, True):
        left_out = predicted.copy()
        for index in np.flatnonzero(free):
            others = free.copy()
            others[index] = False
            line = _line(predicted[others], observed[others], with_slope)
            left_out[index] = line.apply(predicted[index : index + 1])[0]
        gain = ((observed - kept) ** 2 - (observed - left_out) ** 2)[free]
        error = float(gain.std(ddof=1)) / np.sqrt(len(gain))
        if float(gain.mean()) > _PROOF_ERRORS * error:
            best, kept = _line(predicted[free], observed[free], with_slope), left_out
    return best, kept


def _line(predicted: Ratings, observed: Ratings, with_slope: bool) -> Adjustment:
    """Ridge regression of what is left on the rating's distance from the middle, towards no change."""
    left, place = observed - predicted, predicted - MIDDLE
    if not with_slope:
        return Adjustment(1.0, float(left.sum()) / (len(left) + _PRIOR_LABELS))
    columns = np.column_stack([place, np.ones_like(place)])
    penalty = np.diag([_PRIOR_SLOPE_LABELS, _PRIOR_LABELS])
    slope, offset = np.linalg.solve(columns.T @ columns + penalty, columns.T @ left)
    return Adjustment(max(0.1, 1.0 + float(slope)), float(offset))


def _widen(model: RatingModel, predicted: Ratings, observed: Ratings) -> float:
    """The factor on the widths that would hold four of five of the coach's ratings, shrunken towards 1.

    1 where the share held differs from four of five by no more than chance.
    """

    def held(factor: float) -> float:
        ratings = [model.intervals.rating(float(value), factor) for value in predicted]
        low, high = np.array([rating.low for rating in ratings]), np.array([rating.high for rating in ratings])
        return metrics.coverage(observed, low, high)

    count = len(observed)
    if abs(held(1.0) - COVERAGE) <= _PROOF_ERRORS * np.sqrt(COVERAGE * (1.0 - COVERAGE) / count):
        return 1.0
    wanted = next(
        (float(factor) for factor in np.arange(*_WIDTHS, 0.05) if held(float(factor)) >= COVERAGE), _WIDTHS[1]
    )
    return round((count * wanted + _PRIOR_SLOPE_LABELS) / (count + _PRIOR_SLOPE_LABELS), 3)


# ---- faults


def _logit_shift(fault: FaultModel, probabilities: Ratings, shares: Ratings) -> float:
    """How far a tag's logit moves: the mode under a normal prior around 0; 0 where the tag is too rare or a rule decides."""
    if fault.rule_feature or min(shares.sum(), (1.0 - shares).sum()) < _FEWEST_OF_A_TAG:
        return 0.0
    from scipy.optimize import minimize_scalar
    from scipy.special import expit, logit

    logits = logit(np.clip(probabilities, 1e-6, 1.0 - 1e-6))

    def cost(shift: float) -> float:
        moved = np.clip(expit(logits + shift), 1e-9, 1.0 - 1e-9)
        likelihood = float(np.sum(shares * np.log(moved) + (1.0 - shares) * np.log(1.0 - moved)))
        return shift**2 / (2.0 * _PRIOR_LOGIT_DEVIATION**2) - likelihood

    shift = float(minimize_scalar(cost, bounds=(-3.0, 3.0), method="bounded").x)
    moved = expit(logits + shift)
    error = 1.0 / np.sqrt(float(np.sum(moved * (1.0 - moved))) + 1.0 / _PRIOR_LOGIT_DEVIATION**2)
    return round(shift, 4) if abs(shift) > _PROOF_ERRORS * error else 0.0


def table_of(adaptation: Adaptation, count: int) -> str:
    """What was learnt as plain text, 80 columns."""
    lines = [
        f"Learnt from {count} labelled cases; errors and kappas on cases left out in turn",
        "",
        f"{'':<12} {'moved':>18} {'error':>15} {'kappa':>17} {'intervals':>10}",
    ]
    for one in adaptation.labels:
        change = one.adjustment
        moved = "as before" if not one.changed else f"{change.offset:+.2f}"
        moved += f", slope {change.slope:.2f}" if change.slope != 1.0 else ""
        lines.append(
            f"{one.label:<12} {moved:>18} {f'{one.error_before:.2f} → {one.error_after:.2f}':>15} "
            f"{f'{one.kappa_before:.3f} → {one.kappa_after:.3f}':>17} {f'× {change.widen:.2f}':>10}"
        )
    if adaptation.tags:
        said = ", ".join(f"{tag} {'more' if shift > 0 else 'less'} readily" for tag, shift in adaptation.tags.items())
        lines += ["", f"Faults named: {said}."]
    return "\n".join(lines)


__all__ = [
    "ENOUGH_TO_REPLACE",
    "FEWEST_LABELS",
    "Adaptation",
    "Adapted",
    "adapt",
    "check_teachable",
    "table_of",
    "without_adjustments",
]
