"""What stands behind the lines of SECURITY.md on the way out: spreadsheets, pages, file names, the network."""

from __future__ import annotations

import csv
import json
import os
import re
import socket
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import pytest_socket

from analyzer.batch.pages import write_pages
from analyzer.batch.writers import writer_for
from analyzer.pipeline import Analyzer
from analyzer.report.json_report import to_dict
from analyzer.types import Case

ROOT = Path(__file__).resolve().parents[1]
RUNNABLE = ["=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "  =1+1", "\uff1d1+1", "\n=1"]
MARKUP = "</p><script>alert(1)</script><img src=x onerror=alert(1)>\"'>"


@pytest.fixture(scope="module")
def told(analyzer: Analyzer) -> dict[str, Any]:
    """One report as JSON has it."""
    return dict(to_dict(analyzer.analyze("Dear Ana, thank you for today. Ben", interviewer="Ana Silva")))


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".xlsx"])
def test_no_cell_of_a_table_that_is_written_is_run(ending: str, told: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / f"reports{ending}"
    writer_for(str(path)).write(path, [{**told, "id": cell} for cell in RUNNABLE])
    if ending == ".xlsx":
        cells = [row[0] for row in openpyxl.load_workbook(path).worksheets[0].iter_rows(min_row=2)]
        assert {cell.data_type for cell in cells} == {"s"}
        found = [str(cell.value) for cell in cells]
    else:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            found = [row[0] for row in csv.reader(stream, delimiter="\t" if ending == ".tsv" else ",")][1:]
    assert found == [f"'{cell}" for cell in RUNNABLE]


class Tags(HTMLParser):
    """The elements of a page."""

    def __init__(self, code: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(code)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add(tag)
        self.attributes |= {name for name, _ in attrs}


def pages(folder: Path, told: dict[str, Any], text: str) -> list[Path]:
    """The page of a group and of each person, with a text in every place a stranger fills in."""
    folder.mkdir()
    draft = f"Dear {text}, thank you for {text}. Ben"
    names = (text, f"{text} 2")
    rows = [
        (Case(draft, id=f"{text}{n}", participant=name, company=text, role=text), {**told, "id": f"{text}{n}"})
        for n, name in enumerate(names)
    ]
    write_pages(rows, text, folder / "group.html", folder / "people")
    return [folder / "group.html", *sorted((folder / "people").iterdir())]


def test_hostile_words_make_no_element_of_a_page(told: dict[str, Any], tmp_path: Path) -> None:
    plain, hostile = pages(tmp_path / "plain", told, "Ana"), pages(tmp_path / "hostile", told, MARKUP)
    assert len(plain) == len(hostile) == 3
    for one, other in zip(plain, hostile, strict=True):
        expected, found = Tags(one.read_text(encoding="utf-8")), Tags(other.read_text(encoding="utf-8"))
        assert found.found <= expected.found and found.attributes <= expected.attributes
        assert "script" not in found.found and "onerror" not in found.attributes


@pytest.mark.parametrize("name", ["../../climbed", "/climbed", "..", "a/../../b", "..\\climbed", "\u2025/x", "\0"])
def test_no_participant_is_written_outside_the_folder(name: str, told: dict[str, Any], tmp_path: Path) -> None:
    before = set(tmp_path.rglob("*"))
    made = pages(tmp_path / "out", told, name)
    assert all(path.parent in (tmp_path / "out", tmp_path / "out" / "people") for path in made) and len(made) == 3
    assert {path.parent for path in set(tmp_path.rglob("*")) - before} <= {
        tmp_path,
        tmp_path / "out",
        tmp_path / "out" / "people",
    }


@pytest.mark.filterwarnings("ignore:A test tried to use:UserWarning")
def test_the_suite_itself_has_no_network() -> None:
    # pyproject.toml gives pytest-socket these; a test that needs a socket says so with a mark, and gets loopback alone
    options = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert "--disable-socket --allow-hosts=127.0.0.1,localhost,::1" in options
    # 192.0.2.1 is set aside for documents: nobody is there
    with socket.socket() as outwards, pytest.raises(pytest_socket.SocketConnectBlockedError):
        outwards.connect(("192.0.2.1", 80))


LISTENER = """
import json, sys
seen = []
def listen(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.getaddrinfo", "urllib.Request"):
        seen.append([event, str(arguments[-1])])
sys.addaudithook(listen)
from analyzer.cli import main
status = main(["score", "-", "--notes", sys.argv[1], "--engine", "harper", "--json"])
print(json.dumps([status, seen]), file=sys.stderr)
"""


def test_scoring_in_a_process_of_its_own_asks_nobody(tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("see https://example.com", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", LISTENER, str(notes)],
        input="Dear Ana, thank you for https://example.com and your time today. Ben",
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert json.loads(done.stderr.splitlines()[-1]) == [0, []]


def test_the_app_keeps_streamlits_own_defences_on() -> None:
    from streamlit import config

    from analyzer.ui.serve import SETTINGS

    for name in ("server.enableXsrfProtection", "server.enableCORS"):
        assert SETTINGS.get(name, config.get_option(name)) is True
    assert SETTINGS["server.address"] == "127.0.0.1"
    assert tuple(SETTINGS["server.allowedHosts"]) == ("localhost", "127.0.0.1")


def test_every_test_the_threat_note_names_exists() -> None:
    note = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    # comes with the step that writes mails
    awaited = "tests/report/test_calendar_and_mail.py"
    file, named = "", 0
    for path, name in re.findall(r"`(tests/[\w/]+\.py)?(?:::(?:\w+::)?(test_\w+))?`", note):
        file = path or file
        if not (ROOT / file).is_file():
            assert file == awaited
        elif name:
            assert f"def {name}(" in (ROOT / file).read_text(encoding="utf-8"), f"{file}::{name}"
            named += 1
    assert named > 30
