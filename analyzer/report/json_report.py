"""A report as the contract's JSON object. Shows, never computes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analyzer.types import Detail, Edit, Finding, NoteMatch, Rating, Report, Rewritten, Timing


def _rating(rating: Rating) -> dict[str, Any]:
    return {
        "score": round(rating.score, 1),
        "rating": round(rating.value, 2),
        "interval": [round(rating.low, 2), round(rating.high, 2)],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "trait": finding.trait,
        "severity": finding.severity,
        "start": finding.start,
        "end": finding.end,
        "text": finding.text,
        "message": finding.message,
        "suggestions": list(finding.suggestions),
    }


def _match(match: NoteMatch) -> dict[str, Any]:
    return {
        "item": match.item.text,
        "source": match.item.source,
        "how": match.how,
        "start": match.start,
        "end": match.end,
        "similarity": round(match.similarity, 3),
    }


def _detail(detail: Detail) -> dict[str, Any]:
    return {"start": detail.start, "end": detail.end, "text": detail.text, "support": detail.support}


def _timing(timing: Timing | None) -> dict[str, Any] | None:
    if timing is None:
        return None
    window = [moment.isoformat() for moment in timing.send_between] if timing.send_between else None
    return {"verdict": timing.verdict, "message": timing.message, "send_between": window}


def _edit(edit: Edit) -> dict[str, Any]:
    return {
        "start": edit.start,
        "end": edit.end,
        "before": edit.before,
        "after": edit.after,
        "trait": edit.trait,
        "why": edit.why,
        "gain": round(edit.gain, 1),
    }


def _rewritten(rewritten: Rewritten | None) -> dict[str, Any] | None:
    return None if rewritten is None else {"draft": rewritten.draft, "overall": _rating(rewritten.overall)}


def to_dict(report: Report) -> Mapping[str, Any]:
    """The report with the contract's field names, ready for ``json.dumps``."""
    if report.error is not None:
        return {"id": report.id, "error": {"code": report.error[0], "message": report.error[1]}}
    assert report.overall is not None  # a report without error is always judged
    return {
        "id": report.id,
        "kind": report.kind,
        "kind_detected": report.kind_detected,
        "overall": _rating(report.overall),
        "traits": {trait.name: {**_rating(trait.rating), "why": trait.why} for trait in report.traits},
        "faults": [{"tag": fault.tag, "probability": round(fault.probability, 3)} for fault in report.faults],
        "findings": [_finding(finding) for finding in report.findings],
        "matches": [_match(match) for match in report.matches],
        "missed": [item.text for item in report.missed],
        "withheld": [{"item": item.text, "source": item.source, "why": item.why} for item in report.withheld],
        "details": [_detail(detail) for detail in report.details],
        "timing": _timing(report.timing),
        "rewrites": [_edit(edit) for edit in report.rewrites],
        "rewritten": _rewritten(report.rewritten),
        "questions": [{"text": question.text, "about": question.about} for question in report.questions],
        "engines": list(report.engines),
        "silent": [{"engine": silence.engine, "why": silence.why} for silence in report.silent],
        "advisories": list(report.advisories),
        "error": None,
    }
