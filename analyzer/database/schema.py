"""The tables. A change here needs a migration beside it (``migrations/versions``); a test compares the two.

Readings are only ever added: what a coach changed is a new reading, and the newest counts. So nobody overwrites anybody.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, Float, ForeignKey, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

LONGEST_NAME = 100


class UtcTime(TypeDecorator[datetime]):
    """Moments in UTC; SQLite keeps no zone, so it is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC. Raises ValueError for a time without a zone, which could mean anything."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a time without a zone")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """With its zone."""
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


class Base(DeclarativeBase):
    """All tables."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class CoachRow(Base):
    """Somebody who rates."""

    __tablename__ = "coaches"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME), unique=True)


class CaseRow(Base):
    """A draft with what is known about it. ``fingerprint`` is the same for the same case; ``ticket`` lets its writer take it back."""

    __tablename__ = "cases"

    id: Mapped[int] = mapped_column(primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    source: Mapped[str] = mapped_column(String(20))
    ticket: Mapped[str | None] = mapped_column(String(64), unique=True)
    added_at: Mapped[datetime] = mapped_column(UtcTime)
    kind: Mapped[str | None] = mapped_column(String(20))
    draft: Mapped[str] = mapped_column(Text)
    notes: Mapped[str] = mapped_column(Text)
    interviewer: Mapped[str] = mapped_column(Text)
    company: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text)


class ReadingRow(Base):
    """What a coach said of a case, and what the model said of it at that time."""

    __tablename__ = "readings"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    coach_id: Mapped[int] = mapped_column(ForeignKey("coaches.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcTime)
    specificity: Mapped[float] = mapped_column(Float)
    focus: Mapped[float] = mapped_column(Float)
    concision: Mapped[float] = mapped_column(Float)
    enthusiasm: Mapped[float] = mapped_column(Float)
    grammar: Mapped[float] = mapped_column(Float)
    overall: Mapped[float] = mapped_column(Float)
    faults: Mapped[list[str]] = mapped_column(JSON)
    model: Mapped[dict[str, Any]] = mapped_column(JSON)
