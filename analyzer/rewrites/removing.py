"""Take a sentence out of a letter without leaving a hole: its space, and its paragraph where it was all of it."""

from __future__ import annotations

import re

from analyzer.rewrites.base import Context, Proposal, Sentence


def removal(
    context: Context, sentence: Sentence, trait: str, why: str, rewriter: str, *, needs: bool = False
) -> Proposal:
    """A proposal that removes a sentence."""
    start, end = hole(context.text, sentence.start, sentence.end)
    return Proposal(start, end, "", trait, why, rewriter, needs=needs)


def hole(text: str, start: int, end: int) -> tuple[int, int]:
    """The span to take out so that one separator stays between what is before and what is after."""
    before = re.search(r"[ \t]*$", text[:start])
    after = re.match(r"[ \t]*", text[end:])
    left = start - (len(before.group()) if before else 0)
    right = end + (len(after.group()) if after else 0)
    opens = left == 0 or text[left - 1] in "\r\n"
    closes = right == len(text) or text[right] in "\r\n"
    if opens and closes:
        # the whole paragraph: its own line breaks go too
        breaks = re.match(r"(?:[ \t]*(?:\r\n|\r|\n))+", text[right:])
        return left, right + (len(breaks.group()) if breaks else 0)
    if opens:
        return start, right
    return left, end
