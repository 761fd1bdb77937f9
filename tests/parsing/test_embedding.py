"""Sentence vectors that are kept are those that would be computed."""

from __future__ import annotations

import numpy as np

from analyzer.parsing import embedding

TEXTS = ("night shift rota", "you spoke of the night shifts", "wants 9 weeks instead of 14", "night shift rota", "")


def test_a_kept_row_is_the_one_that_would_be_computed() -> None:
    embedding._REMEMBERED.clear()
    first = embedding.embed(TEXTS)
    assert np.array_equal(embedding.embed(TEXTS[::-1])[::-1], first)
    embedding._REMEMBERED.clear()
    assert np.allclose(embedding.embed(TEXTS[2:3])[0], first[2], atol=1e-6)
    assert np.array_equal(first[0], first[3])


def test_what_is_kept_is_bounded() -> None:
    embedding._REMEMBERED.clear()
    embedding._REMEMBERED.update({str(number): np.zeros(embedding.DIMENSIONS, np.float32) for number in range(512)})
    assert embedding.embed(["one more"]).any()
    assert list(embedding._REMEMBERED) == ["one more"]
