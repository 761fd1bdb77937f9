"""Which note items the draft speaks of: exactly, or spelt otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz.distance import DamerauLevenshtein

from analyzer.parsing.words import Token, is_common, tokens_of
from analyzer.types import Draft, How, NoteItem, NoteMatch

# Words of at least this many letters may differ by one slip and still be the same word.
_FUZZY_LETTERS = 6
# An item of one rare word or figure is matched by it; a longer one wants this share of its terms.
_WANTED_SHARE = 0.34
# A sentence that names an item and adds at least this many content words says something about it.
_DEVELOPED_WORDS = 5


@lru_cache(maxsize=50_000)
def _one_slip_apart(one: str, other: str) -> bool:
    return one[0] == other[0] and DamerauLevenshtein.distance(one, other, score_cutoff=1) <= 1


def _find(term: str, tokens: Sequence[Token]) -> tuple[Token, How, float] | None:
    for token in tokens:
        if token.stem == term:
            return token, "exact", 1.0
    if len(term) >= _FUZZY_LETTERS and not term[0].isdigit():
        for token in tokens:
            if len(token.stem) >= _FUZZY_LETTERS - 1 and _one_slip_apart(term, token.stem):
                return token, "fuzzy", 1.0 - 1.0 / len(term)
    for token in tokens:
        pieces = token.text.split("-")
        if len(pieces) > 1 and term in {piece.stem for piece in tokens_of(" ".join(pieces))}:
            return token, "fuzzy", 0.9
    return None


def _match_in_sentence(item: NoteItem, tokens: Sequence[Token]) -> NoteMatch | None:
    hits = [hit for term in item.terms if (hit := _find(term, tokens)) is not None]
    if not hits:
        return None
    share = len(hits) / len(item.terms)
    # a person is named by any part of the name, if it is written as one
    if item.kind == "person":
        hits = [hit for hit in hits if hit[0].text[0].isupper()]
        if not hits:
            return None
    # one shared word of many is a coincidence unless it is a figure or a long one
    strong = any(hit[0].is_figure or len(hit[0].stem) >= _FUZZY_LETTERS for hit in hits)
    if item.kind != "person":
        if share < _WANTED_SHARE and not (strong and len(hits) >= 2):
            return None
        if len(hits) == 1 and len(item.terms) > 1 and not strong:
            return None
    how: How = "exact" if all(hit[1] == "exact" for hit in hits) and share == 1.0 else "fuzzy"
    start, end = min(hit[0].start for hit in hits), max(hit[0].end for hit in hits)
    similarity = round(sum(hit[2] for hit in hits) / len(item.terms), 3)
    matched = {hit[0].start for hit in hits}
    added = sum(1 for token in tokens if token.start not in matched and not is_common(token.text))
    return NoteMatch(item, how, start, end, similarity, added >= _DEVELOPED_WORDS)


def match_topics(draft: Draft, sentences: Sequence[tuple[int, int]]) -> tuple[NoteMatch, ...]:
    """The best match of every note item, in text order; fields (interviewer, company, role) are matched anywhere."""
    by_sentence = [tokens_of(draft.text, start, end) for start, end in sentences]
    everywhere = [
        *by_sentence,
        *(tokens_of(draft.text, start, end) for start, end in draft.spans_of("subject", "greeting")),
    ]
    found = []
    for item in draft.note_items:
        places = by_sentence if item.source == "notes" else everywhere
        candidates = [match for tokens in places if (match := _match_in_sentence(item, tokens)) is not None]
        if candidates:
            found.append(max(candidates, key=lambda match: (match.similarity, match.developed, -match.start)))
    return tuple(sorted(found, key=lambda match: (match.start, match.end, match.item.start)))
