"""Another firm's name where this firm's belongs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import Postfix, Prefix

from analyzer.parsing.words import fold
from analyzer.resources import load_toml
from analyzer.types import Conflict, Draft

# a full stop inside a word belongs to a name ("Amazon.com"), one before a space ends the sentence
_NAME = r"(?<![^\W_])[A-ZÀ-Þ][\w'&-]*(?:\.[\w'&-]+)*(?:\s+(?:(?:&|and|of)\s+)?[A-ZÀ-Þ][\w&-]*(?:\.[\w&-]+)*){0,3}"
# a first word this long is a name by itself ("Polestar" of Polestar Manning)
_TELLING_LETTERS = 6
# how far around a rival's name, in characters, it may be spoken of as another firm
_BEFORE, _AFTER = 45, 30
# in jottings "and" parts two names
_NAME_ALONE = r"(?:[A-ZÀ-Þ][\w'&.-]*)(?:\s+(?:&\s+)?[A-ZÀ-Þ][\w&.-]*){0,3}"
# a name this like the firm's is the firm's, short or slightly misspelt
_SAME_FIRM_PERCENT = 80.0
# so much of the shorter name at its beginning or end: an ending or a first letter bent by grammar ("w Mostarze", "i Gaerdydd")
_SAME_END_SHARE, _SAME_END_LETTERS = 0.75, 5


@dataclass(frozen=True, slots=True)
class _Patterns:
    joining: tuple[re.Pattern[str], ...]
    rival: re.Pattern[str]
    rival_spoken_of: re.Pattern[str]
    past: re.Pattern[str]
    suffixes: frozenset[str]
    not_firms: frozenset[str]
    places: frozenset[str]


@lru_cache(maxsize=1)
def _patterns() -> _Patterns:
    section = load_toml("names.toml")["company"]
    return _Patterns(
        joining=tuple(
            re.compile(re.sub(r"\bNAME\b", lambda _: _NAME, _case_free(pattern)))
            for pattern in section["joining_patterns"]
        ),
        rival=re.compile(section["rival_pattern"], re.IGNORECASE),
        rival_spoken_of=re.compile(section["rival_spoken_of_pattern"], re.IGNORECASE),
        past=re.compile(section["past_pattern"], re.IGNORECASE),
        suffixes=frozenset(section["suffixes"]),
        not_firms=frozenset((*section["not_firms"], *load_toml("names.toml")["titles"])),
        places=frozenset(section["place_words"]),
    )


def _case_free(pattern: str) -> str:
    """Ignore case outside the NAME, whose capitals carry the meaning."""
    head, name, tail = pattern.partition("(?=(?P<name>NAME")
    return f"(?i:{head}){name}{tail}" if head else pattern


def _words(name: str) -> set[str]:
    suffixes = _patterns().suffixes
    return {word for word in re.findall(r"[^\W_]+", fold(name).replace("'s", "")) if word not in suffixes}


def _initials(name: str) -> str:
    return "".join(word[0] for word in re.findall(r"[^\W_]+", fold(name)) if word not in ("of", "and", "the"))


def is_same_firm(name: str, company: str) -> bool:
    """Whether ``name`` is ``company`` in full, in short, by its initials, or with a slip."""
    one, other = _words(name), _words(company)
    if not one or not other:
        return False
    if one & other:
        return True
    squeezed, whole = "".join(re.findall(r"[^\W_]+", fold(name))), "".join(re.findall(r"[^\W_]+", fold(company)))
    return (
        squeezed in whole
        or whole in squeezed
        or squeezed in (_initials(company), _initials(company)[:-1])
        or fuzz.ratio(squeezed, whole) >= _SAME_FIRM_PERCENT
        or any(is_inflected(first, second) for first in one for second in other)
    )


def is_inflected(one: str, other: str) -> bool:
    """Whether two folded words are one word bent by the grammar of some language: most of the shorter is the other's beginning or end."""
    shorter = min(len(one), len(other))
    same = max(Prefix.similarity(one, other), Postfix.similarity(one, other))
    return same >= _SAME_END_LETTERS and same >= shorter * _SAME_END_SHARE


def company_conflicts(draft: Draft) -> tuple[Conflict, ...]:
    """Places where the draft speaks of joining a firm that is not the one of the case.

    Only names in a place where this firm's name belongs ("the role at …", "joining …") count; firms the notes speak of,
    former employers, clients and competitors are left alone. Silent where no company is given.
    """
    company = draft.case.company.strip()
    if not company:
        return ()
    patterns = _patterns()
    own_words = _innocent_words(draft)
    found: dict[int, Conflict] = {}
    for start, end in draft.spans_of("body", "subject"):
        for match in (match for pattern in patterns.joining for match in pattern.finditer(draft.text, start, end)):
            name = match.group("name").removesuffix("'s").removesuffix("’s").rstrip(".,'-")
            at = match.start("name")
            words = _words(name)
            clause = re.split(r"[.;!?]", draft.text[start:at])[-1]
            if (
                not words
                or words & (own_words | patterns.places)
                or is_same_firm(name, company)
                or patterns.past.search(clause)
                or _opens_sentence(draft.text, at, start)
            ):
                continue
            message = f"“{name}” stands where {company} belongs. If it is left over from another application, put {company} here."
            found.setdefault(at, Conflict("wrong_company", at, at + len(name), name, company, message))
    for conflict in _rivals_named(draft, company):
        if not any(conflict.start < other.end and other.start < conflict.end for other in found.values()):
            found[conflict.start] = conflict
    return tuple(found[at] for at in sorted(found))


def rival_names(notes: str, known: set[str]) -> tuple[str, ...]:
    """Capitalised names in jottings that speak of another application, without the words in ``known``."""
    patterns = _patterns()
    names: list[str] = []
    for piece in re.split(r"[.;\n]", notes):
        if patterns.rival.search(piece):
            for match in re.finditer(_NAME_ALONE, piece):
                names.extend(name for name in _readings(match.group()) if not _words(name) & known and _words(name))
    return tuple(names)


_MEETING = re.compile(r"\b(?:meet|meeting|see|seeing|thank|thanks|tell|call|and)\s+$", re.IGNORECASE)
_OPENINGS = frozenset(
    {"also", "other", "another", "sent", "interview", "applied", "have", "next", "said", "they", "she"}
)


def _readings(name: str) -> list[str]:
    """A name of the notes, its halves where "&" may part two firms, and its first word by which it may be called."""
    words = name.split()
    if words[0].lower() in _OPENINGS:
        words = words[1:]
    whole = " ".join(words)
    first = [words[0]] if len(words) > 1 and len(words[0]) >= _TELLING_LETTERS else []
    return [reading for reading in [whole, *re.split(r"\s+&\s+", whole)[1:], *first] if reading]


def _rivals_named(draft: Draft, company: str) -> list[Conflict]:
    """Rival firms of the notes that the draft names as if they were this one."""
    patterns = _patterns()
    known = _words(company) | _words(draft.case.interviewer) | _words(draft.case.role) | patterns.not_firms
    greeted = {word for start, end in draft.spans_of("greeting", "signature") for word in _words(draft.text[start:end])}
    found = []
    for name in rival_names(draft.case.notes, known | greeted):
        for start, end in draft.spans_of("body", "subject"):
            for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", draft.text[start:end]):
                at = start + match.start()
                near = min(end, at + len(name) + _AFTER)
                # what follows such a word decides ("another position"), so the pattern may look beyond
                spoken_of = patterns.rival_spoken_of.search(draft.text, max(start, at - _BEFORE), end)
                if not (spoken_of and spoken_of.start() < near) and not _MEETING.search(draft.text[start:at]):
                    message = f"Your notes have “{name}” down as another application; {company} belongs here."
                    found.append(Conflict("wrong_company", at, at + len(name), name, company, message))
    return found


def _innocent_words(draft: Draft) -> set[str]:
    """Words of names that the notes, the fields or the letter's own frame account for; a rival application in the notes does not."""
    patterns = _patterns()
    notes = " ".join(piece for piece in re.split(r"[.;\n()]", draft.case.notes) if not patterns.rival.search(piece))
    words = _words(notes) | _words(draft.case.role) | _words(draft.case.interviewer) | patterns.not_firms
    for start, end in draft.spans_of("signature", "greeting"):
        words |= _words(draft.text[start:end])
    return words


def _opens_sentence(text: str, at: int, start: int) -> bool:
    """A name that opens a sentence is capitalised anyway, so it proves nothing."""
    before = text[start:at].rstrip()
    return not before or before[-1] in ".!?:"
