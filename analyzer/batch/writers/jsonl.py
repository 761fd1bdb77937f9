"""JSON Lines: the whole report, one object a line."""

from __future__ import annotations

import json
from pathlib import Path

from analyzer.batch.writers.base import Reports, Writer


def write(path: Path, reports: Reports) -> None:
    """One line a report."""
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        for report in reports:
            stream.write(json.dumps(report, ensure_ascii=False) + "\n")


JSONL = Writer("jsonl", (".jsonl", ".ndjson"), write)
