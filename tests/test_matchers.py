"""Patterns that are asked only where they may match find what spaCy finds when it is asked everything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from analyzer.matchers import DocIndex, TokenPatterns, TreePatterns
from analyzer.parsing.language import load_pipeline
from analyzer.rules import Rule, load_rules

if TYPE_CHECKING:
    from spacy.tokens import Doc

PARSED = [rule for rule in load_rules().values() if rule.is_parsed]
# each way of spaCy in which one node may stand to another
RELATIONS = (
    "<",
    ">",
    "<<",
    ">>",
    ".",
    ".*",
    ";",
    ";*",
    "$+",
    "$-",
    "$++",
    "$--",
    ">+",
    ">-",
    ">++",
    ">--",
    "<+",
    "<-",
    "<++",
    "<--",
)


@pytest.fixture(scope="module")
def docs() -> list[Doc]:
    texts = [" ".join((*rule.bad, *rule.good)) for rule in PARSED]
    return list(
        load_pipeline().pipe([*texts, "", "Ok.", "She asked me good questions about the two team of the yard."])
    )


@pytest.mark.parametrize("rule", PARSED, ids=lambda rule: rule.id)
def test_a_rule_finds_what_spacy_finds(rule: Rule, docs: list[Doc]) -> None:
    from spacy.matcher import DependencyMatcher, Matcher

    vocab = load_pipeline().vocab
    found = 0
    for doc in docs:
        index = DocIndex(doc)
        if rule.tokens:
            matcher = Matcher(vocab)
            matcher.add("all", list(rule.tokens))
            wanted: Any = {(first, last) for _, first, last in matcher(doc)}
            assert set(TokenPatterns(vocab, "all", rule.tokens).matches(index)) == wanted
            found += len(wanted)
        for patterns in filter(None, (rule.tree, rule.tree_unless)):
            trees = DependencyMatcher(vocab)
            trees.add("all", list(patterns))
            wanted = {nodes[0] for _, nodes in trees(doc)}
            assert set(TreePatterns(vocab, "all", patterns).anchors(index)) == wanted
            found += len(wanted)
    assert found


@pytest.mark.parametrize("relation", RELATIONS)
def test_every_relation_finds_what_spacy_finds(relation: str, docs: list[Doc]) -> None:
    from spacy.matcher import DependencyMatcher

    vocab = load_pipeline().vocab
    patterns = [
        [
            {"RIGHT_ID": "one", "RIGHT_ATTRS": {"TAG": tag}},
            {"LEFT_ID": "one", "REL_OP": relation, "RIGHT_ID": "other", "RIGHT_ATTRS": attributes},
        ]
        for tag in ("NN", "VBD")
        for attributes in ({"TAG": {"IN": ["DT", "IN", "NN", "PRP"]}}, {"LENGTH": {">": 2}})
    ]
    trees = DependencyMatcher(vocab)
    trees.add("all", patterns)
    for doc in docs:
        assert set(TreePatterns(vocab, "all", patterns).anchors(DocIndex(doc))) == {nodes[0] for _, nodes in trees(doc)}
