"""Facts told the wrong way round: from and to exchanged, up for down, one person's words in another's mouth."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from analyzer.matching.clauses import clause_around, speaks_of_elsewhere
from analyzer.parsing.words import Token, fold, is_common, stem, tokens_of
from analyzer.resources import load_toml
from analyzer.types import Conflict, Draft

# words between a thing and the word that says where it went
_REACH_WORDS = 4
# so many rare words must point to the other person's jotting, and so many more than to one's own
_SHARED_WORDS = 2
# "set up" and "wrote down" go nowhere: these two must follow the thing itself, "is" or a figure
_BARE = frozenset({"up", "down"})
_STANDS_BARE = re.compile(r"(?:\b(?:is|are|was|were|went|goes|going)|\d\s?%?)\s+$", re.IGNORECASE)
# "Lucy Hart (QA) …", or a name that does or says something where a jotting begins: "Kiprop is the agronomist", "Tom told how"
_NOTED_PERSON = re.compile(
    r"\b(?P<name>[A-ZÀ-Þ][\w'’-]+)(?:\s+[A-ZÀ-Þ][\w'’-]+)?\s*\("
    r"|(?:^|[.;\n]\s*)(?:[A-ZÀ-Þ][\w'’-]+\s+)?(?P<doer>[A-ZÀ-Þ][\w'’-]+)\s+(?:runs|told|wants|said|asked|owns|leads|is the)\b"
)
_NAMES_PIECE = re.compile(r"[.;\n]\s|[.;\n]$|\n")


@lru_cache(maxsize=8)
def _pattern(section: str, key: str) -> re.Pattern[str]:
    return re.compile(load_toml("facts.toml")[section][key], re.IGNORECASE)


@lru_cache(maxsize=2)
def _direction_words(key: str) -> frozenset[str]:
    return frozenset(load_toml("facts.toml")["direction"][key])


def _pairs(text: str, start: int, end: int) -> list[tuple[str, str, int, int]]:
    pairs = []
    for key in ("turned", "arrow"):
        for match in _pattern("direction", key).finditer(text, start, end):
            pairs.append(
                (
                    stem(match["first"].rstrip(".%")),
                    stem(match["second"].rstrip(".%")),
                    match.start("first"),
                    match.end("second"),
                )
            )
    return pairs


def turned_conflicts(draft: Draft, sentences: Sequence[tuple[int, int]]) -> tuple[Conflict, ...]:
    """Pairs turned round: "from B to A" where the notes have "from A to B"."""
    notes = draft.case.notes
    noted = {(first, second): notes[low:high] for first, second, low, high in _pairs(notes, 0, len(notes))}
    found = []
    for start, end in sentences:
        for first, second, low, high in _pairs(draft.text, start, end):
            right = noted.get((second, first))
            if right and first != second and (first, second) not in noted:
                words = draft.text[low:high]
                message = f"Your notes have it the other way round: {right}."
                found.append(Conflict("wrong_fact", low, high, words, right, message))
    return tuple(found)


def _directions(text: str, start: int, end: int) -> list[tuple[Token, str, Token]]:
    """Capitalised or rare things with the word of direction that follows them inside one clause: (thing, "up" or "down", word)."""
    tokens = tokens_of(text, start, end)
    found = []
    for index, token in enumerate(tokens):
        if is_common(token.text) or token.is_figure or not token.text[0].isupper():
            continue
        for later in tokens[index + 1 : index + 1 + _REACH_WORDS]:
            if re.search(r"[;:.\n,]\s", text[token.end : later.start]) or (
                later.text[0].isupper() and not is_common(later.text)
            ):
                break
            way = next((key for key in ("up", "down") if later.text.lower() in _direction_words(key)), "")
            bare = later.text.lower() in _BARE and not _STANDS_BARE.search(text, token.end, later.start)
            if way and not (bare and text[token.end : later.start].strip()):
                found.append((token, way, later))
                break
    return found


def direction_conflicts(draft: Draft, sentences: Sequence[tuple[int, int]]) -> tuple[Conflict, ...]:
    """A thing that grew where the notes say it fell, and the other way round."""
    notes = draft.case.notes
    noted: dict[str, set[str]] = {}
    words: dict[str, str] = {}
    for token, way, word in _directions(notes, 0, len(notes)):
        noted.setdefault(token.stem, set()).add(way)
        words[token.stem] = notes[token.start : word.end]
    found = []
    for start, end in sentences:
        for token, way, word in _directions(draft.text, start, end):
            ways = noted.get(token.stem, set())
            if len(ways) == 1 and way not in ways:
                if speaks_of_elsewhere(draft.text, start, end, token.start, word.end):
                    continue
                said, right = draft.text[token.start : word.end], words[token.stem]
                message = f"Your notes say “{right}”, not “{said}”."
                found.append(Conflict("wrong_fact", token.start, word.end, said, right, message))
    return tuple(found)


def _voices(draft: Draft) -> list[tuple[str, frozenset[str], str]]:
    """Who the notes give which jottings to: (first name, stems, words); a person's jotting runs to the next person or full stop."""
    notes = draft.case.notes
    interviewers = [tokens_of(name) for name in re.split(r"[;,&/]|\band\b", draft.case.interviewer)]
    named = {fold(tokens[0].text) for tokens in interviewers if tokens}
    named |= {
        fold(match["name"] or match["doer"])
        for match in _NOTED_PERSON.finditer(notes)
        if not is_common(match["name"] or match["doer"])
    }
    places = [token for token in tokens_of(notes) if fold(token.text) in named and token.text[0].isupper()]
    found = []
    for index, token in enumerate(places):
        border = _NAMES_PIECE.search(notes, token.end)
        stop = min(
            places[index + 1].start if index + 1 < len(places) else len(notes), border.start() if border else len(notes)
        )
        stems = frozenset(
            word.stem for word in tokens_of(notes, token.end, stop)
            if not is_common(word.text) and fold(word.text) not in named and not word.text[0].isupper()
        )  # fmt: skip
        found.append((fold(token.text), stems, notes[token.start : stop].strip(" ,;–-")))
    return found


def voice_conflicts(draft: Draft, sentences: Sequence[tuple[int, int]]) -> tuple[Conflict, ...]:
    """What one person said or does, given to another person of the notes."""
    voices = _voices(draft)
    people = {name for name, _, _ in voices}
    if len(people) < 2:
        return ()
    found = []
    for start, end in sentences:
        tokens = tokens_of(draft.text, start, end)
        for token in tokens:
            name = fold(token.text).removesuffix("'s")
            if name not in people or not _pattern("voice", "after").match(draft.text, token.start + len(name)):
                continue
            _, high = clause_around(draft.text, start, end, token.start, token.end)
            if draft.text[token.end : token.end + 1] == ",":
                # "Mary-Jane, as you own those builds, I would …": what is said to her is the next clause
                # or the whole sentence, up to the next person
                high = min(
                    (other.start for other in tokens if other.start > token.end and fold(other.text) in people),
                    default=end,
                )
            said = {word.stem for word in tokens if token.end <= word.start < high and not is_common(word.text)}
            own = max((len(said & stems) for other, stems, _ in voices if other == name), default=0)
            others = [(len(said & stems), words) for other, stems, words in voices if other != name]
            best = max(others, default=(0, ""))
            if best[0] >= _SHARED_WORDS and best[0] >= own + _SHARED_WORDS:
                message = f"Your notes give this to someone else: “{best[1]}”."
                words = draft.text[token.start : high].rstrip(" .,;")
                found.append(Conflict("wrong_fact", token.start, token.start + len(words), words, best[1], message))
    return tuple(found)
