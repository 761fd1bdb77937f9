"""Note items that the draft leaves out: which to suggest, best first, and which never."""

from __future__ import annotations

import re
from collections.abc import Sequence

from analyzer.parsing.notes import sort_of
from analyzer.parsing.words import fold, tokens_of
from analyzer.types import Draft, NoteItem, NoteMatch

# More suggestions than this are a list nobody reads.
_MOST_MISSED = 5
# what a jotting is worth beside its sort: each content word up to four, a figure, a neighbour already used
_PER_TERM, _MOST_TERMS, _FIGURE = 0.3, 4, 0.5
_REPEATED_SHARE = 0.5
_TELLING_LETTERS = 12


def missed_items(draft: Draft, matches: Sequence[NoteMatch]) -> tuple[NoteItem, ...]:
    """Unused note items worth adding, best first: worries and wishes before plans and figures, bare words last; private ones never."""
    used = [match.item for match in matches if match.item.source == "notes"]
    used_terms = {term for item in used for term in item.terms}
    named = {
        fold(token.text)
        for text in (draft.case.interviewer, draft.case.company, draft.case.role)
        for token in tokens_of(text)
    }
    spare = [
        item
        for item in _unused(draft, used)
        if not item.private
        and item.terms
        and len(used_terms.intersection(item.terms)) <= len(item.terms) * _REPEATED_SHARE
        and not _introduces(item, named)
        and not _mere_word(item)
    ]
    return tuple(sorted(spare, key=lambda item: (-_worth(item), item.start))[:_MOST_MISSED])


def withheld_items(draft: Draft, matches: Sequence[NoteMatch]) -> tuple[NoteItem, ...]:
    """Unused note items that had better stay out of the letter; their ``why`` says why."""
    used = [match.item for match in matches if match.item.source == "notes"]
    return tuple(item for item in _unused(draft, used) if item.private)


def _unused(draft: Draft, used: Sequence[NoteItem]) -> list[NoteItem]:
    return [
        item
        for item in draft.note_items
        if item.source == "notes" and not any(item.start < other.end and other.start < item.end for other in used)
    ]


def _introduces(item: NoteItem, named: set[str]) -> bool:
    """Whether a jotting is about who the interviewer is or where: half of it stands in the fields."""
    words = [fold(token.text) for token in tokens_of(item.text)]
    return sum(word in named for word in words) * 2 >= len(words)


def _mere_word(item: NoteItem) -> bool:
    """Whether a jotting is one small word ("wobble", "phew") that means nothing by itself."""
    return len(item.terms) == 1 and item.kind == "topic" and item.text.islower() and len(item.text) < _TELLING_LETTERS


def _worth(item: NoteItem) -> float:
    _, worth, _ = sort_of(item.text)
    figure = _FIGURE if re.search(r"\d", item.text) else 0.0
    return worth + _PER_TERM * min(len(item.terms), _MOST_TERMS) + figure
