"""Replace the phrase that fits any firm by the specific one from the notes, or cut it."""

from __future__ import annotations

from analyzer.findings import shorten
from analyzer.rewrites.base import Context, Proposal, Sentence, why_of
from analyzer.rewrites.recalling import sentence_about
from analyzer.rewrites.removing import removal

_EMPTY = frozenset(
    {
        "generic",
        "template",
        "warmth",
        "interest",
        "filler",
        "padding",
        "stiff",
        "self_statement",
        "reader",
        "next_step",
        "thanks",
        "patience",
        "serving",
        "gushing",
        "their_need",
    }
)


def propose(context: Context) -> tuple[Proposal, ...]:
    """For each generic sentence: one about a note in its place, and as an alternative its removal."""
    found: list[Proposal] = []
    phrases = list(context.phrases)
    said = ""
    for sentence in context.sentences:
        if not is_generic(sentence):
            continue
        if phrases and context.evidence.draft.kind != "clarification":
            number = len(context.phrases) - len(phrases)
            phrase = phrases.pop(0)
            about = sentence_about(context, phrase, second=number > 0, unlike=said)
            said += about
            found.append(
                Proposal(
                    sentence.start,
                    sentence.end,
                    about,
                    "specificity",
                    why_of("generic").format(item=shorten(phrase.item.text)),
                    "generic",
                    item=phrase.item.text,
                )
            )
        if len(context.sentences) > 1:
            # where the notes are taken up elsewhere it only goes
            found.append(removal(context, sentence, "concision", why_of("generic_cut"), "generic"))
    return tuple(found)


def is_generic(sentence: Sentence) -> bool:
    """Whether a sentence is stock praise alone: a generic phrase, nothing from the notes, no thanks, no figure, no offer."""
    return (
        "generic" in sentence.fired
        and not sentence.recalls
        and sentence.fired <= _EMPTY
        and "thanks" not in sentence.fired
        and "next_step" not in sentence.fired
        and not any(char.isdigit() for char in sentence.text)
    )
