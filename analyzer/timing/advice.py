"""The verdict on when to send, from the dates of a case and of its notes. The rules' sources are in ``resources/timing.toml``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from analyzer.errors import InputError
from analyzer.resources import load_toml
from analyzer.timing.promised import Promise, promise_in
from analyzer.timing.working_days import Calendar
from analyzer.types import Case, Draft, Timing, Verdict

_FAR_AHEAD_DAYS = 366
# messages this soon after the interview thank for it and ask for nothing
_THANKS_WITHIN = timedelta(days=2)
# a thank-you may go out in the evening, but not while the reader sleeps
_AWAKE_FROM, _AWAKE_TO = 7, 21


@dataclass(frozen=True, slots=True)
class _Situation:
    """What is known, in the reader's zone. ``day_only``: the interview was given as a day."""

    draft: Draft
    calendar: Calendar
    now: datetime
    interviewed: datetime | None
    day_only: bool
    promise: Promise | None
    previous: tuple[datetime, ...]

    @property
    def asked(self) -> tuple[datetime, ...]:
        """The earlier messages that asked for something: all but a first thank-you."""
        if self.interviewed is None:
            return self.previous
        thanks_until = self.interviewed + _THANKS_WITHIN
        after = [moment for moment in self.previous if moment >= self.interviewed]
        return tuple(after[1:] if after and after[0] <= thanks_until else after)


def moment_of(case: Case, now: datetime) -> datetime:
    """When the message goes out: as the case says, else now."""
    return case.sent_at or now


def check_dates(case: Case, now: datetime, calendar: Calendar) -> None:
    """Raises InputError bad_time where the dates of a case cannot all be true."""
    sent = calendar.local(moment_of(case, now))
    at_sending = "the message is sent" if case.sent_at else "today’s date"
    met = calendar.local(case.interviewed_at) if case.interviewed_at else None
    # a day without a time may be any hour of it, and in another zone the day before
    if met and (met.date() > sent.date() if _is_day(case.interviewed_at) else met > sent):
        _refuse(
            f"interviewed_at is {_day(met)}, after {at_sending} ({_day(sent)}): give the day the interview was, or leave it out."
        )
    decision = calendar.local(case.decision_by) if case.decision_by else None
    if met and decision and decision.date() < met.date():
        _refuse(f"decision_by is {_day(decision)}, before the interview on {_day(met)}: one of the two dates is wrong.")
    for name, moment in (("sent_at", case.sent_at), ("decision_by", case.decision_by)):
        if moment and calendar.local(moment) > calendar.local(now) + timedelta(days=_FAR_AHEAD_DAYS):
            _refuse(f"{name} is {_day(calendar.local(moment))}, more than a year ahead: check the year.")
    for moment in case.previous_messages:
        local = calendar.local(moment)
        if local.date() > sent.date() if _is_day(moment) else local > sent:
            _refuse(
                f"previous_messages has {_day(local)}, after {at_sending} ({_day(sent)}): give only messages already sent."
            )


def _refuse(message: str) -> None:
    raise InputError("bad_time", message)


def _is_day(moment: datetime | None) -> bool:
    return moment is not None and moment.time() == datetime.min.time()


def time_message(draft: Draft, now: datetime, calendar: Calendar) -> Timing | None:
    """The verdict, why, and the window to send in. None where no date is known, for then nothing can be told."""
    case = draft.case
    known = _situation(draft, now, calendar)
    if not (known.interviewed or known.promise or (known.previous and draft.kind == "follow_up")):
        return None
    stopped = _stop(known)
    if stopped:
        return stopped
    timing = {
        "thank_you": _thank_you,
        "follow_up": _follow_up,
        "clarification": _clarification,
        "rejection_reply": _rejection_reply,
    }[draft.kind](known)
    if case.channel == "card" and timing.verdict != "wait":
        return Timing(timing.verdict, timing.message + _text("card"), timing.send_between)
    return timing


def _situation(draft: Draft, now: datetime, calendar: Calendar) -> _Situation:
    case = draft.case
    met = calendar.local(case.interviewed_at) if case.interviewed_at else None
    day = met.date() if met else None
    if case.decision_by:
        promise: Promise | None = Promise(calendar.local(case.decision_by).date(), "")
    else:
        body = "\n".join(draft.text[start:end] for start, end in draft.spans_of("body"))
        promise = promise_in(case.notes, day, calendar) or promise_in(body, day, calendar, told=True)
    return _Situation(
        draft,
        calendar,
        _in_zone_of(calendar.local(moment_of(case, now)), met, calendar).replace(second=0, microsecond=0),
        met,
        _is_day(case.interviewed_at),
        promise,
        tuple(sorted(calendar.local(moment) for moment in case.previous_messages)),
    )


def _in_zone_of(moment: datetime, met: datetime | None, calendar: Calendar) -> datetime:
    """Where no zone is chosen, office hours are those of the interview's own offset."""
    return moment.astimezone(met.tzinfo) if met and calendar.zone is None else moment


# ---- the kinds


def _stop(known: _Situation) -> Timing | None:
    if known.draft.kind == "rejection_reply":
        return None
    said = _earlier_by_words(known.draft)
    most = int(known.calendar.settings.most_follow_ups)
    asked = known.asked
    if known.draft.kind == "follow_up" and len(asked) >= most:
        times = {1: "once", 2: "twice"}.get(len(asked), f"{len(asked)} times")
        days = (asked[-1].date() - asked[0].date()).days + 1
        span = (
            f", within {days} days"
            if len(asked) > 1 and days <= int(known.calendar.settings.between_follow_ups_days)
            else ""
        )
        if most == 0:
            times = times if asked else "enough"
        return Timing("stop", _text("stop", count=times, span=span))
    if said > most - 1 and said >= 2:
        return Timing("stop", _text("stop_words", nth={2: "third", 3: "fourth"}.get(said, "fifth")))
    return None


def _earlier_by_words(draft: Draft) -> int:
    body = " ".join(draft.text[start:end] for start, end in draft.spans_of("subject", "body"))
    rules = load_toml("timing.toml")["words"]["pestering"]
    return max((int(rule["earlier"]) for rule in rules if re.search(rule["pattern"], body, re.IGNORECASE)), default=0)


def _thank_you(known: _Situation) -> Timing:
    settings, calendar, now = known.calendar.settings, known.calendar, known.now
    met = known.interviewed
    if met is None:
        assert known.promise is not None  # else there is no date at all
        return _by_promise(known, known.promise)
    written = [moment for moment in known.previous if moment >= met]
    if written:
        due, _ = _due(known)
        start = max(calendar.next_hour(now), calendar.opening(due, now.tzinfo))
        return Timing(
            "wait", _text("thank_you_again", last_message=_day(written[-1]), next=_day(start)), _window(known, start)
        )
    hours = int(settings.thank_you_hours)
    # given as a day, it may have ended with the office
    ended = calendar.closing(met.date(), met.tzinfo) if known.day_only else met
    last = ended + timedelta(hours=hours)
    facts = {"interview": _day(met), "hours": hours, "days": (now.date() - met.astimezone(now.tzinfo).date()).days}
    if now <= last:
        start = _awake(now)
        if start >= last:
            start = now
        message = _text("thank_you_now", last=_moment(last.astimezone(now.tzinfo)), **facts)
        why = _why_off(known, start.date())
        if why:
            message += _text("at_once_day_off", day=f"{start:%A}", why=why)
        return Timing("send_now" if start == now else "send_soon", message, (start, last.astimezone(now.tzinfo)))
    start = calendar.next_hour(now)
    very = now > ended + timedelta(days=int(settings.thank_you_late_days))
    return _timed("late", "thank_you_very_late" if very else "thank_you_late", known, start, **facts)


def _by_promise(known: _Situation, promise: Promise) -> Timing:
    """A thank-you or a clarification where only the day of the decision is known."""
    start = known.calendar.next_hour(known.now)
    decided = known.now.date() > promise.day
    name = f"{known.draft.kind}_{'decided' if decided else 'before'}"
    return _timed("late" if decided else _at(known, start), name, known, start, promise=_day(promise.day))


def _due(known: _Situation) -> tuple[date, str]:
    """The first day to ask for news, and which of the dates it hangs on."""
    settings, calendar = known.calendar.settings, known.calendar
    days: list[tuple[date, str]] = []
    if known.promise:
        days.append((calendar.after(known.promise.day, int(settings.grace_working_days)), "promise"))
    elif known.interviewed:
        later = known.interviewed.date() + timedelta(days=int(settings.follow_up_days))
        days.append((calendar.next_working_day(later), "interview"))
    asked = known.asked or (known.previous if not days else ())
    if asked:
        later = asked[-1].date() + timedelta(days=int(settings.between_follow_ups_days))
        days.append((calendar.next_working_day(later), "last"))
    return max(days, key=lambda pair: pair[0])


def _follow_up(known: _Situation) -> Timing:
    settings, calendar, now = known.calendar.settings, known.calendar, known.now
    due, reason = _due(known)
    facts: dict[str, object] = {"grace": _counted(int(settings.grace_working_days), "working day"), "words": ""}
    if known.promise:
        facts["promise"] = _day(known.promise.day)
        facts["words"] = f" (“{known.promise.words}”)" if known.promise.words else ""
    if known.interviewed:
        facts["interview"] = _day(known.interviewed)
    if known.previous:
        facts["last_message"] = _day((known.asked or known.previous)[-1])
    if now.date() < due:
        start = calendar.opening(due, now.tzinfo)
        return _timed("wait", f"follow_up_wait_{reason}", known, start, **facts)
    start = calendar.next_hour(now)
    facts["reason"] = _text(f"reason_{reason}", **facts)
    if (now.date() - due).days >= int(settings.follow_up_late_days):
        return _timed("late", "follow_up_late", known, start, due=_day(due), **facts)
    return _timed(_at(known, start), "follow_up_now", known, start, **facts)


def _clarification(known: _Situation) -> Timing:
    start = known.calendar.next_hour(known.now)
    if known.promise and (known.interviewed is None or known.now.date() > known.promise.day):
        return _by_promise(known, known.promise)
    assert known.interviewed is not None  # else there is no date at all
    days = (known.now.date() - known.interviewed.date()).days
    late = days > int(known.calendar.settings.clarification_days)
    facts = {"interview": _day(known.interviewed), "days": days}
    return _timed(
        "late" if late else _at(known, start),
        "clarification_late" if late else "clarification_now",
        known,
        start,
        **facts,
    )


def _rejection_reply(known: _Situation) -> Timing:
    start = known.calendar.next_hour(known.now)
    return _timed(_at(known, start), "rejection_now", known, start)


# ---- words and windows


def _at(known: _Situation, start: datetime) -> Verdict:
    return "send_now" if start == known.now else "send_soon"


def _timed(verdict: Verdict, name: str, known: _Situation, start: datetime, **facts: object) -> Timing:
    if verdict == "wait":
        following = _day(start)
    elif start == known.now:
        following = "today"
    else:
        following = "tomorrow morning" if start.date() == known.now.date() + timedelta(days=1) else f"on {_day(start)}"
        following = "this morning" if start.date() == known.now.date() else following
    message = _text(name, next=following, **facts)
    why = _why_off(known, known.now.date())
    if why and verdict != "wait":
        message += _text("day_off", day=f"{known.now:%A}", why=why)
    return Timing(verdict, message, _window(known, start))


def _window(known: _Situation, start: datetime) -> tuple[datetime, datetime]:
    """From the start to the end of the working day after it."""
    calendar = known.calendar
    return start, calendar.closing(calendar.after(start.date(), 1), start.tzinfo)


def _why_off(known: _Situation, day: date) -> str:
    if known.calendar.works(day):
        return ""
    return known.calendar.holiday(day) or "at the weekend"


def _awake(moment: datetime) -> datetime:
    if moment.hour < _AWAKE_FROM:
        return moment.replace(hour=_AWAKE_FROM, minute=0, second=0, microsecond=0)
    if moment.hour >= _AWAKE_TO:
        return (moment + timedelta(days=1)).replace(hour=_AWAKE_FROM, minute=0, second=0, microsecond=0)
    return moment


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _day(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"


def _moment(moment: datetime) -> str:
    return f"{moment:%H:%M} on {_day(moment)}"


def _text(name: str, **facts: Any) -> str:
    return str(load_toml("timing.toml")["messages"][name]).format(**facts)
