"""Our own reader and our own bag of words agree with the libraries they stand for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import skops.io
from sklearn.feature_extraction.text import TfidfVectorizer

from analyzer.scoring.bag_of_words import fit_bag_of_words
from analyzer.scoring.skops_reader import UnknownNodeError, read_skops
from analyzer.scoring.store import MODEL_FILE, default_model_directory

TEXTS = ["the depot opens in may", "the the depot", "may the depot open", "", "words nobody knows §<s> é"]


def same(one: Any, other: Any) -> bool:
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(np.array_equal(one, other)) if isinstance(one, np.ndarray) else one == other


def test_the_reader_gives_what_skops_gives() -> None:
    data = (default_model_directory() / MODEL_FILE).read_bytes()
    assert same(read_skops(data), skops.io.loads(data))


def test_the_reader_refuses_a_class() -> None:
    with pytest.raises(UnknownNodeError, match="TfidfVectorizer"):
        read_skops(skops.io.dumps({"words": TfidfVectorizer()}))


@pytest.mark.parametrize("longest_run", [1, 2, 3])
def test_the_bag_weighs_as_scikit_learn_does(longest_run: int) -> None:
    bag = fit_bag_of_words(TEXTS, min_texts=2, most_words=20, longest_run=longest_run)
    theirs = TfidfVectorizer(
        ngram_range=(1, longest_run),
        min_df=2,
        max_features=20,
        sublinear_tf=True,
        token_pattern=r"\S+",
        lowercase=False,
    ).fit(TEXTS)
    assert bag.words == tuple(theirs.get_feature_names_out())
    assert np.allclose(bag.transform(TEXTS).toarray(), theirs.transform(TEXTS).toarray())
