"""The ordinal model, its intervals, the caps and the featurizer: small, exact, and inside the scale."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from analyzer.errors import ModelError
from analyzer.scoring.caps import OVERALL_CAPS, SPECIFICITY_CAPS, cap_of, capped
from analyzer.scoring.featurize import fit_featurizer, words_text
from analyzer.scoring.intervals import COVERAGE, fit_intervals
from analyzer.scoring.model import RatingModel, Scale, contributions
from analyzer.scoring.ordinal import fit_ordinal
from analyzer.types import Rating

ratings = st.floats(1.0, 5.0)


@pytest.fixture(scope="module")
def synthetic():
    """Ratings 1..5 that rise with the first column, fall with the second, and ignore the third."""
    generator = np.random.default_rng(7)
    matrix = generator.normal(size=(400, 3))
    latent = 1.5 * matrix[:, 0] - matrix[:, 1] + 0.3 * generator.normal(size=400)
    observed = 1.0 + np.digitize(latent, [-2.0, -0.7, 0.7, 2.0])
    return matrix, observed, fit_ordinal(sparse.csr_matrix(matrix), observed, strength=1.0)


def test_the_order_is_recovered(synthetic) -> None:
    matrix, observed, model = synthetic
    expected = model.expected(matrix)
    means = [expected[observed == level].mean() for level in range(1, 6)]
    assert means == sorted(means)
    assert np.corrcoef(expected, observed)[0, 1] > 0.9
    assert np.mean(np.abs(expected - observed)) < 0.5


def test_slopes_have_the_signs_of_the_truth(synthetic) -> None:
    slopes = synthetic[2].slopes
    assert slopes[0] > 1.0 > -0.5 > slopes[1]
    assert abs(slopes[2]) < 0.2


def test_thresholds_are_in_order_and_predictions_inside_the_scale(synthetic) -> None:
    _, _, model = synthetic
    assert list(model.intercepts) == sorted(model.intercepts, reverse=True)
    extreme = np.array([[1e3, 0, 0], [-1e3, 0, 0], [0, 0, 0]], dtype=float)
    high, low, middle = model.expected(extreme)
    assert (low, high) == (pytest.approx(1.0), pytest.approx(5.0)) and 1.0 < middle < 5.0


def test_the_expected_rating_is_monotone_in_a_feature(synthetic) -> None:
    steps = np.zeros((50, 3))
    steps[:, 0] = np.linspace(-5, 5, 50)
    assert np.all(np.diff(synthetic[2].expected(steps)) > 0)


def test_dense_and_sparse_rows_agree(synthetic) -> None:
    matrix, _, model = synthetic
    assert model.expected(matrix) == pytest.approx(model.expected(sparse.csr_matrix(matrix)), abs=1e-12)


def test_means_of_raters_are_learnt_without_rounding() -> None:
    matrix = sparse.csr_matrix(np.array([[0.0]] * 200))
    observed = np.array([2.0, 3.0] * 100)
    halves = np.full(200, 2.5)
    assert fit_ordinal(matrix, halves, 10.0).expected(matrix)[0] == pytest.approx(2.5, abs=0.05)
    assert fit_ordinal(matrix, observed, 10.0).expected(matrix)[0] == pytest.approx(2.5, abs=0.05)


def test_the_slope_in_rating_units_is_the_derivative(synthetic) -> None:
    matrix, _, model = synthetic
    step = 1e-5
    shifted = type(model)(model.slopes, model.intercepts + step)
    numeric = (shifted.expected(matrix[:5]) - model.expected(matrix[:5])) / step
    assert model.slope_in_rating_units(matrix[:5]) == pytest.approx(numeric, rel=1e-3)


def test_contributions_name_the_columns_that_moved_a_rating(synthetic) -> None:
    matrix, observed, model = synthetic
    rated = RatingModel(model, Scale(1.0, 0.0), fit_intervals(model.expected(matrix), observed))
    found = contributions(rated, sparse.csr_matrix([[1.0, 1.0, 0.0]])[0], ("helps", "costs", "idle"))
    effects = {contribution.feature: contribution.effect for contribution in found}
    assert set(effects) == {"helps", "costs"} and effects["helps"] > 0 > effects["costs"]
    assert [abs(contribution.effect) for contribution in found] == sorted(
        (abs(e) for e in effects.values()), reverse=True
    )


# ---- intervals


def test_intervals_hold_the_share_they_promise() -> None:
    generator = np.random.default_rng(3)
    predicted = generator.uniform(1.0, 5.0, 3000)
    observed = np.clip(predicted + generator.normal(0.0, 0.5, 3000), 1.0, 5.0)
    intervals = fit_intervals(predicted[:1500], observed[:1500])
    made = [intervals.rating(value) for value in predicted[1500:]]
    held = np.mean([rating.low <= value <= rating.high for rating, value in zip(made, observed[1500:], strict=True)])
    assert held == pytest.approx(COVERAGE, abs=0.06)


@settings(max_examples=100, deadline=None)
@given(st.floats(-10.0, 10.0), st.floats(1.0, 5.0))
def test_an_interval_is_inside_the_scale_and_around_its_rating(predicted: float, widen: float) -> None:
    intervals = fit_intervals(np.linspace(1, 5, 40), np.linspace(5, 1, 40))
    rating = intervals.rating(predicted, widen)
    assert 1.0 <= rating.low <= rating.value <= rating.high <= 5.0


def test_a_wider_interval_is_wider() -> None:
    intervals = fit_intervals(np.linspace(2, 4, 40), np.linspace(2, 4, 40) + np.tile([0.4, -0.4], 20))
    plain, wide = intervals.rating(3.0), intervals.rating(3.0, 2.0)
    assert wide.low < plain.low < plain.value == wide.value < plain.high < wide.high


@pytest.mark.parametrize(
    ("value", "low", "high"),
    [(3.0, 3.5, 4.0), (3.0, 2.0, 2.5), (0.5, 0.5, 3.0), (5.5, 4.0, 5.5), (float("nan"), 1.0, 5.0)],
)
def test_a_rating_outside_its_interval_or_the_scale_cannot_be_made(value: float, low: float, high: float) -> None:
    with pytest.raises(ValueError, match="not a rating"):
        Rating(value, low, high)


# ---- caps


def test_the_rubrics_caps() -> None:
    assert OVERALL_CAPS == {"wrong_name": 2.0, "wrong_company": 1.0, "placeholder": 1.0, "threat": 1.0}
    assert cap_of({"wrong_name", "generic"}, OVERALL_CAPS) == 2.0
    assert cap_of({"wrong_name", "placeholder"}, OVERALL_CAPS) == 1.0
    assert cap_of({"wrong_fact"}, SPECIFICITY_CAPS) == 1.0
    assert cap_of((), OVERALL_CAPS) == cap_of({"wordy"}, SPECIFICITY_CAPS) == 5.0


@settings(max_examples=100, deadline=None)
@given(st.tuples(ratings, ratings, ratings), ratings)
def test_capping_keeps_a_rating_a_rating_and_lowers_only(values: tuple[float, float, float], cap: float) -> None:
    low, value, high = sorted(values)
    made = capped(Rating(value, low, high), cap)
    assert made.value == min(value, cap) and made.high <= max(cap, 1.0) and made.low <= made.value <= made.high
    assert capped(made, cap) == made


# ---- featurizer


@pytest.fixture(scope="module")
def featurizer():
    rows = [{"a": float(number), "flat": 2.0} for number in range(10)]
    texts = ["the depot opens", "the depot closes"] * 5
    return fit_featurizer(rows, texts, min_drafts=2, most_words=50, words_scale=3.0, shapes_scale=0.0)


def test_named_features_are_standardised(featurizer) -> None:
    matrix = featurizer.matrix(
        [{"a": 4.5, "flat": 2.0}, {"a": 4.5 + featurizer.spread[0], "flat": 3.0}], ["", ""]
    ).toarray()
    assert matrix[0, :2] == pytest.approx([0.0, 0.0])
    assert matrix[1, :2] == pytest.approx([1.0, 1.0]), "a feature that never varied keeps a spread of 1"


def test_freak_values_are_clipped(featurizer) -> None:
    rows = [{"a": 1e9, "flat": 2.0}, {"a": -1e9, "flat": -1e9}]
    assert featurizer.matrix(rows, ["", ""]).toarray()[:, :2].tolist() == [[4.0, 0.0], [-4.0, -4.0]]


def test_columns_have_names_and_unknown_words_no_weight(featurizer) -> None:
    matrix = featurizer.matrix([{"a": 0.0, "flat": 2.0}] * 2, ["the depot opens", "strange words only"])
    names = featurizer.column_names
    assert matrix.shape == (2, len(names)) and names[:2] == ("a", "flat")
    assert "words.depot" in names and all(name.startswith("words.") for name in names[2:])
    assert matrix[1, 2:].nnz == 0
    assert np.linalg.norm(matrix[0, 2:].toarray()) == pytest.approx(3.0), "words are scaled to words_scale"


def test_a_row_without_a_feature_is_refused(featurizer) -> None:
    with pytest.raises(ModelError, match="another version"):
        featurizer.matrix([{"a": 1.0}], [""])


def test_names_and_figures_are_veiled_from_the_bag_of_words(parse) -> None:
    text = "Dear Siobhan,\n\nThank you for the tour of Leeds on Monday! The 1,400 claims at Foothills stay with me.\n\nBen Carter"
    words = words_text(parse(text, interviewer="Siobhan Gallagher", company="Foothills")).split()
    assert {"thank", "tour", "namex", "figurex", "exclaimx", "claims"} <= set(words)
    assert not {"siobhan", "leeds", "1,400", "foothills", "ben", "carter", "dear"} & set(words)
