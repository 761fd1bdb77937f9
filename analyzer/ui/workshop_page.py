"""The page of a workshop: many drafts at once, what the room has in common, each person's own report."""

from __future__ import annotations

import tempfile
from pathlib import Path, PurePath
from typing import Any

import streamlit as st

from analyzer.errors import AnalyzerError, InputError
from analyzer.reading import BadRow, read_cases
from analyzer.reading.columns import ColumnChoice
from analyzer.report.markup import Html
from analyzer.types import Case
from analyzer.ui import html, service, workshop_html, workshop_room
from analyzer.ui.workshop_jobs import Job

ENDINGS = ("csv", "xlsx", "jsonl", "zip", "tsv", "parquet")
MOST_ROWS = 2_000
"""For more there is the command line, which keeps nothing in memory."""

_EVERY_S = 1.0
_ANY = "any"
_TABLE_HEIGHT = 420
_LABELS = {"workshop_kind": "Kind", "workshop_fault": "Fault"}


def show() -> None:
    """Draw the page."""
    _write(workshop_html.masthead())
    _upload()
    said = st.session_state.pop("workshop_said", None)
    if said is not None:
        _write(html.notice(*said))
    job: Job | None = st.session_state.get("workshop_job")
    if job is None:
        return
    job.look()
    if not job.over:
        _progress()
        return
    if job.trouble:
        _write(html.notice(job.trouble, "alert"))
    elif job.state == "stopped":
        _write(html.notice(f"Stopped: {job.done} of {len(job.rows)} drafts were read."))
    if job.done:
        _room(job)


def _upload() -> None:
    generation = st.session_state.setdefault("workshop_uploads", 0)
    key = f"workshop_file_{generation}"
    st.file_uploader(
        f"A table with a column “draft”, or a zip of drafts ({', '.join(ENDINGS)}; up to {MOST_ROWS:,} drafts)",
        type=list(ENDINGS),
        key=key,
        on_change=_begin,
        args=(key,),
    )


@st.fragment(run_every=_EVERY_S)
def _progress() -> None:
    job: Job = st.session_state["workshop_job"]
    job.look()
    if job.over:
        st.rerun()
    count = len(job.rows)
    if job.state == "waiting":
        words = "Waking the proofreaders …"
    else:
        left = job.seconds_left
        words = f"{job.done:,} of {count:,} drafts read" + (f", {_span(left)} left" if left is not None else "")
    st.progress(job.done / count, text=words)
    st.button("Stop here", key="workshop_stop", on_click=job.stop)


def _span(seconds: float) -> str:
    if seconds < 60:
        return f"about {max(1, round(seconds))} s"
    return f"about {round(seconds / 60)} min"


# ---- the room


def _room(job: Job) -> None:
    hide, download, keep = st.columns([2, 1, 1], vertical_alignment="center")
    hidden = hide.toggle("Hide names, for the projector", key="workshop_hide")
    _take_away(job, download, keep)
    if not job.complete:
        _improving()
    found = _found(job, names=not hidden)
    if found.cohort.drafts:
        _write(html.block(workshop_html.figures(found.cohort)))
    _write(html.block(workshop_html.failed(found.failed)))
    if found.cohort.drafts:
        for part in (workshop_html.spread, workshop_html.faults, workshop_html.change):
            _write(html.block(part(found.cohort)))
        _table(job, found)
        if not hidden:
            _write(html.block(workshop_html.for_the_coach(found.cohort)))


def _found(job: Job, *, names: bool) -> workshop_room.Room:
    kept = st.session_state.get("workshop_room")
    if kept is None or kept[:2] != (job, names):
        kept = (job, names, workshop_room.room(job.name, job.reports, names=names))
        st.session_state["workshop_room"] = kept
    found: workshop_room.Room = kept[2]
    return found


def _table(job: Job, found: workshop_room.Room) -> None:
    rows = workshop_room.table(found)
    _write(
        html.block(
            html.heading("Everybody", "Choose a row to see that person's report. Click on a column's name to sort.")
        )
    )
    shown = sorted(_filtered(rows))
    if not shown:
        _write(html.notice("Nobody fits all of that: take one of the choices back."))
        return
    scores = [name for name in rows[0] if name not in ("Who", "Kind", "Faults")]
    settings = {
        name: st.column_config.ProgressColumn(name, min_value=0, max_value=100, format="%d", width="small")
        for name in scores
    }
    chosen = st.dataframe(
        [rows[place] for place in shown],
        hide_index=True,
        height=min(_TABLE_HEIGHT, 36 * (len(shown) + 1) + 2),
        column_config=settings,
        on_select="rerun",
        selection_mode="single-row",
        key=f"workshop_table_{hash(tuple(shown))}",
    )
    picked = chosen["selection"]["rows"]
    if picked and picked[0] < len(shown):
        _person(job, found.entries[shown[picked[0]]])


def _filtered(rows: list[dict[str, object]]) -> set[int]:
    """The places that fit what is chosen above the table."""
    state = st.session_state
    columns = st.columns(4)
    wanted = columns[0].text_input("Who", key="workshop_find", max_chars=100).strip().lower()
    kinds = sorted({str(row["Kind"]) for row in rows})
    tags = sorted({tag for row in rows for tag in str(row["Faults"]).split("; ") if tag})
    for key, column, choices in (("workshop_kind", columns[1], kinds), ("workshop_fault", columns[2], tags)):
        if state.get(key) not in (_ANY, *choices):
            state[key] = _ANY
        column.selectbox(_LABELS[key], (_ANY, *choices), key=key)
    if "workshop_scores" not in state:
        state["workshop_scores"] = (0, 100)
    columns[3].slider("Whole", 0, 100, key="workshop_scores")
    low, high = state["workshop_scores"]
    return {
        place
        for place, row in enumerate(rows)
        if wanted in str(row["Who"]).lower()
        and state["workshop_kind"] in (_ANY, row["Kind"])
        and (state["workshop_fault"] == _ANY or state["workshop_fault"] in str(row["Faults"]).split("; "))
        and low <= int(str(row["Whole"])) <= high
    }


def _person(job: Job, entry: workshop_room.Entry) -> None:
    _write(html.block(workshop_html.person(entry.person)))
    try:
        with st.spinner("Looking for better words …"):
            report = job.improve(entry.place, lambda cases, _: [service.shared_judge().improve(cases[0])])
        _write(html.report_page(report if entry.named else workshop_room.veiled(report)))
    except AnalyzerError as error:
        _write(html.notice(error.message, "alert"))
    case = job.reports[entry.place].case
    if case is not None:
        st.button("Keep this draft to rate it on the page Teach", key="workshop_keep", on_click=_keep, args=((case,),))


@st.fragment(run_every=_EVERY_S)
def _improving() -> None:
    """How far the better words are that the download will hold."""
    job: Job = st.session_state["workshop_job"]
    job.look()
    if job.complete:
        st.rerun()
    so_far = f"{job.improved:,} of {len(job.rows):,}"
    _write(
        html.block(
            html.heading("", f"Better words for each draft: {so_far} so far. The download has those that are there.")
        )
    )


def _take_away(job: Job, download: Any, keep: Any) -> None:
    """The buttons that take the room away, in two columns."""
    download.download_button(
        "Download everything (.zip)",
        lambda: workshop_room.everything(PurePath(job.name).stem, job.reports),
        file_name="workshop.zip",
        mime="application/zip",
        key="workshop_zip",
        on_click="ignore",
        width="stretch",
    )
    cases = tuple(report.case for report in job.reports if report.case is not None and not report.error)
    keep.button("Keep all drafts to rate them", key="workshop_keep_all", on_click=_keep, args=(cases,), width="stretch")


def _write(block: Html) -> None:
    if block.code:
        st.html(block.code)


# ---- callbacks


def _begin(key: str) -> None:
    """Read an uploaded file, let go of it, and have its drafts judged."""
    state = st.session_state
    file = state[key]
    if file is None:
        return
    state["workshop_uploads"] += 1
    try:
        rows, said = read_rows(file.getvalue(), file.name)
    except AnalyzerError as error:
        state["workshop_said"] = (error.message, "alert")
        return
    earlier = state.pop("workshop_job", None)
    if earlier is not None:
        earlier.stop()
    state.pop("workshop_room", None)
    job = Job(file.name, rows)
    state.update(workshop_job=job, workshop_said=(said, "calm"))
    service.shared_worker().submit(job)


def read_rows(data: bytes, name: str) -> tuple[list[Case | BadRow], str]:
    """The rows of an uploaded file, and what was taken for what. Raises AnalyzerError in the file's own name."""
    told: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        # only the ending of a stranger's name touches the disk
        path = Path(folder) / f"upload{PurePath(name).suffix.lower()}"
        path.write_bytes(data)
        rows: list[Case | BadRow] = []
        try:
            for row in read_cases(path, ColumnChoice(say=told.append)):
                rows.append(row)
                if len(rows) > MOST_ROWS:
                    raise InputError(
                        "too_many",
                        f"{name} has more than {MOST_ROWS:,} drafts: use “analyzer batch”, or cut it into several files.",
                    )
        except AnalyzerError as error:
            raise type(error)(error.code, error.message.replace(str(path), name)) from error
    return rows, " ".join(told).replace(str(path), name) or f"{name}: {len(rows):,} drafts."


def _keep(cases: tuple[Case, ...]) -> None:
    state = st.session_state
    try:
        coaching = service.shared_coaching()
        for case in cases:
            coaching.add_case(case, "workshop")
    except AnalyzerError as error:
        state["workshop_said"] = (error.message, "alert")
        return
    drafts = "The draft is" if len(cases) == 1 else f"{len(cases):,} drafts are"
    state["workshop_said"] = (f"{drafts} kept in the database: rate them on the page Teach.", "calm")
