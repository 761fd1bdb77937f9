"""What is installed and working, what is missing and how to get it."""

from __future__ import annotations

import platform
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from analyzer import __version__
from analyzer.errors import AnalyzerError
from analyzer.proofing import ENGINES


@dataclass(frozen=True, slots=True)
class Check:
    """One part: whether it is there and works, which version, and the cure where it does not."""

    part: str
    fine: bool
    detail: str
    cure: str = ""
    optional: bool = False

    def line(self) -> str:
        """One line for a terminal."""
        mark = "ok     " if self.fine else "missing" if self.optional else "BROKEN "
        cure = f" — to get it: {self.cure}" if self.cure and not self.fine else ""
        return f"{mark}  {self.part:<14} {self.detail}{cure}"


def examine() -> tuple[Check, ...]:
    """Look at every part; loads the spaCy model and the classifier to see them work, starts no server."""
    engines = [engine().probe() for engine in ENGINES]
    return (
        Check("analyzer", True, __version__),
        Check("Python", sys.version_info >= (3, 11), platform.python_version(), "install Python 3.11 or later"),
        _spacy_model(),
        _classifier(),
        *(
            Check(
                status.name,
                status.available,
                " ".join(part for part in (status.version, status.detail) if part),
                status.cure,
                status.name != "harper",
            )
            for status in engines
        ),
        _package("streamlit", "web app", "run “make setup”"),
        _browser(),
    )


def _spacy_model() -> Check:
    from analyzer.parsing.language import load_pipeline

    try:
        meta = load_pipeline().meta
    except AnalyzerError as error:
        return Check("spaCy model", False, "not installed", error.message)
    return Check("spaCy model", True, f"{meta['lang']}_{meta['name']} {meta['version']} (spaCy {version('spacy')})")


def _classifier() -> Check:
    from analyzer.scoring.store import default_model_directory, shared_model

    try:
        directory = default_model_directory()
        model = shared_model(directory)
    except AnalyzerError as error:
        return Check("model", False, "cannot be used", error.message)
    return Check("model", True, f"{model.version} in {directory} (scikit-learn {version('scikit-learn')})")


def _package(name: str, part: str, cure: str) -> Check:
    try:
        return Check(part, True, f"{name} {version(name)}", optional=True)
    except PackageNotFoundError:
        return Check(part, False, f"{name} is not installed", cure, optional=True)


def _browser() -> Check:
    found = next(
        (path for name in ("chromium", "chromium-browser", "google-chrome", "firefox") if (path := shutil.which(name))),
        "",
    )
    return Check(
        "browser",
        bool(found),
        found or "none found (only the tests and screenshots need one)",
        "install your system's chromium package",
        optional=True,
    )


def set_up(say: Callable[[str], None]) -> bool:
    """Provision every engine; says in one line what could not be had and goes on. Whether all went well."""
    fine = True
    for make in ENGINES:
        engine = make()
        try:
            engine.setup(say)
        except AnalyzerError as error:
            say(f"{engine.name}: {error.message}")
            fine = False
    return fine
