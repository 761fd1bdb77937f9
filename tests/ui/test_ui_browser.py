"""The app in a real headless Chromium: what people see, that no request leaves its origin, that text stays text."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from analyzer.ui import service

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]

HOSTILE = "<script>window.pwned=1</script><img src=x onerror=window.pwned=1> **bold** $x^2$ :smile:"
# generous: the suite runs beside others on two cores; the measured time is in the message
CLICK_LIMIT_S = 5.0


@pytest.fixture(scope="module")
def app(shots) -> Iterator[str]:
    with shots.running_app({"ANALYZER_ENGINES": "harper"}) as address:
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
    assert "Nair" in first.get_attribute("title") and "wavy" in mark.value_of_css_property("text-decoration")
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


@pytest.mark.parametrize("width", [380, 768, 1440])
def test_nothing_is_cut_off_at_any_width(shots, browser, width):
    shots.set_size(browser, width, 800)
    shots.button(browser, "Try an example").click()
    shots.wait_for_report(browser)
    too_wide = browser.execute_script(
        "const main = document.querySelector('[data-testid=stMain]');"
        "return [...main.querySelectorAll('*')].filter(one => one.getBoundingClientRect().right > innerWidth + 1)"
        ".map(one => one.className.toString())"
    )
    assert too_wide == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_stand_out_from_their_ground(shots, app, theme):
    """WCAG AA: 4.5 to 1 for every text of the report, in both themes."""
    with shots.open_browser(1440, 900, theme) as driver:
        driver.get(app)
        shots.button(driver, "Try an example").click()
        shots.wait_for_report(driver)
        ratios = driver.execute_script(CONTRASTS)
        assert len(ratios) > 40
        assert [found for found in ratios if found[1] < 4.5] == []


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
return [...document.querySelectorAll('.da-report *, .da-masthead *')]
  .filter(one => [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
  .map(one => {
    const [a, b] = [light(getComputedStyle(one).color), light(ground(one))].sort((x, y) => y - x);
    return [one.className || one.tagName, (a + 0.05) / (b + 0.05)];
  });
"""
