"""The remembering attribute ruler says what spaCy's own says."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.parsing.attribute_rules import RememberingMatcher
from analyzer.parsing.language import DEFAULT_PIPELINE, load_pipeline

if TYPE_CHECKING:
    from spacy.language import Language

_TEXTS = (
    "Dear Ana,\n\nThank you for today; there's a lot that I've thought of since. It ain't easy!\n\nBest,\nBen",
    "Let's meet. We're gonna talk, you gotta see: y'all come on, c'mon. There are 3 'better' ones (10 %).",
    "She'd have gone there, whose idea was it? He is who I'm to meet - that which cannot be.",
    "   \n\n ok  \t\n",
    "",
)
_WORDS = (
    "ain't",
    "gonna",
    "gotta",
    "let's",
    "there",
    "is",
    "I",
    "that",
    "been",
    "'s",
    "Ana",
    "to",
    "\n\n",
    "said",
    "?",
    "10",
)


@lru_cache(maxsize=1)
def _plain() -> Language:
    import spacy

    return spacy.load(DEFAULT_PIPELINE, exclude=["ner"])


def _seen(nlp: Language, text: str) -> list[tuple[Any, ...]]:
    return [(t.text, t.tag_, t.pos_, str(t.morph), t.lemma_, t.dep_, t.head.i) for t in nlp(text)]


def test_the_shipped_pipeline_remembers() -> None:
    assert isinstance(load_pipeline().get_pipe("attribute_ruler").matcher, RememberingMatcher)  # type: ignore[attr-defined]


@pytest.mark.parametrize("text", _TEXTS)
def test_every_token_is_read_as_by_spacy_alone(text: str) -> None:
    assert _seen(load_pipeline(), text) == _seen(_plain(), text)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(_WORDS), min_size=1, max_size=12))
def test_any_order_of_special_words_is_read_as_by_spacy_alone(words: list[str]) -> None:
    text = " ".join(words)
    assert _seen(load_pipeline(), text) == _seen(_plain(), text)
