"""Proofread a draft with every engine there is, and make one list of what they say.

Adding an engine: a module with a class that fulfils ``base.Engine`` and one line in ``ENGINES``.
"""

from __future__ import annotations

from collections.abc import Callable

from analyzer.proofing.base import Engine, EngineStatus
from analyzer.proofing.harper_engine import HarperEngine
from analyzer.proofing.languagetool import LanguageToolEngine
from analyzer.proofing.merging import merge_issues

__all__ = ["ENGINES", "REFERENCE_ENGINE", "Engine", "EngineStatus", "merge_issues"]

ENGINES: tuple[Callable[[], Engine], ...] = (HarperEngine, LanguageToolEngine)

# The model counts what this engine finds, which is there on every machine: a rating must not depend on whether Java is installed.
REFERENCE_ENGINE = HarperEngine.name
