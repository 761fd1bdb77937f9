"""Train, evaluate, promote: what the command line, the app and notebooks call."""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from analyzer.errors import ModelError
from analyzer.pipeline import Analyzer
from analyzer.scoring.store import load_model, models_directory, read_manifest, save_model
from analyzer.training.dataset import Dataset, read_dataset
from analyzer.training.evaluate import Evaluation, Predictions, cross_validate, evaluate, predict
from analyzer.training.fit import Measurements, Recipe, check_trainable, fit_model, measurements_of

Progress = Callable[[str], None]
_LIBRARIES = ("numpy", "scikit-learn", "skops", "spacy", "textstat", "harper-py")


class _AnyKind:
    """Stands in for the kind classifier while measuring cases whose kind is given."""

    classes_ = ("thank_you",)

    def predict_proba(self, texts: Any) -> Any:
        """Always the first kind."""
        return np.ones((len(texts), 1))


@dataclass(frozen=True, slots=True)
class Trained:
    """A finished training run: figures on writers held out in turn, and on the writers never trained on (None where none are set aside)."""

    directory: Path
    cross_validated: Evaluation
    held_out: Evaluation | None


def measure_dataset(dataset: Dataset) -> Measurements:
    """Parse, proofread, match and measure every case, with the proofreader that is always there (Harper)."""
    analyzer = Analyzer(engines=("harper",))
    return measurements_of(list(analyzer.collect([case.case for case in dataset.cases], _AnyKind())))


def train(data: Path, output: Path, recipe: Recipe, progress: Progress) -> Trained:
    """Fit a model on the labelled data and write it with its figures into ``output``.

    Raises DataError for data that cannot be learnt from, ModelError where ``output`` already holds a model.
    """
    if (output / "manifest.json").exists():
        raise ModelError(
            "model_exists", f"“{output}” already holds a model: name a new folder, so that the old one can be restored."
        )
    whole = read_dataset(data)
    kept, held = whole.split()
    # cross-validation takes one part of the writers away, and the folds inside it another
    check_trainable(kept, fewest_writers=3)
    progress(f"measuring {len(whole.cases)} labelled cases")
    measurements = measure_dataset(kept)
    progress("cross-validating by writer")
    crossed = evaluate(cross_validate(measurements, kept, recipe, lambda _: None), kept)
    progress("fitting the model")
    model = fit_model(measurements, kept, recipe)
    tested = evaluate(predict(model, measure_dataset(held)), held) if held.cases else None
    manifest = {
        "version": output.name,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in _LIBRARIES},
        "data_sha256": whole.sha256,
        "training_writers": sorted(set(kept.writers())),
        "held_out_writers": sorted(whole.held_out_writers),
        "recipe": asdict(recipe),
        "features": list(model.featurizer.names),
        "cross_validated": _figures(crossed),
        "held_out": _figures(tested) if tested else None,
    }
    save_model(model, output, manifest)
    return Trained(output, crossed, tested)


def _figures(evaluation: Evaluation) -> dict[str, Any]:
    def plain(value: Any) -> Any:
        if isinstance(value, float):
            return None if np.isnan(value) else round(value, 4)
        if isinstance(value, Mapping):
            return {key: plain(item) for key, item in value.items()}
        return [plain(item) for item in value] if isinstance(value, list | tuple) else value

    found: dict[str, Any] = plain(asdict(evaluation))
    return found


def evaluate_model(directory: Path, data: Path) -> Evaluation:
    """Measure a stored model on the cases of writers it was not trained on.

    Raises DataError where every case is of a writer it was trained on: such figures would flatter.
    """
    dataset, predictions = predictions_of(directory, data)
    return evaluate(predictions, dataset)


def predictions_of(directory: Path, data: Path) -> tuple[Dataset, Predictions]:
    """The cases of writers the model was not trained on, and what the model says of them."""
    from analyzer.errors import DataError

    manifest = read_manifest(directory)
    model = load_model(directory)
    whole = read_dataset(data)
    seen = set(manifest.get("training_writers", ()))
    fresh = Dataset(tuple(case for case in whole.cases if case.writer not in seen), whole.sha256)
    if not fresh.cases:
        raise DataError(
            "nothing_held_out",
            f"The model in “{directory}” was trained on every writer in “{data}”: give cases of other writers, or see its manifest for figures.",
        )
    return fresh, predict(model, measure_dataset(fresh))


def promote(directory: Path, data: Path, *, force: bool) -> str:
    """Make a model the default if it is no worse on held-out cases than the present default; say how they compare.

    Raises ModelError where it is worse by more than one hundredth of kappa in the mean of all labels, unless forced.
    """
    candidate = _mean_kappa(evaluate_model(directory, data))
    pointer = models_directory() / "default.txt"
    current = pointer.read_text(encoding="utf-8").strip() if pointer.is_file() else ""
    if current and (models_directory() / current) != directory:
        present = _mean_kappa(evaluate_model(models_directory() / current, data))
        if candidate < present - 0.01 and not force:
            raise ModelError(
                "worse_model",
                f"“{directory.name}” is worse than the present default “{current}” (mean kappa {candidate:.3f} against {present:.3f}): not promoted.",
            )
        comparison = f"mean kappa {candidate:.3f}, before {present:.3f}"
    else:
        comparison = f"mean kappa {candidate:.3f}"
    if directory.resolve().parent != models_directory().resolve():
        raise ModelError(
            "foreign_model", f"Only models in “{models_directory()}” can be the default: train into that folder."
        )
    pointer.write_text(directory.name + "\n", encoding="utf-8")
    return f"“{directory.name}” is now the default model ({comparison})."


def _mean_kappa(evaluation: Evaluation) -> float:
    return float(np.mean([figures.kappa for figures in evaluation.labels]))
