"""Many drafts: read, judge in chunks, write in input order. The output appears under its name only when it is whole."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from analyzer.errors import AnalyzerError, FileError, UsageError
from analyzer.pipeline import CHUNK_CASES, Analyzer
from analyzer.reading import BadRow, read_cases, read_cases_stream
from analyzer.report.json_report import to_dict
from analyzer.types import Case, Report

OUTPUT_ENDINGS = (".jsonl",)


@dataclass(frozen=True, slots=True)
class Summary:
    """How a batch went: ``errors`` counts the error codes."""

    scored: int
    failed: int
    errors: tuple[tuple[str, int], ...]
    output: Path

    def text(self) -> str:
        """Two sentences at most."""
        drafts = "1 draft" if self.scored == 1 else f"{self.scored:,} drafts"
        if not self.failed:
            return f"{drafts} scored, written to {self.output}."
        reasons = ", ".join(f"{count} {code}" for code, count in self.errors)
        return f"{drafts} scored, {self.failed} could not be ({reasons}); all are in {self.output}, each failure with its reason."


def run_batch(
    inputs: Sequence[str],
    output: Path,
    *,
    engines: Sequence[str] | None,
    model: Path | None,
    say: Callable[[str], None],
    rewrites: bool = True,
) -> Summary:
    """Judge all inputs into one JSONL file. Bad rows become rows with their error, and ``say`` names each.

    Raises UsageError for an output ending nobody writes, FileError where an input cannot be read at all or the output not be written.
    """
    if output.suffix.lower() not in OUTPUT_ENDINGS:
        raise UsageError(
            "unknown_ending", f"“{output}” has no ending this version writes: use {', '.join(OUTPUT_ENDINGS)}."
        )
    analyzer = Analyzer(engines=engines, model=model, rewrites=rewrites)
    partial = output.with_name(output.name + ".partial")
    counts: Counter[str] = Counter()
    scored = 0
    try:
        with partial.open("w", encoding="utf-8") as stream:
            for report in _reports(analyzer, _cases(inputs)):
                stream.write(json.dumps(to_dict(report), ensure_ascii=False) + "\n")
                if report.error:
                    counts[report.error[0]] += 1
                    say(f"{report.id}: {report.error[1]}")
                else:
                    scored += 1
        os.replace(partial, output)
    except AnalyzerError:
        partial.unlink(missing_ok=True)
        raise
    except OSError as error:
        raise FileError(
            "not_written", f"“{output}” cannot be written ({error.strerror or error}): choose another place."
        ) from error
    finally:
        analyzer.close()
    return Summary(scored, sum(counts.values()), tuple(sorted(counts.items())), output)


def _cases(inputs: Sequence[str]) -> Iterator[Case | BadRow]:
    for name in inputs:
        yield from read_cases_stream(sys.stdin.buffer, "-") if name == "-" else read_cases(Path(name))


def _reports(analyzer: Analyzer, rows: Iterable[Case | BadRow]) -> Iterator[Report]:
    """Reports in the order of the rows; bad rows keep their place."""
    waiting: list[Case | BadRow] = []
    for row in rows:
        waiting.append(row)
        if len(waiting) >= CHUNK_CASES:
            yield from _judged(analyzer, waiting)
            waiting = []
    yield from _judged(analyzer, waiting)


def _judged(analyzer: Analyzer, rows: Sequence[Case | BadRow]) -> Iterator[Report]:
    reports = analyzer.analyze_cases([row for row in rows if isinstance(row, Case)])
    for row in rows:
        yield Report(id=row.id, error=(row.code, row.message)) if isinstance(row, BadRow) else next(reports)
