"""A report as one row of a table: the figures by themselves, lists as text, everything else left to JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from analyzer.traits import TRAITS

ColumnType = Literal["text", "number", "flag"]
_RATING = ("score", "rating", "low", "high")
_MOST_LISTED = 5


def _columns() -> dict[str, ColumnType]:
    found: dict[str, ColumnType] = {"id": "text", "kind": "text", "kind_detected": "flag"}
    found |= {f"overall_{what}": "number" for what in _RATING}
    for trait in TRAITS:
        found |= {f"{trait.name}_{what}": "number" for what in _RATING}
        found[f"{trait.name}_why"] = "text"
    found |= {"faults": "text", "to_fix": "text", "to_improve": "text", "missed": "text", "timing": "text"}
    found |= {"rewritten": "text", "rewritten_score": "number", "error_code": "text", "error_message": "text"}
    return found


COLUMNS: Mapping[str, ColumnType] = _columns()
"""The columns of every table of reports, with what they hold."""


def flat(report: Mapping[str, Any]) -> dict[str, Any]:
    """The row of a report; a column it says nothing of is None."""
    row: dict[str, Any] = dict.fromkeys(COLUMNS)
    row["id"] = report["id"]
    if report["error"]:
        row["error_code"], row["error_message"] = report["error"]["code"], report["error"]["message"]
        return row
    row["kind"], row["kind_detected"] = report["kind"], report["kind_detected"]
    _put_rating(row, "overall", report["overall"])
    for name, trait in report["traits"].items():
        _put_rating(row, name, trait)
        row[f"{name}_why"] = trait["why"]
    row["faults"] = "; ".join(fault["tag"] for fault in report["faults"])
    row["to_fix"] = _messages(report, "fix")
    row["to_improve"] = _messages(report, "improve")
    row["missed"] = "; ".join(report["missed"][:_MOST_LISTED])
    row["timing"] = report["timing"]["message"] if report["timing"] else None
    if report["rewritten"]:
        row["rewritten"] = report["rewritten"]["draft"]
        row["rewritten_score"] = report["rewritten"]["overall"]["score"]
    return row


def _put_rating(row: dict[str, Any], name: str, rating: Mapping[str, Any]) -> None:
    row[f"{name}_score"], row[f"{name}_rating"] = rating["score"], rating["rating"]
    row[f"{name}_low"], row[f"{name}_high"] = rating["interval"]


def _messages(report: Mapping[str, Any], severity: str) -> str:
    found = [finding["message"] for finding in report["findings"] if finding["severity"] == severity]
    more = f" (and {len(found) - _MOST_LISTED} more)" if len(found) > _MOST_LISTED else ""
    return " | ".join(found[:_MOST_LISTED]) + more
