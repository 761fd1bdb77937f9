"""Better words for a draft, made only of what the draft, the notes and the case hold; each tried on the draft before it is offered.

To add a kind of rewrite: a module with ``propose(context)`` and its line in ``REWRITERS``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from analyzer.rewrites import (
    errors,
    facts,
    frame,
    generic,
    language_model,
    long_sentences,
    notes,
    padding,
    recast,
    self_to_reader,
    tone,
)
from analyzer.rewrites.asking import questions_of
from analyzer.rewrites.base import Context, Desk, Proposal
from analyzer.rewrites.choosing import FINE_RATING, Candidate, apply_edits, choose
from analyzer.rewrites.reading import context_of
from analyzer.settings import LanguageModelSettings
from analyzer.types import Evidence, Report

__all__ = ["REWRITERS", "WHOLE", "apply_edits", "rewrite"]

Rewriter = Callable[[Context], tuple[Proposal, ...]]

# What changes a sentence, or puts one in; in the order of what is plainly wrong, then what gains most.
REWRITERS: tuple[tuple[str, Rewriter], ...] = (
    ("facts", facts.propose),
    ("errors", errors.propose),
    ("tone", tone.propose),
    ("notes", notes.propose),
    ("generic", generic.propose),
    ("self_to_reader", self_to_reader.propose),
    ("frame", frame.propose),
    ("padding", padding.propose),
    ("long_sentences", long_sentences.propose),
)
# What makes the letter anew; it sees what the others proposed.
WHOLE: tuple[tuple[str, Rewriter], ...] = (("recast", recast.propose),)


def rewrite(evidence: Evidence, report: Report, desk: Desk, asked_model: LanguageModelSettings | None = None) -> Report:
    """The report with its rewrites, the rewritten draft and the questions to the writer. ``asked_model`` writes too, where one is named."""
    context = context_of(evidence, report)
    proposals = [proposal for _, propose in REWRITERS for proposal in propose(context)]
    context = replace(context, revised=_revised(context, proposals))
    proposals += [proposal for _, propose in WHOLE for proposal in propose(context)]
    told: tuple[str, ...] = ()
    if asked_model and report.overall and report.overall.value < FINE_RATING:
        asked = language_model.propose(context, asked_model)
        proposals, told = [*proposals, *asked.proposals], asked.told
    edits, rewritten = choose(context, proposals, desk)
    return replace(
        report,
        rewrites=edits,
        rewritten=rewritten,
        questions=questions_of(context, edits),
        advisories=(*report.advisories, *told),
    )


def _revised(context: Context, proposals: list[Proposal]) -> tuple[str, ...]:
    """Each sentence with the small changes that were proposed in it."""
    texts = []
    for sentence in context.sentences:
        at = sentence.start
        inside: list[Candidate] = []
        for p in proposals:
            start, end = p.start - at, p.end - at
            fits = p.small and start >= 0 and end <= len(sentence.text)
            if fits and not any(start < c.end and c.start < end for c in inside):
                inside.append(Candidate(start, end, p.after, "", "", "", frozenset(), False, 0))
        texts.append(apply_edits(sentence.text, inside))
    return tuple(texts)
