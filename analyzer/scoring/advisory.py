"""Is a draft unlike everything the model learnt from? Then its rating is shown with a wide interval and the reason.

Thresholds lie outside what any of the 700 training drafts shows (quantiles by writer-blind count, November 2026); e-rater attaches such
advisories too (ets.org, Criterion).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from analyzer.parsing.english import english_share
from analyzer.parsing.words import fold, tokens_of
from analyzer.resources import load_toml
from analyzer.types import HIGHEST_RATING, LOWEST_RATING, Draft, Rating

# training drafts: shortest body 8 words, longest 490
_FEWEST_WORDS, _MOST_WORDS = 8, 600
# share of common words: training drafts have .45 and more, all but one in a thousand
_LEAST_COMMON_SHARE = 0.40
# verbs by word: training drafts have .08 and more, all but five in a thousand
_LEAST_VERB_SHARE = 0.05
# share of runs of four words that stand in the notes too: training drafts reach .19
_MOST_PASTED_SHARE = 0.30
# share of runs of four words that occur before: training drafts reach .04
_MOST_REPEATED_SHARE = 0.15
_RUN_WORDS = 4
_LETTER_WORDS = 25
_READER = frozenset({"you", "your", "yours", "you're", "you've", "u", "ur"})
# an interval of a draft unlike the training drafts is this many times as wide
WIDER = 2.0


def advisories(draft: Draft) -> tuple[str, ...]:
    """Codes of what makes a draft unlike the training drafts; empty for nearly every real message."""
    words = [fold(token.text) for token in tokens_of(draft.text)]
    found = []
    if len(words) < _FEWEST_WORDS:
        return ("too_little",)
    if len(words) > _MOST_WORDS:
        found.append("too_much")
    verbs = sum(token.pos_ in ("VERB", "AUX") for token in draft.doc)
    if english_share(draft.text) < _LEAST_COMMON_SHARE or verbs / len(words) < _LEAST_VERB_SHARE:
        found.append("key_words")
    elif len(words) > _LETTER_WORDS and not draft.has("greeting") and not _READER.intersection(words):
        found.append("no_letter")
    runs, noted = _runs(words), _noted(draft.case.notes)
    if runs and sum(run in noted for run in runs) / len(runs) > _MOST_PASTED_SHARE:
        found.append("pasted_notes")
    if runs and 1.0 - len(set(runs)) / len(runs) > _MOST_REPEATED_SHARE:
        found.append("repeats")
    return tuple(found)


def _runs(words: Sequence[str]) -> list[tuple[str, ...]]:
    return [tuple(words[at : at + _RUN_WORDS]) for at in range(len(words) - _RUN_WORDS + 1)]


def _noted(notes: str) -> frozenset[tuple[str, ...]]:
    return frozenset(_runs([fold(word) for word in re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", notes)]))


def message_of(code: str) -> str:
    """The sentence for a code."""
    return str(load_toml("messages.toml")["advisories"][code])


def widened(rating: Rating) -> Rating:
    """The same rating with an interval ``WIDER`` times as wide, inside 1..5, and at least a whole rating to each side."""
    below = max(1.0, WIDER * (rating.value - rating.low))
    above = max(1.0, WIDER * (rating.high - rating.value))
    return Rating(rating.value, max(LOWEST_RATING, rating.value - below), min(HIGHEST_RATING, rating.value + above))
