"""What every suggestion must pass, whoever made it: nothing invented, no new error, meaning and length kept.

A word of a suggestion that its own place in the draft did not hold must stand in the draft, the notes or the case, or be one of the plain
words that rewrites are made of (``resources/rewrites.toml`` and function words), or mend a word that stood there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache, lru_cache

from rapidfuzz.distance import DamerauLevenshtein

from analyzer.parsing.language import parse_texts
from analyzer.parsing.words import Token, fold, is_function_word, number_key, stem, tokens_of
from analyzer.resources import load_toml
from analyzer.rewrites.inflection import is_english_word
from analyzer.rewrites.jottings import spelt_out
from analyzer.types import Case, Issue

_PLACEHOLDER = re.compile(r"[\[\]{}<>]|_{3,}|\bX{3,}\b")
_NEGATION = re.compile(r"\b(?:not|never|no|nobody|nothing|none|neither|nor|cannot)\b|n['’]t\b", re.IGNORECASE)
_MEND_SHARE = 0.4
# tables of rewrites.toml whose words may stand in a suggestion
_SPOKEN = (
    "thanks",
    "asks",
    "recall",
    "also",
    "recall_rejection",
    "interest",
    "next_step",
    "serve",
    "close",
    "greeting",
    "subject",
    "padding",
    "plain_words",
)
# a letter may grow to so many words, and beyond only where it was longer already
_FULL_WORDS = 170


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for key, inner in value.items() if key != "pattern" for text in _texts(inner)]
    return [text for inner in value for text in _texts(inner)] if isinstance(value, list) else []


@cache
def _bank() -> tuple[str, ...]:
    table = load_toml("rewrites.toml")
    return tuple(re.sub(r"\{\w+\}", "", text) for name in _SPOKEN for text in _texts(table[name]))


@cache
def _plain_stems() -> frozenset[str]:
    return frozenset(token.stem for text in _bank() for token in tokens_of(text))


@cache
def _plain_deeds() -> frozenset[str]:
    """What "I" does in the phrases that rewrites are made of."""
    return frozenset(deed for text in _bank() for deed in deeds_of(text))


@lru_cache(maxsize=512)
def deeds_of(text: str) -> frozenset[str]:
    """The verbs, by lemma, that the writer says of himself or herself in a text."""
    doc = next(iter(parse_texts([text])))
    return frozenset(
        token.head.lemma_.lower()
        for token in doc
        if token.lower_ in ("i", "we")
        and token.dep_ in ("nsubj", "nsubjpass")
        and token.head.tag_ in ("VBD", "VBN", "VBZ", "VBP", "VBG")
    )


@lru_cache(maxsize=64)
def _known(draft: str, notes: str, fields: str) -> frozenset[str]:
    texts = (draft, notes, spelt_out(notes), fields)
    stems = {token.stem for text in texts for token in tokens_of(text)}
    return frozenset(stems | {stem(part) for text in texts for part in re.findall(r"[^\W\d_]+", text)})


def invention(case: Case, before: str, after: str) -> str:
    """The first word or deed of ``after`` that neither draft, notes nor case hold; '' where there is none."""
    if _PLACEHOLDER.search(after) and not _PLACEHOLDER.search(before):
        return str(_PLACEHOLDER.findall(after)[0])
    fields = "\n".join((case.interviewer, case.company, case.role))
    known = _known(case.draft, case.notes, fields)
    old = tokens_of(before)
    new = tokens_of(after)
    for token in new:
        if not _is_held(token, known, old, after):
            return token.text
    if len(after) > len(before):
        deeds = deeds_of(after) - deeds_of(case.draft) - deeds_of(spelt_out(case.notes)) - _plain_deeds()
        mended = {fold(token.text) for token in new} - {fold(token.text) for token in old}
        if deeds and not all(any(_mends(deed, token.text) for token in old) for deed in deeds) and mended:
            return sorted(deeds)[0]
    return ""


def _is_held(token: Token, known: frozenset[str], old: Sequence[Token], after: str) -> bool:
    if token.is_figure or number_key(token.text):
        if token.stem in known or re.sub(r"\D", "", token.stem) in known:
            return True
        return not token.is_figure and fold(token.text) == "one"
    if token.stem in known or is_function_word(token.text) or token.stem in _plain_stems():
        return True
    parts = re.split(r"[-'’.]", re.sub(r"['’](?:m|d|s|t|ve|ll|re)$", "", token.text))
    if parts != [token.text] and all(
        not part or stem(part) in known or is_function_word(part) or stem(part) in _plain_stems() for part in parts
    ):
        return True
    # a name may only be mended into one that is known; a common word may mend a misspelt one
    is_name = (
        token.text[0].isupper()
        and not re.match(r"(?:.*[.!?:]\s+|\s*)$", after[: token.start], re.DOTALL)
        and not is_english_word(token.text.lower())
    )
    return not is_name and any(_mends(token.text, one.text) for one in old)


def _mends(word: str, wrong: str) -> bool:
    one, other = fold(word), fold(wrong)
    if one == other or stem(one) == stem(other):
        return True
    return DamerauLevenshtein.distance(one, other) <= max(1, round(max(len(one), len(other)) * _MEND_SHARE))


def changed_meaning(before: str, after: str) -> str:
    """Why a change of style changed what is said: a negation or a figure more or less; '' where it did not."""
    if len(_NEGATION.findall(before)) != len(_NEGATION.findall(after)):
        return "negation"
    figures = [Counter(token.stem for token in tokens_of(text) if token.is_figure) for text in (before, after)]
    return "" if figures[0] == figures[1] else "figure"


def new_errors(before: Sequence[Issue], after: Sequence[Issue], kept: str = "") -> tuple[Issue, ...]:
    """Errors of language in a changed draft that the draft did not have. A name in ``kept``, the fields of the case, is none."""
    had = Counter(issue.text for issue in before if issue.category != "style")
    found = []
    for issue in after:
        if issue.category == "style" or (issue.text and issue.text in kept.split()):
            continue
        if had[issue.text] > 0:
            had[issue.text] -= 1
        else:
            found.append(issue)
    return tuple(found)


def names_of(case: Case) -> str:
    """The names a suggestion may bring in that a proofreader need not know."""
    return f"{case.interviewer} {case.company} {case.role}"


def too_long(draft: str, rewritten: str) -> bool:
    """Whether a rewritten letter is longer than the rubric's full letter and longer than it was."""
    words = len(tokens_of(rewritten))
    return words > max(_FULL_WORDS + 25, len(tokens_of(draft)))
