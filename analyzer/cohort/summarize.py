"""From reports, one by one, to the figures of the group. What is kept grows with the number of people, never with their texts."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from analyzer.cohort.anonymous import hidden
from analyzer.cohort.figures import (
    HISTOGRAM_BINS,
    Cohort,
    Copied,
    Example,
    FaultFigure,
    Help,
    Person,
    Report,
    Scale,
    Sent,
)
from analyzer.resources import load_toml
from analyzer.types import Case

_MOST_EXAMPLES = 3
_MOST_QUOTE = 160
_LEAST_QUOTE = 3
_MOST_HELP = 25
_MOST_FAULTS = 12
# Below this whole score a draft weakens its writer's case more than it helps: rating 2.5.
_HELP_SCORE = 37.5
# From here on it is good or better: rating 3.5.
_GOOD_SCORE = 62.5
_FALL = -5.0


@dataclass(slots=True)
class _Scores:
    """The scores of one trait: bins of a tenth of a point, so that the quartiles are exact to what is shown."""

    tenths: array[int] = field(default_factory=lambda: array("q", [0]) * 1001)
    count: int = 0
    total: float = 0.0

    def add(self, score: float) -> None:
        self.tenths[min(1000, max(0, round(score * 10)))] += 1
        self.count += 1
        self.total += score

    def scale(self, name: str) -> Scale:
        bins = [0] * HISTOGRAM_BINS
        for tenth, count in enumerate(self.tenths):
            bins[min(HISTOGRAM_BINS - 1, tenth * HISTOGRAM_BINS // 1000)] += count
        low, median, high = (self._quantile(share) for share in (0.25, 0.5, 0.75))
        return Scale(name, self.count, tuple(bins), self.total / max(1, self.count), low, median, high)

    def at_least(self, score: float) -> int:
        return sum(self.tenths[round(score * 10) :])

    def _quantile(self, share: float) -> float:
        """The score below which this share lies: the mean of the two in the middle where it falls between."""
        if not self.count:
            return float("nan")
        at = share * (self.count - 1)
        below, above = self._ranked(int(at)), self._ranked(min(self.count - 1, int(at) + 1))
        return below + (above - below) * (at - int(at))

    def _ranked(self, rank: int) -> float:
        passed = 0
        for tenth, count in enumerate(self.tenths):
            passed += count
            if passed > rank:
                return tenth / 10
        return 100.0


class CohortBuilder:
    """Takes each report with its case; ``cohort`` then gives the figures. ``traits`` are the names in their order."""

    def __init__(self, traits: Sequence[str]) -> None:
        self._traits = {name: _Scores() for name in traits}
        self._overall = _Scores()
        self._kinds: Counter[str] = Counter()
        self._failures: Counter[str] = Counter()
        self._faults: Counter[str] = Counter()
        self._examples: dict[str, dict[str, Example]] = {}
        self._faultless = 0
        self._people: dict[str, list[Sent]] = {}
        self._grave: dict[int, tuple[str, ...]] = {}
        self._place = 0

    def add(self, case: Case | None, report: Report) -> None:
        """Take one row; ``case`` is None where the row was none."""
        place, self._place = self._place, self._place + 1
        if report["error"] or case is None:
            self._failures[report["error"]["code"] if report["error"] else "bad_row"] += 1
            return
        score = float(report["overall"]["score"])
        self._overall.add(score)
        traits = {name: float(report["traits"][name]["score"]) for name in self._traits if name in report["traits"]}
        for name, value in traits.items():
            self._traits[name].add(value)
        self._kinds[str(report["kind"])] += 1
        tags = [str(fault["tag"]) for fault in report["faults"]]
        self._faults.update(tags)
        self._faultless += not tags
        for tag in tags:
            self._take_examples(tag, case, report)
        grave = tuple(tag for tag in tags if tag in load_toml("cohort.toml")["grave"]["tags"])
        if grave:
            self._grave[place] = grave
        self._people.setdefault(person_of(case), []).append(Sent(place, case.id, score, traits))

    def people(self) -> tuple[Person, ...]:
        """Everybody with at least one draft that was judged, in order of their first."""
        return tuple(Person(name, tuple(sent)) for name, sent in self._people.items())

    def cohort(self, title: str, copied: Sequence[Copied], compared: int) -> Cohort:
        """All figures."""
        people = self.people()
        pairs = tuple(sorted((one for one in people if len(one.drafts) > 1), key=lambda one: -one.gain))
        needy = self._needy(people)
        return Cohort(
            title=title,
            drafts=self._overall.count,
            people=len(people),
            kinds=tuple(self._kinds.most_common()),
            failures=tuple(self._failures.most_common()),
            overall=self._overall.scale("overall"),
            traits=tuple(scores.scale(name) for name, scores in self._traits.items()),
            faults=self._fault_figures(),
            faultless=self._faultless,
            good=self._overall.at_least(_GOOD_SCORE),
            weak=self._overall.count - self._overall.at_least(_HELP_SCORE),
            pairs=pairs,
            trait_gains=_gains(pairs, tuple(self._traits)),
            help=tuple(needy[:_MOST_HELP]),
            help_count=len(needy),
            copied=tuple(copied),
            compared=compared,
        )

    def _take_examples(self, tag: str, case: Case, report: Report) -> None:
        kept = self._examples.setdefault(tag, {})
        if len(kept) >= _MOST_EXAMPLES:
            return
        rules = load_toml("cohort.toml")["examples"].get(tag, ())
        for finding in report["findings"]:
            fits = finding["rule"] in rules or (f"trait:{finding['trait']}" in rules and finding["severity"] == "fix")
            if not fits or len(finding["text"]) < _LEAST_QUOTE:
                continue
            quote = _in_context(case.draft, finding["start"], finding["end"])
            example = Example(hidden(quote, case), "")
            # one a draft, so that the examples are of several people
            if example.quote.lower() not in kept:
                kept[example.quote.lower()] = example
                return

    def _fault_figures(self) -> tuple[FaultFigure, ...]:
        labels: Mapping[str, str] = load_toml("cohort.toml")["labels"]
        return tuple(
            FaultFigure(
                tag,
                labels.get(tag, tag),
                count,
                count / max(1, self._overall.count),
                tuple(self._examples.get(tag, {}).values()),
            )
            for tag, count in self._faults.most_common(_MOST_FAULTS)
        )

    def _needy(self, people: Sequence[Person]) -> list[Help]:
        labels: Mapping[str, str] = load_toml("cohort.toml")["labels"]
        found = []
        for person in people:
            last = person.drafts[-1]
            reasons = [labels.get(tag, tag) for tag in self._grave.get(last.place, ())]
            if len(person.drafts) > 1 and person.gain <= _FALL:
                reasons.append(f"the last draft is {-person.gain:.0f} points below the first")
            if last.score < _HELP_SCORE or reasons:
                weakest = sorted(last.traits, key=lambda name: last.traits[name])[:2]
                low = [f"{name} {last.traits[name]:.0f}" for name in weakest if last.traits[name] < _HELP_SCORE]
                found.append(Help(person.name, last.score, (*reasons, *low)))
        return sorted(found, key=lambda one: one.score)


def person_of(case: Case) -> str:
    """Whose draft it is: the participant, else the id without what marks a version of it."""
    if case.participant:
        return case.participant
    marked = re.match(load_toml("cohort.toml")["versions"]["pattern"], case.id)
    return marked.group(1) if marked else case.id


def _in_context(draft: str, start: int, end: int) -> str:
    """The words with as much of their sentence as fits."""
    begin = max((draft.rfind(mark, 0, start) + 1 for mark in ".!?\n"), default=0)
    stops = [at + 1 for mark in ".!?\n" if (at := draft.find(mark, max(start, end - 1))) >= 0]
    stop = max(end, min(stops, default=len(draft)))
    sentence = draft[begin:stop].strip()
    if len(sentence) <= _MOST_QUOTE:
        return sentence
    words = draft[start:end].strip()
    return words if len(words) <= _MOST_QUOTE else words[:_MOST_QUOTE].rsplit(" ", 1)[0] + " …"


def _gains(pairs: Sequence[Person], traits: Sequence[str]) -> Mapping[str, float]:
    """By how many points each trait moved on average, from first drafts to last."""
    if not pairs:
        return {}
    return {
        name: sum(one.drafts[-1].traits[name] - one.drafts[0].traits[name] for one in pairs) / len(pairs)
        for name in traits
        if all(name in one.drafts[0].traits and name in one.drafts[-1].traits for one in pairs)
    }
