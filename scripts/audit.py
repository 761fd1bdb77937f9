"""Ask an advisory service for known flaws of every pinned package: make audit.

Exit status: 0 none known, 1 some are (listed), 2 no service could be asked about all of them, which is no good news.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SERVICES = ("pypi", "osv")
# pip-audit takes a service that knows nothing for one that found nothing; one that does not know this old, flawed release knows nothing
KNOWN_FLAWED = "jinja2==2.4.1"
_TIMEOUT_S = 900


def ask(tool: str, requirements: Path, service: str) -> list[dict[str, Any]] | None:
    """What pip-audit says of each package, None where it could not ask."""
    command = [tool, "--requirement", str(requirements), "--vulnerability-service", service]
    command += ["--no-deps", "--disable-pip", "--format", "json", "--progress-spinner", "off"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_TIMEOUT_S)
        found: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except (OSError, subprocess.TimeoutExpired, ValueError, KeyError):
        return None
    return found


def answering(tool: str) -> str | None:
    """The first service that knows the flaws of a package known to have some."""
    with tempfile.TemporaryDirectory(prefix="audit-") as folder:
        probe = Path(folder) / "known.txt"
        probe.write_text(f"{KNOWN_FLAWED}\n", encoding="utf-8")
        for service in SERVICES:
            if any(package.get("vulns") for package in ask(tool, probe, service) or ()):
                return service
    return None


def main(tool: str, lock: Path = ROOT / "requirements.lock") -> int:
    """Audit the lock with the pip-audit at ``tool``."""
    if shutil.which(tool) is None:
        print(
            "The pinned packages were not audited: pip-audit is not here and could not be fetched; "
            "run “make audit” on a machine with internet.",
            file=sys.stderr,
        )
        return 2
    service = answering(tool)
    told = None if service is None else ask(tool, lock, service)
    if told is None:
        print(
            f"The pinned packages were not audited: no advisory service ({' or '.join(SERVICES)}) can be reached from here; "
            "run “make audit” on a machine with internet.",
            file=sys.stderr,
        )
        return 2
    for package in told:
        for flaw in package.get("vulns", ()):
            fixed = ", ".join(flaw.get("fix_versions", ())) or "no release yet"
            print(f"{package['name']} {package['version']}: {flaw['id']}, mended in {fixed}")
    unasked = [package["name"] for package in told if "skip_reason" in package]
    if unasked:
        print(f"Not known to {service}, so not audited: {', '.join(unasked)}.", file=sys.stderr)
    flawed = sum(bool(package.get("vulns")) for package in told)
    print(f"{len(told) - len(unasked)} packages audited against {service}, {flawed} with known flaws.")
    return 1 if flawed else 2 if unasked or not told else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "pip-audit"))
