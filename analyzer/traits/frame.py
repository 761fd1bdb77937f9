"""The frame of the letter: greeting, thanks, next step, sign-off. Not a trait; the overall rating and the faults use it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from analyzer.matching.names import name_words, same_name
from analyzer.parsing.words import fold, is_common
from analyzer.rules import load_rules
from analyzer.traits.base import Measured, log_count
from analyzer.types import KINDS, Draft, Evidence, Signal

# a name this near the start of a letter without a greeting of its own greets ("Thank you, Christopher, for …"), in characters
_OPENING_CHARACTERS = 90
_BRACKETED = re.compile(r"[\[({<*|][^\])}>*|\n]*[\])}>*|]")
# the end of a letter that runs on to the writer's name: "… speak tues, jodie", "… txt me monday, Sam x"
_SIGNED_IN_PASSING = re.compile(
    r"(?:[,.!?;:–—\n-]|[^\w\s,.'’])\s*(?:vh\s+|love\s+)?([^\W\d_][\w'’.-]*(?:[ \t]+[^\W\d_][\w'’.-]*){0,2})[ \t]*x*\s*$"
)


_ASKED_NEXT_STEP = ("thank_you", "follow_up", "clarification")


def greets_by_name(draft: Draft) -> bool:
    """Whether the letter opens with anybody's name: in its greeting, or in its first words where it has none."""
    text = draft.text
    interviewers = name_words(draft.case.interviewer)
    for start, end in draft.spans_of("greeting"):
        greeting = _BRACKETED.sub(" ", text[start:end])
        words = name_words(greeting)
        if any(word[0].isupper() or any(same_name(word, name) for name in interviewers) for word in words):
            return True
    opening = draft.spans_of("greeting", "body")
    if not opening:
        return False
    start = opening[0][0]
    words = name_words(text[start : min(start + _OPENING_CHARACTERS, opening[-1][1])])
    return any(same_name(word, name) for word in words for name in interviewers)


def signs_in_passing(draft: Draft) -> bool:
    """Whether the last words of a letter without a signature are a name: no common word among them, and not the reader's."""
    spans = draft.spans_of("body", "close")
    if not spans:
        return False
    hit = _SIGNED_IN_PASSING.search(draft.text[spans[-1][0] : spans[-1][1]])
    if hit is None:
        return False
    readers = {fold(word) for word in name_words(draft.case.interviewer)}
    words = [fold(word.strip(".")) for word in hit.group(1).split()]
    return not any(word in readers or (len(word) > 1 and is_common(word)) for word in words)


def frame_signals(draft: Draft, signals: tuple[Signal, ...]) -> tuple[Signal, ...]:
    """What is missing from the frame, as signals at the place where it belongs (start = end)."""
    fired = {load_rules()[signal.rule.removesuffix("?")].group for signal in signals}
    length = len(draft.text)
    first = draft.spans_of("greeting", "body")
    found = []
    if not greets_by_name(draft):
        at = first[0][0] if first else 0
        found.append(Signal("no_greeting", at, at))
    if not draft.has("signature") and not signs_in_passing(draft):
        ends = draft.spans_of("body", "close")
        at = ends[-1][1] if ends else length
        found.append(Signal("no_close", at, at))
    if draft.kind in ("thank_you", "rejection_reply") and "thanks" not in fired:
        bodies = draft.spans_of("body")
        at = bodies[0][0] if bodies else 0
        found.append(Signal("no_thanks", at, at))
    if draft.kind != "rejection_reply" and "next_step" not in fired:
        bodies = draft.spans_of("body")
        at = bodies[-1][1] if bodies else length
        found.append(Signal("no_next_step", at, at))
    return tuple(found)


def measure(measured: Measured) -> Mapping[str, float]:
    """Features of the frame and the kind of message."""
    draft = measured.evidence.draft
    missing = {signal.rule for signal in measured.evidence.signals}
    values = {
        f"frame.{rule}_flag": float(rule in missing)
        for rule in ("no_greeting", "no_close", "no_thanks", "no_next_step")
    }
    values |= {f"frame.{kind}_flag": float(draft.kind == kind) for kind in KINDS}
    values["frame.subject_flag"] = float(draft.has("subject"))
    # what the rubric asks of a thank-you and a follow-up it hardly asks of a clarification
    no_step = values["frame.no_next_step_flag"]
    values |= {f"frame.{kind}_no_next_step_flag": no_step * values[f"frame.{kind}_flag"] for kind in _ASKED_NEXT_STEP}
    values["frame.next_step_log_count"] = log_count(measured.count("enthusiasm", "next_step"))
    return values


def with_frame(evidence: Evidence) -> Evidence:
    """The same evidence with the frame's signals added."""
    return replace(evidence, signals=(*evidence.signals, *frame_signals(evidence.draft, evidence.signals)))
