"""The rows of all inputs in order. They are gone through once before any work, so that trouble is told at once and the end is known."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import TracebackType

from analyzer.errors import FileError
from analyzer.reading import BadRow, read_cases
from analyzer.reading.checks import called
from analyzer.reading.columns import ColumnChoice
from analyzer.reading.piped import piped_file
from analyzer.reading.tables import read_rows
from analyzer.types import Case

STANDARD_INPUT = "-"


class Inputs:
    """Several tables, folders and standard input as one; a context, because what is piped is kept in a file meanwhile."""

    def __init__(self, names: Sequence[str], choice: ColumnChoice) -> None:
        self._names = tuple(names)
        self._choice = choice
        self._piped = ExitStack()
        self._paths: dict[str, Path] = {}

    def __enter__(self) -> Inputs:
        for name in self._names:
            if name == STANDARD_INPUT and name not in self._paths:
                self._paths[name] = self._piped.enter_context(piped_file(sys.stdin.buffer))
            elif name != STANDARD_INPUT:
                self._paths[name] = Path(name)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._piped.close()

    def count(self) -> int:
        """The number of rows. Says aloud which columns are read. Raises FileError where an input cannot be read to its end."""
        total = 0
        for name in self._names:
            choice = replace(self._choice, say=partial(self._say, name))
            try:
                rows = sum(1 for _ in read_rows(self._paths[name], choice))
            except FileError as error:
                raise self._as_given(name, error) from error
            if not rows:
                raise FileError("empty_file", f"{called(name)} holds no cases; check that it is the right one.")
            total += rows
        return total

    def rows(self) -> Iterator[Case | BadRow]:
        """All cases, and rows that are none, in order. With several inputs a missing id is the input's name and the row's number."""
        seen: set[str] = set()
        quiet = ColumnChoice(self._choice.wanted)
        for name in self._names:
            prefix = f"{called(Path(name).name)}:" if len(self._names) > 1 else ""
            yield from read_cases(self._paths[name], quiet, seen=seen, prefix=prefix)

    def stamps(self) -> list[list[object]]:
        """Name, size and time of change of every input: a batch may go on only with the same."""
        found: list[list[object]] = []
        for name in self._names:
            path = self._paths[name]
            if name == STANDARD_INPUT:
                found.append([name, path.stat().st_size, 0])
            elif path.is_file():
                stat = path.stat()
                found.append([str(path.resolve()), stat.st_size, stat.st_mtime_ns])
            else:
                found.append([str(path.resolve()), 0, 0])
        return found

    def _as_given(self, name: str, error: FileError) -> FileError:
        return FileError(error.code, self._named(name, error.message))

    def _say(self, name: str, line: str) -> None:
        self._choice.say(self._named(name, line))

    def _named(self, name: str, line: str) -> str:
        """A line with the input called what the user calls it, not after the file that keeps what was piped."""
        return line.replace(str(self._paths[name]), called(name))
