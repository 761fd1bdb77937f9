"""The window to send in as an ``.ics`` file for any calendar. Shows, never computes."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

from icalendar import Alarm, Calendar, Event

from analyzer import __version__
from analyzer.errors import UsageError
from analyzer.report.plain_text import plain_text
from analyzer.resources import load_toml
from analyzer.types import Report


def reminder(report: Report, now: datetime | None = None) -> bytes:
    """A calendar with one event, the window, and an alarm at its start. It holds no word of the draft.

    Raises UsageError where there is no window.
    """
    timing = report.timing
    if timing is None or timing.send_between is None or report.kind is None:
        raise UsageError(
            "no_window",
            "There is no time to be reminded of: give the date of the interview (--interviewed-at), unless the advice is to stop.",
        )
    start, end = (moment.astimezone(UTC) for moment in timing.send_between)
    to = " ".join(plain_text(report.case.interviewer.split(";")[0]).split()) if report.case else ""
    kind = load_toml("messages.toml")["kinds"][report.kind]
    summary = f"Send your {kind} to {to}" if to else f"Send your {kind}"
    event = Event()
    event.add(
        "uid", hashlib.sha256(f"{report.id} {summary} {start} {end}".encode()).hexdigest()[:32] + "@draft-analyzer"
    )
    event.add("dtstamp", now or datetime.now(UTC))
    event.add("dtstart", start)
    event.add("dtend", end)
    event.add("summary", summary)
    event.add("description", timing.message)
    # a reminder keeps nobody busy
    event.add("transp", "TRANSPARENT")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", summary)
    alarm.add("trigger", timedelta())
    event.add_component(alarm)
    calendar = Calendar()
    calendar.add("prodid", f"-//draft-analyzer//{__version__}//EN")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
