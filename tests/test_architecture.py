"""The design's laws that can be read from the source: arrows point one way, nothing is unfinished, nothing is unpickled."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "analyzer"
MODULES = sorted(PACKAGE.rglob("*.py"))

# design.md, "The way of a draft": a step imports what all share, its own package, and earlier steps. Equal numbers are side by side
# and do not know each other.
SHARED = {"types", "errors", "resources", "rules", "matchers", "prefilter", "settings"}
STEPS = {
    "database": 1,
    "reading": 1,
    "parsing": 2,
    "proofing": 3,
    "matching": 3,
    "timing": 4,
    "traits": 4,
    "scoring": 5,
    "findings": 6,
    "rewrites": 7,
    "cohort": 8,
    "report": 9,
}
# Beside the way: these put the steps to use, and no step knows them. ``__init__`` is the door: of it a step may ask the version only.
USERS = {"__init__", "pipeline", "batch", "training", "cli", "ui", "doctor", "__main__"}

# Functions that may be longer than the law allows, each with its reason.
LONGER: dict[str, str] = {}
MOST_LINES = 60


def step_of(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported_steps(path: Path) -> Iterator[tuple[str, int]]:
    """First names below ``analyzer`` that a module imports, anywhere in it, with the line."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import in line {node.lineno}"
            if node.module == "analyzer":
                yield from ((alias.name, node.lineno) for alias in node.names if alias.name != "__version__")
            elif node.module and node.module.startswith("analyzer."):
                yield node.module.split(".")[1], node.lineno
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.startswith("analyzer."):
                    yield alias.name.split(".")[1], node.lineno


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_arrows_point_one_way(path: Path) -> None:
    step = step_of(path)
    assert step in SHARED | set(STEPS) | USERS, f"“{step}” has no place in the way of a draft: give it one above"
    if step in USERS:
        return
    allowed = SHARED | {step} | {other for other, number in STEPS.items() if number < STEPS.get(step, 0)}
    wrong = [f"line {line}: {other}" for other, line in imported_steps(path) if other not in allowed]
    assert wrong == []


def test_only_the_app_knows_the_database() -> None:
    for path in (path for path in MODULES if step_of(path) not in ("database", "ui")):
        assert "database" not in {other for other, _ in imported_steps(path)}, name_of(path)


def test_what_all_share_imports_no_step() -> None:
    for path in (path for path in MODULES if step_of(path) in SHARED):
        assert {other for other, _ in imported_steps(path)} <= SHARED


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(tree_of(path)), f"{path} has no docstring"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_functions_fit_on_a_page(path: Path) -> None:
    functions = [node for node in ast.walk(tree_of(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    long = {
        f"{name_of(path)}:{node.name}": (node.end_lineno or 0) - node.lineno + 1
        for node in functions
        if (node.end_lineno or 0) - node.lineno + 1 > MOST_LINES
    }
    assert {name: lines for name, lines in long.items() if name not in LONGER} == {}


def test_exceptions_for_long_functions_are_still_needed() -> None:
    for place, reason in LONGER.items():
        file, _, name = place.partition(":")
        lengths = [
            (node.end_lineno or 0) - node.lineno + 1
            for node in ast.walk(tree_of(PACKAGE / file))
            if isinstance(node, ast.FunctionDef) and node.name == name
        ]
        assert reason and lengths and max(lengths) > MOST_LINES, f"{place} may leave the list"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_nothing_is_left_unfinished(path: Path) -> None:
    assert not re.search(r"#\s*(?:TODO|FIXME|XXX|HACK)\b", path.read_text(encoding="utf-8"))
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Raise | ast.Return):
            value = node.exc if isinstance(node, ast.Raise) else node.value
            assert "NotImplemented" not in (ast.unparse(value) if value else ""), f"line {node.lineno}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_nothing_is_unpickled_or_evaluated(path: Path) -> None:
    forbidden = {"pickle", "cPickle", "joblib", "dill", "cloudpickle", "shelve", "marshal"}
    for node in ast.walk(tree_of(path)):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
        assert not {name.split(".")[0] for name in names} & forbidden
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in ("eval", "exec")
        if isinstance(node, ast.keyword):
            assert node.arg != "allow_pickle" or (isinstance(node.value, ast.Constant) and node.value.value is False)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_the_command_line_imports_nothing_heavy_at_the_top(path: Path) -> None:
    if step_of(path) not in {"cli", "__init__", "__main__", "errors", "types", "resources"}:
        return
    light = {"analyzer", "argparse", "os", "sys", "pathlib", "typing", "collections", "__future__", "dataclasses"}
    light |= {"datetime", "tomllib", "functools", "importlib"}
    for node in tree_of(path).body:
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        assert {name.split(".")[0] for name in names} <= light


def test_what_travels_is_frozen() -> None:
    for node in tree_of(PACKAGE / "types.py").body:
        if isinstance(node, ast.ClassDef):
            decorators = [ast.unparse(decorator) for decorator in node.decorator_list]
            # more may be said of one (Report shows itself in its own way), never less
            assert [each.removesuffix(")").split(", ")[:2] for each in decorators] == [
                ["dataclass(frozen=True", "slots=True"]
            ], node.name
            lists = [
                ast.unparse(item)
                for item in node.body
                if isinstance(item, ast.AnnAssign) and re.search(r"\blist\[", ast.unparse(item.annotation))
            ]
            assert lists == [], "tuples travel, not lists"


CONFIGS = ("requirements.lock", "pyproject.toml", "Makefile", ".pre-commit-config.yaml", ".ci/run", "README.md")


@pytest.mark.parametrize("name", [name for name in CONFIGS if (ROOT / name).is_file()])
def test_no_file_names_a_registry(name: str) -> None:
    path = ROOT / name
    text = path.read_text(encoding="utf-8")
    found = re.findall(
        r"--(?:extra-)?index-url|\bindex-url\b|find-links|trusted-host|https?://[^\s\"')]*(?:pypi|simple/)\S*", text
    )
    # the header that uv writes says that it left the address out
    assert [hit for hit in found if "--no-emit-index-url" not in text or hit != "index-url"] == []


def test_the_lock_pins_every_package_with_its_hashes() -> None:
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    starts = [index for index, line in enumerate(lines) if re.match(r"[A-Za-z0-9]", line)]
    assert len(starts) > 50
    for index in starts:
        assert re.match(r"[\w.-]+==[\w.!+]+( ; .+)? \\$", lines[index]), lines[index]
        assert lines[index + 1].strip().startswith("--hash=sha256:")
