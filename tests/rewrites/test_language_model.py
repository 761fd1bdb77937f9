"""The optional language model: asked only where named, held to the same guards, and told of where text leaves the machine."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from analyzer.pipeline import Analyzer
from analyzer.reading import case_from_fields
from analyzer.rewrites import language_model
from analyzer.rewrites.reading import context_of
from analyzer.settings import LanguageModelSettings
from analyzer.types import Case

NOTES = "P. Nair, hd of ops. vendor payments late. scanner app v old, 14 vans"
DRAFT = "Dear Ms Nair,\n\nThank you for your time. I am a hard working person. I hope you will give me this job.\n\nKind regards,\nDana Whitfield"
HONEST = "Thank you for your time. You mentioned that the vendor payments are late, and I would like to help with that. I look forward to hearing from you."
INVENTED = "Thank you for your time. At Amazon I led a team of 40 drivers. Congratulations on the Brightwater merger."


@dataclass
class Fake:
    """A server that answers as it is told and remembers what it was asked."""

    answer: str = HONEST
    status: int = 200
    wait_s: float = 0.0
    location: str = ""
    raw: bytes | None = None
    asked: list[tuple[str, dict[str, Any], dict[str, str]]] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def server() -> Iterator[Fake]:
    fake = Fake()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            fake.asked.append((self.path, body, dict(self.headers)))
            time.sleep(fake.wait_s)
            self.send_response(fake.status)
            if fake.location:
                self.send_header("Location", fake.location)
            self.end_headers()
            said = json.dumps({"choices": [{"message": {"content": fake.answer}}]}).encode()
            self.wfile.write(said if fake.raw is None else fake.raw)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    fake.url = f"http://127.0.0.1:{running.server_port}/v1"
    yield fake
    running.shutdown()
    running.server_close()


@pytest.fixture(scope="module")
def case() -> Case:
    fields = {
        "kind": "thank_you",
        "draft": DRAFT,
        "notes": NOTES,
        "interviewer": "Priya Nair",
        "company": "Harbourline",
    }
    return case_from_fields({**fields, "role": "Returns Coordinator"}, 1)


def _ask(analyzer: Analyzer, case: Case, url: str, limit_s: float = 5.0, key: str = "") -> language_model.Asked:
    (evidence,) = analyzer.collect([case])
    context = context_of(evidence, analyzer.analyze_case(case))
    return language_model.propose(context, LanguageModelSettings(url, "small", key, limit_s))


def test_without_a_url_nobody_is_asked(analyzer: Analyzer, case: Case) -> None:
    assert _ask(analyzer, case, "") == language_model.Asked()


def test_an_honest_answer_becomes_a_body(
    analyzer: Analyzer, case: Case, server: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("A_KEY", "k-123")
    asked = _ask(analyzer, case, server.url, key="A_KEY")
    (proposal,) = asked.proposals
    assert proposal.after == HONEST
    assert case.draft[proposal.start : proposal.end].startswith("Thank you for your time.")
    ((path, body, headers),) = server.asked
    assert path == "/v1/chat/completions"
    assert headers["Authorization"] == "Bearer k-123"
    assert NOTES in body["messages"][1]["content"]
    assert asked.told == ()


def test_what_it_invents_is_left_out_and_said(analyzer: Analyzer, case: Case, server: Fake) -> None:
    server.answer = INVENTED
    asked = _ask(analyzer, case, server.url)
    assert asked.proposals == ()
    assert "neither your draft nor your notes" in asked.told[0]
    server.answer = f"{HONEST} At Amazon I led a team of 40 drivers."
    (proposal,) = _ask(analyzer, case, server.url).proposals
    assert proposal.after == HONEST


@pytest.mark.parametrize(
    "raw", [b"", b"<html>", b"[]", b'{"choices": []}', b'{"choices": [{"message": {"content": null}}]}']
)
def test_an_answer_of_another_shape_is_no_answer(analyzer: Analyzer, case: Case, server: Fake, raw: bytes) -> None:
    server.raw = raw
    asked = _ask(analyzer, case, server.url)
    assert asked.proposals == ()
    assert "built-in" in asked.told[0]


def test_a_model_that_is_late_or_broken_or_away_is_not_waited_for(analyzer: Analyzer, case: Case, server: Fake) -> None:
    server.wait_s = 2.0
    start = time.perf_counter()
    late = _ask(analyzer, case, server.url, limit_s=0.2)
    assert time.perf_counter() - start < 2.0
    server.wait_s, server.status = 0.0, 500
    for asked in (late, _ask(analyzer, case, server.url), _ask(analyzer, case, "http://127.0.0.1:9/v1")):
        assert asked.proposals == ()
        assert "127.0.0.1" in asked.told[0]


def test_text_goes_to_the_named_address_only(analyzer: Analyzer, case: Case, server: Fake) -> None:
    server.status, server.location = 307, f"{server.url}/elsewhere"
    assert _ask(analyzer, case, server.url).proposals == ()
    assert [path for path, _, _ in server.asked] == ["/v1/chat/completions"]
    assert _ask(analyzer, case, "file:///etc/passwd").proposals == ()


def test_the_user_is_told_when_text_leaves_the_machine(
    analyzer: Analyzer, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(language_model, "_ask", lambda request, limit_s: HONEST)
    assert "sent to models.example.org" in _ask(analyzer, case, "https://models.example.org/v1").told[0]
    assert _ask(analyzer, case, "http://localhost:11434/v1").told == ()


def test_the_report_takes_the_answer_or_falls_back_on_the_built_in_rewrites(
    case: Case, server: Fake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "settings.toml"
    settings.write_text(f'[language_model]\nurl = "{server.url}"\nmodel = "small"\n', encoding="utf-8")
    monkeypatch.setenv("ANALYZER_SETTINGS", str(settings))
    rewriting = Analyzer(engines=("harper",), rewrites=True)
    taken = rewriting.analyze_case(case)
    server.answer = INVENTED
    fallen_back = rewriting.analyze_case(case)
    assert len(server.asked) == 2
    for report in (taken, fallen_back):
        assert report.rewritten is not None
        assert "Amazon" not in report.rewritten.draft
    assert any("neither your draft nor your notes" in line for line in fallen_back.advisories)
