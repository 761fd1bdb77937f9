"""Which kind of message a draft is, when nobody says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Protocol

from analyzer.resources import load_toml
from analyzer.types import KINDS, Kind

_WORD = re.compile(r"[\w']+")
_SUBJECT = re.compile(r"^(?:subject|re):.*\n", re.IGNORECASE)
# what a message is for stands in its first sentence
_OPENING_WORDS = 15


class KindClassifier(Protocol):
    """What is needed of a fitted text classifier: scikit-learn's interface."""

    @property
    def classes_(self) -> Sequence[str]:
        """The kinds, in the order of the columns of ``predict_proba``."""
        ...

    def predict_proba(self, texts: Sequence[str]) -> Any:
        """Probabilities, shape (n_texts, n_kinds)."""
        ...


@lru_cache(maxsize=1)
def _cues() -> tuple[tuple[str, re.Pattern[str]], ...]:
    table = load_toml("kinds.toml")
    return tuple(
        (f"cue_{kind}_{index}", re.compile(pattern, re.IGNORECASE))
        for kind in KINDS
        for index, pattern in enumerate(table[kind]["cues"])
    )


def kind_text(text: str, notes: str = "") -> str:
    """The text a kind classifier reads: the draft, its first words and the notes' marked as such, and a token for every cue that holds.

    Marking keeps "he said no" in the notes apart from the same words in the draft, and thanks that open it from thanks that end it.
    """
    cues = [name for name, pattern in _cues() if pattern.search(text)]
    noted = [f"notes_{name}" for name, pattern in _cues() if notes and pattern.search(notes)]
    words = [f"n_{word}" for word in re.findall(r"[a-z']+", notes.lower())]
    written = _WORD.findall(text.lower().replace("’", "'"))
    opening = [f"f_{word}" for word in _WORD.findall(_after_greeting(text).lower().replace("’", "'"))[:_OPENING_WORDS]]
    return " ".join([*written, *words, *opening, *cues, *cues, *noted])


def _after_greeting(text: str) -> str:
    """The text without its subject line and its first line, which in most letters greets."""
    lines = _SUBJECT.sub("", text).strip().split("\n", 1)
    return lines[-1]


def detect_kind(text: str, notes: str, classifier: KindClassifier) -> tuple[Kind, float]:
    """The likeliest kind and its probability (0..1)."""
    probabilities = classifier.predict_proba([kind_text(text, notes)])[0]
    best = int(probabilities.argmax())
    kind: Kind = next(kind for kind in KINDS if kind == str(classifier.classes_[best]))
    return kind, float(probabilities[best])
