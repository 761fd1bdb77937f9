"""What all sessions share: one analyzer with its models and engines, and the sample. Never anybody's text."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from analyzer.errors import AnalyzerError, InputError
from analyzer.resources import resource_path
from analyzer.types import Case, Report
from analyzer.ui.serve import PAGES_VARIABLE
from analyzer.ui.workshop_jobs import Worker

if TYPE_CHECKING:
    from analyzer.database import Coaching
    from analyzer.pipeline import Analyzer
    from analyzer.ui.teaching import Teacher

ENGINES_VARIABLE = "ANALYZER_ENGINES"
"""Names of the proofreaders to use, separated by commas; all that are available where it is not set."""

PAGES: tuple[str, ...] = ("draft", "workshop", "teach", "method")

# Drafts judged at the same time. The rest waits its turn, so that ten people at once do not slow each other to a crawl.
_WORKERS = 4
# Better words take longer than figures: fewer threads seek them, so that nobody waits for a figure because of them.
_WORD_SEEKERS = 2
# Work in the background gives way to people who wait for a report, but never for longer than this between two of its steps.
_LONGEST_WAIT_S = 2.0


class Judge:
    """Judges the drafts of all sessions in a few threads of its own. Making one loads nothing.

    Streamlit runs every click in a new thread, and a Harper linter belongs to the thread that made it: threads that stay keep theirs.
    """

    def __init__(self, engines: Sequence[str] | None = None) -> None:
        self._engines = engines
        self._analyzer: Analyzer | None = None
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(_WORKERS, thread_name_prefix="judge")
        self._words = ThreadPoolExecutor(_WORD_SEEKERS, thread_name_prefix="word-seeker")
        self._background = ThreadPoolExecutor(1, thread_name_prefix="background-judge")
        self._warm = threading.Event()
        self._waiting = 0
        self._idle = threading.Condition()

    @property
    def warm(self) -> bool:
        """Whether everything is loaded."""
        return self._warm.is_set()

    def warm_up(self) -> None:
        """Load models and start engines in the background; drafts that come meanwhile wait for it."""
        together = threading.Barrier(_WORKERS)
        for index in range(_WORKERS):
            self._pool.submit(self._warm_up_worker, together, index == 0)
        for _ in range(_WORD_SEEKERS):
            self._words.submit(self._warm_up_seeker)

    def judge(self, case: Case) -> Report:
        """The report on one case, without better words. Raises AnalyzerError where it cannot be judged."""
        return self._wait_for(self._pool, case, rewrites=False)

    def improve(self, case: Case) -> Report:
        """The report on one case with better words, which takes several times as long. Raises AnalyzerError."""
        return self._wait_for(self._words, case, rewrites=True)

    def judge_in_background(self, cases: Sequence[Case], rewrites: bool) -> tuple[Report, ...]:
        """The reports on some cases, once nobody waits for one of their own; give few at a time. Raises AnalyzerError."""
        with self._idle:
            self._idle.wait_for(lambda: self._waiting == 0, _LONGEST_WAIT_S)
        return self._background.submit(lambda: tuple(self._opened().analyze_cases(cases, rewrites=rewrites))).result()

    def close(self) -> None:
        """Finish what is under way and end every engine."""
        self._pool.shutdown(cancel_futures=True)
        self._words.shutdown(cancel_futures=True)
        self._background.shutdown(cancel_futures=True)
        if self._analyzer is not None:
            self._analyzer.close()

    def _wait_for(self, pool: ThreadPoolExecutor, case: Case, *, rewrites: bool) -> Report:
        with self._idle:
            self._waiting += 1
        try:
            return pool.submit(self._judge, case, rewrites).result()
        finally:
            with self._idle:
                self._waiting -= 1
                self._idle.notify_all()

    def _judge(self, case: Case, rewrites: bool) -> Report:
        report = next(self._opened().analyze_cases([case], rewrites=rewrites))
        if report.error:
            raise InputError(*report.error)
        return report

    def _warm_up_worker(self, together: threading.Barrier, first: bool) -> None:
        """One thread loads what is shared, the others then only what is their own. Troubles are told to who asks for a report."""
        if first:
            try:
                self._judge_sample()
            finally:
                together.wait()
            self._warm.set()
        else:
            together.wait()
            self._judge_sample()

    def _warm_up_seeker(self) -> None:
        self._warm.wait()
        with suppress(AnalyzerError):
            self._judge(sample(), True)

    def _judge_sample(self) -> None:
        with suppress(AnalyzerError):
            self._judge(sample(), False)

    def _opened(self) -> Analyzer:
        with self._lock:
            if self._analyzer is None:
                # spaCy and scikit-learn: two seconds the first page need not wait
                from analyzer.pipeline import Analyzer

                self._analyzer = Analyzer(engines=self._engines, rewrites=True)
            return self._analyzer


@st.cache_resource(show_spinner=False)
def shared_judge() -> Judge:
    """The one judge of this server, warming up from the moment it is first asked for."""
    judge = Judge(wanted_engines())
    judge.warm_up()
    return judge


@st.cache_resource(show_spinner=False)
def shared_worker() -> Worker:
    """The one worker that judges everybody's workshops in the background."""
    return Worker(lambda cases, rewrites: shared_judge().judge_in_background(cases, rewrites))


@st.cache_resource(show_spinner=False)
def shared_coaching() -> Coaching:
    """The database of what coaches keep, opened when it is first asked for. Raises AnalyzerError where it cannot be."""
    from analyzer.database import Coaching, open_database

    return Coaching(open_database())


@st.cache_resource(show_spinner=False)
def shared_teacher() -> Teacher:
    """The one teacher of this server."""
    from analyzer.ui.teaching import Teacher

    return Teacher()


def wanted_engines() -> tuple[str, ...] | None:
    """The engines named in the environment, None for all that are available."""
    names = tuple(name.strip() for name in os.environ.get(ENGINES_VARIABLE, "").split(",") if name.strip())
    return names or None


def wanted_pages() -> tuple[str, ...]:
    """The pages named in the environment, all where none is; the first page is always there."""
    names = {name.strip() for name in os.environ.get(PAGES_VARIABLE, "").split(",") if name.strip()}
    return tuple(page for page in PAGES if not names or page in names or page == PAGES[0])


def sample() -> Case:
    """The example: a checkout's own, else the copy in the package."""
    checkout = Path(__file__).resolve().parents[2] / "data" / "samples"
    folder = checkout if (checkout / "draft.txt").is_file() else resource_path("samples")
    return Case(
        draft=(folder / "draft.txt").read_text(encoding="utf-8"),
        notes=(folder / "notes.txt").read_text(encoding="utf-8"),
        interviewer="Priya Nair",
        company="Harbourline",
        role="Returns Coordinator",
    )
