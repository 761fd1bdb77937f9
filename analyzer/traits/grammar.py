"""Grammar: is it clean?"""

from __future__ import annotations

from collections.abc import Mapping

from analyzer.rules import load_rules
from analyzer.traits.base import Measured, Trait, hinge, log_count
from analyzer.types import Evidence

_CATEGORIES = ("spelling", "grammar", "punctuation", "capitals")


# The model counts what this engine finds, which is there on every machine: a rating must not depend on whether Java is installed.
# What other engines find is shown. (The proofreading issue calibrates the model for both.)
REFERENCE_ENGINE = "harper"


def slips(evidence: Evidence, *, reference_only: bool = False) -> tuple[tuple[int, int], ...]:
    """Places with an error of language, from the engines and our own rules, each place once.

    ``reference_only`` leaves out engines that are not on every machine.
    """
    rules = load_rules()
    spans = [
        (issue.start, issue.end)
        for issue in evidence.issues
        if issue.category != "style" and (issue.engine == REFERENCE_ENGINE or not reference_only)
    ]
    spans += [
        (signal.start, signal.end)
        for signal in evidence.signals
        if not signal.rule.endswith("?") and rules[signal.rule].trait == "grammar"
    ]
    kept: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return tuple(kept)


def measure(measured: Measured) -> Mapping[str, float]:
    """Features of grammar: errors by sort, their density, and how many sentences hold one."""
    evidence = measured.evidence
    places = slips(evidence, reference_only=True)
    issues = [issue for issue in evidence.issues if issue.engine == REFERENCE_ENGINE]
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
        "grammar.own_rules_log_count": log_count(measured.count("grammar", "slip")),
        "grammar.small_starts_log_count": log_count(measured.count("grammar", "small_start")),
        "grammar.run_on_log_count": log_count(measured.count("grammar", "run_on")),
        "grammar.text_speak_log_count": log_count(measured.count("grammar", "text_speak")),
    }
    return values


TRAIT = Trait("grammar", measure)
