"""Check labelled data: every fault at once, where ``read_dataset`` stops at the first.

Serious problems make labels wrong or let a text stand on both sides of a split; remarks are for a person to look at.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

from analyzer.errors import DataError, InputError
from analyzer.reading import case_from_fields
from analyzer.reading.checks import printable, shown
from analyzer.reading.fields import id_of
from analyzer.reading.tables import read_rows
from analyzer.scoring.caps import CAPS
from analyzer.training.dataset import (
    LABELS,
    LabelledCase,
    RaterLabel,
    fault_tags,
    folder_files,
    held_out_writers,
    number_of,
    tags_of,
    writer_of,
)
from analyzer.training.likeness import Alike, masked_words, near_duplicates, words_of
from analyzer.types import HIGHEST_RATING, LOWEST_RATING, Case

# what data/briefs/writer.md asks of writers, in words
NOTES_WORDS = (15, 120)
DRAFT_WORDS = (10, 500)
# A draft with every tenth word changed keeps about 0.7 of its runs of three; a template with its slots filled keeps 0.9 and more.
# Below 25 words two polite notes share their formulas without having been copied.
SHORT_WORDS = 25
_LIKE_LISTED, _LIKE_LISTED_SHORT = 0.4, 0.6
_LIKE_SERIOUS, _LIKE_SERIOUS_SHORT = 0.6, 0.8
_SERIOUS_GAP = 3
_FIELDS = ("id", "kind", "interviewer", "company", "role", "notes", "draft")
_SHOWN_IDS = 10


@dataclass(frozen=True, slots=True)
class Problem:
    """One line of what is wrong. ``code`` is a stable word for the sort of problem."""

    code: str
    serious: bool
    message: str


@dataclass(slots=True)
class Loaded:
    """All that could be read: usable cases (first of each id), usable ratings, and what was wrong on the way.

    ``rated`` holds the ids of all ratings, also of those that were left out as faulty.
    """

    cases: dict[str, Case] = field(default_factory=dict)
    labels: dict[str, dict[str, RaterLabel]] = field(default_factory=lambda: defaultdict(dict))
    rated: set[str] = field(default_factory=set)
    known: set[str] = field(default_factory=set)
    held_out: frozenset[str] = frozenset()
    problems: list[Problem] = field(default_factory=list)
    records: int = 0
    absent: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def serious(self, code: str, message: str) -> None:
        """Note a serious problem."""
        self.problems.append(Problem(code, True, message))

    def labelled(self) -> tuple[LabelledCase, ...]:
        """The cases with at least one usable rating."""
        return tuple(
            LabelledCase(case, tuple(self.labels[case_id].values()))
            for case_id, case in self.cases.items()
            if self.labels.get(case_id)
        )


@dataclass(frozen=True, slots=True)
class Checked:
    """The outcome: problems, serious ones first; all usable cases, and those of them that are labelled."""

    source: str
    problems: tuple[Problem, ...]
    cases: tuple[Case, ...]
    labelled: tuple[LabelledCase, ...]
    held_out: frozenset[str]

    @property
    def serious(self) -> tuple[Problem, ...]:
        """The problems that must be mended."""
        return tuple(problem for problem in self.problems if problem.serious)


def check_data(path: Path) -> Checked:
    """Check a folder with ``cases*.jsonl`` and ``ratings*.jsonl``, or one table whose rows hold draft and labels together.

    Raises DataError or FileError where nothing can be read at all.
    """
    loaded = _load(path)
    if not loaded.cases:
        first = f" ({loaded.problems[0].message})" if loaded.problems else ""
        raise DataError("no_cases", f"“{path}” holds no usable case{first}: put one case with a draft on each line.")
    for check in _CHECKS:
        loaded.problems.extend(check(loaded))
    problems = sorted(loaded.problems, key=lambda problem: not problem.serious)
    return Checked(str(path), tuple(problems), tuple(loaded.cases.values()), loaded.labelled(), loaded.held_out)


# ---- reading


def _load(path: Path) -> Loaded:
    loaded = Loaded()
    if path.is_dir():
        case_files, rating_files = folder_files(path)
        loaded.held_out = held_out_writers(path)
    else:
        case_files, rating_files = [path], [path]
    for file in case_files:
        for raw in read_rows(file):
            if raw.trouble is not None:
                loaded.serious("unreadable", f"{file.name}: {raw.trouble.message}")
            else:
                _take_case(loaded, raw.fields, file.name, raw.row, alone=path.is_dir())
    for file in rating_files:
        for raw in read_rows(file):
            if raw.trouble is None:
                _take_rating(loaded, raw.fields, file.name, raw.row, alone=path.is_dir())
            elif path.is_dir():  # in one table the same row holds the case, and was named above
                loaded.serious("unreadable", f"{file.name}: {raw.trouble.message}")
    return loaded


def _take_case(loaded: Loaded, fields: Mapping[str, object], file: str, row: int, *, alone: bool) -> None:
    """Take one case; not ``alone`` where the row holds its labels too, so that several raters repeat the draft under its id."""
    where = f"{file}, row {row}"
    try:
        case_id = id_of(fields, row)
        loaded.known.add(case_id)
        case = case_from_fields(fields, row)
    except InputError as trouble:
        loaded.records += 1
        loaded.serious(trouble.code.replace("_", "-"), f"{file}: {trouble.message}")
        return
    if not alone and case_id in loaded.cases and loaded.cases[case_id].draft == case.draft:
        return
    loaded.records += 1
    for name in _FIELDS:
        # a draft is never missing here; an empty id or kind is as bad as none, the others may be empty
        if name not in fields or (name in ("id", "kind") and fields[name] in (None, "")):
            loaded.absent[name].append(where if name == "id" else case_id)
    if not words_of(case.draft):
        loaded.serious("empty-draft", f"{case_id}: the draft holds no words; write it or take the case out.")
    if case_id in loaded.cases:
        loaded.serious("duplicate-id", f"{case_id}: {where} has an id that an earlier case has; give it its own.")
    else:
        loaded.cases[case_id] = case


def _take_rating(loaded: Loaded, record: Mapping[str, Any], file: str, row: int, *, alone: bool) -> None:
    """Take one rating; ``alone`` where a line holds nothing but a rating, so that one without any number is a fault too."""
    where = f"{file}, row {row}"
    try:
        case_id = id_of(record, row) if record.get("id") not in (None, "") or not alone else ""
    except InputError as trouble:
        loaded.serious("bad-rating", f"{file}: {trouble.message}")
        return
    if not case_id:
        loaded.serious("bad-rating", f"{where}: the rating has no id; name the case it belongs to.")
        return
    given = [name for name in LABELS if str(record.get(name, "")).strip() not in ("", "None")]
    if not given and not alone:
        return
    rater = printable(str(record.get("rater") or "rater"))
    loaded.rated.add(case_id)
    named = f"{case_id} by {rater}"
    ratings = {name: number_of(record.get(name)) for name in LABELS}
    wrong = [
        f"{name} is {shown(record[name], 20) if name in given else 'missing'}"
        for name, number in ratings.items()
        if not (LOWEST_RATING <= number <= HIGHEST_RATING and number == int(number))
    ]
    if wrong:
        loaded.serious("bad-rating", f"{named}: {', '.join(wrong)}; a rating is a whole number from 1 to 5.")
    tags = tags_of(record.get("faults"))
    for tag in sorted(set(tags) - set(fault_tags())):
        loaded.serious("unknown-tag", f"{named}: {shown(tag)} is no fault of the rubric.")
    if rater in loaded.labels[case_id]:
        loaded.serious(
            "rated-twice", f"{named}: {where} rates a case this rater has rated before; keep one of the two."
        )
    elif not wrong:
        loaded.labels[case_id][rater] = RaterLabel(case_id, rater, ratings, tags)


# ---- checks of what was read


def _fields(loaded: Loaded) -> Iterator[Problem]:
    for name in _FIELDS:
        missing = loaded.absent[name]
        if name == "id":
            yield from (Problem("missing-field", True, f"{where}: the case has no id.") for where in missing)
        elif missing and len(missing) == loaded.records:
            yield Problem("missing-field", False, f"No case has the field {name}.")
        elif name == "kind":
            yield from (Problem("missing-kind", True, f"{case_id}: the kind is missing.") for case_id in missing)
        else:
            yield from (
                Problem(
                    "missing-field", True, f"{case_id}: the field {name} is missing; where there is nothing write ''."
                )
                for case_id in missing
            )


def _ratings_there(loaded: Loaded) -> Iterator[Problem]:
    strangers = sorted(loaded.rated - loaded.known)
    yield from (Problem("unknown-case", True, f"{shown(one)} is rated but there is no such case.") for one in strangers)
    for case_id in loaded.cases:
        if case_id not in loaded.rated:
            yield Problem("no-rating", True, f"{case_id}: nobody has rated it.")
    single = [case_id for case_id in loaded.cases if len(loaded.labels.get(case_id, ())) == 1]
    if single:
        more = f" and {len(single) - _SHOWN_IDS} more" if len(single) > _SHOWN_IDS else ""
        ids = ", ".join(single[:_SHOWN_IDS])
        yield Problem("one-rating", False, f"{len(single)} cases have only one usable rating: {ids}{more}.")


def _raters_apart(loaded: Loaded) -> Iterator[Problem]:
    for case_id in loaded.cases:
        readings = sorted(loaded.labels.get(case_id, {}).items())
        for label in LABELS:
            for (first, one), (second, two) in combinations(readings, 2):
                gap = abs(one.ratings[label] - two.ratings[label])
                if gap > 1:
                    said = f"{first} gives {one.ratings[label]:g}, {second} {two.ratings[label]:g}"
                    yield Problem("raters-apart", gap >= _SERIOUS_GAP, f"{case_id}: {label}, {said}.")


def _caps(loaded: Loaded) -> Iterator[Problem]:
    for reading in _readings(loaded):
        named = f"{reading.id} by {reading.rater}"
        for label, caps in CAPS.items():
            for tag, cap in caps.items():
                if tag in reading.faults and reading.ratings[label] > cap:
                    # a wrong fact is no cap in the rubric, only part of the description of specificity 1
                    yield Problem(
                        "cap",
                        tag != "wrong_fact",
                        f"{named}: {tag} but {label} is {reading.ratings[label]:g}; the rubric allows {cap:g} at most.",
                    )


def _contradictions(loaded: Loaded) -> Iterator[Problem]:
    """Tags that the rubric's own words exclude beside the rating or the kind."""
    for reading in _readings(loaded):
        tags, kind = set(reading.faults), loaded.cases[reading.id].kind
        grammar, specificity = reading.ratings["grammar"], reading.ratings["specificity"]
        for holds, what in (
            ("errors" in tags and grammar >= 4, f"tagged errors (two or more) but grammar is {grammar:g}"),
            ("errors" not in tags and grammar <= 2, f"grammar is {grammar:g} but errors is not tagged"),
            ("generic" in tags and specificity >= 3, f"tagged generic but specificity is {specificity:g}"),
            ({"too_long", "too_short"} <= tags, "tagged both too_long and too_short"),
            ("no_next_step" in tags and kind == "rejection_reply", "no_next_step is not for rejection_reply"),
            ("no_thanks" in tags and kind in ("follow_up", "clarification"), f"no_thanks is not for {kind}"),
        ):
            if holds:
                yield Problem("contradiction", False, f"{reading.id} by {reading.rater}: {what}.")


def _lengths(loaded: Loaded) -> Iterator[Problem]:
    for case_id, case in loaded.cases.items():
        for name, text, (least, most) in (("notes", case.notes, NOTES_WORDS), ("draft", case.draft, DRAFT_WORDS)):
            count = len(text.split())
            if count and not least <= count <= most:
                word = "word" if count == 1 else "words"
                yield Problem(
                    "length", False, f"{case_id}: {name} of {count} {word}; the brief asks for {least} to {most}."
                )


def _duplicates(loaded: Loaded) -> Iterator[Problem]:
    groups: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for case_id, case in loaded.cases.items():
        groups[tuple(words_of(case.draft)) or (case.draft,)].append(case_id)
    for ids in groups.values():
        if len(ids) > 1:
            more = f" and {len(ids) - _SHOWN_IDS} more" if len(ids) > _SHOWN_IDS else ""
            writers = len({writer_of(one) for one in ids})
            by = "one writer" if writers == 1 else f"{writers} writers"
            yield Problem(
                "duplicate-draft", True, f"{', '.join(ids[:_SHOWN_IDS])}{more}: word for word the same draft, by {by}."
            )
    # of equal drafts one stands for all, or a hundred copies would be five thousand pairs
    yield from _near_duplicates([loaded.cases[ids[0]] for ids in groups.values()], loaded.held_out)


def _near_duplicates(cases: Sequence[Case], held_out: frozenset[str]) -> Iterator[Problem]:
    pairs = sorted(
        near_duplicates([masked_words(case) for case in cases], _LIKE_LISTED), key=lambda pair: -pair.likeness
    )
    found: dict[str, list[Problem]] = {"across the split": [], "of two writers": [], "of one writer": []}
    for pair in pairs:
        short = pair.words < SHORT_WORDS
        if pair.likeness < (_LIKE_LISTED_SHORT if short else _LIKE_LISTED):
            continue
        first, second = cases[pair.first].id, cases[pair.second].id
        sides = [writer_of(one) in held_out for one in (first, second)]
        same = writer_of(first) == writer_of(second)
        who = "of one writer" if same else "across the split" if sides[0] != sides[1] else "of two writers"
        found[who].append(_alike(pair, first, second, who, short or same))
    yield from (problem for who in found for problem in found[who])


def _alike(pair: Alike, first: str, second: str, who: str, lenient: bool) -> Problem:
    serious = pair.likeness >= (_LIKE_SERIOUS_SHORT if lenient else _LIKE_SERIOUS)
    return Problem(
        "near-duplicate",
        serious,
        f"{first} and {second}, {who}: {100 * pair.likeness:.0f} % of the shorter one's runs of three words "
        f"({pair.words} words) stand in the other.",
    )


def _splits(loaded: Loaded) -> Iterator[Problem]:
    writers = Counter(writer_of(case_id) for case_id in loaded.cases)
    for writer in sorted(loaded.held_out - set(writers)):
        yield Problem("split", True, f"splits.json holds out writer {shown(writer)}, who has no case.")
    if loaded.held_out and set(writers) <= loaded.held_out:
        yield Problem("split", True, "splits.json holds out every writer: nothing is left to train on.")


def _readings(loaded: Loaded) -> Iterator[RaterLabel]:
    for case_id in loaded.cases:
        yield from loaded.labels.get(case_id, {}).values()


_CHECKS: tuple[Callable[[Loaded], Iterator[Problem]], ...] = (
    _fields,
    _ratings_there,
    _caps,
    _duplicates,
    _splits,
    _raters_apart,
    _contradictions,
    _lengths,
)
