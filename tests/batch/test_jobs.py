"""Whoever judges, and in whatever chunks: every row comes out once, in order, and identical drafts cost once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from threading import Thread

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.batch.jobs import Here, Line, Processes, workers_for
from analyzer.batch.options import Recipe
from analyzer.batch.work import judge
from analyzer.reading import BadRow
from analyzer.types import Case

ROOT = Path(__file__).resolve().parents[2]
RECIPE = Recipe(engines=("harper",), rewrites=False)


class Counting:
    """Judges by giving the draft back, late: a chunk's reports are made when they are asked for."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.judged: list[str] = []
        self.under_way = self.most_under_way = 0

    def submit(self, cases: tuple[Case, ...]) -> Counting.Late:
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        return Counting.Late(self, cases)

    def close(self) -> None:
        pass

    class Late:
        def __init__(self, judges: Counting, cases: Sequence[Case]) -> None:
            self._judges, self._cases = judges, cases

        def result(self) -> Sequence[str]:
            self._judges.under_way -= 1
            self._judges.judged += [case.draft for case in self._cases]
            return [json.dumps({"draft": case.draft}) for case in self._cases]


ROWS = st.lists(st.one_of(st.sampled_from("abcdefgh"), st.none()), max_size=60)


@given(drafts=ROWS, width=st.integers(1, 4), chunk=st.integers(1, 7))
def test_rows_come_out_once_in_order_and_drafts_cost_once(drafts: list[str | None], width: int, chunk: int) -> None:
    rows = [
        Case(draft, id=str(number)) if draft else BadRow(str(number), number, "empty_draft", "Empty.")
        for number, draft in enumerate(drafts)
    ]
    judges = Counting(width)
    found = list(Line(judges, chunk).judged(rows))
    assert [row for row, _ in found] == rows
    for row, text in found:
        told = json.loads(text)
        assert told["draft"] == row.draft if isinstance(row, Case) else told["error"]["code"] == row.code
    assert sorted(judges.judged) == sorted({draft for draft in drafts if draft})
    assert judges.most_under_way <= width + 1


def test_rows_are_taken_only_as_they_are_needed() -> None:
    taken = []

    def endless():  # type: ignore[no-untyped-def]
        for number in range(1_000_000):
            taken.append(number)
            yield Case("the same" if number % 2 else f"draft {number}", id=str(number))

    line = Line(Counting(2), 8).judged(endless())
    for _ in range(10):
        next(line)
    assert len(taken) < 200


def test_the_same_draft_of_two_people_with_other_notes_is_judged_twice() -> None:
    judges = Counting(1)
    rows = [Case("a", id="1", notes="x"), Case("a", id="2", notes="y"), Case("a", id="3", notes="x", participant="Bo")]
    assert len(list(Line(judges).judged(rows))) == 3
    assert judges.judged == ["a", "a"]


@pytest.fixture(scope="module")
def cases(corpus: tuple[Case, ...], held_out_writers: frozenset[str]) -> tuple[Case, ...]:
    return tuple(case for case in corpus if case.id[0] not in held_out_writers)[300:396]


@pytest.fixture(scope="module")
def alone(cases: tuple[Case, ...]) -> list[str]:
    return [judge(RECIPE, [case])[0] for case in cases]


def test_reports_do_not_depend_on_order_or_chunks(cases: tuple[Case, ...], alone: list[str]) -> None:
    assert [text for _, text in Line(Here(RECIPE), 7).judged(reversed(cases))] == alone[::-1]
    assert [text for _, text in Line(Here(RECIPE), 64).judged(cases)] == alone


def test_reports_do_not_depend_on_processes_even_where_one_is_killed(cases: tuple[Case, ...], alone: list[str]) -> None:
    judges = Processes(RECIPE, 2)

    def kill_one() -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            busy = [child for child in psutil.Process().children() if sum(child.cpu_times()[:2]) > 2.0]
            if busy:
                os.kill(busy[0].pid, signal.SIGKILL)
                return
            time.sleep(0.05)

    killer = Thread(target=kill_one)
    killer.start()
    try:
        found = [text for _, text in Line(judges, 8).judged(cases)]
    finally:
        killer.join()
        judges.close()
    assert found == alone
    assert judges.losses == 1


def test_a_case_that_breaks_the_analyzer_costs_its_own_row_only(monkeypatch: pytest.MonkeyPatch) -> None:
    from analyzer.batch import work

    class Broken:
        def analyze_cases(self, cases: Sequence[Case]):  # type: ignore[no-untyped-def]
            if any(case.draft == "bad" for case in cases):
                raise ZeroDivisionError
            return work.Analyzer(engines=("harper",)).analyze_cases(cases)

        def close(self) -> None:
            pass

    monkeypatch.setattr(work, "shared_analyzer", lambda _recipe: Broken())
    good = "Dear Ana, thank you for the talk about the night rota today. Kind regards, Ben"
    first, second, third = (json.loads(text) for text in judge(RECIPE, [Case(good), Case("bad"), Case(good)]))
    assert second["error"]["code"] == "internal_error" and "ZeroDivisionError" in second["error"]["message"]
    assert first == third and first["error"] is None


def test_few_drafts_are_not_worth_a_second_process() -> None:
    assert workers_for(60) == 1
    assert 1 <= workers_for(10_000) <= (os.cpu_count() or 1)


def test_processes_end_with_a_parent_that_is_killed(tmp_path: Path, started, corpus: tuple[Case, ...]) -> None:  # type: ignore[no-untyped-def]
    source = tmp_path / "in.jsonl"
    cases = [case for case in corpus if case.id[0] in "EF"]
    source.write_text("".join(json.dumps({"id": case.id, "draft": case.draft}) + "\n" for case in cases))
    process = started("batch", source, "-o", tmp_path / "out.jsonl", "--jobs", "2")
    deadline = time.monotonic() + 60
    children: list[psutil.Process] = []
    while len(children) < 3 and time.monotonic() < deadline:
        children = psutil.Process(process.pid).children(recursive=True)
        time.sleep(0.05)
    process.kill()
    process.communicate()
    gone, alive = psutil.wait_procs(children, timeout=30)
    assert gone and not alive


ENDED_WHILE_WARMING = """
import os, signal, time
from analyzer.batch import jobs, work
from analyzer.batch.options import Recipe
analyzer = work.shared_analyzer(Recipe(engines=("harper",)))
signal.signal(signal.SIGTERM, jobs._end_worker)
with analyzer._warming:
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(0.1)
os._exit(3)
"""


def test_a_worker_ended_while_it_warms_up_does_not_wait_for_itself() -> None:
    ended = subprocess.run([sys.executable, "-c", ENDED_WHILE_WARMING], cwd=ROOT, timeout=60, check=False)
    assert ended.returncode == 0
