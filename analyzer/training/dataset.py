"""Labelled cases: cases joined with the ratings of one or several raters."""

from __future__ import annotations

import hashlib
import json
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analyzer.errors import DataError, InputError
from analyzer.reading import case_from_fields
from analyzer.reading.checks import shown
from analyzer.reading.tables import BadRow, read_cases, read_records, read_rows
from analyzer.resources import load_toml
from analyzer.traits import TRAIT_NAMES
from analyzer.types import HIGHEST_RATING, LOWEST_RATING, Case

LABELS: tuple[str, ...] = (*TRAIT_NAMES, "overall")
# fewer labelled cases than this cannot train a model that means anything
FEWEST_CASES = 60


@dataclass(frozen=True, slots=True)
class RaterLabel:
    """What one rater said of one case."""

    id: str
    rater: str
    ratings: Mapping[str, float]
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LabelledCase:
    """A case with all its raters' labels; ``writer`` is the letter in the id (the whole id where there is none)."""

    case: Case
    labels: tuple[RaterLabel, ...]

    @property
    def writer(self) -> str:
        """Who composed it: cases of one writer never stand on both sides of a split."""
        return writer_of(self.case.id)

    def mean(self, label: str) -> float:
        """Mean rating 1..5 over the raters."""
        return float(np.mean([rater.ratings[label] for rater in self.labels]))

    def fault_share(self, tag: str) -> float:
        """Share 0..1 of the raters who gave the tag."""
        return float(np.mean([tag in rater.faults for rater in self.labels]))


@dataclass(frozen=True, slots=True)
class Dataset:
    """Labelled cases in the order of their files, with the hash of everything read.

    ``english`` says of some cases, by id, whether the draft reads as ``first`` or ``second`` language (else ``unclear``); it is for
    figures by group only, no model sees it.
    """

    cases: tuple[LabelledCase, ...]
    sha256: str
    held_out_writers: frozenset[str] = frozenset()
    english: Mapping[str, str] = field(default_factory=dict)

    def where(self, keep: NDArray[np.bool_]) -> Dataset:
        """The cases of a mask, shape (n_cases,)."""
        chosen = tuple(case for case, inside in zip(self.cases, keep, strict=True) if inside)
        return Dataset(chosen, self.sha256, self.held_out_writers, self.english)

    def means(self, label: str) -> NDArray[np.float64]:
        """Mean ratings, shape (n_cases,)."""
        return np.array([case.mean(label) for case in self.cases])

    def writers(self) -> NDArray[np.str_]:
        """Writers, shape (n_cases,)."""
        return np.array([case.writer for case in self.cases])

    def split(self) -> tuple[Dataset, Dataset]:
        """Cases to train on, and cases of the held-out writers."""
        held = np.array([case.writer in self.held_out_writers for case in self.cases], dtype=bool)
        return replace(self.where(~held), held_out_writers=frozenset()), replace(
            self.where(held), held_out_writers=frozenset()
        )


def writer_of(case_id: str) -> str:
    """The letter in an id like ``K-033``; the whole id where there is none."""
    head, separator, _ = case_id.partition("-")
    return head if separator else case_id


def fault_tags() -> tuple[str, ...]:
    """The rubric's tags in its order."""
    return tuple(load_toml("messages.toml")["faults"])


def read_dataset(path: Path) -> Dataset:
    """Read a folder with ``cases*.jsonl`` and ``ratings*.jsonl``, or one table whose rows hold draft and labels together.

    ``splits.json`` in the folder may name ``held_out_writers``. Raises DataError with what to do where labels are missing, out of
    range, of unknown cases or with unknown tags.
    """
    if path.is_dir():
        return _read_folder(path)
    if not path.exists():
        raise DataError(
            "missing_file",
            f"There is no “{path}”: name a folder with cases.jsonl and ratings.jsonl, or a table with drafts and labels.",
        )
    return _read_table(path)


def _read_table(path: Path) -> Dataset:
    """A table whose rows hold draft and labels; a draft that several raters rated stands in a row for each, under one id."""
    cases: dict[str, Case] = {}
    labels = []
    for raw in read_rows(path):
        where = f"{path.name}, row {raw.row}"
        try:
            if raw.trouble is not None:
                raise raw.trouble
            case = case_from_fields(raw.fields, raw.row)
        except InputError as trouble:
            raise DataError(trouble.code, f"{path.name}: {trouble.message}") from trouble
        if cases.setdefault(case.id, case).draft != case.draft:
            raise DataError(
                "duplicate_id",
                f"{where}: the id {case.id} stands at another draft already; give it its own, or the same draft where another rater rates it.",
            )
        labels.append(_label({**raw.fields, "id": case.id}, where))
    if not cases:
        raise DataError("empty_file", f"“{path}” holds no cases: put one draft with its labels in each row.")
    return _joined(list(cases.values()), labels, [path], frozenset())


def folder_files(path: Path) -> tuple[list[Path], list[Path]]:
    """The files of cases and the files of ratings in a folder. Raises DataError where either is missing."""
    case_files, rating_files = sorted(path.glob("cases*.jsonl")), sorted(path.glob("ratings*.jsonl"))
    if not case_files or not rating_files:
        raise DataError("missing_file", f"“{path}” needs cases.jsonl and ratings.jsonl (see data/README.md).")
    return case_files, rating_files


def held_out_writers(folder: Path) -> frozenset[str]:
    """The writers ``splits.json`` sets aside, none where there is no such file. Raises DataError where it cannot be read."""
    splits = folder / "splits.json"
    if not splits.is_file():
        return frozenset()
    try:
        writers = json.loads(splits.read_text(encoding="utf-8"))["held_out_writers"]
        if isinstance(writers, list) and all(isinstance(writer, str) for writer in writers):
            return frozenset(writers)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        pass
    raise DataError("bad_splits", f'“{splits}” cannot be used: write it as {{"held_out_writers": ["Q", "S"]}}.')


def _read_folder(path: Path) -> Dataset:
    case_files, rating_files = folder_files(path)
    labels = [
        _label(record, f"{file.name}, line {row}")
        for file in rating_files
        for row, record in enumerate(_records(file), start=1)
    ]
    joined = _joined(_cases(case_files), labels, [*case_files, *rating_files], held_out_writers(path))
    return replace(joined, english=_english(path))


def _english(folder: Path) -> dict[str, str]:
    """First or second language by id, from ``english.jsonl`` where there is one. Raises DataError where it cannot be read."""
    file = folder / "english.jsonl"
    if not file.is_file():
        return {}
    found = {str(record.get("id")): str(record.get("english")) for record in _records(file)}
    strange = sorted(set(found.values()) - {"first", "second", "unclear"})
    if strange:
        raise DataError(
            "bad_label", f"{file.name}: english is {shown(strange[0], 20)}; write first, second or unclear."
        )
    return found


def _cases(files: Sequence[Path]) -> list[Case]:
    cases = []
    for file in files:
        for row in read_cases(file):
            if isinstance(row, BadRow):
                raise DataError(row.code, f"{file.name}: {row.message}")
            cases.append(row)
    return cases


def _records(path: Path) -> list[dict[str, Any]]:
    return [dict(record) for record in read_records(path)]


def number_of(value: object) -> float:
    """The number in a cell, NaN where there is none."""
    if not isinstance(value, int | float | str | Decimal) or isinstance(value, bool):
        return math.nan
    try:
        return float(value)
    except (ValueError, OverflowError):
        return math.nan


def tags_of(value: object) -> tuple[str, ...]:
    """Fault tags as given: a list, or text with ``;`` or ``,`` between them; not yet compared with the rubric."""
    if value is None or value != value:  # NaN is the value that differs from itself
        return ()
    parts = value if isinstance(value, list | tuple) else str(value).replace(",", ";").split(";")
    return tuple(tag for tag in (str(part).strip() for part in parts) if tag)


def _label(record: Mapping[str, Any], where: str) -> RaterLabel:
    ratings: dict[str, float] = {}
    for name in LABELS:
        ratings[name] = number_of(record.get(name))
        if name not in record:
            raise DataError("bad_label", f"{where}: there is no {name}; every rating has {', '.join(LABELS)}.")
        if not LOWEST_RATING <= ratings[name] <= HIGHEST_RATING:
            said = "empty" if record[name] in (None, "") else shown(record[name], 20)
            raise DataError("bad_label", f"{where}: {name} is {said}; give a rating from 1 to 5.")
    tags = tags_of(record.get("faults"))
    unknown = sorted(set(tags) - set(fault_tags()))
    if unknown:
        raise DataError(
            "bad_label", f"{where}: “{unknown[0]}” is no fault of the rubric; choose from {', '.join(fault_tags())}."
        )
    identifier = record.get("id")
    if identifier in (None, ""):
        raise DataError("bad_label", f"{where}: the rating has no id; name the case it belongs to.")
    return RaterLabel(str(identifier), str(record.get("rater") or "rater"), ratings, tags)


def raters_far_apart(dataset: Dataset, gap: float = 3.0) -> tuple[str, ...]:
    """One sentence for each case and label whose raters are ``gap`` rating units or more apart."""
    found = []
    for case in dataset.cases:
        for name in LABELS:
            given = sorted((label.ratings[name], label.rater) for label in case.labels)
            if given[-1][0] - given[0][0] >= gap:
                (low, one), (high, other) = given[0], given[-1]
                found.append(f"{case.case.id}: {name} is {low:g} for {one} and {high:g} for {other}")
    return tuple(found)


def _joined(
    cases: Sequence[Case], labels: Sequence[RaterLabel], files: Sequence[Path], held: frozenset[str]
) -> Dataset:
    by_id: dict[str, list[RaterLabel]] = defaultdict(list)
    for label in labels:
        if any(other.rater == label.rater for other in by_id[label.id]):
            raise DataError(
                "rated_twice", f"“{label.id}” is rated twice by {shown(label.rater, 40)}: keep one of the two ratings."
            )
        by_id[label.id].append(label)
    known = {case.id for case in cases}
    strangers = sorted(set(by_id) - known)
    if strangers:
        raise DataError(
            "unknown_case",
            f"There are ratings of “{strangers[0]}” but no such case ({len(strangers)} in all): add the cases or drop the ratings.",
        )
    unrated = [case.id for case in cases if case.id not in by_id]
    if unrated:
        raise DataError(
            "missing_label", f"“{unrated[0]}” has no rating ({len(unrated)} cases in all): rate them or leave them out."
        )
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    return Dataset(tuple(LabelledCase(case, tuple(by_id[case.id])) for case in cases), digest.hexdigest(), held)
