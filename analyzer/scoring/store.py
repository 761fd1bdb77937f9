"""Models on disk: one skops file and a manifest. Nothing is ever unpickled.

A model directory holds ``model.skops`` (scikit-learn objects and arrays; skops builds only types from ``TRUSTED_TYPES``) and
``manifest.json`` (format, library versions, feature names, hash of the model file, hash of the data, seed, metrics).
Changing what is stored: raise ``FORMAT`` and keep the old reader.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from analyzer.errors import ModelError
from analyzer.scoring.featurize import Featurizer
from analyzer.scoring.intervals import Intervals
from analyzer.scoring.model import RATING_WEIGHT, FaultModel, Model, RatingModel, Scale
from analyzer.scoring.ordinal import OrdinalModel

FORMAT = 2
# format 1 had no sentence shapes, and ratings not weighed in the overall
_READABLE = (1, 2)
MODEL_FILE = "model.skops"
MANIFEST_FILE = "manifest.json"
# Everything in our files is of types skops trusts by itself; anything else is refused before it is built.
TRUSTED_TYPES: tuple[str, ...] = ()
# a model file beyond this was not written by us
_MOST_BYTES = 200_000_000


def models_directory() -> Path:
    """Where the shipped models are: ``models/`` of a checkout, or inside the installed package."""
    checkout = Path(__file__).resolve().parents[2] / "models"
    return checkout if (checkout / "default.txt").is_file() else Path(__file__).resolve().parents[1] / "_models"


def default_model_directory() -> Path:
    """The model that is used when none is named: ``ANALYZER_MODEL``, else the one in ``models/default.txt``."""
    named = os.environ.get("ANALYZER_MODEL", "")
    if named:
        return Path(named)
    pointer = models_directory() / "default.txt"
    try:
        return models_directory() / pointer.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ModelError(
            "no_model",
            f"There is no default model ({pointer} is missing): train one with “analyzer train data/labelled -o models/v1”.",
        ) from error


def _rating_state(model: RatingModel) -> dict[str, Any]:
    return {
        "slopes": model.ordinal.slopes,
        "intercepts": model.ordinal.intercepts,
        "scale": [model.scale.slope, model.scale.offset],
        "below": model.intervals.below,
        "above": model.intervals.above,
    }


def _rating_model(state: Mapping[str, Any]) -> RatingModel:
    slope, offset = state["scale"]
    return RatingModel(
        OrdinalModel(np.asarray(state["slopes"]), np.asarray(state["intercepts"])),
        Scale(float(slope), float(offset)),
        Intervals(np.asarray(state["below"]), np.asarray(state["above"])),
    )


def _fault_state(model: FaultModel) -> dict[str, Any]:
    return {
        "slopes": model.slopes,
        "intercept": model.intercept,
        "threshold": model.threshold,
        "rule_feature": model.rule_feature,
        "probability_with": model.probability_with,
        "probability_without": model.probability_without,
    }


def save_model(model: Model, directory: Path, manifest: Mapping[str, Any]) -> None:
    """Write model and manifest into ``directory``, which is made; the manifest comes last, so a broken write is seen as none."""
    import skops.io

    directory.mkdir(parents=True, exist_ok=True)
    state = {
        "names": list(model.featurizer.names),
        "centre": model.featurizer.centre,
        "spread": model.featurizer.spread,
        "vectorizer": model.featurizer.vectorizer,
        "words_scale": model.featurizer.words_scale,
        "shapes": model.featurizer.shapes,
        "shapes_scale": model.featurizer.shapes_scale,
        "traits": {name: _rating_state(trait) for name, trait in model.traits.items()},
        "overall": _rating_state(model.overall),
        "faults": {tag: _fault_state(fault) for tag, fault in model.faults.items()},
        "kind_classifier": model.kind_classifier,
    }
    path = directory / MODEL_FILE
    skops.io.dump(state, path, compression=zipfile.ZIP_DEFLATED, compresslevel=9)
    whole = {"format": FORMAT, "sha256": hashlib.sha256(path.read_bytes()).hexdigest(), **manifest}
    (directory / MANIFEST_FILE).write_text(json.dumps(whole, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def read_manifest(directory: Path) -> dict[str, Any]:
    """The manifest of a model directory. Raises ModelError with the reason where it is none."""
    path = directory / MANIFEST_FILE
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ModelError(
            "no_model",
            f"“{directory}” is no model directory: it has no {MANIFEST_FILE}. Name a folder written by “analyzer train”.",
        ) from error
    except ValueError as error:
        raise ModelError("bad_model", f"“{path}” is not valid JSON: restore the model or train it anew.") from error
    if not isinstance(manifest, dict) or manifest.get("format") not in _READABLE:
        found = manifest.get("format") if isinstance(manifest, dict) else None
        raise ModelError(
            "bad_model",
            f"The model in “{directory}” has format {found!r}; this version reads formats 1 to {FORMAT}. Train it anew.",
        )
    return manifest


def load_model(directory: Path) -> Model:
    """Load a model. Raises ModelError where it is missing, foreign, changed since it was written, or holds types we do not trust."""
    import skops.io

    manifest = read_manifest(directory)
    path = directory / MODEL_FILE
    if not path.is_file():
        raise ModelError(
            "no_model", f"“{directory}” has a manifest but no {MODEL_FILE}: restore it or train the model anew."
        )
    if path.stat().st_size > _MOST_BYTES:
        raise ModelError(
            "bad_model",
            f"“{path}” is larger than any model of ours ({path.stat().st_size:,} bytes): it will not be opened.",
        )
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != manifest.get("sha256"):
        raise ModelError(
            "bad_model",
            f"“{path}” is not the file its manifest was written for: it was changed or damaged. Restore it or train it anew.",
        )
    try:
        unknown = skops.io.get_untrusted_types(data=data)
        foreign = sorted(set(unknown) - set(TRUSTED_TYPES))
        if foreign:
            raise ModelError(
                "bad_model",
                f"“{path}” holds types no model of ours has ({', '.join(foreign[:3])}): it will not be opened.",
            )
        state = skops.io.loads(data, trusted=list(TRUSTED_TYPES))
        return _model(state, str(manifest.get("version", directory.name)))
    except ModelError:
        raise
    except Exception as error:  # skops raises whatever its readers raise on a broken archive
        raise ModelError(
            "bad_model", f"“{path}” cannot be read as a model ({type(error).__name__}): restore it or train it anew."
        ) from error


def _model(state: Mapping[str, Any], version: str) -> Model:
    featurizer = Featurizer(
        tuple(state["names"]),
        np.asarray(state["centre"]),
        np.asarray(state["spread"]),
        state["vectorizer"],
        float(state["words_scale"]),
        state.get("shapes"),
        float(state.get("shapes_scale", 0.0)),
    )
    faults = {
        tag: FaultModel(
            np.asarray(fault["slopes"]),
            float(fault["intercept"]),
            float(fault["threshold"]),
            str(fault["rule_feature"]),
            float(fault["probability_with"]),
            float(fault["probability_without"]),
        )
        for tag, fault in state["faults"].items()
    }
    traits = {name: _rating_model(trait) for name, trait in state["traits"].items()}
    overall = _rating_model(state["overall"])
    if "shapes" not in state:
        overall = _overall_of_format_1(overall, len(traits))
    return Model(featurizer, traits, overall, faults, state["kind_classifier"], version)


def _overall_of_format_1(overall: RatingModel, traits: int) -> RatingModel:
    """The same model over today's columns: ratings were not weighed, and the lowest had no column."""
    slopes = overall.ordinal.slopes.copy()
    slopes[-traits:] /= RATING_WEIGHT
    ordinal = OrdinalModel(np.append(slopes, 0.0), overall.ordinal.intercepts)
    return RatingModel(ordinal, overall.scale, overall.intervals)


@lru_cache(maxsize=4)
def _loaded(directory: str, stamp: int) -> Model:
    return load_model(Path(directory))


def shared_model(directory: Path | None = None) -> Model:
    """The model of a directory (default: the shipped one), loaded once a process and again only when its manifest changes."""
    chosen = (directory or default_model_directory()).resolve()
    manifest = chosen / MANIFEST_FILE
    stamp = manifest.stat().st_mtime_ns if manifest.is_file() else 0
    return _loaded(str(chosen), stamp)
