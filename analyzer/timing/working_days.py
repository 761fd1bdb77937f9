"""Days on which messages are read at work, the hours of those days, and zones."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from analyzer.errors import UsageError
from analyzer.settings import TimingSettings

_MONDAY_TO_FRIDAY = 5
# what no run of holidays reaches: a guard, so that a calendar without working days cannot hang us
_MOST_DAYS_OFF = 60


@lru_cache(maxsize=16)
def _holidays(country: str) -> frozenset[date] | object:
    import holidays

    code, _, subdivision = country.partition("-")
    try:
        return holidays.country_holidays(code, subdiv=subdivision or None)
    except NotImplementedError as error:
        raise UsageError(
            "unknown_country",
            f"The public holidays of “{country}” are not known: give two letters, with a region after a hyphen, as GB, US or DE-BY.",
        ) from error


def _zone(name: str) -> tzinfo | None:
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UsageError(
            "unknown_zone", f"The time zone “{name}” is not known: write it as Europe/London or America/New_York."
        ) from error


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working days and hours where the reader works. Raises UsageError for a country or zone nobody knows."""

    settings: TimingSettings
    zone: tzinfo | None = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "zone", _zone(self.settings.zone.strip()))
        _holidays(self.country) if self.country else None

    @property
    def country(self) -> str:
        """The country of the settings as its library writes it."""
        return self.settings.country.strip().upper()

    def local(self, moment: datetime) -> datetime:
        """The moment in the reader's zone. A time without zone is taken as one there, or as this computer's where none is chosen."""
        if moment.tzinfo is None:
            return moment.replace(tzinfo=self.zone) if self.zone else moment.astimezone()
        return moment.astimezone(self.zone) if self.zone else moment

    def holiday(self, day: date) -> str:
        """The name of the public holiday on that day, '' where there is none or no country is chosen."""
        if not self.country:
            return ""
        known = _holidays(self.country)
        return str(known.get(day) or "")  # type: ignore[attr-defined]

    def works(self, day: date) -> bool:
        """Whether it is a working day."""
        return day.weekday() < _MONDAY_TO_FRIDAY and not self.holiday(day)

    def next_working_day(self, day: date) -> date:
        """The day itself, or the first working day after it."""
        for _ in range(_MOST_DAYS_OFF):
            if self.works(day):
                break
            day += timedelta(days=1)
        return day

    def after(self, day: date, working_days: int) -> date:
        """So many working days after a day, which itself counts for none."""
        for _ in range(working_days):
            day = self.next_working_day(day + timedelta(days=1))
        return day

    def opening(self, day: date, zone: tzinfo | None) -> datetime:
        """When work starts on a day."""
        return datetime.combine(day, time(int(self.settings.office_from)), zone)

    def closing(self, day: date, zone: tzinfo | None) -> datetime:
        """When work ends on a day."""
        hour = int(self.settings.office_to)
        return (
            datetime.combine(day, time(), zone) + timedelta(days=1)
            if hour == 24
            else datetime.combine(day, time(hour), zone)
        )

    def next_hour(self, moment: datetime) -> datetime:
        """The moment itself where it is in working hours, else the next opening. ``moment`` must be local."""
        day, zone = moment.date(), moment.tzinfo
        if self.works(day):
            if moment < self.opening(day, zone):
                return self.opening(day, zone)
            if moment < self.closing(day, zone):
                return moment
        return self.opening(self.next_working_day(day + timedelta(days=1)), zone)
