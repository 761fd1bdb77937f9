"""Mend errors of language: what the proofreaders and our own rules suggest, where there is one clear mend."""

from __future__ import annotations

import re

from analyzer.rewrites.base import Context, Proposal, any_of, why_of
from analyzer.rewrites.inflection import form_of, is_english_word, is_verb
from analyzer.rules import load_rules
from analyzer.types import Issue

# more unknown words than this share: another language
_MOST_UNKNOWN = 0.15
_SHORT_LETTERS = 4
_GERUNDS = (
    (re.compile(r"\benjoy(?:ed)? (?P<cut>to (?P<verb>[a-z]+))\b"), ""),
    (re.compile(r"\blook(?:ing)? forward (?P<cut>to (?P<verb>[a-z]+))\b"), "to "),
    (re.compile(r"\bfor (?P<cut>(?P<verb>interview|invite|meet|call|consider|tell|show|give|accept)) (?:me|us)\b"), ""),
)


def propose(context: Context) -> tuple[Proposal, ...]:
    """One small change an error, ours first, overlapping ones once."""
    draft = context.evidence.draft
    rules = load_rules()
    mends: list[tuple[int, int, str]] = []
    foreign = _is_mixed(context)
    for signal in context.evidence.signals:
        rule = rules.get(signal.rule)
        if rule and rule.trait == "grammar" and signal.suggestions and signal.start < signal.end:
            mends.append(
                (signal.start, signal.end, _cased(draft.text[signal.start : signal.end], signal.suggestions[0]))
            )
    for issue in context.evidence.issues:
        if issue.suggestions and _is_to_mend(context, issue, foreign):
            mends.append((issue.start, issue.end, issue.suggestions[0]))
    mends += _gerunds(draft.text)
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


def _is_to_mend(context: Context, issue: Issue, foreign: bool) -> bool:
    """Whether the first suggestion surely mends an error of language."""
    after = issue.suggestions[0]
    if issue.category == "spelling":
        # a rare word that the lexicon has is no misspelling ("elutes"); where much is foreign, only an apostrophe is sure
        unsure = foreign and "'" not in after
        if unsure or _is_word(issue.text) or _is_told(context, issue.text):
            return False
    return issue.category != "style" and _is_mend(issue.text, after)


def _is_word(text: str) -> bool:
    return text.islower() and is_english_word(text)


def _is_mixed(context: Context) -> bool:
    """Whether the draft is partly in another language, or spelt as text messages are: no English word is put for those."""
    unknown = sum(issue.category == "spelling" for issue in context.evidence.issues)
    if any_of("text_speak", "patterns", context.text):
        return True
    return unknown > _MOST_UNKNOWN * sum(sentence.words for sentence in context.sentences)


def _is_told(context: Context, word: str) -> bool:
    """Whether the notes or the case have the word too: then it is a name or a term."""
    case = context.evidence.draft.case
    told = f"{case.notes} {case.company} {case.role} {case.interviewer}"
    return re.search(rf"\b{re.escape(word)}\b", told, re.IGNORECASE) is not None


def _is_mend(before: str, after: str) -> bool:
    """Whether a suggestion is near, and neither makes an owner of a plural ("these day's") nor the reverse."""
    if len(before) < _SHORT_LETTERS and "'" not in after and sorted(before.lower()) != sorted(after.lower()):
        # of short words only swapped letters are sure: "thx" is not "the"
        return False
    if re.search(r"['’]s$", before) and after == re.sub(r"['’]", "", before):
        return False
    return _near(before, after) and not (before.endswith("s") and after == f"{before[:-1]}'s")


def _gerunds(text: str) -> list[tuple[int, int, str]]:
    """Where a verb must end in "ing": "enjoyed to learn", "for interview me"."""
    found = []
    for pattern, lead in _GERUNDS:
        for hit in pattern.finditer(text):
            if is_verb(hit.group("verb")):
                found.append((*hit.span("cut"), lead + form_of(hit.group("verb"), "VBG")))
    return found


def _near(before: str, after: str) -> bool:
    """Whether a suggestion is a mend of these words, not other words: most of its letters were there."""
    one, other = re.sub(r"\W", "", before.lower()), re.sub(r"\W", "", after.lower())
    if one == other:
        return True
    if len(before.split()) > 4 or not other:
        return False
    from rapidfuzz.distance import DamerauLevenshtein

    return DamerauLevenshtein.distance(one, other) <= max(2, len(one) // 3)
