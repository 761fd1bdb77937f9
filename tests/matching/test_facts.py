"""Figures and dates that contradict the notes; the same in other words, and the writer's own past, do not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from analyzer.matching.facts import fact_conflicts
from analyzer.parsing.draft import body_sentences
from analyzer.types import Draft

Wrong = Callable[..., list[tuple[str, str]]]
NOTES = "claims desk Leeds. 1,400 open hail claims; decision by the 28th. drone pilot takes ninety minutes a roof; returns 4%"


@pytest.fixture
def wrong(parse: Callable[..., Draft]) -> Wrong:
    def conflicts(sentence: str, notes: str = NOTES) -> list[tuple[str, str]]:
        draft = parse(f"Dear Ana,\n\nThank you for today. {sentence}\n\nBen", notes=notes)
        found = fact_conflicts(draft, body_sentences(draft))
        for conflict in found:
            assert draft.text[conflict.start : conflict.end] == conflict.text
            assert conflict.expected in notes and conflict.expected in conflict.message
        return [(conflict.text, conflict.expected) for conflict in found]

    return conflicts


def test_another_day_of_decision(wrong: Wrong) -> None:
    assert wrong("I look forward to your decision by the 18th.") == [("18th", "28th")]


def test_another_number_of_the_same_things(wrong: Wrong) -> None:
    assert wrong("The 14,000 open hail claims stay with me.") == [("14,000", "1,400")]


def test_another_duration_of_the_same_thing(wrong: Wrong) -> None:
    assert wrong("That the drone pilot needs three hours a roof surprised me.") == [("three hours", "ninety minutes")]


@pytest.mark.parametrize(
    "sentence",
    [
        "I look forward to your decision by the 28th.",
        "I look forward to your decision by 28 June.",
        "The fourteen hundred open hail claims stay with me.",
        "The 1400 open hail claims stay with me.",
        "The drone pilot takes 1.5 hours a roof, you said.",
        "The drone pilot takes 90 minutes a roof, you said.",
        "Four per cent of returns is not much.",
    ],
)
def test_the_same_in_other_words_is_no_conflict(wrong: Wrong, sentence: str) -> None:
    assert wrong(sentence) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "At my last desk we had 300 open hail claims.",
        "I handled 900 hail claims in a year, open and closed.",
        "Two years ago I led a drone pilot on 40 roofs.",
        "In my previous job the decision came by the 3rd.",
    ],
)
def test_the_writers_own_past_is_no_conflict(wrong: Wrong, sentence: str) -> None:
    assert wrong(sentence) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "I could start on the 3rd.",
        "There were 12 people in the room.",
        "I would give it two weeks.",
        "No figure is here at all.",
    ],
)
def test_a_figure_about_something_else_is_no_conflict(wrong: Wrong, sentence: str) -> None:
    assert wrong(sentence) == []


def test_pay_is_left_alone(wrong: Wrong) -> None:
    assert wrong("The adjuster salary of £31,000 is fine.", notes="adjuster salary £28,000 fine") == []


def test_without_notes_nothing_contradicts(wrong: Wrong) -> None:
    assert wrong("I look forward to your decision by the 18th.", notes="") == []


def test_a_figure_that_the_draft_has_right_elsewhere_is_no_conflict(wrong: Wrong) -> None:
    assert wrong("Of the 1,400 open hail claims, 200 open hail claims could close in a week.") == []
