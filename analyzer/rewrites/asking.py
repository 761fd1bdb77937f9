"""What is missing and nobody but the writer knows: asked, never invented."""

from __future__ import annotations

import re
from collections.abc import Sequence

from analyzer.findings import shorten
from analyzer.rewrites.base import Context, words_of
from analyzer.types import Edit, Question

_MOST_ITEMS, _FEWEST_WORDS = 2, 3
_SPECIFIC, _VAGUE = 4.0, 2.5


def _worth_asking(text: str) -> bool:
    """Whether a jotting says enough to be asked about, is not about the writer, and is clear without what stood before it."""
    points_back = re.search(r"\b(?:it|this|that|them|him|her)$", text, re.IGNORECASE)
    about_writer = re.match(r"(?:i|i'm|my|we)\b", text, re.IGNORECASE)
    return len(text.split()) >= _FEWEST_WORDS and not about_writer and not points_back


def questions_of(context: Context, edits: Sequence[Edit]) -> tuple[Question, ...]:
    """Questions to the writer: about notes no sentence was made of, about the name, about what they would bring."""
    words = words_of("questions")
    draft = context.evidence.draft
    missing = {signal.rule for signal in context.evidence.signals}
    found = []
    if "no_greeting" in missing and not context.voice.reader:
        found.append(Question(words["interviewer"]))
    if "no_close" in missing:
        found.append(Question(words["name"]))
    said = " ".join(edit.why for edit in edits)
    spoken = {phrase.item for phrase in context.phrases}
    spare = [item for item in context.evidence.matching.missed if item not in spoken and shorten(item.text) not in said]
    worth = [item for item in spare if item.kind in ("problem", "promise", "plan") and _worth_asking(item.text)]
    if context.rating("specificity") < _SPECIFIC and draft.kind != "clarification":
        found += [Question(words["item"].format(item=shorten(item.text)), item.text) for item in worth[:_MOST_ITEMS]]
    if draft.kind == "clarification" and context.rating("specificity") < _VAGUE:
        found.append(Question(words["answer"]))
    if any("self_benefit" in sentence.fired for sentence in context.sentences):
        found.append(Question(words["experience"]))
    return tuple(found)
