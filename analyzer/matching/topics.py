"""Which note items the draft speaks of: in the same words, or spelt otherwise.

A jotting and a sentence are compared word by word. Rare words, names and figures weigh most, words that stand in every letter little, small
words nothing (after inverse document frequency, Spärck Jones 1972, with the corpus' own list of common words in place of counts). A figure is
compared by value ("ninety minutes", "1.5h"), a word by stem, abbreviation or a slip of one letter. A jotting of which two sentences take up
different words gives a match in each.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rapidfuzz.distance import DamerauLevenshtein

from analyzer.parsing.quantities import Quantity, quantities_of, same_value
from analyzer.parsing.words import Token, fold, is_common, is_function_word, tokens_of
from analyzer.resources import load_toml
from analyzer.types import Draft, How, NoteItem, NoteMatch

# Words of at least this many letters may differ by one slip and still be the same word.
_FUZZY_LETTERS = 6
# weights of shared words; a match needs _ENOUGH of them, or _HALF of all there is with at least _LITTLE
_RARE, _SHORT, _COMMON, _SMALL_FIGURE = 1.0, 0.7, 0.35, 0.5
_SHORT_LETTERS = 4
_ENOUGH, _LITTLE, _MOST = 1.0, 0.65, 0.6
# a jotting of one word of so many letters, taken up as it is, needs no second sign
_WHOLE, _LONG_LETTERS = 0.8, 7
# up to this figure, "three depots" and "three weeks" have nothing in common
_SMALL = 12
# a second place of one jotting must take up more than a word
_PARTED = 1.4
# words between two hits from which they no longer belong to one place
_GAP_WORDS = 9
# A sentence that names an item and adds a content word says something about it; one of thanks or waiting must add so many.
_DEVELOPED_WORDS = 5


@dataclass(frozen=True, slots=True)
class _Unit:
    """A word or a figure with its unit: what is compared."""

    token: Token
    weight: float
    quantity: Quantity | None = None


@lru_cache(maxsize=50_000)
def _one_slip_apart(one: str, other: str) -> bool:
    return one[0] == other[0] and DamerauLevenshtein.distance(one, other, score_cutoff=1) <= 1


def _weight(token: Token, silent: frozenset[str]) -> float:
    word = token.text
    if token.is_figure:
        return _RARE if len(token.stem) > 1 else _SMALL_FIGURE
    if token.stem in silent or fold(word) in silent or (len(word) < 2 and not word.isupper()):
        return 0.0
    if is_function_word(word):
        return 0.0
    if token.stem.isdigit():
        return _SMALL_FIGURE
    if is_common(word):
        return _COMMON
    return _RARE if len(token.stem) >= _SHORT_LETTERS or word[0].isupper() else _SHORT


def units_of(text: str, start: int, end: int, silent: frozenset[str]) -> tuple[_Unit, ...]:
    """The words of a stretch with their weights; a figure stands for the words it is made of."""
    quantities = quantities_of(text, start, end)
    units = []
    for token in tokens_of(text, start, end):
        inside = next((q for q in quantities if q.start <= token.start and token.end <= q.end), None)
        if inside is None:
            units.append(_Unit(token, _weight(token, silent)))
        elif not units or units[-1].quantity is not inside:
            whole = Token(text[inside.start : inside.end], token.stem, inside.start, inside.end)
            big = inside.kind != "count" or len(f"{inside.number:g}") > 1
            units.append(_Unit(whole, _RARE if big else _SMALL_FIGURE, inside))
    return tuple(units)


def _meet(noted: _Unit, said: _Unit) -> tuple[How, float] | None:
    """How two units are the same thing, and how surely; None where they are not."""
    if noted.quantity is not None and said.quantity is not None:
        one, other = noted.quantity, said.quantity
        if one.kind == other.kind and same_value(one, other):
            same = one.kind == "weekday" or fold(noted.token.text) == fold(said.token.text)
            return ("exact", 1.0) if same else ("fuzzy", 0.95)
        bare = {one.kind, other.kind} <= {"count", "percent", "duration", "money", "label"}
        if one.number == other.number and bare and (one.number > _SMALL or one.kind == other.kind == "label"):
            return "fuzzy", 0.85
        return None
    if noted.quantity is not None or said.quantity is not None:
        return None
    if noted.token.stem == said.token.stem:
        return "exact", 1.0
    term, word = noted.token.stem, said.token.stem
    if len(term) >= _FUZZY_LETTERS and len(word) >= _FUZZY_LETTERS - 1 and _one_slip_apart(term, word):
        return "fuzzy", 1.0 - 1.0 / len(term)
    for whole, part in ((noted, term), (said, term)):
        if "-" in whole.token.text:
            pieces = {piece.stem for piece in tokens_of(whole.token.text.replace("-", " "))}
            if (part if whole is said else word) in pieces:
                return "fuzzy", 0.9
    return None


@dataclass(frozen=True, slots=True)
class _Hit:
    noted: _Unit
    said: _Unit
    how: How
    similarity: float
    place: int


def _hits(noted: Sequence[_Unit], said: Sequence[_Unit]) -> list[_Hit]:
    hits = []
    taken: set[int] = set()
    for unit in noted:
        if not unit.weight:
            continue
        best: _Hit | None = None
        for place, other in enumerate(said):
            if place in taken:
                continue
            met = _meet(unit, other)
            if met and (best is None or met[1] > best.similarity):
                best = _Hit(unit, other, *met, place)
        if best:
            hits.append(best)
            taken.add(best.place)
    return hits


def _cluster(hits: list[_Hit]) -> list[_Hit]:
    """The heaviest run of hits that stand close together."""
    ordered = sorted(hits, key=lambda hit: hit.place)
    runs: list[list[_Hit]] = []
    for hit in ordered:
        if runs and hit.place - runs[-1][-1].place <= _GAP_WORDS:
            runs[-1].append(hit)
        else:
            runs.append([hit])
    return max(runs, key=_mass)


def _mass(hits: Sequence[_Hit]) -> float:
    return sum(min(hit.noted.weight, max(hit.said.weight, _COMMON)) * hit.similarity for hit in hits)


def _whole_phrase(noted: Sequence[_Unit], hits: Sequence[_Hit]) -> bool:
    """Whether the draft has the whole short jotting word for word ("every day", "start date")."""
    places = sorted(hit.place for hit in hits)
    heavy = [unit for unit in noted if unit.weight]
    return len(heavy) >= 2 and len(hits) == len(heavy) and places[-1] - places[0] <= len(noted)


@dataclass(frozen=True, slots=True)
class Found:
    """A match with what it rests on: ``word`` is the only shared word where a single plain word carries it, else ''."""

    match: NoteMatch
    word: str
    opens: bool


def _found(match: NoteMatch, hits: Sequence[_Hit]) -> Found:
    """``opens``: the word opens its sentence, so that its capital says nothing."""
    single = len(hits) == 1 and match.item.source == "notes" and hits[0].said.quantity is None
    # a long word that is all the jotting there is leaves no doubt
    single = single and not (
        match.similarity >= _WHOLE and len(match.item.terms) == 1 and len(hits[0].said.token.text) >= _LONG_LETTERS
    )
    return Found(match, hits[0].said.token.text if single else "", single and hits[0].place == 0)


def _match(
    text: str, item: NoteItem, noted: Sequence[_Unit], said: Sequence[_Unit]
) -> tuple[NoteMatch, list[_Hit]] | None:
    hits = _hits(noted, said)
    if item.kind == "person":
        hits = [hit for hit in hits if hit.said.token.text[0].isupper()]
    if not hits:
        return None
    hits = _cluster(hits)
    mass, whole = _mass(hits), sum(unit.weight for unit in noted)
    enough = mass >= _ENOUGH * 0.85 or (mass >= _LITTLE and mass >= _MOST * whole) or _whole_phrase(noted, hits)
    if item.source == "notes" and not enough:
        return None
    heavy = [unit for unit in noted if unit.weight]
    complete = len(hits) == len(heavy)
    how: How = "exact" if complete and all(hit.how == "exact" for hit in hits) else "fuzzy"
    start, end = min(hit.said.token.start for hit in hits), max(hit.said.token.end for hit in hits)
    similarity = round(min(1.0, sum(hit.similarity for hit in hits) / len(heavy)), 3)
    places = {hit.place for hit in hits}
    added = sum(
        unit.weight >= _SHORT and unit.token.text.lower() not in _nice_words()
        for place, unit in enumerate(said)
        if place not in places
    )
    wanted = _DEVELOPED_WORDS if _merely_names(text, said) else 1
    return NoteMatch(item, how, start, end, similarity, added >= wanted), hits


@lru_cache(maxsize=1)
def _nice_words() -> frozenset[str]:
    return frozenset(load_toml("facts.toml")["developed"]["nice"])


@lru_cache(maxsize=1)
def _bare_sentence() -> re.Pattern[str]:
    return re.compile(load_toml("facts.toml")["developed"]["bare"], re.IGNORECASE)


def _merely_names(text: str, said: Sequence[_Unit]) -> bool:
    """Whether the sentence thanks or waits, so that a thing in it is only named."""
    return bool(said) and bool(_bare_sentence().search(text, said[0].token.start, said[-1].token.end))


def _silent(draft: Draft) -> frozenset[str]:
    """Words that are in the fields anyway: they say nothing of the conversation."""
    case = draft.case
    return frozenset(
        word
        for text in (case.interviewer, case.company, case.role)
        for token in tokens_of(text)
        for word in (token.stem, fold(token.text))
    )


def find_topics(draft: Draft, sentences: Sequence[tuple[int, int]]) -> tuple[Found, ...]:
    """The best match of every note item, in text order; fields (interviewer, company, role) are matched anywhere.

    With what each rests on, so that meaning can be asked where it is a single word.
    """
    silent, none = _silent(draft), frozenset[str]()
    subject = draft.spans_of("subject")
    for_notes = [units_of(draft.text, start, end, none) for start, end in (*sentences, *subject)]
    everywhere = [*for_notes, *(units_of(draft.text, start, end, none) for start, end in draft.spans_of("greeting"))]
    found: list[Found] = []
    for item in draft.note_items:
        if item.source != "notes":
            noted = units_of(item.text, 0, len(item.text), none)
            made = [match for said in everywhere if (match := _match(draft.text, item, noted, said))]
            found.extend(_found(match, hits) for match, hits in sorted(made, key=_rank)[:1])
            continue
        noted = units_of(draft.case.notes, item.start, item.end, silent)
        made = sorted((match for said in for_notes if (match := _match(draft.text, item, noted, said))), key=_rank)
        found.extend(_parted(draft.case.notes, item, made))
    return tuple(sorted(found, key=lambda one: (one.match.start, one.match.end, one.match.item.start)))


def _rank(made: tuple[NoteMatch, list[_Hit]]) -> tuple[float, bool, int]:
    match, hits = made
    return (-_mass(hits), not match.developed, match.start)


def _parted(notes: str, item: NoteItem, made: Sequence[tuple[NoteMatch, list[_Hit]]]) -> list[Found]:
    """The best match of a jotting, and others that take up different words of it, each with the stretch of the jotting it is about."""
    kept: list[tuple[NoteMatch, list[_Hit]]] = []
    taken: set[int] = set()
    for match, hits in made:
        fresh = [hit for hit in hits if hit.noted.token.start not in taken]
        if not kept or (len(fresh) == len(hits) and _mass(hits) >= _PARTED):
            kept.append((match, hits))
            taken |= {hit.noted.token.start for hit in hits}
    if len(kept) < 2:
        return [_found(match, hits) for match, hits in kept]
    parted = []
    for match, hits in kept:
        start, end = min(hit.noted.token.start for hit in hits), max(hit.noted.token.end for hit in hits)
        piece = replace(item, text=notes[start:end], start=start, end=end)
        parted.append(_found(replace(match, item=piece), hits))
    return parted
