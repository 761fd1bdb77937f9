"""How the writer writes, so that what is added sounds like the rest: short forms, formality, first name or title."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from analyzer.parsing.layout import writer_name
from analyzer.types import Draft

Formality = Literal["formal", "middle", "plain"]

_SHORT_FORM = re.compile(
    r"\b(?:I['’](?:m|d|ve|ll)|(?:you|we|they)['’](?:re|d|ve|ll)|(?:do|does|did|is|was|wo|ca|could|would)n['’]t|it['’]s|that['’]s)\b",
    re.IGNORECASE,
)
_LONG_FORM = re.compile(
    r"\bI (?:am|would|have|will)\b|\b(?:do|does|did|is|was|will|could|would) not\b|\bcannot\b", re.IGNORECASE
)
_TITLE = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|Professor|Sir|Madam|Mme|Respected|Engr|Herr|Frau)\b\.?")
_OPEN_AND_EASY = re.compile(r"^\s*(?:hi|hey|hello|hiya|morning|good morning)\b", re.IGNORECASE)
# what stands before a first name, and what before a surname, when somebody is greeted
_CALLED_BY_FIRST = frozenset(
    ("Ibu", "Bu", "Pak", "Bapak", "Father", "Fr", "Sister", "Brother", "Pastor", "Shri", "Smt", "Chef", "Coach")
)
_CALLED_BY_LAST = frozenset(
    ("Principal", "Captain", "Capt", "Councillor", "Cr", "Cllr", "Manager", "Director", "Judge", "Rabbi", "Imam")
)
_TO_SHORT = (
    ("I would ", "I{}d "),
    ("I am ", "I{}m "),
    ("I have been ", "I{}ve been "),
    ("I have kept ", "I{}ve kept "),
    ("it would ", "it{}d "),
    ("you are looking", "you{}re looking"),
)


@dataclass(frozen=True, slots=True)
class Voice:
    """``short_forms``: "I'd" rather than "I would"; ``apostrophe`` as the draft sets it; ``reader`` how the greeting calls the reader, '' if not."""

    formality: Formality
    short_forms: bool
    apostrophe: str
    reader: str
    writer: str

    def speak(self, text: str) -> str:
        """The words in this voice: with short forms where the writer uses them."""
        if not self.short_forms:
            return text
        for long, short in _TO_SHORT:
            text = text.replace(long, short.format(self.apostrophe))
        return text


def voice_of(draft: Draft) -> Voice:
    """The voice of a draft."""
    text = draft.text
    greeting = " ".join(text[start:end] for start, end in draft.spans_of("greeting"))
    body = "\n".join(text[start:end] for start, end in draft.spans_of("body"))
    formality: Formality = "middle"
    if _TITLE.search(greeting) or re.match(r"\s*to whom", greeting, re.IGNORECASE):
        formality = "formal"
    elif not greeting or _OPEN_AND_EASY.match(greeting) or not re.match(r"\s*dear", greeting, re.IGNORECASE):
        formality = "plain"
    short = len(_SHORT_FORM.findall(body))
    long = len(_LONG_FORM.findall(body))
    return Voice(
        formality,
        formality != "formal" and short > 0 and short >= long / 2,
        "’" if "’" in body and "'" not in body else "'",
        reader_name(draft, formality),
        writer_name(text, draft.parts),
    )


def reader_name(draft: Draft, formality: Formality) -> str:
    """How a greeting would call the interviewers: by title and surname in a formal letter where the case tells the title, else by first name."""
    names = [name.strip() for name in draft.case.interviewer.split(";") if name.strip()]
    called = [_called(name, formality, draft.case.notes) for name in names]
    if not called or len(called) > 3:
        return ""
    return called[0] if len(called) == 1 else f"{', '.join(called[:-1])} and {called[-1]}"


def _called(name: str, formality: Formality, notes: str) -> str:
    words = name.split()
    if _TITLE.fullmatch(words[0]) and len(words) > 1:
        return f"{words[0]} {words[-1]}"
    if len(words) > 1 and words[0].rstrip(".") in _CALLED_BY_FIRST:
        return f"{words[0]} {words[1]}"
    if len(words) > 1 and words[0].rstrip(".") in _CALLED_BY_LAST:
        return f"{words[0]} {words[-1]}"
    told = (
        re.search(rf"\b((?:Mr|Mrs|Ms|Dr|Prof)\.?) (?:\w+ )?{re.escape(words[-1])}\b", notes) if len(words) > 1 else None
    )
    if formality == "formal":
        return f"{told.group(1)} {words[-1]}" if told else name
    if told and told.group(1).rstrip(".") in ("Dr", "Prof"):
        return f"{told.group(1)} {words[-1]}"
    return words[0] if len(words) <= 3 and not words[0].isupper() else name
