"""Remarks on the frame: each fires where it should and is silent on a letter that is in order."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from analyzer.timing import etiquette_findings
from analyzer.types import Draft, Evidence, Finding, Kind, Matching

Parse = Callable[..., Draft]
ORDERLY = (
    "Subject: Thank you – Returns Coordinator interview\n\nDear Ms Nair,\n\nThank you for the talk about returns. "
    "I look forward to hearing from you.\n\nKind regards,\nDana Whitfield"
)


def remarks(
    parse: Parse, text: str, read_as: Kind | None = None, probability: float = 0.99, **fields: object
) -> dict[str, Finding]:
    draft = parse(text, **{"interviewer": "Priya Nair", **fields})
    evidence = Evidence(draft, (), Matching(), (), ())
    found = etiquette_findings(evidence, read_as or draft.kind, probability)
    for finding in found:
        assert text[finding.start : finding.end] == finding.text and "{" not in finding.message
    return {finding.rule.removeprefix("etiquette."): finding for finding in found}


def test_a_letter_in_order_gets_no_remark(parse: Parse) -> None:
    assert remarks(parse, ORDERLY) == {}


@pytest.mark.parametrize(
    ("old", "new", "rule", "suggestion"),
    [
        (
            "Subject: Thank you – Returns Coordinator interview\n\n",
            "",
            "subject_missing",
            "Thank you – Buyer interview",
        ),
        (
            "Thank you – Returns Coordinator interview",
            "Thank you!",
            "subject_says_nothing",
            "Thank you – Buyer interview",
        ),
        (
            "Thank you – Returns Coordinator interview",
            "THANK YOU NAIR",
            "subject_shouts",
            "Thank you – Buyer interview",
        ),
        (
            "Returns Coordinator interview",
            "for the very nice talk we had on Monday about returns",
            "subject_long",
            "Thank you – Buyer interview",
        ),
        ("Dear Ms Nair", "Dear Hiring Manager", "greeting_to_nobody", "Dear Priya Nair,"),
        ("Dear Ms Nair", "To whom it may concern", "greeting_to_nobody", "Dear Priya Nair,"),
        ("Dear Ms Nair", "Dear Ms Priya", "greeting_title", "Dear Ms Nair,"),
        ("I look", "I have attached my plan. I look", "attachment", None),
        ("I look", "I rang this morning and left word. I look", "pestering", None),
        ("I look", "This is the third time I write: third email, no answer. I look", "pestering", None),
    ],
)
def test_what_is_out_of_order_is_named_with_its_cure(
    parse: Parse, old: str, new: str, rule: str, suggestion: str | None
) -> None:
    found = remarks(parse, ORDERLY.replace(old, new, 1), role="Buyer")
    assert list(found) == [rule]
    assert suggestion is None or suggestion in found[rule].suggestions


@pytest.mark.parametrize(
    "greeting", ["Dear Priya", "Dear Ms Nair", "Dear Priya Nair", "Dear Ms Priya Nair", "Hi Priya"]
)
def test_right_forms_of_a_name_are_left_alone(parse: Parse, greeting: str) -> None:
    assert remarks(parse, ORDERLY.replace("Dear Ms Nair", greeting)) == {}


def test_a_kind_that_the_text_denies_is_remarked_on_only_where_it_is_plain(parse: Parse) -> None:
    assert "follow-up" in remarks(parse, ORDERLY, "follow_up", 0.95)["kind"].message
    assert remarks(parse, ORDERLY, "follow_up", 0.6) == {}


@pytest.mark.parametrize("channel", ["card", "linkedin"])
def test_a_subject_line_belongs_to_mail_only(parse: Parse, channel: str) -> None:
    assert f"subject_on_{channel}" in remarks(parse, ORDERLY, channel=channel)
    assert remarks(parse, ORDERLY.split("\n\n", 1)[1], channel=channel) == {}


@pytest.mark.parametrize(
    ("channel", "kind", "rule"),
    [
        ("email", "thank_you", "length"),
        ("email", "follow_up", "length"),
        ("card", "thank_you", "length_on_card"),
        ("linkedin", "thank_you", "length_on_linkedin"),
    ],
)
def test_length_is_judged_by_kind_and_channel(parse: Parse, channel: str, kind: str, rule: str) -> None:
    long = ORDERLY.replace("I look", "We spoke of the scanner app in the depots. " * 30 + "I look")
    assert rule in remarks(parse, long, channel=channel, kind=kind)


def test_an_unknown_channel_is_refused_with_the_known_ones(parse: Parse) -> None:
    with pytest.raises(Exception, match="email, card or linkedin"):
        parse(ORDERLY, channel="pigeon")
