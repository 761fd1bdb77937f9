"""Start the web app: Streamlit on this machine only, with its telemetry off."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from analyzer.errors import UsageError

SETTINGS: dict[str, str | int | bool | tuple[str, ...]] = {
    "server.address": "127.0.0.1",
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


def flags(port: int) -> list[str]:
    """The settings as Streamlit's command line takes them."""
    found = [f"--server.port={port}"]
    for name, value in SETTINGS.items():
        for one in value if isinstance(value, tuple) else (value,):
            found.append(f"--{name}={str(one).lower() if isinstance(one, bool) else one}")
    return found


def serve(port: int) -> int:
    """Run the app until it is stopped; gives Streamlit's exit status. Raises UsageError where Streamlit is not installed."""
    if find_spec("streamlit") is None:
        raise UsageError(
            "no_streamlit", "The web app needs Streamlit: run “make setup”, or “pip install draft-analyzer[app]”."
        )
    page = Path(__file__).parent / "start" / "app.py"
    print(f"The app is at http://localhost:{port} — stop it with Ctrl-C.", file=sys.stderr)
    return subprocess.run([sys.executable, "-m", "streamlit", "run", str(page), *flags(port)], check=False).returncode
