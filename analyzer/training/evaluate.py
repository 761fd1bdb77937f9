"""Measure a model: agreement with the raters on writers it never saw, beside the raters' agreement with each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analyzer.scoring.caps import CAPS, capped
from analyzer.scoring.model import Model
from analyzer.training import metrics
from analyzer.training.dataset import LABELS, Dataset, fault_tags
from analyzer.training.fit import Measurements, Recipe, caps_of, fit_model, writer_folds
from analyzer.types import KINDS

# words of a whole draft: about a third of the corpus lies below the first, a seventh above the second
_LENGTH_BORDERS = (80, 150)


@dataclass(frozen=True, slots=True)
class Predictions:
    """A model's ratings of a data set, caps applied, with intervals; and which faults it says. Arrays of shape (n_cases,)."""

    ratings: Mapping[str, NDArray[np.float64]]
    low: Mapping[str, NDArray[np.float64]]
    high: Mapping[str, NDArray[np.float64]]
    faults: Mapping[str, NDArray[np.bool_]]
    probabilities: Mapping[str, NDArray[np.float64]]
    kinds: NDArray[np.str_]


@dataclass(frozen=True, slots=True)
class LabelFigures:
    """How well one label is predicted. Kappas are quadratic weighted, of rounded ratings; ``raters_kappa`` is between two raters."""

    label: str
    kappa: float
    kappa_interval: tuple[float, float]
    raters_kappa: float
    mean_absolute_error: float
    within_one: float
    standardised_mean_difference: float
    interval_coverage: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Figures of one model on one set of cases."""

    cases: int
    writers: tuple[str, ...]
    labels: tuple[LabelFigures, ...]
    faults: Mapping[str, tuple[float, float, float, int]]
    fault_macro_f1: float
    kind_accuracy: float


def predict(model: Model, measurements: Measurements) -> Predictions:
    """What the model says of measured cases, exactly as reports would show it."""
    matrix = model.featurizer.matrix(measurements.rows, measurements.texts)
    ratings, low, high = {}, {}, {}
    for name, rated in model.rate(matrix, measurements.rows)[1].items():
        limits = caps_of(measurements.rows, CAPS.get(name, {}))
        made = [capped(rating, float(limit)) for rating, limit in zip(rated, limits, strict=True)]
        ratings[name] = np.array([rating.value for rating in made])
        low[name] = np.array([rating.low for rating in made])
        high[name] = np.array([rating.high for rating in made])
    probabilities = {tag: fault.probabilities(matrix, measurements.rows) for tag, fault in model.faults.items()}
    faults = {tag: probabilities[tag] >= fault.threshold for tag, fault in model.faults.items()}
    kinds = np.array([str(kind) for kind in model.kind_classifier.predict(list(measurements.kind_texts))])
    return Predictions(ratings, low, high, faults, probabilities, kinds)


def evaluate(predictions: Predictions, dataset: Dataset) -> Evaluation:
    """Compare predictions with the mean ratings of a data set."""
    writers = dataset.writers()
    labels = []
    for label in LABELS:
        observed, predicted = dataset.means(label), predictions.ratings[label]
        labels.append(
            LabelFigures(
                label,
                metrics.rounded_kappa(observed, predicted),
                metrics.kappa_interval(observed, predicted, writers),
                raters_kappa(dataset, label),
                metrics.mean_absolute_error(observed, predicted),
                metrics.within_one(observed, predicted),
                metrics.standardised_mean_difference(observed, predicted),
                metrics.coverage(observed, predictions.low[label], predictions.high[label]),
            )
        )
    faults = {}
    for tag in fault_tags():
        truth = np.array([case.fault_share(tag) >= 0.5 for case in dataset.cases])
        faults[tag] = (*metrics.precision_recall_f1(truth, predictions.faults[tag]), int(truth.sum()))
    scores = [figures[2] for figures in faults.values() if not np.isnan(figures[2])]
    given = np.array([str(case.case.kind) for case in dataset.cases])
    known = given != "None"
    accuracy = float(np.mean(predictions.kinds[known] == given[known])) if known.any() else float("nan")
    return Evaluation(
        len(dataset.cases),
        tuple(sorted(set(writers))),
        tuple(labels),
        faults,
        float(np.mean(scores)) if scores else float("nan"),
        accuracy,
    )


def raters_kappa(dataset: Dataset, label: str) -> float:
    """Quadratic weighted kappa between the first two raters of each case that has two; NaN where there is none."""
    pairs = []
    for case in dataset.cases:
        ordered = sorted(case.labels, key=lambda rater: rater.rater)
        if len(ordered) >= 2:
            pairs.append((ordered[0].ratings[label], ordered[1].ratings[label]))
    if not pairs:
        return float("nan")
    first, second = np.array(pairs).T
    return metrics.rounded_kappa(first, second)


def cross_validate(
    measurements: Measurements, dataset: Dataset, recipe: Recipe, progress: Callable[[str], None], folds: int = 5
) -> Predictions:
    """Predictions for every case by a model, fitted from scratch, that saw none of its writer's cases."""
    parts: list[tuple[NDArray[np.int_], Predictions]] = []
    for number, (train, held) in enumerate(writer_folds(dataset.writers(), folds, recipe.seed + 1), start=1):
        progress(f"outer fold {number}")
        part = Dataset(tuple(dataset.cases[i] for i in train), dataset.sha256)
        # a fold is smaller than the whole, which is what must be large enough
        model = fit_model(measurements.subset(train), part, recipe, fewest_cases=1)
        parts.append((held, predict(model, measurements.subset(held))))
    return _assembled(parts, len(dataset.cases))


def _assembled(parts: Sequence[tuple[NDArray[np.int_], Predictions]], count: int) -> Predictions:
    ratings = {label: np.empty(count) for label in LABELS}
    low = {label: np.empty(count) for label in LABELS}
    high = {label: np.empty(count) for label in LABELS}
    faults = {tag: np.zeros(count, dtype=bool) for tag in fault_tags()}
    probabilities = {tag: np.zeros(count) for tag in fault_tags()}
    kinds = np.empty(count, dtype=object)
    for held, predictions in parts:
        for label in LABELS:
            ratings[label][held] = predictions.ratings[label]
            low[label][held] = predictions.low[label]
            high[label][held] = predictions.high[label]
        for tag in faults:
            faults[tag][held] = predictions.faults[tag]
            probabilities[tag][held] = predictions.probabilities[tag]
        kinds[held] = predictions.kinds
    return Predictions(ratings, low, high, faults, probabilities, kinds)


def groups_of(dataset: Dataset) -> dict[str, NDArray[np.bool_]]:
    """Groups that fairness and coverage are looked at by, as masks of shape (n_cases,); groups of fewer than two cases left out."""
    words = np.array([len(case.case.draft.split()) for case in dataset.cases])
    noted = np.array([bool(case.case.notes.strip()) for case in dataset.cases])
    english = np.array([dataset.english.get(case.case.id, "") for case in dataset.cases])
    groups: dict[str, NDArray[np.bool_]] = {
        str(kind): np.array([case.case.kind == kind for case in dataset.cases]) for kind in KINDS
    }
    groups |= {"with notes": noted, "without notes": ~noted}
    groups |= {f"{name} language": english == name for name in ("first", "second")}
    short, long = _LENGTH_BORDERS
    groups |= {
        f"under {short} words": words < short,
        f"{short} to {long} words": (words >= short) & (words <= long),
        f"over {long} words": words > long,
    }
    return {name: member for name, member in groups.items() if member.sum() > 1}


def group_table_of(ratings: Mapping[str, NDArray[np.float64]], dataset: Dataset) -> str:
    """Kappa beside the two readers', and standardised mean difference, by group; and what is mere length. Plain text."""
    groups = {"all": np.ones(len(dataset.cases), dtype=bool), **groups_of(dataset)}
    heads = " ".join(f"{label[:11]:>11}" for label in LABELS)
    lines = ["Model / two readers (kappa)", "", f"{'':<18} {'cases':>5} {heads}"]
    for name, member in groups.items():
        part = dataset.where(member)
        cells = (
            f"{metrics.rounded_kappa(part.means(label), ratings[label][member]):.2f} / {raters_kappa(part, label):.2f}"
            for label in LABELS
        )
        lines.append(f"{name:<18} {int(member.sum()):>5} " + " ".join(f"{cell:>11}" for cell in cells))
    lines += ["", "Standardised mean difference (predicted less observed; within .15 wanted, by group .10)", ""]
    for name, member in groups.items():
        values = (
            metrics.standardised_mean_difference(dataset.means(label)[member], ratings[label][member])
            for label in LABELS
        )
        lines.append(f"{name:<18} {int(member.sum()):>5} " + " ".join(f"{value:>11.2f}" for value in values))
    words = np.log([max(1, len(case.case.draft.split())) for case in dataset.cases])
    partial = (metrics.partial_correlation(ratings[label], words, dataset.means(label)) for label in LABELS)
    lines += ["", "How much is mere length: correlation with log words, given the observed rating", ""]
    lines.append(f"{'all':<18} {len(dataset.cases):>5} " + " ".join(f"{value:>11.2f}" for value in partial))
    return "\n".join(lines)


def table_of(evaluation: Evaluation) -> str:
    """The figures as plain text, 80 columns."""
    lines = [
        f"{evaluation.cases} cases of writers {', '.join(evaluation.writers)}",
        "",
        f"{'':<12} {'kappa':>6} {'95 % interval':>15} {'raters':>7} {'error':>6} {'±1':>5} {'SMD':>6} {'80 % holds':>10}",
    ]
    for figures in evaluation.labels:
        low, high = figures.kappa_interval
        raters = "-" if np.isnan(figures.raters_kappa) else f"{figures.raters_kappa:.2f}"
        lines.append(
            f"{figures.label:<12} {figures.kappa:>6.3f} {f'{low:.2f} to {high:.2f}':>15} {raters:>7} {figures.mean_absolute_error:>6.2f} "
            f"{figures.within_one:>5.0%} {figures.standardised_mean_difference:>6.2f} {figures.interval_coverage:>10.0%}"
        )
    lines += ["", f"{'fault':<14} {'precision':>9} {'recall':>7} {'F1':>6} {'cases':>6}"]
    for tag, (precision, recall, f1, count) in evaluation.faults.items():
        lines.append(f"{tag:<14} {_number(precision):>9} {_number(recall):>7} {_number(f1):>6} {count:>6}")
    lines += ["", f"faults, macro F1 {evaluation.fault_macro_f1:.3f}; kind right in {evaluation.kind_accuracy:.1%}"]
    return "\n".join(lines)


def _number(value: float) -> str:
    return "-" if np.isnan(value) else f"{value:.2f}"


__all__ = [
    "Evaluation",
    "LabelFigures",
    "Predictions",
    "cross_validate",
    "evaluate",
    "group_table_of",
    "groups_of",
    "predict",
    "raters_kappa",
    "table_of",
]
