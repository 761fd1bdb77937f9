"""Turn untidy jottings and the fields of a case into note items that can be matched."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from analyzer.parsing.unwise import likelihood_withheld, likelihoods
from analyzer.parsing.words import is_common, stem, tokens_of
from analyzer.resources import load_toml
from analyzer.types import Case, ItemKind, NoteItem

# jottings end at a full stop, semicolon, line break, bullet, arrow or " - "; commas part them too, except inside figures
_BORDER = re.compile(
    r"(?<=[.!?])(?<!\b[MmDd][rs]\.)(?<!\bMrs\.)(?<!\bProf\.)(?<!\b[Ii]ng\.)(?<!\bSt\.)\s+|[;\n\r•·|]+|,(?!\d{3}\b)\s*|\s+[-–—*]\s+|\s*(?:->|→|=>|>>)\s*|\s+\+\s+|[()\[\]]"
)
_WORD = re.compile(r"[^\W\d_]+(?:[-'’.][^\W\d_]+)*", re.UNICODE)


@dataclass(frozen=True, slots=True)
class _Withheld:
    why: str
    spreads: bool
    stems: frozenset[str]
    patterns: tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True)
class _Sort:
    kind: ItemKind
    worth: float
    why: str
    pattern: re.Pattern[str]


@lru_cache(maxsize=1)
def _withheld() -> tuple[_Withheld, ...]:
    return tuple(
        _Withheld(
            entry["why"],
            entry.get("spreads", False),
            frozenset(stem(word) for word in entry["stems"]),
            tuple(re.compile(pattern, re.IGNORECASE) for pattern in entry["patterns"]),
        )
        for entry in load_toml("notes.toml")["withheld"]
    )


@lru_cache(maxsize=1)
def _sorts() -> tuple[_Sort, ...]:
    return tuple(
        _Sort(entry["kind"], entry["worth"], entry["why"], re.compile(entry["pattern"], re.IGNORECASE))
        for entry in load_toml("notes.toml")["item_kind"]
    )


def why_withheld(text: str) -> str:
    """Why a jotting is better kept out of the letter (pay, another offer, a remark about someone …), '' where it may be told."""
    stems = {token.stem for token in tokens_of(text)}
    return next(
        (
            entry.why
            for entry in _withheld()
            if stems & entry.stems or any(pattern.search(text) for pattern in entry.patterns)
        ),
        "",
    )


def sort_of(text: str) -> tuple[ItemKind, float, str]:
    """What sort of thing a jotting is, what suggesting it is worth, and why, in words for the writer."""
    sort = next(entry for entry in _sorts() if entry.pattern.search(text))
    return sort.kind, sort.worth, sort.why


def _content_stems(text: str) -> tuple[str, ...]:
    stems: list[str] = []
    for token in tokens_of(text):
        if (token.is_figure or not is_common(token.text)) and token.stem not in stems and len(token.stem) > 1:
            stems.append(token.stem)
    return tuple(stems)


def _topics(notes: str) -> list[NoteItem]:
    items: list[NoteItem] = []
    start = 0
    for border in [*_BORDER.finditer(notes), None]:
        end = border.start() if border else len(notes)
        piece = notes[start:end]
        stripped = piece.strip(" \t\r\n.,:-")
        if any(char.isalnum() for char in stripped):
            at = start + piece.index(stripped)
            withheld = why_withheld(stripped) or _spread(notes, items, at)
            kind, _, why = sort_of(stripped)
            terms = _content_stems(stripped)
            items.append(
                NoteItem(stripped, "notes", kind, at, at + len(stripped), terms, bool(withheld), withheld or why)
            )
        start = border.end() if border else end
    return items


def _spread(notes: str, items: list[NoteItem], at: int) -> str:
    """Why a jotting is withheld because the one before it in the same sentence is ("also talking to Finoro, their 2nd round is Monday")."""
    if not items or not items[-1].private or re.search(r"[.;\n!?]", notes[items[-1].end : at]):
        return ""
    spreading = {entry.why for entry in _withheld() if entry.spreads}
    return items[-1].why if items[-1].why in spreading else ""


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
    a jotting that only repeats the fields is dropped. ``private`` marks what had better not be said to an employer, ``why`` says why.
    """
    items = items_by_pattern(case)
    jotted = [item for item in items if item.source == "notes"]
    likely = likelihoods([item.text for item in jotted], [item.why if item.private else "" for item in jotted])
    # in doubt nothing is suggested: no pattern knows the jotting, but it is like others that are better left out
    doubted = {
        item for item, sure in zip(jotted, likely, strict=True) if not item.private and sure >= likelihood_withheld()
    }
    why = load_toml("notes.toml")["doubt"]["why"]
    return tuple(replace(item, private=True, why=why) if item in doubted else item for item in items)


def items_by_pattern(case: Case) -> tuple[NoteItem, ...]:
    """The same items, marked private by the word patterns alone: what the learnt likelihood starts from."""
    fields = _field_items(case)
    named = {term for item in fields for term in item.terms}
    return (*fields, *(item for item in _topics(case.notes) if not item.terms or not named.issuperset(item.terms)))


def known_words(case: Case) -> frozenset[str]:
    """Words that are right as they stand because the notes or the fields spell them so: names, firms, terms of the trade."""
    text = "\n".join((case.notes, case.interviewer, case.company, case.role))
    return frozenset(match.group() for match in _WORD.finditer(text) if len(match.group()) > 2)
