"""Recast a letter that works against its writer: what is worth keeping of it, the notes, and a plain frame of the right kind."""

from __future__ import annotations

import re
from collections.abc import Sequence

from analyzer.rewrites.base import ASKS, Context, Proposal, Sentence, any_of, capital, says, tidy, why_of, words_of
from analyzer.rewrites.frame import ENDED, filled, greeting_of, greets_apart, interest_of, next_step_of, thanks_of
from analyzer.rewrites.generic import is_generic
from analyzer.rewrites.padding import is_empty
from analyzer.rewrites.recalling import sentences_about
from analyzer.rewrites.tone import harm_of
from analyzer.traits.grammar import slips

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
    r"^\W*(?:it|that|this|they|those|these|but|and|so|because|which|he|she|also|then|besides|anyway|well|however|yes|no|even|first|firstly"
    r"|second|secondly|third|thirdly|finally|another|in that)\b|\bsuch an?\b|^\W*I (?:also|too)\b|\b(?:say|said|think|do|did) so\b",
    re.IGNORECASE,
)
_POINTS_BACK, _SHORT_WORDS = re.compile(r"\b(?:it|this|that|them|to)[.!]*$", re.IGNORECASE), 12
_JOINT = re.compile(
    r"(?:anyway|so|and|but|well|then|also|however|besides|second|secondly|first|firstly|finally),? (?=[a-zI])",
    re.IGNORECASE,
)
_YOU = re.compile(r"\b(?:you|your|yours|we|our|team)\b", re.IGNORECASE)
_TAKES_INTEREST = re.compile(
    r"\b(?:enjoy\w*|lik(?:e|ed)|interest\w*|learn\w* about|hear\w* about|thought about|thinking about|impress\w*)\b",
    re.IGNORECASE,
)
_OVERDONE = re.compile(r"!|\bmost\b|[\U0001F300-\U0001FAFF]")
_OPEN_DOOR = re.compile(
    r"\b(?:other|another|future|next) (?:post|role|position|opening|opportunit|vacanc|time)", re.IGNORECASE
)
_NAME_LINE = re.compile(r"[-–—]?\s*[^\W\d_][\w'’-]*\.?(?:[ \t]+[^\W\d_][\w'’-]*\.?){0,3}")
_PUSHY, _SELFISH = 0.5, 0.5
_FEWEST_KEPT_WORDS = 12
_BITTER, _BITTER_AFTER_A_NO, _BEGS, _GUSHES = 0.7, 0.4, 0.3, 0.3
_MOST_KEPT_WORDS, _LONGEST_NAMED, _LONGEST_KEPT, _LONGEST_THANKS = 120, 65, 45, 22


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
    bodies = _without_name(context)
    start = bodies[0][0]
    end = start + len(context.text[start : bodies[-1][1]].rstrip())
    paragraphs = _paragraphs(context)
    if paragraphs is None:
        return ()
    message = "\n" not in context.text.strip()
    after = (" " if message else "\n\n").join(tidy(" ".join(piece)) for piece in paragraphs if piece)
    greetings = draft.spans_of("greeting")
    if greetings and not greets_apart(context) and not message:
        start, after = greetings[-1][1], f"\n\n{after}"
    elif greetings and context.voice.reader and _OVERDONE.search(context.text[slice(*greetings[0])]):
        start, after = greetings[0][0], f"{greeting_of(context)}\n\n{after}"
    elif not greetings and context.voice.reader and not any(s.rule == "no_greeting" for s in context.evidence.signals):
        after = f"{greeting_of(context)}\n\n{after}"
    rest = re.match(r"[ \t]*\n?(?=\S)", context.text[end:])
    if rest and not message:
        # what follows, a name or a closing formula, gets its own paragraph
        # where a closing line comes in, it brings a line of its own
        closes = not draft.has("close") and draft.has("signature") and context.voice.writer
        end, after = end + rest.end(), f"{after}\n" if closes else f"{after}\n\n"
    items = ";".join(phrase.item.text for phrase in context.phrases[:2])
    return (Proposal(start, end, after, "overall", why_of("recast"), "recast", item=items),)


def _without_name(context: Context) -> Sequence[tuple[int, int]]:
    """The spans of the body without a last line that is but a name, which a full stop hid from the layout."""
    bodies = context.evidence.draft.spans_of("body")
    last = context.text[slice(*bodies[-1])]
    is_name = len(bodies) > 1 and last[:1].isupper() and _NAME_LINE.fullmatch(last) and not last.endswith(("!", "?"))
    return bodies[:-1] if is_name else bodies


def _paragraphs(context: Context) -> tuple[list[str], list[str], list[str]] | None:
    kind = context.evidence.draft.kind
    kept = kept_sentences(context)
    lost = [s for s in context.sentences if s not in kept and s.recalls and not _complains(context, s)]
    few = sum(s.words for s in kept) < _FEWEST_KEPT_WORDS
    gone = [s for s in context.sentences if s not in kept]
    figures = any(char.isdigit() for s in gone for char in s.text)
    blames = context.fault("negative") >= _BITTER
    if kind == "clarification" and (few or figures or blames or (lost and not context.fault("desperate", "negative"))):
        # what the writer wants to put right cannot be made up
        return None
    revised = dict(zip((s.start for s in context.sentences), context.revised, strict=False))

    def said(sentence: Sentence) -> str:
        text = revised.get(sentence.start, sentence.text)
        joint = _JOINT.match(text)
        text = (capital(text[joint.end() :]) if joint else capital(text)).rstrip(" ,")
        return text if ENDED.search(text) else f"{text}."

    half = context.sentences[(len(context.sentences) - 1) // 2].start
    thanking = [s for s in kept if "thanks" in s.fired and s.start <= half and s.words <= _LONGEST_THANKS]
    closing = [s for s in kept if "next_step" in s.fired and not s.recalls and s.start > half and s not in thanking]
    again = [
        s for s in kept if "thanks" in s.fired and not s.recalls and s not in thanking and s.words <= _LONGEST_THANKS
    ]
    middle = [said(s) for s in kept if s not in thanking and s not in closing and s not in again]
    opening = [said(s) for s in thanking[:1]] or [thanks_of(context, " ".join(middle))]
    asking = [s for s in kept if ASKS.search(s.text) and s not in thanking and s not in closing]
    if kind == "follow_up" and asking and context.fault("pushy") < _PUSHY:
        opening = [*([said(s) for s in thanking[:1]]), said(asking[0])]
        middle = [text for text in middle if text != said(asking[0])]
    elif kind == "follow_up":
        middle = [text for text in middle if not any(text == said(s) for s in asking)]
        opening = [*opening[:1], filled(context, "asks", words_of("asks")["follow_up"], " ".join(opening))]
    recalls = sum(sentence.recalls for sentence in kept)
    room = max(0, (1 if kind in ("rejection_reply", "clarification") else 2) - recalls)
    if kind != "clarification":
        fresh = [phrase for phrase in context.all_phrases if not says(" ".join(middle), phrase)]
        middle += sentences_about(context, fresh[:room])
    fired = {group for sentence in kept for group in sentence.fired}
    ending = [said(s) for s in closing]
    if "interest" not in fired or (kind == "rejection_reply" and not _OPEN_DOOR.search(" ".join(middle))):
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
        worth = _worth_keeping(context, sentence, bitter) and not (gone and _hangs(context, sentence))
        if worth and (kind == "clarification" or words + sentence.words <= _MOST_KEPT_WORDS):
            kept.append(sentence)
            words += sentence.words
        gone = not worth
    return kept


def _hangs(context: Context, sentence: Sentence) -> bool:
    """Whether a sentence leans on the one before it; in a clarification what recalls the talk stands by itself."""
    stands = context.evidence.draft.kind == "clarification" and (sentence.recalls or _JOINT.match(sentence.text))
    points_back = sentence.words <= _SHORT_WORDS and _POINTS_BACK.search(sentence.text)
    return not stands and bool(points_back or _HANGING.search(sentence.text))


def _worth_keeping(context: Context, sentence: Sentence, bitter: bool) -> bool:
    if (
        harm_of(context, sentence)
        or is_empty(sentence)
        or _runs_down(context, sentence)
        or _complains(context, sentence)
    ):
        return False
    if sentence.fired & {"placeholder", "gushing"} or re.search(r"[!?]{2}", sentence.text):
        return False
    if _oversteps(context, sentence) or any(any_of("text_speak", key, sentence.text) for key in ("patterns", "emoji")):
        return False
    if sentence.hinted & {"negative", "begging", "pressure", "entitled"}:
        return False
    if context.evidence.draft.kind == "clarification":
        # what is clarified stands in any of its sentences
        return not bitter or sentence.recalls
    offers = sentence.recalls or "serving" in sentence.fired
    if (
        sentence.words > (_LONGEST_NAMED if sentence.named else _LONGEST_KEPT)
        or is_generic(sentence)
        or sentence.fired & {"self_benefit", "stiff"}
    ):
        return False
    if bitter:
        return "serving" in sentence.fired and sentence.recalls and "?" not in sentence.text
    is_about_them = _YOU.search(sentence.text) or _TAKES_INTEREST.search(sentence.text)
    if context.evidence.draft.kind != "rejection_reply" and not is_about_them and "next_step" not in sentence.fired:
        return False
    plain_thanks = "thanks" in sentence.fired and sentence.words <= _LONGEST_THANKS and not _has_slip(context, sentence)
    return offers or plain_thanks or (context.evidence.draft.kind == "follow_up" and bool(ASKS.search(sentence.text)))


def _oversteps(context: Context, sentence: Sentence) -> bool:
    """Whether a sentence gushes or orders in a letter that does, or claims what anybody could."""
    stock = not sentence.named and any_of("stock_claims", "patterns", sentence.text)
    rambling_thanks = (
        "thanks" in sentence.fired and sentence.words > _LONGEST_THANKS and context.fault("wordy", "too_long") > 0
    )
    gushing = context.fault("gushing", "desperate") >= _GUSHES and any_of("exaggerations", "patterns", sentence.text)
    pushing = context.fault("pushy", "entitled") >= _PUSHY and any_of("complaints", "orders", sentence.text)
    if context.evidence.draft.kind == "clarification":
        return gushing or pushing
    return stock or rambling_thanks or gushing or pushing


def _has_slip(context: Context, sentence: Sentence) -> bool:
    return any(start < sentence.end and sentence.start < end for start, end in slips(context.evidence))


def _complains(context: Context, sentence: Sentence) -> bool:
    """Whether a sentence of a bitter letter complains, or one of an entitled letter names terms."""
    sore = context.fault("negative") >= _BITTER_AFTER_A_NO or context.evidence.draft.kind == "rejection_reply"
    complaint = sore and any_of("complaints", "patterns", sentence.text)
    return complaint or (
        context.fault("entitled", "self_focused") >= _SELFISH and any_of("complaints", "terms", sentence.text)
    )


def _runs_down(context: Context, sentence: Sentence) -> bool:
    return context.fault("desperate") >= _BEGS and any_of("running_down", "patterns", sentence.text)
