"""Another firm's name where this firm's belongs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from analyzer.parsing.words import fold
from analyzer.resources import load_toml
from analyzer.types import Conflict, Draft

_NAME = r"(?:[A-ZÀ-Þ][\w'&.-]*|[A-Z]{2,})(?:\s+(?:(?:&|and|of)\s+)?[A-ZÀ-Þ][\w&.-]*){0,3}"
# a name this like the firm's is the firm's, short or slightly misspelt
_SAME_FIRM_PERCENT = 80.0


@dataclass(frozen=True, slots=True)
class _Patterns:
    joining: tuple[re.Pattern[str], ...]
    rival: re.Pattern[str]
    past: re.Pattern[str]
    suffixes: frozenset[str]
    not_firms: frozenset[str]


@lru_cache(maxsize=1)
def _patterns() -> _Patterns:
    section = load_toml("names.toml")["company"]
    return _Patterns(
        joining=tuple(re.compile(re.sub(r"\bNAME\b", lambda _: _NAME, _case_free(pattern))) for pattern in section["joining_patterns"]),
        rival=re.compile(section["rival_pattern"], re.IGNORECASE),
        past=re.compile(section["past_pattern"], re.IGNORECASE),
        suffixes=frozenset(section["suffixes"]),
        not_firms=frozenset(section["not_firms"]),
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
    return squeezed in whole or whole in squeezed or squeezed in (_initials(company), _initials(company)[:-1]) or fuzz.ratio(squeezed, whole) >= _SAME_FIRM_PERCENT


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
            if not words or words & own_words or is_same_firm(name, company) or patterns.past.search(clause) or _opens_sentence(draft.text, at, start):
                continue
            message = f"“{name}” stands where {company} belongs. If it is left over from another application, put {company} here."
            found.setdefault(at, Conflict("wrong_company", at, at + len(name), name, company, message))
    return tuple(found[at] for at in sorted(found))


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
