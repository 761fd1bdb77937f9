"""A model trained from sixty real cases of three writers, from files to figures and back."""

from __future__ import annotations

import json
import math
import random
from pathlib import Path

import numpy as np
import pytest

from analyzer.errors import DataError, ModelError
from analyzer.pipeline import Analyzer
from analyzer.scoring.store import load_model, read_manifest
from analyzer.training import metrics
from analyzer.training.commands import Trained, evaluate_model, measure_dataset, train
from analyzer.training.dataset import LABELS, read_dataset
from analyzer.training.evaluate import predict, table_of
from analyzer.training.fit import Recipe, fit_model
from analyzer.training.out_of_fold import read_out_of_fold

LABELLED = Path(__file__).resolve().parents[2] / "data" / "labelled"
# small and stiff: this is about the path, not about the figures
RECIPE = Recipe(folds=2, most_words=40, trait_strength=0.001, overall_strength=0.001, fault_strength=0.001)


def write_sample(folder: Path, writers: str, each: int, held_out: str = "") -> Path:
    generator = random.Random(11)
    lines = (LABELLED / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    cases = [json.loads(line) for line in lines]
    kept = [case for writer in writers for case in generator.sample([c for c in cases if c["id"][0] == writer], each)]
    names = {case["id"] for case in kept}
    ratings = (LABELLED / "ratings.jsonl").read_text(encoding="utf-8").splitlines()
    folder.mkdir()
    (folder / "cases.jsonl").write_text("".join(json.dumps(case) + "\n" for case in kept), encoding="utf-8")
    (folder / "ratings.jsonl").write_text(
        "".join(line + "\n" for line in ratings if json.loads(line)["id"] in names), encoding="utf-8"
    )
    if held_out:
        (folder / "splits.json").write_text(json.dumps({"held_out_writers": list(held_out)}), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_sample(tmp_path_factory.mktemp("training") / "data", "EFG", 20)


@pytest.fixture(scope="module")
def trained(data: Path) -> Trained:
    said: list[str] = []
    done = train(data, data.parent / "model", RECIPE, said.append)
    assert said[0] == "measuring 60 labelled cases"
    return done


def test_the_figures_are_of_every_case_and_of_nobody_held_out(trained: Trained) -> None:
    figures = trained.cross_validated
    assert (figures.cases, figures.writers, trained.held_out) == (60, ("E", "F", "G"), None)
    assert [label.label for label in figures.labels] == list(LABELS)
    for label in figures.labels:
        assert -1.0 <= label.kappa <= 1.0 and 0.0 <= label.interval_coverage <= 1.0
        assert 0.0 <= label.mean_absolute_error <= 4.0 and label.raters_kappa > 0.8
    assert math.isfinite(figures.kind_accuracy)
    table = table_of(figures)
    assert table.startswith("60 cases of writers E, F, G") and all(len(line) <= 80 for line in table.splitlines())


def test_the_manifest_says_how_it_was_made(trained: Trained, data: Path) -> None:
    manifest = read_manifest(trained.directory)
    assert manifest["data_sha256"] == read_dataset(data).sha256
    assert manifest["training_writers"] == ["E", "F", "G"] and manifest["held_out_writers"] == []
    assert manifest["recipe"]["seed"] == RECIPE.seed and manifest["libraries"]["scikit-learn"]
    assert manifest["features"] == list(load_model(trained.directory).featurizer.names)


def test_what_was_predicted_of_each_case_without_its_writer_is_kept(trained: Trained, data: Path) -> None:
    dataset = read_dataset(data)
    kept = read_out_of_fold(trained.directory, dataset)
    assert kept.dataset.cases == dataset.cases
    for figures in trained.cross_validated.labels:
        error = metrics.mean_absolute_error(dataset.means(figures.label), kept.ratings[figures.label])
        assert error == pytest.approx(figures.mean_absolute_error, abs=0.001)
        worst = kept.furthest(figures.label)[0]
        gaps = abs(kept.ratings[figures.label] - dataset.means(figures.label))
        assert gaps[worst] == gaps.max() and (kept.low[figures.label] <= kept.high[figures.label]).all()


def test_predictions_that_are_not_there_are_named(trained: Trained, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"out_of_fold\.csv"):
        read_out_of_fold(tmp_path, read_dataset(LABELLED))
    with pytest.raises(DataError, match="nothing of these cases"):
        read_out_of_fold(trained.directory, read_dataset(write_sample(tmp_path / "other", "H", 5)))


def test_the_model_judges_drafts(trained: Trained) -> None:
    own = Analyzer(engines=("harper",), model=trained.directory)
    report = own.analyze("Dear Ana,\n\nThank you for the tour of the depot today.\n\nBen")
    assert (
        report.overall is not None and 1.0 <= report.overall.low <= report.overall.value <= report.overall.high <= 5.0
    )


def test_the_same_seed_gives_the_same_model(trained: Trained, data: Path) -> None:
    dataset = read_dataset(data)
    measurements = measure_dataset(dataset)
    again = predict(fit_model(measurements, dataset, RECIPE), measurements)
    stored = predict(load_model(trained.directory), measurements)
    for label in LABELS:
        assert np.array_equal(again.ratings[label], stored.ratings[label])
        assert np.array_equal(again.low[label], stored.low[label])
    assert all(np.array_equal(again.faults[tag], stored.faults[tag]) for tag in again.faults)
    assert list(again.kinds) == list(stored.kinds)


def test_figures_on_its_own_writers_are_refused(trained: Trained, data: Path) -> None:
    with pytest.raises(DataError) as caught:
        evaluate_model(trained.directory, data)
    assert caught.value.code == "nothing_held_out"


def test_figures_on_other_writers_are_given(trained: Trained, tmp_path: Path) -> None:
    figures = evaluate_model(trained.directory, write_sample(tmp_path / "other", "EH", 6))
    assert (figures.cases, figures.writers) == (6, ("H",)), "cases of a writer it was trained on are left out"


def test_a_model_is_never_written_over(trained: Trained, data: Path) -> None:
    with pytest.raises(ModelError) as caught:
        train(data, trained.directory, RECIPE, lambda _: None)
    assert caught.value.code == "model_exists"


def test_too_little_data_is_refused_before_anything_is_measured(tmp_path: Path) -> None:
    said: list[str] = []
    for writers, each, code in (("EFG", 3, "too_few_labels"), ("EF", 40, "one_writer")):
        with pytest.raises(DataError) as caught:
            train(write_sample(tmp_path / writers, writers, each), tmp_path / "model", RECIPE, said.append)
        assert caught.value.code == code
    assert said == [] and not (tmp_path / "model").exists()
