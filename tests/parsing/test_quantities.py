"""Figures, durations and dates: the same value in other words is the same."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.parsing.quantities import Quantity, quantities_of, same_value
from analyzer.parsing.words import stem


def only(text: str) -> Quantity:
    found = quantities_of(text)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ninety minutes", "1.5h"),
        ("90 min", "1.5 hours"),
        ("two weeks", "14 days"),
        ("2 wks", "two weeks"),
        ("the 21st", "21 June"),
        ("June 21st", "21 June"),
        ("the 4th of July", "July 4"),
        ("sixty-two", "62"),
        ("sixty two", "62"),
        ("nine hundred", "900"),
        ("a hundred", "100"),
        ("a thousand", "1,000"),
        ("two hundred and fifty", "250"),
        ("two thousand five hundred", "2,500"),
        ("four per cent", "4%"),
        ("four percent", "4 %"),
        ("£28k", "£28,000"),
        ("$1.2m", "$1,200,000"),
        ("14,200", "14200"),
    ],
)
def test_the_same_in_other_words(one: str, other: str) -> None:
    assert only(one).kind == only(other).kind
    assert same_value(only(one), only(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("the 18th", "the 28th"),
        ("21 June", "21 July"),
        ("21 June", "20 June"),
        ("90 minutes", "2 hours"),
        ("4%", "40%"),
        ("£28k", "£82k"),
        ("1,400", "14,200"),
        ("two weeks", "three weeks"),
        ("a hundred", "a thousand"),
    ],
)
def test_other_values_differ(one: str, other: str) -> None:
    assert only(one).kind == only(other).kind
    assert not same_value(only(one), only(other))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("4%", "percent"),
        ("£28k", "money"),
        ("€ 40", "money"),
        ("1.5h", "duration"),
        ("10-minute call", "duration"),
        ("21 June", "day"),
        ("by the 3rd", "day"),
        ("in May", "month"),
        ("1,400 files", "count"),
        ("twelve drivers", "count"),
    ],
)
def test_kinds_of_figures(text: str, kind: str) -> None:
    assert only(text).kind == kind


@pytest.mark.parametrize(
    "text", ["", "may I ask", "to march on", "someone", "often", "weekend", "no figure here", "a few"]
)
def test_words_that_are_no_figures(text: str) -> None:
    assert quantities_of(text) == ()


def test_a_count_knows_what_it_counts() -> None:
    assert only("You have 1,400 open claims in Leeds.").noun == only("1,400 claims").noun == "claim"


def test_what_a_figure_is_about_does_not_reach_into_the_next_sentence() -> None:
    first, second = quantities_of("The depot has 12 doors. The school has 30 pupils.")
    assert "depot" in first.context and "school" not in first.context
    assert "school" in second.context and "depot" not in second.context


def test_a_figure_of_a_stretch_has_its_place_in_the_whole_text() -> None:
    text = "In May 12 drivers; then 14 from June."
    count, month = quantities_of(text, text.index("then"))
    assert [text[found.start : found.end] for found in (count, month)] == ["14", "June"]
    assert "driver" not in count.context


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                *("a", "hundred", "thousand", "nine", "-", " ", "and", "21", "st", "June", "%", "£", "k", "1,4", ".5"),
                *("h", ":", "per cent", "weeks", "२१", "½", "², ", "May", "\n", "e\u0301", "😀"),
            ]
        ),
        max_size=12,
    )
)  # fmt: skip
def test_figures_slice_and_never_overlap_whatever_the_text(pieces: list[str]) -> None:
    text = "".join(pieces)
    ends = 0
    for found in quantities_of(text):
        assert ends <= found.start < found.end <= len(text)
        assert found.value == found.value, "no figure is NaN"
        assert text[found.start : found.end] == text[found.start : found.end].strip()
        ends = found.end


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 9_999_999))
def test_any_whole_number_equals_itself_with_thousands_commas(number: int) -> None:
    assert same_value(only(str(number)), only(f"{number:,}"))


def test_figures_without_end_take_time_in_proportion() -> None:
    # found by fuzzing: 5,000 figures in jottings took a minute
    started = time.process_time()
    assert len(quantities_of("parcels 19 " * 5000)) == 5000
    assert time.process_time() - started < 5.0


def test_a_line_end_after_the_full_stop_of_a_figure_ends_its_sentence() -> None:
    (clock, count) = quantities_of("depot at 3 p.m.\n12 parcels")
    assert clock.context == {stem("depot")} and "depot" not in count.context
