"""Grammar: is it clean?"""

from __future__ import annotations

from collections.abc import Mapping

from analyzer.rules import load_rules
from analyzer.traits.base import Measured, Trait, hinge, log_count
from analyzer.types import Evidence

_CATEGORIES = ("spelling", "grammar", "punctuation", "capitals")


def slips(evidence: Evidence) -> tuple[tuple[int, int], ...]:
    """Places with an error of language, from the engines and our own rules, each place once."""
    rules = load_rules()
    spans = [(issue.start, issue.end) for issue in evidence.issues if issue.category != "style"]
    spans += [(signal.start, signal.end) for signal in evidence.signals if not signal.rule.endswith("?") and rules[signal.rule].trait == "grammar"]
    kept: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return tuple(kept)


def measure(measured: Measured) -> Mapping[str, float]:
    """Features of grammar: errors by sort, their density, and how many sentences hold one."""
    evidence = measured.evidence
    places = slips(evidence)
    hit = sum(1 for start, end in evidence.sentences if any(start <= place[0] < end for place in places))
    values = {
        f"grammar.{category}_log_count": log_count(sum(issue.category == category for issue in evidence.issues)) for category in _CATEGORIES
    }
    values |= {
        "grammar.slips_log_count": log_count(len(places)),
        "grammar.slips_per_100_words": min(10.0, measured.per_100_words(len(places))),
        "grammar.no_slip_flag": float(not places),
        "grammar.over_three_slips": hinge(len(places), 3, 4.0),
        "grammar.sentences_with_slip_share": hit / max(1, len(evidence.sentences)),
        "grammar.own_rules_log_count": log_count(measured.count("grammar", "slip")),
        "grammar.small_starts_log_count": log_count(measured.count("grammar", "small_start")),
        "grammar.text_speak_log_count": log_count(measured.count("grammar", "text_speak")),
    }
    return values


TRAIT = Trait("grammar", measure)
