"""spaCy's Matcher and DependencyMatcher, asked only where they can find something.

Both run every part of every pattern over every token, though most patterns want a word that is not in the text. Here each part is first
held against the tags, relations and words that there are; a pattern goes to spaCy only where every part has a token, and what spaCy finds
is what counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

_ATTRIBUTES = ("TAG", "DEP", "LOWER", "LEMMA", "ORTH")

_Values = tuple[tuple[int, frozenset[int]], ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """What a token must be, as far as it can be looked up: for the place of an attribute, the values allowed."""

    allowed: _Values
    is_optional: bool = False
    # in a tree: the place of the part it hangs on, and how
    left: int = 0
    relation: str = ""


@dataclass(frozen=True, slots=True)
class _Pattern:
    """One pattern with a matcher of its own. ``reach`` is how many tokens it may span, 0 where its parts may stand anywhere."""

    parts: tuple[_Part, ...]
    matcher: Any
    reach: int


class DocIndex:
    """Where in a text each tag, relation and word stands."""

    def __init__(self, doc: Doc) -> None:
        from spacy.attrs import IDS

        self.doc = doc
        self._places: list[dict[int, list[int]]] = []
        for column in doc.to_array([IDS[name] for name in _ATTRIBUTES]).T.tolist():
            places: dict[int, list[int]] = {}
            for place, value in enumerate(column):
                places.setdefault(value, []).append(place)
            self._places.append(places)
        self._found: dict[_Values, set[int] | None] = {}
        # spaCy keeps a head as the way to it
        ways = doc.to_array([IDS["HEAD"]]).astype("int64").ravel().tolist()
        self._heads = [place + way for place, way in enumerate(ways)]

    def tokens_for(self, allowed: _Values) -> set[int] | None:
        """Tokens that a part may be; None where any may."""
        if allowed not in self._found:
            kept: set[int] | None = None
            for column, values in allowed:
                places = self._places[column]
                here = {place for value in places.keys() & values for place in places[value]}
                kept = here if kept is None else kept & here
            self._found[allowed] = kept
        return self._found[allowed]

    def related(self, left: set[int], relation: str, right: set[int] | None) -> set[int] | None:
        """The tokens of ``right`` that stand to one of ``left`` as wanted, as far as heads and neighbours tell."""
        if relation in (".", ";"):
            beside = {place + (1 if relation == "." else -1) for place in left}
            return beside if right is None else beside & right
        if relation == "<":
            heads = {self._heads[place] for place in left}
            return heads if right is None else heads & right
        if relation.startswith(">") and relation != ">>" and right is not None:
            return {place for place in right if self._heads[place] in left}
        return right


def _allowed(token: Mapping[str, Any], vocab: Vocab) -> _Values:
    values = []
    for column, name in enumerate(_ATTRIBUTES):
        wanted = token.get(name)
        if isinstance(wanted, str):
            values.append((column, frozenset((vocab.strings.add(wanted),))))
        elif isinstance(wanted, Mapping) and "IN" in wanted:
            values.append((column, frozenset(vocab.strings.add(word) for word in wanted["IN"])))
    return tuple(values)


class TokenPatterns:
    """Patterns of spaCy's Matcher under one name."""

    def __init__(self, vocab: Vocab, name: str, patterns: Sequence[Sequence[Mapping[str, Any]]]) -> None:
        from spacy.matcher import Matcher

        self._patterns = []
        for pattern in patterns:
            matcher = Matcher(vocab)
            matcher.add(name, [[dict(token) for token in pattern]])
            parts = tuple(_Part(_allowed(token, vocab), token.get("OP") in ("?", "*", "!")) for token in pattern)
            bounded = all(token.get("OP", "?") == "?" for token in pattern)
            self._patterns.append(_Pattern(parts, matcher, len(pattern) if bounded else 0))

    def matches(self, index: DocIndex) -> list[tuple[int, int]]:
        """First token and token after the last of each match, each match once."""
        found = [
            (first, last)
            for pattern in self._patterns
            if _may_match(pattern, index)
            for _, first, last in pattern.matcher(index.doc)
        ]
        return list(dict.fromkeys(found))


class TreePatterns:
    """Patterns of spaCy's DependencyMatcher under one name."""

    def __init__(self, vocab: Vocab, name: str, patterns: Sequence[Sequence[Mapping[str, Any]]]) -> None:
        from spacy.matcher import DependencyMatcher

        self._patterns = []
        for pattern in patterns:
            matcher = DependencyMatcher(vocab)
            matcher.add(name, [[dict(node) for node in pattern]])
            names = [node["RIGHT_ID"] for node in pattern]
            parts = tuple(
                _Part(
                    _allowed(node["RIGHT_ATTRS"], vocab),
                    left=names.index(node.get("LEFT_ID", names[0])),
                    relation=node.get("REL_OP", ""),
                )
                for node in pattern
            )
            self._patterns.append(_Pattern(parts, matcher, 0))

    def anchors(self, index: DocIndex) -> Iterator[int]:
        """The first node of each match."""
        for pattern in self._patterns:
            if _may_match(pattern, index) and _may_hang_together(pattern, index):
                yield from (nodes[0] for _, nodes in pattern.matcher(index.doc))


def _may_match(pattern: _Pattern, index: DocIndex) -> bool:
    """Whether each part has a token, and, where the parts stand in a row, one near enough behind the part before."""
    wanted = [index.tokens_for(part.allowed) for part in pattern.parts if not part.is_optional]
    if not all(places is None or places for places in wanted):
        return False
    known = [places for places in wanted if places is not None]
    return not pattern.reach or all(_follows(before, after, pattern.reach) for before, after in pairwise(known))


def _may_hang_together(pattern: _Pattern, index: DocIndex) -> bool:
    """Whether, part by part, a token hangs as wanted on one that may be the part before it."""
    chosen: list[set[int] | None] = []
    for part in pattern.parts:
        places, left = index.tokens_for(part.allowed), chosen[part.left] if chosen else None
        chosen.append(places if left is None else index.related(left, part.relation, places))
        if chosen[-1] is not None and not chosen[-1]:
            return False
    return True


def _follows(before: set[int], after: set[int], reach: int) -> bool:
    return any(place + step in after for place in before for step in range(1, reach))
