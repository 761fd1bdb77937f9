"""What a draft shares word for word with notes sent to the other members of the panel: each should get its own.

Stretches of at least ``_FEWEST_WORDS`` words in a row that stand in another draft too, names masked so that "Dear Ana" and "Dear Ben" do not
hide a copy. What everybody writes (thanks, sign-off) is too short to count. Runs of words as in winnowing (Schleimer et al. 2003), exact here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from analyzer.parsing.words import fold, tokens_of

_FEWEST_WORDS = 6


def shared_stretches(text: str, spans: Iterable[tuple[int, int]], others: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """Places of the text, inside the spans, that other texts have word for word, in text order and without overlap."""
    runs = {run for other in others for run in _runs([fold(token.text) for token in tokens_of(other)])}
    found: list[tuple[int, int]] = []
    for start, end in spans:
        tokens = tokens_of(text, start, end)
        words = [fold(token.text) for token in tokens]
        for at, run in enumerate(_runs(words)):
            if run in runs:
                low, high = tokens[at].start, tokens[at + _FEWEST_WORDS - 1].end
                if found and found[-1][0] >= start and low <= found[-1][1]:
                    found[-1] = (found[-1][0], high)
                else:
                    found.append((low, high))
    return tuple(found)


def _runs(words: Sequence[str]) -> list[tuple[str, ...]]:
    return [tuple(words[at : at + _FEWEST_WORDS]) for at in range(len(words) - _FEWEST_WORDS + 1)]
