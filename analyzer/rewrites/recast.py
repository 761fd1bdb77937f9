"""Recast a letter that works against its writer: what is worth keeping of it, the notes, and a plain frame of the right kind."""

from __future__ import annotations

import re
from functools import cache

from analyzer.rewrites.base import Context, Proposal, Sentence, says, tidy, why_of, words_of
from analyzer.rewrites.frame import filled, interest_of, next_step_of, thanks_of
from analyzer.rewrites.generic import is_generic
from analyzer.rewrites.padding import is_empty
from analyzer.rewrites.recalling import sentences_about
from analyzer.rewrites.tone import harm_of

# only letters that the model puts here or below are recast as a whole
_LOW_RATING = 2.9
_TONE_FAULTS = (
    "negative",
    "pushy",
    "entitled",
    "desperate",
    "gushing",
    "casual",
    "cold",
    "self_focused",
    "generic",
    "wordy",
    "too_long",
)
_HANGING = re.compile(
    r"^\W*(?:it|that|this|they|those|these|but|and|so|because|which|he|she|also|then|besides|anyway|well|however|yes|no)\b",
    re.IGNORECASE,
)
_BITTER, _BITTER_AFTER_A_NO, _BEGS = 0.7, 0.4, 0.3
_MOST_KEPT_WORDS, _LONGEST_KEPT, _LONGEST_THANKS = 110, 45, 22


def propose(context: Context) -> tuple[Proposal, ...]:
    """One proposal for the whole body, where the letter is low and something can be said."""
    draft = context.evidence.draft
    report = context.report
    if (
        report.overall is None
        or report.overall.value > _LOW_RATING
        or not context.sentences
        or not context.fault(*_TONE_FAULTS)
    ):
        return ()
    bodies = draft.spans_of("body")
    start, end = bodies[0][0], bodies[-1][1]
    paragraphs = _paragraphs(context)
    if paragraphs is None:
        return ()
    after = "\n\n".join(tidy(" ".join(piece)) for piece in paragraphs if piece)
    items = ";".join(phrase.item.text for phrase in context.phrases[:2])
    return (Proposal(start, end, after, "overall", why_of("recast"), "recast", item=items),)


def _paragraphs(context: Context) -> tuple[list[str], list[str], list[str]] | None:
    kind = context.evidence.draft.kind
    kept = kept_sentences(context)
    if kind == "clarification" and not kept:
        # what the writer wants to put right cannot be made up
        return None
    revised = dict(zip((s.start for s in context.sentences), context.revised, strict=False))

    def said(sentence: Sentence) -> str:
        return revised.get(sentence.start, sentence.text)

    half = context.sentences[(len(context.sentences) - 1) // 2].start
    thanking = [s for s in kept if "thanks" in s.fired and s.start <= half and s.words <= _LONGEST_THANKS]
    closing = [s for s in kept if "next_step" in s.fired and not s.recalls and s.start > half and s not in thanking]
    middle = [said(s) for s in kept if s not in thanking and s not in closing]
    opening = [said(s) for s in thanking[:1]] or [thanks_of(context, " ".join(middle))]
    if kind == "follow_up":
        opening = [*opening[:1], filled(context, "asks", words_of("asks")["follow_up"], " ".join(opening))]
    recalls = sum(sentence.recalls for sentence in kept)
    room = max(0, (1 if kind in ("rejection_reply", "clarification") else 2) - recalls)
    if kind != "clarification":
        fresh = [phrase for phrase in context.all_phrases if not says(" ".join(middle), phrase)]
        middle += sentences_about(context, fresh[:room])
    fired = {group for sentence in kept for group in sentence.fired}
    ending = [said(s) for s in closing]
    if "interest" not in fired or kind == "rejection_reply":
        ending.insert(0, interest_of(context))
    if not closing:
        ending.append(next_step_of(context))
    return opening, middle, ending


def kept_sentences(context: Context) -> list[Sentence]:
    """Sentences that may stay: they do no harm, say something, and do not hang on one that goes."""
    kept: list[Sentence] = []
    kind = context.evidence.draft.kind
    bitter = context.fault("negative") >= (_BITTER if kind != "rejection_reply" else _BITTER_AFTER_A_NO)
    gone = False
    words = 0
    for sentence in context.sentences:
        worth = _worth_keeping(context, sentence, bitter) and not (gone and _HANGING.search(sentence.text))
        if worth and (kind == "clarification" or words + sentence.words <= _MOST_KEPT_WORDS):
            kept.append(sentence)
            words += sentence.words
        gone = not worth
    return kept


def _worth_keeping(context: Context, sentence: Sentence, bitter: bool) -> bool:
    if harm_of(context, sentence) or is_empty(sentence) or _runs_down(context, sentence):
        return False
    if sentence.fired & {"placeholder", "gushing", "casual"} or re.search(r"[!?]{2}", sentence.text):
        return False
    if sentence.hinted & {"negative", "begging", "pressure", "entitled"}:
        return False
    if context.evidence.draft.kind == "clarification":
        # what is clarified stands in any of its sentences
        return not bitter or sentence.recalls
    if sentence.words > _LONGEST_KEPT or is_generic(sentence) or sentence.fired & {"self_benefit", "stiff"}:
        return False
    if bitter:
        return "serving" in sentence.fired and sentence.recalls and "?" not in sentence.text
    plain_thanks = "thanks" in sentence.fired and sentence.words <= _LONGEST_THANKS
    return sentence.recalls or plain_thanks or "serving" in sentence.fired


def _runs_down(context: Context, sentence: Sentence) -> bool:
    begs = context.fault("desperate") >= _BEGS
    return begs and any(pattern.search(sentence.text) for pattern in _running_down())


@cache
def _running_down() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in words_of("running_down")["patterns"])
