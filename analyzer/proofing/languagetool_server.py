"""One LanguageTool server process of our own, on loopback."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from analyzer.errors import EngineError
from analyzer.proofing.languagetool_java import Java
from analyzer.proofing.provision import Installation

HOST = "127.0.0.1"
"""Loopback and nothing else: drafts are private."""

START_LIMIT_S = 60
"""Seconds until the server answers; it takes 1 to 2, on a busy machine 10."""

HEALTH_LIMIT_S = 2
"""Seconds for one question after the server's health."""

POLL_S = 0.05
"""Seconds between two looks at a starting server: short against its start of a second."""

STOP_LIMIT_S = 5
"""Seconds for the watchdog to end after its pipe closed; it takes some hundredths."""

PORT_TRIES = 5
"""A port is free when asked for and may be taken when Java binds it; five such mishaps in a row are no accident."""

MEMORY_OPTIONS = ("-Xmx512m", "-XX:+UseSerialGC", "-Xss2m")
"""English with two threads stays under 512 MB of heap. The serial collector has no threads of its own, which suits a
helper beside other work; deep rules want more stack than some systems give."""

LONGEST_TEXT_CHARACTERS = 1_000_000
"""Far above any letter: 10,000 words are about 60,000 characters."""

LONGEST_CHECK_MS = 60_000
"""Milliseconds after which the server gives up by itself a text we have long stopped waiting for."""

PIPELINE_CACHE = 20
"""How many ready sets of rules are kept. Without, each request builds one: 70 instead of 35 ms for a letter."""

CACHED_SENTENCES = 2_000
"""How many sentences' answers the server remembers; what it says of a sentence does not depend on the letter around it."""

_WATCHDOG = Path(__file__).with_name("languagetool_watchdog.py")


class PortTaken(Exception):
    """Somebody else got the port between our asking for it and Java's binding it."""


class ServerProcess:
    """A running server: its address, whether it lives, and its certain end."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process = process
        self.port = port
        self.url = f"http://{HOST}:{port}"

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self.process.poll() is None

    def stop(self) -> None:
        """Kill it and wait for it. Safe to call twice, safe when it is dead already."""
        if self.process.stdin is not None:
            with contextlib.suppress(OSError):
                self.process.stdin.close()
        try:
            self.process.wait(STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            # Java dies with the watchdog on Linux; elsewhere a watchdog that hangs has never been seen.
            self.process.kill()
            self.process.wait(STOP_LIMIT_S)

    def forget(self) -> None:
        """In a forked child: let go of the parent's server without touching it."""
        if self.process.stdin is not None:
            with contextlib.suppress(OSError):
                self.process.stdin.close()
        # Not our child: Popen must neither wait for it nor warn about it.
        self.process.returncode = 0


def free_port() -> int:
    """Find a port on loopback that nobody listens on at this moment."""
    with socket.socket() as asked:
        asked.bind((HOST, 0))
        port: int = asked.getsockname()[1]
        return port


def _is_taken(port: int) -> bool:
    with socket.socket() as asked:
        asked.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            asked.bind((HOST, port))
        except OSError:
            return True
    return False


def configuration() -> str:
    """Give the server's settings as the properties file it reads."""
    settings = {
        "pipelineCaching": "true",
        "maxPipelinePoolSize": str(PIPELINE_CACHE),
        # Sentences seen before cost nothing: a batch repeats "I look forward to hearing from you." often.
        "cacheSize": str(CACHED_SENTENCES),
        "maxCheckThreads": str(max(2, os.cpu_count() or 2)),
        "maxTextLength": str(LONGEST_TEXT_CHARACTERS),
        "maxCheckTimeMillis": str(LONGEST_CHECK_MS),
    }
    return "".join(f"{name}={value}\n" for name, value in settings.items())


def command(java: Java, installation: Installation, port: int, settings: Path) -> list[str]:
    """Build the server's command line. Without ``--public`` it listens on localhost, by IPv4 127.0.0.1."""
    return [
        str(java.path),
        *MEMORY_OPTIONS,
        *java.options,
        "-Djava.net.preferIPv4Stack=true",
        "-cp",
        str(installation.jar),
        "org.languagetool.server.HTTPServer",
        "--config",
        str(settings),
        "--port",
        str(port),
    ]


def start(
    java: Java, installation: Installation, hold: Callable[[ServerProcess], None] = lambda _: None
) -> ServerProcess:
    """Start a server and wait until it answers. Raises EngineError; nothing is left running then.

    ``hold`` is told of the process before the wait, so that another thread can end it; where it raises, the start is off.
    """
    deadline = time.monotonic() + START_LIMIT_S
    for _ in range(PORT_TRIES):
        with contextlib.suppress(PortTaken):
            return _start_on(free_port(), java, installation, deadline, hold)
    raise EngineError("engine_not_started", f"LanguageTool was given {PORT_TRIES} ports on {HOST} that were all taken.")


def _start_on(
    port: int, java: Java, installation: Installation, deadline: float, hold: Callable[[ServerProcess], None]
) -> ServerProcess:
    handle, name = tempfile.mkstemp(prefix="draft-analyzer-", suffix=".properties")
    settings = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(configuration())
        server = _spawn(command(java, installation, port, settings), port)
        try:
            hold(server)
            _wait_until_ready(server, deadline, installation)
        except BaseException:  # also Ctrl-C: nothing may be left running
            server.stop()
            raise
        return server
    finally:
        settings.unlink(missing_ok=True)


def _spawn(server_command: list[str], port: int) -> ServerProcess:
    # -I -S: the watchdog needs nothing but the standard library and starts in 20 ms.
    watched = [sys.executable, "-I", "-S", str(_WATCHDOG), str(os.getpid()), *server_command]
    try:
        process = subprocess.Popen(
            watched,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            # Its own session: Ctrl-C in the terminal is for us to handle and must not hit the server in mid-sentence.
            start_new_session=True,
        )
    except OSError as error:
        raise EngineError("engine_not_started", f"LanguageTool could not be started: {error}.") from error
    return ServerProcess(process, port)


def _wait_until_ready(server: ServerProcess, deadline: float, installation: Installation) -> None:
    while time.monotonic() < deadline:
        if not server.alive:
            if _is_taken(server.port):
                raise PortTaken
            raise EngineError(
                "engine_not_started",
                f"LanguageTool {installation.version} in {installation.folder} ended as soon as it was started"
                f" (code {server.process.returncode}). Run `analyzer setup`, which looks it through and mends it.",
            )
        # In this order: somebody else's server on the port is never talked to.
        if _listens(server) and _answers(server.url):
            return
        time.sleep(POLL_S)
    raise EngineError("engine_not_started", f"LanguageTool did not answer within {START_LIMIT_S} s of its start.")


def _answers(url: str) -> bool:
    # No proxy, whatever the environment says: this is loopback.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{url}/v2/healthcheck", timeout=HEALTH_LIMIT_S) as answer:
            return bool(answer.status == 200)
    except (OSError, ValueError, urllib.error.URLError):
        return False
    except Exception:  # http.client has exceptions of its own for half an answer
        return False


def _listens(server: ServerProcess) -> bool:
    """Whether it is our Java that listens there, not a LanguageTool of somebody else who got the port first."""
    import psutil

    try:
        ours = psutil.Process(server.process.pid).children(recursive=True)
        return any(
            link.status == psutil.CONN_LISTEN and link.laddr.port == server.port
            for process in ours
            for link in process.net_connections(kind="tcp")
        )
    except psutil.AccessDenied:
        return True  # some systems do not tell; the process lives and the port answers
    except psutil.Error:
        return False
