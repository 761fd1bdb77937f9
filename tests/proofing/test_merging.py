"""One list out of both: names and noise left out, the better words kept, each place once."""

from __future__ import annotations

from typing import Literal

import pytest

from analyzer.proofing import merge_issues
from analyzer.proofing.harper_engine import HarperEngine
from analyzer.types import Issue

Category = Literal["spelling", "grammar", "punctuation", "capitals", "style"]


def issue(
    text: str, words: str, *suggestions: str, rule: str = "harper.SpellCheck", category: Category = "spelling"
) -> Issue:
    at = text.index(words)
    engine = "harper" if rule.startswith("harper.") else "languagetool"
    return Issue(engine, rule, at, at + len(words), words, "said so", suggestions, category)


def both(text: str, words: str, *suggestions: str) -> tuple[Issue, ...]:
    """What becomes of a word that both engines have in no dictionary."""
    theirs = issue(text, words, *suggestions, rule="MORFOLOGIK_RULE_EN_US")
    return merge_issues([[issue(text, words, *suggestions)], [theirs]], text, ())


@pytest.mark.parametrize(
    ("text", "word", "suggestions"),
    [
        ("I will recieve it.", "recieve", ["receive"]),
        ("Unfortunatly it rained.", "Unfortunatly", ["Unfortunately"]),
        ("We met on Wensday.", "Wensday", ["Wednesday"]),
        ("The secruity gate.", "secruity", ["security"]),
    ],
)
def test_a_slip_is_shown_once_with_the_nearest_word(text: str, word: str, suggestions: list[str]) -> None:
    (found,) = both(text, word, *suggestions)
    assert (found.text, found.category, found.suggestions[0]) == (word, "spelling", suggestions[0])
    assert suggestions[0] in found.message


@pytest.mark.parametrize(
    ("text", "word", "suggestions"),
    [
        ("I thank Siobhan Okonkwo for it.", "Okonkwo", ["Oklahoma"]),
        ("Thank you, Ms. Mondal.", "Mondal", ["Monday"]),
        ("Timbits were there.", "Timbits", ["Tidbits"]),
        ("The van der Berg yard.", "der", ["dear"]),
        ("Our glovebox leaked.", "glovebox", ["glove box"]),
        ("The cath lab is new.", "cath", ["Cath", "bath"]),
        ("A GPIO pin failed.", "GPIO", ["GPO"]),
        ("The kōrero went on.", "kōrero", ["Herero"]),
        ("Many sinseh came.", "sinseh", ["sins eh", "since"]),
        ("The e-fomr is sent.", "fomr-x", []),
    ],
)
def test_names_and_terms_of_a_trade_are_no_slips(text: str, word: str, suggestions: list[str]) -> None:
    text = text.replace("e-fomr", "fomr-x")
    assert both(text, word, *suggestions) == ()


def test_a_word_one_engine_knows_is_right() -> None:
    text = "The lumper came."
    assert merge_issues([[issue(text, "lumper", "lumber")], []], text, ()) == ()
    text = "They mesage me."
    ours = issue(text, "mesage", "message")
    theirs = issue(text, "mesage", "message", rule="MORFOLOGIK_RULE_EN_US")
    assert merge_issues([[], [theirs]], text, ()) == ()
    assert len(merge_issues([[ours], [theirs]], text, ())) == 1


def test_a_phrase_in_another_language_is_no_slip() -> None:
    text = "Diolch yn fawrr am gyfled da."
    words = ("fawrr", "gyfled")
    lists = [
        [issue(text, word, "flawed", rule=rule) for word in words]
        for rule in ("harper.SpellCheck", "MORFOLOGIK_RULE_EN_US")
    ]
    assert merge_issues(lists, text, ()) == ()


@pytest.mark.parametrize(
    "text",
    [
        "See https://recieve.example.com/recieve today.",
        "Write to recieve@example.com today.",
        "The file recieve.pdf is there.",
        'They call it "recieve" there.',
        "Ask @recieve about it.",
    ],
)
def test_links_addresses_and_quoted_words_are_not_read(text: str) -> None:
    assert both(text, "recieve", "receive") == ()


def test_parts_that_are_not_prose_are_not_read() -> None:
    text = "It is teh end.\nTeh Lin"
    found = merge_issues([[issue(text, "teh", "the")]], text, ((15, len(text)),))
    assert [each.text for each in found] == ["teh"]
    assert merge_issues([[issue(text, "Teh", "The")]], text, ((15, len(text)),)) == ()


def test_an_item_of_a_list_and_an_abbreviation_need_no_capital() -> None:
    for text, word in (("Dates:\n- any monday", "any"), ("My P.Eng. number is here.", "number")):
        small = issue(text, word, word.title(), rule="UPPERCASE_SENTENCE_START", category="capitals")
        assert merge_issues([[], [small]], text, ()) == ()
    text = "It rained. any day will do."
    small = issue(text, "any", "Any", rule="UPPERCASE_SENTENCE_START", category="capitals")
    assert len(merge_issues([[], [small]], text, ())) == 1


def test_of_overlapping_objections_the_gravest_with_advice_stands() -> None:
    text = "I should of gone."
    found = merge_issues(
        [
            [issue(text, "should of", rule="harper.ModalOf", category="grammar")],
            [
                issue(text, "should of", "should have", rule="MODAL_OF", category="grammar"),
                issue(text, "of", "off", rule="A_STYLE", category="style"),
            ],
        ],
        text,
        (),
    )
    assert [(each.rule, each.suggestions) for each in found] == [("MODAL_OF", ("should have",))]


def test_what_both_suggest_comes_first() -> None:
    text = "I has gone."
    found = merge_issues(
        [
            [issue(text, "has", "had", "have", rule="harper.X", category="grammar")],
            [issue(text, "has", "have", rule="Y", category="grammar")],
        ],
        text,
        (),
    )
    assert found[0].suggestions == ("have", "had")


def test_names_of_one_case_are_unknown_to_the_next() -> None:
    engine = HarperEngine()
    text = "The plan of quorvel is good."
    assert engine.check(text, frozenset({"quorvel"})) == ()
    assert [each.text for each in engine.check(text, frozenset())] == ["quorvel"]


def test_the_list_is_in_text_order_and_nothing_overlaps() -> None:
    text = "teh freind recieve"
    words = [("recieve", "receive"), ("teh", "the"), ("freind", "friend")]
    found = merge_issues([[issue(text, *pair) for pair in words]], text, ())
    assert [each.text for each in found] == ["teh", "freind", "recieve"]
    assert all(text[each.start : each.end] == each.text for each in found)
