"""What a batch is asked to do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from analyzer.reading.columns import BY_NAME, ColumnChoice


@dataclass(frozen=True, slots=True)
class Recipe:
    """How drafts are judged: all that a worker has to know, small enough to travel with every chunk."""

    engines: tuple[str, ...] | None = None
    model: Path | None = None
    rewrites: bool = True


@dataclass(frozen=True, slots=True)
class BatchOptions:
    """``inputs`` are paths, or '-' for standard input; ``jobs`` None lets the machine and the number of drafts decide.

    ``cluster`` is the address of a Dask scheduler, 'local' to start one here, '' for none. ``report`` and ``per_person`` say where
    the pages on the whole group and on each participant go.
    """

    inputs: tuple[str, ...]
    output: str
    recipe: Recipe = Recipe()
    columns: ColumnChoice = BY_NAME
    jobs: int | None = None
    cluster: str = ""
    resume: bool = False
    report: Path | None = None
    per_person: Path | None = None
