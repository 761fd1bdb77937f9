"""Drafts that are variations of one text: likeness by shared runs of three words, names and figures masked.

The likeness of two drafts is the share of the shorter one's runs that stand in the other too, so that a text with a paragraph
added is as like as a copy. Masking what a slot would hold (interviewer, company, role, figures) makes a filled-in template alike.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analyzer.types import Case

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_RUN = 3
_MASK = "·"
# joining words in a company's or role's name ("Head of Sales") stay in the text
_UNMASKED = frozenset({"a", "an", "and", "at", "for", "in", "of", "on", "the", "to"})

Runs = frozenset[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Alike:
    """Two drafts by their places in the sequence; ``likeness`` 0..1, ``words`` is the shorter draft's number of words."""

    first: int
    second: int
    likeness: float
    words: int


def words_of(text: str) -> list[str]:
    """The words of a text in small letters, without punctuation."""
    return [word.replace("’", "'") for word in _WORD.findall(text.lower())]


def masked_words(case: Case) -> list[str]:
    """The words of a draft, every digit made 0 and every word of the interviewer's, company's and role's name made one mask."""
    slots = {*words_of(case.interviewer), *words_of(case.company), *words_of(case.role)} - _UNMASKED
    return [_MASK if word in slots else re.sub(r"\d", "0", word) for word in words_of(case.draft)]


def near_duplicates(texts: Sequence[Sequence[str]], floor: float) -> Iterator[Alike]:
    """All pairs of texts (sequences of words) at least ``floor`` (0..1] alike. Texts without words are like nothing.

    Exact, and not quadratic: two texts that alike must share one of the shorter one's rarest runs, so only texts found under
    those in an index are compared.
    """
    runs = [_runs(words) for words in texts]
    frequency = Counter(run for text in runs for run in text)
    index: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number in sorted(range(len(runs)), key=lambda place: -len(runs[place])):
        own = runs[number]
        needed = math.ceil(floor * len(own) - 1e-9)
        rarest = sorted(own, key=lambda run: (frequency[run], run))[: len(own) - needed + 1]
        for other in {place for run in rarest for place in index[run]}:
            shared = len(own & runs[other])
            if shared >= needed:
                first, second = sorted((number, other))
                yield Alike(first, second, shared / len(own), len(texts[number]))
        for run in own:
            index[run].append(number)


def _runs(words: Sequence[str]) -> Runs:
    if not words:
        return frozenset()
    return frozenset(tuple(words[start : start + _RUN]) for start in range(max(1, len(words) - _RUN + 1)))
