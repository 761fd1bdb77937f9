"""Which regular expressions cannot match a text, told from the pieces that every match of theirs must hold.

Hundreds of patterns wait for slips that few letters have; running each over each letter cost more than everything else the rules do. From
a pattern's parse come clauses: sets of pieces ("similar with", "identical with") of which a matching text must hold at least one. A text is
indexed once by its runs of three and of six characters. A pattern that may match is run as ever, so that nothing changes but the time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

# longer than so many pieces a set is not multiplied out with what follows it
_MOST_PIECES = 256
_SHORT, _LONG = 3, 6
# letters other than capitals that IGNORECASE takes for plain ones
_TWINS = {0x130: "i", 0x131: "i", 0x17F: "s", 0x212A: "k"}

_Pieces = frozenset[str]
_NOTHING: _Pieces = frozenset({""})


def _plain(text: str) -> str:
    """In small letters, each run of white space as one space."""
    return f" {' '.join(text.translate(_TWINS).lower().split())} "


class TextIndex:
    """A text, and the runs of characters in it."""

    def __init__(self, text: str) -> None:
        self.text = _plain(text)
        last = len(self.text) + 1
        self.runs = {self.text[at : at + _SHORT] for at in range(last - _SHORT)}
        self.runs.update(self.text[at : at + _LONG] for at in range(last - _LONG))


@dataclass(frozen=True, slots=True)
class _Clause:
    """Pieces of which one must stand in a text, by a run of characters that each holds."""

    runs: frozenset[str]
    pieces: tuple[tuple[str, str], ...]

    def holds(self, index: TextIndex) -> bool:
        if self.runs.isdisjoint(index.runs):
            return False
        return any(run in index.runs and piece in index.text for run, piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Prefilter:
    """What a text must hold for a pattern: one of the alternatives, of which each is a row of clauses that must all hold."""

    alternatives: tuple[tuple[_Clause, ...], ...]

    def may_match(self, index: TextIndex) -> bool:
        """False only where the pattern matches nowhere in the text."""
        return any(all(clause.holds(index) for clause in clauses) for clauses in self.alternatives)


def prefilter_of(pattern: re.Pattern[str]) -> Prefilter:
    """The prefilter of a compiled pattern; one that lets everything pass where the pattern says too little."""
    parser: Any = import_module("re._parser")
    flags = pattern.flags & ~re.UNICODE & ~re.DEBUG
    rows = [_clauses(row) for row in _rows(list(parser.parse(pattern.pattern, flags)))]
    return Prefilter(tuple(tuple(_clause(pieces) for pieces in row) for row in rows))


def _clause(pieces: _Pieces) -> _Clause:
    by_run = tuple(sorted((_run(piece), piece) for piece in pieces))
    return _Clause(frozenset(run for run, _ in by_run), by_run)


def _run(piece: str) -> str:
    return piece[-_LONG:] if len(piece) >= _LONG else piece[-_SHORT:]


def _rows(nodes: list[Any]) -> Iterator[list[Any]]:
    """The alternatives of a pattern, taken out of the brackets around all of it."""
    if len(nodes) == 1 and str(nodes[0][0]) == "BRANCH":
        for row in nodes[0][1][1]:
            yield from _rows(list(row))
    elif len(nodes) == 1 and str(nodes[0][0]) == "SUBPATTERN":
        yield from _rows(list(nodes[0][1][-1]))
    else:
        yield nodes


def _clauses(nodes: Iterable[Any]) -> list[_Pieces]:
    """Sets of pieces of which each must have one in a match of these nodes one after the other, fewest pieces first."""
    found: list[_Pieces] = []
    run = _NOTHING
    for node in nodes:
        pieces = _exact(node)
        if pieces is not None and len(run) * len(pieces) <= _MOST_PIECES:
            run = frozenset(one + other for one in run for other in pieces)
            continue
        found.append(run)
        run = pieces if pieces is not None else _NOTHING
        if pieces is None and (inner := _needed(node)):
            found.append(inner)
    usable = {_usable(pieces) for pieces in (*found, run)} - {None}
    return sorted((pieces for pieces in usable if pieces), key=lambda pieces: (len(pieces), sorted(pieces)))


def _usable(pieces: _Pieces) -> _Pieces | None:
    """The pieces with white space as it stands in an index; None where one is too short to be looked up."""
    plain = frozenset(re.sub(r"\s+", " ", piece) for piece in pieces)
    return plain if min(len(piece) for piece in plain) >= _SHORT else None


def _exact(node: Any) -> _Pieces | None:
    """All texts that a node matches; None where they are too many or unknown. White space counts as one space."""
    name, given = str(node[0]), node[1]
    if name == "LITERAL":
        char = chr(given)
        if char.isspace():
            return frozenset({" "})
        return frozenset({char.lower()}) if given < 128 or char.lower() == char.upper() else None
    if name in ("AT", "ASSERT", "ASSERT_NOT"):
        return _NOTHING
    if name == "IN":
        members = [_exact(member) for member in given]
        return None if None in members else frozenset().union(*(member for member in members if member))
    if name == "CATEGORY":
        return frozenset({" "}) if str(given) == "CATEGORY_SPACE" else None
    if name in ("SUBPATTERN", "ATOMIC_GROUP"):
        return _sequence(given[-1] if name == "SUBPATTERN" else given)
    if name == "BRANCH":
        rows = [_sequence(row) for row in given[1]]
        return None if None in rows else frozenset().union(*(row for row in rows if row))
    if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        return _repeated(*given)
    return None


def _repeated(fewest: int, most: int, nodes: Iterable[Any]) -> _Pieces | None:
    pieces = _sequence(nodes)
    if pieces == frozenset({" "}):
        most = min(most, 1)
    if pieces is None or most > 1 or fewest > 1:
        return None
    return pieces if fewest else pieces | _NOTHING


def _sequence(nodes: Iterable[Any]) -> _Pieces | None:
    run = _NOTHING
    for node in nodes:
        pieces = _exact(node)
        if pieces is None or len(run) * len(pieces) > 8 * _MOST_PIECES:
            return None
        run = frozenset(one + other for one in run for other in pieces)
    return run


def _needed(node: Any) -> _Pieces | None:
    """The best clause within a node that has too many texts to be multiplied out."""
    name, given = str(node[0]), node[1]
    if name in ("SUBPATTERN", "ATOMIC_GROUP"):
        return _best(given[-1] if name == "SUBPATTERN" else given)
    if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        return _best(given[2]) if given[0] else None
    if name == "BRANCH":
        rows = [_best(row) for row in given[1]]
        return None if None in rows else frozenset().union(*(row for row in rows if row))
    return None


def _best(nodes: Iterable[Any]) -> _Pieces | None:
    return max(_clauses(nodes), key=lambda pieces: (min(len(piece) for piece in pieces), -len(pieces)), default=None)
