"""Cut padding and throat-clearing: the same in fewer words, and sentences that say nothing at all."""

from __future__ import annotations

import re
from functools import cache

from analyzer.rewrites.base import Context, Proposal, Sentence, capital, why_of, words_of
from analyzer.rewrites.removing import removal


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(entry["pattern"], re.IGNORECASE), entry["after"]) for entry in words_of("padding"))


@cache
def _empty() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in words_of("empty")["patterns"])


def propose(context: Context) -> tuple[Proposal, ...]:
    """Shorter words for padded phrases; empty sentences out."""
    found: list[Proposal] = []
    for sentence in context.sentences:
        if is_empty(sentence) and len(context.sentences) > 1:
            found.append(removal(context, sentence, "concision", why_of("padding"), "padding"))
        else:
            found.extend(_shorter(sentence))
    return tuple(found)


def is_empty(sentence: Sentence) -> bool:
    """Whether a sentence is a mere courtesy formula."""
    return any(pattern.search(sentence.text) for pattern in _empty())


def _shorter(sentence: Sentence) -> list[Proposal]:
    found: list[Proposal] = []
    text = sentence.text
    taken: list[tuple[int, int]] = []
    for pattern, after in _patterns():
        for hit in pattern.finditer(text):
            start, end = hit.span()
            if any(start < high and low < end for low, high in taken):
                continue
            put, end = _fitted(text, start, end, after)
            taken.append((start, end))
            found.append(
                Proposal(
                    sentence.start + start,
                    sentence.start + end,
                    put,
                    "concision",
                    why_of("padding"),
                    "padding",
                    small=True,
                    keeps_meaning=True,
                )
            )
    return found


def _fitted(text: str, start: int, end: int, after: str) -> tuple[str, int]:
    """What to put, with the capital of what it replaces; where nothing is put at the start, the next letter becomes a capital."""
    big = text[start].isupper() and (start == 0 or text[start] != "I")
    if start == 0 or big:
        if after:
            return capital(after), end
        return text[end].upper(), end + 1
    return after, end
