"""How far a batch is: a moving line with rate and time left on a terminal, a line a minute in a log."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

_LOG_EVERY_S = 60.0
# Troubles told one by one; the rest are counted in the summary and stand in the output.
_MOST_TOLD = 20


class Progress:
    """Tells of a batch on ``stream``; ``clock`` gives seconds."""

    def __init__(self, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream or sys.stderr
        self._clock = clock
        self._done = self._already = self._total = self._told = 0
        self._began = self._logged = clock()
        self._bar: tuple[Bar, TaskID] | None = None

    def begin(self, total: int, already: int = 0) -> None:
        """``already`` rows were judged by an earlier run."""
        self._total, self._already, self._done = total, already, already
        self._began = self._logged = self._clock()
        if self._stream.isatty():
            self._bar = _bar(self._stream, total, already)
            self._bar[0].start()

    def trouble(self, line: str) -> None:
        """Tell of a row that could not be judged."""
        self._told += 1
        if self._told <= _MOST_TOLD:
            self.say(line)
        elif self._told == _MOST_TOLD + 1:
            self.say("… and more; every one stands in the output with its reason.")

    def say(self, line: str) -> None:
        """Tell something beside the moving line."""
        if self._bar:
            from rich.text import Text

            self._bar[0].console.print(Text(line))
        else:
            print(line, file=self._stream, flush=True)

    def advance(self, rows: int = 1) -> None:
        """Some rows more are done."""
        self._done += rows
        if self._bar:
            self._bar[0].update(self._bar[1], completed=self._done)
        elif (now := self._clock()) - self._logged >= _LOG_EVERY_S:
            self._logged = now
            self.say(self.line(now))

    def line(self, now: float) -> str:
        """What a log is told."""
        rate = (self._done - self._already) / max(now - self._began, 1e-9)
        left = f", {_duration((self._total - self._done) / rate)} left" if rate > 0 else ""
        return f"{self._done:,} of {self._total:,} drafts, {rate:.1f} a second{left}"

    def end(self) -> None:
        """Leave the terminal as it was."""
        if self._bar:
            self._bar[0].stop()
            self._bar = None


def _bar(stream: TextIO, total: int, already: int) -> tuple[Bar, TaskID]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, ProgressColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar
    from rich.text import Text

    class Rate(ProgressColumn):
        """Drafts a second."""

        def render(self, task: object) -> Text:
            speed = getattr(task, "speed", None)
            return Text(f"{speed:.1f} a second" if speed else "starting")

    bar = Bar(
        TextColumn("Judging drafts"),
        BarColumn(),
        MofNCompleteColumn(),
        Rate(),
        TimeRemainingColumn(),
        TextColumn("left"),
        console=Console(file=stream),
    )
    return bar, bar.add_task("", total=total, completed=already)


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"
