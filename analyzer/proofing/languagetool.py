"""The proofreading engine LanguageTool: a server of our own on loopback, asked through language_tool_python."""

from __future__ import annotations

import atexit
import os
import threading
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Any, TypeVar

from analyzer.errors import EngineError
from analyzer.proofing import languagetool_issues as conversion
from analyzer.proofing import languagetool_java as javas
from analyzer.proofing import provision as provisioning
from analyzer.proofing.base import EngineStatus
from analyzer.proofing.unknown_words import verdict
from analyzer.types import Issue

if TYPE_CHECKING:
    from analyzer.proofing.languagetool_client import Client
    from analyzer.proofing.languagetool_server import ServerProcess

DIALECT = "en-US"
"""What drafts are checked as; words it does not know are looked up in the other dialect before they count."""

OTHER_DIALECT = "en-GB"
OTHER_SPELLING_ONLY = {"enabledRules": "MORFOLOGIK_RULE_EN_GB", "enabledOnly": "true"}

WARM_UP_TEXT = "He go to school."
"""One sentence with an error: the first request loads every rule, and no finding would show a lame server."""

WARM_UP_LIMIT_S = 60.0
"""Seconds for that first request; it takes 3 to 4, and 10 on a busy machine."""

MOST_REMEMBERED_WORDS = 20_000
"""How many words' being right in the other dialect is remembered; a batch of 10,000 letters has fewer unknown ones."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Running:
    """A server that answers and a client for each dialect."""

    server: ServerProcess
    client: Client
    other: Client


class _OneServer:
    """The server of this process, whoever asks: several engines (two analyzers in a notebook) share it, the last to close ends it.

    ``_at_work`` is held while a server starts, which takes seconds and on a busy machine a minute; ``_books`` only for a moment.
    Whoever closes must not wait for a start: it ends the server that is starting.
    """

    def __init__(self) -> None:
        self._at_work = threading.Lock()
        self._books = threading.Lock()
        self.running: _Running | None = None
        self._starting: ServerProcess | None = None
        self._is_unwanted = False
        # weak, so that an engine that was thrown away without being closed does not count as a user for ever
        self._users: weakref.WeakSet[LanguageToolEngine] = weakref.WeakSet()

    def used_by(self, engine: LanguageToolEngine) -> bool:
        """Whether the server runs and this engine has a share in it."""
        return self.running is not None and engine in self._users

    def ensure(self, engine: LanguageToolEngine) -> _Running:
        """Give the running server, started where there is none. Others wait here, so that it stays at one."""
        with self._books:
            self._users.add(engine)
            self._is_unwanted = False
        with self._at_work:
            if self.running is not None and self.running.server.alive:
                return self.running
            self._stop()
            _watch_process()
            try:
                self.running = _start(self._hold)
            except EngineError as error:
                if self._is_unwanted:
                    raise EngineError("engine_closed", "LanguageTool was closed while it was starting.") from error
                raise
            finally:
                self._starting = None
            return self.running

    def drop(self, running: _Running) -> None:
        """End a server that failed, unless another thread has replaced it already."""
        with self._at_work:
            if self.running is running:
                self._stop()

    def leave(self, engine: LanguageToolEngine) -> None:
        """Take the engine off the users, and end the server where nobody is left."""
        with self._books:
            self._users.discard(engine)
            if self._users:
                return
        self.end()

    def end(self) -> None:
        """End the server, whoever uses it, also one that is only starting."""
        with self._books:
            self._is_unwanted = True
            if self._starting is not None:
                self._starting.stop()
        with self._at_work:
            # somebody may have come for it in between
            if self._is_unwanted:
                self._stop()

    def forget(self) -> None:
        """In a forked child: the server is the parent's, and a thread that is not here may have held the locks."""
        servers = [self._starting, self.running.server if self.running else None]
        _OneServer.__init__(self)
        for server in servers:
            if server is not None:
                server.forget()

    def _hold(self, server: ServerProcess) -> None:
        """Told of a server as soon as its process is there."""
        with self._books:
            self._starting = server
            if self._is_unwanted:
                raise EngineError("engine_closed", "LanguageTool was closed while it was starting.")

    def _stop(self) -> None:
        if self.running is not None:
            self.running.server.stop()
            self.running = None


_SERVER = _OneServer()


@cache
def _watch_process() -> None:
    """Once per process, and only when a server was started: Python keeps such hooks for ever."""
    atexit.register(lambda: _SERVER.end())
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=lambda: _SERVER.forget())


class LanguageToolEngine:
    """LanguageTool as an Engine: one server a process, started at the first need, shared by all threads, ended for certain."""

    name = "languagetool"

    def __init__(self) -> None:
        # Counts the calls of close(): a check that finds its server gone must not start one behind the closer's back.
        self._closings = 0
        self._other_words: dict[str, bool] = {}

    # --- the protocol ----------------------------------------------------------------------------

    def probe(self) -> EngineStatus:
        """Say whether Java and a copy of LanguageTool are there. Starts only ``java -version``, once per process."""
        java, trouble = javas.look_for_java()
        copy = provisioning.find()
        version = copy.version if copy else ""
        if java is None:
            return EngineStatus(self.name, False, version, trouble, javas.CURE)
        with_java = f"Java {java.major} ({java.origin}: {java.path})"
        if copy is None:
            return EngineStatus(
                self.name, False, "", f"LanguageTool is not on this machine; {with_java} is.", "Run `analyzer setup`."
            )
        return EngineStatus(self.name, True, version, f"LanguageTool {version} in {copy.folder}, {with_java}")

    def open(self) -> None:
        """Start the server and warm it up (about 5 s); harmless where it runs already."""
        _SERVER.ensure(self)

    def close(self) -> None:
        """Kill the server, where no other engine uses it. Checks that are under way fail; a later check starts it again."""
        self._closings += 1
        _SERVER.leave(self)

    def setup(self, progress: Callable[[str], None]) -> None:
        """Fetch Java and LanguageTool where they are missing, and prove them with one sentence."""
        java = javas.ensure_java(progress)
        provisioning.provision(java, progress)
        was_running = _SERVER.used_by(self)
        progress("Starting LanguageTool once to see that it works ...")
        self.open()
        if not was_running:
            self.close()
        progress("LanguageTool works.")

    def check(self, text: str, names: frozenset[str]) -> tuple[Issue, ...]:
        """Issues in ``text``. A word unknown in both dialects is a spelling issue, unless it is in ``names``."""
        if not text.strip():
            return ()
        # names by their look are left out first: each word asked of the other dialect costs time
        issues = tuple(
            issue
            for issue in conversion.issues_from(text, self._ask(partial(_ask_all, text=text)))
            if not conversion.is_dictionary_issue(issue)
            or verdict(text, issue.start, issue.end, issue.suggestions) != "name"
        )
        return conversion.without(issues, conversion.Names.of(names), self._right_elsewhere)

    # --- asking ----------------------------------------------------------------------------------

    def _right_elsewhere(self, words: frozenset[str]) -> frozenset[str]:
        """Those of the words that the other dialect has; asked in one request, remembered as facts of a dictionary."""
        unknown = sorted(words.difference(self._other_words))
        verdicts = {word: self._other_words[word] for word in words.intersection(self._other_words)}
        if unknown:
            # A paragraph for each word, so that no word is judged by its neighbour.
            wrong = {issue.start for issue in self._ask_other("\n\n".join(unknown))}
            at = 0
            for word in unknown:
                verdicts[word] = not any(at <= start < at + len(word) for start in wrong)
                at += len(word) + 2
            if len(self._other_words) > MOST_REMEMBERED_WORDS:
                self._other_words = {}
            self._other_words.update(verdicts)
        return frozenset(word for word, right in verdicts.items() if right)

    def _ask_other(self, text: str) -> tuple[Issue, ...]:
        return conversion.issues_from(text, self._ask(partial(_ask_speller, text=text)))

    def _ask(self, question: Callable[[_Running], T]) -> T:
        """Put a question to the server. Where it dies meanwhile it is started again, once, and asked again."""
        from analyzer.proofing.languagetool_client import RequestHung, ServerGone

        closings = self._closings
        running = _SERVER.ensure(self)
        for again in (True, False):
            try:
                return question(running)
            except RequestHung as error:
                # It may hang for good; whoever asks next gets a fresh one.
                _SERVER.drop(running)
                raise EngineError(
                    "engine_timeout", f"LanguageTool did not answer in time ({error}); it has not read this text."
                ) from error
            except (ServerGone, EngineError) as error:
                # A server killed in the middle of its answer can look like any failure.
                if isinstance(error, EngineError) and running.server.alive:
                    raise
                _SERVER.drop(running)
                if self._closings != closings:
                    raise EngineError(
                        "engine_closed", "LanguageTool was closed while a text was being checked."
                    ) from error
                if not again:
                    raise EngineError(
                        "engine_died", "LanguageTool died twice over the same text; it was not checked."
                    ) from error
                running = _SERVER.ensure(self)
        raise AssertionError("unreachable")


def _ask_all(running: _Running, text: str) -> list[dict[str, Any]]:
    from analyzer.proofing.languagetool_client import ask

    return ask(running.client, conversion.sendable(text), conversion.request_parameters())


def _ask_speller(running: _Running, text: str) -> list[dict[str, Any]]:
    from analyzer.proofing.languagetool_client import ask

    return ask(running.other, conversion.sendable(text), OTHER_SPELLING_ONLY)


def _start(hold: Callable[[ServerProcess], None]) -> _Running:
    """Start a server, connect to it and warm it up; whatever goes wrong, nothing is left running.

    ``hold`` is given the process as soon as there is one.
    """
    from analyzer.proofing import languagetool_server
    from analyzer.proofing.languagetool_client import RequestHung, ServerGone, ask, connect

    java = javas.find_java()
    copy = provisioning.find()
    if copy is None:
        raise EngineError("engine_not_provisioned", "LanguageTool is not on this machine. Run `analyzer setup`.")
    server = languagetool_server.start(java, copy, hold)
    try:
        running = _Running(server, connect(DIALECT, server.url), connect(OTHER_DIALECT, server.url))
        ask(running.other, WARM_UP_TEXT, OTHER_SPELLING_ONLY, WARM_UP_LIMIT_S)
        if not ask(running.client, WARM_UP_TEXT, conversion.request_parameters(), WARM_UP_LIMIT_S):
            raise EngineError(
                "engine_not_started",
                f"LanguageTool in {copy.folder} finds nothing wrong with {WARM_UP_TEXT!r}: it is damaged.",
            )
    except (ServerGone, RequestHung) as error:
        server.stop()
        raise EngineError(
            "engine_not_started", "LanguageTool started and then did not answer its first request."
        ) from error
    except BaseException:  # also Ctrl-C: nothing may be left running
        server.stop()
        raise
    return running
