"""Fields of a case: what is tolerated, what is refused, and that every refusal names row, field and cure."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analyzer.errors import InputError
from analyzer.reading import case_from_fields, parse_time
from analyzer.types import Case

NAN = float("nan")
FIELDS = [
    *("draft", "id", "kind", "notes", "interviewer", "company", "role"),
    *("interviewed_at", "sent_at", "decision_by", "previous_messages"),
]


def refusal(**fields: object) -> InputError:
    with pytest.raises(InputError) as caught:
        case_from_fields(fields, 7)
    message = caught.value.message
    assert message.startswith("Row 7") and message.endswith(".") and message.encode() and len(message) < 300
    return caught.value


def test_a_draft_alone_is_enough() -> None:
    assert case_from_fields({"draft": " Hi\r\n"}, 7) == Case(draft=" Hi\r\n", id="7")


@pytest.mark.parametrize("nothing", [None, "", NAN, "  "])
def test_empty_fields_take_their_defaults(nothing: object) -> None:
    fields = {name: nothing for name in FIELDS if name not in ("draft", "notes")}
    assert case_from_fields({"draft": "Hi", **fields}, 3) == Case(draft="Hi", id="3")


def test_unknown_fields_are_ignored() -> None:
    assert case_from_fields({"draft": "Hi", "Draft": 1, "overall": [5]}, 1) == Case(draft="Hi")


@pytest.mark.parametrize(
    ("value", "text"), [(12.0, "12"), (12, "12"), (1.5, "1.5"), (Decimal("3.0"), "3"), ("12.0", "12.0"), (" a ", "a")]
)
def test_ids_become_text(value: object, text: str) -> None:
    assert case_from_fields({"draft": "Hi", "id": value}, 1).id == text


@pytest.mark.parametrize("variant", ["Thank-you", "thank you", "THANK_YOU", " thankyou ", "thank\u2011you"])
def test_variants_of_a_kind_are_understood(variant: str) -> None:
    assert case_from_fields({"draft": "Hi", "kind": variant}, 1).kind == "thank_you"


@pytest.mark.parametrize("kind", ["thanks", 3, ["thank_you"], True])
def test_an_unknown_kind_names_the_four(kind: object) -> None:
    trouble = refusal(draft="Hi", kind=kind)
    assert trouble.code == "unknown_kind"
    assert all(name in trouble.message for name in ("thank_you", "follow_up", "clarification", "rejection_reply"))


@pytest.mark.parametrize(
    ("value", "time"),
    [
        ("2026-11-23", datetime(2026, 11, 23)),
        (" 2026-11-23T14:30 ", datetime(2026, 11, 23, 14, 30)),
        ("2026-11-23 14:30:05.5", datetime(2026, 11, 23, 14, 30, 5, 500_000)),
        ("2026-11-23T14:30Z", datetime(2026, 11, 23, 14, 30, tzinfo=UTC)),
        ("20261123T143000+0530", datetime(2026, 11, 23, 14, 30, tzinfo=timezone(timedelta(minutes=330)))),
        (datetime(2026, 11, 23, 1), datetime(2026, 11, 23, 1)),
        (date(2026, 11, 23), datetime(2026, 11, 23)),
    ],
)
def test_iso_times_are_read(value: object, time: datetime) -> None:
    read = parse_time(value)
    assert read == time and read.tzinfo == time.tzinfo
    assert case_from_fields({"draft": "Hi", "sent_at": value}, 1).sent_at == time


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("2026-02-30", "does not exist"),
        ("2026-11-23T25:00", "does not exist"),
        ("30 February", "cannot be read"),
        ("23/11/2026", "cannot be read"),
        ("2026-11-23-05:00", "cannot be read"),
        (45_000.5, "a number"),
        (True, "true or false"),
        ([], "a list"),
        ("9999-12-31", "year 9999"),
        ("0001-01-01", "year 1"),
        ("x" * 10_000, "cannot be read"),
    ],
)
def test_other_times_are_refused_in_plain_words(value: object, words: str) -> None:
    trouble = refusal(draft="Hi", decision_by=value)
    assert trouble.code == "bad_time" and "decision_by" in trouble.message and words in trouble.message


@pytest.mark.parametrize(
    "value",
    [["2026-11-01", "2026-11-02T00:00"], "2026-11-01; 2026-11-02;", (date(2026, 11, 1), None, datetime(2026, 11, 2))],
)
def test_previous_messages_are_a_list_or_text(value: object) -> None:
    case = case_from_fields({"draft": "Hi", "previous_messages": value}, 1)
    assert case.previous_messages == (datetime(2026, 11, 1), datetime(2026, 11, 2))


def test_previous_messages_may_be_one_time() -> None:
    case = case_from_fields({"draft": "Hi", "previous_messages": date(2026, 11, 1)}, 1)
    assert case.previous_messages == (datetime(2026, 11, 1),)


@pytest.mark.parametrize(
    ("value", "code"), [([1], "bad_time"), ({"a": 1}, "bad_time"), (["2026-11-01"] * 101, "too_large")]
)
def test_other_previous_messages_are_refused(value: object, code: str) -> None:
    assert refusal(draft="Hi", previous_messages=value).code == code


@pytest.mark.parametrize("value", [["Hi"], {"a": 1}, True, b"Hi", float("inf"), date(2026, 1, 1), 10**5000], ids=type)
@pytest.mark.parametrize("name", ["draft", "notes", "company", "id"])
def test_wrong_types_are_refused(name: str, value: object) -> None:
    trouble = refusal(**{"draft": "Hi", name: value})
    assert trouble.code == "bad_field" and name in trouble.message


@pytest.mark.parametrize(("nothing", "code"), [(None, "missing_draft"), (NAN, "missing_draft"), (" \n", "empty_draft")])
def test_a_missing_draft_is_told_from_an_empty_one(nothing: object, code: str) -> None:
    assert refusal(draft=nothing).code == code
    trouble = refusal(draft=nothing, notes="met Anna")
    assert trouble.code == code and "notes but no draft" in trouble.message


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("draft", "a\0b", "not_text"),
        ("draft", "a\x0bb", "not_text"),
        ("notes", "a\x1b", "not_text"),
        ("draft", "a\ud800b", "bad_encoding"),
        ("role", "\udfff", "bad_encoding"),
        ("id", "a\nb", "bad_field"),
        ("draft", "a" * 20_001, "too_large"),
        ("notes", "a" * 50_001, "too_large"),
        ("company", "a" * 1001, "too_large"),
        ("id", "a" * 201, "too_large"),
    ],
)
def test_characters_and_lengths_are_checked(name: str, value: str, code: str) -> None:
    trouble = refusal(**{"draft": "Hi", name: value})
    assert trouble.code == code and name in trouble.message


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.datetimes() | st.decimals(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=5,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(FIELDS), values))
def test_any_record_is_a_case_or_an_input_error(fields: dict[str, object]) -> None:
    try:
        case = case_from_fields(fields, 1)
    except InputError as trouble:
        trouble.message.encode()
    else:
        assert case.draft.strip() and case.id
