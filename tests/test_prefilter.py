"""A prefilter never says of a pattern that it cannot match where it does."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.prefilter import TextIndex, prefilter_of
from analyzer.rules import Rule, load_rules

RULES = [rule for rule in load_rules().values() if rule.pattern]
WORDS = (
    "one of the",
    "In  My",
    "INFORM",
    "ſimilar with",
    "a",
    "wor\nk",
    "K",
    "ınform",
    "don’t",
    "the",
    "during four",
    "years",
    ".",
    "12",
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_bad_example_passes_its_rule(rule: Rule) -> None:
    assert rule.pattern
    needed = prefilter_of(rule.pattern)
    for text in rule.bad:
        for form in (text, text.upper(), text.replace(" ", "\n\t"), f"Dear Ana,\n\n{text}\n\nBest,\nBen"):
            assert needed.may_match(TextIndex(form)) or not rule.pattern.search(form), form


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=10).map(" ".join))
def test_nothing_that_matches_is_held_back(text: str) -> None:
    index = TextIndex(text)
    for pattern in (
        r"\b(?:similar|equal) with\b",
        r"in\s+my|inform(?:ed)?\b",
        r"(?<!x)during (?:the )?(?:two|four) +years?",
        r"(?:one|1) of (?!my)the|\d+",
        r"[kd]on['’]t\s*the",
        r"work$",
        r"",
    ):
        compiled = re.compile(pattern, re.IGNORECASE)
        assert prefilter_of(compiled).may_match(index) or not compiled.search(text), pattern


def test_a_pattern_is_held_back_where_its_words_are_missing() -> None:
    needed = prefilter_of(re.compile(r"\b(?:bus|car)(?:es|s)? who\b|near\s+of", re.IGNORECASE))
    assert not needed.may_match(TextIndex("The man who came by car was near."))
    assert needed.may_match(TextIndex("Near\nOF it."))
