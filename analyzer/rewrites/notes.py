"""Put in what the notes hold and the draft leaves out: one item taken up and developed, a second in passing."""

from __future__ import annotations

from analyzer.findings import shorten
from analyzer.rewrites.base import ASKS, Context, Proposal, Sentence, why_of
from analyzer.rewrites.padding import is_empty
from analyzer.rewrites.recalling import sentences_about

# a draft that recalls so many things has enough
_ENOUGH_MATCHES = 3
_FULL_WORDS = 170


def propose(context: Context) -> tuple[Proposal, ...]:
    """A sentence after the thanks (or the first sentence), and one in passing after it."""
    kind = context.evidence.draft.kind
    recalled = {match.item.start for match in context.evidence.matching.matches if match.item.source == "notes"}
    words = sum(sentence.words for sentence in context.sentences)
    if kind == "clarification" or len(recalled) >= _ENOUGH_MATCHES or not context.sentences or words > _FULL_WORDS:
        return ()
    anchor = anchor_of(context)
    found = []
    room = 1 if recalled or kind == "rejection_reply" else 2
    phrases = context.phrases[:room]
    for number, (phrase, said) in enumerate(zip(phrases, sentences_about(context, phrases), strict=True)):
        before = _separator(context, anchor) if number == 0 else " "
        found.append(
            Proposal(
                anchor.end,
                anchor.end,
                before + said,
                "specificity",
                why_of("notes").format(item=shorten(phrase.item.text)),
                "notes",
                item=phrase.item.text,
                order=number,
            )
        )
    return tuple(found)


def anchor_of(context: Context) -> Sentence:
    """The sentence after which a note belongs: the last of the opening that thanks, else the first."""
    opening = context.sentences[: max(1, len(context.sentences) // 2 + 1)]
    thanking = [sentence for sentence in opening if "thanks" in sentence.fired]
    telling = [sentence for sentence in opening if not is_empty(sentence)] or list(opening)
    anchor = thanking[0] if thanking else telling[0]
    if context.evidence.draft.kind == "follow_up":
        # what is asked comes first
        asking = [sentence for sentence in context.sentences if ASKS.search(sentence.text)]
        return asking[-1] if asking else anchor
    recalling = [sentence for sentence in context.sentences if sentence.recalls]
    return recalling[-1] if recalling and recalling[-1].end > anchor.end and not thanking else anchor


def _separator(context: Context, anchor: Sentence) -> str:
    """A new paragraph where the letter has paragraphs and the anchor ends one, else a space."""
    text = context.text
    rest = text[anchor.end :]
    line = rest.split("\n", 1)[0].strip()
    return "\n\n" if not line and "\n\n" in text.strip() and len(context.sentences) > 1 else " "
