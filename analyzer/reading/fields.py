"""One raw record of a table, checked field by field against the contract."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import date, datetime
from datetime import time as time_of_day
from decimal import Decimal

from analyzer.errors import InputError
from analyzer.reading.checks import check_characters, shown
from analyzer.reading.documents import check_length
from analyzer.reading.limits import (
    EARLIEST_YEAR,
    LATEST_YEAR,
    MAX_FIELD_CHARACTERS,
    MAX_ID_CHARACTERS,
    MAX_PREVIOUS_MESSAGES,
)
from analyzer.types import CHANNELS, KINDS, Case, Channel, Kind

_SEPARATORS = re.compile(r"[\s_\-\u2010-\u2015]+")
_KINDS_BY_LETTERS: dict[str, Kind] = {kind.replace("_", ""): kind for kind in KINDS}
_LOOKS_ISO = re.compile(r"[\dW-]+(?:[T ].*)?", re.ASCII)
# A function call or a sum of cells; words after an equals sign are only words.
_FORMULA = re.compile(r"\s*=\s*(?:[A-Za-z][\w.]*\(.*\)|\$?[A-Z]{1,3}\$?\d+(?:\s*[-+*/&].*)?)\s*", re.DOTALL)
_TIME_CURE = "write it as 2026-11-23 or 2026-11-23T14:30"
_EXACT_FLOAT = 1e15
_NAMES_OF_TYPES = {
    bool: "true or false",
    bytes: "bytes",
    date: "a date",
    datetime: "a time",
    dict: "an object",
    float: "a number",
    int: "a number",
    list: "a list",
    tuple: "a list",
}


def case_from_fields(fields: Mapping[str, object], row: int, where: str = "") -> Case:
    """A case from a raw record with the contract's field names; ``row`` counts from 1 and is the id by default.

    ``where`` is how messages call the record, "Row <row>" where nothing is given.

    Empty fields (None, NaN, '') take their defaults, unknown fields are ignored. Raises InputError: missing_draft,
    empty_draft, too_large, not_text, bad_encoding, bad_field, unknown_kind, unknown_channel, bad_time.
    """
    where = where or f"Row {row}"
    case_id = id_of(fields, row)
    notes = _text(fields, "notes", where)
    check_length(notes, f"{where}, notes,", "notes")
    return Case(
        draft=_draft(fields, where, has_notes=bool(notes.strip())),
        id=case_id,
        kind=_kind(fields.get("kind"), where),
        notes=notes,
        interviewer=_short_text(fields, "interviewer", where),
        company=_short_text(fields, "company", where),
        role=_short_text(fields, "role", where),
        interviewed_at=_time(fields, "interviewed_at", where),
        sent_at=_time(fields, "sent_at", where),
        decision_by=_time(fields, "decision_by", where),
        previous_messages=_previous_messages(fields.get("previous_messages"), f"{where}, previous_messages,"),
        participant=" ".join(_short_text(fields, "participant", where).split()),
        channel=_channel(fields.get("channel"), where),
    )


def check_case(case: Case) -> None:
    """Check a case that was made by hand as strictly as one that was read. Raises InputError: see ``case_from_fields``."""
    check_characters(case.draft, "The draft")
    check_characters(case.notes, "The notes")
    check_length(case.draft, "The draft")
    check_length(case.notes, "The notes", "notes")


def id_of(fields: Mapping[str, object], row: int) -> str:
    """The id of a record, the row's number where it has none; at most MAX_ID_CHARACTERS.

    Raises InputError: bad_field, not_text, bad_encoding, too_large.
    """
    where = f"Row {row}"
    case_id = _text(fields, "id", where).strip()
    if len(case_id) > MAX_ID_CHARACTERS:
        raise InputError("too_large", f"{where}, id, has over {MAX_ID_CHARACTERS} characters; use a shorter one.")
    if not case_id.isprintable():
        raise InputError("bad_field", f"{where}, id, has a line end, tab or invisible character inside; take it out.")
    return case_id or str(row)


def parse_time(value: object, where: str = "The time") -> datetime:
    """A time from ISO 8601 text or from a date or time object; with a zone where one is given; a date is its midnight.

    ``where`` names the place in messages. Raises InputError bad_time for anything else, for days that do not exist, and
    for years outside EARLIEST_YEAR..LATEST_YEAR.
    """
    if isinstance(value, datetime):
        # A plain datetime also from a subclass, so that a case looks the same whatever library read it.
        time = datetime.combine(value.date(), value.timetz())
    elif isinstance(value, date):
        time = datetime.combine(value, time_of_day())
    elif isinstance(value, str):
        time = _time_from_text(value.strip(), where)
    else:
        raise InputError("bad_time", f"{where} is {_type_name(value)}, {shown(value)}, not a time; {_TIME_CURE}.")
    if not EARLIEST_YEAR <= time.year <= LATEST_YEAR:
        raise InputError(
            "bad_time", f"{where} is in the year {time.year}; give a year from {EARLIEST_YEAR} to {LATEST_YEAR}."
        )
    return time


def _time_from_text(text: str, where: str) -> datetime:
    looks_iso = _LOOKS_ISO.fullmatch(text)
    try:
        if looks_iso:
            return datetime.fromisoformat(text)
    except ValueError:
        pass
    if looks_iso and re.match(r"\d{4}-\d\d-\d\d", text):
        raise InputError("bad_time", f"{where} is {shown(text)}, a day or time that does not exist; {_TIME_CURE}.")
    raise InputError("bad_time", f"{where} is {shown(text)}, which cannot be read as a time; {_TIME_CURE}.")


def _is_empty(value: object) -> bool:
    if value is None or value != value:  # NaN and pandas' NaT are the values that differ from themselves
        return True
    return isinstance(value, str) and not value.strip()


def _type_name(value: object) -> str:
    return _NAMES_OF_TYPES.get(type(value), f"a {type(value).__name__}")


def _text(fields: Mapping[str, object], name: str, where: str) -> str:
    """A field as text, '' where it is empty; whole numbers without '.0', as Excel means them."""
    value = fields.get(name)
    if isinstance(value, str):
        check_characters(value, f"{where}, {name},")
        return value
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool):
        # An absurdly long number would make str() raise.
        if value.bit_length() < 256:
            return str(value)
    elif isinstance(value, float | Decimal):
        number = float(value) if not isinstance(value, Decimal) or not value.is_snan() else math.nan
        if math.isnan(number):
            return ""
        if math.isfinite(number):
            return str(int(number)) if number.is_integer() and abs(number) < _EXACT_FLOAT else str(value)
    raise InputError("bad_field", f"{where}, {name}, is {_type_name(value)}, {shown_value(value)}; it must be text.")


def shown_value(value: object) -> str:
    """A value that is no text, for a message; containers and long numbers are not spelled out."""
    simple = isinstance(value, bool | float | date) and not isinstance(value, str)
    return shown(value) if simple else "where a text belongs"


def _short_text(fields: Mapping[str, object], name: str, where: str) -> str:
    text = _text(fields, name, where).strip()
    if len(text) > MAX_FIELD_CHARACTERS:
        raise InputError(
            "too_large",
            f"{where}, {name}, has {len(text):,} characters, the limit is {MAX_FIELD_CHARACTERS:,}; "
            "put longer text into the notes.",
        )
    return text


def _draft(fields: Mapping[str, object], where: str, has_notes: bool) -> str:
    value = fields.get("draft")
    draft = _text(fields, "draft", where)
    if _FORMULA.fullmatch(draft):
        raise InputError(
            "formula",
            f"{where}, draft, is a formula of a spreadsheet, {shown(draft)}, not its text; copy the column and paste it back as "
            "values.",
        )
    if not draft.strip():
        code = "missing_draft" if value is None or value != value else "empty_draft"
        if has_notes:
            raise InputError(code, f"{where} has notes but no draft; put the message itself into 'draft'.")
        if code == "missing_draft":
            raise InputError(code, f"{where} has no draft; put the message into 'draft', or delete the row.")
    check_length(draft, f"{where}, draft,")
    return draft


def _kind(value: object, where: str) -> Kind | None:
    if _is_empty(value):
        return None
    if isinstance(value, str):
        kind = _KINDS_BY_LETTERS.get(_SEPARATORS.sub("", value).lower())
        if kind:
            return kind
    raise InputError(
        "unknown_kind",
        f"{where}, kind, is {shown(value) if isinstance(value, str) else _type_name(value)}; use "
        f"{', '.join(KINDS[:-1])} or {KINDS[-1]}, or leave it empty to have it detected.",
    )


def _channel(value: object, where: str) -> Channel:
    if _is_empty(value):
        return "email"
    if isinstance(value, str):
        letters = _SEPARATORS.sub("", value).lower()
        for channel in CHANNELS:
            if channel == letters:
                return channel
    raise InputError(
        "unknown_channel",
        f"{where}, channel, is {shown(value) if isinstance(value, str) else _type_name(value)}; use "
        f"{', '.join(CHANNELS[:-1])} or {CHANNELS[-1]}, or leave it empty for email.",
    )


def _time(fields: Mapping[str, object], name: str, where: str) -> datetime | None:
    value = fields.get(name)
    return None if _is_empty(value) else parse_time(value, f"{where}, {name},")


def _previous_messages(value: object, where: str) -> tuple[datetime, ...]:
    """Times from a list, from text separated by ';', or from a cell with a single time in it."""
    if isinstance(value, list | tuple):
        parts: list[object] = list(value)
    elif isinstance(value, str):
        parts = list(value.split(";"))
    else:
        parts = [value]
    times = [part for part in parts[: MAX_PREVIOUS_MESSAGES * 2] if not _is_empty(part)]
    if len(times) > MAX_PREVIOUS_MESSAGES:
        raise InputError(
            "too_large", f"{where} has over {MAX_PREVIOUS_MESSAGES} times; check that it is the right column."
        )
    return tuple(parse_time(time, where) for time in times)
