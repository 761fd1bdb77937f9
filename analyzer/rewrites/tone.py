"""Remove begging, threats, pressure, bitterness, terms; cool the gushing to one plain word."""

from __future__ import annotations

import re
from functools import cache

from analyzer.findings import shorten
from analyzer.rewrites.base import HARMFUL, Context, Proposal, Sentence, any_of, why_of, words_of
from analyzer.rewrites.removing import removal

# a harmful group, and the faults of the report that make a mere hint of it count
_FAULTS = {
    "begging": ("desperate",),
    "pressure": ("pushy",),
    "negative": ("negative", "cold"),
    "entitled": ("entitled",),
    "pay": ("entitled", "self_focused"),
    "threat": ("pushy",),
}
_BELIEVED, _SUPPORTED = 0.4, 0.2


def propose(context: Context) -> tuple[Proposal, ...]:
    """Harmful sentences out; exaggerations in the others toned down."""
    found: list[Proposal] = []
    for sentence in context.sentences:
        harm = harm_of(context, sentence) or _grovels(context, sentence)
        # what a clarification puts right stays, however it is said
        needed = context.evidence.draft.kind == "clarification" and (
            sentence.named or any(char.isdigit() for char in sentence.text)
        )
        if harm and len(context.sentences) > 1 and not needed:
            words = shorten(sentence.text)
            why = why_of("tone").format(text=words, harm=words_of("harm")[harm])
            found.append(removal(context, sentence, "enthusiasm", why, "tone"))
        else:
            found.extend(_cooled(sentence))
    found.extend(_exclamations(context))
    return tuple(found)


def harm_of(context: Context, sentence: Sentence) -> str:
    """The group that makes a sentence do harm, '' where it does none. A hint counts where the whole letter has the fault."""
    for group in HARMFUL:
        # a lone word that sounds like harm, in a letter that is not bitter, pushy …, is mostly innocent
        if group in sentence.fired and (group == "threat" or context.fault(*_FAULTS[group]) >= _SUPPORTED):
            return group
    for group in HARMFUL:
        if group in sentence.hinted and context.fault(*_FAULTS[group]) >= _BELIEVED:
            return group
    return ""


def _grovels(context: Context, sentence: Sentence) -> str:
    """The group begging for a sentence of a clarification in which a contrite writer runs himself or herself down, '' else."""
    contrite = context.evidence.draft.kind == "clarification" and context.fault("desperate") >= _BELIEVED
    tells = sentence.recalls or re.search(r"[\d\"“]", sentence.text) is not None
    return "begging" if contrite and not tells and any_of("running_down", "patterns", sentence.text) else ""


@cache
def _big_words() -> tuple[re.Pattern[str], dict[str, str]]:
    table = dict(words_of("plain_words"))
    joined = "|".join(re.escape(word) for word in sorted(table, key=len, reverse=True))
    return re.compile(rf"\b(?:{joined})\b", re.IGNORECASE), table


def _cooled(sentence: Sentence) -> list[Proposal]:
    if "gushing" not in sentence.fired:
        return []
    pattern, table = _big_words()
    found = []
    for hit in pattern.finditer(sentence.text):
        after = table[hit.group().lower()]
        if hit.group()[0].isupper():
            after = after[0].upper() + after[1:]
        start, end = sentence.start + hit.start(), sentence.start + hit.end()
        found.append(
            Proposal(start, end, after, "enthusiasm", why_of("cooled"), "tone", small=True, keeps_meaning=True)
        )
    return found


def _exclamations(context: Context) -> list[Proposal]:
    """Runs of marks become one; from the third sentence that shouts on, a full stop."""
    text, found, shouts = context.text, [], 0
    for start, end in context.evidence.draft.spans_of("subject", "greeting", "body", "close"):
        for hit in re.finditer(r"[!?]*![!?]*", text[start:end]):
            shouts += 1
            after = "?" if "?" in hit.group() else "!" if shouts <= 1 else "."
            if after != hit.group():
                low, high = start + hit.start(), start + hit.end()
                after = "," if after == "." and _in_greeting(context, low) else after
                found.append(
                    Proposal(low, high, after, "enthusiasm", why_of("cooled"), "tone", small=True, keeps_meaning=True)
                )
    return found


def _in_greeting(context: Context, at: int) -> bool:
    return any(start <= at < end for start, end in context.evidence.draft.spans_of("greeting"))
