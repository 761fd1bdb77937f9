"""A coach's forty labels: learnt without harm to the rest, promoted only if they help, and undone by one command."""

from __future__ import annotations

import json
import random
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from analyzer.cli import main
from analyzer.errors import DataError, ModelError
from analyzer.scoring.model import Adjustment
from analyzer.scoring.store import default_model_directory, load_model, read_manifest
from analyzer.training import promote as promoting
from analyzer.training.adapt import FEWEST_LABELS, adapt
from analyzer.training.commands import evaluate_model, fresh_cases, measure_dataset, teach
from analyzer.training.dataset import LABELS, Dataset, LabelledCase, read_dataset
from analyzer.training.evaluate import evaluate, predict
from analyzer.training.fit import Measurements

LABELLED = Path(__file__).resolve().parents[2] / "data" / "labelled"
MODEL = default_model_directory()


def lowered(case: LabelledCase, label: str = "enthusiasm") -> LabelledCase:
    """As a coach would rate who is a point stricter about one label."""
    return replace(
        case,
        labels=tuple(
            replace(reading, ratings={**reading.ratings, label: max(1.0, reading.ratings[label] - 1.0)})
            for reading in case.labels
        ),
    )


def part(dataset: Dataset, keep: np.ndarray, change=lambda case: case) -> Dataset:
    return Dataset(tuple(change(dataset.cases[index]) for index in keep), dataset.sha256)


@pytest.fixture(scope="module")
def unseen() -> tuple[Dataset, Measurements]:
    """Cases of writers that the shipped model never saw."""
    held = read_dataset(LABELLED).split()[1]
    return held, measure_dataset(held)


def write_labels(path: Path, dataset: Dataset) -> Path:
    lines = [
        {
            **{name: getattr(case.case, name) for name in ("id", "draft", "notes", "interviewer", "company", "role", "kind")},
            "rater": reading.rater,
            **reading.ratings,
            "faults": list(reading.faults),
        }
        for case in dataset.cases
        for reading in case.labels
    ]  # fmt: skip
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def test_forty_labels_of_a_stricter_coach_are_learnt_and_harm_nothing_else(unseen) -> None:
    """Five coaches who each label another forty cases, measured on the cases they did not label."""
    dataset, measurements = unseen
    model = load_model(MODEL)
    before, after, offsets = [], [], []
    for seed in range(5):
        order = np.random.default_rng(seed).permutation(len(dataset.cases))
        taught, rest = order[:40], order[40:]
        adaptation = adapt(model, measurements.subset(taught), part(dataset, taught, lowered))
        strict, fresh = part(dataset, rest, lowered), measurements.subset(rest)
        for figures, one in ((before, model), (after, adaptation.model)):
            figures.append(evaluate(predict(one, fresh), strict))
        offsets.append(next(one for one in adaptation.labels if one.label == "enthusiasm").adjustment.offset)

    def mean(figures, label: str, what: str) -> float:
        return float(np.mean([getattr(one.labels[LABELS.index(label)], what) for one in figures]))

    for label in LABELS:
        was, now = (mean(figures, label, "mean_absolute_error") for figures in (before, after))
        kappa_was, kappa_now = (mean(figures, label, "kappa") for figures in (before, after))
        if label == "enthusiasm":
            assert now <= was - 0.35, "most of the point is learnt"
            assert kappa_now >= kappa_was + 0.1
            too_kind = (mean(figures, label, "standardised_mean_difference") for figures in (before, after))
            assert next(too_kind) > 0.7 and abs(next(too_kind)) <= 0.25
        else:
            assert now <= was + 0.01, label
            assert kappa_now >= kappa_was - 0.01, label
    assert np.mean([one.fault_macro_f1 for one in after]) >= np.mean([one.fault_macro_f1 for one in before]) - 0.01
    assert all(-1.3 < offset < -0.4 for offset in offsets)


def test_a_coach_who_agrees_changes_nothing(unseen) -> None:
    dataset, measurements = unseen
    keep = np.arange(40)
    model = load_model(MODEL)
    predicted = predict(model, measurements.subset(keep)).ratings
    agreeing = Dataset(
        tuple(
            replace(case, labels=(replace(case.labels[0], ratings={name: float(predicted[name][at]) for name in LABELS}),))
            for at, case in enumerate(part(dataset, keep).cases)
        ),
        "",
    )  # fmt: skip
    adaptation = adapt(model, measurements.subset(keep), agreeing)
    assert not [one.label for one in adaptation.labels if one.changed]


def test_an_adjustment_stays_on_the_scale() -> None:
    ratings = Adjustment(1.4, -1.0).apply(np.linspace(1.0, 5.0, 9))
    assert ratings.min() == 1.0 and ratings.max() <= 5.0 and np.all(np.diff(ratings) >= 0.0)
    same = np.array([1.0, 2.5, 5.0])
    assert np.array_equal(Adjustment().apply(same), same)


@pytest.mark.parametrize("count", [1, 3, FEWEST_LABELS - 1])
def test_too_few_labels_are_refused_with_what_to_do(unseen, tmp_path: Path, count: int) -> None:
    labels = write_labels(tmp_path / "labels.jsonl", part(unseen[0], np.arange(count)))
    with pytest.raises(DataError) as caught:
        teach(labels, tmp_path / "model", lambda _: None)
    assert caught.value.code == "too_few_labels" and f"at least {FEWEST_LABELS}" in caught.value.message
    assert not (tmp_path / "model").exists()


def test_labels_that_are_all_alike_are_refused(unseen, tmp_path: Path) -> None:
    def flat(case: LabelledCase) -> LabelledCase:
        return replace(case, labels=(replace(case.labels[0], ratings=dict.fromkeys(LABELS, 3.0)),))

    labels = write_labels(tmp_path / "labels.jsonl", part(unseen[0], np.arange(25), flat))
    with pytest.raises(DataError) as caught:
        teach(labels, tmp_path / "model", lambda _: None)
    assert caught.value.code == "one_class"


# ---- the whole way: teach, evaluate, promote, back


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A models' folder of its own with the shipped default in it."""
    folder = tmp_path / "models"
    shutil.copytree(MODEL, folder / MODEL.name)
    (folder / "default.txt").write_text(MODEL.name + "\n", encoding="utf-8")
    monkeypatch.setattr("analyzer.scoring.store.models_directory", lambda: folder)
    monkeypatch.setattr(promoting, "models_directory", lambda: folder)
    return folder


def labels_of(unseen, path: Path, change=lowered, count: int = 40) -> Path:
    dataset, _ = unseen
    keep = np.array(sorted(random.Random(5).sample(range(len(dataset.cases)), count)))
    return write_labels(path, part(dataset, keep, change))


def test_a_coach_teaches_promotes_and_goes_back(unseen, models: Path, tmp_path: Path, capsys) -> None:
    labels = labels_of(unseen, tmp_path / "coach.jsonl")
    assert main(["train", str(labels), "-o", str(models / "coach")]) == 0
    table = capsys.readouterr().out
    assert "Learnt from 40 labelled cases" in table and f"moved from “{MODEL.name}”" in table
    assert all(len(line) <= 80 for line in table.splitlines()[:10])
    manifest = read_manifest(models / "coach")
    assert manifest["adapted_from"]["model"] == MODEL.name and manifest["adapted_from"]["cases"] == 40
    assert main(["promote", str(models / "coach")]) == 0
    assert "is now the default model" in capsys.readouterr().out
    assert default_model_directory() == models / "coach"
    assert read_manifest(models / "coach")["promotion"]["forced"] is False
    assert main(["promote", "--back"]) == 0
    assert default_model_directory() == models / MODEL.name and (models / "coach" / "model.skops").is_file()


def test_the_same_labels_give_the_same_model(unseen, models: Path, tmp_path: Path) -> None:
    labels = labels_of(unseen, tmp_path / "coach.jsonl")
    for name in ("one", "two"):
        teach(labels, models / name, lambda _: None)
    assert (models / "one" / "model.skops").read_bytes() == (models / "two" / "model.skops").read_bytes() or (
        read_manifest(models / "one")["adapted_from"]["labels"]
        == read_manifest(models / "two")["adapted_from"]["labels"]
    )
    one, two = (load_model(models / name) for name in ("one", "two"))
    assert {n: t.adjustment for n, t in one.traits.items()} == {n: t.adjustment for n, t in two.traits.items()}


def test_figures_leave_out_what_a_coach_taught(unseen, models: Path, tmp_path: Path) -> None:
    labels = labels_of(unseen, tmp_path / "coach.jsonl")
    teach(labels, models / "coach", lambda _: None)
    assert evaluate_model(models / "coach", LABELLED).cases == len(unseen[0].cases) - 40
    with pytest.raises(DataError) as caught:
        fresh_cases(models / "coach", labels)
    assert caught.value.code == "nothing_held_out"


def worse_copy(models: Path) -> Path:
    """The shipped model with its ratings of grammar turned round."""
    from analyzer.scoring.store import save_model

    model = load_model(models / MODEL.name)
    grammar = model.traits["grammar"]
    turned = replace(grammar, ordinal=replace(grammar.ordinal, slopes=-grammar.ordinal.slopes))
    manifest = {
        name: value for name, value in read_manifest(models / MODEL.name).items() if name not in ("format", "sha256")
    }
    save_model(replace(model, traits={**model.traits, "grammar": turned}), models / "worse", manifest)
    return models / "worse"


def test_a_worse_model_is_refused_by_how_much_and_forced_only_on_record(models: Path) -> None:
    worse = worse_copy(models)
    with pytest.raises(ModelError) as caught:
        promoting.promote(worse, LABELLED)
    assert caught.value.code == "worse_model" and "most in grammar" in caught.value.message
    assert default_model_directory() == models / MODEL.name
    promoting.promote(worse, LABELLED, force=True)
    assert default_model_directory() == worse and read_manifest(worse)["promotion"]["forced"] is True
    assert promoting.history()[-1]["kappa"] < promoting.history()[-1]["kappa_before"]


def test_a_model_elsewhere_and_a_missing_past_are_told(models: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        promoting.promote(tmp_path / "elsewhere", LABELLED)
    assert caught.value.code == "foreign_model"
    with pytest.raises(ModelError) as caught:
        promoting.go_back()
    assert caught.value.code == "no_model_before"
