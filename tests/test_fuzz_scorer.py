"""The scorer against whatever is written: spans slice, ratings stay on the scale, and what is refused is refused in one sentence.

scripts/fuzz.py searches the same laws for longer, guided by the lines an input reaches.
"""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analyzer.errors import AnalyzerError, InputError
from analyzer.pipeline import Analyzer
from analyzer.report.json_report import to_dict
from analyzer.types import Case, Rating, Report

# What breaks programs: marks of direction, joiners, astral signs, line ends of every system, signs of markup, spreadsheets and patterns.
AWKWARD = (
    *("\u202e", "\u2066", "\u200f", "\u200d", "\u00ad", "\ufeff", "\u2028", "\u2029", "\x85", "\r", "\r\n", "\n", "\n\n\n", "\t", "\xa0"),
    *("😀", "👩\u200d👩\u200d👧", "e\u0301" * 5, "ﬁ", "İ", "ß", "ǅ", "１２", "٣", "½", "𝓗𝓲", "שלום", "مرحبا", "您好", "\U000e0041"),
    *("[Name]", "{0}", "%s", "$x$", "<b>", "&amp;", "=1+1", "\\", "`", "'", '"', "’", "((((", "]]]]", "^", "…", "--", "—", "://", "@"),
    *("Dear Ms Nair,", "Thank you for Tuesday.", "Best wishes,", "Ben", "> quoted", "14,200", "19th", "I dont", "PS", "a" * 300, "1" * 400),
)  # fmt: skip
CONTROLS = [chr(code) for code in (*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0x7F, 0xA0)) if code != 0x85]
texts = st.lists(st.sampled_from(AWKWARD) | st.text(max_size=12), min_size=1, max_size=14).map("".join)
few = settings(max_examples=10, suppress_health_check=list(HealthCheck))
MOST_S = 30.0


def check_sentence(code: str, message: str) -> None:
    assert code.isidentifier() and message.endswith(".") and message.isprintable() and len(message) < 600, message


def check_rating(rating: Rating | None) -> None:
    assert rating is not None and 1.0 <= rating.low <= rating.value <= rating.high <= 5.0


def check_judged(report: Report) -> None:
    text = report.text
    for finding in report.findings:
        assert 0 <= finding.start <= finding.end <= len(text) and text[finding.start : finding.end] == finding.text
    for placed in (*report.matches, *report.parts):
        assert 0 <= placed.start < placed.end <= len(text)
    for rating in (report.overall, *(trait.rating for trait in report.traits)):
        check_rating(rating)
    assert all(0.0 <= fault.probability <= 1.0 for fault in report.faults)
    json.dumps(to_dict(report), allow_nan=False)


def judge(analyzer: Analyzer, case: Case) -> Report:
    started = time.process_time()
    (report,) = analyzer.analyze_cases([case])
    assert time.process_time() - started < MOST_S
    if report.error:
        check_sentence(*report.error)
        assert report.overall is None and not report.findings
    else:
        check_judged(report)
    return report


@few
@given(draft=texts, notes=texts, name=texts)
def test_any_words_are_judged_or_refused(analyzer: Analyzer, draft: str, notes: str, name: str) -> None:
    judge(analyzer, Case(draft=draft, notes=notes, interviewer=name, company=name, role=name))


@few
@given(draft=texts, notes=texts, name=texts)
def test_any_words_in_a_letter_are_judged(analyzer: Analyzer, draft: str, notes: str, name: str) -> None:
    letter = f"Dear Ms Nair,\n\nThank you for your time on Tuesday, it was good to hear of {draft} and the rest.\n\nBest,\nBen"
    judge(analyzer, Case(draft=letter, notes=notes, interviewer=f"Priya Nair;{name}", company=name, role=name))


@pytest.mark.parametrize("field", ["draft", "notes"])
@given(text=st.text(max_size=20), sign=st.sampled_from([*CONTROLS, "\x85", "\ud800", "\udfff"]))
@few
def test_control_characters_and_halves_of_characters_are_refused(
    analyzer: Analyzer, field: str, text: str, sign: str
) -> None:
    with pytest.raises(InputError) as caught:
        analyzer.analyze(**{"draft": "Dear Ana, thank you.", field: f"Thank you {text}{sign} for today."})
    assert caught.value.code in ("not_text", "bad_encoding")
    check_sentence(caught.value.code, caught.value.message)


@pytest.mark.parametrize(
    "text",
    ["a" * 19_000, "\n" * 19_000 + "Thank you for today.", "(" * 2_000 + "thanks" + ")" * 2_000, "Thank you. " + "\u202e" * 5_000,
     "19th " * 300, "> " * 3_000],
    ids=lambda text: f"{text[:12]!r}",
)  # fmt: skip
def test_endless_letters_end(analyzer: Analyzer, text: str) -> None:
    judge(analyzer, Case(draft=text, notes="19 parcels; Bob Smith", interviewer="Ana Silva", company="Harbourline"))


def test_nothing_but_our_errors_is_raised_for_what_is_no_draft(analyzer: Analyzer) -> None:
    for draft in ("", " \n", "\u200b", "12 34", "😀", "a" * 20_001):
        with pytest.raises(AnalyzerError) as caught:
            analyzer.analyze(draft)
        check_sentence(caught.value.code, caught.value.message)
