"""Phrases of jottings and the day they promise an answer by; None where that would be a guess. The interview is on Monday 2026-11-16."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.settings import load_settings
from analyzer.timing import Calendar
from analyzer.timing.promised import promise_in

MONDAY = date(2026, 11, 16)
CALENDAR = Calendar(
    replace(load_settings(Path("no settings of the user's")).timing, country="GB-ENG", zone="Europe/London")
)

READ = {
    "decision w/c 23rd": "11-27",
    "hire decision with the director, wk of the 23rd": "11-27",
    "answer by end Nov": "11-30",
    "decision wc 30 nov": "12-04",
    "decision week commencing Mon 7 December": "12-11",
    "she calls thurs latest": "11-19",
    "will ring me Friday": "11-20",
    "decision by fri 20th": "11-20",
    "hear by the 27th": "11-27",
    "will hear by the 3rd": "12-03",
    "decision 14 december": "12-14",
    "decision by December 14th": "12-14",
    "hear by 9 Jan": None,
    "decision by 9 January": None,
    "hear by end of this week": "11-20",
    "decision by end of next week": "11-27",
    "they'll be in touch next week": "11-27",
    "she'd let me know tomorrow": "11-17",
    "decide in a fortnight": "11-30",
    "decision takes 2-3 weeks": "12-07",
    "hear within 10 days": "11-26",
    "hear within five working days": "11-23",
    "decision in a week or two": "11-30",
    "get back to me in a couple of days": "11-18",
    "decision by end of the month": "11-30",
    "decision end of January": "01-31",
    "decision 2026-12-01": "12-01",
    "outcome next tuesday": "11-24",
}
READ["hear by 9 Jan"] = READ["decision by 9 January"] = "01-09"

UNREAD = (
    "decision soon",
    "decision after Easter",
    "decision after the 20th",
    "decision thurs or fri",
    "decision 3rd-5th",
    "decision 12/11",
    "decision fri 18th",  # the 18th is a Wednesday
    "hear by 31st",  # November has 30 days
    "decision early december",
    "decision 2 weeks ago",
    "no decision before friday",
    "he might decide friday",
    "I said I'd call Thursday",
    "I rang Thursday, no answer by now",
    "second round on the 24th, decision open",
    "met Tues 17th, nice team",
    "starts 1 December",
    "decision friday??",
    "bins go fortnightly; decision later",
    "2 shifts, 4 days a week, decision by phone",
    "decision by 31 February",
    "decision in 2 months",
    "I call friday",
    "hears 40 cases a week",
    "decision 2nd week of December",
    "decision 2nd half Nov",
    "he decides after Feb 1",
    "off till 23rd, will ring when back",
    "took 7 weeks to answer",
    "decided in the week after the fair",
    "hear by Friday 26th, she is on leave till 22nd",
    "must answer by 30th",
)


@pytest.mark.parametrize("words", READ)
def test_a_phrase_with_one_reading_is_resolved_against_the_interview(words: str) -> None:
    promise = promise_in(f"returns 4%. {words}. 28k", MONDAY, CALENDAR)
    assert promise and f"{promise.day:%m-%d}" == READ[words]
    assert promise.day >= MONDAY and promise.words in words


@pytest.mark.parametrize("words", UNREAD)
def test_a_phrase_with_several_readings_or_none_is_left_alone(words: str) -> None:
    assert promise_in(words, MONDAY, CALENDAR) is None


@pytest.mark.parametrize("words", [words for words in READ if "2026" not in words])
def test_without_an_interview_only_a_full_date_is_read(words: str) -> None:
    assert promise_in(words, None, CALENDAR) is None


def test_of_two_promises_the_later_holds() -> None:
    assert (
        promise := promise_in("decision by friday. HR will email by the 25th.", MONDAY, CALENDAR)
    ) and promise.day.day == 25


@given(st.text(max_size=200), st.dates(date(1971, 1, 1), date(2198, 12, 31)))
def test_any_text_is_read_without_trouble_and_never_gives_a_day_before_the_interview(text: str, day: date) -> None:
    promise = promise_in(f"decision {text}", day, CALENDAR)
    assert promise is None or promise.day >= day


@given(
    st.sampled_from([*READ, *UNREAD]), st.sampled_from([*READ, *UNREAD]), st.dates(date(1971, 1, 1), date(2198, 11, 30))
)
def test_any_phrases_on_any_day_give_no_day_before_the_interview(one: str, other: str, day: date) -> None:
    promise = promise_in(f"{one} {other}", day, CALENDAR)
    assert promise is None or promise.day >= day or "2026" in promise.words
