"""Mend errors of language: what the proofreaders and our own rules suggest, where there is one clear mend."""

from __future__ import annotations

import re

from analyzer.rewrites.base import Context, Proposal, why_of
from analyzer.rewrites.inflection import is_english_word
from analyzer.rules import load_rules


def propose(context: Context) -> tuple[Proposal, ...]:
    """One small change an error, ours first, overlapping ones once."""
    draft = context.evidence.draft
    rules = load_rules()
    mends: list[tuple[int, int, str]] = []
    for signal in context.evidence.signals:
        rule = rules.get(signal.rule)
        if rule and rule.trait == "grammar" and signal.suggestions and signal.start < signal.end:
            mends.append(
                (signal.start, signal.end, _cased(draft.text[signal.start : signal.end], signal.suggestions[0]))
            )
    for issue in context.evidence.issues:
        # a rare word that the lexicon has is no misspelling ("elutes")
        known = issue.category == "spelling" and issue.text.islower() and is_english_word(issue.text)
        if issue.category != "style" and issue.suggestions and not known and _near(issue.text, issue.suggestions[0]):
            mends.append((issue.start, issue.end, issue.suggestions[0]))
    unread = draft.spans_of("quoted", "signature")
    kept: list[tuple[int, int, str]] = []
    for start, end, after in mends:
        if after == draft.text[start:end] or any(start < high and low < end for low, high, _ in kept):
            continue
        if not any(start < high and low < end for low, high in unread):
            kept.append((start, end, after))
    why = why_of("errors")
    return tuple(
        Proposal(start, end, after, "grammar", why, "errors", small=True, needs=True, keeps_meaning=True)
        for start, end, after in sorted(kept)
    )


def _cased(before: str, after: str) -> str:
    if before[:1].isupper() and after[:1].islower() and not before[1:2].isupper():
        after = after[:1].upper() + after[1:]
    # a rule's replacement may have lost the space it stood before
    return after + " " if before.endswith(" ") and not after.endswith(" ") else after


def _near(before: str, after: str) -> bool:
    """Whether a suggestion is a mend of these words, not other words: most of its letters were there."""
    one, other = re.sub(r"\W", "", before.lower()), re.sub(r"\W", "", after.lower())
    if one == other:
        return True
    if len(before.split()) > 4 or not other:
        return False
    from rapidfuzz.distance import DamerauLevenshtein

    return DamerauLevenshtein.distance(one, other) <= max(2, len(one) // 3)
