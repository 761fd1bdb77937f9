"""Words no dictionary has: names, terms of a trade, or slips? Told from the word, its place and what it is close to. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any, Literal

from analyzer.resources import load_toml, load_words

Verdict = Literal["name", "slip", "unknown"]

_TITLE = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Prof|St|Fr|Rev|Capt|Cllr|[A-Z])\.$")
_SENTENCE_ENDS = ".!?\n\r:…"
_OPENING_MARKS = " \t\"'“‘(["
_LEAST_COMPOUND_LETTERS = 4
_PREFIX_LETTERS = 4


@cache
def _settings() -> dict[str, Any]:
    return load_toml("proofing.toml")


def distance(first: str, second: str, most: int = 3) -> int:
    """Letters to insert, drop, change or swap (optimal string alignment); ``most`` + 1 where it is more than ``most``.

    >>> distance("recieve", "receive"), distance("teh", "the"), distance("cat", "elephant")
    (1, 1, 4)
    """
    if abs(len(first) - len(second)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, letter in enumerate(first, start=1):
        earlier, before, row = before, row, [i]
        for j, other in enumerate(second, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == second[j - 2] and first[i - 2] == other:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
    return min(row[-1], most + 1)


def is_close(word: str, meant: str) -> bool:
    """Whether two words differ by no more than a slip of the pen; capitals do not count."""
    room = 1 if len(word) <= _settings()["one_slip_letters"] else 2
    return len(word) > 2 and distance(word.lower(), meant.lower()) <= room


def close_words(word: str, suggestions: Sequence[str]) -> tuple[str, ...]:
    """Those suggestions that are words letters are made of and differ by a slip of the pen, nearest first."""
    known = load_words("letters") | load_words("common")
    plain = word.lower()
    found: list[tuple[int, int, str]] = []
    for suggestion in suggestions:
        meant = suggestion.lower()
        without_mark = "'" in meant and meant.replace("'", "") == plain
        if (without_mark or (meant in known and meant != plain)) and is_close(plain, meant):
            found.append((distance(plain, meant), len(found), suggestion))
    return tuple(suggestion for _, _, suggestion in sorted(found))


def starts_sentence(text: str, start: int) -> bool:
    """Whether a word at ``start`` opens a sentence or a line; a title's full stop ("Ms.") ends none."""
    before = text[:start].rstrip(_OPENING_MARKS)
    return not before or (before[-1] in _SENTENCE_ENDS and not _TITLE.search(before))


def verdict(text: str, start: int, end: int, suggestions: Sequence[str]) -> Verdict:
    """What to take an unknown word of the text for.

    Capitalised words are names, unless they misspell a day, a month or, at the start of a sentence, a common word.
    """
    word = text[start:end]
    if any(char.isdigit() for char in text[max(0, start - 1) : end + 1]) or _is_half_word(text, start, end):
        return "name"
    if word[1:].lower() != word[1:]:  # "GPIO", "OpenTable"
        return "name"
    if word[:1].isupper():
        if _is_calendar_slip(text, start, word, suggestions):
            return "slip"
        if not starts_sentence(text, start) or _stands_elsewhere(text, start, word):
            return "name"
        return "slip" if close_words(word, suggestions) else "name"
    if _is_particle(text, start, end):
        return "name"
    if close_words(word, suggestions):
        return "slip"
    # an English word with a letter beyond a to z is in every dictionary
    return "name" if len(word) <= _settings()["clipped_letters"] or not word.isascii() else "unknown"


def _is_particle(text: str, start: int, end: int) -> bool:
    """Whether it is a short word before a capitalised one: "van der Berg"."""
    return (
        end - start <= _settings()["particle_letters"]
        and bool(re.match(r"\s[^\W\d_]", text[end:]))
        and text[end + 1].isupper()
    )


def _is_half_word(text: str, start: int, end: int) -> bool:
    """Half of a hyphenated word ("co-ordinator", "e-form") is no word by itself."""
    if text[end : end + 1] == "-" and text[end + 1 : end + 2].isalpha() and end - start <= _PREFIX_LETTERS:
        return True
    return text[end : end + 1] == "-" and text[:start].endswith("-")


def _is_calendar_slip(text: str, start: int, word: str, suggestions: Sequence[str]) -> bool:
    settings = _settings()
    before = re.search(r"(\w+)\s+$", text[:start])
    if not before or before.group(1).lower() not in settings["calendar_openers"]:
        return False
    return any(
        suggestion.lower() in settings["calendar"] and distance(word.lower(), suggestion.lower()) <= 2
        for suggestion in suggestions
    )


def _stands_elsewhere(text: str, start: int, word: str) -> bool:
    """Whether the word stands capitalised inside a sentence too, as names do."""
    return any(
        found.start() != start and not starts_sentence(text, found.start())
        for found in re.finditer(rf"\b{re.escape(word)}\b", text)
    )


def is_compound(word: str, suggestions: Sequence[str]) -> bool:
    """Whether it is two words of some length run together ("glovebox"), as trades do: the engines suggest to part it."""
    return any(
        re.sub(r"[ -]", "", suggestion).lower() == word.lower()
        and all(len(part) >= _LEAST_COMPOUND_LETTERS for part in re.split(r"[ -]", suggestion))
        for suggestion in suggestions
        if re.search(r"\w[ -]\w", suggestion)
    )
