"""Workshops judged in the background: one thread takes a few drafts of each in turn, and gives way to people who wait for one report.

First all drafts of a job are judged, which is what its page waits for; then better words are sought for each, which takes several times
as long. A job holds what it was given and what was found, in memory alone; it ends when its page has not been looked at for a while.
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
"""Drafts judged between two looks at who else is waiting: about a third of a second; with better words, one takes as long."""

ABANDONED_S = 900.0
"""A page that is open asks for progress every second, or every minute where its window is hidden."""

State = Literal["waiting", "running", "done", "stopped"]
Judge = Callable[[Sequence[Case], bool], Sequence[Report]]
"""Reports on some cases, with better words or without."""


class Job:
    """One workshop: its rows, and their reports as far as they are had. Written by the worker, read by its session."""

    def __init__(self, name: str, rows: Sequence[Case | BadRow]) -> None:
        self.name = name
        self.rows = tuple(rows)
        self.state: State = "waiting"
        self.trouble = ""
        self._reports: list[Report] = []
        self._improved: set[int] = set()
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
        """Whether every draft is judged that will be."""
        return self.state in ("done", "stopped")

    @property
    def improved(self) -> int:
        """For how many rows better words were sought."""
        return len(self._improved)

    @property
    def complete(self) -> bool:
        """Whether nothing more will come."""
        return self.state == "stopped" or self._stop or self.improved == len(self.rows)

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
        """Judge the next few rows, or seek better words for the next one."""
        if self._stop or time.monotonic() - self._seen > ABANDONED_S:
            self._stop = True
            self.state = "done" if self.state == "done" else "stopped"
            return
        try:
            if self.state == "done":
                self._improve(judge)
            else:
                self._judge(judge)
        except AnalyzerError as error:
            self._stop = True
            if self.state != "done":
                self.state, self.trouble = "stopped", error.message

    def improve(self, place: int, judge: Judge) -> Report:
        """The report of a row with better words, sought now where that was not done yet."""
        row = self.rows[place]
        if place not in self._improved and isinstance(row, Case):
            if not self._reports[place].error:
                self._reports[place] = judge([row], True)[0]
            self._improved.add(place)
        return self._reports[place]

    def _judge(self, judge: Judge) -> None:
        self.state, self._begun = "running", self._begun or time.monotonic()
        rows = self.rows[self.done : self.done + STEP_DRAFTS]
        judged = iter(judge([row for row in rows if isinstance(row, Case)], False))
        for place, row in enumerate(rows, start=self.done):
            if isinstance(row, BadRow):
                self._improved.add(place)
            self._reports.append(_bad(row) if isinstance(row, BadRow) else next(judged))
        if self.done == len(self.rows):
            self.state = "done"

    def _improve(self, judge: Judge) -> None:
        left = next((place for place in range(len(self.rows)) if place not in self._improved), None)
        if left is not None:
            self.improve(left, judge)


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
                # who waits for figures goes before who has them
                job = next((one for one in self._turns if not one.over), self._turns[0])
                self._turns.remove(job)
            try:
                job.step(self._judge)
            except Exception as trouble:  # one job that breaks must not end everybody's
                job.stop()
                if not job.over:
                    job.state = "stopped"
                    job.trouble = f"Something went wrong here ({type(trouble).__name__}); try again."
            if not job.complete:
                with self._wake:
                    self._turns.append(job)
