"""Batches as people run them: the example workshop judged once, and a command line of its own for what is killed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from analyzer.cli import main

ROOT = Path(__file__).resolve().parents[2]
WORKSHOP = ROOT / "data" / "examples" / "workshop.csv"


@dataclass(frozen=True, slots=True)
class Workshop:
    """The folder with everything one run wrote, and its exit status."""

    folder: Path
    status: int

    @property
    def reports(self) -> list[dict[str, Any]]:
        return read_jsonl(self.folder / "reports.jsonl")

    @property
    def page(self) -> str:
        return (self.folder / "report.html").read_text(encoding="utf-8")


def read_jsonl(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """The sixty rows through the whole way: table, page on the group, a page for each participant."""
    folder = tmp_path_factory.mktemp("workshop")
    options = (
        "--report",
        folder / "report.html",
        "--per-person",
        folder / "people",
        "--engine",
        "harper",
        "--jobs",
        "1",
    )
    status = main(["batch", str(WORKSHOP), "-o", str(folder / "reports.jsonl"), *map(str, options)])
    return Workshop(folder, status)


@pytest.fixture
def started() -> Callable[..., subprocess.Popen[str]]:
    """``started("batch", …)``: the command in a process of its own, which a test may kill."""

    def start(*arguments: object) -> subprocess.Popen[str]:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"}
        command = [sys.executable, "-m", "analyzer", *map(str, arguments), "--engine", "harper", "--no-rewrites"]
        return subprocess.Popen(
            command, cwd=ROOT, env=environment, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )

    return start
