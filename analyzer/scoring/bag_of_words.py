"""A bag of words and word pairs, weighted as scikit-learn's TfidfVectorizer does (sublinear counts, smooth idf, unit length).

Fitted by scikit-learn, kept as plain words and weights: a model file then holds no object of a foreign class, and a single draft costs a
fifth of a millisecond. A test compares the two on every kind of text.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import sparse


@dataclass(frozen=True)
class BagOfWords:
    """Words and pairs ("thank you") in column order with their inverse document frequencies, shape (n_words,).

    Texts are split at white space: whoever makes the text decides what a word is.
    """

    words: tuple[str, ...]
    idf: NDArray[np.float64]

    @cached_property
    def _columns(self) -> dict[str, int]:
        return {word: column for column, word in enumerate(self.words)}

    def transform(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Matrix of shape (n_texts, n_words); rows have unit length, or are all zero where no word is known."""
        values: list[float] = []
        columns: list[int] = []
        borders = [0]
        for text in texts:
            tokens = text.split()
            pairs = (f"{first} {second}" for first, second in pairwise(tokens))
            counts = Counter(column for token in (*tokens, *pairs) if (column := self._columns.get(token)) is not None)
            found = sorted(counts)
            weights = [(1.0 + math.log(counts[column])) * float(self.idf[column]) for column in found]
            length = math.sqrt(sum(weight * weight for weight in weights)) or 1.0
            columns.extend(found)
            values.extend(weight / length for weight in weights)
            borders.append(len(columns))
        return sparse.csr_matrix((values, columns, borders), shape=(len(texts), len(self.words)))


def fit_bag_of_words(texts: Sequence[str], *, min_texts: int, most_words: int) -> BagOfWords:
    """Learn the words that stand in at least ``min_texts`` texts, the ``most_words`` commonest of them, and their weights."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(
        ngram_range=(1, 2),
        min_df=min_texts,
        max_features=most_words,
        sublinear_tf=True,
        token_pattern=r"\S+",
        lowercase=False,
    ).fit(texts)
    return BagOfWords(tuple(str(word) for word in vectorizer.get_feature_names_out()), np.asarray(vectorizer.idf_))
