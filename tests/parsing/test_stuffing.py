"""What only fills a draft is found, and taking it out leaves the rest as it was."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.parsing.draft import body_sentences
from analyzer.parsing.stuffing import stuffed_spans, without

NOTES = "priya nair, hd of ops. returns 4% now and they want 2% by june in all three of the depots, scanner app v old"


def found(parse, text: str, notes: str = "") -> list[tuple[str, str]]:
    draft = parse(text)
    spans = stuffed_spans(text, notes, body_sentences(draft))
    assert all(text[span.start : span.end].strip() for span in spans)
    return [(span.how, text[span.start : span.end]) for span in spans]


def test_a_sentence_said_again_is_found(parse) -> None:
    text = "Dear Ana,\n\nThe tour of the depot was good. Thank you for it. The tour of the depot was GOOD!\n\nBen"
    assert found(parse, text) == [("said_again", "The tour of the depot was GOOD!")]


def test_names_in_a_row_are_found(parse) -> None:
    text = "Dear Ana,\n\nThe tour was good. Ana Okafor Ana Okafor Ana Okafor Ana Okafor.\n\nBen"
    assert found(parse, text) == [("in_a_row", "Ana Okafor Ana Okafor Ana Okafor")]


def test_notes_copied_word_for_word_are_found(parse) -> None:
    text = "Dear Ana,\n\nReturns 4% now and they want 2% by June in all three of the depots. I can help.\n\nBen"
    assert [how for how, _ in found(parse, text, NOTES)] == ["copied_notes"]


@pytest.mark.parametrize(
    "text",
    [
        "Dear Ana,\n\nThank you, thank you, thank you for the tour.\n\nBen",
        "Dear Ana,\n\nThank you. It was very, very, very good. Thank you.\n\nBen",
        "Dear Ana,\n\nYou want 2% by June in three depots, and the scanner app is old.\n\nBen",
    ],
)
def test_speech_is_left_alone(parse, text: str) -> None:
    assert found(parse, text, NOTES) == []


@given(st.text(alphabet="ab .\n", max_size=120))
def test_spans_lie_inside_in_order_and_taking_them_out_only_shortens(text: str) -> None:
    spans = stuffed_spans(text, text, ((0, len(text)),))
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))
    assert len(without(text, spans)) <= len(text)
    assert without(text, ()) == text or "\n\n\n" in text
