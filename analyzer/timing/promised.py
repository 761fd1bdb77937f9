"""The day by which an answer was promised, from jottings: “decision w/c 3rd”, “she calls thurs latest”, “in a fortnight”.

Only a clause that speaks of an answer counts, and of its dates only those that one reading fits. Everything is resolved against the
interview; without its date nothing is, except a date written in full. A wrong date is worse than none.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

from analyzer.resources import load_toml

if TYPE_CHECKING:
    from analyzer.timing.working_days import Calendar

_DAYS = r"mon(?:day)?|tue(?:s(?:day)?)?|wed(?:s|nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?"
_MONTHS = r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
_COUNTS = r"a couple(?: of)?|a|an|one|two|three|four|five|six|ten|\d{1,2}"
_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10}
_DAY_NUMBER = r"(?:the\s+)?(\d{1,2})(?:st|nd|rd|th)"
_FRIDAY = 4
# a date further from the words than this speaks of something else
_NEAR_CHARACTERS = 40


@dataclass(frozen=True, slots=True)
class Promise:
    """The last day by which an answer was promised, and the words that say so."""

    day: date
    words: str


@dataclass(frozen=True, slots=True)
class _Phrase:
    pattern: re.Pattern[str]
    read: Callable[[re.Match[str], date | None, Calendar], date | None]


def promise_in(text: str, interviewed: date | None, working: Calendar, *, told: bool = False) -> Promise | None:
    """The promise in notes; where several are made, the latest. ``told``: only what the text says that the reader said (a draft)."""
    words = load_toml("timing.toml")["words"]
    answer = re.compile(words["answer"], re.IGNORECASE)
    innocent = re.compile(words["not_the_answer"], re.IGNORECASE)
    said = re.compile(words["you_said"], re.IGNORECASE)
    found = []
    for clause in re.split(r"(?<=\?)(?!\?)|[.;\n!](?!\d)|\s[-–—]\s|,\s+(?:and|but|then)\s", text):
        # "decision friday?" is a guess of the writer's
        if "?" in clause or not answer.search(clause) or innocent.search(clause) or (told and not said.search(clause)):
            continue
        places = [match.span() for match in answer.finditer(clause)]
        dates = _dates_in(clause, interviewed, working, places)
        # two days in one clause: one of them is something else, and which is a guess
        if len({promise.day for promise in dates}) == 1:
            found.append(dates[0])
    return max(found, key=lambda promise: promise.day, default=None)


def _dates_in(clause: str, interviewed: date | None, working: Calendar, places: list[tuple[int, int]]) -> list[Promise]:
    """The dates near the words that promise an answer; none at all where one of them cannot be read."""
    taken: list[tuple[int, int]] = []
    found = []
    for phrase in _phrases():
        for match in phrase.pattern.finditer(clause):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            # longer phrases come first; what cannot be read hides its parts too
            taken.append(match.span())
            if all(min(abs(match.start() - end), abs(start - match.end())) > _NEAR_CHARACTERS for start, end in places):
                continue
            day = phrase.read(match, interviewed, working)
            if day is None or (interviewed is not None and day < interviewed):
                return []
            found.append(Promise(day, match.group().strip()))
    return found


def _number(text: str) -> int:
    squeezed = text.lower().strip()
    if squeezed.startswith("a couple"):
        return 2
    return _NUMBERS.get(squeezed) or int(squeezed)


def _weekday(name: str) -> int:
    return ("mon", "tue", "wed", "thu", "fri", "sat", "sun").index(name[:3].lower())


def _month(name: str) -> int:
    return [month.lower() for month in calendar.month_abbr].index(name[:3].lower())


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _next_numbered(interviewed: date | None, number: int) -> date | None:
    """The next day of that number after the interview; None where this or the following month has none."""
    if interviewed is None:
        return None
    if number > interviewed.day:
        return _made(interviewed.year, interviewed.month, number)
    year, month = (interviewed.year + 1, 1) if interviewed.month == 12 else (interviewed.year, interviewed.month + 1)
    return _made(year, month, number)


def _in_month(interviewed: date | None, number: int, month: int) -> date | None:
    if interviewed is None:
        return None
    day = _made(interviewed.year, month, number)
    # in November "9 January" is in the next year; in January "9 November" is behind us and no promise
    return _made(interviewed.year + 1, month, number) if day and (interviewed - day).days > 180 else day


def _friday_of(interviewed: date | None, weeks: int) -> date | None:
    if interviewed is None:
        return None
    # on a Saturday "this week" is over: what is meant is not told
    if weeks == 0 and interviewed.weekday() > _FRIDAY:
        return None
    return interviewed + timedelta(days=_FRIDAY - interviewed.weekday() + 7 * weeks)


def _read_weekday(match: re.Match[str], interviewed: date | None, working: Calendar) -> date | None:
    if interviewed is None:
        return None
    ahead = (_weekday(match["day"]) - interviewed.weekday()) % 7 or 7
    which = (match["which"] or "").lower()
    if "next" in which:
        # "next Friday": the one of the next week, the later of two readings
        return interviewed - timedelta(days=interviewed.weekday()) + timedelta(days=7 + _weekday(match["day"]))
    return interviewed + timedelta(days=ahead + (7 if match["week"] else 0))


def _read_span(match: re.Match[str], interviewed: date | None, working: Calendar) -> date | None:
    if interviewed is None:
        return None
    count = _number(match["most"] or match["count"])
    if match["or_two"]:
        count = 2
    unit = match["unit"].lower()
    if unit.startswith(("working", "business")):
        return working.after(interviewed, count)
    if unit.startswith("month"):
        return None
    return interviewed + timedelta(days=count * (7 if unit.startswith(("week", "wk")) else 1))


def _read_week_of(match: re.Match[str], interviewed: date | None, working: Calendar) -> date | None:
    number = int(match["number"])
    first = (
        _in_month(interviewed, number, _month(match["month"]))
        if match["month"]
        else _next_numbered(interviewed, number)
    )
    return first + timedelta(days=_FRIDAY - first.weekday()) if first and first.weekday() <= _FRIDAY else None


def _read_month_end(match: re.Match[str], interviewed: date | None, working: Calendar) -> date | None:
    if interviewed is None:
        return None
    month = _month(match["month"]) if match["month"] else interviewed.month
    year = interviewed.year + (1 if month < interviewed.month else 0)
    return date(year, month, calendar.monthrange(year, month)[1])


def _read_numbered(match: re.Match[str], interviewed: date | None, working: Calendar) -> date | None:
    day = _next_numbered(interviewed, int(match["number"]))
    named = match["day"]
    # "fri 4th" where the 4th is no Friday: one of the two is wrong
    return day if day is None or not named or day.weekday() == _weekday(named) else None


def _read_named_month(match: re.Match[str], interviewed: date | None, working: Calendar) -> date | None:
    number = int(match["first"] or match["last"])
    month = _month(match["month"] or match["month2"])
    year = match["year"]
    return _made(int(year), month, number) if year else _in_month(interviewed, number, month)


def _days(count: int) -> Callable[[re.Match[str], date | None, Calendar], date | None]:
    return lambda match, interviewed, working: interviewed + timedelta(days=count) if interviewed else None


def _fridays(weeks: int) -> Callable[[re.Match[str], date | None, Calendar], date | None]:
    return lambda match, interviewed, working: _friday_of(interviewed, weeks)


@cache
def _phrases() -> tuple[_Phrase, ...]:
    """Longest first: a phrase hides its parts."""

    def phrase(pattern: str, read: Callable[[re.Match[str], date | None, Calendar], date | None]) -> _Phrase:
        return _Phrase(re.compile(rf"(?<![\w/-])(?:{pattern})(?![\w/])", re.IGNORECASE), read)

    def unread(match: re.Match[str], interviewed: date | None, working: Calendar) -> date | None:
        return None

    number = r"(?:the\s+)?(?P<number>\d{1,2})(?:st|nd|rd|th)?"
    return (
        phrase(
            r"(\d{4})-(\d\d)-(\d\d)", lambda match, day, working: _made(int(match[1]), int(match[2]), int(match[3]))
        ),
        phrase(
            r"\d{1,2}[/.]\d{1,2}(?:[/.]\d{2,4})?|\d{1,2}(?:st|nd|rd|th)?\s*(?:-|–|or|/)\s*\d{1,2}(?:st|nd|rd|th)",
            unread,
        ),
        phrase(
            rf"(?:w/c|wc|w/b|(?:week|wk)\s+(?:commencing|beginning|of|starting))\s+(?:(?:{_DAYS})\s+)?{number}(?:\s+(?P<month>{_MONTHS}))?",
            _read_week_of,
        ),
        phrase(
            rf"(?:after|before|from|not before)\s+(?:(?:{_DAYS})\s+)?(?:the\s+)?\d{{1,2}}(?:st|nd|rd|th)?(?:\s+(?:{_MONTHS}))?|"
            rf"after\s+(?:{_DAYS})|after\s+(?:{_MONTHS})(?:\s+\d+)?|"
            r"till\s+(?:the\s+)?\d{1,2}(?:st|nd|rd|th)|(?:the\s+)?\d(?:st|nd|rd|th)\s+(?:week|wk|half|round|stage|interview)",
            unread,
        ),
        phrase(
            rf"(?:(?:{_DAYS})\s+)?(?:the\s+)?(?:(?P<first>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month>{_MONTHS})|"
            rf"(?P<month2>{_MONTHS})\s+(?P<last>\d{{1,2}})(?:st|nd|rd|th)?)(?:,?\s+(?P<year>20\d\d))?",
            _read_named_month,
        ),
        phrase(
            rf"(?:early|start of|beginning of|first thing)\s+(?:in\s+)?(?:{_MONTHS}|the month|next month|the new year)",
            unread,
        ),
        phrase(rf"(?:the\s+)?end\s+(?:of\s+)?(?:the\s+month|this\s+month|(?P<month>{_MONTHS}))", _read_month_end),
        phrase(
            r"(?:(?:the\s+)?(?:end|back end)\s+of|(?:late|later)|by|in|some ?time)?\s*next\s+(?:week|wk)", _fridays(1)
        ),
        phrase(
            r"(?:(?:the\s+)?end\s+of|later|by)?\s*(?:the|this)\s+(?:week|wk)(?:'s end)?(?!\s+(?:after|before|of))",
            _fridays(0),
        ),
        phrase(rf"(?:{_DAYS})\s*(?:or|/|-|–)\s*(?:{_DAYS})", unread),
        phrase(
            rf"(?P<which>(?:this|next|this coming|coming)\s+)?(?P<day>{_DAYS})\s*(?P<week>\s+week|\s+wk)?(?!\s*(?:the\s+)?\d)(?!\s*(?:or|/|-|–)\s*(?:{_DAYS}))",
            _read_weekday,
        ),
        phrase(rf"(?:(?P<day>{_DAYS})\s+)?(?:the\s+)?(?P<number>\d{{1,2}})(?:st|nd|rd|th)", _read_numbered),
        phrase(
            rf"(?P<count>{_COUNTS})(?:\s*(?:-|–|to|or)\s*(?P<most>{_COUNTS}))?\s+"
            r"(?P<unit>(?:(?:working|business)\s+)?days?|weeks?|wks?|months?)"
            r"(?P<or_two>\s+or\s+(?:two|so))?(?!\s+(?:ago|of|old|before|into))",
            _read_span,
        ),
        phrase(r"(?:(?:in|within)\s+)?a\s+fortnight|2\s*wks|a\s+fortnight", _days(14)),
        phrase(r"tomorrow|tmrw|tmw|tomoz", _days(1)),
    )
