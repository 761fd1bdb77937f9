"""Words, stems and figures: what the draft and the notes are compared by."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.parsing.words import fold, is_common, number_key, stem, tokens_of


@pytest.mark.parametrize(
    "same",
    [
        ("file", "files", "filed", "filing"),
        ("week", "weeks", "wk", "wks"),
        ("manager", "managers", "mgr", "managed"),
        ("organise", "organize", "organised", "organizing", "organisation", "organization"),
        ("study", "studies"),
        ("plan", "planned", "planning"),
        ("nurse", "nurses", "nursing"),
        ("driver", "drivers", "driving", "drive"),
        ("customer", "customers", "custs"),
        ("supplier", "suppliers", "supply", "supplies", "supplied"),
        ("meeting", "meetings", "meet"),
        ("exercise", "exercises", "exercised"),
        ("offer", "offers", "offered"),
        ("order", "orders", "ordering"),
        ("house", "houses"),
        ("bus", "buses"),
        ("process", "processes", "processing"),
        ("depot", "depots", "depot's", "Depot’s", "DEPOTS"),
        ("box", "boxes"),
        ("café", "cafe", "cafés"),
        ("experience", "exp"),
        ("january", "jan", "January"),
    ],
)
def test_forms_of_one_word_share_a_stem(same: tuple[str, ...]) -> None:
    assert len({stem(word) for word in same}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("glass", "glad"), ("red", "ready"), ("bus", "busy"), ("thing", "think"), ("sing", "sin"), ("ring", "rings off")],
)
def test_other_words_do_not_share_a_stem(one: str, other: str) -> None:
    assert stem(one) != stem(other)


def test_tokens_are_words_and_figures_in_their_places() -> None:
    text = "O'Brien's 1,400 files at 4.30pm: R&D, e-mail, 60/40, on-call — and Łódź!"
    tokens = tokens_of(text)
    assert [token.text for token in tokens] == [
        *("O'Brien's", "1,400", "files", "at", "4.30", "pm", "R&D", "e-mail", "60/40", "on-call", "and", "Łódź"),
    ]
    assert all(text[token.start : token.end] == token.text for token in tokens)
    assert [token.text for token in tokens if token.is_figure] == ["1,400", "4.30", "60/40"]


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=80), st.integers(0, 80), st.integers(0, 80))
def test_tokens_slice_to_their_text_inside_any_stretch(text: str, one: int, other: int) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    tokens = tokens_of(text, start, end)
    assert all(
        text[token.start : token.end] == token.text and start <= token.start < token.end <= end for token in tokens
    )
    assert [token.start for token in tokens] == sorted(token.start for token in tokens)


@pytest.mark.parametrize(
    ("word", "digits"),
    [("1,400", "1400"), ("1,40", "1,40"), ("14,200,000", "14200000"), ("twelve", "12"), ("Twelve", "12"), ("4.30", "4.30"), ("2.0", "2"), ("depot", "")],
)  # fmt: skip
def test_figures_compare_by_their_digits(word: str, digits: str) -> None:
    assert number_key(word) == digits


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Nguyễn", "nguyen"),
        ("O’Brien", "o'brien"),
        ("Straße", "strasse"),
        ("Søren", "soren"),
        ("Małgorzata", "malgorzata"),
    ],
)
def test_accents_and_curly_apostrophes_are_folded(written: str, plain: str) -> None:
    assert fold(written) == plain


@pytest.mark.parametrize("word", ["the", "The", "thank", "you", "i", "a"])
def test_words_everybody_uses_are_common(word: str) -> None:
    assert is_common(word)


@pytest.mark.parametrize("word", ["depot", "supplements", "Xactimate", "scanner"])
def test_words_of_a_trade_are_not_common(word: str) -> None:
    assert not is_common(word)
