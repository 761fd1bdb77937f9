"""The Python API as a stranger meets it: one import, typed results, representations that can be read."""

from __future__ import annotations

from dataclasses import replace

import analyzer as package
from analyzer import Analyzer, Report

DRAFT = "Dear Ana,\n\nThank you for the tour <b>of the depot</b> on Tuesday; I would be glad to help with it.\n\nBen"


def test_every_public_name_is_there_and_documented() -> None:
    for name in package.__all__:
        value = getattr(package, name)
        assert name == "__version__" or value.__doc__, name


def test_a_report_reads_as_one_line(analyzer: Analyzer) -> None:
    report = analyzer.analyze(DRAFT, interviewer="Ana Silva", kind="thank_you")
    said = repr(report)
    assert said.startswith(f"<Report 1: thank you, {report.overall.score:.0f} of 100 (specificity ")
    assert "\n" not in said and len(said) < 200


def test_a_notebook_shows_a_report_with_everything_escaped(analyzer: Analyzer) -> None:
    report = analyzer.analyze(DRAFT, interviewer="Ana Silva", kind="thank_you")
    shown = report._repr_html_()
    assert shown.count("<tr>") == len(report.traits)
    hostile = replace(
        report, findings=tuple(replace(one, text="<img src=x>", severity="fix") for one in report.findings)
    )
    assert "<img" not in hostile._repr_html_()
    assert all(trait.name in shown for trait in report.traits)


def test_a_report_that_failed_says_why_in_both(analyzer: Analyzer) -> None:
    failed = Report("7", error=("not_english", "This is <not> English."))
    assert repr(failed) == "<Report 7: This is <not> English.>"
    assert failed._repr_html_() == "<p>&lt;Report 7: This is &lt;not&gt; English.&gt;</p>"


def test_an_analyzer_ends_its_engines_behind_itself() -> None:
    with Analyzer(engines=("harper",)) as own:
        first = own.analyze(DRAFT)
    assert own.analyze(DRAFT) == first, "it starts anew when it is asked again"
    own.close()
