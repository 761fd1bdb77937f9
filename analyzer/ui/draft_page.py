"""The page of one draft: paste it, see how it lands, make it better, send it.

Texts of people appear in text boxes and in blocks of HTML of our own only: Streamlit's labels and messages read Markdown.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, Literal

import streamlit as st

from analyzer.errors import AnalyzerError
from analyzer.reading import DOCUMENT_FORMATS, parse_time, read_document_bytes
from analyzer.reading.limits import MAX_CONTAINER_FILE_BYTES, MAX_FIELD_CHARACTERS
from analyzer.report.markup import Html
from analyzer.resources import load_toml
from analyzer.types import CHANNELS, KINDS, Case, Channel, Kind
from analyzer.ui import draft_result, html, service, sitting

DETECT = "detect"
_CHANNEL_NAMES: dict[Channel, str] = {"email": "an e-mail", "card": "a card", "linkedin": "a LinkedIn message"}
_TEXT_HEIGHT = 320
_ENDINGS = [ending.removeprefix(".") for form in DOCUMENT_FORMATS for ending in form.endings]
_MEGABYTE = 1_000_000
_EXAMPLE_DRAFT = "Dear Priya,\n\nThank you for …"
_EXAMPLE_NOTES = "What was said, in your own jottings:\nnames, figures, worries, what happens next"

Use = Literal["draft", "notes"]


def show() -> None:
    """Draw the page."""
    state = st.session_state
    if state.setdefault("kind", DETECT) not in (DETECT, *KINDS):
        state["kind"] = DETECT
    _head()
    _upload()
    _form()
    _say()
    if state.get("asked", False):
        _judge()
    draft_result.show()
    if state.get("words_due", False):
        _seek_words()


def _seek_words() -> None:
    """Better words for the report that is already shown: they take several times as long as the figures."""
    state = st.session_state
    try:
        state["report"] = service.shared_judge().improve(state["report"].case)
        state["versions"] = sitting.with_version(state["versions"], state["report"], "")
    except AnalyzerError as error:
        state["said"] = (error.message, "alert")
    state["words_due"] = False
    st.rerun()


def _head() -> None:
    title, example = st.columns([5, 1], vertical_alignment="bottom")
    with title:
        _write(html.masthead())
    example.button("Try an example", key="example", on_click=_load_example, width="stretch")


def _form() -> None:
    """The text boxes and fields."""
    draft, notes = st.columns([3, 2])
    draft.text_area("Your draft", key="draft", height=_TEXT_HEIGHT, placeholder=_EXAMPLE_DRAFT)
    notes.text_area("Your notes from the interview", key="notes", height=_TEXT_HEIGHT, placeholder=_EXAMPLE_NOTES)
    fields = st.columns(4)
    fields[0].text_input(
        "Interviewer", key="interviewer", max_chars=MAX_FIELD_CHARACTERS, placeholder="Several: Ana Ruiz; Tom Berg"
    )
    fields[1].text_input("Company", key="company", max_chars=MAX_FIELD_CHARACTERS)
    fields[2].text_input("Role", key="role", max_chars=MAX_FIELD_CHARACTERS)
    fields[3].selectbox("Kind of message", (DETECT, *KINDS), key="kind", format_func=_kind_name)
    with st.expander("Dates and the way it goes, to know when to send it"):
        when = st.columns(2)
        st.radio("It goes as", CHANNELS, key="channel", format_func=_CHANNEL_NAMES.__getitem__, horizontal=True)
        when[0].datetime_input("Time of the interview", value=None, key="interviewed_at", format="YYYY-MM-DD")
        when[1].date_input("Decision promised by", value=None, key="decision_on", format="YYYY-MM-DD")
        when[0].datetime_input("You would send it (empty: now)", value=None, key="sent_at", format="YYYY-MM-DD")
        when[1].text_input(
            "Messages already sent on",
            key="sent_before",
            max_chars=MAX_FIELD_CHARACTERS,
            placeholder="2026-11-20; 2026-11-24",
        )
    st.button("See how it lands", type="primary", key="judge", on_click=_ask)


def _kind_name(kind: str) -> str:
    name = load_toml("messages.toml")["kinds"].get(kind, "find out from the text")
    return str(name[:1].upper() + name[1:])


def _upload() -> None:
    generation = st.session_state.setdefault("uploads", 0)
    with st.expander("Open files instead of pasting (.txt, .md, .eml, .docx)"):
        for column, use, label in zip(st.columns(2), ("draft", "notes"), ("Draft", "Notes"), strict=True):
            key = f"{use}_file_{generation}"
            column.file_uploader(
                label,
                type=_ENDINGS,
                key=key,
                max_upload_size=MAX_CONTAINER_FILE_BYTES // _MEGABYTE,
                on_change=_load_file,
                args=(use, key),
            )


def _judge() -> None:
    """Judge what is in the boxes. Streamlit may break off here to draw the page anew: what was asked for stays so until it is had."""
    state = st.session_state
    waiting = "Reading your draft …"
    try:
        judge = service.shared_judge()
        if not judge.warm:
            waiting = "Waking the proofreaders, only this first time …"
        with st.spinner(waiting):
            state["report"] = judge.judge(_case(state))
        how = state.pop("how", "written")
        state["versions"] = sitting.with_version(state.get("versions", ()), state["report"], how)
        state["runs"] = state.get("runs", 0) + 1
        state["words_due"] = True
        # after a change made below, people go on there
        state["fresh"] = how == "written"
    except AnalyzerError as error:
        state.pop("report", None)
        state["words_due"] = False
        _write(html.notice(error.message, "alert"))
    state["asked"] = False


def _case(state: Any) -> Case:
    kind: Kind | None = None if state["kind"] == DETECT else state["kind"]
    return Case(
        draft=state["draft"],
        kind=kind,
        notes=state["notes"],
        interviewer=state["interviewer"].strip(),
        company=state["company"].strip(),
        role=state["role"].strip(),
        interviewed_at=state["interviewed_at"],
        sent_at=state["sent_at"],
        channel=state["channel"],
        decision_by=_midnight(state["decision_on"]),
        previous_messages=tuple(
            parse_time(part, "Messages already sent on") for part in state["sent_before"].split(";") if part.strip()
        ),
    )


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time())


def _say() -> None:
    """Show what a callback had to say, once."""
    said = st.session_state.pop("said", None)
    if said is not None:
        _write(html.notice(*said))


def _write(block: Html) -> None:
    st.html(block.code)


# ---- callbacks: they run before the page is drawn again


def _ask() -> None:
    st.session_state["asked"] = True


def _load_example() -> None:
    state = st.session_state
    case = service.sample()
    state.update(
        draft=case.draft,
        notes=case.notes,
        interviewer=case.interviewer,
        company=case.company,
        role=case.role,
        kind=DETECT,
        interviewed_at=_last_tuesday(datetime.now()),
        decision_on=None,
        sent_at=None,
        sent_before="",
        channel=CHANNELS[0],
    )
    draft_result.begin_anew()
    _ask()


def _last_tuesday(now: datetime) -> datetime:
    """The afternoon of the Tuesday before, which is the day the example speaks of."""
    days = (now.weekday() - 1) % 7 or 7
    return datetime.combine(now.date() - timedelta(days=days), time(14))


def _load_file(use: Use, key: str) -> None:
    """Put an uploaded file's text into its box and let go of the file."""
    state = st.session_state
    file = state[key]
    if file is None:
        return
    try:
        state[use] = read_document_bytes(file.getvalue(), file.name, use)
        state["said"] = (f"{file.name} is in the box for your {use} now.", "calm")
        if use == "draft":
            draft_result.begin_anew()
        state.pop("report", None)
        state["words_due"] = False
    except AnalyzerError as error:
        state["said"] = (error.message, "alert")
    state["uploads"] += 1  # a new, empty uploader: the file's bytes are dropped
