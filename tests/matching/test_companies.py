"""Another firm's name where this firm's belongs, and all the firms that may be named."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from analyzer.matching.companies import company_conflicts, is_same_firm
from analyzer.types import Draft

Wrong = Callable[..., list[str]]


@pytest.fixture
def wrong(parse: Callable[..., Draft]) -> Wrong:
    def conflicts(sentence: str, company: str = "Harbourline Parcels", **fields: str) -> list[str]:
        draft = parse(f"Dear Ana,\n\nThank you for today. {sentence}\n\nBen", company=company, **fields)
        found = company_conflicts(draft)
        for conflict in found:
            assert draft.text[conflict.start : conflict.end] == conflict.text
            assert conflict.fault == "wrong_company" and conflict.expected == company
            assert conflict.text in conflict.message and company in conflict.message
        return [conflict.text for conflict in found]

    return conflicts


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("I would love to join Brightwater next month.", "Brightwater"),
        ("I would love to join Brightwater. I hope to hear from you.", "Brightwater"),
        ("I would love to join Brightwater.io. The team was kind.", "Brightwater.io"),
        ("The role at Brightwater Group is just what I hoped for.", "Brightwater Group"),
        ("I am excited about the position with Brightwater.", "Brightwater"),
        ("I can see myself being part of Brightwater.", "Brightwater"),
        ("As I said, Brightwater is the place where I want to grow.", "Brightwater"),
        ("I admire Brightwater's mission.", "Brightwater"),
    ],
)
def test_a_strange_firm_where_this_one_belongs(wrong: Wrong, sentence: str, name: str) -> None:
    assert wrong(sentence) == [name]


@pytest.mark.parametrize(
    "sentence",
    [
        "I would love to join Harbourline.",
        "I would love to join Harbourline Parcels Ltd.",
        "I would love to join HP next month.",
        "I would love to join Harborline Parcels.",
        "The role at HARBOURLINE is what I hoped for.",
        "I admire Harbourline's mission.",
        "I would love to join your team on Monday.",
        "I would love to join in May.",
    ],
)
def test_the_firm_in_short_by_initials_or_with_a_slip(wrong: Wrong, sentence: str) -> None:
    assert wrong(sentence) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "At my last job at Brightwater I ran the returns desk.",
        "I worked at Brightwater for three years.",
        "When I was with Brightwater we did the same.",
        "My previous role at Brightwater taught me patience.",
        "I led the move at Brightwater before that.",
        "Your competitors, like Brightwater, do it by hand.",
        "I studied the role at Brightwater University.",
    ],
)
def test_a_former_employer_is_not_accused(wrong: Wrong, sentence: str) -> None:
    assert wrong(sentence) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "I have an offer from Brightwater, but you are my first choice.",
        "I turned down the other role at Brightwater.",
        "I would rather be here than with Brightwater.",
    ],
)
def test_an_offer_from_another_firm_is_no_mix_up(wrong: Wrong, sentence: str) -> None:
    assert wrong(sentence, notes="three depots. also interview at Brightwater on fri") == []


@pytest.mark.parametrize(
    "notes",
    [
        "three depots. also interview at Brightwater on fri",
        "3 depots; other offer from Brightwater",
        "3 depots\napplied at Brightwater too",
    ],
)
def test_a_rival_of_the_notes_is_known_wherever_it_stands(wrong: Wrong, notes: str) -> None:
    assert wrong("The scanners at Brightwater stay with me.", notes=notes) == ["Brightwater"]


def test_a_firm_the_notes_speak_of_may_be_named(wrong: Wrong) -> None:
    assert (
        wrong("I would gladly help Brightwater with the scanners.", notes="Brightwater, biggest client, scanner app")
        == []
    )


def test_a_person_is_no_firm(wrong: Wrong) -> None:
    sentence = "I would love to work with Tom and to help Priya."
    assert wrong(sentence, interviewer="Priya Nair", notes="trial day w/ Tom in Wakefield") == []


@pytest.mark.parametrize(
    "sentence", ["I would love to join Gap.", "The role at Gap is what I hoped for.", "I admire Gap's mission."]
)
def test_a_firm_that_is_a_common_word(wrong: Wrong, sentence: str) -> None:
    assert wrong(sentence, company="Gap") == []


@pytest.mark.parametrize(
    "sentence",
    [
        "I would mind the gap between the two depots.",
        "I gladly help in May and on Monday.",
        "I would love to work with Python and Excel.",
    ],
)
def test_common_words_are_no_firms(wrong: Wrong, sentence: str) -> None:
    assert wrong(sentence, company="Gap") == []


def test_without_a_company_nobody_can_be_wrong(wrong: Wrong) -> None:
    assert wrong("I would love to join Brightwater.", company="") == []


def test_what_is_quoted_is_not_the_writers_mix_up(parse: Callable[..., Draft]) -> None:
    text = "Dear Ana,\n\nThank you for today.\n\nBen\n\nOn Monday Ana wrote:\n> You will join Brightwater soon"
    assert company_conflicts(parse(text, company="Harbourline")) == ()


@pytest.mark.parametrize(
    ("name", "company"),
    [
        ("IBM", "International Business Machines"),
        ("NHS", "National Health Service"),
        ("Foothills", "Foothills Mutual"),
        ("the Foothills Mutual Group", "Foothills Mutual"),
        ("Foothils Mutal", "Foothills Mutual"),
        ("StJohns", "St John's"),
        ("Meadow LLP", "Meadow"),
    ],
)
def test_the_same_firm(name: str, company: str) -> None:
    assert is_same_firm(name, company)


@pytest.mark.parametrize(
    ("name", "company"),
    [("Citadel", "Meadow"), ("Brightwater Group", "Harbourline Group"), ("", "Meadow"), ("Ltd", "Meadow Ltd")],
)
def test_other_firms(name: str, company: str) -> None:
    assert not is_same_firm(name, company)


@pytest.mark.parametrize(
    ("one", "other"), [("Gaerdydd Print", "Caerdydd Press"), ("Mostarze", "Mostar"), ("Vantaalla", "Vantaan Paja")]
)
def test_a_firm_bent_by_grammar_is_the_same_firm(one: str, other: str) -> None:
    assert is_same_firm(one, other)


@pytest.mark.parametrize(
    ("one", "other"), [("Northfield", "Northgate"), ("Brightwell", "Brightloom"), ("Halden", "Halvor")]
)
def test_firms_that_only_begin_alike_are_two(one: str, other: str) -> None:
    assert not is_same_firm(one, other)
