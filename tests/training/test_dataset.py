"""Labelled data: several raters a case, and every mistake in it named with its cure."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from analyzer.errors import DataError
from analyzer.training.dataset import LABELS, Dataset, LabelledCase, RaterLabel, fault_tags, read_dataset
from analyzer.training.fit import check_trainable
from analyzer.types import Case

Write = Callable[..., Path]


def rating(identifier: str, rater: str = "t1", **changes: object) -> dict[str, object]:
    return {"id": identifier, "rater": rater, **dict.fromkeys(LABELS, 3), "faults": [], **changes}


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(cases: list[str], ratings: list[dict[str, object]], **splits: object) -> Path:
        lines = [
            {"id": name, "draft": f"Dear Ana, thank you for the tour. {name}", "kind": "thank_you"} for name in cases
        ]
        (tmp_path / "cases.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        (tmp_path / "ratings.jsonl").write_text("".join(json.dumps(line) + "\n" for line in ratings), encoding="utf-8")
        if splits:
            (tmp_path / "splits.json").write_text(json.dumps(splits), encoding="utf-8")
        return tmp_path

    return written


def refusal(path: Path) -> DataError:
    with pytest.raises(DataError) as caught:
        read_dataset(path)
    assert caught.value.message.endswith(".") and "\n" not in caught.value.message
    return caught.value


def test_the_label_is_the_mean_of_the_raters(write: Write) -> None:
    data = read_dataset(write(["A-1"], [rating("A-1", focus=2, faults=["wordy"]), rating("A-1", "t2", focus=5)]))
    (case,) = data.cases
    assert (case.mean("focus"), case.mean("overall"), case.fault_share("wordy")) == (3.5, 3.0, 0.5)
    assert case.writer == "A"


def test_writers_that_are_held_out_are_split_off(write: Write) -> None:
    names = ["A-1", "B-1", "B-2", "nobody"]
    data = read_dataset(write(names, [rating(name) for name in names], held_out_writers=["B"]))
    kept, held = data.split()
    assert [case.case.id for case in kept.cases] == ["A-1", "nobody"]
    assert [case.case.id for case in held.cases] == ["B-1", "B-2"]


def test_the_hash_changes_with_any_byte(write: Write) -> None:
    first = read_dataset(write(["A-1"], [rating("A-1")])).sha256
    assert read_dataset(write(["A-1"], [rating("A-1")])).sha256 == first
    assert read_dataset(write(["A-1"], [rating("A-1", focus=4)])).sha256 != first


def test_one_table_may_hold_drafts_and_labels(tmp_path: Path) -> None:
    header = ",".join(["id", "draft", *LABELS, "faults"])
    (tmp_path / "labelled.csv").write_text(
        f"{header}\nA-1,Dear Ana thanks,{','.join('4' * 6)},wordy; cold\n", encoding="utf-8"
    )
    (case,) = read_dataset(tmp_path / "labelled.csv").cases
    assert case.mean("grammar") == 4.0 and case.fault_share("cold") == 1.0


@pytest.mark.parametrize("value", [0, 6, 5.5, -1, "good", None, True, float("nan"), [3]])
def test_a_rating_out_of_range(write: Write, value: object) -> None:
    error = refusal(write(["A-1"], [rating("A-1", focus=value)]))
    assert error.code == "bad_label" and "ratings.jsonl, line 1" in error.message and "focus" in error.message


def test_an_unknown_fault(write: Write) -> None:
    error = refusal(write(["A-1"], [rating("A-1", faults=["wordy", "smelly"])]))
    assert error.code == "bad_label" and "smelly" in error.message and "wordy" in error.message


def test_a_rating_without_its_case(write: Write) -> None:
    error = refusal(write(["A-1"], [rating("A-1"), rating("A-2")]))
    assert error.code == "unknown_case" and "A-2" in error.message


def test_a_case_without_a_rating(write: Write) -> None:
    error = refusal(write(["A-1", "A-2"], [rating("A-1")]))
    assert error.code == "missing_label" and "A-2" in error.message


def test_a_rating_without_an_id(write: Write) -> None:
    assert refusal(write(["A-1"], [{**rating("A-1"), "id": ""}])).code == "bad_label"


def test_a_folder_without_ratings(tmp_path: Path) -> None:
    assert refusal(tmp_path).code == "missing_file"
    assert refusal(tmp_path / "nowhere").code == "missing_file"


# ---- what cannot be learnt from


def made(writers: str, each: int, **ratings: float) -> Dataset:
    cases = []
    for writer in writers:
        for number in range(each):
            values = dict.fromkeys(LABELS, 1.0 + number % 5) | ratings
            kind = ("thank_you", "follow_up")[number % 2]
            case = Case(draft="Dear Ana, thanks.", id=f"{writer}-{number}", kind=kind)  # type: ignore[arg-type]
            cases.append(LabelledCase(case, (RaterLabel(case.id, "t1", values, ()),)))
    return Dataset(tuple(cases), "")


def test_enough_cases_of_enough_writers_can_be_learnt_from() -> None:
    check_trainable(made("ABC", 20), fewest_writers=3)


def test_three_labels_are_too_few() -> None:
    with pytest.raises(DataError, match="3 labelled cases are too few") as caught:
        check_trainable(made("ABC", 1))
    assert caught.value.code == "too_few_labels"


@pytest.mark.parametrize(("writers", "fewest"), [("A", 2), ("AB", 3)])
def test_too_few_writers(writers: str, fewest: int) -> None:
    with pytest.raises(DataError) as caught:
        check_trainable(made(writers, 60), fewest_writers=fewest)
    assert caught.value.code == "one_writer" and str(fewest) in caught.value.message


def test_a_trait_everybody_rated_the_same() -> None:
    with pytest.raises(DataError, match="focus") as caught:
        check_trainable(made("ABC", 30, focus=3.0))
    assert caught.value.code == "one_class"


def test_one_kind_only() -> None:
    whole = made("ABC", 30)
    alike = tuple(replace(case, case=replace(case.case, kind="thank_you")) for case in whole.cases)
    with pytest.raises(DataError, match="kind") as caught:
        check_trainable(replace(whole, cases=alike))
    assert caught.value.code == "one_class"


def test_the_shipped_data_is_whole() -> None:
    data = read_dataset(Path(__file__).resolve().parents[2] / "data" / "labelled")
    kept, held = data.split()
    assert len(kept.cases) + len(held.cases) == len(data.cases) > 500
    assert kept.cases and held.cases and len(fault_tags()) == 22
    check_trainable(kept, fewest_writers=3)
