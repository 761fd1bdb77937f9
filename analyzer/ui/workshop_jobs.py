"""Workshops judged in the background: one thread takes a few drafts of each in turn, and gives way to people who wait for one report.

A job holds what it was given and what was found, in memory alone; it ends when its page has not been looked at for a while.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Literal

from analyzer.errors import AnalyzerError
from analyzer.reading import BadRow
from analyzer.types import Case, Report

STEP_DRAFTS = 4
"""Drafts judged between two looks at who else is waiting: about a third of a second."""

ABANDONED_S = 900.0
"""A page that is open asks for progress every second, or every minute where its window is hidden."""

State = Literal["waiting", "running", "done", "stopped"]
Judge = Callable[[Sequence[Case]], Sequence[Report]]


class Job:
    """One workshop: its rows, and their reports as far as they are had. Written by the worker, read by its session."""

    def __init__(self, name: str, rows: Sequence[Case | BadRow]) -> None:
        self.name = name
        self.rows = tuple(rows)
        self.state: State = "waiting"
        self.trouble = ""
        self._reports: list[Report] = []
        self._begun: float | None = None
        self._seen = time.monotonic()
        self._stop = False

    @property
    def reports(self) -> tuple[Report, ...]:
        """The reports so far, in the order of the rows."""
        return tuple(self._reports)

    @property
    def done(self) -> int:
        """How many rows are through."""
        return len(self._reports)

    @property
    def over(self) -> bool:
        """Whether nothing more will come."""
        return self.state in ("done", "stopped")

    @property
    def seconds_left(self) -> float | None:
        """At the pace so far, None before there is one."""
        if self._begun is None or not self.done:
            return None
        return (time.monotonic() - self._begun) / self.done * (len(self.rows) - self.done)

    def look(self) -> None:
        """Its page is being looked at."""
        self._seen = time.monotonic()

    def stop(self) -> None:
        """End it after the drafts under way; what is judged stays."""
        self._stop = True

    def step(self, judge: Judge) -> None:
        """Judge the next few rows."""
        if self._stop or time.monotonic() - self._seen > ABANDONED_S:
            self.state = "stopped"
            return
        self.state, self._begun = "running", self._begun or time.monotonic()
        rows = self.rows[self.done : self.done + STEP_DRAFTS]
        try:
            judged = iter(judge([row for row in rows if isinstance(row, Case)]))
        except AnalyzerError as error:
            self.state, self.trouble = "stopped", error.message
            return
        self._reports += [_bad(row) if isinstance(row, BadRow) else next(judged) for row in rows]
        if self.done == len(self.rows):
            self.state = "done"


def _bad(row: BadRow) -> Report:
    return Report(id=row.id, error=(row.code, row.message))


class Worker:
    """Judges the jobs of all sessions in one thread, each in its turn. Making one starts nothing."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._turns: deque[Job] = deque()
        self._wake = threading.Condition()
        self._thread: threading.Thread | None = None

    def submit(self, job: Job) -> None:
        """Take a job in."""
        with self._wake:
            self._turns.append(job)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="workshops", daemon=True)
                self._thread.start()
            self._wake.notify()

    def _work(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._turns)
                job = self._turns.popleft()
            try:
                job.step(self._judge)
            except Exception as trouble:  # one job that breaks must not end everybody's
                job.state, job.trouble = "stopped", f"Something went wrong here ({type(trouble).__name__}); try again."
            if not job.over:
                with self._wake:
                    self._turns.append(job)
