"""Figures and dates of the draft that contradict the notes.

A figure of the draft is paired with the noted figures of its kind and weighed by plain signs that both are about the same thing: the same
noun, shared rare words, "the" or "your" before it, "you said", and whether one could be mistaken for the other (digits swapped, ten times as
much, fourteen for forty). It is accused only from ``_ENOUGH`` on, where the noted figure stands nowhere in the draft and cannot be
reckoned from the noted ones. High precision comes first: pay, the writer's own past and "two more" are never touched.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import lru_cache

from analyzer.matching.clauses import clause_around, recalls, speaks_of_elsewhere
from analyzer.parsing.quantities import Quantity, decision_stems, quantities_of, same_value
from analyzer.parsing.words import is_common, is_function_word, stem, tokens_of
from analyzer.resources import load_toml
from analyzer.types import Conflict, Draft

# weight from which two figures are taken to be about the same thing; the same noun weighs 2, every other sign 1
_ENOUGH = 3
_NEVER_COMPARED = frozenset({"money", "clock"})
_THROUGH = frozenset({"of", "the", "your", "those", "these", "a", "an"})
_NOUNS = 3
_BEFORE_CHARACTERS = 18
# the "th" of "18th" is no noun
_SUFFIX_LETTERS = 2
_WEEK_OF = re.compile(r"\b(?:week|wk|w/c)\s*(?:of|commencing|beginning)?\s*(?:the\s+)?$", re.IGNORECASE)
# figures up to this one stand in every text: that the notes have it somewhere says nothing of this place
_SMALL = 12


@lru_cache(maxsize=4)
def _pattern(key: str) -> re.Pattern[str]:
    return re.compile(load_toml("facts.toml")["definite"][key], re.IGNORECASE)


@lru_cache(maxsize=4)
def _stems(section: str) -> frozenset[str]:
    return frozenset(stem(word) for word in load_toml("facts.toml")[section]["stems"])


def _nouns(text: str, quantity: Quantity, end: int) -> frozenset[str]:
    """Stems of what a figure counts: the words behind it up to a small word or a comma ("22 haul trucks", "seven of the 22 trucks")."""
    found: list[str] = [quantity.noun] if quantity.kind == "label" else []
    at = quantity.end
    for token in tokens_of(text, quantity.end, min(end, quantity.end + 60)):
        if re.search(r"[,.;:()\n–—]", text[at : token.start]) or len(found) >= _NOUNS:
            break
        at = token.end
        if token.is_figure or token.text.lower() in _THROUGH:
            continue
        if is_function_word(token.text):
            break
        if is_common(token.text):
            continue
        found.append(token.stem)
    return frozenset(found) or _noun_before(text, quantity)


def _noun_before(text: str, quantity: Quantity) -> frozenset[str]:
    """What a figure that ends its phrase counts: the rare word just before it ("team of five", "Claims up: 19")."""
    start = max(0, quantity.start - _BEFORE_CHARACTERS)
    piece = re.split(r"[.;,\n(]", text[start : quantity.start])[-1]
    rare = [token for token in tokens_of(piece) if not token.is_figure and not is_function_word(token.text)]
    return frozenset(token.stem for token in rare[-1:] if len(token.stem) > _SUFFIX_LETTERS)


def alike(one: float, other: float) -> bool:
    """Whether a figure may be the other one misheard or mistyped: digits swapped, a power of ten, -teen for -ty, one digit changed."""
    if not (math.isfinite(one) and math.isfinite(other)) or one == other or min(one, other) <= 0:
        return False
    low, high = sorted((one, other))
    if any(math.isclose(low * factor, high) for factor in (10, 100, 1000)):
        return True
    first, second = f"{low:g}", f"{high:g}"
    if "e" in first + second:
        return False
    if sorted(first) == sorted(second):
        return True
    if any(math.isclose((low / scale - 10) * 10 * scale, high) and low / scale < 20 for scale in (1, 1000)):
        return True
    return len(first) == len(second) > 1 and sum(a != b for a, b in zip(first, second, strict=True)) == 1


def _proposes(text: str, sentence: tuple[int, int], quantity: Quantity) -> bool:
    """Whether the writer offers to do something with so many ("I would sit with twenty agents")."""
    low, _ = clause_around(text, *sentence, quantity.start, quantity.end)
    return bool(_pattern("proposal").search(text, low, quantity.start)) and not re.search(
        r"\byour\s+$", text[low : quantity.start], re.IGNORECASE
    )


def _repeats(said: Quantity, noted: Quantity) -> bool:
    """Whether a figure of the draft gives a noted one, so that this is not the one that was got wrong."""
    if said.kind == noted.kind and same_value(said, noted):
        return said.kind != "count" or noted.number > 3 or bool(said.context & noted.context)
    return said.number == noted.number > _SMALL and bool(said.context & noted.context)


def _reckoned(quantity: Quantity, noted: Sequence[Quantity]) -> bool:
    """Whether a figure can be worked out of the noted ones: a difference, a share, the rest of a hundred."""
    if quantity.kind not in ("count", "percent") or quantity.number <= _SMALL:
        return False
    counts = [q.number for q in noted if q.kind == "count" and math.isfinite(q.number)]
    shares = [q.number for q in noted if q.kind == "percent" and math.isfinite(q.number)]
    made = {abs(a - b) for a in counts for b in counts if a != b}
    made |= {100.0 - share for share in shares}
    made |= {round(count * part / 100.0) for count in counts for share in shares for part in (share, 100.0 - share)}
    return any(abs(quantity.number - other) < 0.5 for other in made)


def _weight(draft: Draft, said: Quantity, noted: Quantity, sentence: tuple[int, int]) -> int:
    """How many signs say that two figures of one kind are about the same thing."""
    start, end = sentence
    text, notes = draft.text, draft.case.notes
    own = said.context & decision_stems()
    decision = bool(own) and bool(noted.context & decision_stems())
    shared = (said.context & noted.context) - decision_stems()
    told = int(recalls(text, start, end))
    if said.kind in ("day", "month", "weekday"):
        begins = [_begins(text, said), _begins(notes, noted)]
        if all(begins):
            return _ENOUGH + 1
        if decision:
            return _ENOUGH
        if said.kind == "day" and _same_sort_of_day(draft, said, noted, bool(told)):
            return _ENOUGH
        appointed = len(shared & _stems("appointment"))
        return len(shared) + told + 2 * (said.kind == "weekday" and appointed) - (said.kind == "day" and not shared)
    nouns = _nouns(text, said, end) & _nouns(notes, noted, len(notes))
    if said.kind == "label":
        return (2 + len(shared - nouns)) if said.noun == noted.noun else 0
    before = text[start : said.start]
    definite = int(bool(_pattern("pattern").search(before)))
    likely = int(alike(said.number, noted.number))
    if said.kind in ("percent", "duration"):
        return 2 * bool(shared) + max(0, len(shared) - 1) + likely
    return 2 * bool(nouns) + len(shared - nouns) + definite + likely + told if nouns else 0


def _begins(text: str, day: Quantity) -> bool:
    """Whether the words right before a day say when the work would begin."""
    low = max(0, day.start - 4 * _BEFORE_CHARACTERS)
    piece = re.split(r"[.;\n]", text[low : day.start])[-1]
    return any(token.stem in _stems("beginning") for token in tokens_of(piece))


def _same_sort_of_day(draft: Draft, said: Quantity, noted: Quantity, told: bool) -> bool:
    """Two days that must be one: "you said the 14th" of the day when they decide, "the week of the 11th" of the only such week."""
    if told and noted.context & decision_stems():
        return True
    return bool(
        _WEEK_OF.search(draft.text[: said.start][-24:]) and _WEEK_OF.search(draft.case.notes[: noted.start][-24:])
    )


def figure_conflicts(draft: Draft, sentences: Sequence[tuple[int, int]]) -> tuple[Conflict, ...]:
    """Figures and dates that the notes give otherwise for the same thing ("decision by the 18th" where the notes say the 28th)."""
    notes = draft.case.notes
    everything = quantities_of(notes)
    noted = [quantity for quantity in everything if quantity.kind not in _NEVER_COMPARED]
    if not noted:
        return ()
    said = [(quantity, (start, end)) for start, end in sentences for quantity in quantities_of(draft.text, start, end)]
    found = []
    for quantity, sentence in said:
        if (
            quantity.kind in _NEVER_COMPARED
            or (quantity.kind == "count" and quantity.number == 1)
            or _innocent(draft, quantity, sentence, everything)
        ):
            continue
        rivals = [
            (_weight(draft, quantity, other, sentence), -other.start, other)
            for other in noted
            if other.kind == quantity.kind and not any(_repeats(elsewhere, other) for elsewhere, _ in said)
        ]
        best = max(rivals, default=(0, 0, None), key=lambda rival: rival[:2])
        if best[2] is None or best[0] < _ENOUGH:
            continue
        if alike(quantity.number, best[2].number) or not _reckoned(quantity, everything):
            right, words = notes[best[2].start : best[2].end], draft.text[quantity.start : quantity.end]
            message = f"Your notes say {right} here, not {words}."
            found.append(Conflict("wrong_fact", quantity.start, quantity.end, words, right, message))
    return tuple(found)


def _innocent(draft: Draft, quantity: Quantity, sentence: tuple[int, int], noted: Sequence[Quantity]) -> bool:
    start, end = sentence
    return (
        any(_same(quantity, other) and not _small_elsewhere(draft, quantity, other, sentence, noted) for other in noted)
        or bool(_pattern("other").search(draft.text[start : quantity.start]))
        or (quantity.kind in ("count", "percent") and _proposes(draft.text, sentence, quantity))
        or speaks_of_elsewhere(draft.text, start, end, quantity.start, quantity.end)
    )


def _small_elsewhere(
    draft: Draft, said: Quantity, equal: Quantity, sentence: tuple[int, int], noted: Sequence[Quantity]
) -> bool:
    """Whether a small figure equals a noted one of other things, while another noted figure counts the very same things."""
    if said.kind != "count" or equal.kind != "count" or said.number > _SMALL:
        return False
    nouns, others = _nouns(draft.text, said, sentence[1]), _nouns(draft.case.notes, equal, len(draft.case.notes))
    if not nouns or not others or nouns & others or equal.context & nouns:
        return False
    return any(
        other.kind == "count" and other is not equal and nouns <= _nouns(draft.case.notes, other, len(draft.case.notes))
        for other in noted
    )


def _same(one: Quantity, other: Quantity) -> bool:
    """Whether the figures agree: the same value, or the same bare number where one side leaves out the unit ("contract says 6")."""
    if one.kind == other.kind and same_value(one, other):
        return True
    if {one.kind, other.kind} & {"weekday", "month", "clock", "label"}:
        return False
    if one.number == 1 and one.kind != other.kind:
        return False
    return one.number == other.number and (one.kind != other.kind or one.kind != "day")
