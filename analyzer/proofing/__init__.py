"""Proofread a draft with every engine there is, and make one list of what they say.

Adding an engine: a module with a class that fulfils ``base.Engine`` and one line in ``ENGINES``.
"""

from __future__ import annotations

from collections.abc import Callable

from analyzer.proofing.base import Engine, EngineStatus
from analyzer.proofing.harper_engine import HarperEngine
from analyzer.proofing.languagetool import LanguageToolEngine
from analyzer.proofing.merging import merge_issues

__all__ = ["ENGINES", "Engine", "EngineStatus", "merge_issues"]

ENGINES: tuple[Callable[[], Engine], ...] = (HarperEngine, LanguageToolEngine)
