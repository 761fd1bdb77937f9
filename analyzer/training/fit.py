"""Fit the shipped kind of model on labelled cases."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from analyzer.errors import DataError
from analyzer.parsing.kind import kind_text
from analyzer.scoring.caps import OVERALL_CAPS, SPECIFICITY_CAPS, cap_of_row
from analyzer.scoring.featurize import SHAPES_PREFIX, WORDS_PREFIX, Featurizer, fit_featurizer, model_text
from analyzer.scoring.intervals import fit_intervals
from analyzer.scoring.kind_model import fit_kind_model
from analyzer.scoring.model import FaultModel, Model, RatingModel, Scale, overall_matrix
from analyzer.scoring.ordinal import OrdinalModel, fit_ordinal
from analyzer.training.dataset import FEWEST_CASES, Dataset, fault_tags
from analyzer.traits import TRAIT_NAMES, measure
from analyzer.types import Evidence


@dataclass(frozen=True, slots=True)
class Recipe:
    """What is chosen once and written into the manifest."""

    seed: int = 20261123
    folds: int = 10
    trait_strength: float = 0.02
    overall_strength: float = 0.002
    fault_strength: float = 0.05
    # how much more a trait's own features weigh than those of the others
    specificity_own_weight: float = 2.0
    concision_own_weight: float = 2.0
    grammar_own_weight: float = 2.0
    words_scale: float = 12.0
    shapes_scale: float = 12.0
    least_drafts_of_a_word: int = 4
    most_words: int = 6000


# Faults that a rule sees for certain: the rule's feature decides, the labels only calibrate how sure that is.
RULE_FAULTS: dict[str, str] = {
    "placeholder": "specificity.placeholder_flag",
    "wrong_name": "specificity.wrong_name_flag",
    "wrong_company": "specificity.wrong_company_flag",
    "wrong_fact": "specificity.wrong_fact_flag",
    "no_greeting": "frame.no_greeting_flag",
    "no_close": "frame.no_close_flag",
    "no_thanks": "frame.no_thanks_flag",
}


@dataclass(frozen=True, slots=True)
class Measurements:
    """Everything the models learn from, row by row in the order of the data set."""

    rows: tuple[Mapping[str, float], ...]
    texts: tuple[str, ...]
    kind_texts: tuple[str, ...]

    def subset(self, keep: NDArray[np.int_]) -> Measurements:
        """The rows of the given indices."""
        return Measurements(
            tuple(self.rows[i] for i in keep),
            tuple(self.texts[i] for i in keep),
            tuple(self.kind_texts[i] for i in keep),
        )


def measurements_of(evidence: Sequence[Evidence]) -> Measurements:
    """Rows and texts of parsed and measured cases."""
    return Measurements(
        tuple(measure(item) for item in evidence),
        tuple(model_text(item) for item in evidence),
        tuple(kind_text(item.draft.text, item.draft.case.notes) for item in evidence),
    )


def writer_folds(
    writers: NDArray[np.str_], folds: int, seed: int
) -> Iterator[tuple[NDArray[np.int_], NDArray[np.int_]]]:
    """(train, held-out) indices; no writer is on both sides. Fewer writers than folds give one fold a writer."""
    names = np.unique(writers)
    order = np.random.default_rng(seed).permutation(len(names))
    for part in np.array_split(order, min(folds, len(names))):
        held = np.isin(writers, names[part])
        yield np.flatnonzero(~held), np.flatnonzero(held)


@dataclass(frozen=True, slots=True)
class _Fitted:
    """Models of one training set before scaling and intervals."""

    featurizer: Featurizer
    traits: Mapping[str, OrdinalModel]
    faults: Mapping[str, tuple[NDArray[np.float64], float]]


def featurizer_for(measurements: Measurements, recipe: Recipe) -> Featurizer:
    """A featurizer learnt from these measurements as the recipe says."""
    return fit_featurizer(
        measurements.rows,
        measurements.texts,
        min_drafts=recipe.least_drafts_of_a_word,
        most_words=recipe.most_words,
        words_scale=recipe.words_scale,
        shapes_scale=recipe.shapes_scale,
    )


def _fit_base(measurements: Measurements, dataset: Dataset, recipe: Recipe) -> _Fitted:
    featurizer = featurizer_for(measurements, recipe)
    matrix = featurizer.matrix(measurements.rows, measurements.texts)
    names = featurizer.column_names
    traits = {
        name: fit_weighed(matrix, own_weights(names, name, recipe), dataset.means(name), recipe.trait_strength)
        for name in TRAIT_NAMES
    }
    faults = {tag: _fit_fault(matrix, shares, recipe) for tag, shares in _fault_shares(dataset).items()}
    return _Fitted(featurizer, traits, faults)


# Sentence shapes tell a second language. That may count where slips are judged and nowhere else; the overall learns of it from grammar
# and by itself. Measured: without them focus, concision and enthusiasm lose .003, -.001 and .005 of kappa.
_SHAPED = ("grammar", "overall")
# What is specific stands in the notes, not in the words as such: without them specificity loses nothing (.863 either way), and a true
# detail cannot lower it by the words it takes to say it.
_WORDLESS = ("specificity",)
# An error counts as an error, not as coldness or as a detail less. Measured in folds by writer: without what is counted for grammar the
# four others keep their kappa (.865 .845 .889 .828 without, .861 .846 .891 .826 with), and the overall gains .002.
_PROOFREAD = ("grammar", "overall")


def own_weights(names: Sequence[str], trait: str, recipe: Recipe) -> NDArray[np.float64]:
    """What each column is multiplied by before a label is fitted: a heavier column is shrunk less, one of 0 is not seen. Shape (n_columns,)."""
    own = float(getattr(recipe, f"{trait}_own_weight", 1.0))
    weights = {SHAPES_PREFIX: 1.0 if trait in _SHAPED else 0.0, WORDS_PREFIX: 0.0 if trait in _WORDLESS else 1.0}
    weights["grammar."] = 1.0 if trait in _PROOFREAD else 0.0
    weights[f"{trait}."] = own
    return np.array(
        [next((weight for prefix, weight in weights.items() if name.startswith(prefix)), 1.0) for name in names]
    )


def fit_weighed(
    matrix: Any, weights: NDArray[np.float64], ratings: NDArray[np.float64], strength: float
) -> OrdinalModel:
    """Fit on weighed columns; the weights go into the slopes, so that the model reads the plain columns."""
    model = fit_ordinal(matrix @ sparse.diags(weights), ratings, strength)
    return OrdinalModel(model.slopes * weights, model.intercepts)


def _fault_shares(dataset: Dataset) -> dict[str, NDArray[np.float64]]:
    return {tag: np.array([case.fault_share(tag) for case in dataset.cases]) for tag in fault_tags()}


def _fit_fault(matrix: Any, shares: NDArray[np.float64], recipe: Recipe) -> tuple[NDArray[np.float64], float]:
    from sklearn.linear_model import LogisticRegression

    if not (shares > 0).any():
        return np.zeros(matrix.shape[1]), -10.0
    rows = sparse.vstack([matrix[shares > 0], matrix[shares < 1]], format="csr")
    targets = np.concatenate([np.ones((shares > 0).sum()), np.zeros((shares < 1).sum())])
    weights = np.concatenate([shares[shares > 0], 1.0 - shares[shares < 1]])
    fitted = LogisticRegression(C=recipe.fault_strength, max_iter=2000).fit(rows, targets, sample_weight=weights)
    return np.ascontiguousarray(fitted.coef_[0]), float(fitted.intercept_[0])


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Predictions made for writers that were held out, before caps: shrunken ratings and fault logits. Shapes (n_cases,)."""

    expected: Mapping[str, NDArray[np.float64]]
    fault_margins: Mapping[str, NDArray[np.float64]]


def _held_out(measurements: Measurements, dataset: Dataset, recipe: Recipe, progress: Callable[[str], None]) -> HeldOut:
    count = len(dataset.cases)
    expected = {name: np.zeros(count) for name in TRAIT_NAMES}
    margins = {tag: np.zeros(count) for tag in fault_tags()}
    writers = dataset.writers()
    for number, (train, held) in enumerate(writer_folds(writers, recipe.folds, recipe.seed), start=1):
        progress(f"fold {number}")
        part = Dataset(tuple(dataset.cases[i] for i in train), dataset.sha256)
        fitted = _fit_base(measurements.subset(train), part, recipe)
        inside = measurements.subset(held)
        matrix = fitted.featurizer.matrix(inside.rows, inside.texts)
        for name in TRAIT_NAMES:
            expected[name][held] = fitted.traits[name].expected(matrix)
        for tag, (slopes, intercept) in fitted.faults.items():
            margins[tag][held] = np.asarray(matrix @ slopes).reshape(-1) + intercept
    return HeldOut(expected, margins)


def _scale(expected: NDArray[np.float64], observed: NDArray[np.float64]) -> Scale:
    """Half-way between the least-squares fit (slope ≤ 1) and the raters' own spread, which kappa rewards and error punishes."""
    spread = float(expected.std())
    if spread == 0.0:
        return Scale(1.0, 0.0)
    equal_spread = float(observed.std()) / spread
    least_squares = float(np.cov(expected, observed, bias=True)[0, 1] / spread**2)
    slope = (equal_spread + least_squares) / 2.0
    return Scale(slope, float(observed.mean() - slope * expected.mean()))


def caps_of(rows: Sequence[Mapping[str, float]], caps: Mapping[str, float]) -> NDArray[np.float64]:
    """The rubric's cap of each row, from the features of the grave faults."""
    return np.array([cap_of_row(row, dict(caps)) for row in rows])


def _rating_model(
    ordinal: OrdinalModel, expected: NDArray[np.float64], observed: NDArray[np.float64], caps: NDArray[np.float64]
) -> RatingModel:
    scale = _scale(expected, observed)
    predicted = np.minimum(scale.apply(expected), caps)
    return RatingModel(ordinal, scale, fit_intervals(predicted, observed))


def _fault_model(
    tag: str,
    fitted: tuple[NDArray[np.float64], float],
    margins: NDArray[np.float64],
    shares: NDArray[np.float64],
    rows: Sequence[Mapping[str, float]],
) -> FaultModel:
    truth = shares >= 0.5
    feature = RULE_FAULTS.get(tag, "")
    if feature:
        present = np.array([row[feature] > 0 for row in rows])
        # Laplace's rule of succession: never wholly sure of what was seen a few times
        with_it = float((shares[present].sum() + 1.0) / (present.sum() + 2.0))
        without = float((shares[~present].sum() + 1.0) / ((~present).sum() + 2.0))
        return FaultModel(fitted[0], fitted[1], min(0.5, with_it), feature, with_it, min(without, with_it))
    slope, offset = _platt(margins, shares)
    probabilities = 1.0 / (1.0 + np.exp(-(slope * margins + offset)))
    return FaultModel(fitted[0] * slope, fitted[1] * slope + offset, _best_threshold(probabilities, truth))


def _platt(margins: NDArray[np.float64], shares: NDArray[np.float64]) -> tuple[float, float]:
    """Slope and offset that calibrate held-out margins (Platt 1999); the identity where the tag hardly occurs."""
    from sklearn.linear_model import LogisticRegression

    if (shares > 0.5).sum() < 5:
        return 1.0, 0.0
    column = margins.reshape(-1, 1)
    rows = np.vstack([column[shares > 0], column[shares < 1]])
    targets = np.concatenate([np.ones((shares > 0).sum()), np.zeros((shares < 1).sum())])
    weights = np.concatenate([shares[shares > 0], 1.0 - shares[shares < 1]])
    fitted = LogisticRegression(C=1e3).fit(rows, targets, sample_weight=weights)
    return max(0.05, float(fitted.coef_[0, 0])), float(fitted.intercept_[0])


def _best_threshold(probabilities: NDArray[np.float64], truth: NDArray[np.bool_]) -> float:
    """The threshold in 0.2 … 0.6 with the best F1 on held-out predictions; 0.5 where the tag hardly occurs."""
    if truth.sum() < 5:
        return 0.5
    candidates = np.arange(0.20, 0.61, 0.02)
    scores = []
    for threshold in candidates:
        said = probabilities >= threshold
        hits = float((said & truth).sum())
        scores.append(2 * hits / max(1.0, float(said.sum() + truth.sum())))
    return round(float(candidates[int(np.argmax(scores))]), 2)


def fit_model(
    measurements: Measurements,
    dataset: Dataset,
    recipe: Recipe,
    progress: Callable[[str], None] = lambda _: None,
    *,
    fewest_cases: int = FEWEST_CASES,
) -> Model:
    """Fit everything on one data set. Scales, intervals, thresholds and calibration come from predictions for held-out writers.

    Raises DataError where there are too few cases, one writer only, or a trait everybody rated the same.
    """
    check_trainable(dataset, fewest_cases=fewest_cases)
    held_out = _held_out(measurements, dataset, recipe, progress)
    progress("final fit")
    base = _fit_base(measurements, dataset, recipe)
    matrix = base.featurizer.matrix(measurements.rows, measurements.texts)
    specificity_caps, overall_caps = (
        caps_of(measurements.rows, SPECIFICITY_CAPS),
        caps_of(measurements.rows, OVERALL_CAPS),
    )
    free = np.full(len(dataset.cases), 5.0)
    traits = {
        name: _rating_model(
            base.traits[name],
            held_out.expected[name],
            dataset.means(name),
            specificity_caps if name == "specificity" else free,
        )
        for name in TRAIT_NAMES
    }
    # the overall learns from trait ratings as it will meet them: predicted for writers that were not trained on
    predicted = {name: traits[name].scale.apply(held_out.expected[name]) for name in TRAIT_NAMES}
    predicted["specificity"] = np.minimum(predicted["specificity"], specificity_caps)
    observed = dataset.means("overall")
    expected = _overall_held_out(measurements, dataset, predicted, recipe)
    overall = _rating_model(
        fit_ordinal(overall_matrix(matrix, predicted), observed, recipe.overall_strength),
        expected,
        observed,
        overall_caps,
    )
    shares = _fault_shares(dataset)
    faults = {
        tag: _fault_model(tag, base.faults[tag], held_out.fault_margins[tag], shares[tag], measurements.rows)
        for tag in fault_tags()
    }
    kinds = [str(case.case.kind) for case in dataset.cases if case.case.kind]
    kind_texts = [text for text, case in zip(measurements.kind_texts, dataset.cases, strict=True) if case.case.kind]
    return Model(base.featurizer, traits, overall, faults, fit_kind_model(kind_texts, kinds))


def _overall_held_out(
    measurements: Measurements, dataset: Dataset, predicted: Mapping[str, NDArray[np.float64]], recipe: Recipe
) -> NDArray[np.float64]:
    observed = dataset.means("overall")
    expected = np.zeros(len(observed))
    for train, held in writer_folds(dataset.writers(), recipe.folds, recipe.seed):
        inside, outside = measurements.subset(train), measurements.subset(held)
        featurizer = featurizer_for(inside, recipe)
        known = overall_matrix(
            featurizer.matrix(inside.rows, inside.texts), {name: values[train] for name, values in predicted.items()}
        )
        fresh = overall_matrix(
            featurizer.matrix(outside.rows, outside.texts), {name: values[held] for name, values in predicted.items()}
        )
        expected[held] = fit_ordinal(known, observed[train], recipe.overall_strength).expected(fresh)
    return expected


def check_trainable(dataset: Dataset, *, fewest_cases: int = FEWEST_CASES, fewest_writers: int = 2) -> None:
    """Raise DataError, with what to do, where a data set cannot be learnt from."""
    if len(dataset.cases) < fewest_cases:
        raise DataError(
            "too_few_labels",
            f"{len(dataset.cases)} labelled cases are too few to train a model: label at least {fewest_cases}.",
        )
    count = len(set(dataset.writers()))
    if count < fewest_writers:
        raise DataError(
            "one_writer",
            f"The cases are of {count} writer{'s' if count > 1 else ''}: a model must be measured on others, which takes at least "
            f"{fewest_writers}. Give ids like “A-001”, one letter a writer.",
        )
    for name in (*TRAIT_NAMES, "overall"):
        if np.ptp(dataset.means(name)) == 0.0:
            raise DataError(
                "one_class",
                f"Every case has the same {name} rating ({dataset.means(name)[0]:g}): add cases that differ, or there is nothing to learn.",
            )
    kinds = {case.case.kind for case in dataset.cases if case.case.kind}
    if len(kinds) < 2:
        raise DataError(
            "one_class", "The cases are all of one kind, or none is given: add cases of at least two kinds of message."
        )
