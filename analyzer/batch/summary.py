"""How a batch went, counted and said in two sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Summary:
    """``errors`` counts the error codes, most frequent first; ``written`` names what was written beside the output."""

    scored: int
    errors: tuple[tuple[str, int], ...]
    output: str
    written: tuple[str, ...] = ()

    @property
    def failed(self) -> int:
        """How many drafts could not be scored."""
        return sum(count for _, count in self.errors)

    def text(self) -> str:
        """Two sentences, and one more where pages were written."""
        drafts = "1 draft" if self.scored == 1 else f"{self.scored:,} drafts"
        pages = f" Also written: {', '.join(self.written)}." if self.written else ""
        if not self.failed:
            return f"{drafts} scored, written to {self.output}.{pages}"
        reasons = ", ".join(f"{count:,} {code.replace('_', ' ')}" for code, count in self.errors)
        return (
            f"{drafts} scored, {self.failed:,} could not be ({reasons}); all are in {self.output}, each failure with its reason."
            f"{pages}"
        )


class Tally:
    """Counts reports as they go by."""

    def __init__(self) -> None:
        self.scored = 0
        self._errors: Counter[str] = Counter()

    def add(self, report: Mapping[str, Any]) -> None:
        """Count one report."""
        if report["error"]:
            self._errors[report["error"]["code"]] += 1
        else:
            self.scored += 1

    @property
    def failed(self) -> int:
        """How many could not be scored so far."""
        return self._errors.total()

    def summary(self, output: str, written: tuple[str, ...] = ()) -> Summary:
        """The counts as they stand."""
        return Summary(self.scored, tuple(self._errors.most_common()), output, written)
