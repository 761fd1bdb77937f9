"""What the suite shares: models are loaded once, and everything random is drawn with a fixed seed."""

from __future__ import annotations

import json
import os
import random
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# The suite says the same every time it runs on the same code; HYPOTHESIS_PROFILE=search looks for new trouble instead.
settings.register_profile("suite", derandomize=True, deadline=None)
settings.register_profile("search", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))

# ruff: noqa: E402 - the number of threads must be set before numpy is imported
# Small problems: threads of the linear algebra only wait for each other, and on a busy machine training takes three times as long.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

# the models of this checkout, whatever the person at this machine has taught
os.environ["ANALYZER_MODELS"] = str(Path(__file__).resolve().parents[1] / "models")

from analyzer.parsing.draft import build_draft
from analyzer.parsing.language import parse_texts
from analyzer.pipeline import Analyzer
from analyzer.reading import case_from_fields, read_cases
from analyzer.types import Case, Draft, Report

ROOT = Path(__file__).resolve().parents[1]
LABELLED = ROOT / "data" / "labelled"
SAMPLE_SEED = 20261123


class NoClassifier:
    """Stands where no kind may be asked for: every case of the test names its kind."""

    classes_ = ()

    def predict_proba(self, texts: object) -> Any:
        raise AssertionError(f"a kind was detected for {texts!r}")


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "COLUMNS", "ANALYZER_MODEL", "ANALYZER_SPACY_MODEL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def analyzer() -> Analyzer:
    """The analyzer with the proofreader that is always there."""
    return Analyzer(engines=("harper",))


@pytest.fixture(scope="session")
def parse() -> Callable[..., Draft]:
    """``parse(text, notes=…, interviewer=…)``: a parsed draft; its kind is thank_you unless said otherwise."""

    def parse_one(text: str, **fields: object) -> Draft:
        case = case_from_fields({"kind": "thank_you", "draft": text, **fields}, 1)
        return build_draft(case, next(iter(parse_texts([text]))), NoClassifier())

    return parse_one


@pytest.fixture(scope="session")
def corpus() -> tuple[Case, ...]:
    """Every labelled case, without its labels."""
    cases = tuple(row for row in read_cases(LABELLED / "cases.jsonl") if isinstance(row, Case))
    assert len(cases) > 500
    return cases


@pytest.fixture(scope="session")
def held_out_writers() -> frozenset[str]:
    """Writers whose cases no rule may be written after: a test that fails on one of them would show its text."""
    splits = json.loads((LABELLED / "splits.json").read_text(encoding="utf-8"))
    return frozenset(splits["held_out_writers"])


@dataclass(frozen=True, slots=True)
class Sampled:
    """Sixty cases of the corpus, their reports in the same order, and what was written to standard output meanwhile."""

    cases: tuple[Case, ...]
    reports: tuple[Report, ...]
    printed: str


@pytest.fixture(scope="session")
def sampled(analyzer: Analyzer, corpus: tuple[Case, ...], held_out_writers: frozenset[str]) -> Sampled:
    """Sixty cases drawn with a fixed seed, judged once; file descriptor 1 is watched, which libraries written in Rust use."""
    cases = tuple(
        random.Random(SAMPLE_SEED).sample([case for case in corpus if case.id[0] not in held_out_writers], 60)
    )
    with tempfile.TemporaryFile() as stream:
        kept = os.dup(1)
        os.dup2(stream.fileno(), 1)
        try:
            reports = tuple(analyzer.analyze_cases(cases))
        finally:
            os.dup2(kept, 1)
            os.close(kept)
        stream.seek(0)
        printed = stream.read().decode()
    assert not [report.error for report in reports if report.error]
    return Sampled(cases, reports, printed)
