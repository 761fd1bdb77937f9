"""The app in a real headless Chromium: what people see, that no request leaves its origin, that text stays text."""

from __future__ import annotations

import json
import time
import zipfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from analyzer.database import Coaching, open_database
from analyzer.reading import read_document_bytes
from analyzer.ui import service

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = "<script>window.pwned=1</script><img src=x onerror=window.pwned=1> **bold** $x^2$ :smile:"
# generous: the suite runs beside others on two cores; the measured time is in the message
CLICK_LIMIT_S = 5.0


@pytest.fixture(scope="module")
def home(shots, tmp_path_factory) -> Path:
    """Where the app of these tests keeps its database and its models: never this machine's own."""
    folder = tmp_path_factory.mktemp("home")
    shots.some_readings(folder)
    return folder


@pytest.fixture(scope="module")
def app(shots, home) -> Iterator[str]:
    environment = {"ANALYZER_ENGINES": "harper", "ANALYZER_HOME": str(home), "ANALYZER_MODELS": "", "DATABASE_URL": ""}
    with shots.running_app(environment) as address:
        yield address


@pytest.fixture
def browser(shots, app) -> Iterator[Any]:
    with shots.open_browser(1440, 900) as driver:
        driver.get(app)
        shots.button(driver, "See how it lands")
        yield driver
        assert requests_elsewhere(driver, app) == []


def requests_elsewhere(driver: Any, app: str) -> list[str]:
    """Every address the page asked for, by HTTP or WebSocket, that is not the app's own."""
    asked = []
    for entry in driver.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            asked.append(message["params"]["request"]["url"])
        elif message["method"] == "Network.webSocketCreated":
            asked.append(message["params"]["url"])
    assert any(urlsplit(address).netloc == urlsplit(app).netloc for address in asked), "the network log is empty"
    own = urlsplit(app).netloc
    return [
        address
        for address in asked
        if urlsplit(address).scheme not in ("data", "blob", "chrome") and urlsplit(address).netloc != own
    ]


def box(driver: Any, label: str) -> Any:
    """The box with this label; Streamlit loads its kinds of boxes one by one, so wait for it."""
    path = f"textarea[aria-label='{label}'], input[aria-label='{label}']"
    return WebDriverWait(driver, 30).until(lambda found: found.find_element(By.CSS_SELECTOR, path))


def paste(driver: Any, label: str, text: str) -> None:
    """As a paste does: all at once, through the browser's own editing."""
    box(driver, label).send_keys(Keys.CONTROL, "a")
    driver.execute_cdp_cmd("Input.insertText", {"text": text})


def paste_case(driver: Any, **fields: str) -> None:
    labels = {"draft": "Your draft", "notes": "Your notes from the interview", "interviewer": "Interviewer"}
    for name, text in fields.items():
        paste(driver, labels.get(name, name.capitalize()), text)


def report(driver: Any) -> Any:
    return driver.find_element(By.CLASS_NAME, "da-report")


def marked_words(driver: Any) -> str:
    """The marked draft's text without its numbers, as the browser holds it."""
    return driver.execute_script(
        "const copy = document.querySelector('.da-draft').cloneNode(true);"
        "copy.querySelectorAll('sup').forEach(number => number.remove()); return copy.textContent"
    )


def test_paste_click_report(shots, browser):
    case = service.sample()
    paste_case(
        browser, draft=case.draft, notes=case.notes, interviewer="Priya Nair", company="Harbourline", role=case.role
    )
    shots.button(browser, "See how it lands").click()
    shots.wait_for_report(browser)
    assert marked_words(browser) == case.draft.replace("\r\n", "\n")
    text = report(browser).text
    assert "of 100" in text and "Fix before you send" in text and "The notes spell this name “Nair”" in text
    first = browser.find_element(By.CSS_SELECTOR, ".da-piece:has(.da-mark.fix)")
    mark = first.find_element(By.TAG_NAME, "mark")
    assert "Nair" in first.get_attribute("title") and "double" in mark.value_of_css_property("text-decoration")
    assert browser.execute_script("return document.activeElement.id") == "da-verdict"
    # a second click, with everything warm
    paste_case(browser, draft=case.draft.replace("Nayr", "Nair"))
    started = time.perf_counter()
    shots.button(browser, "See how it lands").click()
    WebDriverWait(browser, 30, poll_frequency=0.02).until(lambda found: "“Nayr”" not in report(found).text)
    took = time.perf_counter() - started
    print(f"\nfrom click to shown report, Harper only: {took:.2f} s")
    assert took < CLICK_LIMIT_S, f"{took:.2f} s from click to report"


def test_hostile_text_stays_text(shots, browser):
    draft = f"Dear Priya,\n\nThank you for your time. I liked {HOSTILE} very much, realy.\n\nBest,\nDana"
    paste_case(browser, draft=draft, notes=f"liked {HOSTILE}\n<b>old</b> scanner {HOSTILE}", interviewer=HOSTILE)
    shots.button(browser, "See how it lands").click()
    shots.wait_for_report(browser)
    assert marked_words(browser) == draft
    assert HOSTILE in browser.find_element(By.CSS_SELECTOR, "#da-verdict h2").text
    assert not report(browser).find_elements(By.CSS_SELECTOR, "script, img, em, svg, .katex")
    assert browser.execute_script("return window.pwned") is None
    assert not [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]


def test_a_file_fills_its_box_and_what_was_typed_stays(shots, browser, tmp_path):
    name = "**bold** $x^2$ :smile: <img src=x onerror=window.pwned=1>.txt"
    (tmp_path / name).write_text(f"scanner app {HOSTILE}", encoding="utf-8")
    paste_case(browser, draft="Typed and not yet sent.")
    browser.find_element(By.CSS_SELECTOR, "[data-testid=stExpander] summary").click()
    choosers = WebDriverWait(browser, 10).until(lambda found: found.find_elements(By.CSS_SELECTOR, "input[type=file]"))
    choosers[1].send_keys(str(tmp_path / name))
    notes = "Your notes from the interview"
    WebDriverWait(browser, 10).until(lambda found: HOSTILE in box(found, notes).get_attribute("value"))
    assert box(browser, "Your draft").get_attribute("value") == "Typed and not yet sent."
    assert name in browser.find_element(By.CLASS_NAME, "da-notice").text
    assert browser.execute_script("return window.pwned") is None


def test_an_empty_draft_is_a_sentence(shots, browser):
    shots.button(browser, "See how it lands").click()
    said = WebDriverWait(browser, 60).until(lambda found: found.find_element(By.CLASS_NAME, "da-notice"))
    assert said.text == "The draft is empty; write the message into it first."
    assert not browser.find_elements(By.CSS_SELECTOR, "[data-testid=stException]")


def test_a_rewrite_is_applied_scored_at_once_and_undone(shots, browser):
    shots.button(browser, "Try an example").click()
    shots.wait_for_report(browser)
    before = score(browser)
    words = box(browser, "Your draft").get_attribute("value")
    started = time.perf_counter()
    shots.button(browser, "Apply").click()
    shots.wait_for_number(browser, ".da-done", 1)
    print(f"\nfrom Apply to the new report: {time.perf_counter() - started:.2f} s")
    after = score(browser)
    assert after > before + 5
    assert "Nayr" in words and "Nayr" not in box(browser, "Your draft").get_attribute("value")
    assert f"Now {after} of 100" in browser.find_element(By.CLASS_NAME, "da-moved").text
    plot = browser.find_element(By.CSS_SELECTOR, "img.da-plot")
    assert plot.get_attribute("alt") == f"The score of each version: version 1: {before}, version 2: {after}."
    assert browser.execute_script("return arguments[0].naturalWidth", plot) > 100, "the plot is not drawn"
    shots.button(browser, "Undo").click()
    WebDriverWait(browser, 30).until(lambda found: score(found) == before)
    assert box(browser, "Your draft").get_attribute("value") == words


def test_what_is_typed_while_the_page_is_drawn_anew_is_not_lost(shots, browser):
    """Each box that is left has the page drawn anew; what goes into the next one meanwhile must stay."""
    case = service.sample()
    fields = {"draft": case.draft, "notes": case.notes, "interviewer": "Priya Nair", "company": "Harbourline"}
    for _ in range(5):
        paste_case(browser, **fields)
    time.sleep(1.0)
    shots.wait_for(browser, ".stApp")
    labels = ("Your draft", "Your notes from the interview", "Interviewer", "Company")
    assert [box(browser, label).get_attribute("value") for label in labels] == list(fields.values())


def test_what_is_typed_is_still_there_after_a_look_at_another_page(shots, browser):
    paste_case(browser, draft="Dear Ana,\n\nthank you.", notes="vats", interviewer="Ana Ruiz")
    open_from_top(browser, "method", "How it reads")
    open_from_top(browser, "draft", "How will your message land?")
    shots.button(browser, "See how it lands")
    labels = ("Your draft", "Your notes from the interview", "Interviewer")
    assert [box(browser, label).get_attribute("value") for label in labels] == [
        "Dear Ana,\n\nthank you.",
        "vats",
        "Ana Ruiz",
    ]


def open_from_top(driver: Any, name: str, title: str) -> None:
    """By the links at the top, as people do; the session stays."""
    links = driver.find_elements(By.CSS_SELECTOR, "[data-testid=stTopNavLink]")
    next(link for link in links if link.text.strip().lower() == name).click()
    WebDriverWait(driver, 60).until(
        lambda found: title in found.execute_script("return document.querySelector('.da-masthead')?.innerText ?? ''")
    )


def test_the_rewritten_draft_is_taken_and_left_again(shots, browser):
    shots.button(browser, "Try an example").click()
    shots.wait_for_report(browser)
    before, words = score(browser), box(browser, "Your draft").get_attribute("value")
    struck, come = (
        [one.text for one in browser.find_elements(By.CSS_SELECTOR, f".da-beside {tag}")] for tag in ("del", "ins")
    )
    assert "Nayr" in struck and "Nair" in come
    shots.button(browser, "Take the rewritten draft").click()
    WebDriverWait(browser, 30).until(lambda found: score(found) > before)
    shots.button(browser, "Go back to version 1").click()
    WebDriverWait(browser, 30).until(lambda found: score(found) == before)
    assert box(browser, "Your draft").get_attribute("value") == words


def score(driver: Any) -> int:
    """The whole, as it is shown; -1 while the page is drawn anew."""
    try:
        return int(driver.find_element(By.CSS_SELECTOR, "#da-verdict .da-number").text)
    except (NoSuchElementException, StaleElementReferenceException, ValueError):
        return -1


def test_the_letter_is_copied_and_saved(shots, browser, tmp_path):
    browser.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(tmp_path)})
    origin = browser.execute_script("return location.origin")
    browser.execute_cdp_cmd(
        "Browser.grantPermissions", {"origin": origin, "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}
    )
    shots.button(browser, "Try an example").click()
    shots.wait_for_report(browser)
    shots.button(browser, "Copy the text").click()
    WebDriverWait(browser, 10).until(lambda found: found.find_elements(By.XPATH, "//button[.='Copied']"))
    copied = browser.execute_script("return navigator.clipboard.readText()")
    assert copied.startswith("Subject: Thank you\n\nDear Ms Nayr,") and copied.endswith("Dana Whitfield")
    for ending in (".txt", ".eml", ".docx"):
        shots.button(browser, f"Save {ending}").click()
        path = tmp_path / f"message{ending}"
        WebDriverWait(browser, 20).until(lambda _, path=path: path.is_file() and path.stat().st_size)
        assert "Dear Ms Nayr," in read_document_bytes(path.read_bytes(), path.name, "draft")
    link = browser.find_element(By.LINK_TEXT, "Open in your mail program").get_attribute("href")
    assert link.startswith("mailto:?subject=Thank%20you&body=Dear%20Ms%20Nayr")


def test_a_workshop_of_sixty_becomes_a_room(shots, app, browser, tmp_path):
    shots.page(browser, app, "workshop")
    started = time.perf_counter()
    shots.give_file(browser, shots.WORKSHOP)
    said = shots.wait_for(browser, "[data-testid=stProgress]", 60).text
    assert "drafts read" in said or "Waking" in said
    shots.wait_for(browser, ".da-common")
    print(f"\n60 drafts, Harper only: {time.perf_counter() - started:.1f} s from the file to the room")
    text = browser.find_element(By.CSS_SELECTOR, "[data-testid=stMain]").text
    assert "What to work on together" in text and "Who may need help" in text and "8 rows could not be judged" in text
    shots.choose_row(browser, 0)
    shots.wait_for(browser, ".da-marked .da-draft")
    person = browser.find_element(By.CLASS_NAME, "da-person").text
    assert person == "Amara Osei" and "of 100" in browser.find_element(By.ID, "da-verdict").text
    assert browser.find_elements(By.CSS_SELECTOR, ".da-better .da-offer"), "no better words for a weak draft"
    shots.click(browser, ".st-key-workshop_hide label")
    shots.wait_for(browser, ".stApp:not(:has(.da-coach-only))")
    page = browser.execute_script("return document.body.innerText")
    for name in ("Amara", "Osei", "Lindqvist", "Kofi", "Mensah"):
        assert name not in page, f"{name} is on the projector"
    browser.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(tmp_path)})
    shots.button(browser, "Download everything (.zip)").click()
    path = tmp_path / "workshop.zip"
    WebDriverWait(browser, 60).until(lambda _: path.is_file())
    assert "report.html" in zipfile.ZipFile(path).namelist()


def test_hostile_names_and_drafts_stay_text_in_a_workshop(shots, app, browser, tmp_path):
    draft = f"Dear Ana,\n\nThank you for showing me the {HOSTILE} today.\n\nBest,\nTom"
    path = tmp_path / "room.jsonl"
    rows = [{"id": f"{number}{HOSTILE}", "participant": HOSTILE, "draft": draft, "notes": HOSTILE} for number in (1, 2)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    shots.page(browser, app, "workshop")
    shots.give_file(browser, path)
    shots.wait_for(browser, "[data-testid=stDataFrame]")
    shots.choose_row(browser, 0)
    shots.wait_for(browser, ".da-marked .da-draft")
    assert browser.find_element(By.CLASS_NAME, "da-person").text == HOSTILE
    assert marked_words(browser) == draft
    assert browser.execute_script("return window.pwned") is None
    main = browser.find_element(By.CSS_SELECTOR, "[data-testid=stMain]")
    assert not main.find_elements(By.CSS_SELECTOR, ".da-report script, img:not(.da-plot), .katex, .da-report em")


def test_a_model_is_taught_promoted_and_taken_back(shots, app, browser, home):
    shots.page(browser, app, "teach")
    paste(browser, "Your name, kept beside every rating", HOSTILE)
    shots.button(browser, "Teach the model").click()
    assert "36 drafts are rated" in shots.wait_for(browser, ".da-heading").text
    shots.button(browser, "Teach it from these drafts").click()
    table = shots.wait_for(browser, ".da-table").text
    assert "Enthusiasm -" in table.replace("−", "-") and "Focus stays" in table
    shots.button(browser, "Use the new model").click()
    said = shots.wait_for(browser, ".da-notice").text
    assert "is the model now, in place of" in said
    taught = (home / "models" / "default.txt").read_text(encoding="utf-8").strip()
    assert taught.startswith("taught-") and f"“{taught}”" in said
    assert not (ROOT / "models" / taught).exists()
    shots.button(browser, "Go back to the model before").click()
    WebDriverWait(browser, 30).until(
        lambda found: "is the default model again" in found.find_element(By.CLASS_NAME, "da-notice").text
    )
    assert (home / "models" / "default.txt").read_text(encoding="utf-8").strip() != taught


def test_a_coach_rates_a_draft_and_it_is_kept(shots, app, browser, home):
    shots.page(browser, app, "teach")
    paste(browser, "Your name, kept beside every rating", "Jo <b>Park</b>")
    box(browser, "Your name, kept beside every rating").send_keys(Keys.ENTER)
    WebDriverWait(browser, 30).until(
        lambda found: found.find_elements(By.XPATH, "//*[contains(text(), '(0 of 37 rated by you)')]")
    )
    for label in ("specificity", "focus", "concision", "enthusiasm", "grammar", "overall"):
        four = f"//*[contains(@class, '_{label}')]//label[.//input[@type='radio']][normalize-space()='4']"
        WebDriverWait(browser, 20).until(lambda found, four=four: found.find_element(By.XPATH, four)).click()
    shots.button(browser, "Save and go on").click()
    shots.wait_for(browser, ".da-notice")
    assert "Saved." in browser.find_element(By.CLASS_NAME, "da-notice").text
    kept = Coaching(open_database(f"sqlite:///{home / 'coaching.sqlite3'}"))
    mine = [one for one in kept.readings() if one.coach == "Jo <b>Park</b>"]
    assert len(mine) == 1 and set(mine[0].ratings.values()) == {4.0}


# the page of a participant holds the whole room too
PAGES = ("draft", "improved", "participant", "teach", "agreement", "method")


@pytest.mark.parametrize("width", [380, 768, 1440])
def test_nothing_is_cut_off_at_any_width(shots, app, browser, width):
    for name in PAGES:
        shots.set_size(browser, 1440, 900)
        shots.SCENES[name](browser, app)
        shots.set_size(browser, width, 800)
        time.sleep(0.5)
        too_wide = browser.execute_script(TOO_WIDE)
        assert too_wide == [], f"on the page {name}"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_stand_out_from_their_ground(shots, app, theme):
    """WCAG AA: 4.5 to 1 for every text of ours, in both themes, on every page."""
    with shots.open_browser(1440, 900, theme) as driver:
        for name in PAGES:
            shots.SCENES[name](driver, app)
            ratios = driver.execute_script(CONTRASTS)
            assert len(ratios) > 1
            assert [found for found in ratios if found[1] < 4.5] == [], f"on the page {name}"


@pytest.mark.parametrize("name", PAGES)
def test_everything_one_can_use_has_a_name_and_headings_follow_each_other(shots, app, browser, name):
    shots.SCENES[name](browser, app)
    assert browser.execute_script(NAMELESS) == []
    levels = browser.execute_script(
        "return [...document.querySelectorAll('[data-testid=stMain] :is(h1, h2, h3, h4, h5, h6)')]"
        ".filter(one => one.checkVisibility()).map(one => Number(one.tagName[1]))"
    )
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels


def test_the_keyboard_alone_gets_a_report(shots, browser):
    paste_case(browser, draft=service.sample().draft)
    for _ in range(12):
        ActionChains(browser).send_keys(Keys.TAB).perform()
        if browser.execute_script("return document.activeElement.innerText") == "See how it lands":
            break
    else:
        pytest.fail("the button is not reached by Tab")
    ActionChains(browser).send_keys(Keys.ENTER).perform()
    shots.wait_for_report(browser)
    WebDriverWait(browser, 10).until(
        lambda found: found.execute_script("return document.activeElement.id") == "da-verdict"
    )


# What reaches over the edge of the window, but for what lies in something that is moved sideways by itself.
TOO_WIDE = """
const main = document.querySelector('[data-testid=stMain]');
return [...main.querySelectorAll('*')]
  .filter(one => one.getBoundingClientRect().right > innerWidth + 1)
  .filter(one => { for (let up = one.parentElement; up && up !== main; up = up.parentElement)
    if (['auto', 'scroll', 'hidden'].includes(getComputedStyle(up).overflowX)) return false; return true; })
  .map(one => one.className.toString());
"""

# Buttons, boxes and links in sight without words for a screen reader.
NAMELESS = """
const named = one => (one.innerText || '').trim() || one.getAttribute('aria-label') || one.getAttribute('aria-labelledby')
  || one.title || (one.labels && [...one.labels].some(label => label.innerText.trim()));
return [...document.querySelectorAll('[data-testid=stMain] :is(button, a[href], input, textarea, select, [role=button])')]
  .filter(one => one.checkVisibility() && !one.closest('[data-testid=stDataFrame]')).filter(one => !named(one))
  .map(one => one.outerHTML.slice(0, 160));
"""

# Every element with text of its own, and how far its colour is from the nearest ground behind it.
CONTRASTS = """
const rgb = colour => colour.match(/[\\d.]+/g).map(Number);
const light = colour => {
  const [r, g, b] = rgb(colour).slice(0, 3).map(v => v / 255).map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const ground = one => {
  for (; one; one = one.parentElement) {
    const colour = getComputedStyle(one).backgroundColor;
    if ((rgb(colour)[3] ?? 1) > 0.99) return colour;
  }
  return 'rgb(255, 255, 255)';
};
return [...document.querySelectorAll('.da-report *, .da-masthead *, .da-notice')]
  .filter(one => [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
  .map(one => {
    const [a, b] = [light(getComputedStyle(one).color), light(ground(one))].sort((x, y) => y - x);
    return [one.className || one.tagName, (a + 0.05) / (b + 0.05)];
  });
"""
