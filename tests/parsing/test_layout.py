"""A letter's parts: what opens it, what it says, what closes it, who signed it, and what is quoted."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.parsing.draft import body_sentences
from analyzer.parsing.layout import split_parts, writer_name
from analyzer.types import Draft

LETTER = (
    "Subject: Thanks\n\nDear Ms Okafor,\n\nThank you for today. It was good.\n\n"
    "Kind regards,\nDana Whitfield\n+44 7700 900123"
)


def named(text: str) -> list[tuple[str, str]]:
    return [(part.name, text[part.start : part.end]) for part in split_parts(text)]


def only(text: str, name: str) -> list[str]:
    return [words for part, words in named(text) if part == name]


def check_laws(text: str) -> None:
    """Sorted, never overlapping, inside the text, and every visible character's line is in some part."""
    parts = split_parts(text)
    ends = 0
    for part in parts:
        assert ends <= part.start < part.end <= len(text)
        ends = part.end
    covered = {index for part in parts for index in range(part.start, part.end)}
    at = 0
    for line in text.splitlines(keepends=True):
        visible = [index for index in range(at, at + len(line)) if not text[index].isspace()]
        assert not visible or covered.intersection(visible), f"no part holds the line {line!r}"
        at += len(line)


def test_a_letter_with_all_its_parts() -> None:
    assert named(LETTER) == [
        ("subject", "Subject: Thanks"),
        ("greeting", "Dear Ms Okafor,"),
        ("body", "Thank you for today. It was good."),
        ("close", "Kind regards,"),
        ("signature", "Dana Whitfield\n+44 7700 900123"),
    ]
    assert writer_name(LETTER, split_parts(LETTER)) == "Dana Whitfield"


def test_windows_line_ends_make_no_difference() -> None:
    windows = LETTER.replace("\n", "\r\n")
    assert [(name, words.replace("\r\n", "\n")) for name, words in named(windows)] == named(LETTER)


def test_old_mac_line_ends_make_no_difference() -> None:
    assert [name for name, _ in named(LETTER.replace("\n", "\r"))] == [name for name, _ in named(LETTER)]


@pytest.mark.parametrize(
    "greeting",
    [
        *("Dear Ms Okafor,", "Hi Sam,", "Hi Sam", "Hello Dr. Meyer!", "Hey Sam!", "Good morning Sam and Priya,"),
        *("Dear Mr. van der Berg:", "Hi Nguyễn,", "Dear Siân O'Brien,", "Ana,", "Ana", "Dear Prof. Dr. Lindqvist;"),
        *("To whom it may concern", "To Whom It May Concern:", "Dear Sir or Madam,", "DEAR ANA,", "hi ana,"),
        *("Hi Ana 😀", "Good afternoon, Ms Chen,", "Dear Ana-Maria,", "Dear hiring manager,", "Hi both,"),
    ],
)
def test_forms_of_greeting(greeting: str) -> None:
    text = f"{greeting}\n\nThank you for showing me the depot today.\n\nBest,\nBen"
    assert only(text, "greeting") == [greeting]
    assert only(text, "body") == ["Thank you for showing me the depot today."]


@pytest.mark.parametrize(
    "opening",
    [
        "Thank you for showing me the depot today.",
        "Yesterday you told me about the depot.",
        "Hello there is nothing quite like a depot at six in the morning, as you said to me.",
    ],
)
def test_a_first_sentence_is_no_greeting(opening: str) -> None:
    assert only(f"{opening}\n\nI would like to help.\n\nBen", "greeting") == []


@pytest.mark.parametrize(
    "close",
    [
        *(
            "Kind regards,",
            "Best,",
            "Best wishes",
            "Many thanks,",
            "Yours sincerely,",
            "Thanks again!",
            "Cheers",
            "Thanks,",
        ),
        *(
            "Warmly,",
            "Thank you,",
            "All the best,",
            "KIND REGARDS",
            "Sincerely yours,",
            "With best regards,",
            "Regards.",
        ),
    ],
)
def test_forms_of_close(close: str) -> None:
    text = f"Dear Ana,\n\nThe depot stays with me.\n\n{close}\nBen Carter"
    assert only(text, "close") == [close]
    assert only(text, "signature") == ["Ben Carter"]


@pytest.mark.parametrize(
    "sentence",
    ["Thank you for your time.", "Thanks for the tour on Monday.", "Love was not the word you used on Monday."],
)
def test_a_last_sentence_is_no_close(sentence: str) -> None:
    text = f"Dear Ana,\n\nThe depot stays with me.\n\n{sentence}\n\nBen Carter"
    assert sentence in only(text, "body")
    assert only(text, "close") == []


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Hi Sam, thanks for today, I enjoyed the tour. Best, Dana", ["greeting", "body", "close", "signature"]),
        ("Hello Dr. Meyer! Thank you for Tuesday. It was good. Kind regards, Dana Whitfield", ["greeting", "body", "close", "signature"]),
        ("Hi Sam - thanks for today. Dana", ["greeting", "body", "signature"]),
        ("Thank you for today, it was good to see the depot.", ["body"]),
    ],
)  # fmt: skip
def test_letters_in_one_block(text: str, parts: list[str]) -> None:
    assert [name for name, _ in named(text)] == parts
    if "signature" in parts:
        assert writer_name(text, split_parts(text)).startswith("Dana")


@pytest.mark.parametrize(
    ("signature", "name"),
    [
        ("Ben", "Ben"),
        ("- Ben", "Ben"),
        ("— Ben Carter", "Ben Carter"),
        ("Ben xx", "Ben"),
        ("Ben Carter\n--\nSenior Clerk\nben@carter.example", "Ben Carter"),
        ("-- \nBen Carter\nTel 0123 456 7890", "Ben Carter"),
        ("Siân Ní Bhriain", "Siân Ní Bhriain"),
        ("ben carter", "ben carter"),
    ],
)
def test_who_signed(signature: str, name: str) -> None:
    text = f"Dear Ana,\n\nThe depot stays with me, and so do the scanners.\n\n{signature}"
    assert only(text, "signature") == [signature.strip()]
    assert writer_name(text, split_parts(text)) == name


def test_a_line_of_the_phone_signs_nothing() -> None:
    text = "Dear Ana,\n\nThe depot stays with me.\n\nSent from my iPhone"
    assert writer_name(text, split_parts(text)) == ""


@pytest.mark.parametrize("name", ["Dana", "Dana Whitfield", "Hi Sam,", "Thanks!", "—", "😀", "Hi"])
def test_a_letter_that_is_hardly_one_still_has_a_body(name: str) -> None:
    assert named(name) == [("body", name)]


def test_blank_text_has_no_parts() -> None:
    assert split_parts("") == split_parts(" \n\t\r\n ") == ()


def test_bullets_belong_to_the_body() -> None:
    text = "Dear Ana,\n\nThree things stay with me:\n- the scanner app\n- the depot\n* the drivers\n\nBen"
    assert only(text, "body") == ["Three things stay with me:", "- the scanner app", "- the depot", "* the drivers"]
    assert only(text, "signature") == ["Ben"]


def test_bullets_at_the_end_are_no_signature() -> None:
    text = "Dear Ana,\n\nWhat I would bring to the depot:\n- scanners\n- patience"
    assert only(text, "signature") == []


def test_a_postscript_is_no_signature() -> None:
    text = "Dear Ana,\n\nThanks for the tour of the depot.\n\nPS: I forgot to send the sheet we spoke about."
    assert only(text, "signature") == []


@pytest.mark.parametrize(
    "quoted",
    [
        "On Mon, 3 May 2026 at 10:00 Ana <a@b.example> wrote:\n> We will decide\n> by Friday",
        "On Monday Ana Okafor wrote:\nWe will decide by Friday.\nAna",
        "-----Original Message-----\nDear Ben, we will decide by Friday.",
        "From: Ana\nSent: Monday\nSubject: Your visit\n\nDear Ben, we will decide by Friday.",
        "Am 3. Mai 2026 um 10:00 schrieb Ana Okafor:\n> Wir entscheiden am Freitag",
        "________________________________\nFrom: Ana\nWe will decide by Friday.",
    ],
)
def test_what_is_quoted_is_not_the_writers(quoted: str) -> None:
    own = "Hi Ana,\n\nI am still very keen on the job.\n\nBen"
    text = f"{own}\n\n{quoted}"
    assert named(text)[:3] == named(own)
    assert [name for name, _ in named(text)[3:]] == ["quoted"]
    assert only(text, "quoted") == [quoted]


def test_an_answer_between_quoted_lines() -> None:
    text = "Hi Ana,\n\n> Could you come on Friday?\nFriday suits me well.\n\nBen"
    assert named(text) == [
        ("greeting", "Hi Ana,"),
        ("quoted", "> Could you come on Friday?"),
        ("body", "Friday suits me well."),
        ("signature", "Ben"),
    ]


def test_mail_headers_above_the_letter_are_not_its_body() -> None:
    text = "From: Ben <b@c.example>\nTo: Ana <a@b.example>\nSubject: Thanks\n\nDear Ana,\n\nThe tour was good.\n\nBen"
    assert only(text, "subject") == ["Subject: Thanks"]
    assert only(text, "body") == ["The tour was good."]


def test_sentences_never_cross_lines_and_have_no_outer_space(parse: Callable[..., Draft]) -> None:
    draft = parse("Dear Ana,\n\nThe depot was cold\nand so was I.  It had three doors!\n- one\n\nBen")
    sentences = [draft.text[start:end] for start, end in body_sentences(draft)]
    assert sentences == ["The depot was cold", "and so was I.", "It had three doors!", "- one"]


lines = st.sampled_from(
    [
        *(
            "Dear Ana,",
            "Hi Sam",
            "Thank you for today.",
            "Best,",
            "Ben",
            "--",
            "> quoted",
            "On Monday Ana wrote:",
            "",
            " ",
        ),
        *(
            "Subject: Thanks",
            "From: Ben",
            "- a bullet",
            "😀🎉",
            "مرحبا",
            "e\u0301",
            "\t",
            "PS: more",
            "x" * 300,
            "“”",
            "!!!",
        ),
        *("Sent from my phone", "RE: the role", "+44 7700 900123", "\u200b", "I said 12:30, not 13:30.", "\u00a0"),
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(lines, max_size=14), st.sampled_from(["\n", "\r\n", "\n\n", "\r", "\u2028"]))
def test_parts_keep_their_laws_whatever_the_lines(chosen: list[str], end: str) -> None:
    check_laws(end.join(chosen))


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_parts_keep_their_laws_whatever_the_text(text: str) -> None:
    check_laws(text)
