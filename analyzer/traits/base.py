"""What a trait is, and small helpers to count evidence."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from analyzer.parsing.words import Token, tokens_of
from analyzer.rules import load_rules
from analyzer.types import Evidence


@dataclass(frozen=True)
class Measured:
    """Evidence with what several traits count in it, computed once.

    All figures are of the body (greeting, signature and quoted text left out) unless said otherwise.
    """

    evidence: Evidence

    @cached_property
    def body(self) -> str:
        """The body paragraphs, joined by line breaks."""
        draft = self.evidence.draft
        return "\n".join(draft.text[start:end] for start, end in draft.spans_of("body"))

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """Words and figures of the body, offsets into the draft."""
        draft = self.evidence.draft
        return tuple(token for start, end in draft.spans_of("body") for token in tokens_of(draft.text, start, end))

    @cached_property
    def words(self) -> int:
        """Words in the body, at least 1 so that it can be divided by."""
        return max(1, len(self.tokens))

    @cached_property
    def sentence_words(self) -> tuple[int, ...]:
        """Words in each sentence of the body."""
        text = self.evidence.draft.text
        return tuple(len(tokens_of(text, start, end)) for start, end in self.evidence.sentences) or (0,)

    @cached_property
    def _group_counts(self) -> Mapping[str, int]:
        counts: dict[str, int] = {}
        rules = load_rules()
        for signal in self.evidence.signals:
            hint = signal.rule.endswith("?")
            rule = rules[signal.rule.removesuffix("?")]
            key = f"{rule.trait}.{rule.group}{'_hint' if hint else ''}"
            counts[key] = counts.get(key, 0) + 1
        return counts

    def count(self, trait: str, group: str) -> int:
        """How often rules of a group fired."""
        return self._group_counts.get(f"{trait}.{group}", 0)

    def per_100_words(self, count: float) -> float:
        """A count per 100 words of the body; short bodies count as 40 words so that one slip does not explode."""
        return 100.0 * count / max(self.words, 40)


@dataclass(frozen=True, slots=True)
class Trait:
    """One of the rubric's traits: its name and how it is measured.

    ``measure`` gives finite floats by feature name, always the same names; names start with ``<trait>.`` and end with their unit.
    """

    name: str
    measure: Callable[[Measured], Mapping[str, float]]


def log_count(count: float) -> float:
    """log(1 + count): the first of a kind says more than the tenth."""
    return math.log1p(count)


def hinge(value: float, knee: float, scale: float) -> float:
    """How far ``value`` lies above ``knee``, in units of ``scale``, at most 3; 0 below."""
    return min(3.0, max(0.0, (value - knee) / scale))
