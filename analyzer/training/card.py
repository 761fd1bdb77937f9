"""Labelled data in figures: the tables that ``analyzer data check`` prints and the data card holds."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np

from analyzer.errors import DataError
from analyzer.training.agreement import agreement_by_group, agreement_by_label, tag_agreement
from analyzer.training.check import Checked
from analyzer.training.dataset import LABELS, writer_of
from analyzer.types import KINDS, Case

CARD = Path("data/README.md")
_BEGIN = "<!-- figures: written by “analyzer data card --write”, do not edit by hand -->"
_END = "<!-- end of figures -->"
# a list this long is read; the rest is counted
_MOST_LINES = 25


@dataclass(frozen=True, slots=True)
class Table:
    """Cells as text under a title; the first column is set left, the others right."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def text(self) -> str:
        """For a terminal."""
        lines = [self.header, *self.rows]
        widths = [max(len(line[column]) for line in lines) for column in range(len(self.header))]
        return "\n".join([self.title, *("  ".join(_set(line, widths)).rstrip() for line in lines)])

    def markdown(self) -> str:
        """For the card."""
        rule = ("---", *("---:" for _ in self.header[1:]))
        return "\n".join(
            [f"**{self.title}**", "", *(f"| {' | '.join(line)} |" for line in (self.header, rule, *self.rows))]
        )


def _set(cells: Sequence[str], widths: Sequence[int]) -> list[str]:
    return [cells[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(cells[1:], widths[1:], strict=True))]


def tables_of(checked: Checked) -> tuple[Table, ...]:
    """Counts, then agreement where cases have more than one rating."""
    tables = [_by_writer(checked), _lengths(checked), _histogram(checked)]
    if any(len(case.labels) > 1 for case in checked.labelled):
        tables += [_agreement(checked), _agreement_by_group(checked)]
    return (*tables, _tags(checked))


def check_text(checked: Checked) -> str:
    """The whole outcome of a check for a terminal: headline, serious problems, remarks, tables."""
    lines = [_headline(checked)]
    for title, serious in (("SERIOUS, to be mended", True), ("REMARKS, to be looked at", False)):
        found = [problem for problem in checked.problems if problem.serious == serious]
        lines += ["", f"{title}: {len(found) or 'none'}"]
        listed: Counter[str] = Counter()
        for problem in found:
            listed[problem.code] += 1
            if listed[problem.code] <= _MOST_LINES:
                lines.append(f"  {problem.code}: {problem.message}")
        for code, count in listed.items():
            if count > _MOST_LINES:
                lines.append(f"  {code}: {count - _MOST_LINES} more")
    return "\n\n".join(["\n".join(lines), *(table.text() for table in tables_of(checked))])


def figures_block(checked: Checked) -> str:
    """The card's block of figures, with its markers."""
    remarks = Counter(problem.code for problem in checked.problems if not problem.serious)
    said = ", ".join(f"{code} {count}" for code, count in sorted(remarks.items())) or "none"
    problems = f"Serious problems: {len(checked.serious) or 'none'}. Remarks: {said}."
    tables = (table.markdown() for table in tables_of(checked))
    return "\n\n".join([_BEGIN, _headline(checked), problems, *tables, _END])


def with_figures(card: str, checked: Checked) -> str:
    """The card's text with its block of figures made anew. Raises DataError where the markers are not there once each."""
    if card.count(_BEGIN) != 1 or card.count(_END) != 1 or card.index(_BEGIN) > card.index(_END):
        raise DataError(
            "bad_card", f"The card needs one line “{_BEGIN}” and below it one line “{_END}”: put them back."
        )
    return card[: card.index(_BEGIN)] + figures_block(checked) + card[card.index(_END) + len(_END) :]


def write_card(path: Path, checked: Checked) -> None:
    """Make the figures in a card anew. Raises DataError where it cannot be read or written, or has no markers."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        raise DataError("bad_card", f"“{path}” cannot be read: name the data card, as in “--write {CARD}”.") from None
    text = with_figures(text, checked)
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as trouble:
        raise DataError(
            "bad_card", f"“{path}” cannot be written ({trouble.strerror}): change its permissions."
        ) from None


# ---- the tables


def _headline(checked: Checked) -> str:
    writers = {writer_of(case.id) for case in checked.cases}
    raters = sorted({reading.rater for case in checked.labelled for reading in case.labels})
    readings = sum(len(case.labels) for case in checked.labelled)
    who = ", ".join(raters[:6]) + (f" and {len(raters) - 6} more" if len(raters) > 6 else "")
    held = ", ".join(sorted(checked.held_out))
    return (
        f"{len(checked.cases):,} cases by {len(writers)} writers; {readings:,} usable ratings"
        + (f" by {who}" if raters else "")
        + (f"; held out: {held}" if held else "")
        + "."
    )


def _by_writer(checked: Checked) -> Table:
    groups: dict[str, list[Case]] = {}
    for case in checked.cases:
        groups.setdefault(writer_of(case.id), []).append(case)
    rows = [_counts(writer, groups[writer], writer in checked.held_out) for writer in sorted(groups)]
    if len(rows) > _MOST_LINES:  # a coach's table without writers: every case is its own
        rows = []
    header = ("writer", "cases", *KINDS, "no notes", "median words", "held out")
    return Table("Cases by writer and kind", header, (*rows, _counts("all", checked.cases, None)))


def _counts(name: str, cases: Sequence[Case], held_out: bool | None) -> tuple[str, ...]:
    kinds = Counter(case.kind for case in cases)
    bare = sum(not case.notes.strip() for case in cases)
    return (
        name,
        str(len(cases)),
        *(str(kinds[kind]) for kind in KINDS),
        f"{bare}" if held_out is not None else f"{bare} ({_percent(bare / len(cases))})",
        f"{median(len(case.draft.split()) for case in cases):g}",
        "yes" if held_out else "",
    )


def _lengths(checked: Checked) -> Table:
    shares = np.arange(0, 11) / 10
    rows = []
    for name, texts in (
        ("drafts", [case.draft for case in checked.cases]),
        ("notes, where any", [case.notes for case in checked.cases if case.notes.strip()]),
    ):
        cuts = np.quantile([len(text.split()) for text in texts], shares) if texts else [math.nan] * len(shares)
        rows.append((name, *("-" if math.isnan(cut) else f"{cut:.0f}" for cut in cuts)))
    header = ("", "least", *(f"{100 * share:.0f} %" for share in shares[1:-1]), "most")
    return Table("Lengths in words by decile", header, tuple(rows))


def _histogram(checked: Checked) -> Table:
    rows = []
    for label in LABELS:
        ratings = [reading.ratings[label] for case in checked.labelled for reading in case.labels]
        counts = Counter(ratings)
        mean = f"{np.mean(ratings):.2f}" if ratings else "-"
        rows.append((label, *(str(counts[float(rating)]) for rating in range(1, 6)), mean))
    return Table("Ratings given", ("label", "1", "2", "3", "4", "5", "mean"), tuple(rows))


def _agreement(checked: Checked) -> Table:
    rows = tuple(
        (
            found.label,
            str(found.cases),
            str(found.same),
            str(found.one_apart),
            str(found.further),
            _percent(found.exact),
            _percent(found.adjacent),
            _number(found.kappa),
            _number(found.alpha),
            f"{found.difference:+.3f}",
        )
        for found in agreement_by_label(checked.labelled)
    )
    header = ("label", "cases", "same", "1 apart", "further", "exact", "adjacent", "kappa", "alpha", "difference")
    return Table(
        "Agreement of raters (quadratic weighted kappa; Krippendorff's ordinal alpha; mean of the later name less the earlier)",
        header,
        rows,
    )


def _agreement_by_group(checked: Checked) -> Table:
    groups = agreement_by_group(checked.labelled)
    rows = [
        (label, *(f"{_number(found[place].kappa)} ({_percent(found[place].exact)})" for found in groups.values()))
        for place, label in enumerate(LABELS)
    ]
    rows.append(("cases", *(str(found[0].cases) for found in groups.values())))
    return Table("Agreement by kind and notes: kappa (exact)", ("label", *groups), tuple(rows))


def _tags(checked: Checked) -> Table:
    rows = tuple(
        (found.tag, str(found.given), _number(found.positive_agreement)) for found in tag_agreement(checked.labelled)
    )
    return Table(
        "Fault tags: ratings that have it; when one rater gives it, how often the other does (positive agreement)",
        ("fault", "ratings", "agreement"),
        rows,
    )


def _percent(share: float) -> str:
    return "-" if math.isnan(share) else f"{100 * share:.1f} %"


def _number(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.3f}"
