"""From evidence to what rewriters see: each sentence of the body with what fires in it, the voice, the phrases of the notes."""

from __future__ import annotations

from analyzer.matching.names import name_words
from analyzer.rewrites.base import Context, Sentence
from analyzer.rewrites.jottings import Phrase, phrases_of
from analyzer.rewrites.voice import voice_of
from analyzer.rules import load_rules
from analyzer.types import Draft, Evidence, Report

# what reads best first: a wish of theirs, praise of the writer's, a question; then facts and things by their worth
_BEST_FORMS = ("seeks", "liked", "asked", "told")


def context_of(evidence: Evidence, report: Report) -> Context:
    """The context of one draft."""
    draft = evidence.draft
    return Context(evidence, report, _sentences(evidence), voice_of(draft), _phrases(evidence))


def _phrases(evidence: Evidence) -> tuple[Phrase, ...]:
    """Phrases of the missed items, best first; then of other notes that are not used and not private."""
    draft, matching = evidence.draft, evidence.matching
    names = frozenset(word.lower() for word in name_words(draft.case.interviewer))
    used = [match.item for match in matching.matches]
    others = [
        item
        for item in draft.note_items
        if item.source == "notes" and item not in matching.missed and item not in used and len(item.terms) > 1
    ]
    made = phrases_of((*matching.missed, *others), names)
    several = ";" in draft.case.interviewer
    kept = [
        phrase
        for phrase in made
        if not _said_already(phrase, draft) and not (several and phrase.form in ("seeks", "liked", "asked"))
    ]
    ranked = sorted(kept, key=lambda phrase: _BEST_FORMS.index(phrase.form) if phrase.form in _BEST_FORMS else 9)
    problems_first = sorted(ranked, key=lambda phrase: _rank(phrase))
    return tuple(problems_first)


def _rank(phrase: Phrase) -> int:
    if phrase.form in ("seeks", "liked"):
        return 0
    if phrase.kind in ("problem", "plan"):
        return 1
    if phrase.form in ("asked", "told"):
        return 2
    return 3 if phrase.form == "fact" or len(phrase.text.split()) > 3 else 4


def _said_already(phrase: Phrase, draft: Draft) -> bool:
    words = {word for word in phrase.item.terms if len(word) > 3}
    text = draft.text.lower()
    return bool(words) and sum(word in text for word in words) * 2 > len(words)


def _sentences(evidence: Evidence) -> tuple[Sentence, ...]:
    draft, rules = evidence.draft, load_rules()
    starts = {start for start, _ in draft.spans_of("body")}
    found = []
    for start, end in evidence.sentences:
        inside = [
            signal
            for signal in evidence.signals
            if signal.start < end and start < signal.end and signal.start < signal.end
        ]
        groups = {rules[s.rule].group for s in inside if not s.rule.endswith("?")}
        hints = {rules[s.rule.removesuffix("?")].group for s in inside if s.rule.endswith("?")}
        recalls = any(
            match.item.source == "notes" and match.start < end and start < match.end
            for match in evidence.matching.matches
        )
        found.append(
            Sentence(start, end, draft.text[start:end], frozenset(groups), frozenset(hints), recalls, start in starts)
        )
    return tuple(found)
