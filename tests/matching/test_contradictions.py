"""Facts that contradict the notes, each by its kind; and what must never be accused."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from analyzer.matching.facts import FACT_CHECKS, fact_conflicts
from analyzer.matching.figures import alike
from analyzer.parsing.draft import body_sentences
from analyzer.types import Draft

NOTES = (
    "Mo Farrell runs Crewe. 340 households in Uppsala, 46 beds, 41 full. Moving FROM Airflow to Dagster, feature store is homemade on Redis. "
    "sales to India grew 18%, Vietnam fell. Lucy Hart (QA) wants clear cancel rules. Mo is afraid of losing clients. no robots, can't stand them. "
    "team 11. test next week Wed. liquid cooling comes Aug. start 1 September. leakage abt 40%. decision by 21 June"
)
Wrong = Callable[[str], list[tuple[str, str]]]


@pytest.fixture
def wrong(parse: Callable[..., Draft]) -> Wrong:
    def conflicts(sentence: str) -> list[tuple[str, str]]:
        draft = parse(f"Dear Mo,\n\nThank you for your time. {sentence}\n\nBen", notes=NOTES, interviewer="Mo Farrell")
        found = fact_conflicts(draft, body_sentences(draft))
        for conflict in found:
            assert draft.text[conflict.start : conflict.end] == conflict.text
            assert conflict.fault == "wrong_fact" and conflict.expected in conflict.message
        return [(conflict.text, conflict.expected) for conflict in found]

    return conflicts


@pytest.mark.parametrize(
    ("sentence", "text", "expected"),
    [
        ("I keep thinking about the 1,200 households and their app.", "1,200", "340"),
        ("Running a home of 64 beds takes patience.", "64", "46"),
        ("I keep thinking of the households in Gothenburg.", "Gothenburg", "Uppsala"),
        ("Snowflake as feature store is a choice, and Presto as feature store too.", "Presto", "Redis"),
        ("Your move from Dagster to Airflow is brave.", "Dagster to Airflow", "Airflow to Dagster"),
        ("That Vietnam grew so fast surprised me.", "Vietnam grew", "Vietnam fell"),
        (
            "Lucy is worried about losing clients over this.",
            "Lucy is worried about losing clients over this",
            "Mo is afraid of losing clients",
        ),
        ("It was a treat to see the robots at work.", "robots", "no robots"),
        ("Leading your team of fifteen would be a joy.", "fifteen", "11"),
        ("I look forward to the test on Monday.", "Monday", "Wed"),
        ("Liquid cooling coming in June is good news.", "June", "Aug"),
        ("I can start on 1 July as agreed.", "1 July", "1 September"),
        ("The leakage, you said, is about 14%.", "14%", "40%"),
        ("You said that you would decide by 14 June.", "14 June", "21 June"),
    ],
)
def test_a_contradiction_is_found_at_its_words(wrong: Wrong, sentence: str, text: str, expected: str) -> None:
    found = wrong(sentence)
    assert any(text.startswith(words) or words.startswith(text) for words, _ in found), found
    assert any(right == expected or right in expected or expected in right for _, right in found), found


@pytest.mark.parametrize(
    "sentence",
    [
        "The 340 households in Uppsala stay with me.",
        "At my last home we had 64 beds.",
        "I would gladly sit with twenty households for an evening.",
        "The other five beds could be filled by spring.",
        "When I lived in Gothenburg we did the same for households.",
        "Moving from Airflow to Dagster is brave.",
        "That Vietnam fell while India grew surprised me.",
        "Lucy wants clear cancel rules, and she is right.",
        "I would not miss the robots at all.",
        "Leading your team of eleven would be a joy.",
        "I look forward to the test on Wednesday.",
        "Sixty per cent of the water arrives, then.",
        "I can come on Monday if that helps.",
        "Nothing here is about the notes.",
    ],
)
def test_what_is_true_or_the_writers_own_is_left_alone(wrong: Wrong, sentence: str) -> None:
    assert wrong(sentence) == []


@pytest.mark.parametrize(("one", "other"), [(46, 64), (112, 121), (200, 2000), (14, 40), (18, 28), (14000, 40000)])
def test_figures_that_may_be_mistaken_for_each_other(one: float, other: float) -> None:
    assert alike(one, other) and alike(other, one)


@pytest.mark.parametrize(("one", "other"), [(5, 5), (17, 58), (20, 14200), (0, 7), (float("nan"), 3)])
def test_figures_that_are_simply_others(one: float, other: float) -> None:
    assert not alike(one, other)


def test_every_check_is_silent_without_notes(parse: Callable[..., Draft]) -> None:
    draft = parse("Dear Mo,\n\nThe 340 households in Uppsala grew from A to B.\n\nBen", notes="")
    assert all(check(draft, body_sentences(draft)) == () for check in FACT_CHECKS)


def test_no_clean_draft_of_the_corpus_is_accused(parse: Callable[..., Draft], held_out_writers: frozenset[str]) -> None:
    import json
    from pathlib import Path

    from analyzer.matching import match_draft
    from benchmarks.matching import load_drafts

    lines = (
        (Path(__file__).resolve().parents[2] / "data/labelled/ratings.jsonl").read_text(encoding="utf-8").splitlines()
    )
    tagged = {
        row["id"]
        for row in map(json.loads, lines)
        if {"wrong_name", "wrong_company", "wrong_fact"} & set(row["faults"])
    }
    ids = {row["id"] for row in map(json.loads, lines)} - tagged
    wanted = sorted(case_id for case_id in ids if case_id[0] not in held_out_writers)[::5]
    for draft in load_drafts(wanted, held_out=False):
        assert match_draft(draft, body_sentences(draft)).conflicts == ()
