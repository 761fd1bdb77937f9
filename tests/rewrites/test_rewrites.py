"""What holds for the rewrites of any draft, and what each kind of rewrite is for."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.pipeline import Analyzer
from analyzer.reading import case_from_fields
from analyzer.report.json_report import to_dict
from analyzer.report.terminal import report_text
from analyzer.rewrites import REWRITERS, WHOLE, apply_edits
from analyzer.rewrites.guards import invention, new_errors
from analyzer.rewrites.reading import context_of
from analyzer.types import Case, Edit, Report

NOTES = (
    "P. Nair, hd of ops, Harbourline (parcels). vendor payments late. scanner app v old, 14 vans. pilot with 340 sellers in Hull. "
    "wants someone who can say no to sellers. decision by the 28th"
)
DRAFTS = {
    "generic": "Dear Ms Nair,\n\nThank you for taking the time to speak with me. I was impressed by your company's commitment to excellence "
    "and innovation. I am confident that my skills would make me a great fit.\n\nKind regards,\nDana Whitfield",
    "bare": "Thanks for today.\n\nDana",
    "begging": "Dear Ms Nair,\n\nThank you for today. Please please give me this job, I am desperate and I will do anything. The scanner app is old."
    "\n\nDana",
    "wrong name": "Dear Ms Nayr,\n\nThank you for Tuesday. The old scanner app stays with me: at the shoe shop a photo of the label mended most of it, "
    "and I could try that at one depot for you. I look forward to hearing from you.\n\nKind regards,\nDana Whitfield",
    "errors": "Dear Ms Nair,\n\nThank you for interview me on Tuesday. I enjoyed to learn about the scanner app, and I recieved you're mail.\n\nDana",
    "gushing": "Hi Priya!!!\n\nOMG what an amazing day!!! I have never met such an inspiring leader in my whole life!!! You are a legend!!!\n\nDana",
}  # fmt: skip
FINE = (
    "Dear Ms Nair,\n\nThank you for Tuesday, and for walking me round the dock. Late vendor payments would be my first week: at the shoe shop I "
    "rang the ten oldest each Monday, and within two months none was older than thirty days. The 340 sellers in Hull are a good place to "
    "try it, since you already talk to them daily.\n\nI would be glad to join you, and I look forward to hearing from you by the 28th."
    "\n\nKind regards,\nDana Whitfield"
)
ORDERS = 6


def _case(draft: str, **fields: str) -> Case:
    known = {
        "kind": "thank_you",
        "notes": NOTES,
        "interviewer": "Priya Nair",
        "company": "Harbourline",
        "role": "Returns Coordinator",
    }
    return case_from_fields({**known, **fields, "draft": draft}, 1)


@pytest.fixture(scope="module")
def rewriting() -> Analyzer:
    return Analyzer(engines=("harper",), rewrites=True)


@pytest.fixture(scope="module")
def reports(rewriting: Analyzer) -> dict[str, tuple[Case, Report]]:
    cases = {name: _case(draft) for name, draft in DRAFTS.items()}
    return {name: (case, rewriting.analyze_case(case)) for name, case in cases.items()}


@pytest.mark.parametrize("name", DRAFTS)
def test_each_edit_slices_and_together_they_make_the_rewritten_draft(
    reports: dict[str, tuple[Case, Report]], name: str
) -> None:
    case, report = reports[name]
    assert report.rewritten is not None
    assert all(case.draft[edit.start : edit.end] == edit.before for edit in report.rewrites)
    assert all(edit.before != edit.after and edit.why and edit.rewriter for edit in report.rewrites)
    assert apply_edits(case.draft, report.rewrites) == report.rewritten.draft


@pytest.mark.parametrize("name", DRAFTS)
def test_nothing_is_invented_and_the_rewritten_draft_gains(reports: dict[str, tuple[Case, Report]], name: str) -> None:
    case, report = reports[name]
    assert report.rewritten is not None and report.overall is not None
    assert report.rewritten.overall.score > report.overall.score
    assert [invention(case, edit.before, edit.after) for edit in report.rewrites] == [""] * len(report.rewrites)


@pytest.mark.parametrize("name", DRAFTS)
def test_the_gain_shown_is_that_of_scoring_the_rewritten_draft_itself(
    rewriting: Analyzer, reports: dict[str, tuple[Case, Report]], name: str
) -> None:
    case, report = reports[name]
    assert report.rewritten is not None
    again = replace(case, draft=report.rewritten.draft)
    (evidence,), (after,) = rewriting.collect([case]), rewriting.collect([again])
    assert new_errors(evidence.issues, after.issues) == ()
    scored = Analyzer(engines=("harper",)).analyze_case(again)
    assert scored.overall is not None
    assert scored.overall.score == pytest.approx(report.rewritten.overall.score, abs=1e-6)


@pytest.mark.parametrize("name", DRAFTS)
def test_edits_compose_in_any_order(reports: dict[str, tuple[Case, Report]], name: str) -> None:
    case, report = reports[name]
    assert report.rewritten is not None
    placed = [edit for edit in report.rewrites if edit.start < edit.end]
    whole = apply_edits(case.draft, placed)
    for order in list(permutations(placed))[:ORDERS]:
        assert apply_edits(case.draft, order) == whole


@given(text=st.text(max_size=80), seed=st.integers(0, 99))
def test_no_edit_is_no_change_and_edits_made_one_by_one_from_the_end_are_the_same(text: str, seed: int) -> None:
    assert apply_edits(text, ()) == text
    draw = Random(seed)
    cuts = sorted(draw.sample(range(len(text) + 1), min(4, len(text) + 1)))
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    edits = [
        Edit(start, end, text[start:end], f"<{number}>", "overall", "why") for number, (start, end) in enumerate(pairs)
    ]
    one_by_one = text
    for edit in reversed(edits):
        one_by_one = apply_edits(one_by_one, [edit])
    assert apply_edits(text, edits) == one_by_one


def test_a_draft_that_is_fine_is_left_as_it_is(rewriting: Analyzer) -> None:
    report = rewriting.analyze_case(_case(FINE))
    assert report.overall is not None
    assert report.overall.value >= 4.5
    assert report.rewrites == ()
    assert report.rewritten is None


def test_the_same_draft_always_gets_the_same_words(
    rewriting: Analyzer, reports: dict[str, tuple[Case, Report]]
) -> None:
    case, report = reports["generic"]
    assert rewriting.analyze_case(case).rewrites == report.rewrites


@pytest.mark.parametrize(
    ("name", "gone", "there"),
    [
        ("generic", "commitment to excellence", "sellers"),
        ("begging", "desperate", "Thank you"),
        ("wrong name", "Nayr", "Nair"),
        ("errors", "enjoyed to learn", "enjoyed learning"),
        ("gushing", "legend", "Thank you"),
        ("bare", "\x00", "sellers"),
    ],
)
def test_what_works_against_the_writer_goes_and_what_is_missing_comes(
    reports: dict[str, tuple[Case, Report]], name: str, gone: str, there: str
) -> None:
    _, report = reports[name]
    assert report.rewritten is not None
    assert gone not in report.rewritten.draft
    assert there.lower() in report.rewritten.draft.lower()


def test_a_plural_is_not_made_an_owner_and_a_word_of_the_notes_is_no_slip(rewriting: Analyzer) -> None:
    draft = DRAFTS["wrong name"].replace("at the shoe shop", "in this days on the lough")
    report = rewriting.analyze_case(_case(draft, notes=f"{NOTES} the lough floods"))
    assert report.rewritten is not None
    assert "day's" not in report.rewritten.draft
    assert "the lough" in report.rewritten.draft


def test_the_answer_in_a_clarification_stays(rewriting: Analyzer) -> None:
    draft = "Hi Priya,\n\nI said £31k but that was off the top of my head. I'd need a minimum of £34k to make it work with my rent.\n\nThanks,\nDana"
    case = _case(draft, kind="clarification", notes="said 31, should have said 34 min. band is 30-36")
    report = rewriting.analyze_case(case)
    assert "34k" in (report.rewritten.draft if report.rewritten else draft)


def test_without_rewrites_nothing_else_of_the_report_changes(reports: dict[str, tuple[Case, Report]]) -> None:
    case, report = reports["generic"]
    plain = Analyzer(engines=("harper",)).analyze_case(case)
    assert plain.rewrites == () and plain.rewritten is None and plain.questions == ()
    assert replace(report, rewrites=(), rewritten=None, questions=()) == plain


def test_the_report_shows_edits_with_gain_and_the_whole(reports: dict[str, tuple[Case, Report]]) -> None:
    _, report = reports["generic"]
    assert report.rewritten is not None
    told = to_dict(report)
    assert set(told["rewrites"][0]) >= {"start", "end", "before", "after", "trait", "why", "gain"}
    assert told["rewritten"]["draft"] == report.rewritten.draft
    shown = report_text(report)
    assert "Rewritten" in shown
    assert "Better words" in shown


def test_every_rewriter_proposes_only_spans_of_the_draft(analyzer: Analyzer) -> None:
    for draft in DRAFTS.values():
        case = _case(draft)
        (evidence,) = analyzer.collect([case])
        context = context_of(evidence, analyzer.analyze_case(case))
        for _, propose in (*REWRITERS, *WHOLE):
            for proposal in propose(context):
                assert 0 <= proposal.start <= proposal.end <= len(draft)
                assert proposal.why
