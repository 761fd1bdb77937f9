"""Sentences that take up a note, in the writer's voice: chosen by the form of the jotting, what sort of thing it is, and the draft."""

from __future__ import annotations

import re
from collections.abc import Sequence

from analyzer.rewrites.base import Context, capital, words_of
from analyzer.rewrites.jottings import Phrase

# characters by which two sentences begin alike
_BEGINNING = 12


def sentences_about(context: Context, phrases: Sequence[Phrase]) -> list[str]:
    """One said and taken up, the others in passing, no two beginning alike."""
    said: list[str] = []
    for phrase in phrases:
        said.append(sentence_about(context, phrase, second=bool(said), unlike=" ".join(said)))
    return said


def sentence_about(context: Context, phrase: Phrase, *, second: bool = False, unlike: str = "") -> str:
    """A sentence or two about a phrase. ``second``: in passing, after another. It begins otherwise than any sentence of ``unlike``."""
    if context.evidence.draft.kind == "rejection_reply":
        options = _for_rejection(phrase)
    elif second:
        key = "asked_how" if phrase.form == "asked" and phrase.text.startswith("how") else phrase.form
        options = words_of("also")[key]
    else:
        options = _for_recall(phrase)
    fresh = [option for option in options if context.voice.speak(option)[:_BEGINNING] not in unlike]
    options = fresh or options
    chosen = context.choose(f"recall {phrase.form} {phrase.kind} {second}", options)
    return context.voice.speak(chosen.replace("{x}", phrase.text).replace("{X}", capital(phrase.text)))


def _for_recall(phrase: Phrase) -> list[str]:
    table = words_of("recall")[phrase.form]
    if phrase.form == "asked" and phrase.text.startswith("how"):
        return list(table["how"])
    options = list(table.get(phrase.kind, table["other"]))
    if phrase.plural:
        # "help with it" of many things is "help with them"
        options = [option for option in options if " it." not in option and "It is" not in option] or options
    if phrase.form == "seeks":
        # "a planner who can train two juniors": "that planner"
        sought = re.match(r"an? (?:\w+ )??(\w+) (?:who|that|with|to)\b", phrase.text)
        person = (
            "person"
            if phrase.text.startswith(("someone", "somebody", "a person"))
            else sought.group(1)
            if sought
            else ""
        )
        options = (
            [option.replace("{person}", person) for option in options]
            if person
            else list(words_of("also")["seeks_many"])
        )
    return options


def _for_rejection(phrase: Phrase) -> list[str]:
    table = words_of("recall_rejection")
    options = list(table.get(f"{phrase.form}_{phrase.kind}", table[phrase.form]))
    if phrase.plural:
        options = [
            option.replace("well with it", "well with them").replace("it goes well", "they go well")
            for option in options
        ]
    return options
