"""Finding and making a LanguageTool, with stand-in jars and programs; nothing is downloaded."""

from __future__ import annotations

import errno
import multiprocessing
import os
import shutil
import sys
import time
import zipfile
from pathlib import Path

import pytest

from analyzer.errors import EngineError
from analyzer.proofing import provision
from analyzer.proofing.languagetool_java import Java

JAVA = Java(Path("/usr/bin/java"), 17, "test")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ANALYZER_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LTP_PATH", str(tmp_path / "package"))
    return tmp_path / "home" / "languagetool"


def write_libs(folder: Path) -> None:
    """Jars that look like LanguageTool from outside."""
    (folder / "libs").mkdir(parents=True)
    for number, name in enumerate(sorted(provision.NEEDED_CLASSES)):
        with zipfile.ZipFile(folder / "libs" / f"part-{number}.jar", "w") as jar:
            jar.writestr(name, b"class " * 100)


def write_copy(folder: Path) -> None:
    write_libs(folder)
    with zipfile.ZipFile(folder / provision.SERVER_JAR, "w") as jar:
        jar.writestr("META-INF/MANIFEST.MF", provision.manifest(["part-0.jar", "part-1.jar"]))


def maven_that(does: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a program named mvn on PATH and let the package's download be out of reach."""
    programs = tmp_path / "bin"
    programs.mkdir()
    program = programs / "mvn"
    program.write_text(
        f"#!{sys.executable}\nimport os, shutil, sys, time\n"
        "out = next(a for a in sys.argv if a.startswith('-DoutputDirectory=')).split('=', 1)[1]\n"
        f"source = {str(tmp_path / 'source' / 'libs')!r}\n{does}\n"
    )
    program.chmod(0o755)
    write_libs(tmp_path / "source")
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(provision, "_REACH", "raise SystemExit(1)")


def leftovers(home: Path) -> list[str]:
    return sorted(path.name for path in home.iterdir() if path.name != ".lock")


def test_maven_artefacts_become_a_copy(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    maven_that("shutil.copytree(source, out)", tmp_path, monkeypatch)
    said: list[str] = []
    copy = provision.provision(JAVA, said.append)
    assert copy == provision.Installation(home / provision.VERSION, provision.VERSION, ours=True) == provision.find()
    assert leftovers(home) == [provision.VERSION]
    assert any("cannot be reached" in line for line in said) and not any("\n" in line for line in said)
    with zipfile.ZipFile(copy.jar) as jar:
        text = jar.read("META-INF/MANIFEST.MF").decode()
    assert "libs/part-0.jar libs/part-1.jar" in text.replace("\r\n ", "")


def test_manifest_lines_are_short_and_join_to_the_whole() -> None:
    jars = [f"some-long-name-{number}.jar" for number in range(120)]
    text = provision.manifest(jars)
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 72
    assert "Class-Path: " + " ".join(f"libs/{jar}" for jar in jars) in text.replace("\r\n ", "")


def test_pom_wants_one_version_and_the_languages_the_server_insists_on() -> None:
    text = provision.pom()
    assert text.count(f"<version>{provision.VERSION}</version>") == len(provision.MODULES)
    assert {"language-en", "language-es", "language-ca", "language-pt"} < set(provision.MODULES)
    assert text.count("<artifactId>language-all</artifactId>") == text.count("<exclusion>")


def test_no_network_gives_both_reasons_and_leaves_nothing(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    maven_that(
        "print('[ERROR] Could not transfer x from/to y (https://host/path): Unknown host'); sys.exit(1)",
        tmp_path,
        monkeypatch,
    )
    with pytest.raises(
        EngineError, match=r"download: its site cannot be reached.*Maven: Could not transfer.*Unknown host"
    ) as caught:
        provision.provision(JAVA, lambda _: None)
    assert caught.value.code == "engine_not_provisioned"
    assert "https:" not in caught.value.message and leftovers(home) == []


def test_no_maven_is_said(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provision, "_REACH", "raise SystemExit(1)")
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(EngineError, match="mvn is not installed"):
        provision.provision(JAVA, lambda _: None)
    assert leftovers(home) == []


@pytest.mark.parametrize(
    ("does", "why"),
    [
        (
            "shutil.copytree(source, out); open(out + '/part-0.jar', 'wb').write(b'PK half')",
            "part-0.jar cannot be read",
        ),
        ("shutil.copytree(source, out); os.remove(out + '/part-1.jar')", "it lacks org/languagetool"),
        ("os.makedirs(out)", "it lacks org/languagetool"),
    ],
)
def test_a_broken_download_never_gets_into_place(
    does: str, why: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    maven_that(does, tmp_path, monkeypatch)
    with pytest.raises(EngineError, match=why):
        provision.provision(JAVA, lambda _: None)
    assert leftovers(home) == [] and provision.find() is None


def test_a_byte_gone_wrong_inside_a_jar_is_noticed_and_mended(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_copy(home / provision.VERSION)
    jar = home / provision.VERSION / "libs" / "part-0.jar"
    data = bytearray(jar.read_bytes())
    data[120] ^= 0xFF
    jar.write_bytes(data)
    assert "part-0.jar" in provision.fault_of(home / provision.VERSION)
    maven_that("shutil.copytree(source, out)", tmp_path, monkeypatch)
    said: list[str] = []
    copy = provision.provision(JAVA, said.append)
    assert any("is no use" in line for line in said)
    assert provision.fault_of(copy.folder) == "" and leftovers(home) == [provision.VERSION]


@pytest.mark.parametrize("does", ["print('java.io.IOException: No space left on device'); sys.exit(1)", None])
def test_a_full_disk_is_one_clear_sentence(
    does: str | None, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    maven_that(does or "shutil.copytree(source, out)", tmp_path, monkeypatch)
    if does is None:

        def full(*_: object) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(zipfile.ZipFile, "writestr", full)
    with pytest.raises(
        EngineError, match=r"^The disk is full: LanguageTool needs about \d+ MB free at [^\n]+\.$"
    ) as caught:
        provision.provision(JAVA, lambda _: None)
    assert caught.value.code == "disk_full" and leftovers(home) == []


def test_too_little_space_is_said_before_anything_is_fetched(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage("/")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1000))
    with pytest.raises(EngineError, match="The disk is full"):
        provision.provision(JAVA, lambda _: None)


def test_a_way_that_hangs_is_ended_with_its_children(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = tmp_path / "alive"
    child = f"import time, pathlib; time.sleep(2); pathlib.Path({str(mark)!r}).touch()"
    maven_that(
        f"import subprocess; subprocess.Popen([sys.executable, '-c', {child!r}]); time.sleep(60)", tmp_path, monkeypatch
    )
    monkeypatch.setattr(provision, "MAVEN_LIMIT_S", 0.5)
    with pytest.raises(EngineError, match="not done within"):
        provision.provision(JAVA, lambda _: None)
    time.sleep(2)
    assert not mark.exists() and leftovers(home) == []


def test_what_an_interrupted_set_up_left_is_swept_away(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / ".making-old" / "built").mkdir(parents=True)
    maven_that("shutil.copytree(source, out)", tmp_path, monkeypatch)
    provision.provision(JAVA, lambda _: None)
    assert leftovers(home) == [provision.VERSION]


def test_ctrl_c_leaves_nothing(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    maven_that("shutil.copytree(source, out)", tmp_path, monkeypatch)

    def interrupted(_: Path) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(provision, "fault_of", interrupted)
    with pytest.raises(KeyboardInterrupt):
        provision.provision(JAVA, lambda _: None)
    assert leftovers(home) == []


def _provision(lines: list[str]) -> None:
    provision.provision(JAVA, lines.append)


def test_two_at_once_fetch_once(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    count = tmp_path / "count"
    maven_that(
        f"open({str(count)!r}, 'a').write('x'); time.sleep(1); shutil.copytree(source, out)", tmp_path, monkeypatch
    )
    both = [multiprocessing.get_context("fork").Process(target=_provision, args=([],)) for _ in range(2)]
    for process in both:
        process.start()
    for process in both:
        process.join(60)
    assert [process.exitcode for process in both] == [0, 0]
    assert count.read_text() == "x" and leftovers(home) == [provision.VERSION]


def test_the_packages_own_copy_is_found_newest_first_and_not_too_old(tmp_path: Path) -> None:
    for version in ("5.9", "6.6", "6.10"):
        write_copy(tmp_path / "package" / f"LanguageTool-{version}")
    found = provision.find()
    assert found is not None and found.version == "6.10" and not found.ours
    assert provision.provision(JAVA, lambda _: None) == found


def test_looking_creates_nothing(home: Path, tmp_path: Path) -> None:
    assert provision.find() is None
    assert not home.exists() and not (tmp_path / "package").exists()


def test_the_packages_download_is_used_where_it_works(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_copy(tmp_path / "source" / "copy")
    monkeypatch.setattr(provision, "_REACH", "pass")
    monkeypatch.setattr(
        provision,
        "_FETCH",
        f"import os, shutil; shutil.copytree({str(tmp_path / 'source' / 'copy')!r},"
        f" os.environ['LTP_PATH'] + '/LanguageTool-{provision.VERSION}')",
    )
    assert provision.provision(JAVA, lambda _: None).folder == home / provision.VERSION
    assert leftovers(home) == [provision.VERSION]
