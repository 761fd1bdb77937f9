"""Words that stand in a draft only to fill it: sentences said again, names in a row, whole stretches copied from the notes.

Games must not pay. What is found here counts for nothing: the pipeline judges the draft with and without it, and the lower rating of
each trait holds. Writers of essays try the same with machine scorers (Higgins & Heilman 2014, "Managing what we can measure").
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from analyzer.parsing.words import fold
from analyzer.types import Stuffed

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
# a sentence of fewer words may be said twice in good faith ("Thank you so much.")
_FEWEST_WORDS_AGAIN = 5
# so many words in a row that stand in the notes too are copied: of the first 700 training drafts one has ten, a quotation
_COPIED_WORDS = 10
# the same one to eight words so often in a row are no speech
_LONGEST_ROW, _FEWEST_IN_ROW = 8, 3


def stuffed_spans(text: str, notes: str, sentences: Sequence[tuple[int, int]]) -> tuple[Stuffed, ...]:
    """All such spans inside the given sentences, in text order, without overlap."""
    found = [*_said_again(text, sentences)]
    if sentences:
        start, end = sentences[0][0], sentences[-1][1]
        words = [(fold(match.group()), match.start(), match.end()) for match in _WORD.finditer(text, start, end)]
        found += _in_a_row(words)
        found += _copied(words, notes)
    kept: list[Stuffed] = []
    for span in sorted(found, key=lambda span: (span.start, -span.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return tuple(kept)


def without(text: str, spans: Sequence[Stuffed]) -> str:
    """The text with the spans taken out, and the blanks that would stand double."""
    pieces, at = [], 0
    for span in spans:
        pieces.append(text[at : span.start])
        at = span.end
    pieces.append(text[at:])
    joined = pieces[0]
    for piece in pieces[1:]:
        joined = joined.rstrip(" ") + piece if joined.endswith(" ") and piece[:1].isspace() else joined + piece
    return re.sub(r"\n{3,}", "\n\n", joined)


def _said_again(text: str, sentences: Sequence[tuple[int, int]]) -> list[Stuffed]:
    seen: set[tuple[str, ...]] = set()
    found = []
    for start, end in sentences:
        words = tuple(fold(match.group()) for match in _WORD.finditer(text, start, end))
        if len(words) >= _FEWEST_WORDS_AGAIN and words in seen:
            found.append(Stuffed(start, end, "said_again"))
        seen.add(words)
    return found


def _in_a_row(words: Sequence[tuple[str, int, int]]) -> list[Stuffed]:
    folded = [word for word, _, _ in words]
    found, at = [], 0
    while at < len(words):
        for length in range(1, _LONGEST_ROW + 1):
            run, times = folded[at : at + length], 1
            while run and folded[at + times * length : at + (times + 1) * length] == run:
                times += 1
            # "very very very" and "thank you thank you thank you" are weak, but speech
            if times >= _FEWEST_IN_ROW + (length <= 2):
                last = at + times * length - 1
                found.append(Stuffed(words[at + length][1], words[last][2], "in_a_row"))
                at = last
                break
        at += 1
    return found


def _copied(words: Sequence[tuple[str, int, int]], notes: str) -> list[Stuffed]:
    noted = [fold(match.group()) for match in _WORD.finditer(notes)]
    runs = {tuple(noted[at : at + _COPIED_WORDS]) for at in range(len(noted) - _COPIED_WORDS + 1)}
    folded = [word for word, _, _ in words]
    inside = [False] * len(words)
    for at in range(len(words) - _COPIED_WORDS + 1):
        if runs and tuple(folded[at : at + _COPIED_WORDS]) in runs:
            inside[at : at + _COPIED_WORDS] = [True] * _COPIED_WORDS
    found, at = [], 0
    while at < len(words):
        if inside[at]:
            last = at
            while last + 1 < len(words) and inside[last + 1]:
                last += 1
            found.append(Stuffed(words[at][1], words[last][2], "copied_notes"))
            at = last
        at += 1
    return found
