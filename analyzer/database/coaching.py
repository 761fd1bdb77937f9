"""Cases and readings: kept, read, exported for teaching. Every method is one transaction."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from analyzer.database.connection import writing
from analyzer.database.schema import LONGEST_NAME, CaseRow, CoachRow, ReadingRow
from analyzer.errors import InputError
from analyzer.types import HIGHEST_RATING, KINDS, LOWEST_RATING, Case

CaseOrigin = Literal["writer", "workshop", "labels"]
RATED: tuple[str, ...] = ("specificity", "focus", "concision", "enthusiasm", "grammar", "overall")
MOST_CASES = 5_000
_TEXTS = ("draft", "notes", "interviewer", "company", "role")


@dataclass(frozen=True, slots=True)
class KeptCase:
    """A kept case: ``case.id`` is its number here; ``readers`` are the coaches who rated it."""

    case: Case
    source: str
    added_at: datetime
    readers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading. ``model`` is what the model said then: ``version``, ``ratings`` by label, ``faults``; empty where it was not asked."""

    case_id: str
    coach: str
    at: datetime
    ratings: Mapping[str, float]
    faults: tuple[str, ...]
    model: Mapping[str, Any]


class Coaching:
    """What coaches keep. ``engine`` comes from ``open_database``."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add_case(self, case: Case, source: CaseOrigin) -> str:
        """Keep a case and give its number; the same case is kept once. Raises InputError: too_many."""
        return self._add(case, source, None)

    def entrust(self, case: Case) -> str:
        """Keep a job seeker's case because they asked, and give the ticket that takes it back."""
        case_id = self._add(case, "writer", secrets.token_urlsafe(32))
        with Session(self._engine) as session:
            return session.scalars(sa.select(CaseRow.ticket).where(CaseRow.id == int(case_id))).one() or ""

    def take_back(self, ticket: str) -> bool:
        """Delete an entrusted case with all its readings; whether it was still there."""
        with Session(writing(self._engine)) as session, session.begin():
            row = session.scalar(sa.select(CaseRow).where(CaseRow.ticket == ticket))
            if row is not None:
                session.delete(row)
            return row is not None

    def delete_case(self, case_id: str) -> None:
        """Delete a case with all its readings."""
        with Session(writing(self._engine)) as session, session.begin():
            session.execute(sa.delete(CaseRow).where(CaseRow.id == int(case_id)))

    def save(
        self,
        case_id: str,
        coach: str,
        ratings: Mapping[str, float],
        faults: Sequence[str],
        model: Mapping[str, Any] | None = None,
    ) -> None:
        """Add a coach's reading of a case. Raises InputError: bad_name, bad_label, unknown_case."""
        checked = _checked(ratings)
        name = coach_name(coach)
        self._name_coach(name)
        with Session(writing(self._engine)) as session, session.begin():
            if session.get(CaseRow, int(case_id)) is None:
                raise InputError("unknown_case", "This draft was taken back meanwhile: choose another.")
            coach_id = session.scalars(sa.select(CoachRow.id).where(CoachRow.name == name)).one()
            session.add(
                ReadingRow(
                    case_id=int(case_id),
                    coach_id=coach_id,
                    at=datetime.now(UTC),
                    faults=sorted(set(faults)),
                    model=dict(model or {}),
                    **checked,
                )
            )

    def cases(self) -> tuple[KeptCase, ...]:
        """All kept cases, newest last, with who rated them."""
        with Session(self._engine) as session:
            readers: dict[int, list[str]] = {}
            pairs = sa.select(ReadingRow.case_id, CoachRow.name).join(CoachRow).distinct().order_by(CoachRow.name)
            for case_id, name in session.execute(pairs):
                readers.setdefault(case_id, []).append(name)
            rows = session.scalars(sa.select(CaseRow).order_by(CaseRow.id))
            return tuple(KeptCase(_case(row), row.source, row.added_at, tuple(readers.get(row.id, ()))) for row in rows)

    def readings(self, case_id: str | None = None, *, latest: bool = True) -> tuple[Reading, ...]:
        """Readings by case and time; ``latest``: of each coach and case the newest alone."""
        with Session(self._engine) as session:
            asked = sa.select(ReadingRow, CoachRow.name).join(CoachRow).order_by(ReadingRow.case_id, ReadingRow.id)
            if case_id is not None:
                asked = asked.where(ReadingRow.case_id == int(case_id))
            found = [_reading(row, name) for row, name in session.execute(asked)]
        if latest:
            found = list({(reading.case_id, reading.coach): reading for reading in found}.values())
        return tuple(found)

    def export(self, folder: Path) -> int:
        """Write what is rated as ``cases.jsonl`` and ``ratings.jsonl``, as training reads them; gives the number of cases."""
        readings = self.readings()
        rated = {reading.case_id for reading in readings}
        cases = [kept.case for kept in self.cases() if kept.case.id in rated]
        _write(folder / "cases.jsonl", [_record(case) for case in cases])
        ratings = [
            {"id": one.case_id, "rater": one.coach, **one.ratings, "faults": list(one.faults)} for one in readings
        ]
        _write(folder / "ratings.jsonl", ratings)
        return len(cases)

    def _add(self, case: Case, source: CaseOrigin, ticket: str | None) -> str:
        print_ = _fingerprint(case)
        try:
            with Session(writing(self._engine)) as session, session.begin():
                known = session.scalar(sa.select(CaseRow).where(CaseRow.fingerprint == print_))
                if known is not None:
                    # who entrusts what a coach has kept may take it back all the same
                    known.ticket = known.ticket or ticket
                    return str(known.id)
                if (session.scalar(sa.select(sa.func.count(CaseRow.id))) or 0) >= MOST_CASES:
                    raise InputError("too_many", f"{MOST_CASES:,} drafts are kept already: delete some first.")
                texts = {name: getattr(case, name) for name in _TEXTS}
                row = CaseRow(
                    fingerprint=print_,
                    source=source,
                    ticket=ticket,
                    added_at=datetime.now(UTC),
                    kind=case.kind,
                    **texts,
                )
                session.add(row)
                session.flush()
                return str(row.id)
        except IntegrityError:
            # somebody kept the same case in the same moment
            return self._add(case, source, ticket)

    def _name_coach(self, name: str) -> None:
        try:
            with Session(writing(self._engine)) as session, session.begin():
                if session.scalar(sa.select(CoachRow.id).where(CoachRow.name == name)) is None:
                    session.add(CoachRow(name=name))
        except IntegrityError:
            return  # somebody of that name came in the same moment


def coach_name(name: str) -> str:
    """A coach's name as it is kept. Raises InputError: bad_name."""
    plain = " ".join(name.split())
    if not plain or not plain.isprintable() or len(plain) > LONGEST_NAME:
        raise InputError("bad_name", f"Write your name first, at most {LONGEST_NAME} characters: it says who rated.")
    return plain


def _checked(ratings: Mapping[str, float]) -> dict[str, float]:
    missing = [name for name in RATED if name not in ratings]
    if missing:
        raise InputError("bad_label", f"There is no rating of {missing[0]}: give each from 1 to 5.")
    wrong = [name for name in RATED if not LOWEST_RATING <= ratings[name] <= HIGHEST_RATING]
    if wrong:
        raise InputError("bad_label", f"{wrong[0]} is {ratings[wrong[0]]}: give a rating from 1 to 5.")
    return {name: float(ratings[name]) for name in RATED}


def _fingerprint(case: Case) -> str:
    whole = json.dumps([case.kind, *(getattr(case, name) for name in _TEXTS)])
    return hashlib.sha256(whole.encode()).hexdigest()


def _case(row: CaseRow) -> Case:
    kind = next((kind for kind in KINDS if kind == row.kind), None)
    return Case(id=str(row.id), kind=kind, **{name: getattr(row, name) for name in _TEXTS})


def _reading(row: ReadingRow, coach: str) -> Reading:
    ratings = {name: getattr(row, name) for name in RATED}
    return Reading(str(row.case_id), coach, row.at, ratings, tuple(row.faults), row.model)


def _record(case: Case) -> dict[str, Any]:
    return {"id": case.id, "kind": case.kind, **{name: getattr(case, name) for name in _TEXTS}}


def _write(path: Path, records: Sequence[Mapping[str, Any]]) -> None:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
