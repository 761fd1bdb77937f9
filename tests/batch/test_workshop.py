"""A workshop of sixty rows, eight of them bad in eight ways, through the whole way."""

from __future__ import annotations

import csv
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest

from analyzer.batch.flat import COLUMNS
from analyzer.batch.writers import WRITERS
from analyzer.batch.writers.base import Writer

ROOT = Path(__file__).resolve().parents[2]
WORKSHOP = ROOT / "data" / "examples" / "workshop.csv"
BAD = {
    "4": "empty_draft",
    "10": "formula",
    "16": "too_large",
    "23": "not_english",
    "12": "duplicate_id",
    "38": "unknown_kind",
    "45": "bad_time",
    "52": "bad_row",
}


def rows_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream))


def test_every_row_comes_out_in_its_place(workshop: Any) -> None:
    given = [row[0] for row in rows_of(WORKSHOP)[1:]]
    assert len(given) == 60 and workshop.status == 1
    assert [report["id"] for report in workshop.reports] == given
    assert sorted(path.name for path in workshop.folder.iterdir()) == ["people", "report.html", "reports.jsonl"]


def test_eight_kinds_of_bad_row_are_named(workshop: Any) -> None:
    found = {report["id"]: report["error"] for report in workshop.reports if report["error"]}
    assert {row_id: error["code"] for row_id, error in found.items()} == BAD
    for error in found.values():
        assert error["message"].endswith(".") and len(error["message"]) < 300


@pytest.mark.parametrize("writer", WRITERS, ids=lambda writer: writer.name)
def test_every_format_holds_every_row(workshop: Any, writer: Writer, tmp_path: Path) -> None:
    path = tmp_path / f"reports{writer.endings[0]}"
    writer.write(path, workshop.reports)
    ids = [report["id"] for report in workshop.reports]
    if writer.name in ("csv", "tsv"):
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.reader(stream, delimiter="," if writer.name == "csv" else "\t"))
        assert (tuple(rows[0]), [row[0] for row in rows[1:]]) == (tuple(COLUMNS), ids)
        assert not [cell for row in rows for cell in row if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]
    elif writer.name == "xlsx":
        book = openpyxl.load_workbook(path)
        rows = list(book.worksheets[0].iter_rows())
        assert [row[0].value for row in rows[1:]] == ids
        assert not [cell for row in rows for cell in row if cell.data_type == "f"]
        score = rows[1][list(COLUMNS).index("overall_score")].value
        assert score == workshop.reports[0]["overall"]["score"]
        book.close()
    elif writer.name == "parquet":
        table = pq.read_table(path)
        assert table.column("id").to_pylist() == ids
        assert table.column("overall_score").null_count == len(BAD)


class Page(HTMLParser):
    """What a page asks a browser for, and the words it shows."""

    def __init__(self, code: str) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.tags: set[str] = set()
        self.words = ""
        self.feed(code)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.asked += [
            f"{tag} {name}={value}" for name, value in attrs if name in ("src", "href", "srcset", "action", "data")
        ]

    def handle_data(self, data: str) -> None:
        self.words += data


def test_the_page_is_one_file_that_asks_for_nothing(workshop: Any) -> None:
    pages = [workshop.folder / "report.html", *(workshop.folder / "people").iterdir()]
    assert len(pages) > 40
    for path in pages:
        code = path.read_text(encoding="utf-8")
        page = Page(code)
        assert not page.asked and "script" not in page.tags
        assert not re.search(r"url\(|@import|https?://", code)
        assert "default-src 'none'" in code


def test_the_page_shows_the_group_then_people_for_the_coach(workshop: Any) -> None:
    words = Page(workshop.page).words
    order = ["Would they help their writers?", "Trait by trait", "What to work on together", "For the coach"]
    order += ["Before and after", "Who may need help", "Nearly the same text", "Not judged"]
    places = [words.index(heading) for heading in order]
    assert places == sorted(places)
    assert "8 people sent more than one draft" in words


def test_examples_before_the_group_name_nobody(workshop: Any) -> None:
    shown = Page(workshop.page).words.split("For the coach")[0]
    table = rows_of(WORKSHOP)
    people, interviewers = table[0].index("Student"), table[0].index("Interviewer name")
    names = {
        word for row in table[1:] for cell in (row[people], row[interviewers]) for word in re.findall(r"\w{4,}", cell)
    }
    names -= {"Guest", "Late", "arrival", "Grant"}
    assert not [name for name in names if re.search(rf"\b{name}\b", shown)]


def test_the_copied_and_the_filled_in_draft_are_found(workshop: Any) -> None:
    words = Page(workshop.page).words.split("Nearly the same text")[1]
    assert "Pia Sorensen" in words
    assert "Noor Ali and Olga Ivanova" in words


def test_a_person_with_two_drafts_sees_both_and_the_marked_last(workshop: Any) -> None:
    words = Page((workshop.folder / "people" / "Bo_Lindqvist.html").read_text(encoding="utf-8")).words
    assert "since your first draft" in words and "Your draft number 2" in words
    last = [row for row in rows_of(WORKSHOP) if row[1] == "Bo Lindqvist"][-1][2]
    assert all(line.split()[0] in words for line in last.splitlines() if line.strip())


def test_the_pages_share_the_colours_of_the_app() -> None:
    def colours(path: str) -> dict[str, str]:
        text = (ROOT / path).read_text(encoding="utf-8")
        return {name: value.lower() for name, value in reversed(re.findall(r"(--da-[\w-]+): (#\w{6});", text))}

    app, pages = colours("analyzer/ui/style.css"), colours("analyzer/resources/report_pages.css")
    assert pages and {name: app[name] for name in pages if name in app} == pages
