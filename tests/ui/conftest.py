"""What the app's tests share: the example judged once, app and browser to drive."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from analyzer.pipeline import Analyzer
from analyzer.types import Report
from analyzer.ui.service import sample

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def example_report() -> Iterator[Report]:
    analyzer = Analyzer(engines=("harper",), rewrites=True)
    yield analyzer.analyze_case(sample())
    analyzer.close()


@pytest.fixture(scope="session")
def shots() -> ModuleType:
    """scripts/screenshots.py, which knows how to start the app and the browser; skips by name where there is no browser."""
    spec = importlib.util.spec_from_file_location("screenshots", ROOT / "scripts" / "screenshots.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["screenshots"] = module
    spec.loader.exec_module(module)
    trouble = module.missing_browser()
    if trouble and os.environ.get("ANALYZER_NOTHING_SKIPPED") == "1":
        pytest.fail(trouble)
    if trouble:
        pytest.skip(trouble)
    return module
