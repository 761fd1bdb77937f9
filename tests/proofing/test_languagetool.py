"""The engine without a server: absence, ports, failures of the package."""

from __future__ import annotations

import gc
import http.client
import os
import socket
import threading
import time
from pathlib import Path

import psutil
import pytest
import requests
from language_tool_python.exceptions import LanguageToolError, RateLimitError

from analyzer.errors import EngineError
from analyzer.proofing import languagetool, languagetool_client, languagetool_server, provision
from analyzer.proofing import languagetool_java as javas
from analyzer.proofing.languagetool import LanguageToolEngine
from analyzer.proofing.languagetool_client import RequestHung, ServerGone, translated

pytestmark = pytest.mark.enable_socket

COPY = provision.Installation(Path("/nowhere"), "6.8", ours=True)


class FakeServer:
    """A server process that only lives and dies."""

    def __init__(self) -> None:
        self.url = "http://127.0.0.1:1"
        self.alive = True

    def stop(self) -> None:
        self.alive = False


class FakeClient:
    """Answers with what the test says; an exception is raised."""

    def __init__(self, server: FakeServer, answers: list[object]) -> None:
        self.server, self.answers = server, answers


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[FakeServer]:
    """Every server the engine starts; each client takes its answer from ``answers`` in turn."""
    servers: list[FakeServer] = []

    def start(_hold: object) -> languagetool._Running:
        servers.append(FakeServer())
        client = FakeClient(servers[-1], [])
        return languagetool._Running(servers[-1], client, client)  # type: ignore[arg-type]

    monkeypatch.setattr(languagetool, "_SERVER", languagetool._OneServer())
    monkeypatch.setattr(languagetool, "_start", start)
    return servers


def answering(monkeypatch: pytest.MonkeyPatch, *answers: object) -> None:
    left = list(answers)

    def ask(client: FakeClient, text: str, extra: dict[str, str], limit_s: float | None = None) -> object:
        answer = left.pop(0)
        if isinstance(answer, BaseException):
            if isinstance(answer, ServerGone):
                client.server.alive = False
            raise answer
        return answer

    monkeypatch.setattr(languagetool_client, "ask", ask)


def test_constructing_does_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(javas, "look_for_java", lambda: pytest.fail("looked"))
    monkeypatch.setattr(provision, "find", lambda: pytest.fail("looked"))
    LanguageToolEngine().close()


def test_probe_without_java(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(javas, "look_for_java", lambda: (None, "LanguageTool needs Java 17 or later: none."))
    status = LanguageToolEngine().probe()
    assert not status.available and "Java 17" in status.detail and "setup" in status.cure


def test_probe_without_a_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(javas, "look_for_java", lambda: (javas.Java(Path("java"), 17, "PATH"), ""))
    monkeypatch.setattr(provision, "find", lambda: None)
    status = LanguageToolEngine().probe()
    assert not status.available and status.cure == "Run `analyzer setup`."


def test_check_without_a_copy_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(javas, "find_java", lambda: javas.Java(Path("java"), 17, "PATH"))
    monkeypatch.setattr(provision, "find", lambda: None)
    with pytest.raises(EngineError, match="analyzer setup") as caught:
        LanguageToolEngine().check("Hello there.", frozenset())
    assert caught.value.code == "engine_not_provisioned"


def test_blank_text_needs_no_server(started: list[FakeServer]) -> None:
    assert LanguageToolEngine().check(" \r\n\u00a0", frozenset()) == ()
    assert not started


def test_a_server_that_dies_once_is_replaced(started: list[FakeServer], monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, ServerGone("reset"), [])
    engine = LanguageToolEngine()
    assert engine.check("Hello.", frozenset()) == ()
    assert len(started) == 2 and not started[0].alive
    engine.close()
    assert not started[1].alive


def test_a_server_that_dies_twice_is_an_error(started: list[FakeServer], monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, ServerGone("reset"), ServerGone("reset"))
    with pytest.raises(EngineError, match="died twice") as caught:
        LanguageToolEngine().check("Hello.", frozenset())
    assert caught.value.code == "engine_died" and len(started) == 2


def test_a_request_that_hangs_is_an_error_and_the_server_replaced(
    started: list[FakeServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    answering(monkeypatch, RequestHung("slow"), [])
    engine = LanguageToolEngine()
    with pytest.raises(EngineError, match="in time") as caught:
        engine.check("Hello.", frozenset())
    assert caught.value.code == "engine_timeout" and not started[0].alive
    assert engine.check("Hello.", frozenset()) == () and len(started) == 2
    engine.close()


def test_close_during_a_check_starts_nothing_behind_its_back(
    started: list[FakeServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = LanguageToolEngine()

    def ask(*_: object) -> object:
        engine.close()
        raise ServerGone("closed")

    monkeypatch.setattr(languagetool_client, "ask", ask)
    with pytest.raises(EngineError, match="closed while"):
        engine.check("Hello.", frozenset())
    assert len(started) == 1


def test_many_threads_start_one_server(started: list[FakeServer]) -> None:
    engine = LanguageToolEngine()
    threads = [threading.Thread(target=engine.open) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(started) == 1
    engine.close()
    engine.close()


def test_two_engines_of_one_process_share_one_server(started: list[FakeServer]) -> None:
    first, second = LanguageToolEngine(), LanguageToolEngine()
    first.open()
    second.open()
    assert len(started) == 1
    first.close()
    assert started[0].alive
    second.close()
    assert not started[0].alive


def test_an_engine_thrown_away_unclosed_does_not_keep_the_server(started: list[FakeServer]) -> None:
    lost, kept = LanguageToolEngine(), LanguageToolEngine()
    lost.open()
    kept.open()
    del lost
    gc.collect()
    kept.close()
    assert not started[0].alive


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_a_forked_child_leaves_the_parents_server_alone(started: list[FakeServer]) -> None:
    engine = LanguageToolEngine()
    engine.open()
    languagetool._SERVER.running.server.forget = lambda: None  # type: ignore[union-attr,method-assign]
    child = os.fork()
    if child == 0:
        engine.close()
        os._exit(0 if started[0].alive and languagetool._SERVER.running is None else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    engine.close()


def caused(error: LanguageToolError, cause: Exception) -> LanguageToolError:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (SystemExit("Could not parse Java version"), EngineError),
        (ModuleNotFoundError("No java install detected"), EngineError),
        (RateLimitError("free API"), EngineError),
        (LanguageToolError("Error: text too long"), EngineError),
        (KeyError("matches"), EngineError),
        (caused(LanguageToolError("x"), requests.ReadTimeout("10 s")), RequestHung),
        (caused(LanguageToolError("x"), requests.ConnectionError("refused")), ServerGone),
        (caused(LanguageToolError("x"), requests.exceptions.ChunkedEncodingError("broken")), ServerGone),
        (caused(LanguageToolError("x"), http.client.IncompleteRead(b"")), ServerGone),
        (caused(LanguageToolError("x"), ConnectionResetError("reset")), ServerGone),
        (caused(LanguageToolError("<html>"), requests.JSONDecodeError("m", "d", 0)), EngineError),
    ],
)
def test_everything_the_package_raises_is_told_apart(error: BaseException, expected: type[Exception]) -> None:
    told = translated(error)
    assert type(told) is expected
    assert "\n" not in str(told) and "Traceback" not in str(told)


def test_only_loopback_whatever_the_environment_names(monkeypatch: pytest.MonkeyPatch) -> None:
    line = languagetool_server.command(javas.Java(Path("java"), 24, "x"), COPY, 8099, Path("c"))
    assert "--public" not in line and "-Djava.net.preferIPv4Stack=true" in line
    assert set(javas.XML_OPTIONS) < set(line)
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    url = "http://127.0.0.1:8099/v2/check"
    settings = requests.Session().merge_environment_settings(
        url, dict(languagetool_client.NO_PROXIES), None, None, None
    )
    assert not requests.utils.select_proxy(url, settings["proxies"])


def program(does: str, folder: Path) -> javas.Java:
    """Write a stand-in for java."""
    path = folder / "java"
    path.write_text(f"#!/bin/sh\n{does}\n")
    path.chmod(0o755)
    return javas.Java(path, 17, "test")


def test_java_that_ends_at_once_is_seen_at_once(tmp_path: Path) -> None:
    before = time.monotonic()
    with pytest.raises(EngineError, match=r"ended as soon .*code 3.*analyzer setup"):
        languagetool_server.start(program("exit 3", tmp_path), COPY)
    assert time.monotonic() - before < 5


def test_a_server_that_never_answers_has_a_time_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languagetool_server, "START_LIMIT_S", 0.5)
    with pytest.raises(EngineError, match="did not answer within"):
        java = program(f"echo $$ > {tmp_path}/pid; exec sleep 60", tmp_path)
        languagetool_server.start(java, COPY, lambda _: running(tmp_path / "pid"))
    assert gone(tmp_path / "pid")


def test_only_taken_ports_end_in_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        monkeypatch.setattr(languagetool_server, "free_port", lambda: holder.getsockname()[1])
        with pytest.raises(EngineError, match="all taken"):
            languagetool_server.start(program("exit 1", tmp_path), COPY)


def running(pid_file: Path) -> None:
    """Wait until the process has written its number: on a busy machine a start takes seconds."""
    for _ in range(600):
        if pid_file.exists() and pid_file.read_text().strip():
            return
        time.sleep(0.05)
    pytest.fail("the stand-in for java did not start")


def gone(pid_file: Path) -> bool:
    """Whether the process whose number is in the file has ended; waits a little for it."""
    number = int(pid_file.read_text())
    for _ in range(100):
        try:
            if psutil.Process(number).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.05)
    return False


def test_closing_does_not_wait_for_a_start_but_ends_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    java = program(f"echo $$ > {tmp_path}/pid; exec sleep 60", tmp_path)
    monkeypatch.setattr(languagetool, "_SERVER", languagetool._OneServer())
    monkeypatch.setattr(javas, "find_java", lambda: java)
    monkeypatch.setattr(provision, "find", lambda: COPY)
    engine, caught = LanguageToolEngine(), []

    def start() -> None:
        try:
            engine.open()
        except EngineError as error:
            caught.append(error.code)

    starter = threading.Thread(target=start)
    starter.start()
    running(tmp_path / "pid")
    before = time.monotonic()
    engine.close()
    assert time.monotonic() - before < languagetool_server.STOP_LIMIT_S
    starter.join(5)
    assert caught == ["engine_closed"] and gone(tmp_path / "pid")


def test_a_java_that_is_a_script_leaves_no_child_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languagetool_server, "START_LIMIT_S", 0.5)
    script = program(f"sleep 60 & echo $! > {tmp_path}/pid; wait", tmp_path)
    with pytest.raises(EngineError, match="did not answer within"):
        languagetool_server.start(script, COPY, lambda _: running(tmp_path / "pid"))
    assert gone(tmp_path / "pid")
