"""What every rewriter sees and gives: the read draft with its sentences and voice, and proposals for changes of it."""

from __future__ import annotations

import hashlib
import re
from calendar import month_name
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

from analyzer.parsing.words import tokens_of
from analyzer.resources import load_toml
from analyzer.rewrites.jottings import Phrase
from analyzer.rewrites.voice import Voice
from analyzer.types import Evidence, Issue, Rating, Report

# groups of rules that harm a letter wherever they stand
_MONTHS = frozenset(month_name)
HARMFUL = ("begging", "pressure", "threat", "negative", "entitled", "pay")

# a sentence that asks where things stand
ASKS = re.compile(
    r"\b(?:news|update|decision|decided|where (?:things|we) stand|wonder\w*|follow\w* up|check\w* in|check on|any word)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the body and what is known of it. ``fired`` are groups of rules, ``hinted`` those that are only suspected.

    ``recalls``: it takes up something of the notes; ``named``: in the notes' own words.
    """

    start: int
    end: int
    text: str
    fired: frozenset[str]
    hinted: frozenset[str]
    recalls: bool
    named: bool
    first_of_paragraph: bool

    @property
    def words(self) -> int:
        """How many words it has."""
        return len(tokens_of(self.text))


@dataclass(frozen=True, slots=True)
class Context:
    """One draft as rewriters see it.

    ``phrases`` are of notes the draft leaves out, ``all_phrases`` also of those it takes up.
    ``revised`` are the sentences with their small changes made, once these are known.
    """

    evidence: Evidence
    report: Report
    sentences: tuple[Sentence, ...]
    voice: Voice
    phrases: tuple[Phrase, ...]
    all_phrases: tuple[Phrase, ...] = ()
    revised: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The draft exactly as given."""
        return self.evidence.draft.text

    def choose(self, slot: str, options: Sequence[str]) -> str:
        """One of the options: always the same for the same draft and slot."""
        key = hashlib.sha1(f"{slot}\0{self.text}".encode(), usedforsecurity=False).digest()
        return options[int.from_bytes(key[:4], "big") % len(options)]

    def fault(self, *tags: str) -> float:
        """The highest probability among the faults of the report with these tags, 0 where none holds."""
        return max((fault.probability for fault in self.report.faults if fault.tag in tags), default=0.0)

    def rating(self, trait: str) -> float:
        """The rating of a trait, 1..5."""
        return next(result.rating.value for result in self.report.traits if result.name == trait)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change of ``[start, end)`` into ``after``. ``small`` ones are joined sentence by sentence before they are offered.

    ``needs`` is kept even where the score does not move: what is plainly wrong. ``item`` is the note it takes up ('' for none); a note is
    taken up once. ``keeps_meaning``: only the style changes.
    """

    start: int
    end: int
    after: str
    trait: str
    why: str
    rewriter: str
    item: str = ""
    small: bool = False
    needs: bool = False
    keeps_meaning: bool = False
    order: int = 0


@dataclass(frozen=True, slots=True)
class Trial:
    """A changed draft, judged anew by the same model: ``issues`` are the reference proofreader's."""

    draft: str
    overall: Rating
    issues: tuple[Issue, ...]


class Desk(Protocol):
    """Where changed drafts are tried."""

    def judge(self, texts: Sequence[str]) -> Sequence[Trial]:
        """Each text judged by the same model, in order."""
        ...

    def proofread(self, text: str) -> Sequence[Issue]:
        """What every proofreader says of a text."""
        ...


def words_of(table: str) -> Any:
    """A table of ``resources/rewrites.toml``."""
    return load_toml("rewrites.toml")[table]


@cache
def why_of(name: str) -> str:
    """The reason template of a kind of rewrite."""
    return str(words_of("why")[name])


def any_of(table: str, key: str, text: str) -> bool:
    """Whether any of the patterns of a table is in a text."""
    return any(pattern.search(text) for pattern in _patterns(table, key))


@cache
def _patterns(table: str, key: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in words_of(table)[key])


def says(text: str, phrase: Phrase) -> bool:
    """Whether a text speaks of a note already: more than half of the note's words are in it."""
    terms = {term for term in phrase.item.terms if len(term) > 3}
    lowered = text.lower()
    names = re.findall(r"\b[A-Z][a-z]{3,}\b", phrase.text)
    if any(name in text and name not in _MONTHS for name in names):
        return True
    return bool(terms) and sum(term in lowered for term in terms) * 2 > len(terms)


def capital(text: str) -> str:
    """With a capital first letter."""
    return text[:1].upper() + text[1:]


def tidy(text: str) -> str:
    """One space between words, none before a stop."""
    return re.sub(r"[ \t]{2,}", " ", re.sub(r"[ \t]+([,.;:!?])", r"\1", text))
