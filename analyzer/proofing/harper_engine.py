"""Harper: an English grammar checker that runs in this process, without Java and without a server."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from analyzer.errors import EngineError
from analyzer.proofing.base import EngineStatus
from analyzer.resources import load_toml
from analyzer.types import Issue

# how a word nobody has but that is made of known ones is named
_BUILT_RULE = "harper.SplitWords"
_STEM_LETTERS = 4
_MOST_REMEMBERED_WORDS = 20_000
# words asked of the British linter, whether it lacks them: facts of the dictionary, whoever's draft they stood in
_UNKNOWN: dict[str, bool] = {}
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", re.UNICODE)


class HarperEngine:
    """Lints in process. A Harper linter is not thread-safe, so a call borrows one from a pool and gives it back."""

    name = "harper"

    def __init__(self) -> None:
        self._idle: dict[str, deque[Any]] = {"AMERICAN": deque(), "BRITISH": deque()}

    def probe(self) -> EngineStatus:
        """Whether the package is installed, and its version."""
        try:
            return EngineStatus(self.name, True, version("harper-py"), "in process, no Java needed")
        except PackageNotFoundError:
            return EngineStatus(
                self.name,
                False,
                "",
                "the package harper-py is not installed",
                "run “make setup” or “pip install harper-py==0.2.0”",
            )

    def setup(self, progress: Callable[[str], None]) -> None:
        """Nothing to provision: the wheel holds everything."""
        progress("Harper needs no setup.")

    def open(self) -> None:
        """Build the first linter (about 0.3 s); the British one follows when a word is doubted."""
        with self._borrowed("AMERICAN"):
            pass

    def close(self) -> None:
        """Drop all linters."""
        for idle in self._idle.values():
            idle.clear()

    @contextmanager
    def _borrowed(self, dialect: str) -> Iterator[Any]:
        """A linter nobody else uses meanwhile. ``deque`` is safe between threads without a lock."""
        try:
            linter = self._idle[dialect].pop()
        except IndexError:
            linter = _linter(dialect)
        try:
            yield linter
        finally:
            self._idle[dialect].append(linter)

    def check(self, text: str, names: frozenset[str]) -> tuple[Issue, ...]:
        """Issues of the American linter; a spelling issue stands only if the British one shares it and it is no name.

        Whether an unknown word is a name all the same is told where the engines' lists become one.
        """
        import harper

        categories: dict[str, Any] = load_toml("harper.toml")["categories"]
        respected = {
            piece.lower()
            for name in names
            for word in _WORD.findall(name)
            for piece in (word, *re.split(r"[-'’]", word))
        }
        issues: list[Issue] = []
        unknown: list[Issue] = []
        with self._borrowed("AMERICAN") as american:
            found = american.organized_lints(text, language=harper.Language.PLAINTEXT)
        # an unknown word that is two known ones run together is a term of the trade ("plasterwork") more often than a slip
        compounds = {(lint.span.start, lint.span.end) for lint in found.pop("SplitWords", ())}
        for rule, lints in found.items():
            for lint in lints:
                start, end = lint.span.start, lint.span.end
                category = categories.get(str(lint.lint_kind), "style")
                if category == "spelling" and _is_known(text, start, end, respected):
                    continue
                issue = Issue(
                    self.name,
                    _BUILT_RULE if (start, end) in compounds else f"harper.{rule}",
                    start,
                    end,
                    text[start:end],
                    lint.message,
                    _suggestions(lint, text[start:end]),
                    category,
                )
                (unknown if str(lint.lint_kind) == "Spelling" else issues).append(issue)
        if unknown:
            with self._borrowed("BRITISH") as british:
                issues += [_looked_into(british, issue) for issue in unknown if _is_unknown_to(british, issue.text)]
        return tuple(sorted(issues, key=lambda issue: (issue.start, issue.end, issue.rule)))


def _looked_into(linter: Any, issue: Issue) -> Issue:
    """The same, marked as made of known words where only a prefix stands before one: "recosting"."""
    word = issue.text.lower().removesuffix("'s").removesuffix("’s")
    stems = [word.removeprefix(prefix) for prefix in load_toml("proofing.toml")["prefixes"] if word.startswith(prefix)]
    if (
        word
        and issue.text[0].islower()
        and any(len(stem) >= _STEM_LETTERS and not _is_unknown_to(linter, stem) for stem in stems)
    ):
        return replace(issue, rule=_BUILT_RULE)
    return issue


def _is_unknown_to(linter: Any, word: str) -> bool:
    """Whether the British dictionary lacks a word; remembered, as a dictionary does not change."""
    if word not in _UNKNOWN:
        import harper

        if len(_UNKNOWN) > _MOST_REMEMBERED_WORDS:
            _UNKNOWN.clear()
        lints = linter.lint(word, language=harper.Language.PLAINTEXT)
        _UNKNOWN[word] = any(str(lint.lint_kind) == "Spelling" for lint in lints)
    return _UNKNOWN[word]


def _linter(dialect: str) -> Any:
    try:
        import harper
    except ImportError as error:
        raise EngineError("no_harper", "The package harper-py is not installed: run “make setup”.") from error

    linter = harper.Linter(getattr(harper.Dialect, dialect))
    settings = dict(linter.get_lint_config())
    settings.update(dict.fromkeys(load_toml("harper.toml")["switched_off"], False))
    linter.set_lint_config(settings)
    return linter


def _is_known(text: str, start: int, end: int, respected: set[str]) -> bool:
    word = text[start:end]
    parts = {part.lower() for part in _WORD.findall(word)} | {
        word.lower(),
        word.lower().removesuffix("'s").removesuffix("’s"),
    }
    return bool(parts & respected)


def _suggestions(lint: Any, problem: str) -> tuple[str, ...]:
    import harper

    found = []
    for suggestion in lint.suggestions:
        if suggestion.kind == harper.SuggestionKind.REPLACE:
            found.append(suggestion.replacement_text)
        elif suggestion.kind == harper.SuggestionKind.REMOVE:
            found.append("")
        else:
            found.append(problem + suggestion.replacement_text)
    return tuple(found[:5])
