"""A pair of which one end was exchanged is told; a pair told right, rounded, or spoken of as a wish is not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from analyzer.matching.endpoints import (
    end_conflicts,
    event_conflicts,
    site_conflicts,
    successor_conflicts,
    target_conflicts,
)
from analyzer.matching.facts import fact_conflicts
from analyzer.parsing.draft import body_sentences
from analyzer.types import Conflict, Draft

NOTES = (
    "Ines Vidal. picking time 24 days, wants 15. claims 31 -> 12 in a year. leaving Navision, go-live on Acumatica in May. "
    "2nd bakery opening in Tavira. roof rebuilt after the 2019 storm, pigeons ever since. Bruno runs the seed bank and the frost alarms; "
    "Leonor is the one who prunes"
)
Check = Callable[[str], tuple[Conflict, ...]]


@pytest.fixture
def wrong(parse: Callable[..., Draft]) -> Check:
    def conflicts(sentence: str) -> tuple[Conflict, ...]:
        draft = parse(
            f"Dear Ines,\n\nThank you for Monday. {sentence}\n\nBen Cole", notes=NOTES, interviewer="Ines Vidal"
        )
        return fact_conflicts(draft, body_sentences(draft))

    return conflicts


@pytest.mark.parametrize(
    ("sentence", "text", "expected"),
    [
        ("Bringing the picking time from 24 days to 7 is work I know.", "7", "15"),
        ("Going from 44 to 12 claims says a lot about the crew.", "44", "31"),
        ("A picking crew that has your 15 days could do better still.", "15 days", "24 days"),
        ("I could help before the Navision go-live in May.", "Navision", "Acumatica"),
        ("Moving to Navision in May is a large step.", "Navision", "Acumatica"),
        ("The new bakery in Olhão will need a night crew.", "Olhão", "Tavira"),
        ("You said that the roof has pigeons since it was rebuilt after the fire in 2019.", "fire", "storm"),
    ],
)
def test_the_exchanged_end_is_told(wrong: Check, sentence: str, text: str, expected: str) -> None:
    assert [(conflict.text, conflict.expected) for conflict in wrong(sentence)] == [(text, expected)]


def test_what_one_person_runs_is_not_anothers(wrong: Check) -> None:
    (conflict,) = wrong("Leonor told us how she looks after the seed bank and the frost alarms.")
    assert conflict.text.startswith("Leonor") and "Bruno runs" in conflict.expected


@pytest.mark.parametrize(
    "sentence",
    [
        "Bringing the picking time from 24 days to 15 is work I know.",
        "Going from 31 to under 13 claims says a lot about the crew.",
        "You want to reach your 15 days by spring.",
        "Leaving Navision in May is a large step, and Acumatica a good one.",
        "The new Tavira bakery will need a night crew.",
        "The roof has pigeons since the storm of 2019.",
        "Since the summer of 2019 it is a roof with pigeons, and after the summer of 2019 we rebuilt a roof with pigeons.",
        "Bruno told us about the seed bank and the frost alarms.",
    ],
)
def test_what_is_told_right_or_in_other_words_is_not_accused(wrong: Check, sentence: str) -> None:
    assert wrong(sentence) == ()


@pytest.mark.parametrize(
    "check", [end_conflicts, target_conflicts, successor_conflicts, site_conflicts, event_conflicts]
)
def test_a_check_without_notes_is_silent(
    check: Callable[..., tuple[Conflict, ...]], parse: Callable[..., Draft]
) -> None:
    draft = parse(
        "Dear Ines,\n\nYour 15 days went from 24 to 7 after the fire in 2019, before the Navision go-live.\n\nBen"
    )
    assert check(draft, body_sentences(draft)) == ()
