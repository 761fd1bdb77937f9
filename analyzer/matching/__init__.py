"""Compare a draft with the notes: what it recalls, what it leaves out, what it gets wrong."""

from __future__ import annotations

from collections.abc import Sequence

from analyzer.matching.companies import company_conflicts
from analyzer.matching.details import details_beyond
from analyzer.matching.facts import fact_conflicts
from analyzer.matching.meaning import Meaning, answer, question_of
from analyzer.matching.missed import missed_items, withheld_items
from analyzer.matching.names import name_conflicts
from analyzer.matching.topics import Found, find_topics
from analyzer.types import Conflict, Draft, Matching, NoteItem, NoteMatch

__all__ = ["match_draft", "match_drafts"]

# this near a contradicted figure stands what it was said of
_NEAR_CHARACTERS = 25


def match_draft(draft: Draft, sentences: Sequence[tuple[int, int]]) -> Matching:
    """All matches, the best unused note items, and the conflicts of one draft. ``sentences`` are (start, end) of the body."""
    return match_drafts([(draft, sentences)])[0]


def match_drafts(
    drafts: Sequence[tuple[Draft, Sequence[tuple[int, int]]]], *, meaning: Meaning = "doubts"
) -> tuple[Matching, ...]:
    """The matching of several drafts with their sentences, in order; meaning is asked for all of them together.

    ``meaning`` "none" loads no model: a single shared word then counts as a match; "all" also looks for paraphrases.
    """
    compared = [_compare(draft, sentences) for draft, sentences in drafts]
    questions = [
        question_of(draft, sentences, found, _settled(found, draft, conflicts), meaning)
        for (draft, sentences), (found, conflicts) in zip(drafts, compared, strict=True)
    ]
    bare = [tuple(one.match for one in question.doubtful) for question in questions]
    answers = bare if meaning == "none" else answer(questions)
    made = []
    for (draft, sentences), (found, conflicts), more in zip(drafts, compared, answers, strict=True):
        matches = sorted(
            (*(one.match for one in found if not one.word), *more),
            key=lambda match: (match.start, match.end, match.item.start),
        )
        details = details_beyond(draft, sentences, conflicts)
        missed, withheld = missed_items(draft, matches), withheld_items(draft, matches)
        made.append(Matching(tuple(matches), missed, withheld, conflicts, details))
    return tuple(made)


def _compare(draft: Draft, sentences: Sequence[tuple[int, int]]) -> tuple[list[Found], tuple[Conflict, ...]]:
    names = name_conflicts(draft)
    facts = [
        fact
        for fact in fact_conflicts(draft, sentences)
        if not any(fact.start < name.end and name.start < fact.end for name in names)
    ]
    # a place or a person got wrong is no left-over firm
    firms = [
        firm
        for firm in company_conflicts(draft)
        if not any(firm.start < other.end and other.start < firm.end for other in (*names, *facts))
        and not any(other.text == firm.text for other in (*names, *facts))
    ]
    conflicts = (*names, *firms, *facts)
    found = [one for one in find_topics(draft, sentences) if not _contradicted(one.match, conflicts)]
    return found, tuple(sorted(conflicts, key=lambda conflict: conflict.start))


def _settled(found: Sequence[Found], draft: Draft, conflicts: Sequence[Conflict]) -> list[NoteItem]:
    """Items that need no asking by meaning: matched already, or the very ones the draft got wrong."""
    wrong = [
        item
        for item in draft.note_items
        if any(conflict.expected in item.text or conflict.text in item.text for conflict in conflicts)
    ]
    return [*(one.match.item for one in found if one.match.item.source == "notes"), *wrong]


def _contradicted(match: NoteMatch, conflicts: Sequence[Conflict]) -> bool:
    """A place that the notes contradict recalls nothing, nor does the thing that the wrong figure or name was said of."""
    if match.item.source != "notes":
        return False
    return any(
        (conflict.start < match.end and match.start < conflict.end)
        or (
            conflict.fault == "wrong_fact"
            and conflict.expected in match.item.text
            and match.start < conflict.end + _NEAR_CHARACTERS
            and conflict.start < match.end + _NEAR_CHARACTERS
        )
        for conflict in conflicts
    )
