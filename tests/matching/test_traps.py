"""The ten shipped examples: each trap is found at its very words, and nothing else is accused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from analyzer.matching import match_draft
from analyzer.parsing.draft import body_sentences
from analyzer.rules import load_rules, run_rules
from analyzer.types import Draft

TRAPS = Path(__file__).resolve().parents[2] / "data" / "examples" / "traps.jsonl"
ROWS: list[dict[str, Any]] = [json.loads(line) for line in TRAPS.read_text(encoding="utf-8").splitlines()]
FIELDS = ("interviewer", "company", "role", "notes")


def test_there_are_ten_different_traps() -> None:
    assert len({row["trap"] for row in ROWS}) == len(ROWS) == 10


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_each_trap_is_found_at_its_words_and_nothing_else(row: dict[str, Any], parse: Callable[..., Draft]) -> None:
    draft = parse(row["draft"], **{name: row[name] for name in FIELDS})
    found = [[c.fault, c.text, c.expected] for c in match_draft(draft, body_sentences(draft)).conflicts]
    grave = [
        signal
        for signal in run_rules(draft)
        if not signal.rule.endswith("?") and load_rules()[signal.rule].group == "placeholder"
    ]
    found += [["placeholder", draft.text[signal.start : signal.end], ""] for signal in grave]
    assert sorted(found) == sorted(row["must_find"])
