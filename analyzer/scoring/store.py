"""Models on disk: one skops file and a manifest. Nothing is ever unpickled.

A model directory holds ``model.skops`` (arrays, numbers and text, in skops' format; every other type is refused) and
``manifest.json`` (format, library versions, feature names, hash of the model file, hash of the data, seed, metrics).
Changing what is stored: raise ``FORMAT`` and keep the old reader.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zipfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from analyzer.errors import ModelError
from analyzer.scoring.bag_of_words import BagOfWords
from analyzer.scoring.featurize import Featurizer
from analyzer.scoring.intervals import Intervals
from analyzer.scoring.kind_model import KindModel
from analyzer.scoring.model import Adjustment, FaultModel, Model, RatingModel, Scale
from analyzer.scoring.ordinal import OrdinalModel
from analyzer.scoring.skops_reader import UnknownNodeError, read_skops
from analyzer.settings import user_folder

FORMAT = 1
MODEL_FILE = "model.skops"
MANIFEST_FILE = "manifest.json"
# a model file beyond this was not written by us
_MOST_BYTES = 200_000_000


MODELS_VARIABLE = "ANALYZER_MODELS"


def models_directory() -> Path:
    """Where the models to choose from are: ``$ANALYZER_MODELS``, the user's own where there are some, else the shipped ones."""
    named = os.environ.get(MODELS_VARIABLE)
    if named:
        return Path(named)
    own = user_folder() / "models"
    return own if (own / "default.txt").is_file() else shipped_models()


def shipped_models() -> Path:
    """``models/`` of a checkout, or inside the installed package."""
    checkout = Path(__file__).resolve().parents[2] / "models"
    return checkout if (checkout / "default.txt").is_file() else Path(__file__).resolve().parents[1] / "_models"


def own_models() -> Path:
    """The user's own folder of models, where taught ones go; made with a copy of the shipped default in it the first time.

    Raises ModelError where it cannot be written.
    """
    if os.environ.get(MODELS_VARIABLE) or models_directory() != shipped_models():
        return models_directory()
    own = user_folder() / "models"
    shipped = shipped_models() / (shipped_models() / "default.txt").read_text(encoding="utf-8").strip()
    try:
        shutil.copytree(shipped, own / shipped.name, dirs_exist_ok=True)
        # the pointer last: without it the folder does not count
        (own / "default.txt").write_text(f"{shipped.name}\n", encoding="utf-8")
    except OSError as error:
        raise ModelError(
            "cannot_write",
            f"“{own}” cannot be written ({error.strerror}): change its permissions, or set ANALYZER_HOME.",
        ) from error
    return own


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


def _bag_state(bag: BagOfWords) -> dict[str, Any]:
    # one string instead of thousands: skops keeps every list item as a node of its own
    return {"words": "\n".join(bag.words), "idf": bag.idf, "longest_run": bag.longest_run}


def _bag(state: Mapping[str, Any]) -> BagOfWords:
    words = str(state["words"])
    return BagOfWords(tuple(words.split("\n")) if words else (), np.asarray(state["idf"]), int(state["longest_run"]))


def _rating_state(model: RatingModel) -> dict[str, Any]:
    return {
        "slopes": model.ordinal.slopes,
        "intercepts": model.ordinal.intercepts,
        "scale": [model.scale.slope, model.scale.offset],
        "below": model.intervals.below,
        "above": model.intervals.above,
        "adjustment": [model.adjustment.slope, model.adjustment.offset, model.adjustment.widen],
    }


def _rating_model(state: Mapping[str, Any]) -> RatingModel:
    slope, offset = state["scale"]
    # models written before coaches could teach have none
    adjustment = (float(value) for value in state.get("adjustment", (1.0, 0.0, 1.0)))
    return RatingModel(
        OrdinalModel(np.asarray(state["slopes"]), np.asarray(state["intercepts"])),
        Scale(float(slope), float(offset)),
        Intervals(np.asarray(state["below"]), np.asarray(state["above"])),
        Adjustment(*adjustment),
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
        "words": _bag_state(model.featurizer.words),
        "words_scale": model.featurizer.words_scale,
        "shapes": _bag_state(model.featurizer.shapes),
        "shapes_scale": model.featurizer.shapes_scale,
        "traits": {name: _rating_state(trait) for name, trait in model.traits.items()},
        "overall": _rating_state(model.overall),
        "faults": {tag: _fault_state(fault) for tag, fault in model.faults.items()},
        "kind": {
            "classes": list(model.kind_classifier.classes_),
            "bag": _bag_state(model.kind_classifier.bag),
            "slopes": model.kind_classifier.slopes,
            "intercepts": model.kind_classifier.intercepts,
        },
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
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        found = manifest.get("format") if isinstance(manifest, dict) else None
        raise ModelError(
            "bad_model",
            f"The model in “{directory}” has format {found!r}; this version reads format {FORMAT}. Train it anew.",
        )
    return manifest


def load_model(directory: Path) -> Model:
    """Load a model. Raises ModelError where it is missing, foreign, changed since it was written, or holds types we do not trust."""
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
        return _model(read_skops(data), str(manifest.get("version", directory.name)))
    except UnknownNodeError as error:
        raise ModelError(
            "bad_model", f"“{path}” holds a type no model of ours has ({error}): it will not be opened."
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise ModelError(
            "bad_model",
            f"“{path}” cannot be read as a model ({type(error).__name__}): restore it or train it anew.",
        ) from error


def _model(state: Mapping[str, Any], version: str) -> Model:
    featurizer = Featurizer(
        tuple(state["names"]),
        np.asarray(state["centre"]),
        np.asarray(state["spread"]),
        _bag(state["words"]),
        float(state["words_scale"]),
        _bag(state["shapes"]),
        float(state["shapes_scale"]),
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
    kind = KindModel(
        tuple(str(name) for name in state["kind"]["classes"]),
        _bag(state["kind"]["bag"]),
        np.asarray(state["kind"]["slopes"]),
        np.asarray(state["kind"]["intercepts"]),
    )
    return Model(featurizer, traits, _rating_model(state["overall"]), faults, kind, version)


@lru_cache(maxsize=4)
def _loaded(directory: str, stamp: int) -> Model:
    return load_model(Path(directory))


def shared_model(directory: Path | None = None) -> Model:
    """The model of a directory (default: the shipped one), loaded once a process and again only when its manifest changes."""
    chosen = (directory or default_model_directory()).resolve()
    manifest = chosen / MANIFEST_FILE
    stamp = manifest.stat().st_mtime_ns if manifest.is_file() else 0
    return _loaded(str(chosen), stamp)
