"""From a row of named features and the words of a draft to the matrix the models see."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from analyzer.parsing.words import tokens_of
from analyzer.scoring.bag_of_words import BagOfWords, fit_bag_of_words
from analyzer.types import Draft

# standardised features are cut here: one freak value must not decide a rating
_CLIP_DEVIATIONS = 4.0
WORDS_PREFIX = "words."


def words_text(draft: Draft) -> str:
    """The words a bag of words may see: subject, body and close in small letters, names and figures veiled.

    Names of people, firms and places would teach the model who is praised, so every capitalised word inside a sentence becomes
    ``namex`` and every figure ``figurex``.
    """
    text = draft.text
    known = {
        token.stem
        for item in draft.note_items
        if item.source != "role" and item.kind != "topic"
        for token in tokens_of(item.text)
    }
    pieces = []
    for start, end in draft.spans_of("subject", "body", "close"):
        piece = text[start:end]
        at_start = True
        for token in tokens_of(piece):
            capital = (
                token.text[0].isupper()
                and not at_start
                and token.text not in ("I", "I'm", "I've", "I'd", "I'll")
                and not token.text.isupper()
            )
            if token.is_figure:
                pieces.append("figurex")
            elif capital or token.stem in known:
                pieces.append("namex")
            else:
                pieces.append(token.text.lower().replace("’", "'"))
            following = piece[token.end : token.end + 2]
            at_start = bool(re.match(r"\s*[.!?:\n]", following))
            if following[:1] in ("!", "?"):
                pieces.append("exclaimx" if following[0] == "!" else "askx")
    return " ".join(pieces)


@dataclass(frozen=True)
class Featurizer:
    """Standardises named features and appends a weighted bag of words.

    ``names`` are the features in column order; ``centre`` and ``spread`` have their shape; ``words_scale`` is what the
    bag's columns are multiplied by so that the penalty treats both alike.
    """

    names: tuple[str, ...]
    centre: NDArray[np.float64]
    spread: NDArray[np.float64]
    bag: BagOfWords
    words_scale: float

    def matrix(self, rows: Sequence[Mapping[str, float]], texts: Sequence[str]) -> Any:
        """Sparse matrix of shape (n_drafts, n_features + n_words). Raises KeyError where a row lacks a feature."""
        values = np.array([[row[name] for name in self.names] for row in rows], dtype=float)
        standard = (values.reshape(len(rows), len(self.names)) - self.centre) / self.spread
        clipped = np.clip(standard, -_CLIP_DEVIATIONS, _CLIP_DEVIATIONS)
        return sparse.hstack([sparse.csr_matrix(clipped), self.bag.transform(texts) * self.words_scale], format="csr")

    @cached_property
    def column_names(self) -> tuple[str, ...]:
        """Names of all columns of ``matrix``; words are ``words.<word>``."""
        return (*self.names, *(f"{WORDS_PREFIX}{word}" for word in self.bag.words))


def fit_featurizer(
    rows: Sequence[Mapping[str, float]],
    texts: Sequence[str],
    *,
    min_drafts: int,
    most_words: int,
    words_scale: float,
) -> Featurizer:
    """Learn centre, spread and vocabulary. Features that never vary keep a spread of 1."""
    names = tuple(rows[0])
    values = np.array([[row[name] for name in names] for row in rows], dtype=float)
    spread = values.std(axis=0)
    spread[spread == 0.0] = 1.0
    bag = fit_bag_of_words(texts, min_texts=min_drafts, most_words=most_words)
    return Featurizer(names, values.mean(axis=0), spread, bag, words_scale)
