"""Models on disk: what is written is what is read, and what is not ours is refused in one sentence."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path

import pytest
import skops.io
from sklearn.preprocessing import FunctionTransformer

from analyzer.errors import ModelError
from analyzer.pipeline import Analyzer
from analyzer.scoring import store
from analyzer.scoring.featurize import model_text
from analyzer.scoring.store import (
    FORMAT,
    MANIFEST_FILE,
    MODEL_FILE,
    default_model_directory,
    load_model,
    read_manifest,
    save_model,
    shared_model,
)
from analyzer.traits import measure


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(default_model_directory(), tmp_path / "model"))


def refusal(directory: Path) -> ModelError:
    with pytest.raises(ModelError) as caught:
        load_model(directory)
    message = caught.value.message
    assert message.endswith(".") and "\n" not in message and len(message) < 400
    return caught.value


def write_manifest(directory: Path, **changes: object) -> None:
    path = directory / MANIFEST_FILE
    manifest = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**manifest, **changes}), encoding="utf-8")


def test_a_saved_model_judges_as_before(analyzer: Analyzer, sampled, tmp_path: Path) -> None:
    evidence = list(analyzer.collect(sampled.cases[:10]))
    rows, texts = [measure(item) for item in evidence], [model_text(item) for item in evidence]
    model = shared_model()
    save_model(model, tmp_path / "copy", {"version": model.version})
    assert load_model(tmp_path / "copy").judge(rows, texts) == model.judge(rows, texts)


def test_the_shipped_model_says_what_it_is() -> None:
    manifest = read_manifest(default_model_directory())
    assert manifest["format"] == FORMAT and len(manifest["sha256"]) == 64
    assert manifest["training_writers"] and not set(manifest["training_writers"]) & set(manifest["held_out_writers"])
    assert list(shared_model().featurizer.names) == manifest["features"]


def test_the_shipped_models_features_are_those_that_are_measured(analyzer: Analyzer, sampled) -> None:
    (evidence,) = analyzer.collect(sampled.cases[:1])
    assert set(shared_model().featurizer.names) <= set(measure(evidence))


def test_a_tampered_file_is_refused(copied: Path) -> None:
    data = bytearray((copied / MODEL_FILE).read_bytes())
    data[len(data) // 2] ^= 1
    (copied / MODEL_FILE).write_bytes(data)
    assert refusal(copied).code == "bad_model"


def test_a_truncated_file_is_refused(copied: Path) -> None:
    data = (copied / MODEL_FILE).read_bytes()[:5000]
    (copied / MODEL_FILE).write_bytes(data)
    assert refusal(copied).code == "bad_model"


def test_a_file_that_is_no_model_is_refused_even_with_its_hash(copied: Path) -> None:
    (copied / MODEL_FILE).write_bytes(b"no zip at all")
    write_manifest(copied, sha256=hashlib.sha256(b"no zip at all").hexdigest())
    assert refusal(copied).code == "bad_model"


@pytest.mark.parametrize("number", [0, FORMAT + 1, "1", None])
def test_another_format_is_refused(copied: Path, number: object) -> None:
    write_manifest(copied, format=number)
    assert refusal(copied).code == "bad_model"


@pytest.mark.parametrize("text", ["", "{", "[]", "3", '{"some": "manifest"}', "\x00"])
def test_a_foreign_manifest_is_refused(copied: Path, text: str) -> None:
    (copied / MANIFEST_FILE).write_text(text, encoding="utf-8")
    assert refusal(copied).code == "bad_model"


@pytest.mark.parametrize("missing", [MANIFEST_FILE, MODEL_FILE])
def test_a_missing_file_is_refused(copied: Path, missing: str) -> None:
    (copied / missing).unlink()
    assert refusal(copied).code in ("no_model", "bad_model")


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "nowhere").code == "no_model"


def dump_as_model(directory: Path, state: object) -> None:
    skops.io.dump(state, directory / MODEL_FILE)
    write_manifest(directory, sha256=hashlib.sha256((directory / MODEL_FILE).read_bytes()).hexdigest())


def test_an_untrusted_type_is_refused_before_it_is_built(copied: Path) -> None:
    dump_as_model(copied, {"vectorizer": FunctionTransformer(os.getcwd)})
    error = refusal(copied)
    assert error.code == "bad_model" and "type" in error.message


def test_a_foreign_state_is_refused(copied: Path) -> None:
    dump_as_model(copied, {"weights": [1.0, 2.0]})
    assert refusal(copied).code == "bad_model"


def test_the_model_of_the_environment_comes_first(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANALYZER_MODEL", str(copied))
    assert default_model_directory() == copied


def test_a_model_is_loaded_once_and_again_when_it_changes(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "load_model", lambda directory: [directory])
    first = shared_model(copied)
    assert shared_model(copied) is first
    os.utime(copied / MANIFEST_FILE, (1, 1))
    assert shared_model(copied) is not first
