"""On a cluster: what a process here would give, in parts or in one file, even where a worker is killed on the way."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import psutil
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analyzer.batch import partitions
from analyzer.batch.cluster import LOCAL, Cluster, ClusterJudges, check_stamp, stamp_of
from analyzer.batch.jobs import Line
from analyzer.batch.options import Recipe
from analyzer.batch.work import judge
from analyzer.cli import main
from analyzer.errors import UsageError
from analyzer.types import Case

RECIPE = Recipe(engines=("harper",), rewrites=False)
HARPER = ("--engine", "harper", "--no-rewrites")


@pytest.fixture(scope="module")
def cases(corpus: tuple[Case, ...], held_out_writers: frozenset[str]) -> tuple[Case, ...]:
    chosen = [case for case in corpus if case.id[0] not in held_out_writers][100:164]
    return tuple(Case(case.draft, id=case.id, notes=case.notes) for case in chosen)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """Two worker processes, as --cluster local starts them, that other commands can be pointed at."""
    opened = Cluster(LOCAL, 2, 0, lambda _line: None)
    yield opened
    opened.close()


@pytest.fixture
def address(cluster: Cluster) -> str:
    return str(cluster.client.scheduler.address)


def write_data_set(folder: Path, cases: tuple[Case, ...]) -> Path:
    """Two files of two row groups each; the last row repeats the first one's id, and one draft is empty."""
    folder.mkdir()
    rows = [{"id": case.id, "Email text": case.draft, "notes": case.notes} for case in cases]
    rows[20]["Email text"] = ""
    rows[-1]["id"] = rows[0]["id"]
    half = len(rows) // 2
    for number, part in enumerate((rows[:half], rows[half:])):
        pq.write_table(pa.Table.from_pylist(part), folder / f"{number}.parquet", row_group_size=half // 2)
    return folder


def reports_in(folder: Path) -> list[Any]:
    paths = sorted(folder.glob("part-*.parquet"))
    return [json.loads(text) for path in paths for text in pq.read_table(path).column("report").to_pylist()]


def kill_a_busy_worker(pids: Callable[[], list[int]], killed: list[int]) -> None:
    """Wait until a worker has judged for a while, then kill it with no warning."""
    busy_from: dict[int, float] = {}
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        for pid in pids():
            used = sum(psutil.Process(pid).cpu_times()[:2])
            if used - busy_from.setdefault(pid, used) > 1.0:
                os.kill(pid, signal.SIGKILL)
                killed.append(pid)
                return
        time.sleep(0.02)


def workers_of(cluster: Cluster) -> Callable[[], list[int]]:
    return lambda: [nanny.pid for nanny in cluster.local_workers() if nanny.pid]


def test_a_killed_worker_costs_no_row_and_makes_no_duplicate(cluster: Cluster, cases: tuple[Case, ...]) -> None:
    killed: list[int] = []
    killer = Thread(target=kill_a_busy_worker, args=(workers_of(cluster), killed))
    killer.start()
    pairs = list(Line(ClusterJudges(cluster, RECIPE), 4).judged(cases))
    killer.join()
    assert killed and not psutil.pid_exists(killed[0])
    assert [row.id for row, _ in pairs] == [case.id for case in cases]
    assert [text for _, text in pairs] == judge(RECIPE, cases)


def test_parts_are_whole_and_once_even_where_a_worker_is_killed(
    cluster: Cluster, address: str, cases: tuple[Case, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(partitions, "_PART_ROWS", 16)
    source, target = write_data_set(tmp_path / "in", cases), tmp_path / "out"
    killed: list[int] = []
    killer = Thread(target=kill_a_busy_worker, args=(workers_of(cluster), killed))
    killer.start()
    assert main(["batch", str(source), "-o", f"{target}/", "--cluster", address, *HARPER]) == 1
    killer.join()
    assert killed
    given = [text for number in (0, 1) for text in pq.read_table(source / f"{number}.parquet").column("id").to_pylist()]
    reports = reports_in(target)
    assert [report["id"] for report in reports] == given
    errors = {place: report["error"]["code"] for place, report in enumerate(reports) if report["error"]}
    assert errors == {20: "empty_draft", len(cases) - 1: "duplicate_id"}
    alone = [json.loads(text) for text in judge(RECIPE, cases)]
    for place, report in enumerate(reports):
        if not report["error"]:
            assert report == {"id": given[place], **alone[place]}
    names = sorted(path.name for path in target.iterdir())
    assert names == ["_SUCCESS", "_run.json", *(f"part-{number:06}.parquet" for number in range(4))]


def test_a_data_set_goes_on_with_the_parts_that_are_missing(
    address: str,
    cases: tuple[Case, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(partitions, "_PART_ROWS", 4)
    source, target = write_data_set(tmp_path / "in", cases[:32]), tmp_path / "out"
    command = ["batch", str(source), "-o", f"{target}/", "--cluster", address, *HARPER]
    assert main(command) == 1
    whole = reports_in(target)
    kept = target / "part-000000.parquet"
    before = kept.stat().st_mtime_ns
    (target / "part-000002.parquet").unlink()
    assert main(command) == 2 and "--resume" in capsys.readouterr().err
    assert main([*command, "--resume"]) == 1
    assert reports_in(target) == whole
    assert kept.stat().st_mtime_ns == before


def test_an_output_of_other_drafts_is_left_alone(
    address: str, cases: tuple[Case, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, other = write_data_set(tmp_path / "one", cases[:24]), write_data_set(tmp_path / "other", cases[24:52])
    assert main(["batch", str(one), "-o", f"{tmp_path}/out/", "--cluster", address, *HARPER]) == 1
    assert main(["batch", str(other), "-o", f"{tmp_path}/out/", "--cluster", address, "--resume", *HARPER]) == 2
    assert "other drafts or settings" in capsys.readouterr().err


def test_an_address_where_nobody_answers_is_told(
    cases: tuple[Case, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("analyzer.batch.cluster._WAIT_S", 1)
    source = tmp_path / "in.jsonl"
    source.write_text(json.dumps({"draft": cases[0].draft}) + "\n")
    output = tmp_path / "out.jsonl"
    assert main(["batch", str(source), "-o", str(output), "--cluster", "tcp://127.0.0.1:9", *HARPER]) == 2
    assert "No Dask scheduler answers at “tcp://127.0.0.1:9”" in capsys.readouterr().err
    assert not output.exists()


def test_a_worker_of_another_version_refuses() -> None:
    check_stamp(RECIPE, stamp_of(RECIPE))
    with pytest.raises(UsageError, match="same draft-analyzer and model"):
        check_stamp(RECIPE, "draft-analyzer 0.0.1 with model 000000000000")
