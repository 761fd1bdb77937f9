"""Specificity: could only this writer have sent it, after this conversation?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from analyzer.parsing.words import Token, is_common
from analyzer.traits.base import Measured, Trait, log_count
from analyzer.types import Evidence, NoteMatch


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
    """Features of specificity: what of the notes is in the draft, what is concrete by itself, what is generic or wrong.

    What is taken from the notes is counted, never set against the length: one more true detail must not cost anything.
    """
    evidence = measured.evidence
    draft = evidence.draft
    from_notes = [match for match in evidence.matching.matches if match.item.source == "notes"]
    openings = {start for start, _ in evidence.sentences}
    figures, names, uncommon = _concrete(measured.tokens, openings)
    has_notes = float(bool(draft.case.notes.strip()))
    shared = _shared_stems(measured)
    return {
        **_recalled(evidence, from_notes),
        "specificity.shared_words_log_count": log_count(len(shared)),
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
        **_beyond_notes(evidence),
    }


def _shared_stems(measured: Measured) -> set[str]:
    items = measured.evidence.draft.note_items
    noted = {term for item in items if item.source == "notes" for term in item.terms}
    people = {term for item in items if item.source != "notes" for term in item.terms}
    return {
        token.stem
        for token in measured.tokens
        if token.stem in noted and token.stem not in people and not is_common(token.text)
    }


def _recalled(evidence: Evidence, from_notes: Sequence[NoteMatch]) -> Mapping[str, float]:
    """What the draft takes up from the notes, and how; the rubric wants two things and one of them developed for a 5."""
    developed = sum(match.developed for match in from_notes)
    touched = sum(1 for start, end in evidence.sentences if any(start <= match.start < end for match in from_notes))
    return {
        "specificity.matches_log_count": log_count(len(from_notes)),
        "specificity.developed_log_count": log_count(developed),
        "specificity.strong_matches_log_count": log_count(sum(match.similarity >= 0.6 for match in from_notes)),
        "specificity.sentences_with_match_log_count": log_count(touched),
        "specificity.named_flag": float(bool(from_notes)),
        "specificity.developed_flag": float(developed > 0),
        "specificity.rich_flag": float(developed > 0 and len(from_notes) > 1),
    }


def _beyond_notes(evidence: Evidence) -> Mapping[str, float]:
    """What contradicts the notes, and what they do not have."""
    matching = evidence.matching
    return {
        "specificity.unsupported_log_count": log_count(
            sum(detail.support == "unsupported" for detail in matching.details)
        ),
        "specificity.wrong_name_flag": float(any(conflict.fault == "wrong_name" for conflict in matching.conflicts)),
        "specificity.wrong_company_flag": float(
            any(conflict.fault == "wrong_company" for conflict in matching.conflicts)
        ),
        "specificity.wrong_fact_flag": float(any(conflict.fault == "wrong_fact" for conflict in matching.conflicts)),
    }


TRAIT = Trait("specificity", measure)
