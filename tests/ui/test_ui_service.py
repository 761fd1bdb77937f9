"""The shared judge, the sample and the settings."""

from __future__ import annotations

import threading
import time
import tomllib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from analyzer.errors import InputError, UsageError
from analyzer.resources import resource_path
from analyzer.types import Case
from analyzer.ui import serve, service
from analyzer.ui.workshop_jobs import Job, Worker

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def judge():
    made = service.Judge(("harper",))
    made.warm_up()
    yield made
    made.close()


def test_making_a_judge_starts_nothing():
    before = threading.active_count()
    assert not service.Judge(("harper",)).warm
    assert threading.active_count() == before


def test_judge_is_warm_after_its_first_report(judge, example_report):
    assert judge.improve(service.sample()) == example_report
    assert judge.warm


def test_figures_are_the_same_before_better_words_are_there(judge, example_report):
    figures = judge.judge(service.sample())
    assert figures == replace(example_report, rewrites=(), rewritten=None, questions=()) and example_report.rewrites


def test_many_at_once_each_get_their_own_report(judge):
    cases = [
        Case(f"Dear Ana,\n\nThank you for showing me {number} looms today. I enjoyed it.\n\nBest,\nTom", id=str(number))
        for number in range(24)
    ]
    alone = [judge.judge(case) for case in cases]
    with ThreadPoolExecutor(12) as sessions:
        assert list(sessions.map(judge.judge, cases)) == alone


def test_a_draft_that_cannot_be_judged_raises_and_the_next_goes_on(judge):
    with pytest.raises(InputError, match="empty"):
        judge.judge(Case(" "))
    assert judge.judge(service.sample()).overall is not None


def test_a_long_workshop_does_not_hold_up_a_paste(judge):
    worker = Worker(judge.judge_in_background)
    room = Job("room", [Case(f"Dear Ana,\n\nThank you for the {number} looms.\n\nTom") for number in range(400)])
    worker.submit(room)
    while not room.done:
        time.sleep(0.01)
    started = time.perf_counter()
    assert judge.judge(service.sample()).overall is not None
    took = time.perf_counter() - started
    assert not room.over, "the room was too small to prove anything"
    assert took < 2.5, f"{took:.1f} s"
    room.stop()


def test_a_wrong_engine_is_told_to_who_asks():
    judge = service.Judge(("nobody",))
    judge.warm_up()
    with pytest.raises(UsageError, match="nobody"):
        judge.judge(service.sample())
    judge.close()


def test_engines_are_named_in_the_environment(monkeypatch):
    monkeypatch.delenv(service.ENGINES_VARIABLE, raising=False)
    assert service.wanted_engines() is None
    monkeypatch.setenv(service.ENGINES_VARIABLE, " harper , languagetool,")
    assert service.wanted_engines() == ("harper", "languagetool")


@pytest.mark.parametrize("name", ["draft.txt", "notes.txt"])
def test_the_package_carries_the_same_sample(name):
    assert (resource_path("samples") / name).read_bytes() == (ROOT / "data" / "samples" / name).read_bytes()


def test_sample_is_found_without_a_checkout(monkeypatch, tmp_path):
    expected = service.sample()
    monkeypatch.setattr(service, "__file__", str(tmp_path / "a" / "b" / "c.py"))
    assert service.sample() == expected


def test_an_installed_app_is_as_private_as_a_checkout():
    written = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))

    def flat(table, prefix=""):
        for name, value in table.items():
            if isinstance(value, dict):
                yield from flat(value, f"{prefix}{name}.")
            else:
                yield f"{prefix}{name}", tuple(value) if isinstance(value, list) else value

    assert dict(flat(written)) == serve.SETTINGS
    assert serve.SETTINGS["server.address"] == "127.0.0.1" and serve.SETTINGS["browser.gatherUsageStats"] is False


def test_settings_become_flags():
    flags = serve.flags(9000)
    assert "--server.port=9000" in flags and "--browser.gatherUsageStats=false" in flags
    assert [flag for flag in flags if "allowedHosts" in flag] == [
        "--server.allowedHosts=localhost",
        "--server.allowedHosts=127.0.0.1",
    ]
