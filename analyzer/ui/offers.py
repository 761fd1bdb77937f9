"""What a report offers to change, and changing it: one edit in, one edit out again, in any order.

Edits are the report's rewrites; beside them stands the first suggestion of each remark that no rewrite covers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from analyzer.types import Edit, Report

_RANKS = {"fix": 0, "improve": 1}
# so many characters on each side tell where an edit belongs after the draft was changed by hand
_CONTEXT = 20


@dataclass(frozen=True, slots=True)
class Offer:
    """An edit, and whether its gain was measured (a suggestion's own is known once it is applied)."""

    edit: Edit
    measured: bool


@dataclass(frozen=True, slots=True)
class Applied:
    """An edit that was made: ``start`` is where its new words stand now."""

    edit: Edit
    start: int

    @property
    def end(self) -> int:
        """Where the new words end now."""
        return self.start + len(self.edit.after)


def offers(report: Report) -> tuple[Offer, ...]:
    """Rewrites, largest gain first; then suggestions, what must be mended first, in text order."""
    rewrites = sorted(report.rewrites, key=lambda edit: -edit.gain)
    found = [Offer(edit, True) for edit in rewrites]
    taken = [(edit.start, edit.end) for edit in rewrites]
    findings = sorted(
        (finding for finding in report.remarks if finding.severity in _RANKS),
        key=lambda finding: (_RANKS[finding.severity], finding.start),
    )
    for finding in findings:
        after = next((text for text in finding.suggestions if text.strip() and text != finding.text), "")
        overlaps = any(finding.start < end and start < finding.end for start, end in taken)
        if after and finding.start < finding.end and not overlaps:
            taken.append((finding.start, finding.end))
            edit = Edit(finding.start, finding.end, finding.text, after, finding.trait, finding.message)
            found.append(Offer(edit, False))
    return tuple(found)


def apply(text: str, edit: Edit, judged: str) -> tuple[str, int] | None:
    """The text with the edit made, and where; None where its words cannot be told any more.

    ``judged`` is the draft the edit was made for: where ``text`` has been changed by hand since, the words are found again by
    what stands around them.
    """
    start = edit.start if text == judged else _found_again(text, edit, judged)
    if start is None:
        return None
    return text[:start] + edit.after + text[start + len(edit.before) :], start


def undo(text: str, applied: Applied) -> tuple[str, int] | None:
    """The text with the edit taken back, and where; None where its words were changed since."""
    edit, start = applied.edit, applied.start
    if text[start : applied.end] != edit.after:
        if not edit.after or text.count(edit.after) != 1:
            return None
        start = text.index(edit.after)
    return text[:start] + edit.before + text[start + len(edit.after) :], start


def shifted(applied: Sequence[Applied], start: int, removed: int, added: int) -> tuple[Applied, ...]:
    """Where earlier edits stand after ``removed`` characters at ``start`` gave way to ``added`` ones; those inside are gone."""
    end = start + removed
    moved = []
    for one in applied:
        if one.start >= end:
            moved.append(replace(one, start=one.start + added - removed))
        elif one.end <= start:
            moved.append(one)
    return tuple(moved)


def _found_again(text: str, edit: Edit, judged: str) -> int | None:
    if judged[edit.start : edit.end] != edit.before:
        return None
    for context in (_CONTEXT, _CONTEXT // 4, 0):
        lead = judged[max(0, edit.start - context) : edit.start]
        tail = judged[edit.end : edit.end + context]
        wanted = lead + edit.before + tail
        if wanted and text.count(wanted) == 1:
            return text.index(wanted) + len(lead)
    return None
