"""The frame of the letter: greeting, thanks, next step, sign-off. Not a trait; the overall rating and the faults use it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from analyzer.parsing.layout import is_nameless_greeting
from analyzer.rules import load_rules
from analyzer.traits.base import Measured
from analyzer.types import KINDS, Draft, Evidence, Signal


def frame_signals(draft: Draft, signals: tuple[Signal, ...]) -> tuple[Signal, ...]:
    """What is missing from the frame, as signals at the place where it belongs (start = end)."""
    fired = {load_rules()[signal.rule.removesuffix("?")].group for signal in signals}
    length = len(draft.text)
    greetings = draft.spans_of("greeting")
    first = draft.spans_of("greeting", "body")
    found = []
    if not greetings or all(is_nameless_greeting(draft.text[start:end]) for start, end in greetings):
        at = first[0][0] if first else 0
        found.append(Signal("no_greeting", at, at))
    if not draft.has("signature"):
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
    return values


def with_frame(evidence: Evidence) -> Evidence:
    """The same evidence with the frame's signals added."""
    return replace(evidence, signals=(*evidence.signals, *frame_signals(evidence.draft, evidence.signals)))
