"""LanguageTool really started. Needs `analyzer setup`; skipped by name without it, unless nothing may be skipped."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from analyzer.errors import EngineError
from analyzer.pipeline import Analyzer
from analyzer.proofing import languagetool, languagetool_client, languagetool_server, provision
from analyzer.proofing.languagetool import LanguageToolEngine
from analyzer.proofing.languagetool_client import Client
from analyzer.proofing.languagetool_java import look_for_java
from analyzer.reading import case_from_fields
from analyzer.types import Issue, Report, Silence

pytestmark = [pytest.mark.languagetool, pytest.mark.enable_socket]

NOBODY: frozenset[str] = frozenset()
GONE_LIMIT_S = 5
LETTERS = [
    f"Hi Priya {'😀' * (number % 3)},\n\nthanks for you're time on {day}. He go to school, and I recieved {number}.\n"
    for number, day in enumerate(["Monday", "tuesday", "Friday"] * 8)
]


@pytest.fixture(scope="module")
def engine() -> Iterator[LanguageToolEngine]:
    made = LanguageToolEngine()
    status = made.probe()
    if not status.available:
        why = f"LanguageTool is not provisioned: {status.detail} {status.cure}"
        if os.environ.get("ANALYZER_NOTHING_SKIPPED") == "1":
            pytest.fail(why)
        pytest.skip(why)
    made.open()
    yield made
    made.close()


def javas_below(pid: int) -> list[psutil.Process]:
    try:
        below = psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []
    return [process for process in below if "org.languagetool.server.HTTPServer" in line_of(process)]


def line_of(process: psutil.Process) -> list[str]:
    """Its command line; empty for one that has just ended."""
    try:
        return process.cmdline() if "java" in process.name() else []
    except psutil.Error:
        return []


def our_java(engine: LanguageToolEngine) -> psutil.Process:
    assert languagetool._SERVER.running is not None
    (java,) = javas_below(languagetool._SERVER.running.server.process.pid)
    return java


def assert_gone(process: psutil.Process) -> None:
    deadline = time.monotonic() + GONE_LIMIT_S
    while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline, f"{process} is still there"
        time.sleep(0.05)


def test_finds_he_go_to_school(engine: LanguageToolEngine) -> None:
    (issue,) = engine.check("He go to school.", NOBODY)
    assert (issue.engine, issue.text, issue.category) == ("languagetool", "go", "grammar")
    assert "goes" in issue.suggestions


@pytest.mark.parametrize(
    "before", ["", "😀 ", "👩‍💻👩‍💻 ", "Well 𐐷i\r\n\r\n", "\ufeff", "soft\u00adware ", "e\u0301t\u00e9\n\n", "a\ud83d "]
)
def test_spans_are_code_points(engine: LanguageToolEngine, before: str) -> None:
    text = f"{before}I recieved it 😀 and seperately too."
    issues = engine.check(text, NOBODY)
    assert [issue.text for issue in issues if issue.text in ("recieved", "seperately")] == ["recieved", "seperately"]
    assert all(text[issue.start : issue.end] == issue.text for issue in issues)
    assert list(issues) == sorted(issues, key=lambda issue: (issue.start, issue.end))


def test_names_are_respected_in_one_call_only(engine: LanguageToolEngine) -> None:
    # capitalised they would be taken for names by their look
    text = "The siobhann, a quorvel's and the zeitplann were good."
    names = frozenset({"siobhann", "quorvel", "zeitplann"})
    flagged = engine.check(text, NOBODY)
    assert len(flagged) >= 2
    assert engine.check(text, names) == ()
    assert engine.check(text, NOBODY) == flagged


def test_both_dialects_are_right_and_mistakes_are_not(engine: LanguageToolEngine) -> None:
    assert engine.check("I organised the colour of the theatre and enquired about the program.", NOBODY) == ()
    assert engine.check("I organized the color of the theater and the programme.", NOBODY) == ()
    assert [issue.text for issue in engine.check("The colour is definately right.", NOBODY)] == ["definately"]


def test_what_cries_wolf_is_off(engine: LanguageToolEngine) -> None:
    text = 'I enjoyed it. I learned a lot.  I hope to "see" you at the weekend. I have a BSc (Hons).'
    assert {issue.rule for issue in engine.check(text, frozenset({"Hons"}))} <= {"COMMA_COMPOUND_SENTENCE"}


def test_ten_thousand_words(engine: LanguageToolEngine) -> None:
    text = "We talked about the plan and I liked it. " * 1111 + "He go to school."
    assert engine.check(text, NOBODY)[-1].text == "go"


def test_threads_say_what_one_after_the_other_says(engine: LanguageToolEngine) -> None:
    serial = [engine.check(letter, NOBODY) for letter in LETTERS]
    assert all(len(issues) >= 2 for issues in serial)
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda letter: engine.check(letter, NOBODY), LETTERS)) == serial


def test_server_killed_midway_changes_no_result_and_leaves_one(engine: LanguageToolEngine) -> None:
    serial = [engine.check(letter, NOBODY) for letter in LETTERS]
    old = our_java(engine)
    with ThreadPoolExecutor(3) as pool:
        results = []
        for number, issues in enumerate(pool.map(lambda letter: engine.check(letter, NOBODY), LETTERS)):
            if number == 3:
                old.kill()
            results.append(issues)
    assert results == serial
    # The kill may come when all is checked: the next one needs a new server in any case.
    assert engine.check(LETTERS[0], NOBODY) == serial[0]
    assert len(javas_below(os.getpid())) == 1 and our_java(engine).pid != old.pid


def test_watchdog_killed_takes_java_with_it(engine: LanguageToolEngine) -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("only Linux kills a child with its parent")
    java = our_java(engine)
    assert languagetool._SERVER.running is not None
    languagetool._SERVER.running.server.process.kill()
    assert_gone(java)
    assert engine.check("He go to school.", NOBODY)
    assert len(javas_below(os.getpid())) == 1


def test_a_server_that_hangs_is_an_error_with_a_name(
    engine: LanguageToolEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(languagetool_client, "REQUEST_LIMIT_S", 0.5)
    our_java(engine).suspend()
    with pytest.raises(EngineError, match="in time") as caught:
        engine.check("He go to school.", NOBODY)
    assert caught.value.code == "engine_timeout"
    monkeypatch.undo()
    assert engine.check("He go to school.", NOBODY)
    assert len(javas_below(os.getpid())) == 1


def test_close_ends_java_and_a_later_check_starts_it_again(engine: LanguageToolEngine) -> None:
    java = our_java(engine)
    engine.close()
    assert_gone(java)
    assert javas_below(os.getpid()) == []
    assert engine.check("He go to school.", NOBODY)


def test_listens_on_loopback_only(engine: LanguageToolEngine) -> None:
    addresses = {
        link.laddr.ip for link in our_java(engine).net_connections(kind="inet") if link.status == psutil.CONN_LISTEN
    }
    assert addresses == {"127.0.0.1"}


def test_a_port_taken_meanwhile_means_the_next_one(engine: LanguageToolEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    assert languagetool._SERVER.running is not None
    taken, real = languagetool._SERVER.running.server.port, languagetool_server.free_port
    ports = [taken]
    monkeypatch.setattr(languagetool_server, "free_port", lambda: ports.pop() if ports else real())
    java, copy = look_for_java()[0], provision.find()
    assert java is not None and copy is not None
    # Another LanguageTool answers on the first port: it must not be taken for ours.
    other = languagetool_server.start(java, copy)
    try:
        assert other.port != taken and other.alive and not ports
    finally:
        other.stop()


CHILD = """
import os, sys, threading, time
from analyzer.proofing.languagetool import LanguageToolEngine
engine = LanguageToolEngine()
how = sys.argv[1]
if how == "thread":
    worker = threading.Thread(target=engine.open)
    worker.start()
    worker.join()
else:
    engine.open()
if how == "fork" and os.fork() == 0:
    time.sleep(60)
    os._exit(0)
time.sleep(1)
assert engine.check("He go to school.", frozenset()), "died with the thread that started it"
print("ready", flush=True)
if how == "exit":
    sys.exit(0)
if how == "raise":
    raise RuntimeError
time.sleep(60)
"""


@pytest.mark.parametrize(
    ("how", "ends_by"),
    [
        ("main", signal.SIGKILL),
        ("thread", signal.SIGKILL),
        ("fork", signal.SIGKILL),
        ("main", signal.SIGTERM),
        ("main", signal.SIGINT),
        ("exit", None),
        ("raise", None),
    ],
)
def test_java_never_outlives_us(engine: LanguageToolEngine, how: str, ends_by: signal.Signals | None) -> None:
    root = str(Path(languagetool_server.__file__).parents[2])
    environment = {**os.environ, "PYTHONPATH": root}
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, how], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
    )
    family: list[psutil.Process] = []
    try:
        found: list[psutil.Process] = []

        def watch() -> None:
            while child.poll() is None and not found:
                found.extend(javas_below(child.pid))
                time.sleep(0.05)

        watcher = threading.Thread(target=watch)
        watcher.start()
        assert child.stdout is not None and child.stdout.readline().strip() == b"ready"
        watcher.join()
        family = found
        assert len(found) == 1
        forked = list(psutil.Process(child.pid).children()) if how == "fork" else []
        if ends_by is not None:
            child.send_signal(ends_by)
        child.wait(GONE_LIMIT_S)
        assert_gone(found[0])
    finally:
        for process in [*family, *(forked if how == "fork" else [])]:
            if process.is_running():
                process.kill()
        child.kill()
        child.wait()
        if child.stdout is not None:
            child.stdout.close()


class Disturbed:
    """The engine, and something that happens to it at its fifth draft."""

    name = "languagetool"

    def __init__(self, engine: LanguageToolEngine, happens: Callable[[], object]) -> None:
        self.engine, self.happens, self.checks = engine, happens, itertools.count(1)

    def check(self, text: str, names: frozenset[str]) -> tuple[Issue, ...]:
        if next(self.checks) == 5:
            self.happens()
        return self.engine.check(text, names)

    def open(self) -> None:
        self.engine.open()


CASES = [
    case_from_fields({"id": str(number), "kind": "thank_you", "draft": letter}, number)
    for number, letter in enumerate(LETTERS)
]


def batch_with(engine: object) -> list[Report]:
    analyzer = Analyzer(engines=("harper", "languagetool"))
    analyzer._engines = (analyzer._engines[0], engine)  # type: ignore[assignment]
    return list(analyzer.analyze_cases(CASES))


def test_a_batch_whose_server_is_killed_gives_the_undisturbed_reports(engine: LanguageToolEngine) -> None:
    undisturbed = batch_with(engine)
    assert all(report.engines == ("harper", "languagetool") for report in undisturbed)
    old = our_java(engine)
    disturbed = batch_with(Disturbed(engine, old.kill))
    assert disturbed == undisturbed and not old.is_running()
    assert our_java(engine).pid != old.pid and len(javas_below(os.getpid())) == 1


def test_a_draft_that_hangs_a_rule_names_the_limit_and_costs_no_other_draft(
    engine: LanguageToolEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    undisturbed = batch_with(engine)
    java, real = our_java(engine), languagetool_client.ask

    def ask(client: Client, text: str, extra: dict[str, str], limit_s: float | None = None) -> object:
        # short for the server that stands still, so that the test is, and long for the one that starts
        stands = java.is_running() and java.status() == psutil.STATUS_STOPPED
        return real(client, text, extra, 1.0 if stands else 60.0)

    monkeypatch.setattr(languagetool_client, "ask", ask)
    reports = batch_with(Disturbed(engine, java.suspend))
    hung = [number for number, report in enumerate(reports) if report.silent]
    assert 1 <= len(hung) <= 2  # two threads ask: the other may have been waiting for the same server
    for number, report in enumerate(reports):
        if number in hung:
            assert report.engines == ("harper",)
            assert report.silent == (Silence("languagetool", report.advisories[-1]),)
            assert "did not answer in time (1 s)" in report.advisories[-1]
        else:
            assert report == undisturbed[number]


def test_two_analyzers_of_one_process_share_one_java(engine: LanguageToolEngine) -> None:
    second = LanguageToolEngine()
    assert second.check("He go to school.", NOBODY) == engine.check("He go to school.", NOBODY)
    assert len(javas_below(os.getpid())) == 1
    second.close()
    assert our_java(engine).is_running()


def test_a_repeated_sentence_is_answered_as_the_first_time(engine: LanguageToolEngine) -> None:
    first = engine.check(LETTERS[1], NOBODY)
    assert [engine.check(LETTERS[1], NOBODY) for _ in range(3)] == [first] * 3
