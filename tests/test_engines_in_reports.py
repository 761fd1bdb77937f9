"""What proofreaders say, and that they say nothing, in the report."""

from __future__ import annotations

import pytest

from analyzer.errors import EngineError
from analyzer.pipeline import Analyzer
from analyzer.proofing.harper_engine import HarperEngine
from analyzer.reading import case_from_fields
from analyzer.types import Issue, Report, Silence

DRAFT = "Dear Ana,\n\nThank you for today. The tour of the press hall was really good.\n\nBest,\nBen\n"
CASES = [case_from_fields({"id": str(at), "kind": "thank_you", "draft": DRAFT}, at) for at in range(4)]


class Second:
    """A second proofreader that answers with ``said``, or fails with it."""

    name = "languagetool"

    def __init__(self, said: EngineError | tuple[Issue, ...]) -> None:
        self.said, self.asked = said, 0

    def open(self) -> None: ...

    def close(self) -> None: ...

    def check(self, text: str, names: frozenset[str]) -> tuple[Issue, ...]:
        self.asked += 1
        if isinstance(self.said, EngineError):
            raise self.said
        return self.said


def reports_with(second: Second) -> list[Report]:
    analyzer = Analyzer(engines=("harper",))
    analyzer._engines = (HarperEngine(), second)  # type: ignore[assignment]
    return list(analyzer.analyze_cases(CASES))


def test_every_report_names_the_engine_that_is_silent_also_while_it_rests() -> None:
    second = Second(EngineError("engine_died", "It died twice."))
    reports = reports_with(second)
    assert second.asked < len(CASES)
    for report in reports:
        assert report.engines == ("harper",)
        assert report.silent == (Silence("languagetool", "It died twice."),)
        assert "It died twice." in report.advisories


@pytest.mark.parametrize("code", ["engine_timeout", "engine_closed"])
def test_an_engine_that_hung_or_was_closed_is_asked_again(code: str) -> None:
    second = Second(EngineError(code, "Not this time."))
    reports_with(second)
    assert second.asked == len(CASES)


def issue(words: str, rule: str, category: str) -> Issue:
    start = DRAFT.index(words)
    return Issue("languagetool", rule, start, start + len(words), words, "See this.", (), category)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rule", "category", "trait", "severity"),
    [
        ("SUFFICIENT_ENOUGH", "style", "concision", "improve"),
        ("GONNA", "style", "enthusiasm", "improve"),
        ("HE_VERB_AGR", "grammar", "grammar", "fix"),
        ("DOUBLE_PUNCTUATION", "punctuation", "grammar", "improve"),
        ("I_LOWERCASE", "capitals", "grammar", "fix"),
    ],
)
def test_style_is_no_error_and_a_comma_is_seldom_seen(rule: str, category: str, trait: str, severity: str) -> None:
    plain, marked = reports_with(Second(()))[0], reports_with(Second((issue("really good", rule, category),)))[0]
    (found,) = [finding for finding in marked.findings if finding.rule == rule]
    assert (found.trait, found.severity) == (trait, severity)
    assert marked.overall == plain.overall
    if category == "style":
        assert marked.traits == plain.traits
