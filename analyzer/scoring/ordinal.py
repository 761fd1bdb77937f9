"""Ordinal logistic regression (proportional odds) on top of scikit-learn.

The cumulative model P(y > k) = sigmoid(w·x + b_k) with shared slopes w is fitted as one logistic regression over the data repeated
for each threshold (McCullagh 1980; the expansion is Cardoso & da Costa 2007, "Learning to classify ordinal data"). A mean of several
raters enters as a fraction of the weight, so no label is rounded. Linear, so every feature's contribution is exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import expit

from analyzer.types import HIGHEST_RATING, LOWEST_RATING

Matrix = Any  # a dense array or a scipy sparse matrix of shape (n_drafts, n_features)
_LEVELS = int(HIGHEST_RATING - LOWEST_RATING)
# thresholds are penalised like slopes; stretching their column makes the penalty on them negligible
_THRESHOLD_SCALE = 5.0


@dataclass(frozen=True, slots=True)
class OrdinalModel:
    """Slopes (n_features,) and the four rising intercepts b_1 ≥ … ≥ b_4, in logits."""

    slopes: NDArray[np.float64]
    intercepts: NDArray[np.float64]

    def expected(self, matrix: Matrix) -> NDArray[np.float64]:
        """Expected rating 1..5 of each row."""
        margin = np.asarray(matrix @ self.slopes).reshape(-1, 1)
        return np.asarray(LOWEST_RATING + expit(margin + self.intercepts).sum(axis=1))

    def slope_in_rating_units(self, matrix: Matrix) -> NDArray[np.float64]:
        """d(expected rating)/d(margin) of each row: turns a contribution in logits into rating units."""
        margin = np.asarray(matrix @ self.slopes).reshape(-1, 1)
        share = expit(margin + self.intercepts)
        return np.asarray((share * (1.0 - share)).sum(axis=1))


def fit_ordinal(matrix: Matrix, ratings: NDArray[np.float64], strength: float) -> OrdinalModel:
    """Fit on rows of standardised features and mean ratings 1..5. ``strength`` is scikit-learn's C: smaller shrinks more."""
    from sklearn.linear_model import LogisticRegression

    count = matrix.shape[0]
    blocks, shares = [], []
    for level in range(_LEVELS):
        threshold = np.zeros((count, _LEVELS))
        threshold[:, level] = _THRESHOLD_SCALE
        blocks.append(sparse.hstack([sparse.csr_matrix(matrix), sparse.csr_matrix(threshold)], format="csr"))
        shares.append(np.clip(ratings - (LOWEST_RATING + level), 0.0, 1.0))
    expanded, share = sparse.vstack(blocks, format="csr"), np.concatenate(shares)
    rows = sparse.vstack([expanded[share > 0], expanded[share < 1]], format="csr")
    targets = np.concatenate([np.ones((share > 0).sum()), np.zeros((share < 1).sum())])
    weights = np.concatenate([share[share > 0], 1.0 - share[share < 1]])
    fitted = LogisticRegression(C=strength, max_iter=2000, fit_intercept=False).fit(
        rows, targets, sample_weight=weights
    )
    coefficients = fitted.coef_[0]
    intercepts = np.sort(coefficients[-_LEVELS:] * _THRESHOLD_SCALE)[::-1]
    return OrdinalModel(np.ascontiguousarray(coefficients[:-_LEVELS]), np.ascontiguousarray(intercepts))
