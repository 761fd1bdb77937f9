"""Rules as data: load, check and run the patterns in ``resources/rules``.

A rule file is TOML with one ``[[rule]]`` a rule:

=================  ==============================================================================================
id, trait, group   its name; the trait it belongs to; the count it adds to (feature ``<trait>.<group>_count``)
severity           ``fix``, ``improve`` or ``praise``
terms, patterns    phrases (matched as whole words) and regular expressions; without either, the rule is raised by code
tokens             token patterns of spaCy's Matcher; the last ``lookahead`` tokens are looked at and not part of the place
tree, tree_unless  patterns of spaCy's DependencyMatcher: the first node is the place, unless the latter match there too
hints              phrases that are counted (``<group>_hint``) but never shown: too often innocent to accuse
message, why       what the reader of the report sees; ``{text}`` is the writer's words
source             where the advice comes from
fault              the rubric's fault tag it speaks for, if any
where              parts of the letter it looks at (default: body)
replace            what to put instead
substitute         ``[[pattern, replacement], …]``: the first pattern that matches the words makes the suggestion
quiet              counted, not shown
case_sensitive     patterns mind capitals (default: they do not)
exclude_before     a pattern that, right before the match, makes it innocent
bad, good          examples: it must fire on every bad one and on no good one
=================  ==============================================================================================
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from analyzer.matchers import DocIndex, TokenPatterns, TreePatterns
from analyzer.prefilter import Prefilter, TextIndex, prefilter_of
from analyzer.resources import load_toml
from analyzer.types import Draft, PartName, Severity, Signal

if TYPE_CHECKING:
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

# Adding a file of rules: one line here.
RULE_FILES: tuple[str, ...] = ("specificity", "focus", "concision", "enthusiasm", "grammar", "frame")

_LOOK_BACK_CHARACTERS = 24


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, ready to run. ``pattern`` is None for rules raised by code, ``hint`` for rules without hints."""

    id: str
    trait: str
    group: str
    severity: Severity
    message: str
    why: str
    source: str
    fault: str
    where: tuple[PartName, ...]
    pattern: re.Pattern[str] | None
    hint: re.Pattern[str] | None
    replace: str | None
    substitute: tuple[tuple[re.Pattern[str], str], ...]
    quiet: bool
    exclude_before: re.Pattern[str] | None
    bad: tuple[str, ...]
    good: tuple[str, ...]
    tokens: tuple[Any, ...] = ()
    lookahead: int = 0
    tree: tuple[Any, ...] = ()
    tree_unless: tuple[Any, ...] = ()

    @property
    def is_parsed(self) -> bool:
        """Whether it needs a parse to be run."""
        return bool(self.tokens or self.tree)


def _phrases(terms: list[str]) -> str:
    longest_first = sorted(set(terms), key=lambda term: (-len(term), term))
    joined = "|".join(_phrase(term) for term in longest_first)
    return rf"(?<![\w'’-])(?:{joined})(?![\w]|['’-]\w)"


def _phrase(term: str) -> str:
    """A term whose white space may be a line break, whose apostrophe may be curled, and which is known without its inner articles too.

    Somebody whose first language has no articles leaves them out, and means the same: that may cost them grammar and nothing else.
    """
    pattern = re.escape(term).replace("'", "['’]")
    pattern = re.sub(r"(?<=\\ )(a|an|the)\\ ", r"(?:(?:a|an|the)\\ )?", pattern)
    return pattern.replace(r"\ ", r"\s+")


def _compiled(raw: dict[str, Any]) -> re.Pattern[str] | None:
    patterns = [*raw.get("patterns", ())]
    if raw.get("terms"):
        patterns.append(_phrases(raw["terms"]))
    if not patterns:
        return None
    flags = re.NOFLAG if raw.get("case_sensitive") else re.IGNORECASE
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), flags | re.MULTILINE)


def _rule(raw: dict[str, Any]) -> Rule:
    exclude = raw.get("exclude_before")
    hints = raw.get("hints")
    return Rule(
        id=raw["id"],
        trait=raw["trait"],
        group=raw["group"],
        severity=raw["severity"],
        message=raw["message"],
        why=raw["why"],
        source=raw["source"],
        fault=raw.get("fault", ""),
        where=tuple(raw.get("where", ("body",))),
        pattern=_compiled(raw),
        hint=re.compile(_phrases(hints), re.IGNORECASE) if hints else None,
        replace=raw.get("replace"),
        substitute=tuple(
            (re.compile(pattern, re.IGNORECASE), replacement) for pattern, replacement in raw.get("substitute", ())
        ),
        quiet=bool(raw.get("quiet", False)),
        exclude_before=re.compile(exclude, re.IGNORECASE) if exclude else None,
        bad=tuple(raw.get("bad", ())),
        good=tuple(raw.get("good", ())),
        tokens=tuple(raw.get("tokens", ())),
        lookahead=int(raw.get("lookahead", 0)),
        tree=tuple(raw.get("tree", ())),
        tree_unless=tuple(raw.get("tree_unless", ())),
    )


@lru_cache(maxsize=1)
def load_rules() -> dict[str, Rule]:
    """All shipped rules by id. Raises ValueError where two share an id."""
    rules: dict[str, Rule] = {}
    for name in RULE_FILES:
        for raw in load_toml(f"rules/{name}.toml")["rule"]:
            rule = _rule(raw)
            if rule.id in rules:
                raise ValueError(f"two rules are called {rule.id!r}")
            rules[rule.id] = rule
    return rules


@lru_cache(maxsize=1)
def _prefilters() -> tuple[tuple[Rule, Prefilter | None, Prefilter | None], ...]:
    """The rules that have expressions, with what a text must hold for the pattern and for the hint."""
    return tuple(
        (rule, rule.pattern and prefilter_of(rule.pattern), rule.hint and prefilter_of(rule.hint))
        for rule in load_rules().values()
        if rule.pattern or rule.hint
    )


def matches_in(rule: Rule, text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Where a rule fires in ``text[start:end]``, as (start, end) offsets into ``text``."""
    if rule.pattern is None:
        return []
    found = []
    for match in rule.pattern.finditer(text, start, end):
        before = text[max(start, match.start() - _LOOK_BACK_CHARACTERS) : match.start()]
        if rule.exclude_before and rule.exclude_before.search(before):
            continue
        low, high = match.start(), match.end()
        while high > low and text[high - 1].isspace():
            high -= 1
        if high > low:
            found.append((low, high))
    return found


@lru_cache(maxsize=2)
def _matchers(
    vocab: Vocab,
) -> tuple[tuple[tuple[Rule, TokenPatterns], ...], tuple[tuple[Rule, TreePatterns, TreePatterns], ...]]:
    """The patterns of all rules that need a parse, ready to run; made once for a vocabulary."""
    rules = load_rules().values()
    return (
        tuple((rule, TokenPatterns(vocab, rule.id, rule.tokens)) for rule in rules if rule.tokens),
        tuple(
            (rule, TreePatterns(vocab, rule.id, rule.tree), TreePatterns(vocab, f"{rule.id} unless", rule.tree_unless))
            for rule in rules
            if rule.tree
        ),
    )


def parsed_matches(doc: Doc) -> Iterator[tuple[Rule, int, int]]:
    """Where the rules that need a parse fire in a Doc, as rule, start and end in code points."""
    sequences, trees = _matchers(doc.vocab)
    index = DocIndex(doc)
    for rule, patterns in sequences:
        for first, last in patterns.matches(index):
            span = doc[first : last - rule.lookahead]
            yield rule, span.start_char, span.end_char
    for rule, tree, unless in trees:
        places = set(tree.anchors(index))
        if places:
            for place in sorted(places - set(unless.anchors(index))):
                token = doc[place]
                yield rule, token.idx, token.idx + len(token)


def suggestions_of(rule: Rule, words: str) -> tuple[str, ...]:
    """What a rule would put in place of the words it fired on; empty where it has no advice."""
    if rule.replace is not None:
        return (rule.replace.strip(),)
    return next(
        ((pattern.sub(replacement, words),) for pattern, replacement in rule.substitute if pattern.search(words)), ()
    )


def run_rules(draft: Draft) -> tuple[Signal, ...]:
    """Every place where a rule fires, in text order. Hints come as signals named ``<id>?``."""
    signals = []
    index = TextIndex(draft.text)
    for rule, needed, needed_by_hint in _prefilters():
        matches, hints = needed and needed.may_match(index), needed_by_hint and needed_by_hint.may_match(index)
        for start, end in draft.spans_of(*rule.where) if matches or hints else ():
            for low, high in matches_in(rule, draft.text, start, end) if matches else ():
                signals.append(Signal(rule.id, low, high, suggestions_of(rule, draft.text[low:high])))
            if rule.hint and hints:
                signals.extend(
                    Signal(f"{rule.id}?", match.start(), match.end())
                    for match in rule.hint.finditer(draft.text, start, end)
                )
    for rule, start, end in parsed_matches(draft.doc):
        if any(low <= start and end <= high for low, high in draft.spans_of(*rule.where)):
            signals.append(Signal(rule.id, start, end, suggestions_of(rule, draft.text[start:end])))
    return tuple(sorted(signals, key=lambda signal: (signal.start, signal.end, signal.rule)))
