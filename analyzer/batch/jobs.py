"""Who judges the chunks: this process, several, or a cluster. Whoever it is, reports come out in input order and are the same.

Identical drafts cost once: a row that repeats a case waits for the other's report, or takes it from the last thousand.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import OrderedDict, deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import replace
from hashlib import blake2b
from multiprocessing import get_context, parent_process
from typing import Protocol

from analyzer.batch.options import Recipe
from analyzer.batch.work import close_analyzer, error_text, judge
from analyzer.pipeline import CHUNK_CASES
from analyzer.reading import BadRow
from analyzer.types import Case

# Chunks under way for each worker: one it works on, one that waits, so that it never does.
_CHUNKS_A_WORKER = 2
# Reports remembered for drafts that come again, about 6 KB each.
_MOST_REMEMBERED = 1000
# A chunk that was under way this often when a worker was lost is judged draft by draft, to find the one that kills.
_MOST_LOSSES = 2
_DRAFTS_WORTH_A_WORKER = 100
_WORKER_BYTES = 900_000_000


class Ticket(Protocol):
    """A chunk under way."""

    def result(self) -> Sequence[str]:
        """Its reports in order, waited for."""
        ...


class Judges(Protocol):
    """Takes chunks; ``width`` are worked on at the same time."""

    width: int

    def submit(self, cases: tuple[Case, ...]) -> Ticket:
        """Have a chunk judged."""
        ...

    def close(self) -> None:
        """End everything that was started."""
        ...


def workers_for(drafts: int) -> int:
    """How many processes are worth starting: not more than cores, memory or the number of drafts give work to."""
    import psutil

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    fitting = psutil.virtual_memory().available // _WORKER_BYTES
    return max(1, min(cores, int(fitting), drafts // _DRAFTS_WORTH_A_WORKER))


# ---- this process


class _Done:
    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts

    def result(self) -> Sequence[str]:
        return self._texts


class Here:
    """Judges at once, in this process."""

    width = 1

    def __init__(self, recipe: Recipe) -> None:
        self._recipe = recipe

    def submit(self, cases: tuple[Case, ...]) -> Ticket:
        """Judge now."""
        return _Done(judge(self._recipe, cases))

    def close(self) -> None:
        """End the engines."""
        close_analyzer()


# ---- several processes


class Processes:
    """A pool of processes with an analyzer each. One that is lost is replaced, and what it had in hand is judged again."""

    def __init__(self, recipe: Recipe, workers: int) -> None:
        self.recipe = recipe
        self.width = workers * _CHUNKS_A_WORKER
        self._workers = workers
        self.losses = 0
        self._pool = self._new_pool()

    def submit(self, cases: tuple[Case, ...]) -> Ticket:
        """Hand a chunk to the next free worker."""
        return _Chunk(self, cases)

    def send(self, cases: tuple[Case, ...]) -> tuple[int, Future[list[str]]]:
        """The chunk's future, and the generation of the pool that has it."""
        for _ in range(_MOST_LOSSES):
            try:
                return self.losses, self._pool.submit(judge, self.recipe, cases)
            except BrokenProcessPool:
                self.replace_pool(self.losses)
        return self.losses, self._pool.submit(judge, self.recipe, cases)

    def replace_pool(self, generation: int) -> None:
        """Start a new pool, unless that has been done since."""
        if generation == self.losses:
            self._end_pool()
            self.losses += 1
            self._pool = self._new_pool()

    def close(self) -> None:
        """End the processes at once; what they have in hand is lost."""
        self._end_pool()

    def _new_pool(self) -> ProcessPoolExecutor:
        # a fork would copy the threads' locks of libraries that have been started here
        return ProcessPoolExecutor(self._workers, mp_context=get_context("spawn"), initializer=_begin_worker)

    def _end_pool(self) -> None:
        processes = list((self._pool._processes or {}).values())
        self._pool.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            with suppress(Exception):
                process.terminate()
        for process in processes:
            with suppress(Exception):
                process.join(timeout=10)


class _Chunk:
    """A chunk in the pool; survives the loss of workers."""

    def __init__(self, pool: Processes, cases: tuple[Case, ...]) -> None:
        self._pool, self._cases = pool, cases
        self._generation, self._future = pool.send(cases)

    def result(self) -> Sequence[str]:
        for _ in range(_MOST_LOSSES):
            try:
                return self._future.result()
            except BrokenProcessPool:
                self._pool.replace_pool(self._generation)
                self._generation, self._future = self._pool.send(self._cases)
        try:
            return self._future.result()
        except BrokenProcessPool:
            self._pool.replace_pool(self._generation)
        return [self._alone(case) for case in self._cases]

    def _alone(self, case: Case) -> str:
        generation, future = self._pool.send((case,))
        try:
            return future.result()[0]
        except BrokenProcessPool:
            self._pool.replace_pool(generation)
            return error_text(
                "worker_lost", "The process that judged this draft was ended each time; judge it alone to see why."
            )


def _begin_worker() -> None:
    """Leave Ctrl-C to the parent, and end with it: a parent that is killed cannot say so."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _end_worker)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_worker(_signal: int, _frame: object) -> None:
    # nothing is closed in order: the signal may come while this very thread holds the lock that closing waits for, as in warming up;
    # a server this process started is ended by its watchdog, as after any other sudden end
    os._exit(0)


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


# ---- in order


class _Answer:
    """The report of one case, which several rows may wait for."""

    __slots__ = ("text", "ticket")

    def __init__(self) -> None:
        self.text = ""
        self.ticket: _Sent | None = None


class _Sent:
    """A chunk that was handed out, with those who wait for it."""

    def __init__(self, ticket: Ticket, answers: Sequence[_Answer]) -> None:
        self._ticket, self._answers = ticket, answers

    def take(self) -> None:
        """Wait for the reports and give each to its answer."""
        for answer, text in zip(self._answers, self._ticket.result(), strict=True):
            answer.text, answer.ticket = text, None


class Line:
    """Rows on their way through the judges: in at one end, out at the other in the same order, never many at a time."""

    def __init__(self, judges: Judges, chunk_cases: int = CHUNK_CASES) -> None:
        self._judges, self._chunk_cases = judges, chunk_cases
        self._known: OrderedDict[bytes, _Answer] = OrderedDict()
        self._waiting: deque[tuple[Case | BadRow, _Answer]] = deque()
        self._chunk: dict[bytes, tuple[Case, _Answer]] = {}
        self._sent: deque[_Sent] = deque()

    def judged(self, rows: Iterable[Case | BadRow]) -> Iterator[tuple[Case | BadRow, str]]:
        """Each row with its report as JSON without the id."""
        most = self._chunk_cases * (self._judges.width + 1)
        for row in rows:
            self._waiting.append((row, self._answer_for(row)))
            if len(self._chunk) >= self._chunk_cases:
                self._send()
            if len(self._sent) > self._judges.width:
                self._sent.popleft().take()
            if len(self._waiting) >= most:
                self._settle(self._waiting[0][1])
            yield from self._ready()
        self._send()
        while self._waiting:
            self._settle(self._waiting[0][1])
            yield from self._ready()

    def _answer_for(self, row: Case | BadRow) -> _Answer:
        if isinstance(row, BadRow):
            answer = _Answer()
            answer.text = error_text(row.code, row.message)
            return answer
        key = key_of(row)
        known = self._known.get(key)
        if known is not None:
            self._known.move_to_end(key)
            return known
        answer = _Answer()
        self._known[key] = answer
        self._chunk[key] = (row, answer)
        if len(self._known) > _MOST_REMEMBERED:
            self._known.popitem(last=False)
        return answer

    def _send(self) -> None:
        if self._chunk:
            cases, answers = zip(*self._chunk.values(), strict=True)
            self._chunk = {}
            sent = _Sent(self._judges.submit(cases), answers)
            for answer in answers:
                answer.ticket = sent
            self._sent.append(sent)

    def _settle(self, answer: _Answer) -> None:
        """Have this answer, whatever must be sent or waited for."""
        if not answer.text and answer.ticket is None:
            self._send()
        while not answer.text:
            self._sent.popleft().take()

    def _ready(self) -> Iterator[tuple[Case | BadRow, str]]:
        while self._waiting and self._waiting[0][1].text:
            row, answer = self._waiting.popleft()
            yield row, answer.text


def key_of(case: Case) -> bytes:
    """A digest of everything a report depends on: the id and whose draft it is change nothing."""
    return blake2b(
        repr(replace(case, id="", participant="")).encode("utf-8", "backslashreplace"), digest_size=16
    ).digest()
