"""Jottings become items with their places; what had better not be said is marked."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.parsing.notes import known_words, note_items
from analyzer.resources import load_toml
from analyzer.types import Case, NoteItem

NOTES = (
    "siobhan gallagher, claims mgr, Foothills (calgary). 1,400 open files; asked re salary - 28k\n"
    "she seemed tired -> parking terrible\n• drone pilot w/ 2 adjusters + van for the roof crew"
)


def source_of(case: Case, item: NoteItem) -> str:
    return {"notes": case.notes, "interviewer": case.interviewer, "company": case.company, "role": case.role}[
        item.source
    ]


def check_laws(case: Case) -> None:
    for item in note_items(case):
        assert source_of(case, item)[item.start : item.end] == item.text
        assert item.text == item.text.strip() != ""
        assert item.source != "notes" or (item.why and any(char.isalnum() for char in item.text))


def test_items_stand_where_they_say() -> None:
    case = Case(
        draft="x",
        notes=NOTES,
        interviewer="Siobhan Gallagher; Darrell Moss",
        company="Foothills Mutual",
        role="Adjuster",
    )
    check_laws(case)
    texts = [item.text for item in note_items(case)]
    assert texts[:4] == ["Siobhan Gallagher", "Darrell Moss", "Foothills Mutual", "Adjuster"]
    assert {"claims mgr", "1,400 open files", "drone pilot w/ 2 adjusters", "van for the roof crew"} <= set(texts)


def test_a_thousands_comma_parts_nothing() -> None:
    assert [item.text for item in note_items(Case(draft="x", notes="12,500 parcels, three vans"))] == [
        "12,500 parcels",
        "three vans",
    ]


@pytest.mark.parametrize(
    "jotting",
    [
        *(
            "salary 28k",
            "asked re money for vans",
            "£31,000",
            "wage",
            "his wife",
            "a good package",
            "bonus",
            "offers",
            "other offer from Citadel",
            "he was rude",
            "she looked bored",
        ),
        *("I blew the sql question", "my visa", "lol weird office", "maternity leave in May", "decision by fri 4th"),
    ],
)
def test_what_had_better_not_be_said_is_private(jotting: str) -> None:
    assert [item.private for item in note_items(Case(draft="x", notes=jotting))] == [True]


@pytest.mark.parametrize(
    "jotting", ["drone pilot w/ 2 adjusters", "late supplements after the August hail", "3 depots"]
)
def test_what_may_be_said_is_not_private(jotting: str) -> None:
    items = note_items(Case(draft="x", notes=jotting))
    assert items and not any(item.private for item in items)


def test_the_list_of_private_words_means_what_it_says() -> None:
    """Each word of the list, as it stands there, makes a jotting private: a stem that no word has would guard nothing."""
    unguarded = []
    for word in (word for entry in load_toml("notes.toml")["withheld"] for word in entry["stems"]):
        items = note_items(Case(draft="x", notes=f"depot {word}"))
        if not all(item.private for item in items):
            unguarded.append(word)
    assert unguarded == []


@pytest.mark.parametrize("notes", ["", " ", "...", "- - -", "ok; the; and so on"])
def test_notes_without_content_give_no_topic_of_weight(notes: str) -> None:
    assert all(len(item.terms) < 2 for item in note_items(Case(draft="x", notes=notes)))


def test_a_jotting_that_only_repeats_the_fields_is_dropped() -> None:
    case = Case(draft="x", notes="Siobhan Gallagher; three depots", interviewer="Siobhan Gallagher")
    assert [item.text for item in note_items(case)] == ["Siobhan Gallagher", "three depots"]


def test_names_and_terms_of_the_notes_are_right_as_they_stand() -> None:
    case = Case(draft="x", notes="Xactimate, O'Brien", interviewer="Nguyễn Thị Hoa", company="Zorblatt", role="Gaffer")
    assert {"Xactimate", "O'Brien", "Nguyễn", "Zorblatt", "Gaffer"} <= known_words(case)


SEPARATORS = (", ", "; ", "\n", "\r\n", " -> ", " - ", "• ", "(", ")", "[", "]", ".", " ", "+ ", "|", "=>")
WORDS = ("siobhan", "1,400 files", "£30k", "??", "w/ 2", "Ł", "😀", "e\u0301", "a", "the depot", "he seemed tired")
pieces = st.sampled_from(SEPARATORS + WORDS)


@settings(max_examples=150, deadline=None)
@given(st.lists(pieces, max_size=20), st.lists(pieces, max_size=5), st.lists(pieces, max_size=5))
def test_items_slice_whatever_the_jottings(notes: list[str], interviewer: list[str], company: list[str]) -> None:
    check_laws(Case(draft="x", notes="".join(notes), interviewer="".join(interviewer), company="".join(company)))
