"""What a workshop's reports come to, with names or without: the figures of the group, the table, the files to take away."""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from analyzer.batch.near import Likeness
from analyzer.batch.pages import write_pages
from analyzer.batch.writers import writer_for
from analyzer.cohort import Cohort, CohortBuilder
from analyzer.cohort.anonymous import HIDDEN, hidden
from analyzer.cohort.summarize import person_of
from analyzer.report.json_report import to_dict
from analyzer.resources import load_toml, load_words
from analyzer.traits import TRAIT_NAMES
from analyzer.types import Case, Report

_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_ADDRESS = re.compile(r"\S*(?:@|://|www\.)\S*|\+?\d[\d\s().-]{6,}\d")
_OPENS = re.compile(r"(?:^|[.!?:\n])\W*$")
_BLOCK = "▒"
_TABLES = ("reports.csv", "reports.xlsx", "reports.jsonl")


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the workshop as it is shown: whose it is, its report, and whether names are shown."""

    place: int
    person: str
    report: Report
    named: bool


@dataclass(frozen=True, slots=True)
class Room:
    """Everything a workshop page shows. ``failed`` are rows that could not be judged, with the reason."""

    entries: tuple[Entry, ...]
    failed: tuple[tuple[str, str], ...]
    cohort: Cohort


def room(title: str, reports: Sequence[Report], *, names: bool) -> Room:
    """The room from its reports; without ``names`` people are numbered and the names in their texts are blotted out."""
    aliases: dict[str, str] = {}
    builder, likeness = CohortBuilder(TRAIT_NAMES), Likeness()
    cases: dict[int, Case] = {}
    entries: list[Entry] = []
    failed: list[tuple[str, str]] = []
    for place, report in enumerate(reports):
        if report.error or report.case is None:
            builder.add(None, _failure(report))
            failed.append((report.id if names else f"row {place + 1}", report.error[1] if report.error else ""))
            continue
        person = person_of(report.case)
        shown = report
        if not names:
            person = aliases.setdefault(person, f"Participant {len(aliases) + 1}")
            shown = veiled(report)
        case = replace(report.case, participant=person)
        cases[place] = case
        builder.add(case, to_dict(report))
        likeness.add(place, case)
        entries.append(Entry(place, person, shown, names))
    copied = likeness.copied(cases.__getitem__, lambda place: person_of(cases[place])) if names else ()
    return Room(tuple(entries), tuple(failed), builder.cohort(title, copied, likeness.compared))


def _failure(report: Report) -> dict[str, Any]:
    code, message = report.error or ("bad_row", "")
    return {"id": report.id, "error": {"code": code, "message": message}}


def table(found: Room) -> list[dict[str, Any]]:
    """A row for each draft, in the order of the file."""
    messages = load_toml("messages.toml")
    rows = []
    for entry in found.entries:
        report = entry.report
        assert report.overall is not None
        scores = {trait.name.capitalize(): round(trait.rating.score) for trait in report.traits}
        tags = "; ".join(messages["faults"][fault.tag] for fault in report.faults)
        kind = messages["kinds"].get(report.kind, "")
        rows.append({"Who": entry.person, "Whole": round(report.overall.score), **scores, "Kind": kind, "Faults": tags})
    return rows


def veiled(report: Report) -> Report:
    """The report with names blotted out, letter by letter, so that every mark stays where it is; notes are left out whole."""
    case = report.case
    if case is None:
        return report
    return replace(
        report,
        case=replace(
            case, draft=veil(case.draft, case), notes="", interviewer="", company="", role="", participant="", id=""
        ),
        traits=tuple(replace(trait, why=veil(trait.why, case)) for trait in report.traits),
        findings=tuple(
            replace(
                finding,
                text=veil(finding.text, case),
                message=veil(finding.message, case),
                suggestions=tuple(veil(text, case) for text in finding.suggestions),
            )
            for finding in report.findings
        ),
        matches=(),
        missed=(),
        withheld=(),
        rewrites=(),
        rewritten=None,
        timing=None,
    )


def veil(text: str, case: Case) -> str:
    """The text with every name of the case, and all that looks like a name or an address, as blocks of the same length."""
    text = _ADDRESS.sub(lambda match: re.sub(r"\S", _BLOCK, match.group()), text)

    def blotted(match: re.Match[str]) -> str:
        word = match.group()
        # words that open a sentence have a capital anyway: those that letters are made of are no names, rather one too many than one
        # too few
        opens = bool(_OPENS.search(text[: match.start()]))
        lead = "" if opens and (word.lower() in _letter_words() or not word[0].isupper()) else "x "
        return _BLOCK * len(word) if HIDDEN in hidden(lead + word, case) else word

    return _WORD.sub(blotted, text)


@cache
def _letter_words() -> frozenset[str]:
    return load_words("letters") | load_words("common")


def everything(title: str, reports: Sequence[Report]) -> bytes:
    """A zip of the tables, the page on the group and a page for each participant."""
    with tempfile.TemporaryDirectory() as folder, io.BytesIO() as stream:
        home = Path(folder)
        told = [_failure(report) if report.error else dict(to_dict(report)) for report in reports]
        for name in _TABLES:
            writer_for(name).write(home / name, told)
        pairs = ((None if report.error else report.case, one) for report, one in zip(reports, told, strict=True))
        write_pages(pairs, title, home / "report.html", home / "participants")
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
            for path in _files(home):
                packed.write(path, path.relative_to(home).as_posix())
        return stream.getvalue()


def _files(home: Path) -> Iterator[Path]:
    return (path for path in sorted(home.rglob("*")) if path.is_file())
