"""What no suggestion may do, whoever made it: invent, leave a placeholder, turn a meaning round, add an error, run long."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.reading import case_from_fields
from analyzer.rewrites.base import words_of
from analyzer.rewrites.guards import changed_meaning, invention, new_errors, too_long
from analyzer.types import Case, Issue

DRAFT = "Dear Ms Nair,\n\nThank you for showing me the dock. I would like to help with the old scanner app.\n\nDana Whitfield"
NOTES = "P. Nair, hd of ops. returns 4% -> 2 by june. 3 depots, Leeds worst. vendor payments late. pilot with 340 sellers in Hull"
# none of these stands in draft, notes or case
NAMES = ("Okafor", "Brightwater", "Manchester", "Kowalski", "Zalando", "Kubernetes", "Tableau", "Stanford")
CLAIMS = (
    "I managed the pilot.",
    "I have led two depots.",
    "I halved the returns.",
    "I speak Portuguese.",
    "I trained the drivers.",
)


@pytest.fixture(scope="module")
def case() -> Case:
    fields = {
        "kind": "thank_you",
        "draft": DRAFT,
        "notes": NOTES,
        "interviewer": "Priya Nair",
        "company": "Harbourline",
    }
    return case_from_fields({**fields, "role": "Returns Coordinator"}, 1)


@given(name=st.sampled_from(NAMES), at=st.integers(0, 7))
def test_a_planted_name_is_rejected_wherever_it_stands(case: Case, name: str, at: int) -> None:
    words = ["I", "would", "like", "to", "help", "with", "the", "depots"]
    assert invention(case, "", " ".join([*words[:at], name, *words[at:]]) + ".")


@given(figure=st.integers(5, 99_999).filter(lambda value: value not in (340,)))
def test_a_planted_figure_is_rejected(case: Case, figure: int) -> None:
    assert invention(case, "", f"You told me about the {figure} sellers.") == str(figure)


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_planted_deed_of_the_writer_is_rejected(case: Case, claim: str) -> None:
    assert invention(case, "", claim)


@pytest.mark.parametrize("gap", ["[Company]", "{name}", "<role>", "____", "XXX"])
def test_a_placeholder_is_never_left_in_the_text(case: Case, gap: str) -> None:
    assert invention(case, "", f"Thank you for talking with me about {gap}.")


def test_what_the_notes_the_draft_and_the_case_hold_may_be_said(case: Case) -> None:
    for fine in (
        "You mentioned that the vendor payments are late, and I would like to help with that.",
        "You told me about the 340 sellers in Hull.",
        "Thank you for talking with me about the Returns Coordinator role.",
        "I would very much like to join Harbourline.",
    ):
        assert invention(case, "", fine) == "", fine


def test_a_misspelt_word_may_be_mended_but_a_name_only_into_a_known_one(case: Case) -> None:
    assert invention(case, "I recieved it", "I received it") == ""
    assert invention(case, "Dear Ms Nayr", "Dear Ms Nair") == ""
    assert invention(case, "thank you Nair", "thank you Nairobi") == "Nairobi"


@pytest.mark.parametrize("slot", ["thanks", "interest", "next_step"])
def test_the_own_phrases_carry_no_fact(case: Case, slot: str) -> None:
    for options in words_of(slot).values():
        for option in options:
            text = option.replace("{role}", "").replace("{company}", "the team").replace("{when}", "in June")
            assert invention(case, "", text) == "", text


@given(st.text(max_size=60))
def test_no_change_changes_no_meaning_and_invents_nothing(case: Case, text: str) -> None:
    assert changed_meaning(text, text) == ""
    assert new_errors((), ()) == ()


def test_a_change_of_style_keeps_negations_and_figures() -> None:
    assert changed_meaning("I do not mind nights.", "I mind nights.") == "negation"
    assert changed_meaning("There were 12 of us.", "There were some of us.") == "figure"
    assert changed_meaning("I really enjoyed it.", "I enjoyed it.") == ""


def _issue(text: str, category: str = "spelling") -> Issue:
    return Issue("harper", "rule", 0, len(text), text, "message", (), category)  # type: ignore[arg-type]


def test_an_error_counts_as_new_once_more_often_than_before() -> None:
    assert new_errors([_issue("teh")], [_issue("teh")]) == ()
    assert [issue.text for issue in new_errors([_issue("teh")], [_issue("teh"), _issue("teh"), _issue("adn")])] == [
        "teh",
        "adn",
    ]
    assert new_errors([], [_issue("rather", "style")]) == ()


def test_a_letter_may_not_outgrow_the_rubric_nor_an_already_long_one_grow() -> None:
    assert not too_long("Thank you.", "word " * 150)
    assert too_long("Thank you.", "word " * 250)
    assert not too_long("word " * 300, "word " * 290)
