"""The report on the draft page with what one can do about it: apply and undo, compare, keep versions, take the letter away."""

from __future__ import annotations

import streamlit as st

from analyzer.errors import AnalyzerError
from analyzer.report import mail
from analyzer.report.calendar import reminder
from analyzer.report.markup import NOTHING, Html, element
from analyzer.types import Report
from analyzer.ui import differences, html, offers, sending, service, sitting
from analyzer.ui.marks import numbered

_SHOWN_OFFERS = 5
_WORD_FILE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_REWRITTEN = 0
_CHANGED_SINCE = (
    "You have changed the draft since. “See how it lands” reads it again; the report below is on the text before."
)
_LOOKING = "Looking for better words …"
_NOTHING_MORE = "Nothing more is worth changing. The words are yours: stop here, or go on by hand."
_ENTRUST = (
    "Nothing of yours is stored unless you ask. If you do, this draft, your notes and the names above are kept in the coaches' "
    "database on this machine until you take them back here, or a coach deletes them. Closing this page does not delete them."
)


def show() -> None:
    """Draw the report, where there is one."""
    state = st.session_state
    report: Report | None = state.get("report")
    if report is None:
        return
    marks = numbered(report)
    if report.text != state["draft"]:
        _write(html.notice(_CHANGED_SINCE))
    _write(html.block(html.top(report, marks)))
    left, right = st.columns([3, 2], gap="large")
    with left:
        _write(html.block(html.marked_block(report, marks)))
        if report.timing is not None:
            _write(html.block(html.timing(report)))
            _reminder(report)
        _write(html.block(html.notes(report), class_="da-more"))
    with right:
        _offers(report)
        _write(html.block(html.lists(report, marks), class_="da-lists"))
    _compare(report)
    if len(state.get("versions", ())) > 1:
        course, away = st.columns([3, 2], gap="large")
        with course:
            _versions()
    else:
        away, _ = st.columns([2, 3], gap="large")
    with away:
        _take_away(report)
    _write(html.block(html.foot(report, stored=bool(state.get("ticket")))))
    if state.pop("fresh", False):
        st.html(html.reveal(state["runs"]).code, unsafe_allow_javascript=True)


def begin_anew() -> None:
    """Forget the sitting: another draft is in the box."""
    for key in ("report", "versions", "applied", "how", "compared", "words_due", "offered"):
        st.session_state.pop(key, None)


def _write(block: Html) -> None:
    st.html(block.code)


# ---- better words


def _offers(report: Report) -> None:
    due: bool = st.session_state.get("words_due", False)
    if not due:
        st.session_state["offered"] = offers.offers(report)
    # while better words are sought, those of before stay where they are, for a change in the draft moves few of them
    found = tuple(
        one
        for one in st.session_state.get("offered", ())
        if not due or (one.edit.before and one.edit.before in report.text)
    )
    applied: tuple[offers.Applied, ...] = st.session_state.get("applied", ())
    if not found and not applied and not due:
        return
    said = _LOOKING if due else _NOTHING_MORE if not found else ""
    looking = element("p", said, class_="da-hint da-looking" if due else "da-hint", role="status") if said else NOTHING
    _write(html.block(element("h2", "Better words"), _moved(), looking))
    for number, one in enumerate(applied):
        done, button = st.columns([4, 1], vertical_alignment="center")
        with done:
            _write(html.block(html.done(one.edit)))
        button.button("Undo", key=f"undo_{number}", on_click=_undo, args=(number,), width="stretch")
    for number, offer in enumerate(found[:_SHOWN_OFFERS]):
        _offer(number, offer, disabled=due)
    if len(found) > _SHOWN_OFFERS:
        with st.expander(f"{len(found) - _SHOWN_OFFERS} more"):
            for number, offer in enumerate(found[_SHOWN_OFFERS:], start=_SHOWN_OFFERS):
                _offer(number, offer, disabled=due)


def _offer(number: int, offer: offers.Offer, *, disabled: bool) -> None:
    with st.container(border=True):
        words, button = st.columns([4, 1], vertical_alignment="center")
        with words:
            _write(html.block(html.offer(offer.edit, offer.measured)))
        button.button(
            "Apply", key=f"apply_{number}", on_click=_apply, args=(number,), width="stretch", disabled=disabled
        )


def _moved() -> Html:
    """How far the last change moved the score."""
    versions: tuple[sitting.Version, ...] = st.session_state.get("versions", ())
    if len(versions) < 2:
        return NOTHING
    before, now = versions[-2].score, versions[-1].score
    return html.moved(round(before), round(now))


# ---- side by side


def _compare(report: Report) -> None:
    """The rewritten draft or an earlier version beside this one."""
    versions: tuple[sitting.Version, ...] = st.session_state.get("versions", ())
    earlier = {version.number: version for version in versions[:-1]}
    rewritten = report.rewritten if report.rewritten and report.rewritten.draft != report.text else None
    choices = [*([_REWRITTEN] if rewritten else []), *sorted(earlier, reverse=True)]
    if not choices:
        return
    _write(html.block(element("h2", "Side by side")))
    if st.session_state.get("compared") not in choices:
        st.session_state["compared"] = choices[0]
    if len(choices) > 1:
        st.selectbox(
            "Compare this draft with",
            choices,
            key="compared",
            format_func=lambda number: f"version {earlier[number].name}" if number else "the rewritten draft",
        )
    chosen = st.session_state["compared"]
    score = report.overall.score if report.overall else float("nan")
    now = f"This draft: {score:.0f} of 100"
    if chosen == _REWRITTEN and rewritten:
        names = (now, f"Rewritten: {rewritten.overall.score:.0f} of 100")
        _write(html.block(differences.beside(report.text, rewritten.draft, names)))
        st.button("Take the rewritten draft", key="take_rewritten", on_click=_take_rewritten)
    else:
        version = earlier[chosen]
        names = (f"Version {version.number}: {version.score:.0f} of 100", now)
        _write(html.block(differences.beside(version.report.text, report.text, names)))
        st.button(f"Go back to version {version.number}", key="go_back", on_click=_go_back, args=(version.number,))


# ---- the sitting


def _versions() -> None:
    versions: tuple[sitting.Version, ...] = st.session_state["versions"]
    _write(html.block(element("h2", "This sitting"), sitting.course(versions)))


def _reminder(report: Report) -> None:
    if report.timing is not None and report.timing.send_between:
        st.download_button(
            "Put it into your calendar (.ics)",
            reminder(report),
            file_name="send-the-message.ics",
            mime="text/calendar",
            key="ics",
            on_click="ignore",
        )


def _take_away(report: Report) -> None:
    assert report.case is not None
    letter = sending.letter(report)
    mailed = report.case.channel == "email"
    link = sending.mail_link(sending.Letter(mail.subject(report), letter.body)) if mailed else None
    _write(html.block(element("h2", "Take it with you"), html.copy_and_mail(letter, link, mailed=mailed)))
    made = [(".txt", sending.as_text(letter), "text/plain"), (".docx", sending.as_docx(letter), _WORD_FILE)]
    if mailed:
        made.insert(1, (".eml", mail.mail_of(report), "message/rfc822"))
    for column, (ending, data, mime) in zip(st.columns(3), made, strict=False):
        column.download_button(
            f"Save {ending}",
            data,
            file_name=f"message{ending}",
            mime=mime,
            key=f"download{ending}",
            on_click="ignore",
            width="stretch",
        )
    if "teach" in service.wanted_pages():
        _entrusting()


def _entrusting() -> None:
    """Keeping the draft for a coach: off until asked for, and taken back as easily."""
    if st.session_state.get("ticket"):
        _write(html.block(html.heading("", "This draft and its notes are kept for the coaches on this machine.")))
        st.button("Take it back", key="take_back", on_click=_take_back)
        return
    with st.expander("Let a coach see it"):
        _write(html.block(html.heading("", _ENTRUST)))
        st.button("Keep this draft for a coach", key="entrust", on_click=_entrust)


# ---- callbacks


def _ask(text: str, how: str) -> None:
    st.session_state.update(draft=text, how=how, asked=True)


def _apply(number: int) -> None:
    state = st.session_state
    report: Report = state["report"]
    edit = offers.offers(report)[number].edit
    made = offers.apply(state["draft"], edit, report.text)
    if made is None:
        state["said"] = ("These words are not in your draft any more: let it be read again first.", "alert")
        return
    text, start = made
    kept = offers.shifted(state.get("applied", ()), start, len(edit.before), len(edit.after))
    state["applied"] = (*kept, offers.Applied(edit, start))
    _ask(text, f"{edit.trait}: a change applied")


def _undo(number: int) -> None:
    state = st.session_state
    applied: tuple[offers.Applied, ...] = state["applied"]
    one = applied[number]
    made = offers.undo(state["draft"], one)
    others = applied[:number] + applied[number + 1 :]
    if made is None:
        state["applied"] = others
        state["said"] = ("These words were changed since, so there is nothing to take back.", "calm")
        return
    text, start = made
    state["applied"] = offers.shifted(others, start, len(one.edit.after), len(one.edit.before))
    _ask(text, f"{one.edit.trait}: a change taken back")


def _entrust() -> None:
    state = st.session_state
    report: Report = state["report"]
    if report.case is None:
        return
    try:
        state["ticket"] = service.shared_coaching().entrust(report.case)
    except AnalyzerError as error:
        state["said"] = (error.message, "alert")


def _take_back() -> None:
    state = st.session_state
    try:
        service.shared_coaching().take_back(state.pop("ticket"))
        state["said"] = ("Your draft and everything said of it are deleted.", "calm")
    except AnalyzerError as error:
        state["said"] = (error.message, "alert")


def _take_rewritten() -> None:
    report: Report = st.session_state["report"]
    if report.rewritten is not None:
        st.session_state["applied"] = ()
        _ask(report.rewritten.draft, "the rewritten draft taken")


def _go_back(number: int) -> None:
    version = next(one for one in st.session_state["versions"] if one.number == number)
    st.session_state["applied"] = ()
    _ask(version.report.text, f"back to version {number}")
