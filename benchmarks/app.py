"""How long people wait in the app, measured in the browser: ``python -m benchmarks.app [--engines harper,languagetool]``.

From the click to the report on the page, alone and ten at once (ten windows of one headless Chromium, each with its own draft, all
clicked in the same moment), from Apply to the new report, and a paste while somebody's workshop is being judged.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from analyzer.proofing.provision import data_folder
from analyzer.ui.service import sample

ROOT = Path(__file__).resolve().parents[1]
Times = tuple[float, float]
PEOPLE = 10
ROUNDS = 10
LIMITS_S = {"alone": 1.5, "ten at once": 5.0}
_LONGEST_S = 120.0
# a stage name in place of the firm: tells whose report a page shows
_MARK = "Ward{}"

# Notes the moment of the next press, of the first drawing of the report on this person's draft, and of the better words in it.
_WATCH = """
const [mark, selector] = arguments;
window.pressed = window.shown = window.whole = null;
const note = () => { window.pressed ??= performance.now(); };
document.addEventListener('pointerdown', note, {capture: true, once: true});
document.addEventListener('click', note, {capture: true, once: true});
const look = () => {
  const draft = document.querySelector('.da-marked .da-draft');
  if (window.pressed === null || !draft || !draft.textContent.includes(mark)) return;
  if (selector && !document.querySelector(selector)) return;
  if (document.querySelector('[data-testid=stSpinner]') || !document.querySelector('.da-foot')) return;
  window.shown ??= performance.now();
  window.sought ||= document.querySelector('.da-looking') !== null;
  if (document.querySelector('.da-looking') || !window.sought) return;
  window.whole = performance.now();
  watcher.disconnect();
};
window.sought = false;
const watcher = new MutationObserver(look);
watcher.observe(document.body, {childList: true, subtree: true, characterData: true});
"""
_TOOK = "return window.whole === null ? null : [window.shown, window.whole].map(at => (at - window.pressed) / 1000)"
_CLICK_AT = """
const button = [...document.querySelectorAll('button')].find(one => one.innerText.trim() === 'See how it lands');
setTimeout(() => button.click(), arguments[0] - Date.now());
"""


def screenshots() -> Any:
    """scripts/screenshots.py, which starts app and browser."""
    spec = importlib.util.spec_from_file_location("screenshots", ROOT / "scripts" / "screenshots.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["screenshots"] = module
    spec.loader.exec_module(module)
    return module


def draft_of(mark: str) -> str:
    """The sample, with words of this person's own: no report that was made before can be given again."""
    return sample().draft.replace("shoe shop", f"shoe shop on {mark} Street")


def paste(driver: Any, label: str, text: str) -> None:
    box = WebDriverWait(driver, _LONGEST_S).until(
        lambda found: found.find_element(By.CSS_SELECTOR, f"textarea[aria-label='{label}']")
    )
    box.send_keys(Keys.CONTROL, "a")
    driver.execute_cdp_cmd("Input.insertText", {"text": text})


def fill(shots: Any, driver: Any, mark: str) -> None:
    """A whole case in the boxes, and the page at rest."""
    paste(driver, "Your draft", draft_of(mark))
    paste(driver, "Your notes from the interview", sample().notes)
    driver.switch_to.active_element.send_keys(Keys.TAB)
    time.sleep(0.3)
    shots.wait_for(driver, ".stApp")


def took(driver: Any) -> Times:
    """Seconds from the press to the report and to its better words, once they are there."""
    WebDriverWait(driver, _LONGEST_S, poll_frequency=0.1).until(lambda found: found.execute_script(_TOOK) is not None)
    shown, whole = driver.execute_script(_TOOK)
    return float(shown), float(whole)


def alone(shots: Any, driver: Any) -> list[Times]:
    """One person, one draft after another; the last press is the mouse's own."""
    found = []
    for number in range(ROUNDS):
        mark = _MARK.format(f"alone{number}x")
        fill(shots, driver, mark)
        driver.execute_script(_WATCH, mark, "")
        shots.button(driver, "See how it lands").click()
        found.append(took(driver))
    return found


def applied(shots: Any, driver: Any) -> list[Times]:
    """From Apply to the report on the changed draft, until nothing more is offered."""
    found: list[Times] = []
    for number in range(1, 4):
        if not driver.find_elements(By.CSS_SELECTOR, ".st-key-apply_0"):
            break
        driver.execute_script(_WATCH, "", f".st-key-undo_{number - 1}")
        shots.button(driver, "Apply").click()
        found.append(took(driver))
    return found


def together(shots: Any, driver: Any, address: str) -> list[Times]:
    """Ten people who click in the same moment, each with a draft of their own and a session of their own."""
    windows = []
    for number in range(PEOPLE):
        driver.switch_to.new_window("tab")
        windows.append(driver.current_window_handle)
        shots.set_size(driver, 1440, 900)
        driver.get(address)
        shots.button(driver, "See how it lands")
        fill(shots, driver, _MARK.format(f"ten{number}x"))
    moment = time.time() * 1000 + 4000
    for number, window in enumerate(windows):
        driver.switch_to.window(window)
        driver.execute_script(_WATCH, _MARK.format(f"ten{number}x"), "")
        driver.execute_script(_CLICK_AT, moment)
    found = []
    for number, window in enumerate(windows):
        driver.switch_to.window(window)
        found.append(took(driver))
        text = driver.find_element(By.CSS_SELECTOR, ".da-marked .da-draft").text
        others = [other for other in range(PEOPLE) if other != number and _MARK.format(f"ten{other}x") in text]
        assert not others, f"person {number} sees a draft of {others}"
        assert not driver.find_elements(By.CSS_SELECTOR, "[data-testid=stException], .da-notice.alert")
    return found


def beside_a_workshop(shots: Any, driver: Any, address: str) -> list[Times]:
    """One person's pastes while another's workshop of 60 is judged."""
    person = driver.current_window_handle
    driver.switch_to.new_window("tab")
    shots.set_size(driver, 1440, 900)
    shots.page(driver, address, "workshop")
    shots.give_file(driver, shots.WORKSHOP)
    shots.wait_for(driver, "[data-testid=stProgress]")
    driver.switch_to.window(person)
    found = []
    for number in range(3):
        mark = _MARK.format(f"beside{number}x")
        fill(shots, driver, mark)
        driver.execute_script(_WATCH, mark, "")
        shots.button(driver, "See how it lands").click()
        found.append(took(driver))
    return found


def told(name: str, times: Sequence[Times]) -> str:
    """A line of the table."""
    shown, whole = zip(*times, strict=True)
    limit = LIMITS_S.get(name)
    aim = f"{limit:.1f} s" if limit else "-"
    figures = " | ".join(f"{statistics.median(some):.2f} s | {max(some):.2f} s" for some in (shown, whole))
    return f"| {name} | {len(times)} | {figures} | {aim} |"


def main(engines: str) -> None:
    shots = screenshots()
    trouble = shots.missing_browser()
    if trouble:
        sys.exit(trouble)
    with tempfile.TemporaryDirectory() as home:
        (Path(home) / "languagetool").symlink_to(data_folder())
        with (
            shots.running_app({"ANALYZER_ENGINES": engines, "ANALYZER_HOME": home}) as address,
            shots.open_browser(1440, 900) as driver,
        ):
            driver.get(address)
            shots.button(driver, "Try an example").click()
            shots.wait_for_report(driver)
            readers = driver.find_element(By.CLASS_NAME, "da-foot").text.split(".")[0]
            print(
                f"{readers}; {os.cpu_count()} cores, {platform.machine()}, load {os.getloadavg()[0]:.1f} at the start\n"
            )
            print(
                "| from click to | times | report, middle | longest | better words, middle | longest | report, to reach |"
            )
            print("| --- " * 7 + "|")
            print(told("alone", alone(shots, driver)), flush=True)
            print(told("Apply", applied(shots, driver)), flush=True)
            print(told("beside a workshop of 60", beside_a_workshop(shots, driver, address)), flush=True)
            time.sleep(45)  # the workshop is done
            print(told("ten at once", together(shots, driver, address)), flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engines", default="harper,languagetool")
    main(parser.parse_args().engines)
