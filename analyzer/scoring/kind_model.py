"""The classifier of the kind of message: logistic regression on a bag of words and cues."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from analyzer.scoring.bag_of_words import BagOfWords, fit_bag_of_words

_STRENGTH = 8.0
_FEWEST_TEXTS_OF_A_WORD = 2
_MOST_WORDS = 8000


@dataclass(frozen=True, slots=True)
class KindModel:
    """``classes_`` are the kinds; ``slopes`` has shape (n_words, n_kinds), ``intercepts`` (n_kinds,)."""

    classes_: tuple[str, ...]
    bag: BagOfWords
    slopes: NDArray[np.float64]
    intercepts: NDArray[np.float64]

    def predict_proba(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Probabilities 0..1, shape (n_texts, n_kinds); rows add up to 1."""
        return np.asarray(softmax(self.bag.transform(texts) @ self.slopes + self.intercepts, axis=1))

    def predict(self, texts: Sequence[str]) -> NDArray[np.str_]:
        """The likeliest kinds, shape (n_texts,)."""
        return np.asarray(np.array(self.classes_)[self.predict_proba(texts).argmax(axis=1)])


def fit_kind_model(texts: Sequence[str], kinds: Sequence[str]) -> KindModel:
    """Fit on texts made by ``parsing.kind.kind_text``, balanced over the kinds that occur."""
    from sklearn.linear_model import LogisticRegression

    bag = fit_bag_of_words(texts, min_texts=_FEWEST_TEXTS_OF_A_WORD, most_words=_MOST_WORDS)
    fitted = LogisticRegression(C=_STRENGTH, max_iter=2000, class_weight="balanced").fit(bag.transform(texts), kinds)
    slopes, intercepts = fitted.coef_.T, fitted.intercept_
    if slopes.shape[1] == 1:  # two kinds only: scikit-learn keeps one column, for the second
        slopes, intercepts = np.hstack([np.zeros_like(slopes), slopes]), np.array([0.0, intercepts[0]])
    return KindModel(tuple(str(kind) for kind in fitted.classes_), bag, np.ascontiguousarray(slopes), intercepts)
