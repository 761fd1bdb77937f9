"""make audit: silence of a service is never taken for good news. A stand-in plays pip-audit."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]
FLAW = {"id": "PYSEC-1", "fix_versions": ["2.5"]}
CLEAN = [{"name": "numpy", "version": "2.0", "vulns": []}]


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit", ROOT / "scripts" / "audit.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def stand_in(tmp_path: Path):
    """A pip-audit that says one thing of the probe and another of the lock, for one service only."""

    def make(probe: object, lock: object, service: str = "pypi") -> str:
        path = tmp_path / "pip-audit"
        answers = json.dumps([{"dependencies": answer} for answer in (probe, lock)])
        path.write_text(
            f"#!{sys.executable}\nimport json, sys\n"
            f"if {service!r} not in sys.argv: sys.exit('no such host')\n"
            f"print(json.dumps(json.loads({answers!r})['known.txt' not in ' '.join(sys.argv)]))\n"
        )
        path.chmod(0o755)
        return str(path)

    return make


KNOWS = [{"name": "jinja2", "version": "2.4.1", "vulns": [FLAW]}]


def test_no_known_flaw_is_status_0(audit, stand_in, capsys) -> None:
    assert audit.main(stand_in(KNOWS, CLEAN)) == 0
    assert capsys.readouterr().out == "1 packages audited against pypi, 0 with known flaws.\n"


def test_a_known_flaw_is_named_with_its_cure(audit, stand_in, capsys) -> None:
    assert audit.main(stand_in(KNOWS, [*CLEAN, *KNOWS])) == 1
    assert "jinja2 2.4.1: PYSEC-1, mended in 2.5" in capsys.readouterr().out


def test_the_second_service_is_asked_where_the_first_is_silent(audit, stand_in, capsys) -> None:
    assert audit.main(stand_in(KNOWS, CLEAN, "osv")) == 0
    assert "against osv" in capsys.readouterr().out


@pytest.mark.parametrize("probe", [[], [{"name": "jinja2", "skip_reason": "not found on PyPI"}], CLEAN])
def test_a_service_that_knows_nothing_has_audited_nothing(audit, stand_in, capsys, probe: object) -> None:
    assert audit.main(stand_in(probe, CLEAN)) == 2
    said = capsys.readouterr()
    assert said.out == "" and said.err.count("\n") == 1 and "not audited" in said.err


def test_without_the_tool_nothing_is_audited(audit, capsys) -> None:
    assert audit.main("/no/such/pip-audit") == 2
    assert capsys.readouterr().err.startswith("The pinned packages were not audited: pip-audit is not here")


def test_a_package_nobody_was_asked_about_is_no_good_news(audit, stand_in, capsys) -> None:
    assert audit.main(stand_in(KNOWS, [*CLEAN, {"name": "ours", "skip_reason": "not found"}])) == 2
    assert "not audited: ours." in capsys.readouterr().err
