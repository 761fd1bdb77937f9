"""What a batch keeps does not grow with the number of rows: ids only, never texts or reports."""

from __future__ import annotations

import io
import json
import tracemalloc
from collections.abc import Sequence
from pathlib import Path

import pytest

from analyzer.batch import run
from analyzer.batch.options import BatchOptions, Recipe
from analyzer.batch.progress import Progress
from analyzer.types import Case

_MIB = 1 << 20
_REPORT = json.dumps({"kind": "thank_you", "error": None, "filler": "x" * 6000})


class Stub:
    """Judges at once, with reports as large as real ones."""

    width = 2

    def submit(self, cases: tuple[Case, ...]) -> Stub.Done:
        return Stub.Done(len(cases))

    def close(self) -> None:
        pass

    class Done:
        def __init__(self, count: int) -> None:
            self._count = count

        def result(self) -> Sequence[str]:
            return [_REPORT.replace("x", "y") for _ in range(self._count)]


def peak_mib(rows: int, folder: Path) -> float:
    source = folder / f"{rows}.jsonl"
    with source.open("w") as stream:
        for number in range(rows):
            stream.write(json.dumps({"id": f"id-{number}", "draft": f"Dear Ana, thank you, {number}. " * 20}) + "\n")
    options = BatchOptions(
        (str(source),), str(folder / f"{rows}.out.jsonl"), Recipe(engines=("harper",), rewrites=False), jobs=1
    )
    tracemalloc.start()
    summary = run.run_batch(options, Progress(io.StringIO()))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert summary.scored == rows
    return peak / _MIB


def test_ten_times_the_rows_take_no_more_than_their_ids(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "_judges", lambda *_: Stub())
    few, many = peak_mib(1100, tmp_path), peak_mib(2600, tmp_path)
    texts = 1500 * 6000 / _MIB
    assert many - few < texts / 8
