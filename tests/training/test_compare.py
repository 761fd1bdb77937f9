"""Comparing kinds of models, and the learning curve: shapes and laws, on measurements made by hand."""

import numpy as np
import pytest

from analyzer.errors import DataError
from analyzer.parsing.embedding import DIMENSIONS, embed, mean_vector
from analyzer.scoring.caps import GRAVE_FEATURES
from analyzer.training import compare as compared
from analyzer.training.compare import Materials, breakdown_of, compare, table_of
from analyzer.training.curve import draw, learning_curve
from analyzer.training.curve import table_of as curve_table
from analyzer.training.dataset import LABELS, Dataset, LabelledCase, RaterLabel
from analyzer.training.fit import Measurements, Recipe
from analyzer.training.metrics import partial_correlation
from analyzer.types import KINDS, Case

RECIPE = Recipe(folds=3, least_drafts_of_a_word=2, most_words=50)


def made(writers: int = 6, each: int = 12) -> Materials:
    """Cases whose ratings follow one feature and one word; the other columns are noise."""
    generator = np.random.default_rng(7)
    count = writers * each
    quality = generator.uniform(1.0, 5.0, count)
    cases, rows, texts = [], [], []
    for index in range(count):
        rating = float(np.clip(np.round(quality[index] * 2) / 2, 1, 5))
        ratings = dict.fromkeys(LABELS, rating)
        labels = tuple(RaterLabel(str(index), rater, ratings, ()) for rater in ("t1", "t2"))
        writer = chr(65 + index // each)
        case = Case("Dear Ana, thanks.", id=f"{writer}-{index}", kind=KINDS[index % 4], notes="x" * (index % 2))
        cases.append(LabelledCase(case, labels))
        rows.append(
            {
                "concision.words_log_count": float(generator.normal()),
                "focus.signal": float(quality[index] + generator.normal(0, 0.5)),
                **dict.fromkeys(GRAVE_FEATURES.values(), 0.0),
            }
        )
        texts.append("good good" if quality[index] > 3 else "poor poor")
    dataset = Dataset(tuple(cases), "0")
    noise = generator.normal(size=(count, 4))
    costs = {"reading": 10.0, "measuring": 3.0, "words": 1.0, "static": 0.5, "sentences": 30.0}
    return Materials(dataset, Measurements(tuple(rows), tuple(texts), tuple(texts)), noise, "noise", noise, costs)


@pytest.fixture
def comparison(monkeypatch):
    materials = made()
    monkeypatch.setattr(compared, "prepare", lambda *_: materials)
    return compare(materials.dataset, RECIPE)


def test_every_variant_rates_every_case_within_the_scale(comparison):
    assert len(comparison.variants) == 10
    for variant in comparison.variants:
        assert set(variant.predicted) == set(LABELS)
        for values in variant.predicted.values():
            assert values.shape == (72,)
            assert np.all((values >= 1.0) & (values <= 5.0))


def test_learning_beats_the_majority_and_costs_are_those_of_the_inputs(comparison):
    rows = {line[:27].strip(): line[27:].split() for line in table_of(comparison).splitlines()}
    assert float(rows["+ shapes (shipped)"][6]) > 0.7 > float(rows["length alone"][6])
    assert float(rows["majority"][6]) < 0.2
    costs = {variant.name.strip(): variant.milliseconds for variant in comparison.variants}
    assert costs["features, ordinal"] == 12.0
    assert costs["… + sentence embeddings"] == 43.0
    assert "with notes" in breakdown_of(comparison)


def test_the_same_data_and_seed_give_the_same_table(comparison):
    assert table_of(compare(comparison.dataset, RECIPE)) == table_of(comparison)


def test_partial_correlation_sees_length_only_where_it_is():
    generator = np.random.default_rng(1)
    observed, words = generator.normal(size=500), generator.normal(size=500)
    assert abs(partial_correlation(observed + generator.normal(size=500), words, observed)) < 0.15
    assert partial_correlation(observed + words, words, observed) == pytest.approx(1.0)
    assert partial_correlation(np.ones(500), words, observed) == 0.0


def test_the_curve_is_measured_on_writers_left_out_and_drawn(tmp_path):
    materials = made(8, 10)
    points = learning_curve(materials.measurements, materials.dataset, RECIPE, orders=2)
    assert [point.writers for point in points] == [2, 4, 6]
    assert points[-1].cases == 60.0
    assert points[-1].mean("mean") > 0.7
    assert "writers" in curve_table(points)
    draw(points, tmp_path / "curve.png")
    assert (tmp_path / "curve.png").read_bytes()[:4] == b"\x89PNG"


def test_a_curve_of_three_writers_is_refused():
    materials = made(3, 4)
    with pytest.raises(DataError, match="four writers"):
        learning_curve(materials.measurements, materials.dataset, RECIPE)


def test_sentences_are_embedded_at_unit_length_and_alike_ones_lie_near():
    pair = ["schema drift when upstream teams change fields", "how upstream column changes break your jobs"]
    vectors = embed([*pair, "cheese on toast", ""])
    assert vectors.shape == (4, DIMENSIONS)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-4)
    assert vectors[0] @ vectors[1] > 0.5 > 0.2 > abs(vectors[0] @ vectors[2])
    assert np.linalg.norm(mean_vector(vectors)) == pytest.approx(1.0, abs=1e-4)
    assert embed([]).shape == (0, DIMENSIONS)
    assert not mean_vector(embed([])).any()
