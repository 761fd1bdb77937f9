"""Start the web app: Streamlit on this machine only, with its telemetry off."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from analyzer.errors import UsageError

HERE = "127.0.0.1"
PAGES_VARIABLE = "ANALYZER_PAGES"
"""Which pages there are; see ``service.wanted_pages``."""

SETTINGS: dict[str, str | int | bool | tuple[str, ...]] = {
    "server.address": HERE,
    "server.allowedHosts": ("localhost", "127.0.0.1"),
    "server.fileWatcherType": "none",
    "server.headless": True,
    "server.maxUploadSize": 20,
    "browser.gatherUsageStats": False,
    "client.showErrorDetails": "none",
    "client.showErrorLinks": "false",
    "client.toolbarMode": "minimal",
    "theme.baseRadius": "0.6rem",
    "theme.showWidgetBorder": True,
    "theme.light.primaryColor": "#1f6f68",
    "theme.light.backgroundColor": "#faf8f4",
    "theme.light.secondaryBackgroundColor": "#ffffff",
    "theme.light.textColor": "#1f2a2e",
    "theme.light.borderColor": "#d3cdbf",
    "theme.dark.primaryColor": "#2f8077",
    "theme.dark.backgroundColor": "#14191b",
    "theme.dark.secondaryBackgroundColor": "#1b2225",
    "theme.dark.textColor": "#e8e6e0",
    "theme.dark.borderColor": "#3b474b",
}
"""The same as .streamlit/config.toml (a test compares them): an installed package has no such file and is as private."""


def flags(port: int, address: str = HERE, hosts: Sequence[str] = ()) -> list[str]:
    """The settings as Streamlit's command line takes them; ``hosts`` are further names browsers may ask for the app under."""
    found = [f"--server.port={port}"]
    settings = dict(SETTINGS)
    if address != HERE:
        allowed = settings["server.allowedHosts"]
        assert isinstance(allowed, tuple)
        settings["server.address"] = address
        settings["server.allowedHosts"] = (*allowed, address, *hosts)
    for name, value in settings.items():
        for one in value if isinstance(value, tuple) else (value,):
            found.append(f"--{name}={str(one).lower() if isinstance(one, bool) else one}")
    return found


def serve(port: int, address: str = HERE, hosts: Sequence[str] = ()) -> int:
    """Run the app until it is stopped; gives Streamlit's exit status. Raises UsageError where Streamlit is not installed.

    At another address than this machine's own, where strangers may come, the coaches' pages are left out unless they are named.
    """
    if find_spec("streamlit") is None:
        raise UsageError(
            "no_streamlit", "The web app needs Streamlit: run “make setup”, or “pip install draft-analyzer[app]”."
        )
    page = Path(__file__).parent / "start" / "app.py"
    environment = dict(os.environ)
    if address == HERE:
        print(f"The app is at http://localhost:{port} — stop it with Ctrl-C.", file=sys.stderr)
    else:
        pages = environment.setdefault(PAGES_VARIABLE, "draft,method")
        print(
            f"The app answers at {address}:{port}, to anybody who reaches it, without encryption, with the pages {pages} "
            f"({PAGES_VARIABLE} names others) — stop it with Ctrl-C.",
            file=sys.stderr,
        )
    command = [sys.executable, "-m", "streamlit", "run", str(page), *flags(port, address, hosts)]
    return subprocess.run(command, check=False, env=environment).returncode
