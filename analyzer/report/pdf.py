"""A page as PDF, printed by the Chromium or Chrome that is installed. Nothing is fetched: the page holds all it shows."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from analyzer.errors import FileError

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_LIMIT_S = 120


def browser() -> str | None:
    """The path of a browser that can print, None where there is none."""
    return next((path for name in _BROWSERS if (path := shutil.which(name))), None)


def write_pdf(path: Path, code: str) -> None:
    """Print a page of HTML. Raises FileError where the browser cannot."""
    found = browser()
    with tempfile.TemporaryDirectory(prefix="analyzer-") as folder:
        page, printed = Path(folder) / "page.html", Path(folder) / "page.pdf"
        page.write_text(code, encoding="utf-8")
        command = [
            *(
                found or _BROWSERS[0],
                "--headless",
                "--disable-gpu",
                "--disable-background-networking",
                "--no-first-run",
            ),
            # Chromium refuses to be root in its own sandbox; the page has no script and asks for nothing
            *(("--no-sandbox",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()),
            *(
                f"--user-data-dir={folder}/profile",
                "--no-pdf-header-footer",
                f"--print-to-pdf={printed}",
                page.as_uri(),
            ),
        ]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=_LIMIT_S)
            shutil.copyfile(printed, path)
        except (OSError, subprocess.SubprocessError) as error:
            raise FileError(
                "not_printed",
                f"The browser could not print “{path}” ({type(error).__name__}): write .html and print it yourself.",
            ) from error
