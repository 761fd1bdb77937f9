"""Specificity: could only this writer have sent it, after this conversation?"""

from __future__ import annotations

from collections.abc import Mapping

from analyzer.parsing.words import Token, is_common
from analyzer.traits.base import Measured, Trait, log_count


def _concrete(tokens: tuple[Token, ...], openings: set[int]) -> tuple[int, int, int]:
    """Figures, capitalised words inside sentences, and long uncommon words."""
    figures = sum(1 for token in tokens if token.is_figure)
    names = sum(
        1
        for token in tokens
        if token.text[0].isupper() and token.start not in openings and len(token.text) > 1 and not is_common(token.text)
    )
    uncommon = sum(1 for token in tokens if not token.is_figure and not is_common(token.text))
    return figures, names, uncommon


def measure(measured: Measured) -> Mapping[str, float]:
    """Features of specificity: what of the notes is in the draft, what is concrete by itself, what is generic or wrong."""
    evidence = measured.evidence
    draft = evidence.draft
    from_notes = [match for match in evidence.matching.matches if match.item.source == "notes"]
    openings = {start for start, _ in evidence.sentences}
    figures, names, uncommon = _concrete(measured.tokens, openings)
    noted = {term for item in draft.note_items if item.source == "notes" for term in item.terms}
    people = {term for item in draft.note_items if item.source != "notes" for term in item.terms}
    shared = {
        token.stem
        for token in measured.tokens
        if token.stem in noted and token.stem not in people and not is_common(token.text)
    }
    touched = sum(1 for start, end in evidence.sentences if any(start <= match.start < end for match in from_notes))
    conflicts = evidence.matching.conflicts
    has_notes = float(bool(draft.case.notes.strip()))
    return {
        "specificity.matches_log_count": log_count(len(from_notes)),
        "specificity.developed_log_count": log_count(sum(match.developed for match in from_notes)),
        "specificity.strong_matches_log_count": log_count(sum(match.similarity >= 0.6 for match in from_notes)),
        "specificity.shared_words_log_count": log_count(len(shared)),
        "specificity.shared_words_per_100_words": measured.per_100_words(len(shared)),
        "specificity.sentences_with_match_share": touched / max(1, len(evidence.sentences)),
        "specificity.no_notes_flag": 1.0 - has_notes,
        "specificity.notes_unused_flag": has_notes * float(not shared),
        "specificity.figures_log_count": log_count(figures),
        "specificity.names_log_count": log_count(names),
        "specificity.uncommon_log_count": log_count(uncommon),
        "specificity.uncommon_share": uncommon / measured.words,
        "specificity.uncommon_without_notes_share": (1.0 - has_notes) * uncommon / measured.words,
        "specificity.concrete_without_notes_log_count": (1.0 - has_notes) * log_count(figures + names),
        "specificity.generic_log_count": log_count(measured.count("specificity", "generic")),
        "specificity.generic_per_100_words": measured.per_100_words(measured.count("specificity", "generic")),
        "specificity.recall_log_count": log_count(measured.count("specificity", "recall")),
        "specificity.placeholder_flag": float(measured.count("specificity", "placeholder") > 0),
        "specificity.wrong_name_flag": float(any(conflict.fault == "wrong_name" for conflict in conflicts)),
        "specificity.wrong_company_flag": float(any(conflict.fault == "wrong_company" for conflict in conflicts)),
        "specificity.wrong_fact_flag": float(any(conflict.fault == "wrong_fact" for conflict in conflicts)),
    }


TRAIT = Trait("specificity", measure)
