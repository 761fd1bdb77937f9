"""Drafts of different people that are one text: found among all, by sampled runs of words, then compared word for word.

Of each draft every fourth run of three words is kept as a number (those whose hash divides by four, so that two copies keep the same
ones): 150 bytes a draft. Drafts that share half of the fewer ones are compared exactly, with the measure the training data is
checked with.
"""

from __future__ import annotations

import zlib
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, pairwise

import numpy as np

from analyzer.cohort.figures import Copied
from analyzer.training.check import SHORT_WORDS
from analyzer.training.likeness import masked_words, near_duplicates
from analyzer.types import Case

_SAMPLED = 4
_RUN = 3
# From here on two drafts are one text with changes; two polite short notes share more of their formulas.
_FLOOR, _FLOOR_SHORT = 0.6, 0.8
# A run that this many drafts share is a formula of the trade, or the handout's: neighbours are compared, not all with all.
_MOST_TOGETHER = 40
_MOST_SHOWN = 12


class Likeness:
    """Takes cases by their place; ``copied`` then gives the groups."""

    def __init__(self) -> None:
        self._hashes = array("Q")
        self._owners = array("Q")
        self._sizes = array("I")
        self._places = array("Q")

    def add(self, place: int, case: Case) -> None:
        """Take one draft."""
        words = masked_words(case)
        runs = {
            zlib.crc32(" ".join(words[at : at + _RUN]).encode("utf-8", "replace"))
            for at in range(len(words) - _RUN + 1)
        }
        sampled = [run for run in runs if run % _SAMPLED == 0]
        owner = len(self._places)
        self._places.append(place)
        self._sizes.append(len(sampled))
        self._hashes.extend(sampled)
        self._owners.extend([owner] * len(sampled))

    @property
    def compared(self) -> int:
        """How many drafts were taken."""
        return len(self._places)

    def copied(self, case_at: Callable[[int], Case], name_at: Callable[[int], str]) -> tuple[Copied, ...]:
        """Groups of drafts of different people that are one text, largest first; ``case_at`` gives the case of a place."""
        links: list[tuple[int, int, float]] = []
        for first, second in self._candidates():
            places = self._places[first], self._places[second]
            if name_at(places[0]) == name_at(places[1]):
                continue
            likeness = _alike(case_at(places[0]), case_at(places[1]))
            if likeness:
                links.append((*places, likeness))
        return tuple(_groups(links, case_at, name_at))[:_MOST_SHOWN]

    def _candidates(self) -> Iterator[tuple[int, int]]:
        """Pairs of owners that share at least half of the runs of the one with fewer."""
        hashes = np.frombuffer(self._hashes, dtype=np.uint64) if self._hashes else np.zeros(0, np.uint64)
        owners = np.frombuffer(self._owners, dtype=np.uint64) if self._owners else np.zeros(0, np.uint64)
        order = np.argsort(hashes, kind="stable")
        ends = np.flatnonzero(np.diff(hashes[order])) + 1
        shared: Counter[tuple[int, int]] = Counter()
        for group in np.split(owners[order], ends):
            if 2 <= len(group) <= _MOST_TOGETHER:
                shared.update(combinations(sorted(int(one) for one in group), 2))
            elif len(group) > _MOST_TOGETHER:
                chain = sorted(int(one) for one in group)
                shared.update(pairwise(chain))
        for (first, second), count in sorted(shared.items()):
            if count * 2 >= min(self._sizes[first], self._sizes[second]):
                yield first, second


def _alike(one: Case, other: Case) -> float:
    words = [masked_words(one), masked_words(other)]
    floor = _FLOOR_SHORT if min(map(len, words)) < SHORT_WORDS else _FLOOR
    return next((pair.likeness for pair in near_duplicates(words, floor)), 0.0)


def _groups(
    links: Sequence[tuple[int, int, float]], case_at: Callable[[int], Case], name_at: Callable[[int], str]
) -> Iterator[Copied]:
    """Drafts that hang together, with the pair that is most alike."""
    leader: dict[int, int] = {}

    def lead(place: int) -> int:
        while leader.setdefault(place, place) != place:
            place = leader[place]
        return place

    for first, second, _ in links:
        leader[lead(second)] = lead(first)
    members: dict[int, set[int]] = defaultdict(set)
    best: dict[int, tuple[int, int, float]] = {}
    for link in links:
        group = lead(link[0])
        members[group].update(link[:2])
        best[group] = max(best.get(group, link), link, key=lambda one: one[2])
    for group in sorted(members, key=lambda one: (-len(members[one]), min(members[one]))):
        names = tuple(dict.fromkeys(name_at(place) for place in sorted(members[group])))
        first, second, likeness = best[group]
        pair = ((name_at(first), case_at(first).draft), (name_at(second), case_at(second).draft))
        yield Copied(names, likeness, pair)
