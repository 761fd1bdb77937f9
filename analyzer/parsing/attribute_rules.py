"""spaCy's attribute ruler with a memory: what its patterns say of a token depends on a few attributes only, and words come again.

The ruler runs some 180 patterns over every token, a quarter of the parse. Here the patterns of one token are asked once for each new
combination of the attributes they look at, and those of several tokens only where a word they need stands in the text. The matches are
the same (``tests/parsing/test_attribute_rules.py`` compares them).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

# The attributes whose values are looked up; a pipeline whose patterns look at others is left as it is.
_ATTRIBUTES = ("TAG", "LOWER", "DEP", "IS_SPACE")
_MOST_REMEMBERED = 20_000

_Key = tuple[int, ...]


class RememberingMatcher:
    """Stands where the ruler keeps its Matcher, and gives the same matches."""

    def __init__(self, ruler: Any) -> None:
        from spacy.attrs import IDS
        from spacy.matcher import Matcher

        self._ids = [IDS[name] for name in _ATTRIBUTES]
        self._of_one, self._of_several = Matcher(ruler.vocab), Matcher(ruler.vocab)
        # a pattern of several tokens: words of which one must stand in the text, None where none is named
        self._needed: set[int] = set()
        self._known: dict[_Key, tuple[int, ...]] = {}
        for number, entry in enumerate(ruler.patterns):
            for pattern in entry["patterns"]:
                matcher = self._of_one if len(pattern) == 1 else self._of_several
                name = str(number)
                kept = matcher.get(name)[1] if name in matcher else []
                if kept:
                    matcher.remove(name)
                matcher.add(name, [*kept, pattern])
                if len(pattern) > 1:
                    self._needed |= _needed_words(pattern, ruler.vocab)

    def __call__(self, doc: Doc, **options: Any) -> list[tuple[int, int, int]]:
        """As of spaCy's Matcher: key, first token, token after the last, in no order that matters to the ruler."""
        rows = doc.to_array(self._ids).tolist()
        found = []
        for place, row in enumerate(rows):
            key = tuple(row)
            names = self._known.get(key)
            if names is None:
                names = tuple(name for name, _, _ in self._of_one(doc[place : place + 1], **options))
                if len(self._known) >= _MOST_REMEMBERED:
                    self._known.clear()
                self._known[key] = names
            found += [(name, place, place + 1) for name in names]
        if not self._needed.isdisjoint({row[1] for row in rows}):
            found += self._of_several(doc, **options)
        return found


def _needed_words(pattern: list[dict[str, Any]], vocab: Any) -> set[int]:
    """Words of which one must stand in a text that the pattern matches. Raises ValueError where it names none."""
    for token in pattern:
        words = token.get("LOWER")
        if isinstance(words, str):
            return {vocab.strings.add(words)}
        if isinstance(words, dict) and set(words) == {"IN"}:
            return {vocab.strings.add(word) for word in words["IN"]}
    raise ValueError(f"a pattern of the attribute ruler names no word: {pattern}")


def quicken(nlp: Language) -> None:
    """Let the ruler of a pipeline remember, where it has one whose patterns can be."""
    if "attribute_ruler" not in nlp.pipe_names:
        return
    ruler: Any = nlp.get_pipe("attribute_ruler")
    patterns = [pattern for entry in ruler.patterns for pattern in entry["patterns"]]
    looked_at = {name for pattern in patterns for token in pattern for name in token}
    try:
        if looked_at <= set(_ATTRIBUTES):
            ruler.matcher = RememberingMatcher(ruler)
    except ValueError:
        return
