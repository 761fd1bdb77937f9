"""Compare a draft with the notes: what it recalls, what it leaves out, what it gets wrong."""

from __future__ import annotations

from collections.abc import Sequence

from analyzer.matching.companies import company_conflicts
from analyzer.matching.facts import fact_conflicts
from analyzer.matching.names import name_conflicts
from analyzer.matching.topics import match_topics
from analyzer.types import Draft, Matching, NoteItem, NoteMatch

__all__ = ["match_draft"]

# More suggestions than this are a list nobody reads.
_MOST_MISSED = 5


def match_draft(draft: Draft, sentences: Sequence[tuple[int, int]]) -> Matching:
    """All matches, the best unused note items, and the conflicts of one draft. ``sentences`` are (start, end) of the body."""
    matches = match_topics(draft, sentences)
    conflicts = (*name_conflicts(draft), *company_conflicts(draft), *fact_conflicts(draft, sentences))
    return Matching(matches, _missed(draft, matches), tuple(sorted(conflicts, key=lambda conflict: conflict.start)))


def match_drafts(
    drafts: Sequence[tuple[Draft, Sequence[tuple[int, int]]]], *, semantic: bool = True
) -> tuple[Matching, ...]:
    """The matching of several drafts with their sentences, in order."""
    return tuple(match_draft(draft, sentences) for draft, sentences in drafts)


def _missed(draft: Draft, matches: Sequence[NoteMatch]) -> tuple[NoteItem, ...]:
    """Note items worth adding, best first: concrete and rich ones before bare ones, private ones never."""
    used = {match.item for match in matches}
    used_terms = {term for item in used for term in item.terms}
    spare = [
        item
        for item in draft.note_items
        if item.source == "notes" and item not in used and not item.private and len(item.terms) >= 2
    ]
    spare = [item for item in spare if len(used_terms.intersection(item.terms)) < len(item.terms) / 2]
    return tuple(sorted(spare, key=lambda item: (-min(len(item.terms), 5), item.start))[:_MOST_MISSED])
