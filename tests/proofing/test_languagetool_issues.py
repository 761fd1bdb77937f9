"""Offsets, categories and names, on answers as LanguageTool gives them; no server."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any

import pytest

from analyzer.proofing.languagetool_issues import Names, code_points, issues_from, load_rules, sendable, without


def match(
    text: str, word: str, rule: str, category: str = "TYPOS", kind: str = "misspelling", *gives: str
) -> dict[str, Any]:
    """Make a match over the first ``word`` of ``text``, in UTF-16 units as the server counts."""
    before = text[: text.index(word)]
    return {
        "offset": len(before.encode("utf-16-le")) // 2,
        "length": len(word.encode("utf-16-le")) // 2,
        "message": "m",
        "replacements": [{"value": given} for given in gives],
        "rule": {"id": rule, "issueType": kind, "category": {"id": category}},
    }


def speller(text: str, *words: str) -> list[dict[str, Any]]:
    return [match(text, word, "MORFOLOGIK_RULE_EN_US") for word in words]


def nothing_else(_: frozenset[str]) -> frozenset[str]:
    return frozenset()


def test_offsets_after_emoji_are_code_points() -> None:
    text = "Hi 😀😀, 👩‍💻 teh 𐐷ello"
    issues = issues_from(text, speller(text, "teh", "𐐷ello"))
    assert [issue.text for issue in issues] == ["teh", "𐐷ello"]
    assert all(text[issue.start : issue.end] == issue.text for issue in issues)


def test_offset_inside_a_pair_and_past_the_end_stay_inside() -> None:
    convert = code_points("a😀b")
    assert [convert(unit) for unit in range(6)] == [0, 1, 1, 2, 3, 3]


def test_lone_surrogate_is_replaced_in_equal_length() -> None:
    assert sendable("a\ud83db") == "a\ufffdb"


@pytest.mark.parametrize(
    ("rule", "category", "kind", "expected"),
    [
        ("MORFOLOGIK_RULE_EN_US", "TYPOS", "misspelling", "spelling"),
        ("HE_VERB_AGR", "GRAMMAR", "grammar", "grammar"),
        ("UPPERCASE_SENTENCE_START", "CASING", "typographical", "capitals"),
        ("I_LOWERCASE", "TYPOS", "misspelling", "capitals"),
        ("MISSING_HYPHEN", "PUNCTUATION", "uncategorized", "style"),
        ("QUESTION_MARK", "PUNCTUATION", "uncategorized", "punctuation"),
        ("NEW", "UNHEARD_OF", "locale-violation", "style"),
        ("NEW", "UNHEARD_OF", "unheard-of", "grammar"),
    ],
)
def test_category(rule: str, category: str, kind: str, expected: str) -> None:
    (issue,) = issues_from("word", [match("word", "word", rule, category, kind)])
    assert issue.category == expected


def test_a_word_that_only_lacks_its_capital_is_no_misspelling() -> None:
    (issue,) = issues_from(
        "friday", [match("friday", "friday", "MORFOLOGIK_RULE_EN_US", "TYPOS", "misspelling", "Friday")]
    )
    assert issue.category == "capitals"


def test_an_accent_as_a_mark_of_its_own_is_no_misspelling() -> None:
    text = "nai\u0308ve"
    assert not issues_from(
        text, [match(text, text, "MORFOLOGIK_RULE_EN_US", "TYPOS", "misspelling", "naive", "na\u00efve")]
    )


@pytest.mark.parametrize(
    ("names", "word", "kept"),
    [
        ({"Siobhan"}, "Siobhan", False),
        ({"Siobhan"}, "Siobhan's", False),
        ({"Siobhan"}, "Siobhan\u2019s", False),
        ({"Siobhan"}, "SIOBHAN", False),
        ({"siobhan"}, "Siobhan", False),
        ({"Siobhan"}, "siobhan", True),
        ({"Siobhan"}, "Siobahn", True),
        ({"Osei-Tutu"}, "Osei-Tutu", False),
        ({"Osei-Tutu"}, "Tutu", False),
        ({"Osei", "Tutu"}, "Osei-Tutu", False),
        ({"Ama Osei"}, "Osei", False),
        ({"Osei"}, "Osei-Tutu", True),
        ({"Osei"}, "Osei-led", False),
        ({"O'Brien"}, "O\u2019Brien", False),
        (set(), "Osei", True),
    ],
)
def test_names_are_right_as_they_stand(names: set[str], word: str, kept: bool) -> None:
    issues = issues_from(word, speller(word, word))
    left = without(issues, Names.of(names), lambda words: words & {"led"})
    assert bool(left) is kept


def test_names_leave_other_rules_alone() -> None:
    issues = issues_from("would of", [match("would of", "would of", "MODAL_OF")])
    assert without(issues, Names.of({"would", "of"}), nothing_else) == issues


def test_words_of_the_other_dialect_are_asked_once_and_dropped() -> None:
    asked: list[frozenset[str]] = []

    def other(words: frozenset[str]) -> frozenset[str]:
        asked.append(words)
        return words & {"colour"}

    issues = issues_from("colour teh enquire", speller("colour teh enquire", "colour", "teh", "enquire"))
    assert [issue.text for issue in without(issues, Names.of(()), other)] == ["teh"]
    assert asked == [frozenset({"colour", "teh"})]


def test_order_is_text_order_and_doubles_go() -> None:
    text = "aa bb"
    matches = [*speller(text, "bb", "aa"), *speller(text, "aa")]
    assert [issue.text for issue in issues_from(text, matches)] == ["aa", "bb"]


def test_every_switched_off_rule_has_a_reason_and_stands_once() -> None:
    table = tomllib.loads(
        files("analyzer").joinpath("resources", "languagetool_rules.toml").read_text(encoding="utf-8")
    )
    for name in ("off", "off_categories"):
        ids = [entry["id"] for entry in table[name]]
        assert len(ids) == len(set(ids))
        assert all(len(entry["reason"]) > 10 for entry in table[name])
    assert not set(load_rules().off) & set(load_rules().rules), "a rule that is off needs no category"
