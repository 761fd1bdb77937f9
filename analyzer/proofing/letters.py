"""What only the whole letter, or the case, can tell: two spellings of English mixed, a name in small letters, a stop left out."""

from __future__ import annotations

import re
from functools import cache

from analyzer.resources import load_toml, load_words
from analyzer.types import Draft, Signal

_WORD = re.compile(r"(?<![\w@./-])[a-z]{3,}(?![\w@-])")
_NAME = re.compile(r"[^\W\d_]{3,}")
# a line of so many words that starts with a capital and ends with none of the stops is a sentence without its stop
_SENTENCE_WORDS = 9
_OPEN_END = re.compile(r"[A-Z\"“'‘].*[^\W_]")


def letter_signals(draft: Draft) -> tuple[Signal, ...]:
    """All that rules over single phrases cannot see, in text order; the rules are in ``rules/grammar.toml``, without patterns."""
    found = [*_small_names(draft), *_mixed_spelling(draft), *_missing_stops(draft)]
    return tuple(sorted(found, key=lambda signal: (signal.start, signal.end, signal.rule)))


# ---- names in small letters


def _small_names(draft: Draft) -> list[Signal]:
    """Names of the interviewer, written with a capital in the case and without one in the draft."""
    names = {
        word.lower(): word
        for word in _NAME.findall(draft.case.interviewer)
        if word[0].isupper() and word.lower() not in load_words("common") | load_words("letters") and not _is_word(word)
    }
    if not names:
        return []
    pattern = re.compile(rf"(?<![\w@./#-])(?:{'|'.join(map(re.escape, sorted(names)))})(?!\w|[@.]\w|-)")
    return [
        Signal("name_in_small_letters", found.start(), found.end(), (names[found.group()],))
        for start, end in draft.spans_of("subject", "greeting", "body", "close")
        for found in pattern.finditer(draft.text, start, end)
    ]


def _is_word(name: str) -> bool:
    """Names that are words too ("Grace", "Mark") may stand in small letters."""
    return name.lower() in load_words("name_words")


# ---- American and British spelling


@cache
def _variants() -> tuple[dict[str, str], dict[str, str]]:
    table = load_toml("spelling_variants.toml")
    return table["words"], table["endings"]


def _mixed_spelling(draft: Draft) -> list[Signal]:
    """One signal, at the first word of the rarer spelling, where a draft is spelt neither American nor British nor Canadian."""
    words, endings = _variants()
    american_words = {meant: word for word, meant in words.items()}
    american_endings = {meant: word for word, meant in endings.items()}
    british: list[tuple[int, int, str]] = []
    american: list[tuple[int, int, str]] = []
    oxford: list[tuple[int, int, str]] = []
    ise = False
    for start, end in draft.spans_of("subject", "body", "close"):
        for found in _WORD.finditer(draft.text, start, end):
            word = found.group()
            if word in words or word in endings:
                british.append((*found.span(), words.get(word) or endings[word]))
                ise = ise or word in endings
            elif word in american_words:
                american.append((*found.span(), american_words[word]))
            elif word in american_endings:
                oxford.append((*found.span(), american_endings[word]))
    # "colour" with "organize" is Canadian and Oxford; "organise" with "organize" is neither
    if ise or american:
        american += oxford
    if not british or not american:
        return []
    start, end, other = min(british, american, key=len)[0]
    return [Signal("mixed_spelling", start, end, (other,))]


# ---- stops


def _missing_stops(draft: Draft) -> list[Signal]:
    """The last word of a paragraph that is a sentence and ends without a stop."""
    found = []
    for start, end in draft.spans_of("body"):
        text = draft.text[start:end].rstrip()
        words = text.split()
        if len(words) >= _SENTENCE_WORDS and _OPEN_END.fullmatch(text) and "\n" not in text and words[-1].islower():
            found.append(
                Signal("no_full_stop", start + len(text) - len(words[-1]), start + len(text), (f"{words[-1]}.",))
            )
    return found
