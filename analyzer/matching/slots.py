"""A name of the draft that stands where the notes have another ("households in Gothenburg", noted "340 households in Uppsala").

Both names must lean on the same rare word within a few words, on the draft's side inside one clause that speaks of the interview. The name of
the draft must be unknown to notes and fields; that of the notes must be missing from the draft. Persons, firms, months and the like are no slots
(they have their own checks), and what the writer did elsewhere contradicts nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from analyzer.matching.clauses import clause_around, speaks_of_elsewhere
from analyzer.matching.companies import is_inflected
from analyzer.parsing.words import Token, fold, is_common, stem, tokens_of
from analyzer.resources import load_toml
from analyzer.types import Conflict, Draft

# words between a name and the word it leans on, the name's own neighbours counted
_REACH_WORDS = 4
_SHORTEST_LETTERS = 4
# a word behind a comma counts only where no other name leans on it without one
_PARTED = 10
_PIECE_END = re.compile(r"[.;!?](?=\s)|\n|\)")


@lru_cache(maxsize=1)
def _no_slot() -> frozenset[str]:
    notes, names, facts = load_toml("notes.toml"), load_toml("names.toml"), load_toml("facts.toml")
    words = [
        *notes["calendar"]["days"],
        *notes["calendar"]["months"],
        *notes["abbreviations"],
        *names["company"]["not_firms"],
    ]
    return frozenset({fold(word) for word in (*words, *names["titles"], *facts["slot"]["no_names"])})


def _halves(token: Token) -> list[str]:
    return [fold(half).removesuffix("'s") for half in re.split(r"[-–/]", token.text) if half]


def _is_name(token: Token, openings: frozenset[int]) -> bool:
    word = token.text
    return (
        word[0].isupper()
        and len(word) >= _SHORTEST_LETTERS
        and token.start not in openings
        and not is_common(word)
        and fold(word).removesuffix("'s") not in _no_slot()
    )


def _anchors(tokens: Sequence[Token], index: int, low: int, high: int) -> dict[str, int]:
    """Stems of the rare words near a name, with how many words away they stand."""
    near: dict[str, int] = {}
    for at in range(max(0, index - _REACH_WORDS), min(len(tokens), index + _REACH_WORDS + 1)):
        token = tokens[at]
        telling = len(token.stem) > 1 if token.is_figure else not is_common(token.text)
        if at != index and low <= token.start < high and telling:
            near.setdefault(token.stem, abs(at - index))
    return near


def _comma_between(text: str, name: Token, tokens: Sequence[Token], word: str) -> bool:
    """Whether a comma parts a name from the nearest place of a word: then another name may lean on it more closely."""
    nearest = min((token for token in tokens if token.stem == word), key=lambda token: abs(token.start - name.start))
    low, high = sorted((name.start, nearest.start))
    return "," in text[low:high]


def _noted_names(draft: Draft) -> list[tuple[Token, dict[str, int]]]:
    """Names in the notes that fill a slot, with the words they lean on."""
    notes = draft.case.notes
    ends = [0, *(match.end() for match in _PIECE_END.finditer(notes)), len(notes) + 1]
    fields = {stem for text in (draft.case.interviewer, draft.case.company) for stem in _stems(text)}
    tokens = tokens_of(notes)
    openings = frozenset(
        next((token.start for token in tokens if token.start >= end), -1) for end in ends
    )  # fmt: skip
    found = []
    for index, token in enumerate(tokens):
        shouted = token.text.isupper() and len(token.text) > _SHORTEST_LETTERS + 1
        # "Mossel Bay store": two capitals in a row are a name even where they open a jotting
        paired = (
            index + 1 < len(tokens) and tokens[index + 1].text[0].isupper() and tokens[index + 1].start - token.end == 1
        )
        if not (_is_name(token, frozenset() if shouted or paired else openings)) or token.stem in fields:
            continue
        low = max(end for end in ends if end <= token.start)
        high = min(end for end in ends if end > token.start)
        near = _anchors(tokens, index, low, high)
        found.append(
            (token, {word: gap + _PARTED * _comma_between(notes, token, tokens, word) for word, gap in near.items()})
        )
    return found


def _stems(text: str) -> set[str]:
    return {token.stem for token in tokens_of(text)} | {stem(part) for part in re.findall(r"[^\W\d_]+", text)}


def _closeness(near: dict[str, int], anchors: dict[str, int]) -> tuple[int, int, int]:
    """How well a noted name fits: words it leans on without a comma between, all of them, and how near the nearest is."""
    shared = near.keys() & anchors.keys()
    return sum(anchors[word] < _PARTED for word in shared), len(shared), -min(anchors[word] for word in shared)


def slot_conflicts(draft: Draft, sentences: Sequence[tuple[int, int]]) -> tuple[Conflict, ...]:
    """Names that stand where the notes have another name, leaning on the same word."""
    noted = _noted_names(draft)
    if not noted:
        return ()
    case = draft.case
    known = {
        half
        for text in (case.notes, case.interviewer, case.company, case.role)
        for token in tokens_of(text)
        for half in (*_halves(token), token.stem)
    }
    for start, end in draft.spans_of("greeting", "signature", "close"):
        known |= {half for token in tokens_of(draft.text, start, end) for half in _halves(token)}
    said = {half for start, end in sentences for token in tokens_of(draft.text, start, end) for half in _halves(token)}
    found = []
    for start, end in sentences:
        tokens = tokens_of(draft.text, start, end)
        for index, token in enumerate(tokens):
            if not _is_name(token, frozenset((start,))) or known & {*_halves(token), token.stem}:
                continue
            if any(is_inflected(half, word) for half in _halves(token) for word in known):
                continue
            low, high = clause_around(draft.text, start, end, token.start, token.end)
            if speaks_of_elsewhere(draft.text, low, high, token.start, token.end):
                continue
            near = _anchors(tokens, index, low, high)
            rivals = [
                (_closeness(near, anchors), other)
                for other, anchors in noted
                if near.keys() & anchors.keys() and not said & set(_halves(other))
            ]
            if rivals:
                right = max(rivals, key=lambda rival: rival[0])[1].text
                message = f"Your notes say {right} here, not {token.text}."
                found.append(Conflict("wrong_fact", token.start, token.end, token.text, right, message))
    return tuple(found)
