"""The workshop: many drafts in turns in the background, the room with names and without, the page under AppTest."""

from __future__ import annotations

import csv
import io
import time
import zipfile
from pathlib import Path

import pytest
from showing import blocks, shown
from streamlit.testing.v1 import AppTest

from analyzer.errors import AnalyzerError, EngineError, InputError
from analyzer.reading import BadRow
from analyzer.types import Case, Edit, Rating, Report
from analyzer.ui import service, workshop_page, workshop_room
from analyzer.ui.workshop_jobs import ABANDONED_S, STEP_DRAFTS, Job, Worker

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = "<script>window.pwned=1</script><img src=x onerror=window.pwned=1> **bold** $x^2$ :smile:"
RATING = Rating(3.0, 2.0, 4.0)


def judged(cases, rewrites):
    edits = (Edit(0, 0, "", "x", "focus", "w"),) if rewrites else ()
    return [Report(case.id, case=case, kind="thank_you", overall=RATING, rewrites=edits) for case in cases]


def rows(count: int, name: str = "d") -> list[Case]:
    return [Case(f"{name} {number}", id=f"{name}{number}") for number in range(count)]


def wait_for(condition, limit_s: float = 20.0) -> None:
    deadline = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.01)


# ---- jobs


def test_a_job_keeps_the_order_of_its_rows_with_the_bad_ones_in_their_place():
    given = [*rows(5), BadRow("6", 6, "empty_draft", "Row 6 is empty."), *rows(3, "e")]
    job = Job("a.csv", given)
    while not job.over:
        job.step(judged)
    assert [report.id for report in job.reports] == [row.id for row in given]
    assert job.reports[5].error == ("empty_draft", "Row 6 is empty.")
    assert job.state == "done" and not job.complete


def test_figures_come_first_and_better_words_afterwards():
    asked = []

    def judge(cases, rewrites):
        asked.append((len(cases), rewrites))
        return judged(cases, rewrites)

    job = Job("a.csv", rows(STEP_DRAFTS + 1))
    while not job.complete:
        job.step(judge)
    assert asked == [(STEP_DRAFTS, False), (1, False), *[(1, True)] * (STEP_DRAFTS + 1)]
    assert all(report.rewrites for report in job.reports)


def test_a_row_that_is_looked_at_gets_its_better_words_at_once_and_only_once():
    job = Job("a.csv", rows(3))
    job.step(judged)
    assert job.improve(2, judged).rewrites and not job.reports[0].rewrites
    assert job.improve(2, lambda *_: pytest.fail("sought twice")).rewrites
    assert job.improved == 1


def test_two_jobs_are_judged_in_turns_and_who_waits_for_figures_goes_first():
    order = []

    def judge(cases, rewrites):
        order.append((cases[0].id[0], rewrites))
        time.sleep(0.002)
        return judged(cases, rewrites)

    worker, long, short = Worker(judge), Job("l", rows(STEP_DRAFTS * 20, "l")), Job("s", rows(STEP_DRAFTS * 2, "s"))
    worker.submit(long)
    worker.submit(short)
    wait_for(lambda: short.over)
    assert not long.over, "the short job waited for the whole long one"
    wait_for(lambda: long.complete and short.complete)
    figures = [place for place, (_, rewrites) in enumerate(order) if not rewrites]
    assert figures == list(range(len(figures))), "better words were sought while somebody waited for figures"


def test_a_job_that_breaks_ends_alone():
    def judge(cases, rewrites):
        if cases[0].draft.startswith("bad"):
            raise ZeroDivisionError
        return judged(cases, rewrites)

    worker, bad, good = Worker(judge), Job("b", rows(3, "bad")), Job("g", rows(30, "g"))
    worker.submit(bad)
    worker.submit(good)
    wait_for(lambda: good.complete and bad.over)
    assert bad.state == "stopped" and "ZeroDivisionError" in bad.trouble and good.state == "done"


def test_a_trouble_is_told_and_ends_the_job():
    def judge(cases, rewrites):
        raise EngineError("no_engine", "Nobody proofreads.")

    job = Job("a.csv", rows(3))
    job.step(judge)
    assert (job.state, job.trouble, job.complete) == ("stopped", "Nobody proofreads.", True)


def test_a_job_that_is_stopped_keeps_what_it_has():
    job = Job("a.csv", rows(STEP_DRAFTS * 3))
    job.step(judged)
    job.stop()
    job.step(judged)
    assert (job.state, job.done, job.complete) == ("stopped", STEP_DRAFTS, True)


def test_a_job_nobody_looks_at_ends(monkeypatch):
    job = Job("a.csv", rows(STEP_DRAFTS * 3))
    later = time.monotonic() + ABANDONED_S + 1
    monkeypatch.setattr(time, "monotonic", lambda: later)
    job.step(judged)
    assert job.state == "stopped" and job.done == 0
    fresh = Job("a.csv", rows(3))
    fresh.look()
    fresh.step(judged)
    assert fresh.state == "done"


# ---- files


def test_a_table_says_what_was_taken_for_what_and_never_where_it_lay(tmp_path):
    found, said = workshop_page.read_rows((ROOT / "data/examples/workshop.csv").read_bytes(), "room 3.csv")
    assert len(found) == 60 and "room 3.csv" in said and "/tmp" not in said and "upload" not in said


def test_a_file_with_too_many_drafts_is_refused_in_its_own_name(monkeypatch):
    monkeypatch.setattr(workshop_page, "MOST_ROWS", 2)
    with pytest.raises(InputError, match=r"room\.csv has more than 2 drafts: use “analyzer batch”"):
        workshop_page.read_rows(b"draft\na\nb\nc\n", "room.csv")


def test_a_file_without_drafts_is_told_in_its_own_name():
    with pytest.raises(AnalyzerError) as caught:
        workshop_page.read_rows(b"a,b\n1,2\n", "room <b>.csv")
    assert "room <b>.csv" in caught.value.message and "upload.csv" not in caught.value.message


# ---- the room


@pytest.fixture(scope="module")
def reports(analyzer):
    people = ["Amara Osei", "Bo Lindqvist", "Amara Osei"]
    cases = [
        Case(
            f"Dear Priya Nair,\n\nThank you for showing me the Harbourline scanners on day {number}, {name} here. "
            f"Marguerite asked about returns. Call me: +44 20 7946 0958, a.osei@example.org\n\nBest,\n{name}",
            id=str(number),
            participant=name,
            interviewer="Priya Nair",
            company="Harbourline",
        )
        for number, name in enumerate(people)
    ]
    return [*analyzer.analyze_cases(cases), Report("row <b>", error=("empty_draft", "It is empty."))]


def test_names_are_hidden_everywhere_for_the_projector(reports):
    hidden = workshop_room.room("room", reports, names=False)
    assert [entry.person for entry in hidden.entries] == ["Participant 1", "Participant 2", "Participant 1"]
    told = repr((hidden, workshop_room.table(hidden)))
    for name in ("Amara", "Osei", "Lindqvist", "Priya", "Nair", "Harbourline", "Marguerite", "7946", "example.org"):
        assert name not in told, name
    assert "row <b>" not in told
    shown_names = workshop_room.room("room", reports, names=True)
    assert [entry.person for entry in shown_names.entries] == ["Amara Osei", "Bo Lindqvist", "Amara Osei"]
    assert shown_names.failed == (("row <b>", "It is empty."),)


def test_a_veiled_report_keeps_every_mark_in_its_place(reports):
    for report in reports[:3]:
        veiled = workshop_room.veiled(report)
        assert len(veiled.text) == len(report.text)
        for found, was in zip(veiled.findings, report.findings, strict=True):
            assert veiled.text[found.start : found.end] == found.text and (found.start, found.end) == (
                was.start,
                was.end,
            )


def test_everything_to_take_away_is_in_one_zip(reports):
    packed = zipfile.ZipFile(io.BytesIO(workshop_room.everything("room", reports)))
    names = packed.namelist()
    assert {"report.html", "reports.csv", "reports.jsonl", "reports.xlsx"} <= set(names)
    assert sum(name.startswith("participants/") and name.endswith(".html") for name in names) == 2
    table = list(csv.DictReader(io.StringIO(packed.read("reports.csv").decode("utf-8-sig"))))
    assert len(table) == 4


# ---- the page


@pytest.fixture
def page(monkeypatch, tmp_path):
    monkeypatch.setenv(service.ENGINES_VARIABLE, "harper")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'coaching.sqlite3'}")
    service.shared_coaching.clear()
    at = AppTest.from_string("from analyzer.ui import workshop_page\nworkshop_page.show()", default_timeout=120).run()
    assert not at.exception
    yield at
    service.shared_coaching.clear()


@pytest.fixture(scope="module", autouse=True)
def close_the_shared_judge():
    yield
    service.shared_judge().close()
    service.shared_judge.clear()
    service.shared_worker.clear()


def run_file(at: AppTest, name: str, data: bytes) -> AppTest:
    (uploader,) = at.get("file_uploader")
    uploader.upload(name, data).run()
    assert not at.exception
    if "workshop_job" in at.session_state:
        wait_for(lambda: at.session_state["workshop_job"].over, 120)
        at.run()
        assert not at.exception
    return at


def table_of(*fields: dict[str, str]) -> bytes:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(fields[0]))
    writer.writeheader()
    writer.writerows(fields)
    return stream.getvalue().encode()


GOOD = "Dear Ana,\n\nThank you for showing me the dye works today. I would like to help with the {}.\n\nBest,\n{}"


def test_an_empty_page_explains_itself(page):
    assert "A room full of drafts" in shown(page).text
    assert not page.get("dataframe")


def test_a_file_becomes_a_room(page):
    people = [
        {"name": name, "draft": GOOD.format(what, name)} for name, what in (("Tom Berg", "vats"), ("Ida Holm", "looms"))
    ]
    run_file(page, "room.csv", table_of(*people, {"name": "Empty", "draft": ""}))
    text = shown(page).text
    assert "is the draft in the middle" in text and "1 row could not be judged" in text
    assert [row["Who"] for row in page.dataframe[0].value.to_dict("records")] == ["Tom Berg", "Ida Holm"]
    assert not [found for found in page.get("file_uploader") if found.value], "the file's bytes are kept"


def test_the_table_is_filtered(page):
    people = [{"name": name, "draft": GOOD.format("vats", name)} for name in ("Tom Berg", "Ida Holm", "Tomas Lund")]
    run_file(page, "room.csv", table_of(*people))
    page.text_input(key="workshop_find").input("tom").run()
    assert sorted(page.dataframe[0].value["Who"]) == ["Tom Berg", "Tomas Lund"]
    page.text_input(key="workshop_find").input("nobody").run()
    assert "Nobody fits all of that" in shown(page).text and not page.get("dataframe")


def test_names_are_hidden_by_a_toggle(page):
    people = [{"name": name, "draft": GOOD.format("vats", name)} for name in ("Tom Berg", "Ida Holm")]
    run_file(page, "room.csv", table_of(*people))
    page.toggle(key="workshop_hide").set_value(True).run()
    assert list(page.dataframe[0].value["Who"]) == ["Participant 1", "Participant 2"]
    assert "Berg" not in "".join(blocks(page)) and "Holm" not in "".join(blocks(page))


def test_hostile_names_and_drafts_come_out_as_text(page):
    run_file(page, f"{HOSTILE}.csv", table_of({"name": HOSTILE, "draft": GOOD.format(HOSTILE, HOSTILE)}))
    assert not shown(page).tags & {"script", "em", "strong", "svg"} - {"strong"}
    assert all(
        given.get("src", "data:image/svg+xml").startswith("data:image/svg+xml") for _, given in shown(page).elements
    )
    for kind in ("markdown", "caption", "error", "warning", "info", "success", "toast"):
        assert not [element for element in page.get(kind) if "bold" in element.value]
    assert not [one for one in (*page.button, *page.selectbox, *page.text_input) if "bold" in one.label]


def test_a_file_that_cannot_be_read_is_a_sentence(page):
    run_file(page, "room <b>.csv", b"a,b\n1,2\n")
    found = shown(page)
    assert "room <b>.csv" in found.text and "alert" in {given.get("role") for _, given in found.elements}


def test_drafts_are_kept_only_when_a_coach_asks(page):
    run_file(page, "room.csv", table_of({"name": "Tom Berg", "draft": GOOD.format("vats", "Tom")}))
    assert service.shared_coaching().cases() == ()
    page.button(key="workshop_keep_all").click().run()
    assert [kept.source for kept in service.shared_coaching().cases()] == ["workshop"]
    assert "The draft is kept" in shown(page).text


def test_two_sessions_see_their_own_room(page):
    run_file(page, "room.csv", table_of({"name": "Tom Berg", "draft": GOOD.format("vats", "Tom")}))
    other = AppTest.from_string(
        "from analyzer.ui import workshop_page\nworkshop_page.show()", default_timeout=120
    ).run()
    assert not other.get("dataframe") and "in the middle" not in shown(other).text
