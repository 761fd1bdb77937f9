"""Finding a local LanguageTool, or making one: the package's own verified download, else Maven artefacts.

What is made lies in the user's data folder as ``languagetool/<version>/``: ``languagetool-server.jar`` and ``libs/``.
It is built in a temporary folder beside that place, looked through, and moved there in one step: a broken or
interrupted download leaves nothing half done. The jars are LGPL; they are never part of this package.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from analyzer.errors import EngineError
from analyzer.proofing.languagetool_java import Java

VERSION = "6.8"
"""The newest LanguageTool, language_tool_python's default, and the one tried with Java 17 and 21."""

OLDEST_VERSION = (6, 6)
"""Copies already there are taken from this version on: the first that wants Java 17, as we do."""

SERVER_JAR = "languagetool-server.jar"

MODULES = ("languagetool-server", "language-en", "language-es", "language-ca", "language-pt")
"""English is all we want, but the server's language identifier asks for Spanish, Catalan and Portuguese when its class
is loaded, and the server does not start without them (tried with 6.8). They add 20 MB."""

NEEDED_CLASSES = frozenset(
    {"org/languagetool/server/HTTPServer.class", "org/languagetool/language/AmericanEnglish.class"}
)
"""A copy without these would start and fail, or not start."""

DEPENDENCY_PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1"
"""Named with its version, so that every Maven does the same; Debian's would take 2.8 of 2013."""

REACH_LIMIT_S = 20
"""Seconds to find out whether the download site can be reached at all, name look-up and Python's imports included."""

DOWNLOAD_LIMIT_S = 900
"""Seconds for the 250 MB of the whole download: 280 kB/s; slower lines are better served by Maven's 97 MB."""

MAVEN_LIMIT_S = 900
"""Seconds for Maven's 97 MB and its plugins: 110 kB/s."""

LOCK_LIMIT_S = 1_900
"""Seconds to wait for another set-up: the two ways one after the other, and a little."""

LOCK_LOOK_S = 0.5
"""Seconds between two looks at the lock."""

SPACE_BYTES = 600 * 1024 * 1024
"""Free bytes wanted before we begin: a download's archive and what is in it, or Maven's cache and our copy."""

_MANIFEST_LINE_BYTES = 72
"""What a line of a jar's manifest may hold, by the jar file specification."""

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Installation:
    """A LanguageTool on this machine. ``ours`` tells a copy we made from one that language_tool_python made."""

    folder: Path
    version: str
    ours: bool

    @property
    def jar(self) -> Path:
        """What goes on Java's class path."""
        return self.folder / SERVER_JAR


class Unreachable(Exception):
    """One way to get LanguageTool is closed; the text says why, in one line."""


def data_folder() -> Path:
    """Where this user's copies lie: ``$ANALYZER_HOME`` or the usual place for a program's data."""
    home = os.environ.get("ANALYZER_HOME")
    return (Path(home) if home else Path.home() / ".local" / "share" / "draft-analyzer") / "languagetool"


def _package_folder() -> Path:
    """Where language_tool_python keeps its copies. Not asked of the package, which would create the folder."""
    named = os.environ.get("LTP_PATH")
    return Path(named) if named else Path.home() / ".cache" / "language_tool_python"


def _version_key(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _copies() -> Iterator[Installation]:
    yield Installation(data_folder() / VERSION, VERSION, ours=True)
    with contextlib.suppress(OSError):
        named = [
            (found.group(1), path)
            for path in _package_folder().iterdir()
            if (found := re.fullmatch(r"LanguageTool-(\d+\.\d+)", path.name))
        ]
        for version, path in sorted(named, key=lambda pair: _version_key(pair[0]), reverse=True):
            if _version_key(version) >= OLDEST_VERSION:
                yield Installation(path, version, ours=False)


def find() -> Installation | None:
    """Find a copy that is there, looked at only from outside (fast), or None."""
    return next((copy for copy in _copies() if copy.jar.is_file() and (copy.folder / "libs").is_dir()), None)


def fault_of(folder: Path) -> str:
    """Look a copy through, every byte of every jar: one line of what is wrong, empty where nothing is (1 to 3 s)."""
    jars = [folder / SERVER_JAR, *sorted((folder / "libs").glob("*.jar"))]
    classes: set[str] = set()
    for jar in jars:
        try:
            with zipfile.ZipFile(jar) as opened:
                if (broken := opened.testzip()) is not None:
                    return f"{jar.name} is damaged at {broken}"
                classes.update(NEEDED_CLASSES.intersection(opened.namelist()))
        except (OSError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            return f"{jar.name} cannot be read ({error})"
    missing = NEEDED_CLASSES - classes
    return f"it lacks {', '.join(sorted(missing))}" if missing else ""


def provision(java: Java, progress: Progress) -> Installation:
    """Find a sound LanguageTool or make one. Raises EngineError with the reason of every way that failed."""
    with _disk_errors(), _only_one(progress):
        if (there := _sound_copy(progress)) is not None:
            progress(f"LanguageTool {there.version} is there: {there.folder}")
            return there
        _sweep()
        _demand_space()
        reasons = []
        for title, way in (("the verified download", _by_download), ("Maven", _by_maven)):
            progress(f"Fetching LanguageTool {VERSION} by {title} ...")
            try:
                return _build(way, java, progress)
            except Unreachable as closed:
                reasons.append(f"{title}: {closed}")
                progress(f"By {title} it did not work: {closed}")
        raise EngineError(
            "engine_not_provisioned",
            f"LanguageTool {VERSION} could not be fetched. {' | '.join(reasons)}."
            f" Connect to the network, or put an unpacked LanguageTool-{VERSION} into {_package_folder()}.",
        )


def _sound_copy(progress: Progress) -> Installation | None:
    for copy in _copies():
        if copy.jar.is_file():
            fault = fault_of(copy.folder)
            if not fault:
                return copy
            progress(f"The copy in {copy.folder} is no use: {fault}.")
    return None


def _build(way: Callable[[Path, Java, Progress], Path], java: Java, progress: Progress) -> Installation:
    """Let one way fill a temporary folder, look the result through and move it into place in one step."""
    target = data_folder() / VERSION
    with tempfile.TemporaryDirectory(prefix=".making-", dir=data_folder(), ignore_cleanup_errors=True) as room:
        built = way(Path(room), java, progress)
        if fault := fault_of(built):
            raise Unreachable(f"what came is broken: {fault}")
        if target.exists():
            # Only a copy found faulty. A full folder cannot be replaced: it is moved aside and goes with the room.
            os.replace(target, Path(room) / "faulty")
        os.replace(built, target)
    size = sum(file.stat().st_size for file in target.rglob("*") if file.is_file())
    progress(f"LanguageTool {VERSION} is ready: {target} ({size / 1e6:.0f} MB)")
    return Installation(target, VERSION, ours=True)


def _sweep() -> None:
    """Throw away what an interrupted set-up left; we hold the lock, so nobody is using it."""
    for left in data_folder().glob(".making-*"):
        shutil.rmtree(left, ignore_errors=True)


# --- the package's own download -----------------------------------------------------------------

_REACH = """
import sys, requests
from language_tool_python.download_lt import LocalLanguageTool
url = LocalLanguageTool.from_version_name(sys.argv[1]).download_url
requests.get(url, stream=True, timeout=float(sys.argv[2])).raise_for_status()
"""
_FETCH = """
import sys
from language_tool_python.download_lt import LocalLanguageTool
LocalLanguageTool.from_version_name(sys.argv[1]).download()
"""


def _by_download(room: Path, java: Java, progress: Progress) -> Path:
    """Let language_tool_python download and check the SHA-256. In processes of their own: it may hang or exit."""
    python = [sys.executable, "-c"]
    environment = _environment(java)
    environment["LTP_PATH"] = str(room)
    # With this set the package skips the download and says nothing; and a check that can be switched off is none.
    for name in ("LTP_JAR_DIR_PATH", "LTP_BYPASS_VERIFIED_DOWNLOADS"):
        environment.pop(name, None)
    code, _ = _run([*python, _REACH, VERSION, str(REACH_LIMIT_S)], environment, room, REACH_LIMIT_S)
    if code != 0:
        raise Unreachable("its site cannot be reached from here")
    progress("The site answers; about 250 MB are coming ...")
    code, output = _run([*python, _FETCH, VERSION], environment, room, DOWNLOAD_LIMIT_S)
    folder = room / f"LanguageTool-{VERSION}"
    if code != 0 or not folder.is_dir():
        raise Unreachable(_reason(output, DOWNLOAD_LIMIT_S, code))
    return folder


# --- Maven --------------------------------------------------------------------------------------


def pom() -> str:
    """Write the project file for what Maven shall collect. ``language-all`` is left out: thirty languages."""
    group = "org.languagetool"
    all_languages = f"<exclusion><groupId>{group}</groupId><artifactId>language-all</artifactId></exclusion>"
    no_all = f"<exclusions>{all_languages}</exclusions>"
    wanted = "".join(
        f"<dependency><groupId>{group}</groupId><artifactId>{module}</artifactId><version>{VERSION}</version>{no_all}</dependency>\n"
        for module in MODULES
    )
    return (
        '<project xmlns="http://maven.apache.org/POM/4.0.0">\n<modelVersion>4.0.0</modelVersion>\n'
        "<groupId>local.draft-analyzer</groupId><artifactId>languagetool-libs</artifactId><version>1</version>\n"
        f"<packaging>pom</packaging>\n<dependencies>\n{wanted}</dependencies>\n</project>\n"
    )


def manifest(jars: list[str]) -> str:
    """Write a jar's manifest that puts the jars beside it on the class path.

    They are not merged, as each has its own language-module.properties.
    """
    whole = f"Class-Path: {' '.join(f'libs/{jar}' for jar in jars)}"
    lines, room = [whole[:_MANIFEST_LINE_BYTES]], _MANIFEST_LINE_BYTES - 1
    lines += [f" {whole[at : at + room]}" for at in range(_MANIFEST_LINE_BYTES, len(whole), room)]
    return "\r\n".join(["Manifest-Version: 1.0", "Main-Class: org.languagetool.server.HTTPServer", *lines, "", ""])


def _by_maven(room: Path, java: Java, progress: Progress) -> Path:
    """Collect the jars with Maven. ``-C``: a file whose checksum is wrong ends it."""
    maven = shutil.which("mvn")
    if maven is None:
        raise Unreachable("the program mvn is not installed")
    folder = room / "built"
    folder.mkdir()
    (room / "pom.xml").write_text(pom(), encoding="utf-8")
    goal = f"{DEPENDENCY_PLUGIN}:copy-dependencies"
    command = [
        maven,
        "-B",
        "-C",
        "-ntp",
        "-f",
        str(room / "pom.xml"),
        goal,
        "-DincludeScope=runtime",
        f"-DoutputDirectory={folder / 'libs'}",
    ]
    progress("Maven collects about 97 MB ...")
    code, output = _run(command, _environment(java), room, MAVEN_LIMIT_S)
    if code != 0:
        raise Unreachable(_reason(output, MAVEN_LIMIT_S, code))
    jars = sorted(jar.name for jar in (folder / "libs").glob("*.jar"))
    with zipfile.ZipFile(folder / SERVER_JAR, "w", zipfile.ZIP_DEFLATED) as jar:
        jar.writestr("META-INF/MANIFEST.MF", manifest(jars))
    return folder


# --- running, waiting, failing ------------------------------------------------------------------


def _environment(java: Java) -> dict[str, str]:
    """Ours, with the chosen Java first: both ways look for one by themselves."""
    path = os.pathsep.join([str(java.path.parent), os.environ.get("PATH", "")])
    return {**os.environ, "JAVA_HOME": str(java.home), "PATH": path}


def _run(command: list[str], environment: dict[str, str], folder: Path, limit_s: float) -> tuple[int | None, str]:
    """Run a program within a time limit: its exit code, None when time was up, and what it said.

    It gets a session of its own, all of which is killed at the end: mvn is a shell script whose Java would live on.
    """
    with tempfile.TemporaryFile(dir=folder) as said:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
        try:
            code: int | None = process.wait(limit_s)
        except subprocess.TimeoutExpired:
            code = None
        finally:
            _kill_session(process)
        said.seek(0)
        output = said.read().decode("utf-8", "replace")
    if "No space left on device" in output:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    return code, output


def _kill_session(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(OSError):
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()


def _reason(output: str, limit_s: float, code: int | None) -> str:
    """One short line out of what a program said, addresses left out."""
    if code is None:
        return f"it was not done within {limit_s:.0f} s"
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    telling = next((line for line in lines if line.startswith("[ERROR]")), lines[-1] if lines else "it gave no reason")
    return re.sub(r"\(?https?://\S+", "", telling.removeprefix("[ERROR]")).strip()[:300]


def _demand_space() -> None:
    if shutil.disk_usage(data_folder()).free < SPACE_BYTES:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@contextlib.contextmanager
def _disk_errors() -> Iterator[None]:
    """Turn what the disk can do to us into one clear sentence."""
    try:
        yield
    except OSError as error:
        where = data_folder()
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            need = SPACE_BYTES // (1024 * 1024)
            raise EngineError(
                "disk_full", f"The disk is full: LanguageTool needs about {need} MB free at {where}."
            ) from error
        raise EngineError("engine_not_provisioned", f"LanguageTool cannot be put into {where}: {error}.") from error


@contextlib.contextmanager
def _only_one(progress: Progress) -> Iterator[None]:
    """Hold the set-up lock. The system gives it back when we die, so it never has to be cleared away by hand."""
    data_folder().mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + LOCK_LIMIT_S
    told = False
    with open(data_folder() / ".lock", "a+b") as file:
        while not _try_lock(file.fileno()):
            if time.monotonic() > deadline:
                raise EngineError(
                    "engine_not_provisioned", f"Another set-up of LanguageTool has held {file.name} too long."
                )
            if not told:
                progress("Another set-up of LanguageTool is at work; waiting for it ...")
                told = True
            time.sleep(LOCK_LOOK_S)
        yield


if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
