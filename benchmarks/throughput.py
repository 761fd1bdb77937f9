"""Notes a second: one process beside a bare parser, two beside one, LanguageTool beside a plain loop, a cluster beside processes.

Ratios, not seconds: what is compared is measured in turns in one run, on the same notes, and the best turn of each counts, because
other work on the machine can only slow a turn down. Prints the table of docs/performance.md, where the time goes, and memory.
``--quick`` takes a few notes, to see that it runs.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from analyzer.batch.cluster import LOCAL, Cluster, ClusterJudges
from analyzer.batch.jobs import Here, Judges, Line, Processes
from analyzer.batch.options import Recipe
from analyzer.reading import read_cases
from analyzer.types import Case

_ROOT = Path(__file__).resolve().parents[1]
_DATA = _ROOT / "data" / "labelled"
_HARPER = Recipe(engines=("harper",), rewrites=False)
_BOTH = Recipe(engines=("harper", "languagetool"), rewrites=False)
_MIB = 1 << 20
_POLL_S = 0.25
# Each worker must have its models before the clock starts: so many chunks for each of them.
_WARM_CHUNKS = 2


# What is told of a profile: a name, and the function that does it.
_STEPS = (
    ("parse (spaCy)", "spacy/language.py", "pipe"),
    ("of it the attribute ruler", "spacy/pipeline/attributeruler.py", "__call__"),
    ("of it the network", "thinc/model.py", "predict"),
    ("matching with the notes", "analyzer/matching/__init__.py", "match_drafts"),
    ("of it the sentence network", "analyzer/parsing/embedding.py", "embed"),
    ("rules", "analyzer/rules.py", "run_rules"),
    ("of them spaCy's dependency patterns", "analyzer/rules.py", "parsed_matches"),
    ("the model's judgement", "analyzer/scoring/model.py", "judge"),
    ("findings", "analyzer/findings.py", "explain"),
    ("kind and parts", "analyzer/parsing/draft.py", "build_draft"),
)


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured."""

    notes: int = 320
    with_languagetool: int = 96
    turns: int = 3
    memory: tuple[int, int] = (2000, 20000)


_QUICK = Size(notes=64, with_languagetool=8, turns=1, memory=(100, 200))


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    what: str
    ratio: float
    wanted: str
    is_kept: bool | None

    def line(self) -> str:
        """As Markdown."""
        kept = "" if self.is_kept is None else "kept" if self.is_kept else "**not kept**"
        return f"| {self.what} | {self.ratio:.2f} | {self.wanted} | {kept} |"


# ---- notes


def _corpus() -> list[Case]:
    held_out = set(json.loads((_DATA / "splits.json").read_text(encoding="utf-8"))["held_out_writers"])
    cases = [case for case in read_cases(_DATA / "cases.jsonl") if isinstance(case, Case)]
    return [case for case in cases if case.id[0] not in held_out]


def _notes(count: int) -> Iterator[Case]:
    """So many notes, no two the same: after the corpus has been through, each comes again with another closing line."""
    for number, case in enumerate(islice(cycle(_corpus()), count)):
        yield replace(case, id=str(number), draft=f"{case.draft}\n\nMy reference number is {number}.")


# ---- notes a second


@dataclass(slots=True)
class _Best:
    """The best turn: notes a second by the clock, and notes a processor second of this process, which other work slows down less."""

    rate: float = 0.0
    rate_cpu: float = 0.0
    rate_main: float = 0.0

    def take(self, run: Callable[[], int]) -> float:
        """Run once; gives this turn's notes a second."""
        start, start_cpu, start_main = time.perf_counter(), time.process_time(), time.thread_time()
        count = run()
        rate = count / (time.perf_counter() - start)
        self.rate = max(self.rate, rate)
        self.rate_cpu = max(self.rate_cpu, count / (time.process_time() - start_cpu))
        self.rate_main = max(self.rate_main, count / (time.thread_time() - start_main))
        return rate


def _in_turns(runs: Mapping[str, Callable[[], int]], turns: int) -> list[_Best]:
    """The best of each over some turns, taken one after the other."""
    best = [_Best() for _ in runs]
    for turn in range(turns):
        for (name, run), kept in zip(runs.items(), best, strict=True):
            _say(f"turn {turn + 1}, {name}: {kept.take(run):.1f} notes a second")
    return best


def _judge_with(judges: Judges, cases: Sequence[Case]) -> Callable[[], int]:
    """All cases through ``judges``, whose workers are warm."""
    _ = sum(1 for _ in Line(judges, 8).judged(cases[: 8 * _WARM_CHUNKS * max(1, judges.width)]))
    return lambda: sum(1 for _ in Line(judges).judged(cases))


def _bare_parser(cases: Sequence[Case]) -> Callable[[], int]:
    """What spaCy alone does with the drafts, with everything its pipeline brings."""
    import spacy

    from analyzer.parsing.language import DEFAULT_PIPELINE

    nlp = spacy.load(DEFAULT_PIPELINE)
    texts = [case.draft for case in cases]
    _ = sum(1 for _ in nlp.pipe(texts[:32]))
    return lambda: sum(1 for _ in nlp.pipe(texts))


def _in_process(size: Size) -> list[Row]:
    cases = list(_notes(size.notes))
    two, cluster = Processes(_HARPER, 2), ClusterJudges(Cluster(LOCAL, 2, size.notes, _say), _HARPER)
    try:
        runs = {
            "bare nlp.pipe": _bare_parser(cases),
            "one process": _judge_with(Here(_HARPER), cases),
            "two processes": _judge_with(two, cases),
            "Dask, two workers": _judge_with(cluster, cases),
        }
        best = _in_turns(runs, size.turns)
    finally:
        two.close()
        cluster.close()
        Here(_HARPER).close()
    parser, one, both, dask = (kept.rate for kept in best)
    work, main = best[1].rate_cpu / best[0].rate_cpu, best[1].rate_main / best[0].rate_main
    return [
        Row("one process ÷ bare `nlp.pipe`", one / parser, "≥ 0.6, aim 1.0", one / parser >= 0.6),
        Row("the same by processor seconds, all threads together", work, "", None),
        Row("the same by processor seconds, without Harper, which reads on a thread beside", main, "", None),
        Row("two processes ÷ one", both / one, "≥ 1.7", both / one >= 1.7),
        Row("Dask, two workers ÷ two processes", dask / both, "≥ 0.85", dask / both >= 0.85),
    ]


def _with_languagetool(size: Size) -> list[Row]:
    """The whole analyzer with both proofreaders, beside a loop that only asks LanguageTool."""
    from language_tool_python import LanguageTool

    from analyzer.proofing import ENGINES
    from analyzer.proofing.provision import find

    copy = find()
    if copy is None or not all(make().probe().available for make in ENGINES):
        _say("LanguageTool is not set up here: not measured")
        return []
    count = size.with_languagetool
    cases = list(_notes(count * (size.turns + 1)))
    two = Processes(_BOTH, 2)
    with tempfile.TemporaryDirectory(prefix="analyzer-") as folder:
        # the plain loop reads with the copy that the analyzer has, under the name its package looks for
        (Path(folder) / f"LanguageTool-{copy.version}").symlink_to(copy.folder)
        os.environ["LTP_PATH"] = folder
        tool = LanguageTool("en-US")

        def loop(given: Sequence[Case]) -> int:
            return sum(1 for case in given if tool.check(case.draft) is not None)

        def ours_on(given: Sequence[Case]) -> int:
            # chunks that give both workers the same, however few the notes
            return sum(1 for _ in Line(two, max(1, min(8, len(given) // 2))).judged(given))

        plain, ours = _Best(), _Best()
        try:
            # Notes of their own for each turn: our server remembers sentences it has read, and no batch has the same letter thrice.
            # The first go compiles Java on both sides and does not count.
            for turn in range(size.turns + 1):
                given = cases[turn * count : (turn + 1) * count]
                for what, run, kept in (("loop", loop, plain), ("two processes", ours_on, ours)):
                    best = kept if turn else _Best()
                    _say(f"turn {turn}, {what} with LanguageTool: {best.take(partial(run, given)):.1f} notes a second")
        finally:
            tool.close()
            two.close()
    ratio = ours.rate / plain.rate
    return [Row("with LanguageTool ÷ loop over `LanguageTool.check`", ratio, "≥ 1.7", ratio >= 1.7)]


# ---- where the time goes


def _shares(size: Size) -> list[tuple[str, float]]:
    """The share of the main thread that each step takes, with all it calls."""
    import cProfile
    import pstats

    judges, cases = Here(_HARPER), list(_notes(size.notes))
    run = _judge_with(judges, cases)
    profile = cProfile.Profile()
    profile.enable()
    run()
    profile.disable()
    judges.close()
    found: Any = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    seconds = {(file.replace(os.sep, "/"), name): within for (file, _, name), (_, _, _, within, _) in found.items()}
    total = _within(seconds, "analyzer/batch/work.py", "judge")
    return [(label, _within(seconds, file, name) / total) for label, file, name in _STEPS]


def _within(seconds: Mapping[tuple[str, str], float], file: str, name: str) -> float:
    return max(
        (spent for (path, called), spent in seconds.items() if path.endswith(file) and called == name), default=0.0
    )


# ---- memory


def _peak(count: int, folder: Path) -> tuple[float, float]:
    """The most MiB that the main process, and that any worker, of ``analyzer batch --jobs 2`` ever held."""
    import psutil

    source = folder / f"{count}.jsonl"
    with source.open("w", encoding="utf-8") as stream:
        for case in _notes(count):
            row = {"id": case.id, "draft": case.draft, "notes": case.notes, "interviewer": case.interviewer}
            stream.write(json.dumps(row) + "\n")
    command = [sys.executable, "-m", "analyzer", "batch", str(source), "-o", str(folder / f"{count}.out.jsonl")]
    process = subprocess.Popen([*command, "--jobs", "2", "--engine", "harper"], stderr=subprocess.DEVNULL)
    main, workers = 0.0, 0.0
    while process.poll() is None:
        try:
            main = max(main, _high_water(process.pid))
            for child in psutil.Process(process.pid).children(recursive=True):
                workers = max(workers, _high_water(child.pid))
        except (OSError, psutil.Error):
            pass
        time.sleep(_POLL_S)
    if process.returncode not in (0, 1):
        raise RuntimeError(f"the batch of {count} notes ended with {process.returncode}")
    return main, workers


def _high_water(pid: int) -> float:
    """The peak of a process in MiB, as Linux keeps it."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024 / _MIB
    return 0.0


def _memory(size: Size) -> list[Row]:
    if not Path("/proc/self/status").exists():
        _say("memory is read from /proc, which this system has not: not measured")
        return []
    few, many = size.memory
    with tempfile.TemporaryDirectory(prefix="analyzer-") as name:
        peaks = {}
        for count in size.memory:
            peaks[count] = main, worker = _peak(count, Path(name))
            _say(f"{count:,} notes: main process {main:.0f} MiB, largest worker {worker:.0f} MiB")
    growth = [after / before for before, after in zip(peaks[few], peaks[many], strict=True)]
    worker = peaks[many][1]
    return [
        Row(f"peak of the main process, {many:,} notes ÷ {few:,}", growth[0], "≤ 1.10", growth[0] <= 1.10),
        Row(f"peak of a worker, {many:,} notes ÷ {few:,}", growth[1], "≤ 1.10", growth[1] <= 1.10),
        Row(f"peak of a worker, {many:,} notes, in MiB ÷ 700", worker / 700, "< 1.00", worker < 700),
    ]


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the table, and give 1 where something is not kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few notes, to see that it runs")
    parser.add_argument("--only", choices=("speed", "languagetool", "memory", "profile"), help="one part")
    parser.add_argument("--notes", type=int, help="notes a turn")
    parser.add_argument("--turns", type=int, help="turns, of which the best counts")
    parser.add_argument("--memory", type=int, nargs=2, metavar=("FEW", "MANY"), help="notes to compare the memory of")
    options = parser.parse_args(arguments)
    size = _QUICK if options.quick else Size()
    if options.notes:
        size = replace(size, notes=options.notes, with_languagetool=options.notes // 3)
    if options.turns:
        size = replace(size, turns=options.turns)
    if options.memory:
        size = replace(size, memory=tuple(options.memory))
    parts = {"speed": _in_process, "languagetool": _with_languagetool, "memory": _memory}
    wanted = [part for name, part in parts.items() if options.only in (None, name)]
    rows = [row for part in wanted for row in part(size)]
    if rows:
        print("| what | ratio | wanted | |\n|---|---:|---:|---|")
        print("\n".join(row.line() for row in rows))
    if options.only in (None, "profile"):
        print("\n| where the main thread of one process is | share |\n|---|---:|")
        print("\n".join(f"| {name} | {share:.0%} |" for name, share in _shares(size)))
    return int(not all(row.is_kept is not False for row in rows))


if __name__ == "__main__":
    sys.exit(main())
