"""Which model is the default: promote a better one, refuse a worse one, go back to the one before."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from analyzer.errors import ModelError
from analyzer.scoring.store import MANIFEST_FILE, load_model, models_directory, read_manifest
from analyzer.training import metrics
from analyzer.training.commands import measure_dataset, untaught
from analyzer.training.dataset import LABELS, Dataset, read_dataset
from analyzer.training.evaluate import predict

# kappas nearer than this are the same for all that the held-out cases can tell
_TOLERANCE = 0.01
_POINTER, _HISTORY = "default.txt", "promotions.jsonl"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two models on the same held-out cases: mean kappa over the labels, and the label that lost most."""

    cases: int
    candidate: float
    present: float
    weakest: str
    weakest_change: float

    @property
    def worse(self) -> bool:
        """Whether the candidate is worse by more than the cases can leave open."""
        return self.candidate < self.present - _TOLERANCE

    def text(self) -> str:
        """In words, for messages."""
        return f"mean kappa {self.candidate:.3f} against {self.present:.3f} on {self.cases} held-out cases"


def promote(directory: Path, data: Path, *, force: bool = False) -> str:
    """Make a model the default if it is no worse than the present default on cases neither was taught; say how they compare.

    A model adapted from the present default is measured on the coach's own labels, each left out in turn, which its manifest keeps.
    Raises ModelError where it is worse, by how much, unless forced, and where it does not lie in the models' folder.
    """
    if directory.resolve().parent != models_directory().resolve():
        raise ModelError(
            "foreign_model", f"Only models in “{models_directory()}” can be the default: train into that folder."
        )
    manifest = read_manifest(directory)
    load_model(directory)
    pointer = models_directory() / _POINTER
    current = pointer.read_text(encoding="utf-8").strip() if pointer.is_file() else ""
    if current == directory.name:
        return f"“{current}” is the default model already."
    lessons = manifest.get("adapted_from", {})
    found = None
    if lessons.get("model") == current:
        found = _from_lessons(lessons)
    elif current:
        found = _measured(directory, current, data)
    if found and found.worse and not force:
        raise ModelError(
            "worse_model",
            f"“{directory.name}” is worse than the present default “{current}” by {found.present - found.candidate:.3f} ({found.text()}; "
            f"most in {found.weakest}, {found.weakest_change:+.3f}): not promoted. “--force” promotes it all the same.",
        )
    _point_to(directory.name, current, found, forced=bool(force and found and found.worse))
    said = f" ({found.text()})" if found else ""
    return f"“{directory.name}” is now the default model{said}. “analyzer promote --back” restores “{current}”."


def go_back() -> str:
    """Make the model before the present one the default again. Raises ModelError where there is none."""
    pointer = models_directory() / _POINTER
    current = pointer.read_text(encoding="utf-8").strip() if pointer.is_file() else ""
    before = [entry["before"] for entry in history() if entry["promoted"] == current and entry["before"]]
    if not before:
        raise ModelError("no_model_before", f"No model was the default before “{current}”: name one to promote.")
    load_model(models_directory() / before[-1])
    _point_to(before[-1], current, None, forced=False, back=True)
    return f"“{before[-1]}” is the default model again, in place of “{current}”."


def history() -> tuple[Mapping[str, Any], ...]:
    """All promotions, oldest first: ``at``, ``promoted``, ``before``, ``forced``, ``back`` and how the two compared."""
    try:
        lines = (models_directory() / _HISTORY).read_text(encoding="utf-8").splitlines()
        return tuple(entry for line in lines if isinstance(entry := json.loads(line), dict) and "promoted" in entry)
    except FileNotFoundError:
        return ()
    except ValueError:
        path = models_directory() / _HISTORY
        raise ModelError("bad_history", f"“{path}” is damaged: move it away, and name the model to promote.") from None


def _measured(directory: Path, current: str, data: Path) -> Comparison:
    """Both models on the cases that neither was taught."""
    other = models_directory() / current
    whole = read_dataset(data)
    fresh, known = untaught(directory, whole, data), {case.case.id for case in untaught(other, whole, data).cases}
    both = Dataset(tuple(case for case in fresh.cases if case.case.id in known), fresh.sha256)
    if not both.cases:
        raise ModelError(
            "nothing_held_out", f"“{data}” holds no case that neither model was taught: name other labels with --data."
        )
    measurements = measure_dataset(both)
    kappas = []
    for path in (directory, other):
        model = load_model(path)
        missing = set(model.featurizer.names) - set(measurements.rows[0])
        # a model of an earlier version cannot be measured any more, only replaced
        rated = None if missing else predict(model, measurements).ratings
        kappas.append([metrics.rounded_kappa(both.means(label), rated[label]) if rated else -1.0 for label in LABELS])
    return _compared(len(both.cases), kappas[0], kappas[1])


def _from_lessons(lessons: Mapping[str, Any]) -> Comparison:
    labels = {one["label"]: one for one in lessons["labels"]}
    before = [float(labels[label]["kappa_before"]) for label in LABELS]
    after = [float(labels[label]["kappa_after"]) for label in LABELS]
    return _compared(int(lessons["cases"]), after, before)


def _compared(cases: int, candidate: list[float], present: list[float]) -> Comparison:
    changes = np.array(candidate) - np.array(present)
    lowest = int(np.argmin(changes))
    return Comparison(cases, float(np.mean(candidate)), float(np.mean(present)), LABELS[lowest], float(changes[lowest]))


def _point_to(name: str, before: str, found: Comparison | None, *, forced: bool, back: bool = False) -> None:
    """Change the pointer in one step, and write down what was done: in the history, and in the model's own manifest."""
    folder = models_directory()
    entry = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "promoted": name,
        "before": before,
        "forced": forced,
        "back": back,
        "kappa": None if found is None else round(found.candidate, 4),
        "kappa_before": None if found is None else round(found.present, 4),
        "cases": None if found is None else found.cases,
    }
    path = folder / name / MANIFEST_FILE
    manifest = json.loads(path.read_text(encoding="utf-8"))
    try:
        if not back:
            _replace(path, json.dumps({**manifest, "promotion": entry}, indent=2, ensure_ascii=False) + "\n")
        with (folder / _HISTORY).open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry, ensure_ascii=False) + "\n")
        _replace(folder / _POINTER, name + "\n")
    except OSError as trouble:
        raise ModelError(
            "cannot_promote",
            f"“{folder}” cannot be written ({trouble.strerror}): change its permissions. Nothing was changed.",
        ) from None


def _replace(path: Path, text: str) -> None:
    fresh = path.with_name(path.name + ".new")
    fresh.write_text(text, encoding="utf-8")
    os.replace(fresh, path)


__all__ = ["Comparison", "go_back", "history", "promote"]
