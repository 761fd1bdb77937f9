"""Whether one shared word is more than chance, and what of the notes the draft says in other words: by sentence embeddings.

The jottings that word by word comparison left open are held against the clauses of the draft: cosine of all-MiniLM-L6-v2 (Reimers and Gurevych
2019; Wang et al. 2020), see ``parsing.embedding``. All texts of a batch of drafts run through the model together. Thresholds were read
off ``data/matching/dev.jsonl``; ``python -m benchmarks.matching`` measures what they bring and cost. A text costs about 2 ms, so that by
default only doubts are asked ("doubts"); the search for paraphrases ("all") costs five times that, and finds few.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from analyzer.matching.clauses import clauses_of
from analyzer.matching.topics import Found
from analyzer.parsing.embedding import embed
from analyzer.parsing.words import is_common
from analyzer.types import Draft, NoteItem, NoteMatch

Meaning = Literal["none", "doubts", "all"]

# cosine from which a jotting without a shared word is taken to be meant
_MEANT = 0.40
# a single shared word wants this much of cosine and telling length together
_LIKELY = 0.38
_PER_LETTER, _NAME = 0.02, 0.10
_PLAIN_LETTERS, _MOST_LETTERS = 5, 10
_FEWEST_WORDS = 2


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be asked of the model about one draft: its clauses, doubtful matches, and jottings without a match."""

    draft: Draft
    clauses: tuple[tuple[int, int], ...]
    doubtful: tuple[Found, ...]
    open_items: tuple[NoteItem, ...]


def question_of(
    draft: Draft,
    sentences: Sequence[tuple[int, int]],
    found: Sequence[Found],
    taken: Sequence[NoteItem],
    meaning: Meaning,
) -> Question:
    """The question of one draft. ``taken`` are note items that need no asking: matched, or contradicted by the draft."""
    clauses = tuple(clause for start, end in sentences for clause in clauses_of(draft.text, start, end))
    asked = [
        item
        for item in draft.note_items
        if item.source == "notes"
        and len(item.text.split()) >= _FEWEST_WORDS
        and not any(item.start < other.end and other.start < item.end for other in taken)
    ]
    doubtful = tuple(one for one in found if one.word)
    return Question(draft, clauses, doubtful, tuple(asked) if clauses and meaning == "all" else ())


def answer(questions: Sequence[Question]) -> tuple[tuple[NoteMatch, ...], ...]:
    """For each draft the doubtful matches that hold and the semantic ones, all texts in one run of the model."""
    texts: dict[str, int] = {}
    for question in questions:
        for text in _texts(question):
            texts.setdefault(text, len(texts))
    if not texts:
        return tuple(() for _ in questions)
    vectors = embed(list(texts))

    def cosine(one: str, other: str) -> float:
        return float(vectors[texts[one]] @ vectors[texts[other]])

    made = []
    for question in questions:
        text = question.draft.text
        kept = []
        for found in question.doubtful:
            clause = _clause_of(question, found.match)
            sure = max(cosine(found.match.item.text, text[clause[0] : clause[1]]), 0.0)
            if sure + _telling(found) >= _LIKELY:
                kept.append(found.match)
        for item in question.open_items:
            best = max(question.clauses, key=lambda clause: cosine(item.text, text[clause[0] : clause[1]]))
            sure = cosine(item.text, text[best[0] : best[1]])
            if sure >= _MEANT:
                developed = _rare_words(text[best[0] : best[1]]) >= _FEWEST_WORDS
                kept.append(NoteMatch(item, "semantic", best[0], best[1], round(min(1.0, sure), 3), developed))
        made.append(tuple(kept))
    return tuple(made)


def _texts(question: Question) -> list[str]:
    text = question.draft.text
    wanted = [found.match.item.text for found in question.doubtful] + [item.text for item in question.open_items]
    if question.open_items:
        wanted += [text[start:end] for start, end in question.clauses]
    return wanted + [text[slice(*_clause_of(question, found.match))] for found in question.doubtful]


def _clause_of(question: Question, match: NoteMatch) -> tuple[int, int]:
    return next(
        ((start, end) for start, end in question.clauses if start <= match.start < end), (match.start, match.end)
    )


def _telling(found: Found) -> float:
    """How much the shared word itself says: a name and a long word more than "rota"."""
    word = found.word
    named = word[0].isupper() and not found.opens
    return _PER_LETTER * (min(len(word), _MOST_LETTERS) - _PLAIN_LETTERS) + _NAME * named


def _rare_words(text: str) -> int:
    return sum(not is_common(word.strip(".,;:!?")) for word in text.split())
