"""The page under Streamlit's AppTest, with Harper only."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from showing import blocks, shown
from streamlit.testing.v1 import AppTest

from analyzer.ui import draft_page, service

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)> **bold** $x^2$ :smile:"
DRAFT = f"Dear Priya,\n\nThank you for your time today. I liked {HOSTILE} very much.\n\nBest,\nDana"


@pytest.fixture
def page(monkeypatch):
    monkeypatch.setenv(service.ENGINES_VARIABLE, "harper")
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).run()
    assert not at.exception
    return at


@pytest.fixture(scope="module", autouse=True)
def close_the_shared_judge():
    yield
    service.shared_judge().close()
    service.shared_judge.clear()


def ask(at: AppTest, **fields: str) -> AppTest:
    for key in ("draft", "notes"):
        if key in fields:
            at.text_area(key=key).input(fields[key])
    for key in ("interviewer", "company", "role"):
        if key in fields:
            at.text_input(key=key).input(fields[key])
    if "kind" in fields:
        at.selectbox(key="kind").select(fields["kind"])
    at.button(key="judge").click().run()
    assert not at.exception
    return at


def test_an_empty_page_has_no_report(page):
    assert "How will your message land?" in shown(page).text
    assert "of 100" not in shown(page).text
    assert [area.label for area in page.text_area] == ["Your draft", "Your notes from the interview"]


def test_example_to_report_in_one_click(page, example_report):
    page.button(key="example").click().run()
    assert not page.exception
    assert page.text_area(key="draft").value == service.sample().draft
    assert page.text_input(key="interviewer").value == "Priya Nair"
    text = shown(page).text
    assert f"{example_report.overall.score:.0f} of 100" in text
    assert "Fix before you send" in text and "Nair" in text
    assert "Better words" in text and page.button(key="apply_0").label == "Apply"


def test_the_report_stays_and_is_read_once(page):
    page.button(key="example").click().run()
    page.run()
    assert "of 100" in shown(page).text and page.session_state["runs"] == 1
    assert "fresh" not in page.session_state, "it would be brought into view again"


def test_a_rewrite_is_applied_and_taken_back(page):
    page.button(key="example").click().run()
    before = page.text_area(key="draft").value
    first = page.session_state["report"].overall.score
    page.button(key="apply_0").click().run()
    assert not page.exception
    assert page.text_area(key="draft").value != before and page.session_state["report"].overall.score > first
    assert "This sitting" in shown(page).text
    page.button(key="undo_0").click().run()
    assert page.text_area(key="draft").value == before and page.session_state["report"].overall.score == first
    assert [version.number for version in page.session_state["versions"]] == [1, 2, 3]


def test_the_rewritten_draft_is_taken(page):
    page.button(key="example").click().run()
    rewritten = page.session_state["report"].rewritten
    page.button(key="take_rewritten").click().run()
    assert page.text_area(key="draft").value == rewritten.draft
    assert page.session_state["report"].overall.score == pytest.approx(rewritten.overall.score, abs=1)


def test_with_the_date_of_the_interview_the_page_says_when_to_send_and_offers_a_reminder(page):
    ask(page, draft=service.sample().draft)
    assert "When to send" not in shown(page).text
    page.datetime_input(key="interviewed_at").set_value(datetime(2026, 11, 23, 15)).run()
    page.datetime_input(key="sent_at").set_value(datetime(2026, 11, 24, 9)).run()
    page.button(key="judge").click().run()
    assert not page.exception
    assert "When to send" in shown(page).text and "The interview was on Monday 23 November 2026" in shown(page).text
    assert [found.proto.id for found in page.get("download_button") if found.proto.id.endswith("-ics")]


@pytest.mark.parametrize("day", range(1, 15))
def test_the_example_was_on_the_tuesday_before(day):
    now = datetime(2026, 12, day, 9)
    then = draft_page._last_tuesday(now)
    assert then.weekday() == 1 and 0 < (now - then).days + 1 <= 7


def test_a_date_that_cannot_be_is_said_in_a_sentence(page):
    page.button(key="example").click().run()
    page.text_input(key="sent_before").input("2026-02-30").run()
    page.button(key="judge").click().run()
    found = shown(page)
    assert "Messages already sent on" in found.text and "alert" in {given.get("role") for _, given in found.elements}


def test_a_card_is_not_offered_as_a_mail(page):
    page.button(key="example").click().run()
    page.radio(key="channel").set_value("card").run()
    page.button(key="judge").click().run()
    assert "Open in your mail program" not in shown(page).text
    assert "Save .eml" not in [found.proto.label for found in page.get("download_button")]


def test_an_edit_made_by_hand_is_said_and_read_again_when_asked(page):
    page.button(key="example").click().run()
    page.text_area(key="draft").input(service.sample().draft.replace("Nayr", "Nair")).run()
    assert "You have changed the draft since" in shown(page).text and page.session_state["runs"] == 1
    page.button(key="judge").click().run()
    assert "You have changed" not in shown(page).text and page.session_state["runs"] == 2


def test_a_draft_is_stored_only_when_asked_and_taken_back(page, monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'coaching.sqlite3'}")
    service.shared_coaching.clear()
    page.button(key="example").click().run()
    assert not (tmp_path / "coaching.sqlite3").exists(), "the database is touched before anybody asked"
    page.button(key="entrust").click().run()
    assert [kept.case.draft for kept in service.shared_coaching().cases()] == [service.sample().draft]
    assert "kept as you asked" in shown(page).text
    page.button(key="take_back").click().run()
    assert service.shared_coaching().cases() == () and "nothing was stored" in shown(page).text
    service.shared_coaching.clear()


@pytest.mark.parametrize(
    ("draft", "sentence"),
    [
        ("", "The draft is empty; write the message into it first."),
        (" \n", "The draft is empty"),
        ("1 2 3", "no words"),
        ("x" * 20_001, "limit for a draft is 20,000"),
        ("Sehr geehrte Frau Nair, vielen Dank für das freundliche Gespräch am Dienstag in Ihrem Haus.", "English"),
        ("Dear Ana, thank you.\x07", "control character"),
    ],
)
def test_what_cannot_be_judged_is_said_in_a_sentence(page, draft, sentence):
    page.button(key="example").click().run()
    found = shown(ask(page, draft=draft))
    assert sentence in found.text
    assert "of 100" not in found.text, "an old report stands under a new draft"
    assert "alert" in {given.get("role") for _, given in found.elements}


def test_a_kind_that_is_given_is_used(page):
    text = shown(ask(page, draft=service.sample().draft, kind="follow_up")).text
    assert "Your follow-up" in text and "as it reads" not in text


def test_hostile_text_comes_out_as_text(page):
    found = shown(
        ask(page, draft=DRAFT, notes=f"liked {HOSTILE}\nscanner {HOSTILE}", interviewer=HOSTILE, company=HOSTILE)
    )
    assert not found.tags & {"script", "img"}
    assert DRAFT in found.without_numbers
    assert f"to {HOSTILE}" in found.text
    # nothing of it in anything that Streamlit reads as Markdown
    for kind in ("markdown", "caption", "title", "header", "error", "warning", "info", "success", "toast"):
        assert not [element for element in page.get(kind) if "bold" in element.value]
    assert not [label for label in _labels(page) if "bold" in label or "script" in label]


def _labels(at: AppTest) -> list[str]:
    widgets = [*at.button, *at.text_area, *at.text_input, *at.selectbox, *at.get("file_uploader"), *at.expander]
    return [widget.label for widget in widgets]


def upload(at: AppTest, use: str, name: str, data: bytes) -> AppTest:
    uploader = next(found for found in at.get("file_uploader") if found.key.startswith(f"{use}_file"))
    uploader.upload(name, data).run()
    assert not at.exception
    return at


def test_an_uploaded_mail_fills_the_draft(page):
    mail = b"Subject: Thank you\nContent-Type: text/plain; charset=utf-8\n\nDear Priya,\nthank you for today.\nDana\n"
    upload(page, "draft", "thanks.eml", mail)
    assert "thank you for today." in page.text_area(key="draft").value
    assert "thanks.eml is in the box for your draft now." in shown(page).text
    assert not [found for found in page.get("file_uploader") if found.value], "the file's bytes are kept"


def test_uploaded_notes_and_a_second_file(page):
    upload(page, "notes", "one.txt", b"scanner app is old")
    upload(page, "notes", "two.md", b"returns 4 %")
    assert page.text_area(key="notes").value == "returns 4 %"


def test_a_hostile_file_and_its_name_stay_text(page):
    name = "<img src=x onerror=alert(1)> **bold** $x^2$ :smile:.txt"
    upload(page, "draft", name, DRAFT.encode())
    assert page.text_area(key="draft").value == DRAFT
    found = shown(page)
    assert name in found.text and "img" not in found.tags


@pytest.mark.parametrize(("name", "data", "word"), [("a.docx", b"PK\x03\x04", "a.docx"), ("b.txt", b"%PDF-1.4", "PDF")])
def test_a_file_that_cannot_be_read_is_said_in_a_sentence(page, name, data, word):
    page.button(key="example").click().run()
    found = shown(upload(page, "draft", name, data))
    assert word in found.text
    assert page.text_area(key="draft").value == service.sample().draft


def test_two_sessions_do_not_see_each_other(page, monkeypatch):
    ask(page, draft="Dear Ana, thank you for the tour of the dye works today. Tom")
    other = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).run()
    assert "dye works" not in shown(other).text and other.text_area(key="draft").value == ""


def test_an_installed_app_shows_the_same_page(page, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    installed = AppTest.from_file(str(ROOT / "analyzer" / "ui" / "start" / "app.py"), default_timeout=120).run()
    assert not installed.exception
    assert blocks(installed) == blocks(page) and blocks(page)
