"""What a rating is explained with."""

from __future__ import annotations

import pytest

from analyzer.findings import why
from analyzer.pipeline import Analyzer
from analyzer.resources import load_toml
from analyzer.traits import TRAIT_NAMES
from analyzer.types import Case, Rating


@pytest.fixture(scope="module")
def evidence(analyzer: Analyzer):
    (found,) = analyzer.collect([Case("Dear Ana, thank you for the tour of the depot. Ben", kind="thank_you")])
    return found


@pytest.mark.parametrize(("value", "word"), [(1.2, "most needs work"), (3.0, "middling"), (4.9, "hardly be better")])
def test_a_trait_without_words_of_its_own_is_still_spoken_of(evidence, value: float, word: str) -> None:
    said = why("curiosity", Rating(value, 1.0, 5.0), evidence, {}, ())
    assert said.startswith("Curiosity ") and word in said and said.endswith(".")


def test_the_shipped_traits_have_words_of_their_own() -> None:
    assert set(TRAIT_NAMES) < set(load_toml("messages.toml")["verdicts"])
