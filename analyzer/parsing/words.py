"""Words, stems, figures: the small normalisations that the draft and the notes share, so that both sides compare alike."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from analyzer.resources import load_toml, load_words

_TOKEN = re.compile(r"[^\W\d_]+(?:[-'’&.][^\W\d_]+)*|\d[\d,.:/]*\d|\d", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Token:
    """A word or figure: ``stem`` is what it is compared by."""

    text: str
    stem: str
    start: int
    end: int

    @property
    def is_figure(self) -> bool:
        """Whether it starts with a digit."""
        return self.text[0].isdigit()


@lru_cache(maxsize=50_000)
def fold(text: str) -> str:
    """Lower case, without accents, with straight apostrophes: the same length is not kept."""
    plain = unicodedata.normalize(
        "NFKD",
        text.replace("’", "'")
        .replace("ß", "ss")
        .replace("ø", "o")
        .replace("ł", "l")
        .replace("ı", "i")
        .replace("Ø", "O")
        .replace("Ł", "L"),
    )
    return "".join(char for char in plain if not unicodedata.combining(char)).lower()


_IZE_ENDINGS = ("isation", "ization", "ising", "izing", "ised", "ized", "iser", "izer", "ise", "ize")

# ending and how many letters it must leave: "offer" and "paper" are no doers
_ENDINGS = (("ing", 3), ("ed", 3), ("ly", 3), ("er", 4), ("e", 3))


def _singular(word: str) -> str:
    """Without the -s of plurals and verbs, so that "drivers" and "driver" lose the same endings afterwards."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("s") and len(word) > 3 and word[-2] not in "su":
        return word[:-1]
    return word


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """A rough English stem: enough to make plural, past and -ing forms meet, never to be shown."""
    base = fold(word).removesuffix("'s").removesuffix("'")
    base = str(load_toml("notes.toml")["abbreviations"].get(base, base))
    base = _singular(base)
    for suffix in _IZE_ENDINGS:
        if base.endswith(suffix) and len(base) > len(suffix) + 3:
            return base[: -len(suffix)] + "iz"
    for suffix, fewest_left in _ENDINGS:
        if base.endswith(suffix) and len(base) - len(suffix) >= fewest_left and not base.endswith("ply"):
            base = base[: -len(suffix)]
            if suffix in ("ing", "ed", "er") and len(base) > 3 and base[-1] == base[-2] and base[-1] not in "ls":
                base = base[:-1]
            if suffix in ("ing", "ed") and base.endswith("er") and len(base) > 5:
                base = base[:-2]
            break
    if base.endswith("i") and len(base) > 3:
        base = base[:-1] + "y"
    return base.removesuffix("e") if len(base) > 3 else base


@lru_cache(maxsize=1)
def _number_words() -> dict[str, int]:
    return dict(load_toml("notes.toml")["number_words"])


# every step asks for the same few stretches of one draft and its notes again and again
@lru_cache(maxsize=2048)
def tokens_of(text: str, start: int = 0, end: int | None = None) -> tuple[Token, ...]:
    """Words and figures of ``text[start:end]`` with offsets into ``text``."""
    found = []
    for match in _TOKEN.finditer(text, start, len(text) if end is None else end):
        word = match.group()
        found.append(Token(word, number_key(word) or stem(word), match.start(), match.end()))
    return tuple(found)


def number_key(word: str) -> str:
    """A figure as plain digits ("1,400" -> "1400", "twelve" -> "12", "4.30" -> "4.30"), '' where it is none."""
    if word[0].isdigit():
        plain = re.sub(r"(?<=\d),(?=\d{3}\b)", "", word).rstrip(".,:/")
        return plain.removesuffix(".0")
    value = _number_words().get(fold(word))
    return str(value) if value is not None else ""


def is_common(word: str) -> bool:
    """Whether a word is so common that sharing it means nothing."""
    base = fold(word)
    return base in load_words("common") or len(base) < 2


@lru_cache(maxsize=1)
def _function_words() -> frozenset[str]:
    from spacy.lang.en.stop_words import STOP_WORDS

    # what counts or means something in jottings is no mere function word
    return (
        frozenset(STOP_WORDS)
        - frozenset(load_toml("notes.toml")["number_words"])
        - {"call", "front", "side", "move", "show", "empty", "bottom"}
    )


def is_function_word(word: str) -> bool:
    """Whether a word carries no content of its own ("the", "would", "it's")."""
    return fold(word) in _function_words()
