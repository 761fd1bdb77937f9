"""The learning curve: held-out agreement against the number of writers learnt from. It tells whether more cases would help.

analyzer curve data/labelled -o curve.png
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analyzer.errors import DataError
from analyzer.scoring.caps import CAPS
from analyzer.scoring.model import overall_matrix
from analyzer.training import metrics
from analyzer.training.dataset import LABELS, Dataset
from analyzer.training.fit import (
    Measurements,
    Recipe,
    _scale,
    caps_of,
    featurizer_for,
    fit_weighed,
    own_weights,
    writer_folds,
)
from analyzer.training.plots import load_pyplot
from analyzer.traits import TRAIT_NAMES

# writers left aside in each order to measure on; the rest are learnt from, a few more at every step
_MEASURED_SHARE = 0.25
_INNER_FOLDS = 4
_FEWEST_WRITERS = 2

Ratings = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Point:
    """One step of the curve: kappas by label over the random orders, each on writers that were not learnt from."""

    writers: int
    cases: float
    kappas: dict[str, tuple[float, ...]]

    def mean(self, label: str) -> float:
        """Mean kappa of a label over the orders; ``mean`` is the mean over labels."""
        return float(np.mean(self._values(label)))

    def deviation(self, label: str) -> float:
        """Standard deviation over the orders."""
        return float(np.std(self._values(label)))

    def _values(self, label: str) -> NDArray[np.float64]:
        if label != "mean":
            return np.array(self.kappas[label])
        return np.asarray(np.mean([self.kappas[name] for name in LABELS], axis=0), dtype=float)


def learning_curve(
    measurements: Measurements,
    dataset: Dataset,
    recipe: Recipe,
    *,
    orders: int = 4,
    progress: Callable[[str], None] = lambda _: None,
) -> tuple[Point, ...]:
    """Kappa of the shipped recipe on left-out writers after learning from 2, 4, … of the others, over several seeded orders.

    Raises DataError where there are fewer than four writers.
    """
    writers = dataset.writers()
    names = np.unique(writers)
    if len(names) < 4:
        raise DataError("too_few_writers", f"A learning curve needs at least four writers; there are {len(names)}.")
    aside = max(1, round(len(names) * _MEASURED_SHARE))
    most = len(names) - aside
    steps = sorted({*range(_FEWEST_WRITERS, most, 2), most})
    found: dict[int, list[tuple[int, dict[str, float]]]] = {step: [] for step in steps}
    for order in range(orders):
        shuffled = np.random.default_rng(recipe.seed + order).permutation(names)
        held = np.flatnonzero(np.isin(writers, shuffled[:aside]))
        for step in steps:
            progress(f"order {order + 1} of {orders}, {step} writers")
            train = np.flatnonzero(np.isin(writers, shuffled[aside : aside + step]))
            found[step].append((len(train), _kappas(measurements, dataset, recipe, train, held)))
    return tuple(
        Point(
            step,
            float(np.mean([count for count, _ in runs])),
            {label: tuple(kappas[label] for _, kappas in runs) for label in LABELS},
        )
        for step, runs in found.items()
    )


def _kappas(
    measurements: Measurements, dataset: Dataset, recipe: Recipe, train: NDArray[np.int_], held: NDArray[np.int_]
) -> dict[str, float]:
    """Fit on ``train`` (scales from folds inside it), measure on ``held``."""
    predicted = _predicted(measurements, dataset, recipe, train, held)
    return {label: metrics.rounded_kappa(dataset.means(label)[held], predicted[label]) for label in LABELS}


def _predicted(
    measurements: Measurements, dataset: Dataset, recipe: Recipe, train: NDArray[np.int_], held: NDArray[np.int_]
) -> dict[str, Ratings]:
    inside, outside = measurements.subset(train), measurements.subset(held)
    featurizer = featurizer_for(inside, recipe)
    known, fresh = (featurizer.matrix(part.rows, part.texts) for part in (inside, outside))
    folds = tuple(writer_folds(dataset.writers()[train], _INNER_FOLDS, recipe.seed))
    crossed: dict[str, Ratings] = {}
    predicted: dict[str, Ratings] = {}
    for label in LABELS:
        observed = dataset.means(label)[train]
        whole = label == "overall"
        strength = recipe.overall_strength if whole else recipe.trait_strength
        learn = overall_matrix(known, {name: crossed[name] for name in TRAIT_NAMES}) if whole else known
        use = overall_matrix(fresh, {name: predicted[name] for name in TRAIT_NAMES}) if whole else fresh
        names = (*featurizer.column_names, *(("rating",) * (learn.shape[1] - known.shape[1])))
        weights = own_weights(names, label, recipe)
        expected = np.empty(len(train))
        for rest, part in folds:
            expected[part] = fit_weighed(learn[rest], weights, observed[rest], strength).expected(learn[part])
        scale = _scale(expected, observed)
        rules = CAPS.get(label, {})
        crossed[label] = np.minimum(scale.apply(expected), caps_of(inside.rows, rules))
        fresh_rating = scale.apply(fit_weighed(learn, weights, observed, strength).expected(use))
        predicted[label] = np.minimum(fresh_rating, caps_of(outside.rows, rules))
    return predicted


def table_of(points: tuple[Point, ...]) -> str:
    """The curve as plain text: mean kappa over the orders, deviation of the mean over labels."""
    heads = " ".join(f"{label[:11]:>11}" for label in (*LABELS, "mean"))
    lines = [f"{'writers':>7} {'cases':>6} {heads} {'±':>6}"]
    for point in points:
        cells = " ".join(f"{point.mean(label):>11.3f}" for label in (*LABELS, "mean"))
        lines.append(f"{point.writers:>7} {point.cases:>6.0f} {cells} {point.deviation('mean'):>6.3f}")
    return "\n".join(lines)


def draw(points: tuple[Point, ...], path: Path) -> None:
    """Write the curve as a PNG. Raises DataError where matplotlib is not installed."""
    pyplot = load_pyplot()
    figure, axes = pyplot.subplots(figsize=(7.0, 4.5), layout="constrained")
    cases = [point.cases for point in points]
    for label in LABELS:
        axes.plot(cases, [point.mean(label) for point in points], marker="o", markersize=3, label=label)
    middle = np.array([point.mean("mean") for point in points])
    spread = np.array([point.deviation("mean") for point in points])
    axes.plot(cases, middle, color="black", linewidth=2, label="mean")
    axes.fill_between(cases, middle - spread, middle + spread, color="black", alpha=0.12, linewidth=0)
    axes.set_xlabel("training cases (whole writers)")
    axes.set_ylabel("quadratic weighted kappa, writers never seen")
    axes.grid(alpha=0.3)
    axes.legend(fontsize=8, ncols=2)
    figure.savefig(path, dpi=130, metadata={"Software": None})
    pyplot.close(figure)
