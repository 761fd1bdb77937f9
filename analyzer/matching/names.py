"""Names of people: is each name the interviewer's or another's of the notes, letter by letter; is it the right person, the right title?"""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz.distance import DamerauLevenshtein

from analyzer.matching.clauses import speaks_of_elsewhere
from analyzer.parsing.layout import writer_name
from analyzer.parsing.words import fold, is_common
from analyzer.resources import load_toml
from analyzer.types import Conflict, Draft

_NAME_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*", re.UNICODE)
# A swap of two neighbours counts as one slip. Beyond this share of the letters it is another name, not a misspelling.
_MISSPELT_SHARE = 0.45
# In running text only a close likeness to a known name is called a slip: words that merely resemble names abound.
_MISSPELT_IN_BODY = 0.26
_SHORTEST_IN_BODY = 5
_SHORT_FORM_LETTERS, _LEFT_OFF_LETTERS = 3, 2


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
    if _is_short_form(first, second) or _is_short_form(second, first):
        return True
    return (
        second in table.get(first, ())
        or first in table.get(second, ())
        or bool(table.get(first, frozenset()) & table.get(second, frozenset()))
    )


def _is_short_form(short: str, full: str) -> bool:
    """As "Inma" for Inmaculada, "Gio" for Giovanni: the start of the name, two letters short at least (Ann is no short Anna)."""
    return len(short) >= _SHORT_FORM_LETTERS and len(full) - len(short) >= _LEFT_OFF_LETTERS and full.startswith(short)


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


@lru_cache(maxsize=1)
def _addressees() -> frozenset[str]:
    return frozenset(fold(word) for word in load_toml("names.toml")["addressees"])


@lru_cache(maxsize=8)
def _spoken_to(key: str) -> re.Pattern[str]:
    return re.compile(load_toml("names.toml")["spoken_to"][key], re.IGNORECASE if key == "met" else re.NOFLAG)


def _plain(word: str) -> str:
    """Drawn-out letters taken back: "Trishhh" is Trish."""
    return re.sub(r"(.)\1{2,}", r"\1", word)


def _is_known(word: str, known: tuple[str, ...]) -> bool:
    """Whether a word, or each half of it, is one of the names; in "Aoki-sensei" the title is no name."""
    parts = [part for part in word.split("-") if fold(part) not in _titles()]
    return (
        any(same_name(word, name) for name in known)
        or all(any(same_name(part, name) for name in known) for part in parts)
        or any(fold(word) in (fold(piece) for piece in re.split(r"[-']", name)) for name in known)
    )


def _called(draft: Draft, start: int, end: int) -> list[tuple[str, int, int]]:
    """The words of a greeting that must be names: (word, start, end); titles, "Members of the Board" and the writer's own name are none."""
    text = draft.text
    bracketed = {at for hit in _BRACKETED.finditer(text, start, end) for at in range(hit.start(), hit.end())}
    # "Hi Keisha it's Destiny!": what follows is the writer's own name
    introduced = re.search(r"\b(?:it['’]?s|this is|i['’]?m|here)\b", text[start:end], re.IGNORECASE)
    own = {fold(word) for word in name_words(writer_name(text, draft.parts))}
    firm = {fold(word) for word in _NAME_WORD.findall(f"{draft.case.company} {draft.case.role}")}
    found = []
    for match in _NAME_WORD.finditer(text, start, start + introduced.start() if introduced else end):
        word = match.group()
        if (
            fold(word) not in _titles() | _addressees() | own | firm
            and len(word) > 1
            and not _is_exclamation(word)
            and match.start() not in bracketed
        ):
            found.append((_plain(word), match.start(), match.end()))
    return found


def _greeting_conflicts(draft: Draft, interviewers: tuple[str, ...], notes: tuple[str, ...]) -> list[Conflict]:
    found = []
    for start, end in draft.spans_of("greeting"):
        called = _called(draft, start, end)
        right = {name for name in interviewers if any(same_name(word, name) for word, _, _ in called)}
        for word, at, stop in called:
            known = (*interviewers, *notes)
            if _is_rival(word, draft.case.notes) and not any(same_name(word, name) for name in interviewers):
                known = interviewers
            if _is_known(word, known):
                continue
            beside = bool(right) and not re.search(r"\band\b|[,&;/]", draft.text[start:end].rstrip(" ,"), re.IGNORECASE)
            expected = _expected(word, interviewers, notes, right if beside else set())
            if expected and (word[0].isupper() or _distance_share(word, expected) <= _MISSPELT_IN_BODY):
                found.append(_wrong_greeting(draft, (start, end), word, (at, stop), expected))
    return found


def _expected(word: str, interviewers: tuple[str, ...], notes: tuple[str, ...], right: set[str]) -> str:
    """The name that should stand there, '' where none can be told.

    Without an interviewer only a near miss of a name in the notes counts. Where another name of the reader already stands right (``right``),
    a further word may be a second family name: only a near miss of a name that is still open counts.
    """
    if not interviewers:
        close = [
            name
            for name in notes
            if name[0].isupper() and len(name) > 3 and _distance_share(word, name) <= _MISSPELT_IN_BODY
        ]
        return close[0] if close else ""
    still_open = [name for name in interviewers if name not in right] or list(interviewers)
    expected = min(still_open, key=lambda name: _distance_share(word, name))
    return expected if not right or _distance_share(word, expected) <= _MISSPELT_SHARE else ""


def _wrong_greeting(
    draft: Draft, greeting: tuple[int, int], word: str, place: tuple[int, int], expected: str
) -> Conflict:
    if _distance_share(word, expected) <= _MISSPELT_SHARE:
        message = f"The notes spell this name “{expected}”, not “{word}”. A misspelt name is the one slip readers rarely forgive."
    else:
        people = draft.case.interviewer.replace(";", ",")
        message = f"You are writing to “{word}”, but the interviewer is {people}. Check whom this is for."
        greeted = draft.text[slice(*greeting)]
        persons = [name_words(part) for part in re.split(r"[;,&/]|\band\b", draft.case.interviewer) if name_words(part)]
        missing = [names for names in persons if not any(fold(name) in fold(greeted) for name in names)]
        whole = next(iter(missing or persons), ())
        titled = re.search(r"\b(mr|ms|mrs|miss|dr|prof)\b", draft.text[slice(*greeting)], re.IGNORECASE)
        expected = (whole or (expected,))[-1 if titled else 0]
    return Conflict("wrong_name", *place, draft.text[slice(*place)], expected, message)


def _people(draft: Draft, interviewers: tuple[str, ...]) -> tuple[set[str], set[str]]:
    """Names long enough to be recognised in a misspelling: those of the interviewers, and other capitalised words of the notes."""
    others = {
        match.group()
        for match in _NAME_WORD.finditer(draft.case.notes)
        if match.group()[0].isupper() and len(match.group()) >= _SHORTEST_IN_BODY and not is_common(match.group())
    }
    return {word for word in interviewers if len(word) >= _SHORTEST_IN_BODY}, others


def _near_miss(word: str, names: set[str]) -> str:
    folded = fold(word)
    return next(
        (
            name
            for name in sorted(names)
            if fold(name)[0] == folded[0]
            and 0 < _distance_share(word, name) <= _MISSPELT_IN_BODY
            and not folded.startswith(fold(name))
            and fold(name) != folded + "s"
            and not same_name(word, name)
        ),
        "",
    )


def _body_conflicts(draft: Draft, interviewers: tuple[str, ...], notes: tuple[str, ...]) -> list[Conflict]:
    """Misspelt names in running text: the interviewers' anywhere, other people's where the words before say that a person is meant."""
    known = {fold(word) for word in (*interviewers, *notes)} | {fold(word) for word in name_words(draft.case.company)}
    known |= {
        fold(word) for start, end in draft.spans_of("signature") for word in _NAME_WORD.findall(draft.text[start:end])
    }
    people, others = _people(draft, interviewers)
    found = []
    for start, end in draft.spans_of("body", "subject", "close"):
        for match in _NAME_WORD.finditer(draft.text, start, end):
            word = match.group().removesuffix("'s").removesuffix("’s")
            folded = fold(word)
            if not word[0].isupper() or len(word) < _SHORTEST_IN_BODY or folded in known or folded in _titles():
                continue
            met = bool(_spoken_to("met").search(draft.text, max(start, match.start() - 24), match.start()))
            before = _NAME_WORD.findall(draft.text[max(start, match.start() - 24) : match.start()])[-1:]
            met = met or any(first[0].isupper() and fold(first) in known and not is_common(first) for first in before)
            name = _near_miss(word, people) or (met and not is_common(word) and _near_miss(word, others))
            if name:
                message = f"The notes spell this name “{name}”, not “{word}”."
                place = match.start(), match.start() + len(word)
                found.append(Conflict("wrong_name", *place, word, name, message))
    return found


def _thanked_conflicts(draft: Draft, interviewers: tuple[str, ...], notes: tuple[str, ...]) -> list[Conflict]:
    """Thanks to somebody else: "Thank you, Jennifer"."""
    firm = _NAME_WORD.findall(f"{draft.case.company} {draft.case.role}")
    signed = [word for start, end in draft.spans_of("signature") for word in _NAME_WORD.findall(draft.text[start:end])]
    greeted = [word for start, end in draft.spans_of("greeting") for word in _NAME_WORD.findall(draft.text[start:end])]
    nobody = {fold(word) for word in load_toml("names.toml")["spoken_to"]["nobody"]} | _titles() | _addressees()
    people, _ = _people(draft, interviewers)
    found = []
    for start, end in draft.spans_of("body", "close"):
        for match in _spoken_to("thanked").finditer(draft.text, start, end):
            word = match["name"]
            innocent = (
                fold(word) in nobody or is_common(word) or _is_known(word, (*interviewers, *notes, *firm, *signed))
            )
            if not innocent and word not in greeted and not _near_miss(word, people):
                message = f"You are thanking “{word}”, but the interviewer is {draft.case.interviewer.replace(';', ',')}. Check whom this is for."
                place = match.start("name"), match.end("name")
                found.append(Conflict("wrong_name", *place, word, interviewers[0], message))
    return found


def _titled_conflicts(draft: Draft, interviewers: tuple[str, ...], notes: tuple[str, ...]) -> list[Conflict]:
    """Another person than the one met: "Mr Dawes" where the notes have "Mr Dawson" or no such Mr, "you and Ruth" where they have another."""
    known = (*interviewers, *notes, *_NAME_WORD.findall(f"{draft.case.company} {draft.case.role}"))
    found = []
    for key in ("titled", "beside"):
        noted = [match["name"] for match in _spoken_to(f"noted_{key}").finditer(draft.case.notes)]
        spare = [name for name in noted if not any(same_name(name, other) for other in interviewers)]
        spare = [name for name in spare if fold(name) not in fold(draft.text)]
        for start, end in draft.spans_of("body"):
            for match in _spoken_to(key).finditer(draft.text, start, end):
                word = match["name"].removesuffix("'s").removesuffix("’s")
                place = match.start("name"), match.start("name") + len(word)
                if spare and not _is_known(word, known) and not speaks_of_elsewhere(draft.text, start, end, *place):
                    message = f"Your notes name “{spare[0]}” there, not “{word}”."
                    found.append(Conflict("wrong_name", *place, word, spare[0], message))
    return found


def _title_conflicts(draft: Draft) -> list[Conflict]:
    """Mr to a woman, Ms to a man, where the notes tell: by a title before the name, or by "she" or "he" right behind it."""
    if re.search(r"[;,&/]|\band\b", draft.case.interviewer):
        return []
    names = [fold(word) for word in name_words(draft.case.interviewer)]
    noted = _noted_gender(draft, names)
    found = []
    for start, end in draft.spans_of("greeting"):
        for match in re.finditer(
            r"\b(mr|mister|sir|mrs|ms|miss|madam|ma'am)\b\.?", draft.text[start:end], re.IGNORECASE
        ):
            said = "he" if match[1].lower() in _MALE else "she"
            follows = _NAME_WORD.search(draft.text, start + match.end(), end)
            named = follows is not None and any(same_name(follows.group(), name) for name in names)
            if noted and said != noted and named:
                right = "Ms" if noted == "she" else "Mr"
                place = start + match.start(1), start + match.end(1)
                message = f"Your notes speak of {draft.case.interviewer} as “{noted}”: write {right}, not {match[1]}."
                found.append(Conflict("wrong_name", *place, match[1], right, message))
    return found


_PRONOUN = re.compile(r"([^.;!?\n]{0,60}[.,;]?[^.;!?\n]{0,20}?)\b(she|her|hers|he|him|his)\b", re.IGNORECASE)
_MALE = frozenset({"mr", "mister", "sir"})


def _noted_gender(draft: Draft, names: list[str]) -> str:
    """The pronoun, he or she, where field or notes tell, and never the other; '' where they do not."""
    field = re.match(r"\s*(?:(mr)|(mrs|ms|miss))\b", draft.case.interviewer, re.IGNORECASE)
    if field:
        return "he" if field[1] else "she"
    told: set[str] = set()
    for match in _NAME_WORD.finditer(draft.case.notes):
        if fold(match.group()) not in names:
            continue
        before = re.search(r"\b(mr|mrs|ms|miss)\.?\s+(?:\w+\s+)?$", draft.case.notes[: match.start()], re.IGNORECASE)
        if before:
            told.add("he" if before[1].lower() == "mr" else "she")
        # "Priya Nair, ops lead, she runs three depots": the first pronoun behind the name, nobody else named between
        after = _PRONOUN.match(draft.case.notes, match.end())
        if after and not any(fold(word) not in names and word[0].isupper() for word in _NAME_WORD.findall(after[1])):
            told.add("she" if after[2].lower() in ("she", "her", "hers") else "he")
    every = {word.lower() for word in re.findall(r"\b(?:she|her|hers|he|him|his)\b", draft.case.notes, re.IGNORECASE)}
    if {word in ("she", "her", "hers") for word in every} == {True, False}:
        return ""
    return told.pop() if len(told) == 1 else ""


def name_conflicts(draft: Draft) -> tuple[Conflict, ...]:
    """Places where a person's name differs from the notes or the interviewer field.

    Case and accents are forgiven, short forms are known. A greeting by a name the notes do not hold at all is a conflict
    only where an interviewer is given.
    """
    interviewers, notes = _known_words(draft)
    if not interviewers and not notes:
        return ()
    found = [*_greeting_conflicts(draft, interviewers, notes), *_body_conflicts(draft, interviewers, notes)]
    if interviewers:
        found += [*_title_conflicts(draft), *_thanked_conflicts(draft, interviewers, notes)]
        found += _titled_conflicts(draft, interviewers, notes)
    found = [one for at, one in enumerate(found) if all(one.start != other.start for other in found[:at])]
    return tuple(found)
