"""A batch that is stopped, killed or broken off goes on where it was, and gives what it would have given."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import Popen
from typing import Any

import pytest

from analyzer.batch.journal import Journal
from analyzer.cli import main
from analyzer.errors import UsageError
from analyzer.types import Case

Start = Callable[..., "Popen[str]"]


@pytest.fixture
def drafts(tmp_path: Path, corpus: tuple[Case, ...], held_out_writers: frozenset[str]) -> Path:
    """A hundred and twenty drafts as JSONL, two of which cannot be judged."""
    path = tmp_path / "in.jsonl"
    cases = [case for case in corpus if case.id[0] not in held_out_writers][:118]
    lines = [{"id": case.id, "draft": case.draft, "notes": case.notes} for case in cases]
    lines.insert(40, {"id": "empty", "draft": ""})
    lines.append({"id": "last", "draft": "Hallo Frau Weber, vielen Dank für das nette Gespräch gestern in Köln."})
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def judge(source: Path, output: Path, *options: str) -> int:
    return main(
        ["batch", str(source), "-o", str(output), "--engine", "harper", "--no-rewrites", "--jobs", "1", *options]
    )


def kill_in_the_middle(process: Popen[str], partial: Path, signal_number: int) -> str:
    """Wait for the first lines, end the process, and give what it said."""
    deadline = time.monotonic() + 120
    while not partial.is_file() or partial.stat().st_size < 100_000:
        assert process.poll() is None and time.monotonic() < deadline, "the batch ended before it could be stopped"
        time.sleep(0.01)
    process.send_signal(signal_number)
    return process.communicate(timeout=60)[1]


def test_killed_in_mid_write_and_resumed_is_as_if_never_killed(drafts: Path, tmp_path: Path, started: Start) -> None:
    whole, killed = tmp_path / "whole.jsonl", tmp_path / "killed.jsonl"
    assert judge(drafts, whole) == 1
    partial = tmp_path / "killed.jsonl.partial"
    kill_in_the_middle(started("batch", drafts, "-o", killed, "--jobs", "1"), partial, signal.SIGKILL)
    assert not killed.exists()
    done = partial.read_bytes()
    # a line that was being written, as a full disk or a power cut leaves it
    partial.write_bytes(done + b'{"id": "E-0')
    assert judge(drafts, killed, "--resume") == 1
    assert killed.read_bytes() == whole.read_bytes()
    assert 0 < done.count(b"\n") < 120
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl", "killed.jsonl", "whole.jsonl"]


@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_leaves_a_usable_table_and_the_way_on(
    drafts: Path, tmp_path: Path, started: Start, signal_number: int
) -> None:
    output = tmp_path / "out.csv"
    process = started("batch", drafts, "-o", output, "--jobs", "1")
    said = kill_in_the_middle(process, tmp_path / "out.csv.partial", signal_number)
    assert process.returncode == 2 and "Traceback" not in said
    assert "--resume" in said and "out.partial.csv" in said and not output.exists()
    table = (tmp_path / "out.partial.csv").read_text(encoding="utf-8-sig")
    assert table.startswith("id,kind,") and "E-001," in table
    assert judge(drafts, output, "--resume") == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl", "out.csv"]


def test_an_unfinished_run_is_not_overwritten_by_accident(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    journal = Journal(tmp_path / "out.jsonl")
    journal.begin({"inputs": 1})
    journal.append("a", '{"error": null}')
    journal.close()
    with pytest.raises(UsageError, match="--resume"):
        Journal(tmp_path / "out.jsonl").begin({"inputs": 1})


def test_a_run_on_other_inputs_or_settings_does_not_go_on(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "out.jsonl")
    journal.begin({"inputs": ["a"], "settings": {"model": "x"}})
    journal.append("a", '{"error": null}')
    journal.close()
    with pytest.raises(UsageError, match="settings changed"):
        journal.resume({"inputs": ["a"], "settings": {"model": "y"}})
    journal.resume({"inputs": ["a"], "settings": {"model": "x"}})
    assert [line["id"] for line in journal.lines()] == ["a"]
    journal.close()


@pytest.mark.parametrize("torn", [b"", b'{"id": "b", "err', b"\0" * 4096, b'garbage\n{"id": "c"}\n'])
def test_only_whole_lines_are_gone_on_from(tmp_path: Path, torn: bytes) -> None:
    journal = Journal(tmp_path / "out.jsonl")
    journal.begin({})
    journal.append("a", '{"error": null}')
    journal.close()
    with journal.path.open("ab") as stream:
        stream.write(torn)
    journal.resume({})
    journal.append("b", '{"error": null}')
    assert [line["id"] for line in journal.lines()] == ["a", "b"]
    journal.close()


def test_resuming_what_never_began_begins(drafts: Path, tmp_path: Path) -> None:
    short = tmp_path / "short.jsonl"
    short.write_text("".join(drafts.read_text(encoding="utf-8").splitlines(keepends=True)[:2]), encoding="utf-8")
    assert judge(short, tmp_path / "out.jsonl", "--resume") == 0


def test_a_full_disk_is_told_and_what_is_done_is_kept(
    drafts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    flush, calls = Journal.flush, list[int]()

    def full(journal: Any) -> None:
        calls.append(1)
        if len(calls) > 6:
            raise OSError(28, os.strerror(28))
        flush(journal)

    monkeypatch.setattr(Journal, "flush", full)
    assert judge(drafts, tmp_path / "out.jsonl") == 2
    assert "No space left" in capsys.readouterr().err
    monkeypatch.undo()
    assert (tmp_path / "out.jsonl.partial").stat().st_size > 0
