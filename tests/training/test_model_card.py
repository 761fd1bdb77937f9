"""The model card holds what was measured when it was written, and its plots are pictures."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from analyzer.cli import main
from analyzer.scoring.store import default_model_directory
from analyzer.training import metrics, model_card
from analyzer.training.commands import predictions_of
from analyzer.training.dataset import LABELS, read_dataset
from analyzer.training.evaluate import evaluate, group_table_of, groups_of

LABELLED = Path(__file__).resolve().parents[2] / "data" / "labelled"
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every fifth case of the writers held out, with their labels."""
    folder = tmp_path_factory.mktemp("card") / "data"
    folder.mkdir()
    held = set(json.loads((LABELLED / "splits.json").read_text(encoding="utf-8"))["held_out_writers"])
    cases = [json.loads(line) for line in (LABELLED / "cases.jsonl").read_text(encoding="utf-8").splitlines()]
    kept = [case for case in cases if case["id"][0] in held][::5]
    names = {case["id"] for case in kept}
    for name, lines in (
        ("cases", [json.dumps(case) for case in kept]),
        *(
            (name, [line for line in (LABELLED / f"{name}.jsonl").read_text(encoding="utf-8").splitlines() if json.loads(line)["id"] in names])
            for name in ("ratings", "english")
        ),
    ):  # fmt: skip
        (folder / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def test_the_card_says_what_was_measured(few: Path, tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.setattr(model_card, "_FAIRNESS_CASES", 3)
    directory = tmp_path / "model"
    shutil.copytree(default_model_directory(), directory)
    (directory / model_card.COMPARISON).write_text("the table of kinds of models\n", encoding="utf-8")
    assert main(["evaluate", str(directory), str(few), "--card"]) == 0
    assert str(directory / "README.md") in capsys.readouterr().out
    card = (directory / "README.md").read_text(encoding="utf-8")
    dataset, predictions = predictions_of(directory, few)
    for figures in evaluate(predictions, dataset).labels:
        assert f"{figures.label:<12} {figures.kappa:>6.3f}" in card
    assert "the table of kinds of models" in card and "vietnamese, women" in card
    for heading in ("never saw", "language and length", "probabilities of faults", "hang on a name", "Cross-validated"):
        assert heading in card
    for plot in (model_card.RELIABILITY_PLOT, model_card.RATINGS_PLOT):
        assert (directory / plot).read_bytes().startswith(PNG) and f"({plot})" in card


def test_groups_hold_every_case_of_a_kind_once(few: Path) -> None:
    dataset = read_dataset(few)
    groups = groups_of(dataset)
    kinds = sum(groups[kind].astype(int) for kind in ("thank_you", "follow_up", "clarification", "rejection_reply"))
    assert np.array_equal(kinds, np.ones(len(dataset.cases)))
    lengths = [mask.astype(int) for name, mask in groups.items() if name.endswith("words")]
    assert np.array_equal(sum(lengths), np.ones(len(dataset.cases)))
    assert {"first language", "second language", "with notes"} <= set(groups)


def test_cases_a_model_was_not_taught_keep_the_language_they_read_as(few: Path) -> None:
    fresh, _ = predictions_of(default_model_directory(), few)
    assert {"first language", "second language"} <= set(groups_of(fresh))


def test_the_table_of_groups_names_each_label_and_length(few: Path) -> None:
    dataset, predictions = predictions_of(default_model_directory(), few)
    table = group_table_of(predictions.ratings, dataset)
    assert all(label[:11] in table for label in LABELS)
    assert "Standardised mean difference" in table and "mere length" in table


def test_calibration_error_is_the_distance_of_said_and_seen() -> None:
    said = np.array([0.95, 0.95, 0.05, 0.05])
    assert metrics.calibration_error(np.array([1.0, 1.0, 0.0, 0.0]), said) == pytest.approx(0.05)
    assert metrics.calibration_error(np.array([0.0, 0.0, 1.0, 1.0]), said) == pytest.approx(0.95)
    assert metrics.calibration_error(np.array([1.0, 0.0]), np.array([0.5, 0.5])) == pytest.approx(0.0)
