"""Ask a language model the user named in the settings for a body of the letter. Off unless a URL is set; the same guards hold for what it says.

Any endpoint that speaks like OpenAI's chat completions will do: Ollama, llama.cpp, a firm's own. Each sentence of the answer must pass the guards
by itself; those that do not are left out. Where the model is silent, late or useless, the built-in rewrites stand.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from http.client import HTTPException
from ipaddress import ip_address
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from analyzer.parsing.language import parse_texts
from analyzer.rewrites.base import Context, Proposal, why_of, words_of
from analyzer.rewrites.guards import invention
from analyzer.settings import LanguageModelSettings

_PATH = "/chat/completions"
_MOST_BYTES = 200_000
_MOST_TOKENS = 400
# fewer sentences than this left by the guards make no letter
_FEWEST_SENTENCES = 2
_FRAME = re.compile(r"^(?:subject:|dear\b|hi\b|hello\b|(?:kind|best|warm) regards|sincerely|yours\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of asking: proposals, and what the user is told of where the text went and what went wrong."""

    proposals: tuple[Proposal, ...] = ()
    told: tuple[str, ...] = ()


class _NoRedirect(HTTPRedirectHandler):
    """Text goes to the address that was named and to no other."""

    def redirect_request(self, *_: Any) -> None:
        return None


def propose(context: Context, settings: LanguageModelSettings) -> Asked:
    """A body by the model where one is named; nothing where none is, or where it gave nothing that passes the guards."""
    if not settings.url or not context.sentences:
        return Asked()
    words = words_of("language_model")
    host = urlsplit(settings.url).hostname or settings.url
    told = [] if _is_loopback(host) else [str(words["sent"]).format(host=host)]
    try:
        answer = _ask(_request(context, settings), settings.time_limit_s)
    except (OSError, HTTPException, ValueError) as trouble:
        why = f"it answered {trouble.code}" if isinstance(trouble, HTTPError) else words["silent"]
        return Asked(told=(*told, str(words["failed"]).format(host=host, why=why)))
    body = "\n\n".join(_kept(context, answer))
    if not body:
        return Asked(told=(*told, str(words["refused"]).format(host=host)))
    bodies = context.evidence.draft.spans_of("body")
    start = bodies[0][0]
    end = start + len(context.text[start : bodies[-1][1]].rstrip())
    proposal = Proposal(start, end, body, "overall", why_of("language_model"), "language_model")
    return Asked((proposal,), tuple(told))


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _request(context: Context, settings: LanguageModelSettings) -> Request:
    url = settings.url.rstrip("/")
    if urlsplit(url).scheme not in ("http", "https"):
        raise ValueError(f"“{url}” is no web address")
    draft = context.evidence.draft
    case = draft.case
    words = words_of("language_model")
    asked = str(words["ask"]).format(
        kind=draft.kind.replace("_", " "),
        company=case.company,
        role=case.role,
        interviewer=case.interviewer,
        notes=case.notes,
        body="\n\n".join(context.text[start:end].strip() for start, end in draft.spans_of("body")),
    )
    told = {"role": "system", "content": words["system"]}
    body = {
        "model": settings.model,
        "messages": [told, {"role": "user", "content": asked}],
        "temperature": 0,
        "max_tokens": _MOST_TOKENS,
        "stream": False,
    }
    headers = {"Content-Type": "application/json"}
    key = os.environ.get(settings.key_variable, "") if settings.key_variable else ""
    if key:
        headers["Authorization"] = f"Bearer {key}"
    address = url if url.endswith(_PATH) else url + _PATH
    return Request(address, json.dumps(body).encode(), headers, method="POST")


def _ask(request: Request, limit_s: float) -> str:
    """What the model says. Raises ValueError where the answer has another shape."""
    # no proxy of the environment and no redirect: the text goes where the settings say
    with build_opener(ProxyHandler({}), _NoRedirect()).open(request, timeout=limit_s) as response:
        raw = response.read(_MOST_BYTES)
    try:
        content = json.loads(raw)["choices"][0]["message"]["content"]
    except (KeyError, IndexError, TypeError) as error:
        raise ValueError("no answer in it") from error
    if not isinstance(content, str):
        raise ValueError("no text in it")
    return content


def _kept(context: Context, answer: str) -> list[str]:
    """The paragraphs of an answer, of their sentences only those that pass the guards; none where too few are left."""
    before = "\n".join(context.text[start:end] for start, end in context.evidence.draft.spans_of("body"))
    case = context.evidence.draft.case
    paragraphs = [line.strip() for line in re.split(r"\n+", answer) if line.strip() and not _FRAME.match(line.strip())]
    kept, count = [], 0
    for doc in parse_texts(paragraphs):
        fine = [
            s.text.strip() for s in doc.sents if s.text.strip() and not invention(case, before, f"{s.text.strip()} ")
        ]
        count += len(fine)
        kept += [" ".join(fine)] if fine else []
    return kept if count >= _FEWEST_SENTENCES else []
