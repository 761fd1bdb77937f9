"""Names of people: is the greeting's name the interviewer's, letter by letter?"""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz.distance import DamerauLevenshtein

from analyzer.parsing.layout import writer_name
from analyzer.parsing.words import fold
from analyzer.resources import load_toml
from analyzer.types import Conflict, Draft

_NAME_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*", re.UNICODE)
# A swap of two neighbours counts as one slip. Beyond this share of the letters it is another name, not a misspelling.
_MISSPELT_SHARE = 0.45
# In running text only a close likeness to a known name is called a slip: words that merely resemble names abound.
_MISSPELT_IN_BODY = 0.26
_SHORTEST_IN_BODY = 5


@lru_cache(maxsize=1)
def _titles() -> frozenset[str]:
    return frozenset(fold(title) for title in load_toml("names.toml")["titles"])


@lru_cache(maxsize=1)
def _nicknames() -> dict[str, frozenset[str]]:
    table: dict[str, frozenset[str]] = {}
    for short, full in load_toml("names.toml")["nicknames"].items():
        table[fold(short)] = frozenset(fold(name) for name in full)
    return table


def name_words(text: str) -> tuple[str, ...]:
    """The words of a name without titles, as spelt."""
    return tuple(word for word in _NAME_WORD.findall(text) if fold(word) not in _titles() and len(word) > 1)


def same_name(one: str, other: str) -> bool:
    """Whether two name words are the same name: equal but for case and accents, or a short form ("Bob", "Robert")."""
    first, second = fold(one), fold(other)
    if first == second or first.replace("-", "").replace("'", "") == second.replace("-", "").replace("'", ""):
        return True
    table = _nicknames()
    return (
        second in table.get(first, ())
        or first in table.get(second, ())
        or bool(table.get(first, frozenset()) & table.get(second, frozenset()))
    )


def _distance_share(one: str, other: str) -> float:
    longest = max(len(one), len(other))
    return float(DamerauLevenshtein.distance(fold(one), fold(other))) / longest if longest else 0.0


def _known_words(draft: Draft) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Name words of the interviewers, and all words of the notes that could be names."""
    interviewers = tuple(
        word for part in re.split(r"[;,&/]|\band\b", draft.case.interviewer) for word in name_words(part)
    )
    notes = tuple(_NAME_WORD.findall(draft.case.notes))
    return interviewers, notes


_BRACKETED = re.compile(r"[\[({<*][^\])}>*\n]*[\])}>*]")
_EXCLAMATION = re.compile(r"(?:h+i+|h+e+y+|hell+o+|omg|wow|yo+|dea+r)", re.IGNORECASE)


def _is_exclamation(word: str) -> bool:
    return _EXCLAMATION.fullmatch(word) is not None


def _is_rival(word: str, notes: str) -> bool:
    """Whether the notes name this person as someone from another application ("Mr Oduya is the one at Citadel")."""
    pattern = re.compile(load_toml("names.toml")["company"]["rival_pattern"], re.IGNORECASE)
    pieces = [piece for piece in re.split(r"[.;\n()]", notes) if fold(word) in fold(piece)]
    return bool(pieces) and all(pattern.search(piece) for piece in pieces)


def _greeting_conflicts(draft: Draft, interviewers: tuple[str, ...], notes: tuple[str, ...]) -> list[Conflict]:
    found = []
    own = {fold(word) for word in name_words(writer_name(draft.text, draft.parts))}
    for start, end in draft.spans_of("greeting"):
        bracketed = {at for hit in _BRACKETED.finditer(draft.text, start, end) for at in range(hit.start(), hit.end())}
        # "Hi Keisha it's Destiny!": what follows is the writer's own name
        introduced = re.search(r"\b(?:it['’]?s|this is|i['’]?m|here)\b", draft.text[start:end], re.IGNORECASE)
        end = start + introduced.start() if introduced else end
        for match in _NAME_WORD.finditer(draft.text, start, end):
            word = match.group()
            if (
                fold(word) in _titles()
                or len(word) < 2
                or not word[0].isupper()
                or _is_exclamation(word)
                or match.start() in bracketed
            ):
                continue
            # "Trishhh" is a drawn-out Trish; in "Aoki-sensei" the title is no name
            word = re.sub(r"(.)\1{2,}", r"\1", word)
            parts = [part for part in word.split("-") if fold(part) not in _titles()]
            known = (*interviewers, *notes)
            if _is_rival(word, draft.case.notes) and not any(same_name(word, name) for name in interviewers):
                known = interviewers
            if any(same_name(word, name) for name in known) or all(
                any(same_name(part, name) for name in known) for part in parts
            ):
                continue
            if any(fold(word) in (fold(piece) for piece in re.split(r"[-']", name)) for name in interviewers):
                continue
            if not interviewers:
                close = [
                    name
                    for name in notes
                    if name[0].isupper() and len(name) > 3 and _distance_share(word, name) <= _MISSPELT_IN_BODY
                ]
                expected = close[0] if close else ""
            else:
                expected = min(interviewers, key=lambda name: _distance_share(word, name))
            if not expected or fold(word) in own:
                continue
            if _distance_share(word, expected) <= _MISSPELT_SHARE:
                message = f"The notes spell this name “{expected}”, not “{word}”. A misspelt name is the one slip readers rarely forgive."
            else:
                message = f"You are writing to “{word}”, but the interviewer is {draft.case.interviewer.replace(';', ',')}. Check whom this is for."
                whole = draft.case.interviewer.split(";")[0].strip()
                expected = (
                    name_words(whole)[-1]
                    if re.search(r"\b(mr|ms|mrs|miss|dr|prof)\b", draft.text[start:end], re.IGNORECASE)
                    else name_words(whole)[0]
                )
            found.append(Conflict("wrong_name", match.start(), match.end(), word, expected, message))
    return found


def _body_conflicts(draft: Draft, interviewers: tuple[str, ...], notes: tuple[str, ...]) -> list[Conflict]:
    known = {fold(word) for word in (*interviewers, *notes)} | {fold(word) for word in name_words(draft.case.company)}
    own = {
        fold(word) for start, end in draft.spans_of("signature") for word in _NAME_WORD.findall(draft.text[start:end])
    }
    people = {word for word in interviewers if len(word) >= _SHORTEST_IN_BODY}
    found = []
    for start, end in draft.spans_of("body", "subject", "close"):
        for match in _NAME_WORD.finditer(draft.text, start, end):
            word = match.group().removesuffix("'s").removesuffix("’s")
            folded = fold(word)
            if (
                not word[0].isupper()
                or len(word) < _SHORTEST_IN_BODY
                or folded in known
                or folded in own
                or folded in _titles()
            ):
                continue
            for name in people:
                if (
                    fold(name)[0] == folded[0]
                    and 0 < _distance_share(word, name) <= _MISSPELT_IN_BODY
                    and not folded.startswith(fold(name))
                    and not same_name(word, name)
                ):
                    found.append(
                        Conflict(
                            "wrong_name",
                            match.start(),
                            match.start() + len(word),
                            word,
                            name,
                            f"The notes spell this name “{name}”, not “{word}”.",
                        )
                    )
                    break
    return found


def name_conflicts(draft: Draft) -> tuple[Conflict, ...]:
    """Places where a person's name differs from the notes or the interviewer field.

    Case and accents are forgiven, short forms are known. A greeting by a name the notes do not hold at all is a conflict
    only where an interviewer is given.
    """
    interviewers, notes = _known_words(draft)
    if not interviewers and not notes:
        return ()
    return (*_greeting_conflicts(draft, interviewers, notes), *_body_conflicts(draft, interviewers, notes))
