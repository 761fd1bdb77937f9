"""Figures of agreement against values worked out by hand and by scikit-learn; folds that never split a writer."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from analyzer.training import metrics
from analyzer.training.fit import writer_folds


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), min_size=3, max_size=40))
def test_kappa_of_whole_ratings_is_scikit_learns(pairs: list[tuple[int, int]]) -> None:
    one, other = np.array(pairs).T
    if len(set(one)) == 1 or len(set(other)) == 1:
        return  # scikit-learn leaves it undefined
    expected = cohen_kappa_score(one, other, weights="quadratic", labels=[1, 2, 3, 4, 5])
    assert metrics.quadratic_weighted_kappa(one.astype(float), other.astype(float)) == pytest.approx(expected)


def test_kappa_by_hand() -> None:
    one, other = np.array([1.0, 2.0, 3.0, 4.0]), np.array([2.0, 2.0, 3.0, 3.0])
    # squared differences 1, 0, 0, 1; variances 1.25 and 0.25; equal means: 1 - 0.5 / 1.5
    assert metrics.quadratic_weighted_kappa(one, other) == pytest.approx(2 / 3)
    assert metrics.quadratic_weighted_kappa(one, one) == 1.0
    assert metrics.quadratic_weighted_kappa(np.ones(3), np.ones(3)) == 1.0


def test_halves_are_rounded_up() -> None:
    assert metrics.rounded_kappa(np.array([2.5, 1.0, 4.5]), np.array([3.4, 1.4, 5.0])) == 1.0


def test_simple_figures_by_hand() -> None:
    observed, predicted = np.array([1.0, 2.0, 3.0, 5.0]), np.array([1.5, 2.0, 4.5, 4.0])
    assert metrics.mean_absolute_error(observed, predicted) == 0.75
    assert metrics.within_one(observed, predicted) == 0.75
    assert metrics.standardised_mean_difference(observed, predicted) == pytest.approx(0.25 / observed.std())
    assert metrics.standardised_mean_difference(np.ones(3), np.ones(3)) == 0.0
    assert metrics.coverage(observed, predicted - 0.5, predicted + 0.5) == 0.5


def test_precision_recall_and_f1_by_hand() -> None:
    truth, said = np.array([True, True, True, False]), np.array([True, False, False, True])
    assert metrics.precision_recall_f1(truth, said) == (0.5, pytest.approx(1 / 3), pytest.approx(0.4))
    nothing = np.zeros(3, dtype=bool)
    assert all(math.isnan(value) for value in metrics.precision_recall_f1(nothing, nothing))
    assert metrics.precision_recall_f1(~nothing, nothing)[1:] == (0.0, 0.0)


def test_the_interval_of_kappa_holds_it_and_is_the_same_twice() -> None:
    generator = np.random.default_rng(5)
    observed = generator.integers(1, 6, 120).astype(float)
    predicted = np.clip(observed + generator.integers(-1, 2, 120), 1, 5).astype(float)
    writers = np.repeat(["A", "B", "C"], 40)
    low, high = metrics.kappa_interval(observed, predicted, writers)
    assert low < metrics.rounded_kappa(observed, predicted) < high
    assert (low, high) == metrics.kappa_interval(observed, predicted, writers)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from("ABCDEFGH"), min_size=1, max_size=40), st.integers(2, 10), st.integers(0, 99))
def test_folds_never_split_a_writer_and_hold_every_case_once(letters: list[str], folds: int, seed: int) -> None:
    writers = np.array(letters)
    seen: list[int] = []
    made = list(writer_folds(writers, folds, seed))
    for train, held in made:
        assert len(held) and not set(writers[train]) & set(writers[held])
        assert sorted([*train, *held]) == list(range(len(letters)))
        seen.extend(held)
    assert sorted(seen) == list(range(len(letters)))
    assert len(made) == min(folds, len(set(letters)))
