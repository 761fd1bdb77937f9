"""Word lists, rules, messages and defaults: data, read once and kept."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any


def resource_path(name: str) -> Path:
    """The path of a shipped data file."""
    return Path(str(files(__name__) / name))


@cache
def load_toml(name: str) -> dict[str, Any]:
    """A shipped TOML file as a dictionary; callers must not change it."""
    return tomllib.loads(resource_path(name).read_text(encoding="utf-8"))


@cache
def load_words(name: str) -> frozenset[str]:
    """A shipped word list: one word or phrase a line, lower-cased; ``#`` starts a comment that carries source and licence."""
    lines = (
        line.split("#", 1)[0].strip().lower()
        for line in resource_path(f"words/{name}.txt").read_text(encoding="utf-8").splitlines()
    )
    return frozenset(line for line in lines if line)
