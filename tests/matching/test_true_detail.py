"""A law: adding a true detail from the notes never lowers what is measured of the notes, nor the rating of specificity."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from analyzer.pipeline import Analyzer
from analyzer.types import Case, Report

# the law of the rating holds but for the other traits' hints in the added sentence, which move it by less than this
_ROUNDING = 0.06
_CASES = 24


@pytest.fixture(scope="module")
def pairs(
    analyzer: Analyzer, corpus: tuple[Case, ...], held_out_writers: frozenset[str]
) -> tuple[tuple[Report, Report], ...]:
    """Reports of drafts as they are, and with one sentence about the best thing left out."""
    chosen = [case for case in corpus if case.notes and case.id[0] not in held_out_writers]
    chosen = chosen[:: len(corpus) // (2 * _CASES)]
    plain = [report for report in analyzer.analyze_cases(chosen) if report.missed]
    richer = analyzer.analyze_cases(list(_enriched(plain)))
    return tuple(zip(plain, richer, strict=True))


def _enriched(reports: list[Report]) -> Iterator[Case]:
    for report in reports:
        assert report.case
        at = [part.end for part in report.parts if part.name == "body"][-1]
        sentence = f" What you said about “{report.missed[0].text}” has stayed with me."
        yield replace(report.case, draft=report.text[:at] + sentence + report.text[at:])


def test_the_detail_is_recognised(pairs: tuple[tuple[Report, Report], ...]) -> None:
    assert len(pairs) > _CASES // 2
    for plain, richer in pairs:
        item = plain.missed[0]
        assert any(match.item.start < item.end and item.start < match.item.end for match in richer.matches), item.text


def test_a_true_detail_is_no_conflict_and_never_lowers_specificity(pairs: tuple[tuple[Report, Report], ...]) -> None:
    def rating(report: Report) -> float:
        return next(trait.rating.value for trait in report.traits if trait.name == "specificity")

    def wrong(report: Report) -> int:
        return sum(finding.rule.startswith("wrong_") for finding in report.findings)

    for plain, richer in pairs:
        assert wrong(richer) <= wrong(plain), plain.missed[0].text
        assert rating(richer) >= rating(plain) - _ROUNDING, plain.missed[0].text
