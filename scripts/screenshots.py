"""Pictures of the app for the documents: ``python scripts/screenshots.py [FOLDER] [SCENE ...]`` (default docs/screenshots, all).

Starts the app in a home of its own with some drafts to rate, goes through its pages in a headless Chromium (Debian: ``apt-get install
chromium chromium-driver``) and writes each scene wide and narrow, light and dark. The browser tests start app and browser
through this file too.
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from PIL import Image
from selenium import webdriver
from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

ROOT = Path(__file__).resolve().parents[1]
START_LIMIT_S = 60.0
REPORT_LIMIT_S = 120.0
"""The first report of a fresh server loads every model; on a busy machine with cold disks that took 25 s."""

_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    # windows behind others are as awake as the one in front: several people share one browser here
    "--disable-background-timer-throttling",
    "--disable-renderer-backgrounding",
    "--disable-backgrounding-occluded-windows",
)
_COLOURS = 128


SIZES = {"wide": (1440, 900), "narrow": (380, 800)}
THEMES = ("light", "dark")
WORKSHOP = ROOT / "data" / "examples" / "workshop.csv"
# enough for the model to learn, and for both figures of agreement
_RATED_DRAFTS = 36
_COACHES = ("Ines Duarte", "Marcus Bell")


def missing_browser() -> str:
    """Why no browser can be driven here; empty where one can."""
    lacking = [name for name in ("chromium", "chromedriver") if shutil.which(name) is None]
    return f"{' and '.join(lacking)} not installed: apt-get install chromium chromium-driver" if lacking else ""


@contextlib.contextmanager
def running_app(environment: Mapping[str, str] | None = None) -> Iterator[str]:
    """The app on a free port of this machine; gives its address and ends it afterwards."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port = asked.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}"]
    # PYTHONPATH first: the app of this checkout, whatever is installed
    variables = {**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})}
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, cwd=ROOT, env=variables, stdout=log, stderr=subprocess.STDOUT)
        try:
            _wait_for(f"http://127.0.0.1:{port}/_stcore/health", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_LIMIT_S
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=2) as answer:
            if answer.status == 200:
                return
        time.sleep(0.1)
    raise RuntimeError(f"the app did not start at {address} (exit status {process.poll()})")


@contextlib.contextmanager
def open_browser(width: int, height: int, theme: str = "light") -> Iterator[Any]:
    """A headless Chromium with an empty profile, its network log on."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = shutil.which("chromium") or ""
        for flag in (*_FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
        service = webdriver.ChromeService(executable_path=shutil.which("chromedriver"))
        driver = webdriver.Chrome(options=options, service=service)
        try:
            set_size(driver, width, height)
            driver.execute_cdp_cmd(
                "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": theme}]}
            )
            yield driver
        finally:
            driver.quit()


def set_size(driver: Any, width: int, height: int) -> None:
    """The size of the page in CSS pixels; a real window could not be as narrow as a phone."""
    driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False},
    )


def button(driver: Any, label: str, limit_s: float = START_LIMIT_S) -> Any:
    """The button with this label, as soon as the page is drawn and at rest: a click on something that moves goes astray."""
    path = f"//button[normalize-space()='{label}']"
    last: list[Any] = [None]

    def at_rest(found: Any) -> Any:
        there = found.find_element(By.XPATH, path)
        drawn = found.find_elements(By.CSS_SELECTOR, ".stApp[data-test-script-state=notRunning]")
        before, last[0] = last[0], there.rect
        return there if drawn and before == there.rect else None

    return WebDriverWait(
        driver, limit_s, poll_frequency=0.1, ignored_exceptions=(NoSuchElementException, StaleElementReferenceException)
    ).until(at_rest)


def wait_for_report(driver: Any) -> None:
    """Wait until a report is shown to its foot, with its better words, and nothing is being computed."""
    WebDriverWait(driver, REPORT_LIMIT_S, poll_frequency=0.02).until(
        lambda found: (
            found.find_elements(By.CLASS_NAME, "da-foot")
            and not found.find_elements(By.CSS_SELECTOR, "[data-testid=stSpinner], .da-looking")
        )
    )


def picture(driver: Any, width: int, height: int) -> bytes:
    """The whole page as a PNG of few colours."""
    set_size(driver, width, height)
    inner = "document.querySelector('[data-testid=stMain]')"
    for _ in range(2):  # once more, because a taller page may be laid out anew
        tall = driver.execute_script(f"return {inner}.scrollHeight")
        set_size(driver, width, max(height, int(tall)))
        time.sleep(0.5)
    driver.execute_script(f"{inner}.scrollTo(0, 0); document.activeElement.blur()")
    time.sleep(0.5)
    shot = driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})
    image = Image.open(io.BytesIO(b64decode(shot["data"]))).convert("RGB")
    small = io.BytesIO()
    image.quantize(_COLOURS, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
    return small.getvalue()


# ---- the scenes


def page(driver: Any, address: str, name: str) -> None:
    """Open a page of the app anew."""
    driver.get(address if name == "draft" else f"{address}/{name}")
    wait_for(driver, ".da-masthead")


def wait_for(driver: Any, selector: str, limit_s: float = REPORT_LIMIT_S) -> Any:
    """The first element of this kind, once it is there and nothing is being drawn."""
    return WebDriverWait(
        driver, limit_s, poll_frequency=0.1, ignored_exceptions=(StaleElementReferenceException,)
    ).until(
        lambda found: (
            found.find_elements(By.CSS_SELECTOR, ".stApp[data-test-script-state=notRunning]")
            and next(iter(found.find_elements(By.CSS_SELECTOR, selector)), None)
        )
    )


def click(driver: Any, selector: str) -> None:
    """Click on the first element of this kind, in the middle of the window, where nothing lies over it."""
    found = wait_for(driver, selector)
    driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", found)
    time.sleep(0.3)
    found.click()


def wait_for_number(driver: Any, selector: str, number: int) -> None:
    """Wait until so many elements of this kind are shown and nothing is being drawn."""
    wait_for(driver, ".stApp")
    WebDriverWait(driver, REPORT_LIMIT_S, poll_frequency=0.05).until(
        lambda found: len(found.find_elements(By.CSS_SELECTOR, selector)) == number
    )
    wait_for_report(driver)
    wait_for(driver, ".stApp")


def give_file(driver: Any, path: Path, number: int = 0) -> None:
    """Put a file into the page's uploader."""
    choosers = WebDriverWait(driver, START_LIMIT_S).until(
        lambda found: found.find_elements(By.CSS_SELECTOR, "input[type=file]")[number:]
    )
    choosers[0].send_keys(str(path))


def _draft(driver: Any, address: str) -> None:
    page(driver, address, "draft")
    button(driver, "Try an example").click()
    wait_for_report(driver)


def _improved(driver: Any, address: str) -> None:
    _draft(driver, address)
    for number in (1, 2, 3):
        button(driver, "Apply").click()
        wait_for_number(driver, ".da-done", number)


def _workshop(driver: Any, address: str) -> None:
    page(driver, address, "workshop")
    give_file(driver, WORKSHOP)
    wait_for(driver, ".da-common")
    wait_for(driver, "[data-testid=stDataFrame]")


def _participant(driver: Any, address: str) -> None:
    _workshop(driver, address)
    choose_row(driver, 0)
    wait_for(driver, ".da-marked .da-draft")


def _projector(driver: Any, address: str) -> None:
    _workshop(driver, address)
    click(driver, ".st-key-workshop_hide label")
    wait_for(driver, ".stApp:not(:has(.da-coach-only))")


def _part(driver: Any, address: str, name: str) -> None:
    page(driver, address, "teach")
    button(driver, name).click()
    wait_for(driver, ".stApp:not(:has(.st-key-teach_case))")


def _teach(driver: Any, address: str) -> None:
    page(driver, address, "teach")
    wait_for(driver, ".da-draft")


def _agreement(driver: Any, address: str) -> None:
    _part(driver, address, "Agreement")


def _taught(driver: Any, address: str) -> None:
    _part(driver, address, "Teach the model")
    if not driver.find_elements(By.CSS_SELECTOR, ".da-table"):
        button(driver, "Teach it from these drafts").click()
    wait_for(driver, ".da-table")


def _method(driver: Any, address: str) -> None:
    page(driver, address, "method")
    wait_for(driver, "[data-testid=stMarkdown] h2, [data-testid=stMarkdown] h3")


SCENES: dict[str, Callable[[Any, str], None]] = {
    "draft": _draft,
    "improved": _improved,
    "workshop": _workshop,
    "participant": _participant,
    "projector": _projector,
    "teach": _teach,
    "agreement": _agreement,
    "taught": _taught,
    "method": _method,
}


def choose_row(driver: Any, row: int) -> None:
    """Choose a row of the table: its cells are painted on a canvas, so the click goes by place."""
    table = wait_for(driver, "[data-testid=stDataFrame] canvas")
    driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", table)
    time.sleep(0.5)
    place = table.rect
    across = 16 - place["width"] / 2
    down = 36 * (row + 0.5) + 18 - place["height"] / 2
    ActionChains(driver).move_to_element_with_offset(table, across, down).click().perform()


def some_readings(home: Path) -> None:
    """Drafts that two coaches have rated, in a database of this home: from writers that nobody is measured on.

    The first coach is stricter on enthusiasm than those who labelled the drafts, so that there is something to learn.
    """
    from analyzer.database import Coaching, open_database
    from analyzer.training.dataset import read_dataset

    kept = read_dataset(ROOT / "data" / "labelled").split()[0].cases
    coaching = Coaching(open_database(f"sqlite:///{home / 'coaching.sqlite3'}"))
    for labelled in kept[:: len(kept) // _RATED_DRAFTS][:_RATED_DRAFTS]:
        case_id = coaching.add_case(labelled.case, "labels")
        for coach, label in zip(_COACHES, labelled.labels, strict=False):
            stricter = {"enthusiasm": max(1.0, label.ratings["enthusiasm"] - 1)} if coach == _COACHES[0] else {}
            coaching.save(case_id, coach, {**label.ratings, **stricter}, label.faults)
    coaching.add_case(next(iter(kept[1:2])).case, "workshop")


def main(folder: Path, names: Sequence[str]) -> None:
    """Write the scenes into the folder."""
    from analyzer.proofing.provision import data_folder

    trouble = missing_browser()
    if trouble:
        sys.exit(trouble)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        some_readings(Path(home))
        # the proofreader that is set up for this user, in this home too
        (Path(home) / "languagetool").symlink_to(data_folder())
        with running_app({"ANALYZER_HOME": home}) as address:
            for theme in THEMES:
                with open_browser(*SIZES["wide"], theme) as driver:
                    for name in names:
                        set_size(driver, *SIZES["wide"])
                        SCENES[name](driver, address)
                        for size, (width, height) in SIZES.items():
                            time.sleep(1.0)
                            data = picture(driver, width, height)
                            path = folder / f"{name}-{size}-{theme}.png"
                            path.write_bytes(data)
                            print(f"{path}: {len(data) // 1000} kB")


if __name__ == "__main__":
    # this checkout's own code, whatever is installed
    sys.path.insert(0, str(ROOT))
    chosen = sys.argv[2:] or list(SCENES)
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "screenshots", chosen)
