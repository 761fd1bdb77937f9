"""What is left out: suggested best first with a reason, or withheld with a reason; details beyond the notes; what is shared with other notes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from analyzer.matching import match_draft, match_drafts
from analyzer.matching.likeness import shared_stretches
from analyzer.parsing.draft import body_sentences
from analyzer.parsing.notes import sort_of, why_withheld
from analyzer.types import Draft, Matching

Match = Callable[..., Matching]


@pytest.fixture
def matched(parse: Callable[..., Draft]) -> Match:
    def match(sentence: str, notes: str) -> Matching:
        draft = parse(f"Dear Ana,\n\n{sentence}\n\nBen Cole", notes=notes, interviewer="Ana Popa")
        return match_draft(draft, body_sentences(draft))

    return match


def test_a_worry_comes_before_a_figure_and_a_figure_before_a_word(matched: Match) -> None:
    found = matched("Thank you for the tour.", "oak panelling downstairs; 3 depots north; returns get lost in Leeds")
    assert [item.text for item in found.missed] == [
        "returns get lost in Leeds",
        "3 depots north",
        "oak panelling downstairs",
    ]
    assert all(item.why for item in found.missed)


def test_what_is_withheld_says_why(matched: Match) -> None:
    found = matched(
        "Thank you for the tour.", "salary 28k; also applied at Citadel, their round is Monday; she looked tired"
    )
    assert found.missed == ()
    assert ["pay" in found.withheld[0].why, "application" in found.withheld[1].why] == [True, True]
    # what follows in the same sentence is withheld with it
    assert found.withheld[2].text == "their round is Monday" and found.withheld[2].private


@pytest.mark.parametrize(
    ("jotting", "kind"),
    [
        ("drivers lose the numbers", "problem"),
        ("wants a list every Monday", "promise"),
        ("2nd round w/ Tom", "next_step"),
        ("new depot opening in spring", "plan"),
        ("62 porters", "figure"),
        ("oak panelling", "topic"),
    ],
)
def test_jottings_are_sorted(jotting: str, kind: str) -> None:
    assert sort_of(jotting)[0] == kind and sort_of(jotting)[2]


@pytest.mark.parametrize("jotting", ["box costs $11, must be $6", "14 vans in three depots", "scanner app old"])
def test_money_of_theirs_and_plain_things_may_be_told(jotting: str) -> None:
    assert why_withheld(jotting) == ""


@pytest.mark.parametrize(
    "jotting",
    [
        "9 candidates still to be seen",
        "rejection email on Monday",
        "they took someone with more sales exp",
        "ote 120",
        "asked my notice period",
        "her husband runs the other branch",
        "he seemed cold",
        "not to know I am looking",
        "in fact it was only two years",
        "I snapped at the receptionist",
        "note to self: smile",
        "other int this week: Corbel Homes",
        "so embarrassed",
    ],
)
def test_private_and_unwise_jottings_are_withheld_by_kind(jotting: str) -> None:
    assert why_withheld(jotting)


@pytest.mark.parametrize(
    "jotting",
    [
        "teachers leave in March",
        "hearing aids that look like jewelry",
        "4 agency nurses every week",
        "supermarkets reject 2% of the trays",
        "practice covers two islands",
        "loan desk loses 11k a month",
        "trial day?",
    ],
)
def test_a_worry_of_theirs_is_not_withheld_for_a_word_that_looks_private(jotting: str) -> None:
    assert not why_withheld(jotting)


def test_details_beyond_the_notes_are_told_apart(matched: Match) -> None:
    found = matched(
        "You said that Wolverhampton has 62 porters. At my last job in Salinas we did the same.", "three depots"
    )
    assert {(detail.text, detail.support) for detail in found.details} == {
        ("Wolverhampton", "unsupported"),
        ("62", "unsupported"),
        ("Salinas", "plausible"),
    }


def test_meaning_is_asked_for_many_drafts_as_for_one(parse: Callable[..., Draft]) -> None:
    drafts = [
        parse(f"Dear Ana,\n\n{sentence}\n\nBen", notes="vault on the second floor; rota on a whiteboard")
        for sentence in ("The rota is long.", "A rota on paper would help.", "I liked it.")
    ]
    pairs = [(draft, body_sentences(draft)) for draft in drafts]
    assert match_drafts(pairs) == tuple(match_drafts([pair])[0] for pair in pairs)
    for meaning in ("none", "doubts", "all"):
        for (draft, _), made in zip(pairs, match_drafts(pairs, meaning=meaning), strict=True):  # type: ignore[arg-type]
            assert all(0 <= match.start < match.end <= len(draft.text) for match in made.matches)


def test_a_stretch_shared_with_another_note_is_marked() -> None:
    text = "Dear Ana, the late supplements keep your files open for months. I liked the vault."
    other = "Dear Ben, you said the late supplements keep your files open for months, which is odd."
    (span,) = shared_stretches(text, [(0, len(text))], [other])
    assert text[slice(*span)] == "the late supplements keep your files open for months"
    assert shared_stretches(text, [(0, len(text))], ["Quite another letter altogether, with its own words."]) == ()
