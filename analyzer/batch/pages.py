"""The pages a batch writes beside its table: one on the group, one for each participant. Texts wait in a file, not in memory."""

from __future__ import annotations

import json
import os
import re
import tempfile
import unicodedata
from array import array
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from analyzer.batch.near import Likeness
from analyzer.cohort import CohortBuilder, Person
from analyzer.cohort.summarize import person_of
from analyzer.errors import FileError, UsageError
from analyzer.report.cohort_html import cohort_page
from analyzer.report.pdf import browser, write_pdf
from analyzer.report.person_html import person_page
from analyzer.traits import TRAITS
from analyzer.types import Case

_REPORT_ENDINGS = (".html", ".htm", ".pdf")
_NOT_IN_NAMES = re.compile(r"[^\w.-]+")
_LONGEST_NAME = 80
_KEPT_FIELDS = ("id", "draft", "interviewer", "company", "role", "participant")


def check_pages(report: Path | None, per_person: Path | None) -> None:
    """Refuse, before any work, pages that could not be written. Raises UsageError, FileError."""
    if report is not None:
        if report.suffix.lower() not in _REPORT_ENDINGS:
            raise UsageError("unknown_ending", f"“{report}” is no page: give --report a name ending in .html or .pdf.")
        if not report.parent.is_dir():
            raise FileError("not_written", f"“{report}” cannot be written: its folder does not exist; make it first.")
        if report.suffix.lower() == ".pdf" and browser() is None:
            raise UsageError(
                "no_browser",
                "A PDF is printed by Chromium or Chrome, and none is installed: write .html and print it from your browser.",
            )
    if per_person is not None and per_person.exists() and not per_person.is_dir():
        raise FileError("not_written", f"“{per_person}” is a file: give --per-person the name of a folder.")


def write_pages(
    rows: Iterable[tuple[Case | None, Mapping[str, Any]]], title: str, report: Path | None, per_person: Path | None
) -> tuple[str, ...]:
    """Write what is asked for, and say what was written."""
    builder, likeness = CohortBuilder([trait.name for trait in TRAITS]), Likeness()
    written: list[str] = []
    with _Texts() as texts:
        for place, (case, told) in enumerate(rows):
            judged = case if case is not None and not told["error"] else None
            builder.add(case, told)
            texts.add(judged, told)
            if judged is not None and report is not None:
                likeness.add(place, judged)
        if report is not None:
            copied = likeness.copied(texts.case_at, lambda place: person_of(texts.case_at(place)))
            _write_report(report, cohort_page(builder.cohort(title, copied, likeness.compared)))
            written.append(str(report))
        if per_person is not None:
            count = _write_people(per_person, builder.people(), texts)
            written.append(f"{count:,} {'page' if count == 1 else 'pages'} in {per_person}")
    return tuple(written)


def _write_report(path: Path, code: str) -> None:
    if path.suffix.lower() == ".pdf":
        write_pdf(path, code)
    else:
        _write_whole(path, code)


def _write_people(folder: Path, people: Iterable[Person], texts: _Texts) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    taken: set[str] = set()
    for person in people:
        reports = [texts.report_at(sent.place) for sent in person.drafts]
        drafts = [texts.case_at(sent.place).draft for sent in person.drafts]
        _write_whole(folder / f"{_file_name(person.name, taken)}.html", person_page(person, reports, drafts))
    return len(taken)


def _file_name(name: str, taken: set[str]) -> str:
    """A name every file system takes, and nobody else's here."""
    plain = unicodedata.normalize("NFKC", name)
    base = _NOT_IN_NAMES.sub("_", plain).strip("._")[:_LONGEST_NAME] or "participant"
    found, number = base, 1
    while found.lower() in taken:
        number += 1
        found = f"{base}-{number}"
    taken.add(found.lower())
    return found


def _write_whole(path: Path, code: str) -> None:
    fresh = path.with_name(f".{path.name}.writing")
    fresh.write_text(code, encoding="utf-8")
    os.replace(fresh, path)


class _Texts:
    """Drafts and reports by their places, in a file without a name that is gone with the process."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by __exit__
        self._starts = array("Q")

    def __enter__(self) -> _Texts:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, case: Case | None, report: Mapping[str, Any]) -> None:
        """Take the next row."""
        self._starts.append(self._file.tell())
        if case is not None:
            kept = {name: getattr(case, name) for name in _KEPT_FIELDS}
            self._file.write(json.dumps([kept, report]).encode() + b"\n")
        self._file.seek(0, os.SEEK_END)

    def case_at(self, place: int) -> Case:
        """The case of a row, as far as pages need it."""
        return Case(**self._row(place)[0])

    def report_at(self, place: int) -> Mapping[str, Any]:
        """The report of a row."""
        found: Mapping[str, Any] = self._row(place)[1]
        return found

    def _row(self, place: int) -> Any:
        self._file.seek(self._starts[place])
        return json.loads(self._file.readline())
