"""Start the web app: Streamlit on this machine only, with its telemetry off."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from analyzer.errors import UsageError

# Also in .streamlit/config.toml; said again here so that an installed package, which has no such file, is as private.
SETTINGS: dict[str, str] = {
    "server.address": "127.0.0.1",
    "browser.gatherUsageStats": "false",
    "server.maxUploadSize": "20",
    "server.headless": "true",
    "client.toolbarMode": "minimal",
}


def serve(port: int) -> int:
    """Run the app until it is stopped; gives Streamlit's exit status. Raises UsageError where Streamlit is not installed."""
    if find_spec("streamlit") is None:
        raise UsageError(
            "no_streamlit", "The web app needs Streamlit: run “make setup”, or “pip install draft-analyzer[app]”."
        )
    page = Path(__file__).with_name("draft_page.py")
    settings = [f"--{name}={value}" for name, value in {**SETTINGS, "server.port": str(port)}.items()]
    print(f"The app is at http://localhost:{port} — stop it with Ctrl-C.", file=sys.stderr)
    return subprocess.run([sys.executable, "-m", "streamlit", "run", str(page), *settings], check=False).returncode
