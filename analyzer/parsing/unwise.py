"""How likely a jotting is better left out of a letter, learnt from jottings read and labelled by hand, beside the word patterns.

A logistic regression over what can be read off the jotting and its neighbours: words and pairs of words, pieces of words, what the patterns
say of it and of the jottings around it, where in the notes it stands. Features are hashed into a fixed number of weights, so that the shipped
file is a row of numbers and holds nobody's words. ``python -m analyzer.training.jottings`` makes the file and prints how it holds on writers
left out. Nothing is loaded before the first jotting is asked about.
"""

from __future__ import annotations

import math
import re
import zlib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np

from analyzer.parsing.words import fold
from analyzer.resources import resource_path

WEIGHTS_FILE = "jottings.npz"
BUCKETS = 1 << 15
# what a feature of each sort counts beside a word of the jotting itself
_PIECE, _NEIGHBOUR = 0.4, 0.4
_SHORTEST_PIECE, _LONGEST_PIECE = 3, 5
_MOST_WORDS = 8

_WORD = re.compile(r"[^\W\d_]+|\d+|[?!£$€₹¥%]+", re.UNICODE)


@lru_cache(maxsize=1 << 16)
def _bucket(name: str) -> int:
    return zlib.crc32(name.encode()) % BUCKETS


def _words(text: str) -> list[str]:
    """Lower-cased words, runs of figures and telling signs; every digit reads as 0, so that sums of one shape are one word."""
    return [re.sub(r"\d", "0", word) for word in _WORD.findall(fold(text))]


@lru_cache(maxsize=1 << 14)
def _pieces(word: str) -> tuple[str, ...]:
    padded = f" {word} "
    return tuple(
        f"piece {padded[at : at + size]}"
        for size in range(_SHORTEST_PIECE, _LONGEST_PIECE + 1)
        for at in range(len(padded) - size + 1)
    )


def _own(text: str, words: Sequence[str]) -> Iterator[tuple[str, float]]:
    yield from ((f"word {word}", 1.0) for word in words)
    yield from ((f"pair {one} {other}", 1.0) for one, other in pairwise(words))
    yield from ((piece, _PIECE) for word in words for piece in _pieces(word))
    if words:
        yield f"first {words[0]}", 1.0
        yield f"last {words[-1]}", 1.0
    yield "length", min(len(words), _MOST_WORDS) / _MOST_WORDS
    yield f"short {len(words)}" if len(words) < _MOST_WORDS else "long", 1.0
    if text[:1].isupper():
        yield "capital", 1.0


def features(texts: Sequence[str], whys: Sequence[str]) -> list[dict[int, float]]:
    """For each jotting of one person's notes its features as bucket and value. ``whys`` is what the patterns say of each, '' for nothing."""
    words = [_words(text) for text in texts]
    made = []
    for at, text in enumerate(texts):
        found = dict(_own(text, words[at]))
        found["always"] = 1.0
        found["place"] = at / len(texts)
        if whys[at]:
            found["pattern"] = 1.0
            found[f"pattern {whys[at]}"] = 1.0
        for name, other in (("before", at - 1), ("after", at + 1)):
            if not 0 <= other < len(texts):
                found[f"{name} nothing"] = 1.0
                continue
            if whys[other]:
                found[f"{name} pattern"] = 1.0
                found[f"{name} pattern {whys[other]}"] = 1.0
            found.update((f"{name} {word}", _NEIGHBOUR) for word in words[other])
        hashed: dict[int, float] = {}
        for name, value in found.items():
            bucket = _bucket(name)
            hashed[bucket] = hashed.get(bucket, 0.0) + value
        made.append(hashed)
    return made


@lru_cache(maxsize=1)
def _learnt() -> tuple[list[float], float]:
    """The weights as plain numbers (single look-ups are faster than in an array) and the likelihood withheld."""
    with np.load(resource_path(WEIGHTS_FILE), allow_pickle=False) as file:
        return file["weights"].astype(float).tolist(), float(file["threshold"])


def likelihood_withheld() -> float:
    """The likelihood from which a jotting is withheld."""
    return _learnt()[1]


def likelihoods(texts: Sequence[str], whys: Sequence[str]) -> tuple[float, ...]:
    """How likely each jotting of one person's notes is private or unwise to repeat, 0 to 1."""
    weights = _learnt()[0]
    return tuple(
        1.0 / (1.0 + math.exp(-sum(weights[bucket] * value for bucket, value in found.items())))
        for found in features(texts, whys)
    )
