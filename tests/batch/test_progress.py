"""How far a batch is, as a log and a terminal tell it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from analyzer.batch.progress import Progress
from analyzer.cli import main


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_log_gets_a_line_a_minute_with_rate_and_time_left() -> None:
    stream, clock = io.StringIO(), Clock()
    progress = Progress(stream, clock)
    progress.begin(1000, already=100)
    for second in range(1, 151):
        clock.now = float(second)
        progress.advance(2)
    progress.end()
    assert stream.getvalue().splitlines() == [
        "220 of 1,000 drafts, 2.0 a second, 6 min left",
        "340 of 1,000 drafts, 2.0 a second, 6 min left",
    ]


def test_a_terminal_gets_a_moving_line_with_rate_and_time_left() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    stream = Terminal()
    progress = Progress(stream)
    progress.begin(40)
    progress.advance(40)
    progress.trouble("7: Row 7, draft, is empty; write the message into it first.")
    progress.end()
    assert "Judging drafts" in stream.getvalue() and "40/40" in stream.getvalue()
    assert "left" in stream.getvalue() and "Row 7, draft, is empty" in stream.getvalue()


def test_a_thousand_bad_rows_do_not_flood_the_log() -> None:
    stream = io.StringIO()
    progress = Progress(stream)
    for number in range(1000):
        progress.trouble(f"{number}: bad.")
    assert len(stream.getvalue().splitlines()) == 21


def test_what_is_piped_is_called_standard_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    piped = io.TextIOWrapper(io.BytesIO(b"Email text\nThank you for the talk about the night rota today.\n"))
    monkeypatch.setattr("sys.stdin", piped)
    assert main(["batch", "-", "-o", str(tmp_path / "out.jsonl"), "--engine", "harper"]) == 0
    assert "Standard input: reading 'Email text' as draft." in capsys.readouterr().err
