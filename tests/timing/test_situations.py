"""Dated situations with the verdict and the window each must get. 2026-11-23 is a Monday."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from analyzer.errors import AnalyzerError
from analyzer.settings import TimingSettings, load_settings
from analyzer.timing import Calendar, check_dates, time_message
from analyzer.types import Draft, Timing

Parse = Callable[..., Draft]
BODIES = {
    "thank_you": "Dear Ana,\n\nThank you for the talk about returns. I look forward to hearing from you.\n\nBen",
    "follow_up": "Dear Ana,\n\nI wondered whether there is any news on the role.\n\nBen",
    "clarification": "Dear Ana,\n\nI gave you a wrong figure: it was four percent, not forty.\n\nBen",
    "rejection_reply": "Dear Ana,\n\nThank you for letting me know. I would be glad to hear of other posts.\n\nBen",
}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> TimingSettings:
    defaults = load_settings(tmp_path_factory.mktemp("none") / "none.toml").timing
    return replace(defaults, country="GB-ENG", zone="Europe/London")


def told(parse: Parse, settings: TimingSettings, kind: str, now: str, **fields: object) -> Timing | None:
    draft = parse(str(fields.pop("draft", BODIES[kind])), kind=kind, **fields)
    moment = datetime.fromisoformat(now)
    calendar = Calendar(settings)
    moment = calendar.local(moment)
    check_dates(draft.case, moment, calendar)
    return time_message(draft, moment, calendar)


# name: kind, now, fields, verdict, start of the window as "MM-DD HH:MM" ("" where there is none)
SITUATIONS: dict[str, tuple[str, str, dict[str, object], str, str]] = {
    "interview this morning": (
        "thank_you",
        "2026-11-23T15:00",
        {"interviewed_at": "2026-11-23T10:00"},
        "send_now",
        "11-23 15:00",
    ),
    "interview today, given as a day": (
        "thank_you",
        "2026-11-23T18:00",
        {"interviewed_at": "2026-11-23"},
        "send_now",
        "11-23 18:00",
    ),
    "late in the evening": (
        "thank_you",
        "2026-11-23T23:10",
        {"interviewed_at": "2026-11-23T16:00"},
        "send_soon",
        "11-24 07:00",
    ),
    "before dawn": (
        "thank_you",
        "2026-11-24T04:00",
        {"interviewed_at": "2026-11-23T16:00"},
        "send_soon",
        "11-24 07:00",
    ),
    "the next morning": (
        "thank_you",
        "2026-11-24T09:30",
        {"interviewed_at": "2026-11-23T16:00"},
        "send_now",
        "11-24 09:30",
    ),
    "the last minute of the day": (
        "thank_you",
        "2026-11-24T10:00",
        {"interviewed_at": "2026-11-23T10:00"},
        "send_now",
        "11-24 10:00",
    ),
    "a minute too late": (
        "thank_you",
        "2026-11-24T10:01",
        {"interviewed_at": "2026-11-23T10:00"},
        "late",
        "11-24 10:01",
    ),
    "yesterday, given as a day": (
        "thank_you",
        "2026-11-24T16:00",
        {"interviewed_at": "2026-11-23"},
        "send_now",
        "11-24 16:00",
    ),
    "three days late": ("thank_you", "2026-11-26T11:00", {"interviewed_at": "2026-11-23T10:00"}, "late", "11-26 11:00"),
    "ten days late": ("thank_you", "2026-12-03T11:00", {"interviewed_at": "2026-11-23T10:00"}, "late", "12-03 11:00"),
    "late on a Saturday": (
        "thank_you",
        "2026-11-28T11:00",
        {"interviewed_at": "2026-11-25T10:00"},
        "late",
        "11-30 09:00",
    ),
    "Friday's interview, on Saturday": (
        "thank_you",
        "2026-11-28T11:00",
        {"interviewed_at": "2026-11-27T15:00"},
        "send_now",
        "11-28 11:00",
    ),
    "thanked already": (
        *("thank_you", "2026-11-25T11:00"),
        {"interviewed_at": "2026-11-23T10:00", "previous_messages": ["2026-11-23T18:00"]},
        *("wait", "11-30 09:00"),
    ),
    "thanks before the decision, interview unknown": (
        "thank_you",
        "2026-11-25T11:00",
        {"decision_by": "2026-11-27"},
        "send_now",
        "11-25 11:00",
    ),
    "thanks after the decision, interview unknown": (
        "thank_you",
        "2026-11-30T11:00",
        {"decision_by": "2026-11-27"},
        "late",
        "11-30 11:00",
    ),
    "a day after": ("follow_up", "2026-11-24T11:00", {"interviewed_at": "2026-11-23"}, "wait", "11-30 09:00"),
    "six days after": ("follow_up", "2026-11-29T11:00", {"interviewed_at": "2026-11-23"}, "wait", "11-30 09:00"),
    "a week after": ("follow_up", "2026-11-30T11:00", {"interviewed_at": "2026-11-23"}, "send_now", "11-30 11:00"),
    "a week after, in the night": (
        "follow_up",
        "2026-11-30T23:00",
        {"interviewed_at": "2026-11-23"},
        "send_soon",
        "12-01 09:00",
    ),
    "a week after, before work": (
        "follow_up",
        "2026-11-30T06:00",
        {"interviewed_at": "2026-11-23"},
        "send_soon",
        "11-30 09:00",
    ),
    "a week after a Saturday": (
        "follow_up",
        "2026-11-28T11:00",
        {"interviewed_at": "2026-11-21"},
        "wait",
        "11-30 09:00",
    ),
    "nine days after, on a Saturday": (
        "follow_up",
        "2026-12-05T11:00",
        {"interviewed_at": "2026-11-26"},
        "send_soon",
        "12-07 09:00",
    ),
    "a week after falls on a bank holiday": (
        "follow_up",
        "2026-12-24T11:00",
        {"interviewed_at": "2026-12-18"},
        "wait",
        "12-29 09:00",
    ),
    "on Boxing Day's substitute": (
        "follow_up",
        "2026-12-28T11:00",
        {"interviewed_at": "2026-12-16"},
        "send_soon",
        "12-29 09:00",
    ),
    "a month after": ("follow_up", "2026-12-21T11:00", {"interviewed_at": "2026-11-23"}, "late", "12-21 11:00"),
    "promised tomorrow": (
        "follow_up",
        "2026-11-26T11:00",
        {"interviewed_at": "2026-11-16", "decision_by": "2026-11-27"},
        "wait",
        "12-01 09:00",
    ),
    "promised today": (
        "follow_up",
        "2026-11-27T11:00",
        {"interviewed_at": "2026-11-16", "decision_by": "2026-11-27"},
        "wait",
        "12-01 09:00",
    ),
    "the promised date passed yesterday": (
        *("follow_up", "2026-11-25T11:00"),
        {"interviewed_at": "2026-11-16", "decision_by": "2026-11-24"},
        *("wait", "11-26 09:00"),
    ),
    "two working days of grace have passed": (
        *("follow_up", "2026-11-26T11:00"),
        {"interviewed_at": "2026-11-16", "decision_by": "2026-11-24"},
        *("send_now", "11-26 11:00"),
    ),
    "grace runs over Christmas": (
        "follow_up",
        "2026-12-28T11:00",
        {"decision_by": "2026-12-24"},
        "wait",
        "12-30 09:00",
    ),
    "ten days after the promise": (
        "follow_up",
        "2026-12-04T11:00",
        {"decision_by": "2026-11-24"},
        "late",
        "12-04 11:00",
    ),
    "promised in the notes: w/c": (
        *("follow_up", "2026-11-26T11:00"),
        {"interviewed_at": "2026-11-16", "notes": "returns 4%. decision w/c 23rd"},
        *("wait", "12-01 09:00"),
    ),
    "promised in the notes: thurs latest": (
        *("follow_up", "2026-11-23T11:00"),
        {"interviewed_at": "2026-11-16T09:00", "notes": "nice team; she calls thurs latest"},
        *("send_now", "11-23 11:00"),
    ),
    "promised in the notes: a fortnight": (
        *("follow_up", "2026-11-25T11:00"),
        {"interviewed_at": "2026-11-16", "notes": "they decide in a fortnight"},
        *("wait", "12-02 09:00"),
    ),
    "promised in the draft only": (
        *("follow_up", "2026-11-25T11:00"),
        {
            "interviewed_at": "2026-11-16",
            "draft": "Dear Ana,\n\nYou said I would hear by the end of next week. Is there any news?\n\nBen",
        },
        *("wait", "12-01 09:00"),
    ),
    "a field goes before the notes": (
        *("follow_up", "2026-11-25T11:00"),
        {"interviewed_at": "2026-11-16", "decision_by": "2026-11-20", "notes": "decision w/c 30th"},
        *("send_now", "11-25 11:00"),
    ),
    "asked three days ago": (
        *("follow_up", "2026-12-03T11:00"),
        {"interviewed_at": "2026-11-16", "previous_messages": ["2026-11-30T10:00"]},
        *("wait", "12-07 09:00"),
    ),
    "asked a week ago": (
        *("follow_up", "2026-12-07T11:00"),
        {"interviewed_at": "2026-11-16", "previous_messages": ["2026-11-30T10:00"]},
        *("send_now", "12-07 11:00"),
    ),
    "thanked, then silent": (
        *("follow_up", "2026-11-30T11:00"),
        {"interviewed_at": "2026-11-23T10:00", "previous_messages": ["2026-11-23T20:00"]},
        *("send_now", "11-30 11:00"),
    ),
    "asked twice": (
        *("follow_up", "2026-12-14T11:00"),
        {"interviewed_at": "2026-11-16", "previous_messages": ["2026-11-30", "2026-12-07"]},
        *("stop", ""),
    ),
    "three chases in four days": (
        *("follow_up", "2026-11-28T11:00"),
        {
            "interviewed_at": "2026-11-16",
            "previous_messages": ["2026-11-24T10:00", "2026-11-25T09:00", "2026-11-27T08:00"],
        },
        *("stop", ""),
    ),
    "third message by its own words": (
        *("follow_up", "2026-12-14T11:00"),
        {
            "interviewed_at": "2026-11-16",
            "draft": "Dear Ana,\n\nThis is my third email to you. Is there any news?\n\nBen",
        },
        *("stop", ""),
    ),
    "only earlier messages are known": (
        "follow_up",
        "2026-11-25T11:00",
        {"previous_messages": ["2026-11-23"]},
        "wait",
        "11-30 09:00",
    ),
    "a correction the same day": (
        "clarification",
        "2026-11-23T16:00",
        {"interviewed_at": "2026-11-23T10:00"},
        "send_now",
        "11-23 16:00",
    ),
    "a correction in the evening": (
        "clarification",
        "2026-11-23T20:00",
        {"interviewed_at": "2026-11-23T10:00"},
        "send_soon",
        "11-24 09:00",
    ),
    "a correction after a week": (
        "clarification",
        "2026-11-30T11:00",
        {"interviewed_at": "2026-11-23T10:00"},
        "late",
        "11-30 11:00",
    ),
    "a correction after the decision": (
        *("clarification", "2026-11-26T11:00"),
        {"interviewed_at": "2026-11-23T10:00", "decision_by": "2026-11-25"},
        *("late", "11-26 11:00"),
    ),
    "a reply to a no": (
        "rejection_reply",
        "2026-11-26T11:00",
        {"interviewed_at": "2026-11-16"},
        "send_now",
        "11-26 11:00",
    ),
    "a reply to a no, on Sunday": (
        "rejection_reply",
        "2026-11-29T11:00",
        {"interviewed_at": "2026-11-16"},
        "send_soon",
        "11-30 09:00",
    ),
    "across the date line, within a day": (
        *("thank_you", "2026-11-24T20:00+13:00"),
        {"interviewed_at": "2026-11-23T10:00-10:00"},
        *("send_now", "11-24 07:00"),
    ),
    "across the date line, over a day": (
        *("thank_you", "2026-11-25T11:00+13:00"),
        {"interviewed_at": "2026-11-23T10:00-10:00"},
        *("late", "11-25 09:00"),
    ),
    "sent in the past": (
        *("follow_up", "2026-12-24T11:00"),
        {"interviewed_at": "2026-11-16", "sent_at": "2026-11-18T10:00"},
        *("wait", "11-23 09:00"),
    ),
}


@pytest.mark.parametrize("name", SITUATIONS)
def test_a_dated_situation_gets_its_verdict_and_window(parse: Parse, settings: TimingSettings, name: str) -> None:
    kind, now, fields, verdict, start = SITUATIONS[name]
    timing = told(parse, settings, kind, now, **fields)
    assert timing is not None
    opens = f"{timing.send_between[0]:%m-%d %H:%M}" if timing.send_between else ""
    assert (timing.verdict, opens) == (verdict, start), timing.message
    assert timing.send_between is None or timing.send_between[0] <= timing.send_between[1]
    assert timing.message.endswith(".") and "{" not in timing.message


def test_the_table_has_forty_situations_and_every_verdict() -> None:
    assert len(SITUATIONS) >= 40
    assert {verdict for _, _, _, verdict, _ in SITUATIONS.values()} == {"send_now", "send_soon", "wait", "late", "stop"}


@pytest.mark.parametrize("kind", BODIES)
@pytest.mark.parametrize("notes", ["", "decision thurs", "met Mon 9th, they decide in 2 weeks"])
def test_without_a_date_nothing_is_told(parse: Parse, settings: TimingSettings, kind: str, notes: str) -> None:
    assert told(parse, settings, kind, "2026-11-25T11:00", notes=notes, sent_at="2026-11-25") is None


def test_the_reason_quotes_the_words_of_the_notes(parse: Parse, settings: TimingSettings) -> None:
    timing = told(
        parse, settings, "follow_up", "2026-11-18T11:00", interviewed_at="2026-11-16", notes="she calls thurs latest"
    )
    assert timing and "“thurs”" in timing.message and "Thursday 19 November 2026" in timing.message


def test_holidays_count_only_in_the_chosen_country(parse: Parse, settings: TimingSettings) -> None:
    fields = {"interviewed_at": "2026-11-19"}  # a week later is Thanksgiving
    at_home = told(parse, settings, "follow_up", "2026-11-26T11:00", **fields)
    abroad = told(
        parse, replace(settings, country="US", zone="America/New_York"), "follow_up", "2026-11-26T11:00", **fields
    )
    assert at_home and at_home.verdict == "send_now"
    assert abroad and abroad.verdict == "wait" and abroad.send_between and abroad.send_between[0].day == 27


def test_the_window_is_in_the_readers_zone(parse: Parse, settings: TimingSettings) -> None:
    timing = told(
        parse, replace(settings, zone="Asia/Tokyo"), "follow_up", "2026-11-30T07:00+00:00", interviewed_at="2026-11-20"
    )
    assert (
        timing
        and timing.send_between
        and timing.send_between[0].utcoffset() == datetime.fromisoformat("2026-01-01T00:00+09:00").utcoffset()
    )


def test_a_settings_number_moves_the_verdict(parse: Parse, settings: TimingSettings) -> None:
    patient = replace(settings, follow_up_days=14)
    assert (
        timing := told(parse, patient, "follow_up", "2026-11-30T11:00", interviewed_at="2026-11-23")
    ) and timing.verdict == "wait"


def test_a_card_takes_days(parse: Parse, settings: TimingSettings) -> None:
    timing = told(parse, settings, "thank_you", "2026-11-23T15:00", interviewed_at="2026-11-23T10:00", channel="card")
    assert timing and "post" in timing.message


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"interviewed_at": "2026-11-23", "decision_by": "2026-11-20"}, "before the interview"),
        ({"interviewed_at": "2026-11-26"}, "after today’s date"),
        ({"interviewed_at": "2026-11-24", "sent_at": "2026-11-23"}, "after the message is sent"),
        ({"previous_messages": ["2026-11-20", "2026-12-01"]}, "only messages already sent"),
        ({"sent_at": "2028-11-25"}, "more than a year ahead"),
        ({"decision_by": "2036-11-25"}, "more than a year ahead"),
        ({"interviewed_at": "2026-02-30"}, "does not exist"),
        ({"previous_messages": ["2026-11-01"] * 200}, "over 100 times"),
    ],
)
def test_dates_that_cannot_be_true_are_refused_in_one_sentence(
    parse: Parse, settings: TimingSettings, fields: dict[str, object], words: str
) -> None:
    with pytest.raises(AnalyzerError, match=words) as caught:
        told(parse, settings, "follow_up", "2026-11-25T11:00", **fields)
    assert "\n" not in caught.value.message


@pytest.mark.parametrize(
    ("field", "value"), [("zone", "Mars/Olympus"), ("zone", "../etc/passwd"), ("country", "XX"), ("country", "DE-ZZ")]
)
def test_an_unknown_zone_or_country_is_named(settings: TimingSettings, field: str, value: str) -> None:
    with pytest.raises(AnalyzerError, match="not known") as caught:
        Calendar(replace(settings, **{field: value}))
    assert value in caught.value.message


@pytest.mark.parametrize(
    ("field", "value"), [("follow_up_days", -1), ("follow_up_days", 1.5), ("office_from", 18), ("office_to", 25)]
)
def test_a_settings_number_out_of_range_is_refused(settings: TimingSettings, field: str, value: float) -> None:
    with pytest.raises(AnalyzerError, match=f"timing.{field}"):
        replace(settings, **{field: value})


def test_times_without_a_zone_never_meet_times_with_one(parse: Parse, settings: TimingSettings) -> None:
    timing = told(
        *(parse, replace(settings, zone=""), "follow_up", "2026-12-01T11:00+00:00"),
        interviewed_at="2026-11-16T10:00+09:00",
        previous_messages=["2026-11-20", "2026-11-17T10:00Z"],
        decision_by="2026-11-20",
        sent_at=datetime(2026, 12, 1, 11, tzinfo=UTC),
    )
    assert timing is not None
