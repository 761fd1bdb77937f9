"""Which kind of model is worth its milliseconds? One table, by folds in which no writer stands on both sides.

    analyzer compare data/labelled

Every variant meets the same folds, the same labels and the same scaling, so that models are compared, not tricks. Ratings of held-out
writers are scaled (and the stack is weighed, and the overall is shown trait ratings) with what was predicted for the *other* folds.
Those predictions came from models that had seen the fold at hand; two or six numbers a label can carry little of it, and all variants
share it. The figures of the shipped model come from ``analyzer evaluate``, which refits everything inside every fold.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from analyzer.parsing.embedding import embed, mean_vector
from analyzer.scoring.caps import CAPS
from analyzer.scoring.featurize import model_text
from analyzer.scoring.model import overall_matrix
from analyzer.scoring.ordinal import fit_ordinal
from analyzer.training import metrics
from analyzer.training.dataset import LABELS, Dataset
from analyzer.training.evaluate import groups_of, raters_kappa
from analyzer.training.fit import (
    Measurements,
    Recipe,
    _scale,
    caps_of,
    featurizer_for,
    fit_weighed,
    measurements_of,
    own_weights,
    writer_folds,
)
from analyzer.traits import TRAIT_NAMES
from analyzer.types import Evidence

FOLDS = 5
# unit vectors are stretched to this length, so that one penalty suits them and standardised features (best of 5, 10, 15, 20 for MiniLM)
_VECTOR_SCALE = 10.0
# wordllama 0.4.0 (optional): static vectors of 256 numbers; spaCy's own 96 token numbers stand in where it is not installed
_STATIC_PACKAGE = "wordllama"

Ratings = NDArray[np.float64]
Indices = NDArray[np.int_]
Predicted = dict[str, Ratings]
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Materials:
    """What the variants learn from, measured once. ``costs`` are milliseconds of processor time a draft of each step; vectors have one row a case."""

    dataset: Dataset
    measurements: Measurements
    static: NDArray[np.float64]
    static_name: str
    sentences: NDArray[np.float64]
    costs: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Variant:
    """One row of the table: its predictions for writers held out (1..5, shape (n_cases,) by label) and what a draft costs."""

    name: str
    predicted: Mapping[str, Ratings]
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """All variants on one data set; ``shipped`` names the one whose recipe ``analyzer train`` follows."""

    dataset: Dataset
    variants: tuple[Variant, ...]
    shipped: str
    words: Ratings
    static_name: str


# ---- what the variants learn from


def prepare(dataset: Dataset, progress: Progress = lambda _: None) -> Materials:
    """Read, measure and embed every case, and take the processor time of each step (so that a busy machine does not show)."""
    from analyzer.pipeline import Analyzer
    from analyzer.training.commands import AnyKind

    list(Analyzer(engines=("harper",)).collect([dataset.cases[0].case], AnyKind()))
    embed(["warm up"])
    costs: dict[str, float] = {}
    count = len(dataset.cases)

    def timed(step: str, work: Callable[[], Any]) -> Any:
        progress(f"{step} of {count} cases")
        start = time.process_time()
        done = work()
        costs[step] = (time.process_time() - start) * 1000.0 / count
        return done

    evidence: list[Evidence] = timed(
        "reading",
        lambda: list(Analyzer(engines=("harper",)).collect([case.case for case in dataset.cases], AnyKind())),
    )
    measurements: Measurements = timed("measuring", lambda: measurements_of(evidence))
    timed("words", lambda: [model_text(item) for item in evidence])
    static_name, static_of = _static_vectors()
    static = timed("static", lambda: np.array([static_of(item) for item in evidence]))
    sentences = timed("sentences", lambda: np.array([_sentence_mean(item) for item in evidence]))
    return Materials(dataset, measurements, static, static_name, sentences.astype(float), costs)


def _sentence_mean(evidence: Evidence) -> Any:
    text = evidence.draft.text
    return mean_vector(embed([text[start:end] for start, end in evidence.sentences]))


def _static_vectors() -> tuple[str, Callable[[Evidence], Any]]:
    """Static word vectors: wordllama's where it is installed, else the mean of spaCy's token numbers (96, tok2vec, in context)."""
    from importlib.util import find_spec

    if find_spec(_STATIC_PACKAGE) is None:
        return "spaCy tok2vec", _token_mean
    return _STATIC_PACKAGE, _wordllama()


def _token_mean(evidence: Evidence) -> Any:
    inside = [
        token.i
        for start, end in evidence.sentences
        for token in (evidence.draft.doc.char_span(start, end, alignment_mode="expand") or ())
    ]
    tensor = np.asarray(evidence.draft.doc.tensor, dtype=np.float32)
    return mean_vector(tensor[inside] if inside else np.zeros((0, tensor.shape[1]), dtype=np.float32))


def _wordllama() -> Callable[[Evidence], Any]:
    from importlib import import_module
    from importlib.util import find_spec
    from pathlib import Path

    origin = find_spec(_STATIC_PACKAGE)
    # its loader looks beside the package for its own files and asks a hub for them; the cache argument points it home
    home = Path(str(origin.origin)).parent if origin else Path()
    model = import_module(_STATIC_PACKAGE).WordLlama.load(cache_dir=home, disable_download=True)

    def mean(evidence: Evidence) -> Any:
        text = evidence.draft.text
        pieces = [text[start:end] for start, end in evidence.sentences] or [""]
        return mean_vector(np.asarray(model.embed(pieces), dtype=np.float32))

    return mean


# ---- columns: each gives a matrix of all cases, fitted on the training cases only

# and its column names, '' for columns without one
Named = tuple[Any, tuple[str, ...]]
Columns = Callable[[Materials, Indices, Recipe], Named]


def _standardised(values: NDArray[np.float64], train: Indices) -> NDArray[np.float64]:
    spread = values[train].std(axis=0)
    spread[spread == 0.0] = 1.0
    return np.asarray(np.clip((values - values[train].mean(axis=0)) / spread, -4.0, 4.0))


def _length(materials: Materials, train: Indices, _: Recipe) -> Named:
    logs = np.array([row["concision.words_log_count"] for row in materials.measurements.rows])
    return sparse.csr_matrix(_standardised(np.column_stack([logs, logs**2]), train)), ("", "")


def _features_and_words(materials: Materials, train: Indices, recipe: Recipe) -> Named:
    featurizer = featurizer_for(materials.measurements.subset(train), recipe)
    matrix = featurizer.matrix(materials.measurements.rows, materials.measurements.texts)
    return matrix, featurizer.column_names


def _features(materials: Materials, train: Indices, recipe: Recipe) -> Named:
    matrix, names = _features_and_words(materials, train, recipe)
    count = len(materials.measurements.rows[0])
    return matrix[:, :count], names[:count]


def _without_shapes(materials: Materials, train: Indices, recipe: Recipe) -> Named:
    return _features_and_words(materials, train, replace(recipe, shapes_scale=0.0))


def _words(materials: Materials, train: Indices, recipe: Recipe) -> Named:
    matrix, names = _without_shapes(materials, train, recipe)
    count = len(materials.measurements.rows[0])
    return matrix[:, count:], names[count:]


def _beside(one: Columns, vectors: Callable[[Materials], NDArray[np.float64]]) -> Columns:
    def columns(materials: Materials, train: Indices, recipe: Recipe) -> Named:
        rows = vectors(materials)
        centred = (rows - rows[train].mean(axis=0)) * _VECTOR_SCALE
        matrix, names = one(materials, train, recipe)
        return sparse.hstack([matrix, sparse.csr_matrix(centred)], format="csr"), (*names, *(("",) * rows.shape[1]))

    return columns


# ---- learners


def _scaled(raw: Ratings, observed: Ratings, folds: Sequence[tuple[Indices, Indices]], caps: Ratings) -> Ratings:
    """Every variant's ratings on the raters' scale, each fold scaled by the others."""
    done = np.empty(len(raw))
    for train, held in folds:
        done[held] = _scale(raw[train], observed[train]).apply(raw[held])
    return np.minimum(done, caps)


@dataclass(frozen=True, slots=True)
class _Bench:
    materials: Materials
    recipe: Recipe
    folds: tuple[tuple[Indices, Indices], ...]

    def observed(self, label: str) -> Ratings:
        return self.materials.dataset.means(label)

    def caps(self, label: str, *, apply: bool) -> Ratings:
        rules = CAPS.get(label, {}) if apply else {}
        return caps_of(self.materials.measurements.rows, rules)

    def majority(self) -> Predicted:
        """The commonest whole rating among the training writers."""
        predicted = {}
        for label in LABELS:
            observed, values = self.observed(label), np.empty(len(self.materials.dataset.cases))
            for train, held in self.folds:
                values[held] = np.bincount(np.floor(observed[train] + 0.5).astype(int)).argmax()
            predicted[label] = values
        return predicted

    def ordinal(self, columns: Columns, *, features: bool = True) -> tuple[Predicted, Predicted]:
        """Ordinal logistic regression on some columns; the overall sees the trait ratings too. (scaled, raw).

        ``features``: the engineered features are among the columns, so that the rubric's caps can be applied.
        """
        count = len(self.materials.dataset.cases)
        raw = {label: np.empty(count) for label in LABELS}
        matrices = [columns(self.materials, train, self.recipe) for train, _ in self.folds]
        for (train, held), (matrix, names) in zip(self.folds, matrices, strict=True):
            for label in TRAIT_NAMES:
                weights = own_weights(names, label, self.recipe)
                model = fit_weighed(matrix[train], weights, self.observed(label)[train], self.recipe.trait_strength)
                raw[label][held] = model.expected(matrix[held])
        scaled = {label: self._finished(raw, label, features) for label in TRAIT_NAMES}
        for (train, held), (matrix, _) in zip(self.folds, matrices, strict=True):
            whole = overall_matrix(matrix, scaled)
            model = fit_ordinal(whole[train], self.observed("overall")[train], self.recipe.overall_strength)
            raw["overall"][held] = model.expected(whole[held])
        return {**scaled, "overall": self._finished(raw, "overall", features)}, raw

    def boosting(self) -> tuple[Predicted, Predicted]:
        """Gradient boosting of small trees on the engineered features. (scaled, raw)."""
        from sklearn.ensemble import HistGradientBoostingRegressor

        names = list(self.materials.measurements.rows[0])
        matrix = np.array([[row[name] for name in names] for row in self.materials.measurements.rows])
        raw = {label: np.empty(len(matrix)) for label in LABELS}
        for train, held in self.folds:
            for label in LABELS:
                model = HistGradientBoostingRegressor(
                    max_iter=150,
                    learning_rate=0.05,
                    max_leaf_nodes=8,
                    min_samples_leaf=15,
                    l2_regularization=5.0,
                    max_features=0.3,
                    random_state=self.recipe.seed,
                )
                raw[label][held] = model.fit(matrix[train], self.observed(label)[train]).predict(matrix[held])
        return {label: self._finished(raw, label, True) for label in LABELS}, raw

    def stack(self, members: Sequence[Predicted]) -> Predicted:
        """Members weighed by non-negative least squares, the weights of each fold learnt on the others."""
        from scipy.optimize import nnls

        stacked: Predicted = {}
        for label in LABELS:
            columns = np.column_stack([member[label] for member in members]) - 3.0
            observed = self.observed(label)
            values = np.empty(len(observed))
            for train, held in self.folds:
                centre = columns[train].mean(axis=0)
                weights, _ = nnls(columns[train] - centre, observed[train] - observed[train].mean())
                values[held] = (columns[held] - centre) @ weights + observed[train].mean()
            stacked[label] = values
        return {label: self._finished(stacked, label, True) for label in LABELS}

    def _finished(self, raw: Mapping[str, Ratings], label: str, caps: bool) -> Ratings:
        return _scaled(raw[label], self.observed(label), self.folds, self.caps(label, apply=caps))


def compare(
    dataset: Dataset, recipe: Recipe | None = None, progress: Progress = lambda _: None, seed: int = 1
) -> Comparison:
    """Fit and measure every variant. ``dataset`` should hold no held-out writer: the comparison is part of choosing."""
    materials = prepare(dataset, progress)
    bench = _Bench(materials, recipe or Recipe(), tuple(writer_folds(dataset.writers(), FOLDS, seed)))
    costs = materials.costs
    features = costs["reading"] + costs["measuring"] - costs["words"]
    both = features + costs["words"]
    progress("majority, length, words")
    length, words = bench.ordinal(_length, features=False), bench.ordinal(_words, features=False)
    progress("features")
    plain, boosted = bench.ordinal(_features), bench.boosting()
    progress("features and words")
    worded, shipped = bench.ordinal(_without_shapes), bench.ordinal(_features_and_words)
    progress("vectors")
    static = bench.ordinal(_beside(_features_and_words, lambda made: made.static))
    sentences = bench.ordinal(_beside(_features_and_words, lambda made: made.sentences))
    name = "  + shapes (shipped)"
    variants = (
        Variant("majority", bench.majority(), 0.0),
        Variant("length alone", length[0], 0.0),
        Variant("bag of words", words[0], costs["words"]),
        Variant("features, ordinal", plain[0], features),
        Variant("features, boosting", boosted[0], features),
        Variant("features + words", worded[0], both),
        Variant(name, shipped[0], both),
        Variant("  … + static vectors", static[0], both + costs["static"]),
        Variant("  … + sentence embeddings", sentences[0], both + costs["sentences"]),
        Variant(
            "stack of all", bench.stack([made[1] for made in (words, plain, boosted, worded, shipped, static, sentences)]),
            both + costs["static"] + costs["sentences"],
        ),
    )  # fmt: skip
    counted = np.array([row["concision.words_log_count"] for row in materials.measurements.rows])
    return Comparison(dataset, variants, name, counted, materials.static_name)


# ---- figures and tables


def table_of(comparison: Comparison) -> str:
    """Variants against labels: quadratic weighted kappa of rounded ratings, error of the overall, milliseconds a draft."""
    heads = " ".join(f"{label[:7]:>7}" for label in (*LABELS, "mean"))
    dataset = comparison.dataset
    lines = [
        f"{len(dataset.cases)} cases of {len(set(dataset.writers()))} writers, {FOLDS} folds by writer; kappa (quadratic weighted, rounded)",
        "",
        f"{'':<27} {heads} {'error':>6} {'ms':>6}",
    ]
    for variant in comparison.variants:
        kappas = [metrics.rounded_kappa(dataset.means(label), variant.predicted[label]) for label in LABELS]
        figures = " ".join(f"{value:>7.3f}" for value in (*kappas, float(np.mean(kappas))))
        error = metrics.mean_absolute_error(dataset.means("overall"), variant.predicted["overall"])
        lines.append(f"{variant.name:<27} {figures} {error:>6.2f} {variant.milliseconds:>6.1f}")
    raters = [raters_kappa(dataset, label) for label in LABELS]
    lines.append(f"{'two readers':<27} " + " ".join(f"{value:>7.3f}" for value in (*raters, float(np.mean(raters)))))
    lines += [
        "",
        "error: mean absolute error of the overall, in ratings. ms: processor time a draft for all a variant",
    ]
    lines.append(f"needs, in this run. Static vectors: {comparison.static_name}; sentences: all-MiniLM-L6-v2, int8.")
    return "\n".join(lines)


def details_of(comparison: Comparison) -> str:
    """Every variant and label in full: kappa with its 95 % interval, mean absolute error, share within one rating."""
    dataset = comparison.dataset
    lines = []
    for label in LABELS:
        observed = dataset.means(label)
        lines += [f"{label:<27} {'kappa':>6} {'95 % interval':>15} {'error':>6} {'±1':>5}"]
        for variant in comparison.variants:
            predicted = variant.predicted[label]
            low, high = metrics.kappa_interval(observed, predicted, dataset.writers())
            lines.append(
                f"{variant.name:<27} {metrics.rounded_kappa(observed, predicted):>6.3f} {f'{low:.3f} to {high:.3f}':>15} "
                f"{metrics.mean_absolute_error(observed, predicted):>6.2f} {metrics.within_one(observed, predicted):>5.0%}"
            )
        lines += [f"{'two readers':<27} {raters_kappa(dataset, label):>6.3f}", ""]
    return "\n".join(lines).rstrip()


def breakdown_of(comparison: Comparison) -> str:
    """The shipped recipe by kind and with or without notes, beside the two readers, and how much of each rating is mere length."""
    dataset = comparison.dataset
    predicted = next(variant.predicted for variant in comparison.variants if variant.name == comparison.shipped)
    groups = groups_of(dataset)
    heads = " ".join(f"{label[:11]:>11}" for label in LABELS)
    lines = ["Shipped recipe / two readers (kappa), by kind and notes", "", f"{'':<16} {'cases':>5} {heads}"]
    for name, member in groups.items():
        if member.sum() < 2:
            continue
        part = dataset.where(member)
        cells = [
            f"{metrics.rounded_kappa(part.means(label), predicted[label][member]):.2f} / {raters_kappa(part, label):.2f}"
            for label in LABELS
        ]
        lines.append(f"{name:<16} {int(member.sum()):>5} " + " ".join(f"{cell:>11}" for cell in cells))
    lines += ["", "Standardised mean difference (predicted - observed; within .10 wanted)", ""]
    for name, member in groups.items():
        if member.sum() < 2:
            continue
        values = [
            metrics.standardised_mean_difference(dataset.means(label)[member], predicted[label][member])
            for label in LABELS
        ]
        lines.append(f"{name:<16} {int(member.sum()):>5} " + " ".join(f"{value:>11.2f}" for value in values))
    partial = [
        metrics.partial_correlation(predicted[label], comparison.words, dataset.means(label)) for label in LABELS
    ]
    lines += ["", "Partial correlation of the predicted rating with log body words, given the observed rating", ""]
    lines.append(f"{'all':<16} {len(dataset.cases):>5} " + " ".join(f"{value:>11.2f}" for value in partial))
    return "\n".join(lines)


__all__ = [
    "Comparison",
    "Materials",
    "Variant",
    "breakdown_of",
    "compare",
    "details_of",
    "prepare",
    "table_of",
]
