"""Two versions of a draft beside each other, word by word: what went is struck out, what came is underlined."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from analyzer.report.markup import Html, element
from analyzer.ui.marks import shown_characters

_WORD = re.compile(r"\s+|[^\W_]+(?:['’][^\W_]+)*|.", re.DOTALL)


def words_of(text: str) -> list[str]:
    """Words, blanks and signs that together are the text."""
    return _WORD.findall(text)


def beside(before: str, after: str, names: tuple[str, str]) -> Html:
    """Both versions with their names."""
    old, new = words_of(_plain(before)), words_of(_plain(after))
    left: list[Html | str] = []
    right: list[Html | str] = []
    for what, old_start, old_end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = "".join(old[old_start:old_end]), "".join(new[new_start:new_end])
        left.append(gone if what == "equal" else element("del", gone) if gone else "")
        right.append(come if what == "equal" else element("ins", come) if come else "")
    return element(
        "div",
        *(
            element("section", element("h3", name), element("div", *parts, class_="da-draft"))
            for name, parts in zip(names, (left, right), strict=True)
        ),
        class_="da-beside",
    )


def change(before: str, after: str) -> Html:
    """A short change in one line: the old words, an arrow, the new ones."""
    old = element("del", _plain(before)) if before.strip() else element("span", "(nothing)", class_="da-hint")
    new = element("ins", _plain(after)) if after.strip() else element("span", "(left out)", class_="da-hint")
    return element("p", old, element("span", " → ", class_="da-arrow", aria_label="becomes"), new, class_="da-change")


def _plain(text: str) -> str:
    return "".join(shown_characters(text))
