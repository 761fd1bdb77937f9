"""What every proofreading engine can do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from analyzer.types import Issue


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """What ``probe`` found out, without starting or downloading anything.

    ``cure`` says in one sentence how to get what is missing; empty where nothing is.
    """

    name: str
    available: bool
    version: str
    detail: str
    cure: str = ""


class Engine(Protocol):
    """A proofreader. Constructing one does nothing; ``open`` loads or starts it, ``close`` ends it for certain.

    ``check`` may be called from several threads at once after ``open``; it opens the engine itself where that was not done.
    """

    name: str

    def probe(self) -> EngineStatus:
        """Say what is there. Starts, loads and downloads nothing."""
        ...

    def open(self) -> None:
        """Load or start the engine. Doing it twice is harmless. Raises EngineError with a plain reason."""
        ...

    def close(self) -> None:
        """End it and free what it holds. Doing it twice is harmless."""
        ...

    def setup(self, progress: Callable[[str], None]) -> None:
        """Provision what the engine needs. The only method that may download. Raises EngineError with a plain reason."""
        ...

    def check(self, text: str, names: frozenset[str]) -> tuple[Issue, ...]:
        """Issues in ``text`` in text order, spans in code points. ``names`` are words that are right as they stand.

        Raises EngineError where the engine cannot answer.
        """
        ...
