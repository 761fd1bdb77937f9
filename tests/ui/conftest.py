"""What the app's tests share: the example judged once, a parser for what the app shows, app and browser to drive."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType

import pytest

from analyzer.pipeline import Analyzer
from analyzer.types import Report
from analyzer.ui.service import sample

ROOT = Path(__file__).resolve().parents[2]
VOID = {"br", "hr"}


class Shown(HTMLParser):
    """What a browser would make of a block: the elements with their attributes, and the text by place."""

    def __init__(self, code: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.open: list[tuple[str, dict[str, str]]] = []
        self.pieces: list[tuple[tuple[tuple[str, dict[str, str]], ...], str]] = []
        self.feed(code)
        self.close()
        assert not self.open, f"left open: {self.open}"

    def handle_starttag(self, tag, attrs):
        given = {name: value or "" for name, value in attrs}
        self.elements.append((tag, given))
        if tag not in VOID:
            self.open.append((tag, given))

    def handle_endtag(self, tag):
        assert self.open and self.open[-1][0] == tag, f"</{tag}> closes {self.open[-1:]}"
        self.open.pop()

    def handle_data(self, data):
        self.pieces.append((tuple(self.open), data))

    def handle_comment(self, data):
        raise AssertionError(f"a comment: {data}")

    @property
    def tags(self) -> set[str]:
        return {tag for tag, _ in self.elements}

    @property
    def text(self) -> str:
        return "".join(piece for _, piece in self.pieces)

    @property
    def without_numbers(self) -> str:
        return "".join(piece for path, piece in self.pieces if not any(tag == "sup" for tag, _ in path))

    def marked(self, number: int) -> str:
        """The words that carry a finding's number."""
        return "".join(
            piece
            for path, piece in self.pieces
            if not any(tag == "sup" for tag, _ in path)
            and any(str(number) in given.get("data-findings", "").split() for _, given in path)
        )


@pytest.fixture(scope="session")
def example_report() -> Iterator[Report]:
    analyzer = Analyzer(engines=("harper",))
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
