"""Which jottings the draft takes up: exactly, in the plural, with a slip; named or developed; and what it leaves out."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from analyzer.matching import match_draft
from analyzer.parsing.draft import body_sentences
from analyzer.types import Case, Draft, Matching, NoteMatch

Match = Callable[..., tuple[Draft, Matching]]


@pytest.fixture
def match(parse: Callable[..., Draft]) -> Match:
    def matched(sentence: str, notes: str, **fields: str) -> tuple[Draft, Matching]:
        draft = parse(f"Dear Ana,\n\n{sentence}\n\nBen", notes=notes, **fields)
        found = match_draft(draft, body_sentences(draft))
        for place in found.matches:
            assert 0 <= place.start < place.end <= len(draft.text)
            assert 0.0 < place.similarity <= 1.0
        return draft, found

    return matched


def only(found: Matching) -> NoteMatch:
    (place,) = found.matches
    return place


def test_the_same_words_are_an_exact_match(match: Match) -> None:
    draft, found = match("I liked the drone pilot.", "drone pilot; Leeds worst")
    place = only(found)
    assert (place.how, place.similarity) == ("exact", 1.0)
    assert draft.text[place.start : place.end] == "drone pilot"
    assert place.item.text == "drone pilot"


@pytest.mark.parametrize(
    ("sentence", "notes"),
    [
        ("I liked the drone pilots.", "drone pilot"),
        ("I met the drivers.", "driver"),
        ("I met one driver.", "3 drivers"),
        ("The organisation of shifts was new to me.", "organization of shifts"),
    ],
)
def test_plural_and_spelling_make_no_difference(match: Match, sentence: str, notes: str) -> None:
    assert only(match(sentence, notes)[1]).how in ("exact", "fuzzy")


@pytest.mark.parametrize("misspelt", ["suplements", "supplemets", "supplemenst"])
def test_one_slip_in_a_long_word_is_forgiven(match: Match, misspelt: str) -> None:
    draft, found = match(f"The {misspelt} stay with me.", "supplements")
    place = only(found)
    assert place.how == "fuzzy" and place.similarity < 1.0
    assert draft.text[place.start : place.end] == misspelt


@pytest.mark.parametrize(
    ("sentence", "notes"),
    [("The van is red.", "vat"), ("I enjoyed the day.", "drone pilot"), ("It was good.", "the; and; of")],
)
def test_other_words_are_no_match(match: Match, sentence: str, notes: str) -> None:
    assert match(sentence, notes)[1].matches == ()


def test_naming_is_not_developing(match: Match) -> None:
    _, named = match("I liked the drone pilot.", "drone pilot")
    _, developed = match(
        "The drone pilot could halve your roof inspections before the August hail season ends.", "drone pilot"
    )
    assert not only(named).developed
    assert only(developed).developed


def test_fields_are_found_in_the_greeting_too(match: Match) -> None:
    fields = {"interviewer": "Ana Maria Gallagher", "company": "Foothills", "role": "Clerk"}
    draft, found = match("It was good to see the claims desk at Foothills.", "", **fields)
    places = {place.item.source: draft.text[place.start : place.end] for place in found.matches}
    assert places == {"interviewer": "Ana", "company": "Foothills"}


def test_a_word_in_small_letters_is_no_name(match: Match) -> None:
    assert match("The rose in the hall was red.", "", interviewer="Rose Okafor")[1].matches == ()


def test_matches_come_in_text_order_and_one_for_each_item(match: Match) -> None:
    notes = "scanner app; drone pilot; late supplements"
    _, found = match(
        "The late supplements, the drone pilot and the scanner app stay with me. The drone pilot most.", notes
    )
    assert [place.item.text for place in found.matches] == ["late supplements", "drone pilot", "scanner app"]


def test_what_is_left_out_is_missed_best_first(match: Match) -> None:
    _, found = match("I liked the drone pilot.", "drone pilot; 3 depots Leeds worst scanner; trial day Wakefield")
    assert [item.text for item in found.missed] == ["3 depots Leeds worst scanner", "trial day Wakefield"]


@pytest.mark.parametrize(
    "jotting",
    [
        "salary band 28k depot",
        "she seemed bored depot tour",
        "other offer Citadel depot",
        "his wife runs depot shop",
        "my visa depot papers",
    ],
)
def test_what_is_private_is_never_missed(match: Match, jotting: str) -> None:
    assert match("It was good.", jotting)[1].missed == ()


def test_nothing_private_used_or_without_content_is_missed_in_the_corpus(
    corpus: tuple[Case, ...], parse: Callable[..., Draft]
) -> None:
    for case in corpus[::12]:
        draft = parse(case.draft, notes=case.notes, interviewer=case.interviewer, company=case.company, role=case.role)
        found = match_draft(draft, body_sentences(draft))
        used = {place.item for place in found.matches}
        assert len(found.missed) <= 5
        for item in found.missed:
            assert item.source == "notes" and not item.private and item not in used
            assert case.notes[item.start : item.end] == item.text
        for place in found.matches:
            assert 0 <= place.start < place.end <= len(case.draft)
        for conflict in found.conflicts:
            assert case.draft[conflict.start : conflict.end] == conflict.text
