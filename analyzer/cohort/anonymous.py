"""Words of a draft without the names in them."""

from __future__ import annotations

import re
from functools import cache

from analyzer.resources import load_toml
from analyzer.types import Case

HIDDEN = "▒▒▒"
_ADDRESS = re.compile(r"\S*(?:@|://|www\.)\S*|\+?\d[\d\s().-]{6,}\d")
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_SENTENCE_END = re.compile(r"[.!?:\n]\W*$")
_SIGNATURE_WORDS = 4


def hidden(quote: str, case: Case) -> str:
    """The words with every name hidden: those of the case, of the greeting and the signature, and all that look like one.

    A word with a capital inside a sentence is taken for a name unless it is known to be none: rather one too many.
    """
    names = _names_of(case)
    harmless = _harmless()

    def shown(match: re.Match[str]) -> str:
        word = match.group()
        if word.lower() in names or any(piece in names for piece in re.split(r"[-'’]", word.lower()) if piece):
            return HIDDEN
        opens = not quote[: match.start()].strip() or bool(_SENTENCE_END.search(quote[: match.start()]))
        return HIDDEN if word[0].isupper() and not opens and word not in harmless else word

    text = _WORD.sub(shown, _ADDRESS.sub(HIDDEN, " ".join(quote.split())))
    return re.sub(rf"{HIDDEN}(?:[\s-]+{HIDDEN})+", HIDDEN, text)


def _names_of(case: Case) -> frozenset[str]:
    lines = [line for line in case.draft.splitlines() if line.strip()]
    signature = lines[-1] if lines and len(lines[-1].split()) <= _SIGNATURE_WORDS else ""
    greeting = lines[0] if lines and len(lines[0].split()) <= _SIGNATURE_WORDS + 1 else ""
    greeted = " ".join(greeting.split()[1:])
    known = " ".join((case.participant, case.interviewer, case.company, signature, greeted))
    return frozenset(word.lower() for word in _WORD.findall(known) if len(word) > 1 and word[0].isupper())


@cache
def _harmless() -> frozenset[str]:
    return frozenset(load_toml("cohort.toml")["harmless"]["words"])
