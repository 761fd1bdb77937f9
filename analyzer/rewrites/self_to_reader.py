"""Turn self to reader: what the writer offers the team, from the draft's own facts; else the sentence goes."""

from __future__ import annotations

import re

from analyzer.rewrites.base import Context, Proposal, why_of, words_of
from analyzer.rewrites.removing import removal

_EXPERIENCE = re.compile(
    r"\b(?P<what>(?:my|the) (?:\w+ ){0,2}?(?:experience|years|background|training) (?:in|with|at|as|of|on) [^,.;:!?()\n]{3,60}?)"
    r"(?=\s+(?:and|but|which|that|will|would|could|to|make|has|have|give|is|are)\b|[,.;:!?()\n]|$)"
)


def propose(context: Context) -> tuple[Proposal, ...]:
    """Sentences about what the job would do for the writer, one by one."""
    found = []
    offered = False
    experience = _EXPERIENCE.search(context.text)
    for sentence in context.sentences:
        if "self_benefit" not in sentence.fired or sentence.recalls or "thanks" in sentence.fired:
            continue
        if experience and not offered and context.evidence.draft.kind in ("thank_you", "follow_up"):
            offered = True
            said = context.choose("serve", words_of("serve")["experience"])
            said = said.replace("{x}", experience.group("what")).replace(
                "{company}", context.evidence.draft.case.company or "your team"
            )
            found.append(
                Proposal(
                    sentence.start,
                    sentence.end,
                    context.voice.speak(said),
                    "focus",
                    why_of("self_to_reader"),
                    "self_to_reader",
                )
            )
        elif len(context.sentences) > 2:
            found.append(removal(context, sentence, "focus", why_of("self_to_reader_cut"), "self_to_reader"))
    return tuple(found)
