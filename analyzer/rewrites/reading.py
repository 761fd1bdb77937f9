"""From evidence to what rewriters see: each sentence of the body with what fires in it, the voice, the phrases of the notes."""

from __future__ import annotations

import re

from analyzer.matching.names import name_words
from analyzer.rewrites.base import Context, Sentence, says
from analyzer.rewrites.jottings import Phrase, phrases_of
from analyzer.rewrites.voice import voice_of
from analyzer.rules import load_rules
from analyzer.types import Evidence, NoteItem, Report

_JOINED = re.compile(r"(?:[+&]|\b(?:and|to|or|w/))\s*$", re.IGNORECASE)
# "Ansah, regional sales": what somebody does
_AFTER_NAME = re.compile(r"(?:^|[.;\n])\s*(?:[A-Z][\w'’]*\.?\s*){1,3},\s*$")
_ENDED = re.compile(r"[.!?…][\"'”’)\]]*$")


def context_of(evidence: Evidence, report: Report) -> Context:
    """The context of one draft."""
    draft = evidence.draft
    phrases = _phrases(evidence)
    unsaid = tuple(phrase for phrase in phrases if not says(draft.text, phrase))
    return Context(evidence, report, _sentences(evidence), voice_of(draft), unsaid, phrases)


def _phrases(evidence: Evidence) -> tuple[Phrase, ...]:
    """Phrases of the missed items, best first; then of other notes that are not private."""
    draft, matching = evidence.draft, evidence.matching
    names = frozenset(word.lower() for word in name_words(draft.case.interviewer))
    others = [
        item
        for item in draft.note_items
        if item.source == "notes" and item not in matching.missed and len(item.terms) > 1
    ]
    whole = [item for item in (*matching.missed, *others) if not _continues(draft.case.notes, item)]
    made = phrases_of(whole, names)
    several = ";" in draft.case.interviewer
    kept = [phrase for phrase in made if not (several and phrase.form in ("seeks", "liked", "asked"))]
    return tuple(sorted(kept, key=_rank))


def _continues(notes: str, item: NoteItem) -> bool:
    """Whether a jotting is the second half of one ("clean the data + train field assistants"): alone it may be read otherwise; or what somebody does."""
    before = notes[: item.start]
    return item.source == "notes" and (_JOINED.search(before) is not None or _AFTER_NAME.search(before) is not None)


def _rank(phrase: Phrase) -> int:
    if phrase.form in ("seeks", "liked"):
        return 0
    if phrase.kind in ("problem", "plan"):
        return 1
    if phrase.form in ("asked", "told"):
        return 2
    return 3 if phrase.form == "fact" or len(phrase.text.split()) > 3 else 4


def _sentences(evidence: Evidence) -> tuple[Sentence, ...]:
    draft, rules = evidence.draft, load_rules()
    starts = {start for start, _ in draft.spans_of("body")}
    found = []
    for start, end in _whole_sentences(evidence, starts):
        inside = [
            signal
            for signal in evidence.signals
            if signal.start < end and start < signal.end and signal.start < signal.end
        ]
        groups = {rules[s.rule].group for s in inside if not s.rule.endswith("?")}
        hints = {rules[s.rule.removesuffix("?")].group for s in inside if s.rule.endswith("?")}
        touching = [
            match.how
            for match in evidence.matching.matches
            if match.item.source == "notes" and not match.item.private and match.start < end and start < match.end
        ]
        named = any(how != "semantic" for how in touching)
        # stock praise is near any note in meaning
        recalls = named or (bool(touching) and "generic" not in groups)
        found.append(
            Sentence(
                start, end, draft.text[start:end], frozenset(groups), frozenset(hints), recalls, named, start in starts
            )
        )
    return tuple(found)


def _whole_sentences(evidence: Evidence, starts: set[int]) -> list[tuple[int, int]]:
    """The sentences as a reader sees them: what the parser cut before a full stop is put together again."""
    text = evidence.draft.text
    found: list[tuple[int, int]] = []
    for start, end in evidence.sentences:
        whole = not found or start in starts or _ENDED.search(text[found[-1][0] : found[-1][1]]) is not None
        if whole:
            found.append((start, end))
        else:
            found[-1] = (found[-1][0], end)
    return found
