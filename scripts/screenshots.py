"""Pictures of the app for the documents: ``python scripts/screenshots.py [FOLDER]`` (default docs/screenshots).

Starts the app, has it judge the example in a headless Chromium (Debian: ``apt-get install chromium chromium-driver``) and writes
one picture for each view. The browser tests start app and browser through this file too.
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
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from selenium import webdriver
from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
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
)
_COLOURS = 128


@dataclass(frozen=True, slots=True)
class View:
    """One picture: width in CSS pixels and theme."""

    name: str
    width: int
    height: int
    theme: str


VIEWS = (
    View("draft-wide-light", 1440, 900, "light"),
    View("draft-wide-dark", 1440, 900, "dark"),
    View("draft-narrow-light", 380, 800, "light"),
)


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
    """Wait until a report is shown and nothing is being computed."""
    WebDriverWait(driver, REPORT_LIMIT_S, poll_frequency=0.02).until(
        lambda found: (
            found.find_elements(By.CLASS_NAME, "da-report")
            and not found.find_elements(By.CSS_SELECTOR, "[data-testid=stSpinner]")
        )
    )


def picture(driver: Any, view: View) -> bytes:
    """The whole page as a PNG of few colours."""
    set_size(driver, view.width, view.height)
    inner = "document.querySelector('[data-testid=stMain]')"
    for _ in range(2):  # once more, because a taller page may be laid out anew
        height = driver.execute_script(f"return {inner}.scrollHeight")
        set_size(driver, view.width, max(view.height, int(height)))
        time.sleep(0.5)
    driver.execute_script(f"{inner}.scrollTo(0, 0); document.activeElement.blur()")
    time.sleep(0.5)
    shot = driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})
    image = Image.open(io.BytesIO(b64decode(shot["data"]))).convert("RGB")
    small = io.BytesIO()
    image.quantize(_COLOURS, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
    return small.getvalue()


def main(folder: Path) -> None:
    """Write every view into the folder."""
    trouble = missing_browser()
    if trouble:
        sys.exit(trouble)
    folder.mkdir(parents=True, exist_ok=True)
    with running_app() as address:
        for view in VIEWS:
            with open_browser(view.width, view.height, view.theme) as driver:
                driver.get(address)
                button(driver, "Try an example").click()
                wait_for_report(driver)
                time.sleep(1.0)
                data = picture(driver, view)
            (folder / f"{view.name}.png").write_bytes(data)
            print(f"{folder / view.name}.png: {len(data) // 1000} kB")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "screenshots")
