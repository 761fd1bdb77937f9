"""Train, teach, evaluate: what the command line, the app and notebooks call."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from analyzer.errors import DataError, ModelError
from analyzer.pipeline import Analyzer
from analyzer.scoring.store import default_model_directory, load_model, read_manifest, save_model
from analyzer.training.adapt import Adaptation, adapt, check_teachable
from analyzer.training.dataset import Dataset, raters_far_apart, read_dataset
from analyzer.training.evaluate import Evaluation, Predictions, cross_validate, evaluate, predict
from analyzer.training.fit import Measurements, Recipe, check_trainable, fit_model, measurements_of
from analyzer.training.out_of_fold import write_out_of_fold

Progress = Callable[[str], None]
# what an adapted model takes over from the manifest of the model it was moved from
_INHERITED = ("training_writers", "held_out_writers", "recipe", "features", "cross_validated", "held_out")
_MOST_SHOWN = 5
_LIBRARIES = ("numpy", "scikit-learn", "skops", "spacy", "textstat", "harper-py")


class AnyKind:
    """Stands in for the kind classifier while measuring cases whose kind is given."""

    classes_ = ("thank_you",)

    def predict_proba(self, texts: Any) -> Any:
        """Always the first kind."""
        return np.ones((len(texts), 1))


@dataclass(frozen=True, slots=True)
class Taught:
    """A finished adaptation: the folder of the new model, what was learnt from how many cases, and the model it was moved from."""

    directory: Path
    base: str
    cases: int
    adaptation: Adaptation


@dataclass(frozen=True, slots=True)
class Trained:
    """A finished training run: figures on writers held out in turn, and on the writers never trained on (None where none are set aside)."""

    directory: Path
    cross_validated: Evaluation
    held_out: Evaluation | None


def measure_dataset(dataset: Dataset) -> Measurements:
    """Parse, proofread, match and measure every case, with the proofreader that is always there (Harper).

    A kind that is not given is detected by the default model, which is loaded only then.
    """
    given = all(case.case.kind for case in dataset.cases)
    analyzer = Analyzer(engines=("harper",))
    evidence = analyzer.collect([case.case for case in dataset.cases], AnyKind() if given else None)
    return measurements_of(list(evidence))


def _new_folder(output: Path) -> None:
    if (output / "manifest.json").exists():
        raise ModelError(
            "model_exists", f"“{output}” already holds a model: name a new folder, so that the old one can be restored."
        )


def _disagreements(dataset: Dataset, progress: Progress) -> None:
    apart = raters_far_apart(dataset)
    if apart:
        progress(f"raters far apart, their mean is taken; settle it if you can: {'; '.join(apart[:_MOST_SHOWN])}")
        if len(apart) > _MOST_SHOWN:
            progress(f"and {len(apart) - _MOST_SHOWN} more like that")


def _made() -> dict[str, Any]:
    return {
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in _LIBRARIES},
    }


def teach(data: Path, output: Path, progress: Progress, base: Path | None = None) -> Taught:
    """Move a trained model (the default, where ``base`` names none) towards a coach's labels and write it into ``output``.

    Raises DataError for labels that cannot be learnt from, ModelError where ``output`` already holds a model.
    """
    _new_folder(output)
    start = base or default_model_directory()
    manifest = read_manifest(start)
    dataset = read_dataset(data)
    check_teachable(dataset)
    _disagreements(dataset, progress)
    model = load_model(start)
    progress(f"measuring {len(dataset.cases)} labelled cases")
    done = adapt(model, measure_dataset(dataset), dataset)
    kept = {name: manifest[name] for name in _INHERITED if name in manifest}
    lessons = {
        "model": str(manifest.get("version", start.name)),
        "sha256": manifest["sha256"],
        "data_sha256": dataset.sha256,
        "cases": len(dataset.cases),
        "raters": sorted({label.rater for case in dataset.cases for label in case.labels}),
        "labels": [
            {**asdict(one), "adjustment": asdict(one.adjustment), "changed": one.changed} for one in done.labels
        ],
        "tags": dict(done.tags),
    }
    learnt = sorted({*manifest.get("learnt_from", ()), *fingerprints(dataset)})
    whole = {"version": output.name, **_made(), **kept, "adapted_from": lessons, "learnt_from": learnt}
    save_model(done.model, output, whole)
    return Taught(output, str(manifest.get("version", start.name)), len(dataset.cases), done)


def fingerprint(draft: str) -> str:
    """What tells later whether a draft was learnt from, without keeping its words: 16 hexadecimal digits."""
    return hashlib.sha256(draft.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def fingerprints(dataset: Dataset) -> list[str]:
    """The fingerprints of all drafts, sorted, so that they tell nothing of the order."""
    return sorted({fingerprint(case.case.draft) for case in dataset.cases})


def train(data: Path, output: Path, recipe: Recipe, progress: Progress) -> Trained:
    """Fit a model on the labelled data and write it with its figures into ``output``.

    Raises DataError for data that cannot be learnt from, ModelError where ``output`` already holds a model.
    """
    _new_folder(output)
    whole = read_dataset(data)
    kept, held = whole.split()
    # cross-validation takes one part of the writers away, and the folds inside it another
    check_trainable(kept, fewest_writers=3)
    _disagreements(whole, progress)
    progress(f"measuring {len(whole.cases)} labelled cases")
    measurements = measure_dataset(kept)
    progress("cross-validating by writer")
    out_of_fold = cross_validate(measurements, kept, recipe, lambda _: None)
    crossed = evaluate(out_of_fold, kept)
    progress("fitting the model")
    model = fit_model(measurements, kept, recipe)
    tested = evaluate(predict(model, measure_dataset(held)), held) if held.cases else None
    manifest = {
        "version": output.name,
        **_made(),
        "data_sha256": whole.sha256,
        "training_writers": sorted(set(kept.writers())),
        "held_out_writers": sorted(whole.held_out_writers),
        "recipe": asdict(recipe),
        "features": list(model.featurizer.names),
        "cross_validated": _figures(crossed),
        "held_out": _figures(tested) if tested else None,
        "learnt_from": fingerprints(kept),
    }
    save_model(model, output, manifest)
    write_out_of_fold(output, kept, out_of_fold)
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
    """Measure a stored model on the cases it was not taught: of writers it never saw, and not among a coach's labels.

    Raises DataError where there is no such case: figures on its own lessons would flatter.
    """
    dataset, predictions = predictions_of(directory, data)
    return evaluate(predictions, dataset)


def predictions_of(directory: Path, data: Path) -> tuple[Dataset, Predictions]:
    """The cases the model was not taught, and what the model says of them."""
    fresh = fresh_cases(directory, data)
    return fresh, predict(load_model(directory), measure_dataset(fresh))


def fresh_cases(directory: Path, data: Path) -> Dataset:
    """The cases of ``data`` that a stored model was not taught. Raises DataError where there is none."""
    return untaught(directory, read_dataset(data), data)


def untaught(directory: Path, whole: Dataset, data: Path) -> Dataset:
    """The same of a data set that was read already; ``data`` is where from."""
    manifest = read_manifest(directory)
    writers, learnt = set(manifest.get("training_writers", ())), set(manifest.get("learnt_from", ()))
    known = [fingerprint(case.case.draft) in learnt for case in whole.cases]
    # letters tell writers apart within one corpus only: a coach's ids may use the same letters for other people
    same_corpus = any(known) or not learnt
    fresh = tuple(
        case
        for case, taught in zip(whole.cases, known, strict=True)
        if not taught and not (same_corpus and case.writer in writers)
    )
    if not fresh:
        raise DataError(
            "nothing_held_out",
            f"The model in “{directory}” was taught every case in “{data}”: give cases of other writers, or see its manifest for figures.",
        )
    return Dataset(fresh, whole.sha256, english=whole.english)
