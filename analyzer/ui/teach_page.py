"""The page for coaches: rate drafts, see how far you agree, teach the model, and decide whether people get it."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path, PurePath
from typing import Any

import streamlit as st

from analyzer.database import Coaching, KeptCase
from analyzer.errors import AnalyzerError, InputError
from analyzer.reading import BadRow, read_cases
from analyzer.reading.tables import read_rows
from analyzer.report.markup import Html
from analyzer.resources import load_toml
from analyzer.scoring.store import default_model_directory
from analyzer.training.adapt import FEWEST_LABELS
from analyzer.training.dataset import LABELS, fault_tags, read_dataset
from analyzer.training.promote import go_back, history
from analyzer.types import Report
from analyzer.ui import html, service, teach_figures, teach_html

ENDINGS = ("csv", "xlsx", "jsonl", "tsv", "parquet")
_CHOICES = (1, 2, 3, 4, 5)
_EVERY_S = 1.0
_LONGEST_NAME = 100


def show() -> None:
    """Draw the page."""
    _write(teach_html.masthead())
    said = st.session_state.pop("teach_said", None)
    if said is not None:
        _write(html.notice(*said))
    try:
        coaching = service.shared_coaching()
        cases = coaching.cases()
    except AnalyzerError as error:
        _write(html.notice(error.message, "alert"))
        return
    st.text_input("Your name, kept beside every rating", key="coach", max_chars=_LONGEST_NAME)
    # not tabs: those forget which one is open when a notice comes or goes above them
    if st.session_state.get("teach_part") not in _PARTS:
        st.session_state["teach_part"] = next(iter(_PARTS))
    st.segmented_control("Part", tuple(_PARTS), key="teach_part", label_visibility="collapsed")
    _PARTS.get(st.session_state["teach_part"] or "", _rate)(coaching, cases)


# ---- rate


def _rate(coaching: Coaching, cases: tuple[KeptCase, ...]) -> None:
    _upload()
    if not cases:
        _write(html.notice("No drafts are kept yet: add a table here, or keep drafts on the page Workshop."))
        return
    kept = _chosen(cases)
    left, right = st.columns([3, 2], gap="large")
    with left:
        _write(html.block(teach_html.case(kept)))
        with st.popover("Delete this draft"):
            _write(html.block(html.heading("", _deleting(kept))))
            st.button("Yes, delete it", key="teach_delete", on_click=_delete, args=(kept.case.id,))
    with right:
        _form(kept)
        last = st.session_state.get("teach_last")
        if last is not None:
            _write(html.block(teach_html.compared(*last)))
        # others' readings are shown once one's own is made
        if st.session_state["coach"].strip() in kept.readers:
            _write(html.block(teach_html.history(coaching.readings(kept.case.id, latest=False))))


def _deleting(kept: KeptCase) -> str:
    if not kept.readers:
        return "Nobody has rated it. It cannot be brought back."
    coaches = "1 coach" if len(kept.readers) == 1 else f"{len(kept.readers)} coaches"
    return f"{coaches} rated it, and what they said goes with it. Neither can be brought back."


def _upload() -> None:
    key = f"teach_file_{st.session_state.setdefault('teach_uploads', 0)}"
    with st.expander(f"Add drafts from a table, with ratings or without ({', '.join(ENDINGS)})"):
        st.file_uploader("Table of drafts", type=list(ENDINGS), key=key, on_change=_load, args=(key,))


def _chosen(cases: tuple[KeptCase, ...]) -> KeptCase:
    """The draft that is shown: the one chosen, else the first that this coach has not rated."""
    state = st.session_state
    by_id = {kept.case.id: kept for kept in cases}
    coach = state["coach"].strip()
    if state.get("teach_case") not in by_id:
        unrated = next((kept for kept in cases if coach not in kept.readers), cases[0])
        state["teach_case"] = unrated.case.id

    def named(case_id: str) -> str:
        readers = by_id[case_id].readers
        rated = "rated by you" if coach in readers else f"rated by {len(readers)}" if readers else "not rated yet"
        return f"Draft {case_id} · {rated}"

    done = sum(coach in kept.readers for kept in cases)
    st.selectbox(
        f"Draft to rate ({done} of {len(cases)} rated by you)", list(by_id), key="teach_case", format_func=named
    )
    return by_id[str(state["teach_case"])]


def _form(kept: KeptCase) -> None:
    report = _model_says(kept)
    with st.form(f"rate_{kept.case.id}", border=False):
        for label in LABELS:
            st.radio(
                label.capitalize(),
                _CHOICES,
                index=None,
                horizontal=True,
                key=f"rate_{kept.case.id}_{label}",
                help=_scale(label),
            )
        found = [fault.tag for fault in report.faults] if report is not None else []
        labels: dict[str, str] = load_toml("messages.toml")["faults"]
        st.multiselect(
            "Faults: the model's to begin with, mend them",
            list(fault_tags()),
            default=found,
            key=f"rate_{kept.case.id}_faults",
            format_func=lambda tag: labels[tag],
        )
        st.form_submit_button("Save and go on", type="primary", key="teach_save", on_click=_save, args=(kept.case.id,))


def _scale(label: str) -> str:
    messages = load_toml("messages.toml")
    words: Mapping[str, str] = messages["overall"] if label == "overall" else messages["verdicts"][label]
    return "\n\n".join(f"{value}: {words[value]}" for value in sorted(words, reverse=True))


def _model_says(kept: KeptCase) -> Report | None:
    """The model's reading of a draft, made once a sitting; None where the draft cannot be judged."""
    model = default_model_directory().name
    known: dict[tuple[str, str], Report | None] = st.session_state.setdefault("teach_reports", {})
    key = (kept.case.id, model)
    if key not in known:
        try:
            known[key] = service.shared_judge().judge(kept.case)
        except AnalyzerError:
            known[key] = None
    return known[key]


def _as_kept(report: Report | None) -> dict[str, Any]:
    if report is None or report.overall is None:
        return {}
    ratings = {trait.name: round(trait.rating.value, 3) for trait in report.traits}
    return {
        "version": default_model_directory().name,
        "ratings": {**ratings, "overall": round(report.overall.value, 3)},
        "faults": [fault.tag for fault in report.faults],
    }


# ---- agreement


def _agreement(coaching: Coaching, cases: tuple[KeptCase, ...]) -> None:
    readings = coaching.readings()
    _write(
        html.block(
            teach_html.agreement(
                teach_figures.against_model(readings),
                teach_figures.between_coaches(cases, readings),
                teach_figures.corrections(readings),
                teach_figures.FEWEST_TO_COMPARE,
            )
        )
    )


# ---- teach


def _teach(coaching: Coaching, cases: tuple[KeptCase, ...]) -> None:
    rated = sum(bool(kept.readers) for kept in cases)
    teacher = service.shared_teacher()
    short = FEWEST_LABELS - rated
    _write(html.block(html.heading("Teach the model", _ready(rated, short))))
    if teacher.busy:
        _progress()
        return
    st.button("Teach it from these drafts", key="teach_begin", type="primary", disabled=short > 0, on_click=_begin)
    if teacher.trouble:
        _write(html.notice(teacher.trouble, "alert"))
    if teacher.taught is not None:
        taught = teacher.taught
        _write(html.block(teach_html.learnt(taught.adaptation, taught.cases, taught.base)))
        if teach_html.changes(taught.adaptation):
            use, keep, _ = st.columns([1, 1, 2])
            use.button("Use the new model", key="teach_promote", type="primary", on_click=_promote, width="stretch")
            keep.button("Keep the present one", key="teach_keep", on_click=teacher.keep_present, width="stretch")
        else:
            _write(
                html.notice(
                    "The model reads these drafts as you do already: nothing would change, so there is nothing to decide."
                )
            )
    entries = history()
    _write(html.block(teach_html.promotions(entries)))
    if entries and not entries[-1].get("back"):
        st.button("Go back to the model before", key="teach_back", on_click=_go_back)


def _ready(rated: int, short: int) -> str:
    present = f"The present model is “{default_model_directory().name}”."
    if short > 0:
        return f"{present} {rated} drafts are rated; {short} more, and it can learn."
    return f"{present} {rated} drafts are rated. Whoever uses this app gets the model you choose here."


@st.fragment(run_every=_EVERY_S)
def _progress() -> None:
    teacher = service.shared_teacher()
    if not teacher.busy:
        st.rerun()
    begun = st.session_state.setdefault("teach_begun", time.monotonic())
    part = min(0.95, (time.monotonic() - begun) / teacher.expected_s)
    st.progress(part, text="Reading the drafts and comparing the two models …")
    if teacher.lines:
        _write(html.block(html.notice(teacher.lines[-1][:1].upper() + teacher.lines[-1][1:])))


_PARTS: Mapping[str, Callable[[Coaching, tuple[KeptCase, ...]], None]] = {
    "Rate": _rate,
    "Agreement": _agreement,
    "Teach the model": _teach,
}


def _write(block: Html) -> None:
    if block.code:
        st.html(block.code)


# ---- callbacks


def _told(message: str, tone: str = "calm") -> None:
    st.session_state["teach_said"] = (message, tone)


def _save(case_id: str) -> None:
    state = st.session_state
    given = {label: state[f"rate_{case_id}_{label}"] for label in LABELS}
    missing = [label for label, rating in given.items() if rating is None]
    if missing:
        _told(f"Not saved yet: give {', '.join(missing)} a rating from 1 to 5.", "alert")
        return
    ratings = {label: float(rating) for label, rating in given.items()}
    model = _as_kept(state.get("teach_reports", {}).get((case_id, default_model_directory().name)))
    try:
        coaching = service.shared_coaching()
        coaching.save(case_id, state["coach"], ratings, state[f"rate_{case_id}_faults"], model)
    except AnalyzerError as error:
        _told(error.message, "alert")
        return
    state["teach_last"] = (ratings, model) if model else None
    coach = " ".join(state["coach"].split())
    state["coach"] = coach
    later = [kept for kept in coaching.cases() if coach not in kept.readers]
    after = next((kept for kept in later if int(kept.case.id) > int(case_id)), later[0] if later else None)
    if after is not None:
        state["teach_case"] = after.case.id
    _told("Saved." if after is not None else "Saved. You have rated every draft there is.")


def _delete(case_id: str) -> None:
    service.shared_coaching().delete_case(case_id)
    _told("The draft and its ratings are deleted.")


def _load(key: str) -> None:
    """Keep the drafts of an uploaded table, with their ratings where it has some."""
    state = st.session_state
    file = state[key]
    if file is None:
        return
    state["teach_uploads"] += 1
    try:
        _told(keep_table(service.shared_coaching(), file.getvalue(), file.name, state["coach"]))
    except AnalyzerError as error:
        _told(error.message, "alert")


def keep_table(coaching: Coaching, data: bytes, name: str, coach: str) -> str:
    """Keep a table's drafts and ratings; says what was kept. A row that names no rater is ``coach``'s. Raises AnalyzerError."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"upload{PurePath(name).suffix.lower()}"
        path.write_bytes(data)
        try:
            first = next(read_rows(path), None)
            if first is not None and any(label in first.fields for label in LABELS):
                return _keep_labelled(coaching, path, name, coach)
            return _keep_cases(coaching, path, name)
        except AnalyzerError as error:
            message = error.message.replace(str(path), name).replace(path.name, name)
            raise type(error)(error.code, message) from error


def _keep_labelled(coaching: Coaching, path: Path, name: str, coach: str) -> str:
    ratings = 0
    dataset = read_dataset(path)
    for labelled in dataset.cases:
        case_id = coaching.add_case(labelled.case, "labels")
        for label in labelled.labels:
            # “rater” is what stands where a table names none
            who = label.rater if label.rater != "rater" else coach
            coaching.save(case_id, who, label.ratings, label.faults)
            ratings += 1
    return f"{name}: {len(dataset.cases):,} drafts with {ratings:,} ratings are kept."


def _keep_cases(coaching: Coaching, path: Path, name: str) -> str:
    rows = list(read_cases(path))
    bad = [row for row in rows if isinstance(row, BadRow)]
    good = [row for row in rows if not isinstance(row, BadRow)]
    if not good:
        raise InputError(bad[0].code, f"{name}: {bad[0].message}")
    for case in good:
        coaching.add_case(case, "labels")
    left = f" {len(bad)} rows were left out; the first: {bad[0].message}" if bad else ""
    return f"{name}: {len(good):,} drafts are kept.{left}"


def _begin() -> None:
    state = st.session_state
    coaching = service.shared_coaching()
    rated = sum(bool(kept.readers) for kept in coaching.cases())
    state["teach_begun"] = time.monotonic()
    if not service.shared_teacher().begin(coaching, rated):
        _told("A model is being taught already; wait for it.")


def _promote() -> None:
    try:
        _told(service.shared_teacher().promote())
    except AnalyzerError as error:
        _told(error.message, "alert")


def _go_back() -> None:
    try:
        _told(go_back())
    except AnalyzerError as error:
        _told(error.message, "alert")
