"""Is the greeting's name the interviewer's, letter by letter? And who is never accused?"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from analyzer.matching.names import name_conflicts, name_words, same_name
from analyzer.types import Conflict, Draft

BODY = "Thank you for showing me the depot today."


@pytest.fixture
def wrong(parse: Callable[..., Draft]) -> Callable[..., list[Conflict]]:
    def conflicts(
        greeting: str, interviewer: str, notes: str = "", body: str = BODY, sign: str = "Toby Fell"
    ) -> list[Conflict]:
        draft = parse(f"{greeting}\n\n{body}\n\n{sign}", interviewer=interviewer, notes=notes)
        found = list(name_conflicts(draft))
        for conflict in found:
            assert draft.text[conflict.start : conflict.end] == conflict.text
            assert conflict.fault == "wrong_name"
            assert conflict.text in conflict.message and conflict.message.endswith(".")
        return found

    return conflicts


Wrong = Callable[..., list[Conflict]]


@pytest.mark.parametrize(
    ("greeting", "interviewer", "text", "expected"),
    [
        ("Dear Sibohan,", "Siobhan Gallagher", "Sibohan", "Siobhan"),
        ("Dear Ms Nayr,", "Priya Nair", "Nayr", "Nair"),
        ("Hi Kathrine,", "Katharine Moss", "Kathrine", "Katharine"),
        ("Dear Mr O'Brian,", "Sean O'Brien", "O'Brian", "O'Brien"),
        ("Dear Ms Okafro,", "Ada Okafor", "Okafro", "Okafor"),
        ("Dear Nguyne,", "Nguyễn", "Nguyne", "Nguyễn"),
        ("Hi Jhon,", "John Reyes", "Jhon", "John"),
        ("DEAR SIBOHAN,", "Siobhan Gallagher", "SIBOHAN", "Siobhan"),
    ],
)
def test_a_misspelt_name_is_found_and_mended(
    wrong: Wrong, greeting: str, interviewer: str, text: str, expected: str
) -> None:
    (conflict,) = wrong(greeting, interviewer)
    assert (conflict.text, conflict.expected) == (text, expected)
    assert "spell" in conflict.message


@pytest.mark.parametrize(
    ("greeting", "interviewer"),
    [
        ("Dear Siobhan,", "Siobhan Gallagher"),
        ("Dear Ms Gallagher,", "Siobhan Gallagher"),
        ("Dear Siobhan Gallagher,", "Siobhan Gallagher"),
        ("dear siobhan,", "Siobhan Gallagher"),
        ("Dear SIOBHAN,", "Siobhan Gallagher"),
        ("Dear Nguyen,", "Nguyễn Thị Hoa"),
        ("Dear Ms Lindstrom,", "Karin Lindström"),
        ("Hi Malgorzata,", "Małgorzata Nowak"),
        ("Hi Zoë,", "Zoe Hart"),
        ("Hi Bob,", "Robert Hale"),
        ("Dear Robert,", "Bob Hale"),
        ("Hi Kate,", "Katherine Moss"),
        ("Hi Gosia,", "Małgorzata Nowak"),
        ("Dear Mr O'Brien,", "Sean O'Brien"),
        ("Dear Mr O’Brien,", "Sean O'Brien"),
        ("Dear Mr OBrien,", "Sean O'Brien"),
        ("Hi Mary-Jane,", "Mary-Jane Holt"),
        ("Hi Mary Jane,", "Mary-Jane Holt"),
        ("Hi Mary,", "Mary-Jane Holt"),
        ("Dear Mr van der Berg,", "Pieter van der Berg"),
        ("Dear Mr Van Der Berg,", "Pieter van der Berg"),
        ("Dear Madonna,", "Madonna"),
        ("Dear Dr Meyer,", "Dr. Anke Meyer"),
        ("Dear Professor Meyer,", "Anke Meyer"),
        ("Dear Dr. Prof. Meyer,", "Anke Meyer"),
        ("Dear Sir or Madam,", "Anke Meyer"),
        ("Hello,", "Anke Meyer"),
        ("Hi both,", "Anke Meyer; Sam Reed"),
        ("Hi Anke and Sam,", "Anke Meyer; Sam Reed"),
        ("Hi Sam,", "Anke Meyer; Sam Reed"),
        ("Dear hiring team,", "Anke Meyer"),
        ("Dear Mr. Asante-Boateng,", "Kwabena Asante-Boateng"),
    ],
)
def test_a_right_name_is_left_alone(wrong: Wrong, greeting: str, interviewer: str) -> None:
    assert wrong(greeting, interviewer) == []


def test_one_of_two_names_may_be_wrong(wrong: Wrong) -> None:
    assert [conflict.text for conflict in wrong("Hi Anke and Smam,", "Anke Meyer; Samantha Reed")] == ["Smam"]


def test_a_greeting_to_another_person_names_who_was_met(wrong: Wrong) -> None:
    (conflict,) = wrong("Dear Jennifer,", "Siobhan Gallagher")
    assert conflict.text == "Jennifer" and conflict.expected == "Siobhan"
    assert "Siobhan Gallagher" in conflict.message


def test_after_a_title_the_family_name_is_expected(wrong: Wrong) -> None:
    (conflict,) = wrong("Dear Ms Whitcombe,", "Siobhan Gallagher")
    assert conflict.expected == "Gallagher"


def test_a_name_of_the_notes_may_be_greeted(wrong: Wrong) -> None:
    assert wrong("Dear Darrell,", "Siobhan Gallagher", notes="2nd round w/ Darrell (VP); late supplements") == []


def test_a_name_that_the_notes_have_at_another_firm_is_wrong(wrong: Wrong) -> None:
    (conflict,) = wrong(
        "Dear Mr Oduya,", "Ada Okafor", notes="three depots. Mr Oduya is the one at Citadel, dont mix up"
    )
    assert conflict.text == "Oduya" and conflict.expected == "Okafor"


@pytest.mark.parametrize(
    "greeting", ["Hi Keisha it's Destiny!", "Hi Keisha, this is Destiny", "Hi Keisha - Destiny here!"]
)
def test_a_writer_who_introduces_herself_is_not_accused(wrong: Wrong, greeting: str) -> None:
    assert wrong(greeting, "Keisha Brown", sign="Destiny") == []


def test_without_an_interviewer_only_a_near_miss_of_the_notes_counts(wrong: Wrong) -> None:
    assert [c.expected for c in wrong("Dear Sibohan,", "", notes="Siobhan, claims mgr")] == ["Siobhan"]
    assert wrong("Dear Jennifer,", "", notes="Siobhan, claims mgr") == []


def test_without_notes_and_interviewer_nobody_can_be_wrong(wrong: Wrong) -> None:
    assert wrong("Dear Sibohan,", "") == []


def test_a_misspelt_name_in_the_body_counts_too(wrong: Wrong) -> None:
    body = "Thank you for your time, and please thank Galagher's team for the tour."
    (conflict,) = wrong("Dear Siobhan,", "Siobhan Gallagher", body=body)
    assert (conflict.text, conflict.expected) == ("Galagher", "Gallagher")


@pytest.mark.parametrize("word", ["Siobhan's", "Gallaghers", "Callagher", "Challenger", "Mutual", "Tuesday"])
def test_words_of_the_body_that_merely_resemble_a_name_are_left_alone(wrong: Wrong, word: str) -> None:
    body = f"Thank you for the tour with {word} people."
    assert wrong("Dear Siobhan,", "Siobhan Gallagher", body=body) == []


def test_the_writers_own_name_is_not_a_misspelling_of_the_readers(wrong: Wrong) -> None:
    body = "It was kind of you to say that Kirsten and Kristen are easily mixed up."
    assert wrong("Dear Kristen,", "Kristen Hall", body=body, sign="Kirsten Bell") == []


def test_a_placeholder_in_the_greeting_is_no_wrong_name(wrong: Wrong) -> None:
    assert wrong("Dear [Interviewer Name],", "Siobhan Gallagher") == []


@pytest.mark.parametrize(
    ("one", "other"),
    [("Bob", "Robert"), ("Liz", "Elizabeth"), ("José", "Jose"), ("O'Brien", "OBRIEN"), ("Rick", "Rich")],
)
def test_the_same_name_in_another_form(one: str, other: str) -> None:
    assert same_name(one, other) and same_name(other, one)


@pytest.mark.parametrize(("one", "other"), [("Rob", "Bill"), ("Ann", "Anna"), ("Marie", "Maria"), ("Jon", "Joan")])
def test_other_names_are_not_the_same(one: str, other: str) -> None:
    assert not same_name(one, other) and not same_name(other, one)


def test_titles_are_no_part_of_a_name() -> None:
    assert name_words("Prof. Dr. Anke von Meyer") == ("Anke", "von", "Meyer")
