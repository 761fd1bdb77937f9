"""Whose doing a stretch of the draft speaks of: the interview's, or the writer's own past elsewhere.

Only what is said of the reader's side can contradict the notes; "at my last desk we had 300 claims" contradicts nothing.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from analyzer.resources import load_toml

_CLAUSE_BORDER = re.compile(
    r"[,;:–—](?=\s)|\s[-–—]\s|(?<=\S)\s+(?=(?:but|so|because|although|though|whereas|where|while)\s)"
)


@lru_cache(maxsize=4)
def _pattern(section: str, key: str) -> re.Pattern[str]:
    return re.compile(load_toml("facts.toml")[section][key], re.IGNORECASE)


def clause_around(text: str, start: int, end: int, at: int, stop: int) -> tuple[int, int]:
    """The clause of the sentence ``[start, end)`` that holds ``[at, stop)``."""
    low = max((border.end() for border in _CLAUSE_BORDER.finditer(text, start, at)), default=start)
    after = _CLAUSE_BORDER.search(text, stop, end)
    return low, after.start() if after else end


def speaks_of_elsewhere(text: str, start: int, end: int, at: int, stop: int) -> bool:
    """Whether the words at ``[at, stop)`` of a sentence speak of another place or time than the interview's.

    What comes before in the sentence counts, and the clause itself.
    """
    low, high = clause_around(text, start, end, at, stop)
    pattern = _pattern("elsewhere", "pattern")
    return bool(pattern.search(text, start, stop)) or bool(pattern.search(text, low, high))


def recalls(text: str, start: int, end: int) -> bool:
    """Whether a sentence says that the reader told it ("you said", "your point")."""
    return bool(_pattern("recalled", "pattern").search(text, start, end))


# a clause shorter than this joins its neighbour
_CLAUSE_WORDS = 4


def clauses_of(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The clauses of the sentence ``[start, end)`` without blanks around; short ones join their neighbour."""
    cuts = [start, *(border.end() for border in _CLAUSE_BORDER.finditer(text, start, end)), end]
    found: list[tuple[int, int]] = []
    for low, high in pairwise(cuts):
        short = len(text[low:high].split()) < _CLAUSE_WORDS
        if found and (short or len(text[slice(*found[-1])].split()) < _CLAUSE_WORDS):
            found[-1] = (found[-1][0], high)
        elif high > low:
            found.append((low, high))
    return [trimmed_span(text, low, high) for low, high in found]


def trimmed_span(text: str, start: int, end: int) -> tuple[int, int]:
    """A stretch without the blanks and marks at its ends; never empty."""
    words = text[start:end]
    low = start + len(words) - len(words.lstrip(" \t\r\n,;:–—-"))
    high = end - (len(words) - len(words.rstrip(" \t\r\n,;:–—-")))
    return low, max(high, low + 1)
