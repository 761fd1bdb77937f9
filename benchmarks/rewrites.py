"""How much the rewrites help. Prints the table of figures on the labelled corpus.

``python -m benchmarks.rewrites [--split dev|heldout] [--limit N] [--show N] [--engine NAME] [--export FILE]``: over drafts the raters put at 3 or lower that
have notes, the gain of the rewritten draft by the model, what the guards find in it, new errors by both proofreaders, milliseconds a draft;
and over drafts rated 4.5 and higher, how much of them changes. ``--show`` prints the pairs with the least gain (dev only: of held-out cases
only the ids). ``--export`` writes the pairs for blind readers.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz.distance import DamerauLevenshtein

from analyzer.parsing.words import tokens_of
from analyzer.pipeline import Analyzer
from analyzer.rewrites.guards import invention, names_of, new_errors
from analyzer.training.dataset import LabelledCase, read_dataset
from analyzer.types import Report

_ROOT = Path(__file__).resolve().parents[1]
_LOW, _FINE = 3.0, 4.5
_GAIN_RATING, _WORST = 1.0, 10
_SEED = 20261125


@dataclass(frozen=True, slots=True)
class Result:
    """One draft and what became of it."""

    labelled: LabelledCase
    report: Report
    invented: tuple[str, ...]
    errors: tuple[str, ...]
    seconds: float

    @property
    def after(self) -> str:
        """The rewritten draft; the draft itself where nothing is offered."""
        return self.report.rewritten.draft if self.report.rewritten else self.labelled.case.draft

    @property
    def gain(self) -> float:
        """In rating points of the overall rating."""
        if self.report.rewritten is None or self.report.overall is None:
            return 0.0
        return self.report.rewritten.overall.value - self.report.overall.value

    @property
    def changed(self) -> float:
        """Share of the draft's words that changed, 0..1."""
        words = [[token.text for token in tokens_of(text)] for text in (self.labelled.case.draft, self.after)]
        return DamerauLevenshtein.normalized_distance(*words)


def measure(analyzer: Analyzer, labelled: LabelledCase) -> Result:
    """The case rewritten, and checked once more by the guards and by all proofreaders."""
    start = time.perf_counter()
    report = analyzer.analyze_case(labelled.case)
    seconds = time.perf_counter() - start
    invented = tuple(word for edit in report.rewrites if (word := invention(labelled.case, edit.before, edit.after)))
    errors: tuple[str, ...] = ()
    if report.rewritten is not None:
        (evidence,) = analyzer.collect([labelled.case])
        after = analyzer.proofread(evidence.draft, report.rewritten.draft)
        errors = tuple(issue.text for issue in new_errors(evidence.issues, after, names_of(labelled.case)))
    return Result(labelled, report, invented, errors, seconds)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:6.1%} ({part} of {whole})" if whole else "none"


def print_table(low: Sequence[Result], fine: Sequence[Result], split: str) -> None:
    """The figures, one a line."""
    gains = [result.gain for result in low]
    kinds = Counter(edit.rewriter for result in low for edit in result.report.rewrites)
    milliseconds = sorted(1000 * result.seconds for result in low)
    rows = (
        (f"drafts rated {_LOW:g} or lower, with notes ({split})", str(len(low))),
        ("rewritten gains a rating point or more", _share(sum(gain >= _GAIN_RATING for gain in gains), len(low))),
        ("median gain in rating points", f"{statistics.median(gains):.2f}"),
        ("left as it is", _share(sum(result.report.rewritten is None for result in low), len(low))),
        ("something invented, by the guard", _share(sum(bool(result.invented) for result in low), len(low))),
        (
            f"a new error, by {' and '.join(low[0].report.engines)}",
            _share(sum(bool(result.errors) for result in low), len(low)),
        ),
        ("score and rewrites, median ms a draft", f"{statistics.median(milliseconds):.0f}"),
        ("score and rewrites, 95 % of drafts within ms", f"{milliseconds[int(len(milliseconds) * 0.95)]:.0f}"),
        (f"drafts rated {_FINE:g} or higher", str(len(fine))),
        ("  of these with no change", _share(sum(result.report.rewritten is None for result in fine), len(fine))),
        ("  of these with a tenth of the words changed", _share(sum(r.changed >= 0.1 for r in fine), len(fine))),
        ("edits offered by kind", ", ".join(f"{kind} {count}" for kind, count in kinds.most_common())),
    )
    for name, value in rows:
        print(f"{name:<52} {value}")


def print_worst(low: Sequence[Result], fine: Sequence[Result], shown: int, texts: bool) -> None:
    """The drafts that gain least, and everything that broke a guard."""
    print("\nleast gain")
    for result in sorted(low, key=lambda result: result.gain)[:shown]:
        case = result.labelled.case
        before = result.report.overall.value if result.report.overall else 0.0
        print(f"{case.id}  {case.kind}  {before:.2f} → {before + result.gain:.2f}")
        if texts:
            print(f"--- notes: {case.notes}\n--- before\n{case.draft}\n--- after\n{result.after}\n")
    for result in (*low, *fine):
        if result.invented or result.errors:
            told = f"invented {', '.join(result.invented)}; errors {', '.join(result.errors)}" if texts else "guard"
            print(f"{result.labelled.case.id}  {told}")


def export(results: Sequence[Result], path: Path, limit: int) -> None:
    """Pairs for blind readers, one JSON object a line."""
    changed = [result for result in results if result.report.rewritten is not None]
    drawn = random.Random(_SEED).sample(changed, min(limit, len(changed)))
    with path.open("w", encoding="utf-8") as out:
        for result in drawn:
            case = result.labelled.case
            fields = ("id", "kind", "notes", "interviewer", "company", "role")
            row = {name: getattr(case, name) for name in fields} | {"before": case.draft, "after": result.after}
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    print(f"{len(drawn)} pairs written to {path}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and export where asked."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rewrites", description="How much the rewrites help.")
    parser.add_argument("--split", choices=("dev", "heldout"), default="dev")
    parser.add_argument("--limit", type=int, default=0, help="so many drafts of each sort at most (0: all)")
    parser.add_argument("--show", type=int, default=_WORST, help="how many of the least gains to list")
    parser.add_argument("--export", type=Path, metavar="FILE", help="write pairs for blind readers")
    parser.add_argument("--pairs", type=int, default=60, help="how many pairs to export")
    parser.add_argument("--engine", action="append", help="proofreader to use (default: all that are set up)")
    options = parser.parse_args(arguments)
    training, held_out = read_dataset(_ROOT / "data/labelled").split()
    cases = (held_out if options.split == "heldout" else training).cases
    low = [one for one in cases if one.mean("overall") <= _LOW and one.case.notes.strip()]
    fine = [one for one in cases if one.mean("overall") >= _FINE]
    if options.limit:
        draw = random.Random(_SEED)
        low, fine = (draw.sample(some, min(options.limit, len(some))) for some in (low, fine))
    analyzer = Analyzer(engines=options.engine, rewrites=True)
    try:
        analyzer.warm_up()
        measured_low = [measure(analyzer, one) for one in low]
        measured_fine = [measure(analyzer, one) for one in fine]
    finally:
        analyzer.close()
    print_table(measured_low, measured_fine, options.split)
    print_worst(measured_low, measured_fine, options.show, texts=options.split == "dev")
    if options.export:
        export(measured_low, options.export, options.pairs)
    return 0


if __name__ == "__main__":
    sys.exit(main())
