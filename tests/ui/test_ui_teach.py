"""Coaches' page: rate blind, mend tags, agree, teach, decide; and the page that tells the method."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from showing import shown
from streamlit.testing.v1 import AppTest

from analyzer.database import Coaching, KeptCase, Reading, open_database
from analyzer.errors import AnalyzerError
from analyzer.scoring.store import default_model_directory
from analyzer.training.dataset import LABELS, read_dataset
from analyzer.types import Case
from analyzer.ui import method_page, service, teach_figures, teach_page

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = "<script>window.pwned=1</script><img src=x onerror=window.pwned=1> **bold** $x^2$ :smile:"
DRAFT = "Dear Ana,\n\nThank you for showing me the dye works today. I would like to help with the vats.\n\nBest,\nTom"


@pytest.fixture
def home(monkeypatch, tmp_path) -> Path:
    """A home of its own: its database and its models, so that nothing of this machine is touched."""
    monkeypatch.setenv(service.ENGINES_VARIABLE, "harper")
    monkeypatch.setenv("ANALYZER_HOME", str(tmp_path))
    monkeypatch.delenv("ANALYZER_MODELS", raising=False)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    for shared in (service.shared_coaching, service.shared_teacher):
        shared.clear()
    yield tmp_path
    for shared in (service.shared_coaching, service.shared_teacher):
        shared.clear()


@pytest.fixture(scope="module", autouse=True)
def close_the_shared_judge():
    yield
    service.shared_judge().close()
    service.shared_judge.clear()


@pytest.fixture
def coaching(home) -> Coaching:
    return service.shared_coaching()


def open_page() -> AppTest:
    at = AppTest.from_string("from analyzer.ui import teach_page\nteach_page.show()", default_timeout=120).run()
    assert not at.exception
    return at


def rate(at: AppTest, coach: str, rating: int, case_id: str, faults: list[str] | None = None) -> AppTest:
    at.text_input(key="coach").input(coach).run()
    if faults is not None:
        at.multiselect(key=f"rate_{case_id}_faults").set_value(faults)
    for label in LABELS:
        at.radio(key=f"rate_{case_id}_{label}").set_value(rating)
    at.button[[one.label for one in at.button].index("Save and go on")].click().run()
    assert not at.exception
    return at


def part(at: AppTest, name: str) -> AppTest:
    at.session_state["teach_part"] = name
    at.run()
    assert not at.exception
    return at


# ---- rate


def test_without_drafts_the_page_says_where_they_come_from(home):
    assert "No drafts are kept yet" in shown(open_page()).text


def test_a_rating_is_kept_with_who_when_and_what_the_model_said(coaching):
    first = coaching.add_case(Case(DRAFT), "labels")
    second = coaching.add_case(Case(DRAFT + " Jr."), "labels")
    at = rate(open_page(), "Ines  Duarte", 2, first)
    (reading,) = coaching.readings()
    assert (reading.coach, reading.case_id, set(reading.ratings.values())) == ("Ines Duarte", first, {2.0})
    assert reading.model["version"] == default_model_directory().name and set(reading.model["ratings"]) == set(LABELS)
    assert at.session_state["teach_case"] == second
    assert "You and the model on the draft before" in shown(at).text


def test_the_models_faults_are_mended_but_its_ratings_are_not_shown_before(coaching):
    case_id = coaching.add_case(
        Case("Dear [Name],\n\nI want this job because it would be good for my career.\n\nTom"), "labels"
    )
    at = open_page()
    tags = at.multiselect(key=f"rate_{case_id}_faults").value
    assert "placeholder" in tags
    assert all(at.radio(key=f"rate_{case_id}_{label}").value is None for label in LABELS)
    assert "of 100" not in shown(at).text
    rate(at, "Ines", 1, case_id, [*(tag for tag in tags if tag != "placeholder"), "stiff"])
    (reading,) = coaching.readings()
    assert (
        "stiff" in reading.faults and "placeholder" not in reading.faults and "placeholder" in reading.model["faults"]
    )


def test_an_unfinished_rating_is_not_kept_and_says_what_is_missing(coaching):
    case_id = coaching.add_case(Case(DRAFT), "labels")
    at = open_page()
    at.text_input(key="coach").input("Ines").run()
    at.radio(key=f"rate_{case_id}_focus").set_value(3)
    at.button[[one.label for one in at.button].index("Save and go on")].click().run()
    assert "Not saved yet: give specificity" in shown(at).text and coaching.readings() == ()


def test_a_rating_needs_a_name(coaching):
    case_id = coaching.add_case(Case(DRAFT), "labels")
    at = rate(open_page(), " ", 3, case_id)
    assert "Write your name first" in shown(at).text and coaching.readings() == ()


def test_others_readings_are_shown_only_after_ones_own(coaching):
    case_id = coaching.add_case(Case(DRAFT), "labels")
    coaching.save(case_id, "Marcus Bell", dict.fromkeys(LABELS, 5.0), [])
    at = open_page()
    at.text_input(key="coach").input("Ines").run()
    assert "Marcus" not in shown(at).text
    rate(at, "Ines", 3, case_id)
    assert "Marcus Bell" in shown(at).text


def test_a_draft_is_deleted_only_after_a_second_look(coaching):
    case_id = coaching.add_case(Case(DRAFT), "labels")
    coaching.save(case_id, "Marcus", dict.fromkeys(LABELS, 5.0), [])
    at = open_page()
    assert "1 coach rated it" in shown(at).text
    at.button(key="teach_delete").click().run()
    assert coaching.cases() == () and coaching.readings() == ()


def test_hostile_drafts_and_coaches_come_out_as_text(coaching):
    case_id = coaching.add_case(
        Case(f"Dear Ana, {HOSTILE}", notes=HOSTILE, interviewer=HOSTILE, role=HOSTILE), "labels"
    )
    coaching.save(case_id, HOSTILE, dict.fromkeys(LABELS, 5.0), [])
    at = rate(open_page(), HOSTILE, 3, case_id)
    found = shown(at)
    assert not found.tags & {"script", "img"} and found.text.count(HOSTILE) >= 4
    for kind in ("markdown", "caption", "error", "warning", "info", "success", "toast"):
        assert not [element for element in at.get(kind) if "bold" in element.value]


# ---- tables of drafts


def labelled_rows(count: int, writers: frozenset[str], rater: str = "Ines") -> list[dict]:
    """Cases of writers nobody is measured on, rated as a coach who is strict on enthusiasm would."""
    kept = [case for case in read_dataset(ROOT / "data" / "labelled").cases if case.writer not in writers]
    rows = []
    for labelled in kept[:: len(kept) // count][:count]:
        ratings = {label: labelled.mean(label) for label in LABELS}
        ratings["enthusiasm"] = max(1.0, ratings["enthusiasm"] - 1.0)
        case = labelled.case
        rows.append({"id": case.id, "draft": case.draft, "notes": case.notes, "rater": rater, **ratings, "faults": []})
    return rows


def test_a_table_with_ratings_is_kept_with_them(coaching, held_out_writers):
    rows = labelled_rows(4, held_out_writers)
    data = "".join(json.dumps(row) + "\n" for row in rows).encode()
    said = teach_page.keep_table(coaching, data, "mine.jsonl", "Somebody")
    assert said == "mine.jsonl: 4 drafts with 4 ratings are kept."
    assert {reading.coach for reading in coaching.readings()} == {"Ines"}


def test_a_table_without_ratings_is_kept_to_be_rated(coaching):
    said = teach_page.keep_table(coaching, b"draft\nDear Ana thank you\n\n", "mine.csv", "Ines")
    assert said.startswith("mine.csv: 1 drafts are kept.") and coaching.readings() == ()


def test_a_table_that_cannot_be_read_is_told_in_its_own_name(coaching):
    with pytest.raises(AnalyzerError) as caught:
        teach_page.keep_table(coaching, b"a,b\n1,2\n", "mine.csv", "Ines")
    assert "mine.csv" in caught.value.message and "upload" not in caught.value.message


# ---- agreement


def reading(case_id: int, coach: str, rating: float, model: float, faults=(), model_faults=()) -> Reading:
    from datetime import UTC, datetime

    ratings = dict.fromkeys(LABELS, rating)
    said = {"ratings": dict.fromkeys(LABELS, model), "faults": list(model_faults)}
    return Reading(str(case_id), coach, datetime.now(UTC), ratings, tuple(faults), said)


def test_agreement_with_the_model_counts_kappa_error_and_which_way():
    given = [reading(number, "Ines", 1.0 + number % 5, 1.0 + number % 5) for number in range(10)]
    assert {(one.kappa, one.error, one.difference) for one in teach_figures.against_model(given)} == {(1.0, 0.0, 0.0)}
    above = [reading(number, "Ines", 1.0 + number % 4, 2.0 + number % 4) for number in range(10)]
    assert {(one.error, one.difference) for one in teach_figures.against_model(above)} == {(1.0, 1.0)}
    assert teach_figures.against_model(given[:4]) == ()


def test_corrections_count_what_was_added_and_taken_away():
    given = [
        reading(1, "I", 3, 3, ["cold"], ["wordy"]),
        reading(2, "I", 3, 3, ["cold"], []),
        reading(3, "I", 3, 3, ["stiff"], ["stiff"]),
    ]
    found = teach_figures.corrections(given)
    assert [(one.tag, one.added, one.removed) for one in found] == [("cold", 2, 0), ("wordy", 0, 1)]


def test_coaches_agree_over_the_drafts_that_several_rated():
    from datetime import UTC, datetime

    cases = [KeptCase(Case("d", id=str(number)), "labels", datetime.now(UTC), ()) for number in range(6)]
    given = [reading(number, coach, 1.0 + number % 5, 3.0) for number in range(6) for coach in ("Ines", "Jo")]
    between = teach_figures.between_coaches(cases, given)
    assert {one.cases for one in between} == {6} and {one.exact for one in between} == {1.0}
    assert teach_figures.between_coaches(cases, given[:4]) == ()


# ---- teach


def wait_until_taught(at: AppTest) -> None:
    teacher = service.shared_teacher()
    deadline = time.monotonic() + 120
    while teacher.busy:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    at.run()
    assert not at.exception and not teacher.trouble


def test_too_few_drafts_cannot_teach_and_the_page_says_how_many_are_missing(coaching):
    case_id = coaching.add_case(Case(DRAFT), "labels")
    coaching.save(case_id, "Ines", dict.fromkeys(LABELS, 5.0), [])
    at = part(open_page(), "Teach the model")
    assert at.button(key="teach_begin").disabled and "1 drafts are rated; 19 more" in shown(at).text


def test_a_taught_model_is_compared_promoted_used_and_taken_back(coaching, home, held_out_writers):
    rows = labelled_rows(30, held_out_writers)
    teach_page.keep_table(coaching, "".join(json.dumps(row) + "\n" for row in rows).encode(), "mine.jsonl", "Ines")
    before = default_model_directory().name
    middle = next(row for row in rows if 2.5 < row["enthusiasm"] < 3.5)
    draft = Case(middle["draft"], notes=middle["notes"])
    was = service.shared_judge().judge(draft)
    at = part(open_page(), "Teach the model")
    at.button(key="teach_begin").click().run()
    wait_until_taught(at)
    assert (
        "The new model and the present one" in shown(at).text and f"the present model is “{before}”" in shown(at).text
    )
    assert default_model_directory().name == before, "nothing changes before somebody decides"
    at.button(key="teach_promote").click().run()
    assert not at.exception
    now = default_model_directory()
    assert now.name.startswith("taught-") and now.parent == home / "models"
    assert not (ROOT / "models" / now.name).exists()
    changed = service.shared_judge().judge(draft)
    enthusiasm = {trait.name: trait.rating.value for trait in changed.traits}["enthusiasm"]
    assert enthusiasm < {trait.name: trait.rating.value for trait in was.traits}["enthusiasm"]
    at.button(key="teach_back").click().run()
    assert default_model_directory().name == before and service.shared_judge().judge(draft) == was


def test_a_new_model_may_be_thrown_away(coaching, home, held_out_writers):
    rows = labelled_rows(24, held_out_writers)
    teach_page.keep_table(coaching, "".join(json.dumps(row) + "\n" for row in rows).encode(), "mine.jsonl", "Ines")
    before = default_model_directory().name
    at = part(open_page(), "Teach the model")
    at.button(key="teach_begin").click().run()
    wait_until_taught(at)
    at.button(key="teach_keep").click().run()
    assert default_model_directory().name == before
    assert not [path for path in (home / "models").iterdir() if path.name.startswith("taught-")]


def test_a_database_that_cannot_be_opened_is_a_sentence(home, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "nonsense")
    at = open_page()
    assert "DATABASE_URL does not name a database" in shown(at).text


def test_what_is_kept_outlives_the_app(coaching, home):
    case_id = coaching.add_case(Case(DRAFT), "labels")
    coaching.save(case_id, "Ines", dict.fromkeys(LABELS, 4.0), ["wordy"])
    again = Coaching(open_database())
    assert [one.coach for one in again.readings()] == ["Ines"]


# ---- method


def test_the_method_page_holds_all_five_documents(home):
    at = AppTest.from_string("from analyzer.ui import method_page\nmethod_page.show()", default_timeout=60).run()
    assert not at.exception
    assert [tab.label for tab in at.tabs] == ["Rubric", "Limits", "Privacy", "Model card", "Data card"]
    assert all(len(tab.markdown[0].value) > 400 for tab in at.tabs)


def test_documents_come_out_with_words_for_links_to_files():
    text = "# T\n\nSee [the card](models/v2/README.md), ![a plot](a.png) and [RFC](https://example.org/x). It costs $5."
    assert method_page.readable(text) == "## T\n\nSee the card, a plot and [RFC](https://example.org/x). It costs \\$5."
