"""One batch from its inputs to its output. What is under way is in a journal; the output appears under its name only when whole."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from analyzer import __version__
from analyzer.batch import partitions
from analyzer.batch.cluster import Cluster, ClusterJudges
from analyzer.batch.inputs import Inputs
from analyzer.batch.jobs import Here, Judges, Line, Processes, workers_for
from analyzer.batch.journal import Journal
from analyzer.batch.options import BatchOptions, Recipe
from analyzer.batch.pages import check_pages, write_pages
from analyzer.batch.partitions import is_partitioned, run_partitions
from analyzer.batch.progress import Progress
from analyzer.batch.summary import Summary, Tally
from analyzer.batch.writers import writer_for
from analyzer.batch.writers.base import Writer
from analyzer.batch.writers.jsonl import JSONL
from analyzer.errors import AnalyzerError, FileError, UsageError
from analyzer.proofing import ENGINES
from analyzer.reading import BadRow
from analyzer.scoring.store import default_model_directory, read_manifest
from analyzer.types import Case

# Lines handed to the system together; a kill costs no more.
_FLUSH_ROWS = 8


class Stopped(KeyboardInterrupt):
    """Ctrl-C or SIGTERM in the middle; the text says where what is done can be found."""


def run_batch(options: BatchOptions, progress: Progress) -> Summary:
    """Judge all inputs into one file. Bad rows become rows with their error; ``progress`` is told of each.

    Raises UsageError for what cannot work, FileError where an input cannot be read at all or the output not be written, Stopped.
    """
    if is_partitioned(options.output):
        return _run_partitioned(options, progress)
    output = Path(options.output)
    writer = writer_for(options.output)
    _check_places(options, output)
    check_pages(options.report, options.per_person)
    recipe = _settled(options.recipe)
    journal = Journal(output)
    try:
        with _stoppable(), Inputs(options.inputs, replace(options.columns, say=progress.say)) as inputs:
            total = inputs.count()
            if writer.most_rows is not None and total > writer.most_rows:
                raise UsageError(
                    "too_many_rows", f"“{output}” cannot hold {total:,} rows: use .csv, .parquet or .jsonl."
                )
            made_from = {"inputs": inputs.stamps(), "settings": _stamp_of(recipe, options)}
            if options.resume:
                journal.resume(made_from)
            else:
                journal.begin(made_from)
            tally = _judge_into(journal, inputs, total, options, recipe, progress)
            written = _pages(options, journal, inputs, total)
            _finish(journal, writer, output)
    except KeyboardInterrupt as stop:
        raise Stopped(_leave(journal, writer, output)) from stop
    except OSError as error:
        raise FileError(
            "not_written", f"“{output}” cannot be written ({error.strerror or error}): choose another place."
        ) from error
    except AnalyzerError:
        if journal.is_empty:
            journal.discard()
        raise
    finally:
        journal.close()
    return tally.summary(options.output, written)


def _run_partitioned(options: BatchOptions, progress: Progress) -> Summary:
    """A data set in parts, on a cluster."""
    if not options.cluster:
        raise UsageError(
            "no_cluster", f"“{options.output}” is a place for parts: say --cluster ADDRESS or --cluster local."
        )
    check_pages(options.report, options.per_person)
    recipe = _settled(options.recipe)
    try:
        with _stoppable():
            summary, parts = run_partitions(options, recipe, progress)
            if options.report is None and options.per_person is None:
                return summary
            rows = partitions.reports_with_cases(options, recipe, parts)
            title = f"{summary.scored + summary.failed:,} drafts of {Path(options.inputs[0]).stem}"
            return replace(summary, written=write_pages(rows, title, options.report, options.per_person))
    except KeyboardInterrupt as stop:
        raise Stopped(
            f"Stopped. The parts that are done are in {options.output}; --resume goes on with the rest."
        ) from stop


def _check_places(options: BatchOptions, output: Path) -> None:
    for name in options.inputs:
        if name != "-" and Path(name).resolve() == output.resolve():
            raise UsageError("same_file", f"“{name}” is input and output: give the output another name.")
    if not output.parent.is_dir():
        raise FileError("not_written", f"“{output}” cannot be written: its folder does not exist; make it first.")


def _settled(recipe: Recipe) -> Recipe:
    """The recipe with every choice made here, so that all workers do the same whatever their machines have."""
    engines = recipe.engines
    if engines is None:
        engines = tuple(engine.name for engine in (make() for make in ENGINES) if engine.probe().available)
    # the shipped model is left to each worker to find: on another machine it lies in another place
    return replace(recipe, engines=engines, model=recipe.model.resolve() if recipe.model else None)


def _stamp_of(recipe: Recipe, options: BatchOptions) -> dict[str, Any]:
    return {
        "version": __version__,
        "engines": list(recipe.engines or ()),
        "model": read_manifest(recipe.model or default_model_directory()).get("sha256"),
        "rewrites": recipe.rewrites,
        "columns": dict(options.columns.wanted),
    }


def _judge_into(
    journal: Journal, inputs: Inputs, total: int, options: BatchOptions, recipe: Recipe, progress: Progress
) -> Tally:
    """Skip what the journal has, judge the rest into it."""
    tally = Tally()
    rows = inputs.rows()
    already = 0
    for report in journal.lines():
        row = next(rows, None)
        if row is None or row.id != report["id"]:
            raise UsageError(
                "changed_since",
                f"Row {already + 1} of “{journal.path}” is not row {already + 1} of the inputs: delete it to start anew.",
            )
        tally.add(report)
        already += 1
    if already == total:
        return tally
    judges = _judges(options, recipe, total - already, progress)
    progress.begin(total, already)
    try:
        for number, (row, text) in enumerate(Line(judges).judged(rows), start=1):
            journal.append(row.id, text)
            if number % _FLUSH_ROWS == 0:
                journal.flush()
            _count(tally, row, text, progress)
            progress.advance()
    finally:
        progress.end()
        judges.close()
    return tally


def _count(tally: Tally, row: Case | BadRow, text: str, progress: Progress) -> None:
    if text.startswith('{"error"'):
        report = json.loads(text)
        tally.add(report)
        progress.trouble(f"{row.id}: {report['error']['message']}")
    else:
        tally.scored += 1


def _judges(options: BatchOptions, recipe: Recipe, drafts: int, progress: Progress) -> Judges:
    if options.cluster:
        return ClusterJudges(Cluster(options.cluster, options.jobs, drafts, progress.say), recipe)
    workers = options.jobs or workers_for(drafts)
    return Here(recipe) if workers == 1 else Processes(recipe, workers)


def _pages(options: BatchOptions, journal: Journal, inputs: Inputs, total: int) -> tuple[str, ...]:
    if options.report is None and options.per_person is None:
        return ()
    names = [Path(name).stem if name != "-" else "standard input" for name in options.inputs]
    title = f"{total:,} drafts of {names[0]}" if len(names) == 1 else f"{total:,} drafts of {len(names)} inputs"
    return write_pages(reports_with_cases(journal, inputs), title, options.report, options.per_person)


def reports_with_cases(journal: Journal, inputs: Inputs) -> Iterator[tuple[Case | None, Mapping[str, Any]]]:
    """Every report beside the case it is of, None for a row that is none."""
    for row, report in zip(inputs.rows(), journal.lines(), strict=True):
        yield (row if isinstance(row, Case) else None), report


def _finish(journal: Journal, writer: Writer, output: Path) -> None:
    """Give the output its name, whole."""
    journal.close()
    if writer is JSONL:
        os.replace(journal.path, output)
    else:
        fresh = output.with_name(f"{output.name}.writing")
        try:
            writer.write(fresh, journal.lines())
            os.replace(fresh, output)
        finally:
            fresh.unlink(missing_ok=True)
    _usable(output, writer).unlink(missing_ok=True) if writer is not JSONL else None
    journal.discard()


def _usable(output: Path, writer: Writer) -> Path:
    return output.with_name(f"{output.stem}.partial{output.suffix}")


def _leave(journal: Journal, writer: Writer, output: Path) -> str:
    """Leave a file that can be used as it is, and say where it is and how to go on."""
    if journal.is_empty:
        journal.discard()
        return "Stopped before the first draft was judged."
    journal.close()
    done = sum(1 for _ in journal.lines())
    kept = journal.path
    if writer is not JSONL:
        kept = _usable(output, writer)
        writer.write(kept, islice(journal.lines(), done))
    drafts = "1 draft is" if done == 1 else f"{done:,} drafts are"
    return f"Stopped: {drafts} judged, in {kept}. The same command with --resume goes on from there."


@contextmanager
def _stoppable() -> Iterator[None]:
    """A polite end (SIGTERM) stops like Ctrl-C."""

    def stop(_signal: int, _frame: object) -> None:
        raise KeyboardInterrupt

    import threading

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
