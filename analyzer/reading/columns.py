"""Which column of a table holds which field of a case: by the names people give them, said aloud, or settled by the user."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cache

from analyzer.errors import FileError, UsageError
from analyzer.reading.checks import shown
from analyzer.resources import load_toml
from analyzer.types import Case

FIELDS: tuple[str, ...] = tuple(item.name for item in fields(Case))
_NOT_WORD = re.compile(r"[\W_]+")
_SHOWN_COLUMNS = 20


def _quiet(_line: str) -> None:
    """Say nothing."""


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """``wanted`` names columns by field, as the user settled them; ``say`` is told in one line what was taken for what."""

    wanted: Mapping[str, str] = field(default_factory=dict)
    say: Callable[[str], None] = _quiet


BY_NAME = ColumnChoice()


def choice_from(settled: Sequence[str], say: Callable[[str], None] = _quiet) -> ColumnChoice:
    """The choice from texts such as ``draft=email text``. Raises UsageError: bad_map."""
    wanted: dict[str, str] = {}
    for text in settled:
        name, equals, column = (part.strip() for part in text.partition("="))
        if not equals or name not in FIELDS or not column:
            raise UsageError(
                "bad_map",
                f'--map {shown(text)} does not name a field and a column: write it as draft="email text"; the fields are '
                f"{', '.join(FIELDS)}.",
            )
        if name in wanted:
            raise UsageError("bad_map", f"--map names a column for {name} twice: keep one of them.")
        wanted[name] = column
    return ColumnChoice(wanted, say)


def fields_of_columns(names: Sequence[str], source: str, choice: ColumnChoice = BY_NAME) -> tuple[str, ...]:
    """For each column the field it holds: its own name where it holds none, '' where it is to be left out.

    Raises FileError: missing_column where no column can be the draft, where two can, or where a settled one is not there;
    bad_table where two columns have one name.
    """
    filled = [name for name in names if name]
    for name in filled:
        if filled.count(name) > 1:
            raise FileError(
                "bad_table", f"{source} has two columns called {shown(name)}; rename or delete one of them."
            )
    columns = _settled(filled, source, choice)
    if "draft" not in columns:
        candidates = _candidates("draft", [name for name in filled if name not in columns.values()])
        if len(candidates) > 1 and candidates[0] != "draft":
            both = " or ".join(shown(name) for name in candidates[:3])
            raise FileError(
                "missing_column",
                f"{source}: {both} could be the draft; say which with --map draft={shown(candidates[0])}.",
            )
        if not candidates:
            found = ", ".join(shown(name) for name in filled[:_SHOWN_COLUMNS]) or "none"
            raise FileError(
                "missing_column",
                f"{source} has no column called 'draft' (columns found: {found}); call the column of messages 'draft', or "
                'say which it is with --map draft="…".',
            )
        columns["draft"] = candidates[0]
    _match_others(filled, columns)
    choice.say(_said(filled, columns, source))
    return _renamed(names, columns)


def fields_of_keys(names: tuple[str, ...], choice: ColumnChoice = BY_NAME) -> tuple[str, ...]:
    """The same for the keys of one JSON object, where nothing is an error yet: objects may differ from line to line."""
    columns = {name: column for name, column in choice.wanted.items() if column in names}
    _match_others(names, columns)
    return _renamed(names, columns)


def _settled(names: Sequence[str], source: str, choice: ColumnChoice) -> dict[str, str]:
    columns: dict[str, str] = {}
    for name, column in choice.wanted.items():
        fitting = [one for one in names if one == column] or [one for one in names if _plain(one) == _plain(column)]
        if not fitting:
            found = ", ".join(shown(one) for one in names[:_SHOWN_COLUMNS]) or "none"
            raise FileError(
                "missing_column",
                f"{source} has no column called {shown(column)}, which --map wants for {name} (columns found: {found}); "
                "write its name as it stands there.",
            )
        columns[name] = fitting[0]
    return columns


def _match_others(names: Sequence[str], columns: dict[str, str]) -> None:
    for name in FIELDS:
        if name not in columns:
            free = [one for one in names if one not in columns.values()]
            candidates = _candidates(name, free)
            if candidates:
                columns[name] = candidates[0]


def _candidates(name: str, columns: Sequence[str]) -> list[str]:
    """Columns that may hold a field, best first: its very name, names people use, longer names that hold such words."""
    if name in columns:
        return [name]
    ranks, phrases = _known(name)
    taken = [column for column in columns if column not in FIELDS]
    fitting = sorted((ranks[_plain(column)], column) for column in taken if _plain(column) in ranks)
    if fitting:
        return [column for _, column in fitting]
    return [column for column in taken if any(f" {phrase} " in f" {_plain(column)} " for phrase in phrases)]


@cache
def _known(name: str) -> tuple[dict[str, int], tuple[str, ...]]:
    table = load_toml("columns.toml")[name]
    return {text: rank for rank, text in enumerate(table["names"])}, tuple(table.get("holds", ()))


def _plain(name: str) -> str:
    return _NOT_WORD.sub(" ", unicodedata.normalize("NFKC", name).casefold()).strip()


def _renamed(names: Sequence[str], columns: Mapping[str, str]) -> tuple[str, ...]:
    taken = {column: name for name, column in columns.items()}
    return tuple(taken.get(name, "" if name in columns else name) for name in names)


def _said(names: Sequence[str], columns: Mapping[str, str], source: str) -> str:
    used = ", ".join(name if name == column else f"{shown(column)} as {name}" for name, column in columns.items())
    unused = [shown(name, 30) for name in names if name not in columns.values()]
    more = f" and {len(unused) - _SHOWN_COLUMNS} more" if len(unused) > _SHOWN_COLUMNS else ""
    left = f"; not used: {', '.join(unused[:_SHOWN_COLUMNS])}{more}" if unused else ""
    return f"{source}: reading {used}{left}."
