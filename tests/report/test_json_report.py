"""The report as the contract's JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from analyzer.report.json_report import to_dict
from analyzer.types import Case, Detail, Edit, NoteItem, Rating, Report, Rewritten, Silence, Timing


def test_a_report_survives_the_round_trip(sampled) -> None:
    for report in sampled.reports:
        made = to_dict(report)
        assert json.loads(json.dumps(made, ensure_ascii=False, allow_nan=False)) == made
        assert json.loads(json.dumps(made)) == made


def test_json_says_what_the_report_says(sampled) -> None:
    for case, report in zip(sampled.cases, sampled.reports, strict=True):
        made = to_dict(report)
        assert made["id"] == case.id and made["kind"] == report.kind
        for one in (made["overall"], *made["traits"].values()):
            low, high = one["interval"]
            assert 1.0 <= low <= one["rating"] <= high <= 5.0
            assert one["score"] == pytest.approx((one["rating"] - 1.0) * 25.0, abs=0.2)
        for finding, shown in zip(report.findings, made["findings"], strict=True):
            assert case.draft[shown["start"] : shown["end"]] == shown["text"] == finding.text
            assert shown["suggestions"] == list(finding.suggestions)
        assert made["missed"] == [item.text for item in report.missed]
        assert [match["item"] for match in made["matches"]] == [match.item.text for match in report.matches]
        assert made["timing"] is None or set(made["timing"]) == {"verdict", "message", "send_between"}


def test_an_error_is_all_there_is() -> None:
    assert to_dict(Report(id="7", error=("empty_draft", "It is empty."))) == {
        "id": "7",
        "error": {"code": "empty_draft", "message": "It is empty."},
    }


def test_timing_edits_and_the_rewritten_draft_have_the_contracts_names() -> None:
    rating = Rating(4.0, 3.0, 5.0)
    moment = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    report = Report(
        id="1",
        case=Case(draft="a b"),
        kind="thank_you",
        overall=rating,
        timing=Timing("send_now", "Send it today.", (moment, moment)),
        rewrites=(Edit(0, 1, "a", "c", "focus", "shorter", 2.04),),
        rewritten=Rewritten("c b", rating),
    )
    made = to_dict(report)
    assert made["timing"] == {
        "verdict": "send_now",
        "message": "Send it today.",
        "send_between": ["2026-11-23T09:30:00+00:00"] * 2,
    }
    assert made["rewrites"] == [
        {"start": 0, "end": 1, "before": "a", "after": "c", "trait": "focus", "why": "shorter", "gain": 2.0}
    ]
    assert made["rewritten"] == {"draft": "c b", "overall": {"score": 75.0, "rating": 4.0, "interval": [3.0, 5.0]}}
    assert to_dict(Report(id="1", case=Case(draft="a"), kind="thank_you", overall=rating, timing=Timing("none", "No date."))) [
        "timing"
    ] == {"verdict": "none", "message": "No date.", "send_between": None}  # fmt: skip


def test_what_is_withheld_unnoted_silent_and_advised_is_told() -> None:
    why = "They need not know of other offers."
    report = Report(
        id="1",
        case=Case(draft="Finoro is at 40."),
        kind="thank_you",
        overall=Rating(4.0, 3.0, 5.0),
        withheld=(NoteItem("other offer", "notes", "topic", 0, 11, private=True, why=why),),
        details=(Detail(13, 15, "40", "unsupported"),),
        engines=("harper",),
        silent=(Silence("languagetool", "It died."),),
        advisories=("It died.",),
    )
    made = to_dict(report)
    assert made["withheld"] == [{"item": "other offer", "source": "notes", "why": why}]
    assert made["details"] == [{"start": 13, "end": 15, "text": "40", "support": "unsupported"}]
    assert made["engines"] == ["harper"] and made["silent"] == [{"engine": "languagetool", "why": "It died."}]
    assert made["advisories"] == ["It died."] and made["missed"] == []
