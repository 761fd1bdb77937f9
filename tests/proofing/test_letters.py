"""What only the whole letter or the case can tell: names in small letters, two spellings of English, a stop left out."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from analyzer.pipeline import Analyzer
from analyzer.proofing.letters import letter_signals
from analyzer.types import Draft

Parse = Callable[..., Draft]


def fired(draft: Draft) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(each.rule, draft.text[each.start : each.end], each.suggestions) for each in letter_signals(draft)]


def test_a_name_in_small_letters_is_found_in_greeting_and_body(parse: Parse) -> None:
    draft = parse("Dear siobhan,\n\nI told siobhan so. See siobhan@example.com.\n\nBen", interviewer="Siobhan Grace")
    assert fired(draft) == [("name_in_small_letters", "siobhan", ("Siobhan",))] * 2


def test_a_name_that_is_a_word_may_be_meant_as_one(parse: Parse) -> None:
    assert fired(parse("Dear Ms Grace,\n\nYou did it with grace.\n\nBen", interviewer="Amy Grace")) == []


@pytest.mark.parametrize(
    "text",
    [
        "I favour the colour of the centre and organise it.",
        "I favor the color of the center and organize it.",
        "I favour the colour of the centre and organize it.",
        "The harbor Center and a favour.".replace("harbor", "Harbor"),
    ],
)
def test_british_american_and_canadian_spelling_are_each_right(parse: Parse, text: str) -> None:
    assert fired(parse(f"Dear Ana,\n\n{text}\n\nBen")) == []


@pytest.mark.parametrize(
    "text",
    [
        "I favor the color of the center, and I organized the program at the theater.",
        "I favour the colour of the centre, and I organised the programme at the theatre.",
        "I favour the colour of the centre, and I organized the program for the labour team.",
        "I favour the colour of the centre, and I organised the program for the labour team.",
        "We can prepone the programme; the plant makes two lakh units for a crore of rupees.",
    ],
    ids=["US", "GB", "CA", "AU", "IN"],
)
def test_five_englishes_are_right_without_being_told_which(analyzer: Analyzer, text: str) -> None:
    report = analyzer.analyze(f"Dear Ana,\n\nThank you for today. {text}\n\nBest,\nBen", kind="thank_you")
    assert [finding.text for finding in report.findings if finding.trait == "grammar"] == []


@pytest.mark.parametrize(
    ("text", "word", "other"),
    [
        ("I favour the colour of the center, the centre of it.", "center", "centre"),
        ("We organise it and organize it, and organise more.", "organize", "organise"),
        ("We organise the color, the honor and the harbor.", "organise", "organize"),
    ],
)
def test_a_mixture_is_one_finding_at_the_rarer_spelling(parse: Parse, text: str, word: str, other: str) -> None:
    assert fired(parse(f"Dear Ana,\n\n{text}\n\nBen")) == [("mixed_spelling", word, (other,))]


def test_a_sentence_without_its_stop(parse: Parse) -> None:
    draft = parse("Dear Ana,\n\nThank you for showing me the whole yard on such a wet day\n\nBest,\nBen")
    assert fired(draft) == [("no_full_stop", "day", ("day.",))]
    draft = parse(
        "Dear Ana,\n\nI can come:\n- any Monday after nine in the morning or so, says my calendar\n\nBest,\nBen"
    )
    assert fired(draft) == []
