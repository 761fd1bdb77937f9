"""Turn untidy jottings and the fields of a case into note items that can be matched."""

from __future__ import annotations

import re
from functools import lru_cache

from analyzer.parsing.words import is_common, stem, tokens_of
from analyzer.resources import load_toml
from analyzer.types import Case, NoteItem

# jottings end at a full stop, semicolon, line break, bullet, arrow or " - "; commas part them too, except inside figures
_BORDER = re.compile(r"(?<=[.!?])(?<!\b[MmDd][rs]\.)(?<!\bMrs\.)(?<!\bProf\.)(?<!\b[Ii]ng\.)(?<!\bSt\.)\s+|[;\n\r•·|]+|,(?!\d{3}\b)\s*|\s+[-–—*]\s+|\s*(?:->|→|=>|>>)\s*|\s+\+\s+|[()\[\]]")
_WORD = re.compile(r"[^\W\d_]+(?:[-'’.][^\W\d_]+)*", re.UNICODE)


@lru_cache(maxsize=1)
def _private_patterns() -> tuple[tuple[re.Pattern[str], ...], frozenset[str]]:
    section = load_toml("notes.toml")["private"]
    patterns = tuple(re.compile(pattern, re.IGNORECASE) for pattern in section["patterns"])
    return patterns, frozenset(stem(word) for word in section["stems"])


def _is_private(text: str) -> bool:
    patterns, stems = _private_patterns()
    return any(pattern.search(text) for pattern in patterns) or any(token.stem in stems for token in tokens_of(text))


def _content_stems(text: str) -> tuple[str, ...]:
    stems: list[str] = []
    for token in tokens_of(text):
        if (token.is_figure or not is_common(token.text)) and token.stem not in stems and len(token.stem) > 1:
            stems.append(token.stem)
    return tuple(stems)


def _topics(notes: str) -> list[NoteItem]:
    items = []
    start = 0
    for border in [*_BORDER.finditer(notes), None]:
        end = border.start() if border else len(notes)
        piece = notes[start:end]
        stripped = piece.strip(" \t\r\n.,:-")
        if stripped:
            at = start + piece.index(stripped)
            terms = _content_stems(stripped)
            if terms:
                items.append(NoteItem(stripped, "notes", "topic", at, at + len(stripped), terms, _is_private(stripped)))
        start = border.end() if border else end
    return items


def _field_items(case: Case) -> list[NoteItem]:
    items = []
    at = 0
    for name in case.interviewer.split(";"):
        stripped = name.strip()
        if stripped:
            begin = case.interviewer.index(stripped, at)
            items.append(
                NoteItem(stripped, "interviewer", "person", begin, begin + len(stripped), _content_stems(stripped))
            )
            at = begin + len(stripped)
    if case.company.strip():
        text = case.company.strip()
        begin = case.company.index(text)
        items.append(
            NoteItem(
                text,
                "company",
                "organisation",
                begin,
                begin + len(text),
                tuple(token.stem for token in tokens_of(text)),
            )
        )
    if case.role.strip():
        text = case.role.strip()
        begin = case.role.index(text)
        items.append(
            NoteItem(text, "role", "topic", begin, begin + len(text), tuple(token.stem for token in tokens_of(text)))
        )
    return items


def note_items(case: Case) -> tuple[NoteItem, ...]:
    """The things a draft could recall, in the order of the fields and then of the notes.

    Offsets are into the text of the item's source. Common words carry no meaning here and are left out of ``terms``;
    a jotting without any term left, or that only repeats the fields, is dropped. ``private`` marks what had better not be said to an employer.
    """
    fields = _field_items(case)
    named = {term for item in fields for term in item.terms}
    return (*fields, *(item for item in _topics(case.notes) if not named.issuperset(item.terms)))


def known_words(case: Case) -> frozenset[str]:
    """Words that are right as they stand because the notes or the fields spell them so: names, firms, terms of the trade."""
    text = "\n".join((case.notes, case.interviewer, case.company, case.role))
    return frozenset(match.group() for match in _WORD.finditer(text) if len(match.group()) > 2)
