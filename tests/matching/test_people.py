"""Names and firms of everywhere: who is never accused, and which slip is always found."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from analyzer.matching import match_draft
from analyzer.parsing.draft import body_sentences
from analyzer.types import Draft

Found = Callable[..., list[tuple[str, str, str]]]


@pytest.fixture
def found(parse: Callable[..., Draft]) -> Found:
    def conflicts(text: str, **fields: str) -> list[tuple[str, str, str]]:
        draft = parse(text, **{"company": "Harbourline Parcels", "role": "Clerk", **fields})
        return [(c.fault, c.text, c.expected) for c in match_draft(draft, body_sentences(draft)).conflicts]

    return conflicts


BODY = "\n\nThank you for showing me the depot today.\n\nToby Fell"


@pytest.mark.parametrize(
    ("greeting", "interviewer"),
    [
        ("Dear Members of the Board,", "Anke Meyer; Jo Li"),
        ("Dear Profa. Lima,", "Ana Lima"),
        ("Dear Eng. Costa,", "Rui Costa"),
        ("Estimada Sra. Gómez,", "Lucía Gómez"),
        ("Gentile Dott.ssa Rossi,", "Chiara Rossi"),
        ("Dear Beppe,", "Giuseppe Verdi"),
        ("Hi Zé,", "José Prado"),
        ("Dear Inma,", "Inmaculada Roca"),
        ("Dear Gio,", "Giovanni Roca"),
        ("Dear Ms Neri Rossi,", "Alessandra Neri"),
        ("Dear Nguyen Thi Hoa,", "Hoa Nguyen"),
        ("Dear Chair,", "Edmund Hale"),
        ("Dear Harbourline Team,", "Edmund Hale"),
        ("Buenas Tardes Ana,", "Ana Popa"),
    ],
)
def test_greetings_of_everywhere_are_right(found: Found, greeting: str, interviewer: str) -> None:
    assert found(greeting + BODY, interviewer=interviewer, notes="three depots") == []


@pytest.mark.parametrize(
    ("text", "fields", "conflict"),
    [
        ("hi sibohan," + BODY, {"interviewer": "Siobhan Gallagher"}, ("sibohan", "Siobhan")),
        (
            "Dear Mr Nair," + BODY,
            {"interviewer": "Priya Nair", "notes": "Priya Nair, she runs three depots"},
            ("Mr", "Ms"),
        ),
        ("Dear Ms Hale," + BODY, {"interviewer": "Robin Hale", "notes": "Mr Hale, three depots"}, ("Ms", "Mr")),
        ("Dear Anke and Tom," + BODY, {"interviewer": "Anke Meyer; Sam Reed"}, ("Tom", "Sam")),
        (
            "Dear Ana,\n\nIt was good to meet Darell too.\n\nToby",
            {"interviewer": "Ana Popa", "notes": "also met Darrell (VP)"},
            ("Darell", "Darrell"),
        ),
        (
            "Dear Ana,\n\nThank you, Jennifer, for the tour.\n\nToby",
            {"interviewer": "Ana Popa"},
            ("Jennifer", "Ana"),
        ),
        (
            "Dear Ana,\n\nPlease thank Mr Dawes for the walk.\n\nToby",
            {"interviewer": "Ana Popa", "notes": "Mr Oduya walked me round"},
            ("Dawes", "Oduya"),
        ),
    ],
)
def test_a_wrong_name_is_found_wherever_it_stands(
    found: Found, text: str, fields: dict[str, str], conflict: tuple[str, str]
) -> None:
    assert [(words, right) for fault, words, right in found(text, **fields) if fault == "wrong_name"] == [conflict]


@pytest.mark.parametrize(
    "sentence",
    [
        "I enjoyed learning how Brightwater runs its depots.",
        "Thank you for considering my application to Brightwater.",
        "I look forward to hearing from Brightwater soon.",
        "I have always admired Brightwater.",
        "It would be an honour to wear the Brightwater badge.",
        "It is clear that Brightwater cares about its people.",
        "I want to grow with Brightwater.",
    ],
)
def test_a_firm_left_over_outside_join(found: Found, sentence: str) -> None:
    text = f"Dear Ana,\n\nThank you for today. {sentence}\n\nBen Cole"
    assert found(text, interviewer="Ana Popa", notes="3 depots") == [
        ("wrong_company", "Brightwater", "Harbourline Parcels")
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "My time at Brightwater taught me patience.",
        "You mentioned that Brightwater is your main competitor.",
        "I studied at Brightwater University.",
        "I live in Brightwater and could walk.",
        "My manager at Brightwater can give a reference.",
        "We moved from Brightwater to Jira last year.",
        "I have used the Brightwater app for years.",
    ],
)
def test_other_firms_places_and_tools_are_no_mix_up(found: Found, sentence: str) -> None:
    assert found(f"Dear Ana,\n\nThank you. {sentence}\n\nBen Cole", interviewer="Ana Popa", notes="3 depots") == []
