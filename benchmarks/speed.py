"""How fast: one draft warm, one draft cold from the command line, ``--version``. Prints a table; fails where a promise is broken."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

from analyzer.pipeline import Analyzer
from analyzer.reading import read_cases
from analyzer.types import Case

_ROOT = Path(__file__).resolve().parents[1]
_SAMPLE = [
    "score",
    str(_ROOT / "data/samples/draft.txt"),
    "--notes",
    str(_ROOT / "data/samples/notes.txt"),
    "--interviewer=Priya Nair",
    "--company=Harbourline",
    "--engine=harper",
]
# (what, promised seconds): issue “From a draft to a score”
_PROMISES_S = {"one 130-word draft, warm": 0.060, "analyzer score, cold": 3.0, "analyzer --version": 0.3}
_WORDS = range(120, 141)
_ROUNDS = 60


def _drafts() -> list[Case]:
    cases = [case for case in read_cases(_ROOT / "data/labelled/cases.jsonl") if isinstance(case, Case)]
    return [case for case in cases if len(case.draft.split()) in _WORDS and case.notes.strip()][:_ROUNDS]


def _warm_s() -> float:
    """Median seconds of one draft of about 130 words with notes, in-process engines."""
    analyzer = Analyzer(engines=("harper",))
    drafts = _drafts()
    for case in drafts[:5]:
        analyzer.analyze_case(case)
    seconds = []
    for case in drafts:
        start = time.perf_counter()
        analyzer.analyze_case(case)
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def _command_s(arguments: list[str], rounds: int) -> float:
    """Best of some runs of a whole command: start of the interpreter to its end."""
    seconds = []
    for _ in range(rounds):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-m", "analyzer", *arguments], check=True, stdout=subprocess.DEVNULL)
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def main() -> int:
    """Measure, print, and give 1 where a promise is broken."""
    measured = {
        "one 130-word draft, warm": _warm_s(),
        "analyzer score, cold": _command_s(_SAMPLE, 5),
        "analyzer --version": _command_s(["--version"], 9),
    }
    broken = 0
    print(f"{'':<28} {'median':>10} {'promised':>10}")
    for name, seconds in measured.items():
        promised = _PROMISES_S[name]
        kept = seconds < promised
        broken += not kept
        print(f"{name:<28} {seconds * 1000:>7.0f} ms {promised * 1000:>7.0f} ms  {'kept' if kept else 'BROKEN'}")
    return int(broken > 0)


if __name__ == "__main__":
    sys.exit(main())
