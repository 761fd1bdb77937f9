"""Asking our LanguageTool server, through language_tool_python. Import it late: it takes half a second.

Two habits of the package make a subclass necessary. Its ``Match`` keeps the positions of emoji in a class attribute
that all threads share, so offsets go wrong when two texts are checked at once, and it never mends the length of a
match. Its time limit is a fixed 300 s, and a time-out is tried again.
"""

from __future__ import annotations

import copy
import http.client
import urllib.parse
from typing import Any

import requests
from language_tool_python import LanguageTool
from language_tool_python.exceptions import LanguageToolError

from analyzer.errors import EngineError

REQUEST_LIMIT_S = 10.0
"""Seconds for one letter, which takes 0.04 warm and 5 in a server that has just started."""

LIMIT_PER_CHARACTER_S = 0.001
"""Seconds more for each character: 10,000 words (60,000 characters) take seconds on one core and get a minute."""

NO_PROXIES = {"http": "", "https": "", "all": ""}
"""Empty, so that proxies named in the environment are not asked either: this is loopback."""


class ServerGone(Exception):
    """The server broke off or cannot be reached: it may be started again."""


class RequestHung(Exception):
    """The server did not answer in time; the text is the limit it had."""


class Client(LanguageTool):
    """One language of one server. Has no state that a request changes: threads may share it."""

    def __init__(self, language: str, url: str) -> None:
        super().__init__(language, remote_server=url, host="127.0.0.1", proxies=dict(NO_PROXIES))

    def ask(self, text: str, limit_s: float, extra: dict[str, str]) -> list[dict[str, Any]]:
        """Give the matches exactly as the server does: offsets and lengths in UTF-16 units."""
        asking = copy.copy(self)
        asking._TIMEOUT = limit_s  # type: ignore[assignment]
        parameters = {**asking._create_params(text), **extra}
        url = urllib.parse.urljoin(self._url, "check")
        answer = asking._query_server(url, parameters, num_tries=1, method="post")
        matches = answer.get("matches") if isinstance(answer, dict) else None
        if not isinstance(matches, list):
            raise EngineError("engine_failed", "LanguageTool gave an answer that is none.")
        return matches


def connect(language: str, url: str) -> Client:
    """Make a client for one language; raises ServerGone, RequestHung or EngineError."""
    try:
        return Client(language, url)
    except (Exception, SystemExit) as error:
        raise translated(error) from error


def ask(client: Client, text: str, extra: dict[str, str], limit_s: float | None = None) -> list[dict[str, Any]]:
    """Have a text checked; raises ServerGone, RequestHung or EngineError."""
    limit = REQUEST_LIMIT_S + LIMIT_PER_CHARACTER_S * len(text) if limit_s is None else limit_s
    try:
        return client.ask(text, limit, extra)
    except (Exception, SystemExit) as error:
        told = translated(error)
        raise (RequestHung(f"{limit:.0f} s") if isinstance(told, RequestHung) else told) from error


def translated(error: BaseException) -> Exception:
    """Tell what one of the package's many ways to fail means for us."""
    if isinstance(error, EngineError | ServerGone | RequestHung):
        return error
    # The package wraps what requests raises into an error of its own and keeps it as the cause.
    cause = error.__cause__ if isinstance(error, LanguageToolError) and error.__cause__ is not None else error
    if isinstance(cause, requests.ConnectTimeout | requests.ConnectionError):
        return ServerGone(str(cause))
    if isinstance(cause, requests.Timeout):
        return RequestHung(str(cause))
    if isinstance(cause, OSError | http.client.HTTPException) and not isinstance(cause, requests.JSONDecodeError):
        return ServerGone(str(cause))
    said = " ".join(str(error).split())[:300] or type(error).__name__
    return EngineError("engine_failed", f"LanguageTool could not check the text: {said}")
