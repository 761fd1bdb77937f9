"""Grammar: is it clean?"""

from __future__ import annotations

from collections.abc import Mapping

from analyzer.rules import load_rules
from analyzer.traits.base import Measured, Trait, hinge, log_count
from analyzer.types import Evidence

_CATEGORIES = ("spelling", "grammar", "punctuation", "capitals")


# Groups of rules that are shown and are no errors of language by the rubric.
_NO_SLIPS = ("dialect",)


def slips(evidence: Evidence, *, reference_only: bool = False) -> tuple[tuple[int, int], ...]:
    """Places with an error of language, from the engines and our own rules, each place once.

    ``reference_only`` leaves out engines that are not on every machine.
    """
    rules = load_rules()
    issues = evidence.reference_issues if reference_only else evidence.issues
    spans = [(issue.start, issue.end) for issue in issues if issue.category != "style"]
    for signal in evidence.signals:
        rule = rules.get(signal.rule)
        if rule and rule.trait == "grammar" and rule.group not in _NO_SLIPS:
            spans.append((signal.start, signal.end))
    kept: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return tuple(kept)


# Parts of a sentence where a singular noun mostly has an article or the like before it.
_NOUN_PLACES = frozenset({"dobj", "nsubj", "nsubjpass", "attr"})
_BEFORE_NOUNS = frozenset({"det", "poss", "nummod", "predet", "quantmod"})
# Fewer nouns than these say nothing of a habit.
_FEWEST_NOUNS = 3
_STOPS = '.!?…:;)"”'


def bare_noun_share(evidence: Evidence) -> float:
    """Share 0..1 of singular nouns without article or possessive where English mostly wants one: a habit, no slip by itself."""
    spans = evidence.draft.spans_of("body")
    nouns = [
        token
        for token in evidence.draft.doc
        if token.tag_ == "NN"
        and token.is_lower
        and token.dep_ not in ("compound", "npadvmod")
        and any(start <= token.idx < end for start, end in spans)
    ]
    bare = [
        token
        for token in nouns
        if token.dep_ in _NOUN_PLACES and not any(child.dep_ in _BEFORE_NOUNS for child in token.children)
    ]
    return len(bare) / max(_FEWEST_NOUNS, len(nouns))


def open_sentence_share(evidence: Evidence) -> float:
    """Share 0..1 of the body's sentences and list items that end without a stop."""
    text = evidence.draft.text
    ends = [text[end - 1] for _, end in evidence.sentences]
    return sum(end not in _STOPS for end in ends) / max(1, len(ends))


def measure(measured: Measured) -> Mapping[str, float]:
    """Features of grammar: errors by sort, their density, and how many sentences hold one."""
    evidence = measured.evidence
    places = slips(evidence, reference_only=True)
    issues = evidence.reference_issues
    hit = sum(1 for start, end in evidence.sentences if any(start <= place[0] < end for place in places))
    values = {
        f"grammar.{category}_log_count": log_count(sum(issue.category == category for issue in issues))
        for category in _CATEGORIES
    }
    values |= {
        "grammar.slips_log_count": log_count(len(places)),
        "grammar.slips_per_100_words": min(10.0, measured.per_100_words(len(places))),
        "grammar.no_slip_flag": float(not places),
        "grammar.over_three_slips": hinge(len(places), 3, 4.0),
        "grammar.sentences_with_slip_share": hit / max(1, len(evidence.sentences)),
        "grammar.own_rules_log_count": log_count(
            measured.count("grammar", "slip") + measured.count("grammar", "carried_over")
        ),
        # one slip of a second language says more than one of the pen: others stand beside it that no rule knows
        "grammar.carried_over_log_count": log_count(measured.count("grammar", "carried_over")),
        "grammar.small_starts_log_count": log_count(measured.count("grammar", "small_start")),
        "grammar.no_stop_log_count": log_count(measured.count("grammar", "no_stop")),
        "grammar.bare_noun_share": bare_noun_share(evidence),
        "grammar.sentences_without_stop_share": open_sentence_share(evidence),
        "grammar.run_on_log_count": log_count(measured.count("grammar", "run_on")),
        "grammar.text_speak_log_count": log_count(measured.count("grammar", "text_speak")),
    }
    return values


TRAIT = Trait("grammar", measure)
