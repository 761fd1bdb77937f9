"""Does a rating hang on a name? The same drafts under many names, and how far each rating moves.

The interviewer's and the writer's names are replaced, in the draft, the notes and the fields alike, by names of several origins and of
both sexes. Nothing else changes, so nothing may move but by chance of spelling. The design is Bertrand & Mullainathan's ("Are Emily and
Greg more employable than Lakisha and Jamal?", 2004), turned on our own scorer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from analyzer.matching.names import name_words
from analyzer.parsing.layout import split_parts, writer_name
from analyzer.pipeline import Analyzer
from analyzer.resources import load_toml
from analyzer.training.dataset import LABELS
from analyzer.types import Case, Report

# no rating may move further than this, in rating units, for a name
TOLERATED = 0.25


@dataclass(frozen=True, slots=True)
class Group:
    """Names of one origin and sex."""

    origin: str
    sex: str
    names: tuple[str, ...]

    @property
    def title(self) -> str:
        """As a table shows it."""
        return f"{self.origin.replace('_', ' ')}, {self.sex}"


@dataclass(frozen=True, slots=True)
class GroupShift:
    """How ratings of one group differ from the mean over all groups on the same drafts, in rating units, by label."""

    group: Group
    drafts: int
    mean: dict[str, float]
    largest: dict[str, float]


@dataclass(frozen=True, slots=True)
class Fairness:
    """All groups; ``worst`` is the largest distance of any draft's rating under one name from its mean under all names."""

    shifts: tuple[GroupShift, ...]
    worst: float
    worst_case: str


def groups_of_names() -> tuple[Group, ...]:
    """All groups of the resource file."""
    return tuple(
        Group(origin, sex, tuple(names))
        for origin, both in load_toml("fairness_names.toml").items()
        for sex, names in both.items()
    )


def can_be_renamed(case: Case) -> bool:
    """Whether a case has one interviewer with a first and a last name, and a writer's name, none of it a common word of the texts."""
    writer = name_words(writer_name(case.draft, split_parts(case.draft)))
    interviewer = name_words(case.interviewer)
    return (
        len(interviewer) == 2
        and ";" not in case.interviewer
        and 1 <= len(writer) <= 2
        and not {word.lower() for word in writer} & {word.lower() for word in interviewer}
        and all(interviewer[0] in text for text in (case.draft, case.interviewer))
    )


def renamed(case: Case, interviewer: str, writer: str) -> Case:
    """The case with other names. First and last names are replaced apart, so "Dear Priya" and "Ms Nair" both follow."""
    names = name_words(writer_name(case.draft, split_parts(case.draft)))
    old = name_words(case.interviewer)
    swaps = dict(zip(old, _first_and_last(interviewer), strict=True))
    swaps |= dict(zip(names, _first_and_last(writer), strict=False))
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(name) for name in swaps)})(?!\w)")

    def swapped(text: str) -> str:
        return pattern.sub(lambda match: swaps[match.group()], text)

    return replace(case, draft=swapped(case.draft), notes=swapped(case.notes), interviewer=swapped(case.interviewer))


def _first_and_last(name: str) -> tuple[str, str]:
    first, _, last = name.partition(" ")
    if last.split()[0].istitle() and first in ("Thị", "Ngọc", "Minh", "Đức", "María", "José"):
        middle, _, rest = last.partition(" ")
        return f"{first} {middle}", rest
    return first, last


def measure_fairness(
    analyzer: Analyzer, cases: Iterable[Case], groups: Sequence[Group] | None = None, names_each: int = 1
) -> Fairness:
    """Judge every case under ``names_each`` names of every group; cases that cannot be renamed are passed over.

    Raises ValueError where no case can be renamed.
    """
    groups = groups or groups_of_names()
    chosen = [case for case in cases if can_be_renamed(case)]
    if not chosen:
        raise ValueError("no case has an interviewer and a writer whose names can be replaced")
    table = np.empty((len(chosen), len(groups), names_each, len(LABELS)))
    for row, case in enumerate(chosen):
        kind = case.kind or analyzer.analyze_case(case).kind
        changed = [
            replace(
                renamed(case, group.names[at % len(group.names)], group.names[(at + 1) % len(group.names)]), kind=kind
            )
            for group in groups
            for at in range(row, row + names_each)
        ]
        ratings = np.array([_ratings(report) for report in analyzer.analyze_cases(changed)])
        table[row] = ratings.reshape(len(groups), names_each, len(LABELS))
    moved = table - table.mean(axis=(1, 2), keepdims=True)
    case_at, group_at, _, label_at = (int(at) for at in np.unravel_index(int(np.abs(moved).argmax()), moved.shape))
    shifts = tuple(
        GroupShift(
            group,
            len(chosen) * names_each,
            {label: float(moved[:, at, :, place].mean()) for place, label in enumerate(LABELS)},
            {label: float(np.abs(moved[:, at, :, place]).max()) for place, label in enumerate(LABELS)},
        )
        for at, group in enumerate(groups)
    )
    worst = f"{chosen[case_at].id}, {groups[group_at].title}, {LABELS[label_at]}"
    return Fairness(shifts, float(np.abs(moved).max()), worst)


def _ratings(report: Report) -> list[float]:
    assert report.overall is not None, report.error
    return [*(trait.rating.value for trait in report.traits), report.overall.value]


def table_of(fairness: Fairness) -> str:
    """Mean shift by group and label as plain text, then the largest of any draft."""
    heads = " ".join(f"{label[:11]:>11}" for label in LABELS)
    lines = [f"{'names':<24} {'drafts':>6} {heads}  largest"]
    for shift in fairness.shifts:
        cells = " ".join(f"{shift.mean[label]:>+11.3f}" for label in LABELS)
        lines.append(f"{shift.group.title:<24} {shift.drafts:>6} {cells} {max(shift.largest.values()):>8.3f}")
    lines += ["", f"Mean shift of a rating against all names; the largest of any draft is {fairness.worst:.3f}"]
    lines.append(f"({fairness.worst_case}); no more than {TOLERATED} is wanted.")
    return "\n".join(lines)
