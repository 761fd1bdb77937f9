"""The ``.ics`` and ``.eml`` files, opened by parsers that are not ours, and the text as it is copied."""

from __future__ import annotations

from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.errors import UsageError
from analyzer.parsing.layout import split_parts
from analyzer.reading import read_document_bytes
from analyzer.report.calendar import reminder
from analyzer.report.mail import body, mail_of
from analyzer.report.plain_text import plain_text
from analyzer.types import Case, Report, Timing

START = datetime.fromisoformat("2026-11-30T09:00+01:00")
END = START + timedelta(hours=8)
DRAFT = "Subject: Thank you – Buyer\r\n\r\nDear\u00a0Ana,\r\n\r\nI’m grateful. Café\u200b talk.\r\n\r\nBen"


def report(draft: str = DRAFT, interviewer: str = "Ana Ruiz", role: str = "", window: bool = True) -> Report:
    case = Case(draft=draft, kind="thank_you", interviewer=interviewer, role=role)
    timing = Timing("send_now", "Send it: today; or, at last, tomorrow.", (START, END) if window else None)
    return Report(id="1", case=case, kind="thank_you", parts=split_parts(draft), timing=timing)


def test_a_calendar_program_reads_the_window_with_its_alarm() -> None:
    calendar = icalendar.Calendar.from_ical(reminder(report(), now=START))
    (event,) = calendar.walk("VEVENT")
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (START, END)
    assert str(event["summary"]) == "Send your thank-you note to Ana Ruiz"
    assert str(event["description"]) == "Send it: today; or, at last, tomorrow."
    assert len(event.walk("VALARM")) == 1
    assert b"grateful" not in reminder(report())


def test_the_same_window_makes_the_same_event_so_that_it_replaces_itself() -> None:
    assert reminder(report(), now=START) == reminder(report(), now=START)


def test_without_a_window_there_is_nothing_to_be_reminded_of() -> None:
    with pytest.raises(UsageError, match="--interviewed-at"):
        reminder(report(window=False))


@given(st.text(max_size=80))
def test_no_name_can_add_a_line_to_the_calendar(name: str) -> None:
    hostile = report(interviewer=f"Ana\r\nEND:VEVENT\r\nATTACH:x{name}")
    calendar = icalendar.Calendar.from_ical(reminder(hostile, now=START))
    (event,) = calendar.walk("VEVENT")
    assert "attach" not in event and event.decoded("dtstart") == START


def test_a_mail_program_reads_subject_and_text() -> None:
    message = message_from_bytes(mail_of(report()), policy=default)
    assert message["subject"] == "Thank you – Buyer" and message["x-unsent"] == "1" and message["to"] is None
    assert message.get_content().replace("\r\n", "\n") == "Dear Ana,\n\nI’m grateful. Café talk.\n\nBen\n"


def test_the_mail_is_read_by_our_own_reader_too() -> None:
    assert "I’m grateful. Café talk." in read_document_bytes(mail_of(report()), "draft.eml")


def test_a_draft_without_a_subject_line_gets_one_that_says_what_it_is() -> None:
    made = mail_of(report(draft="Dear Ana,\n\nThank you for today.\n\nBen", role="Buyer"))
    assert message_from_bytes(made, policy=default)["subject"] == "Thank you – Buyer interview"


@given(st.text(max_size=120))
def test_no_role_can_add_a_header(role: str) -> None:
    made = mail_of(
        report(draft="Dear Ana,\n\nThank you for today.\n\nBen", role=f"Buyer\r\nBcc: x@example.org\n\n{role}")
    )
    message = message_from_bytes(made, policy=default)
    assert set(message.keys()) == {"X-Unsent", "Subject", "Content-Type", "Content-Transfer-Encoding", "MIME-Version"}
    assert not message.defects


@given(st.text(max_size=200))
def test_any_draft_arrives_as_it_would_be_copied(text: str) -> None:
    made = report(draft=f"Dear Ana,\n\n{text}\n\nBen")
    content = message_from_bytes(mail_of(made), policy=default).get_content()
    assert content.replace("\r\n", "\n") == body(made) + "\n"


@given(st.text())
def test_plain_text_is_stable_and_holds_nothing_invisible(text: str) -> None:
    plain = plain_text(text)
    assert plain_text(plain) == plain
    assert not set(plain) & set("\u200b\ufeff\u2060\u00ad\u202e\u00a0\r\t\x00")


def test_typographic_quotes_and_joined_emoji_stay() -> None:
    kept = "“It’s here” – 👩\u200d🔬 नमस्ते"
    assert plain_text(kept) == kept
    assert plain_text("th\u200dank\u200c you") == "thank you"
