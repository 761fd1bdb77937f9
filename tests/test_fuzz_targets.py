"""scripts/fuzz.py keeps up with the code: every reader has a target, and every target takes what it starts from."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from analyzer.reading import DOCUMENT_FORMATS, TABLE_FORMATS


def load_fuzzer() -> ModuleType:
    path = Path(__file__).resolve().parents[1] / "scripts" / "fuzz.py"
    spec = importlib.util.spec_from_file_location("fuzz", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["fuzz"] = module  # its dataclasses look their module up
    spec.loader.exec_module(module)
    return module


FUZZER = load_fuzzer()


def test_every_reader_has_a_target() -> None:
    # a folder holds the documents that have targets of their own
    wanted = {form.name for form in (*DOCUMENT_FORMATS, *TABLE_FORMATS)} - {"folder"}
    assert wanted <= set(FUZZER.TARGETS)


@pytest.mark.parametrize("name", [name for name in FUZZER.TARGETS if name != "scorer"])
def test_a_target_takes_its_seeds_and_half_of_each(name: str) -> None:
    target = FUZZER.TARGETS[name]()
    assert target.seeds
    for seed in target.seeds:
        target.try_one(seed)
        target.try_one(seed[: len(seed) // 2])


def test_a_broken_law_is_told_once_and_kept(tmp_path: Path, capsys) -> None:
    def breaks(data: bytes) -> None:
        raise ValueError(data)

    findings = FUZZER.Findings("one", tmp_path)
    for data in (b"first", b"second"):
        findings.call(breaks, data)
    assert capsys.readouterr().out.count("FOUND one: ValueError") == 1
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"first"]


@pytest.mark.parametrize("message", ["no stop", "two\nlines.", "x" * 2000 + "."])
def test_a_refusal_that_is_no_sentence_breaks_the_law(message: str) -> None:
    with pytest.raises(FUZZER.LawBroken):
        FUZZER.check_refusal(message)
