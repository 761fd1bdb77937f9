"""From LanguageTool's matches to Issues: offsets, categories, and names that are right as they stand. Pure."""

from __future__ import annotations

import tomllib
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal, get_args

from analyzer.errors import EngineError
from analyzer.types import Issue

Category = Literal["spelling", "grammar", "punctuation", "capitals", "style"]

SPELLER_RULE = "MORFOLOGIK_RULE_"
"""How the ids of the dictionary rules begin. Only these may be silenced by names, not 'would of'."""

MOST_SUGGESTIONS = 5
"""LanguageTool gives up to 20 for a word, far more than a reader wants; the best come first."""

_BEYOND_BMP = 0x10000
_APOSTROPHES = str.maketrans({"\u2019": "'", "\u02bc": "'"})


@dataclass(frozen=True, slots=True)
class Rules:
    """The data file ``languagetool_rules.toml``: what is not asked for and what each category is to us."""

    off: tuple[str, ...]
    off_categories: tuple[str, ...]
    rules: dict[str, Category]
    categories: dict[str, Category]
    issue_types: dict[str, Category]
    right_words: frozenset[str]

    def category_of(self, rule: dict[str, Any]) -> Category:
        """Give the category of a match's ``rule``: by its id, else its category, else its type."""
        return (
            self.rules.get(str(rule.get("id")))
            or self.categories.get(str((rule.get("category") or {}).get("id")))
            or self.issue_types.get(str(rule.get("issueType")))
            or "grammar"
        )


@cache
def load_rules() -> Rules:
    """Read the data file, once per process."""
    table = tomllib.loads(
        files("analyzer").joinpath("resources", "languagetool_rules.toml").read_text(encoding="utf-8")
    )
    known = get_args(Category)
    for name in ("rules", "categories", "issue_types"):
        for key, value in table[name].items():
            if value not in known:
                raise EngineError(
                    "bad_rules", f"languagetool_rules.toml: [{name}] {key} = {value!r} is none of {', '.join(known)}."
                )
    return Rules(
        off=tuple(entry["id"] for entry in table["off"]),
        off_categories=tuple(entry["id"] for entry in table["off_categories"]),
        rules=table["rules"],
        categories=table["categories"],
        issue_types=table["issue_types"],
        right_words=frozenset(word for entry in table["right_words"] for word in entry["words"]),
    )


def sendable(text: str) -> str:
    """Replace lone surrogates, which cannot be sent as UTF-8. The length stays the same in every unit."""
    return "".join("\ufffd" if 0xD800 <= ord(char) <= 0xDFFF else char for char in text)


def code_points(text: str) -> Callable[[int], int]:
    """Make a function from UTF-16 offsets to code points of ``text``. Inside a pair counts as before it."""
    # UTF-16 offsets just after each character that takes two units: each such offset passed means one unit too many.
    doubles: list[int] = []
    for index, char in enumerate(text):
        if ord(char) >= _BEYOND_BMP:
            doubles.append(index + len(doubles) + 2)

    def convert(offset: int) -> int:
        passed = bisect_right(doubles, offset)
        inside = passed < len(doubles) and doubles[passed] - 1 == offset
        return min(offset - passed - inside, len(text))

    return convert


def issues_from(text: str, matches: Iterable[dict[str, Any]]) -> tuple[Issue, ...]:
    """Turn the matches into issues in text order, spans in code points of ``text``."""
    rules, convert = load_rules(), code_points(text)
    issues = {}
    for match in matches:
        start, end = convert(match["offset"]), convert(match["offset"] + match["length"])
        if not start < end:
            continue
        rule, covered = match["rule"], text[start:end]
        suggestions = tuple(dict.fromkeys(given["value"] for given in match.get("replacements", ())))[:MOST_SUGGESTIONS]
        if unicodedata.normalize("NFC", covered) in suggestions:
            continue  # an accent typed as a mark of its own, as macOS does: the word is right
        category = rules.category_of(rule)
        if category == "spelling" and suggestions and suggestions[0].lower() == covered.lower():
            category = "capitals"  # 'friday', 'english': the letters are right
        issues[start, end, rule["id"]] = Issue(
            "languagetool", rule["id"], start, end, covered, match["message"], suggestions, category
        )
    return tuple(issues[key] for key in sorted(issues))


def is_dictionary_issue(issue: Issue) -> bool:
    """Whether the issue says no more than that a word is in no dictionary."""
    return issue.rule.startswith(SPELLER_RULE)


@dataclass(frozen=True, slots=True)
class Names:
    """Words that are right as they stand, for one call: whole, in parts, and folded for comparing without capitals."""

    exact: frozenset[str]
    folded: frozenset[str]

    @classmethod
    def of(cls, names: Iterable[str]) -> Names:
        """Take names as given ('Mary-Jane O'Brien') apart into all the forms a writer may use."""
        exact = set()
        for name in names:
            for word in name.translate(_APOSTROPHES).split():
                exact.update({word, _bare(word), *_bare(word).split("-")})
        exact.discard("")
        return cls(frozenset(exact), frozenset(word.casefold() for word in exact))

    def __contains__(self, word: object) -> bool:
        """Whether a word of the draft is one of them.

        'SIOBHAN' and 'Siobhan' match 'siobhan' of the notes; 'siobhan' does not match 'Siobhan'.
        """
        bare = _bare(str(word).translate(_APOSTROPHES))
        return bare in self.exact or (bare[:1].isupper() and bare.casefold() in self.folded)

    def unexplained(self, text: str) -> tuple[str, ...]:
        """Give what of a flagged word (or words) no name accounts for; empty where nothing is left."""
        if text in self:
            return ()
        words = text.split()
        if len(words) > 1:
            return tuple(left for word in words for left in self.unexplained(word))
        parts = [part for part in _bare(text).split("-") if part]
        left = tuple(part for part in parts if part not in self)
        # With no name in it the word is looked up whole: 'co-ordinator' is right, 'ordinator' may not be.
        return left if len(left) < len(parts) else (text,)


def _bare(word: str) -> str:
    """Strip a word of the punctuation around it and of its possessive ending."""
    word = word.strip(".,;:!?()[]\"'")
    return word[:-2] if word.lower().endswith("'s") else word


def without(
    issues: Sequence[Issue], names: Names, is_word: Callable[[frozenset[str]], frozenset[str]]
) -> tuple[Issue, ...]:
    """Leave out the issues about words that are names, or that ``is_word`` finds in another dictionary.

    ``is_word`` is asked once, with all words in question, and gives back those that are right.
    """
    left = {issue: names.unexplained(issue.text) for issue in issues if is_dictionary_issue(issue)}
    unknown = frozenset(word for words in left.values() for word in words)
    right = frozenset(word for word in unknown if _bare(word).lower() in load_rules().right_words)
    if unknown - right:
        right |= is_word(unknown - right)
    return tuple(
        issue
        for issue in issues
        if not (issue in left and right.issuperset(left[issue]))
        and not (issue.category == "capitals" and issue.text in names.exact)
    )


def request_parameters() -> dict[str, str]:
    """Give what every request leaves out."""
    rules = load_rules()
    return {"disabledRules": ",".join(rules.off), "disabledCategories": ",".join(rules.off_categories)}
