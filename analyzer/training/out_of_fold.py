"""Out-of-fold predictions of the training cases, kept beside the model: what it says of a case when it was fitted without that case's writer.

They let figures by group and errors be looked at one by one without minutes of fitting, and without reading a held-out case.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analyzer.errors import DataError
from analyzer.training.dataset import LABELS, Dataset
from analyzer.training.evaluate import Predictions

FILE = "out_of_fold.csv"


@dataclass(frozen=True, slots=True)
class OutOfFold:
    """Cases and what was predicted of them. Arrays of shape (n_cases,), ratings 1..5; ``faults`` are the tags said of each case."""

    dataset: Dataset
    ratings: Mapping[str, NDArray[np.float64]]
    low: Mapping[str, NDArray[np.float64]]
    high: Mapping[str, NDArray[np.float64]]
    faults: tuple[tuple[str, ...], ...]

    def furthest(self, label: str) -> NDArray[np.int_]:
        """Places of the cases, the worst predicted first."""
        return np.argsort(-np.abs(self.ratings[label] - self.dataset.means(label)), kind="stable")


def write_out_of_fold(directory: Path, dataset: Dataset, predictions: Predictions) -> None:
    """Write them into the model's folder, one row a case."""
    with (directory / FILE).open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream, lineterminator="\n")
        table.writerow(["id", *(f"{label}{end}" for label in LABELS for end in ("", "_low", "_high")), "faults"])
        for place, case in enumerate(dataset.cases):
            figures = [
                f"{values[label][place]:.3f}"
                for label in LABELS
                for values in (predictions.ratings, predictions.low, predictions.high)
            ]
            said = ";".join(tag for tag, flags in predictions.faults.items() if flags[place])
            table.writerow([case.case.id, *figures, said])


def read_out_of_fold(directory: Path, dataset: Dataset) -> OutOfFold:
    """The predictions of those cases of ``dataset`` that the model in ``directory`` was fitted on.

    Raises DataError where the model has none, or none of these cases.
    """
    path = directory / FILE
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            rows = {row["id"]: row for row in csv.DictReader(stream)}
    except (OSError, KeyError) as error:
        raise DataError(
            "no_predictions", f"“{path}” is not there: “analyzer train” writes it with the model it fits."
        ) from error
    known = dataset.where(np.array([case.case.id in rows for case in dataset.cases], dtype=bool))
    if not known.cases:
        raise DataError(
            "no_predictions", f"“{path}” says nothing of these cases: give the data the model was fitted on."
        )
    chosen = [rows[case.case.id] for case in known.cases]

    def column(end: str) -> dict[str, NDArray[np.float64]]:
        return {label: np.array([float(row[f"{label}{end}"]) for row in chosen]) for label in LABELS}

    faults = tuple(tuple(tag for tag in row["faults"].split(";") if tag) for row in chosen)
    return OutOfFold(known, column(""), column("_low"), column("_high"), faults)
