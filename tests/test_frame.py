"""The frame of the letter: greeted by name, thanked, signed, and what comes next."""

from __future__ import annotations

import pytest

from analyzer.rules import run_rules
from analyzer.traits.frame import frame_signals, greets_by_name, signs_in_passing


@pytest.mark.parametrize(
    "text",
    [
        "Dear Ana,\n\nThank you.\n\nBen",
        "hiya ana thx 4 today was good",
        "Thank you, Ana, for the tour of the depot.",
        "Ana hi,\n\nThanks for the talk.",
        "Kia ora Ana,\n\nThanks for the talk.",
        "Dear Hiring Manager Okafor,\n\nThank you.",
    ],
)
def test_a_greeting_by_name_is_seen_wherever_it_opens_the_letter(parse, text: str) -> None:
    assert greets_by_name(parse(text, interviewer="Ana Okafor"))


@pytest.mark.parametrize(
    "text",
    [
        "Dear Sir or Madam,\n\nThank you.\n\nBen",
        "To Whom It May Concern:\n\nThank you.\n\nBen",
        "Dear Ma'am,\n\nThank you.\n\nBen",
        "Hi there!\n\nThank you.\n\nBen",
        "Hi {{first_name}},\n\nThank you.\n\nBen",
        "Dear Hiring Manager\n\nThank you.\n\nBen",
        "Thank you for today. The depot was good.\n\nBen",
    ],
)
def test_a_greeting_to_nobody_is_none(parse, text: str) -> None:
    draft = parse(text, interviewer="Ana Okafor")
    assert not greets_by_name(draft)
    assert "no_greeting" in {signal.rule for signal in frame_signals(draft, run_rules(draft))}


@pytest.mark.parametrize("ending", ["speak tues, jodie", "txt me monday, Sam", "need me back, ellie brough x"])
def test_a_name_at_the_end_of_a_running_text_signs_it(parse, ending: str) -> None:
    draft = parse(f"hi ana thanks for today. {ending}", interviewer="Ana Okafor")
    assert draft.has("signature") or signs_in_passing(draft)


@pytest.mark.parametrize(
    "ending", ["I liked the depot.", "see you on tuesday", "say hello to the team, Ana", "thank you."]
)
def test_other_endings_do_not_sign(parse, ending: str) -> None:
    draft = parse(f"hi ana thanks for today. {ending}", interviewer="Ana Okafor")
    assert not signs_in_passing(draft)


def test_thanks_for_nothing_are_none(parse) -> None:
    draft = parse("Ana,\n\nWell, thanks for nothing.\n\nBen", kind="rejection_reply", interviewer="Ana Okafor")
    assert "no_thanks" in {signal.rule for signal in frame_signals(draft, run_rules(draft))}
