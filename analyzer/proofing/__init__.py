"""Proofread a draft with every engine there is, and make one list of what they say.

Adding an engine: a module with a class that fulfils ``base.Engine`` and one line in ``ENGINES``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from analyzer.proofing.base import Engine, EngineStatus
from analyzer.proofing.harper_engine import HarperEngine
from analyzer.proofing.languagetool import LanguageToolEngine
from analyzer.types import Issue

__all__ = ["ENGINES", "Engine", "EngineStatus", "merge_issues"]

ENGINES: tuple[Callable[[], Engine], ...] = (HarperEngine, LanguageToolEngine)


def merge_issues(lists: Iterable[Sequence[Issue]], skip: Sequence[tuple[int, int]]) -> tuple[Issue, ...]:
    """One list in text order: of overlapping issues the one with a suggestion, then the earlier engine's, is kept.

    ``skip`` are stretches that are not the writer's prose (signature, quoted text): issues that touch them are dropped.
    """
    kept: list[Issue] = []
    for issues in lists:
        for issue in issues:
            if any(issue.start < end and start < issue.end for start, end in skip):
                continue
            rivals = [other for other in kept if issue.start < other.end and other.start < issue.end]
            if not rivals:
                kept.append(issue)
            elif issue.suggestions and not any(other.suggestions for other in rivals):
                # found by both: the finder stays, so that what one engine found does not depend on the others
                kept = [other for other in kept if other not in rivals]
                kept.append(replace(issue, engine=rivals[0].engine, category=rivals[0].category))
    return tuple(sorted(kept, key=lambda issue: (issue.start, issue.end, issue.rule)))
