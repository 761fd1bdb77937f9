"""From proposals to the edits that are offered: joined, guarded, tried on the draft, and the best set of those that go together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from analyzer.rewrites.base import Context, Desk, Proposal, Trial, why_of
from analyzer.rewrites.guards import changed_meaning, invention, names_of, new_errors, too_long
from analyzer.types import Edit, Issue, Rewritten

# a draft is tried so often at most: each costs about 30 ms
_MOST_TRIALS = 16
_MOST_LEFT_OUT = 6
_MOST_CLEANINGS = 2
# a gain below this many points is noise
_LEAST_GAIN = 0.2
# a letter recast must be so many points better than one mended, for it keeps less of the writer
_RECAST_MARGIN = 9.0
FINE_RATING = 4.5
# with one of these faults for certain, little of the letter is worth keeping
_GRAVE_TONE = ("negative", "pushy", "entitled", "desperate", "gushing")
_SURE = 0.6


@dataclass(frozen=True, slots=True)
class Candidate:
    """A proposal that passed the guards, ready to be applied."""

    start: int
    end: int
    after: str
    trait: str
    why: str
    rewriter: str
    items: frozenset[str]
    needs: bool
    order: int
    gain: float = 0.0


def apply_edits(text: str, edits: Iterable[Candidate | Edit]) -> str:
    """The text with the edits made, in whatever order they are given. They must not overlap; those put in at one place keep their order."""
    out, at = [], 0
    for edit in in_order(edits):
        out += [text[at : edit.start], edit.after]
        at = edit.end
    return "".join(out) + text[at:]


def in_order(edits: Iterable[Candidate | Edit]) -> list[Candidate | Edit]:
    """Text order; what is put in at a place comes before what replaces the words that begin there."""
    return sorted(edits, key=lambda edit: (edit.start, edit.end, getattr(edit, "order", 0)))


def conflict(one: Candidate, other: Candidate) -> bool:
    """Whether two candidates cannot both be made."""
    if one.items & other.items:
        return True
    first, second = sorted((one, other), key=lambda edit: (edit.start, edit.end))
    if first.start == first.end or second.start == second.end:
        put_in, replaced = (first, second) if first.start == first.end else (second, first)
        if replaced.start == replaced.end:
            return False
        inside = replaced.start < put_in.start < replaced.end
        return inside or (put_in.start == replaced.end and not replaced.after)
    return second.start < first.end


def joined(context: Context, proposals: Sequence[Proposal]) -> list[Candidate]:
    """Small proposals made one a sentence; the others as they are."""
    found = [_candidate(proposal) for proposal in proposals if not proposal.small]
    small = sorted((p for p in proposals if p.small), key=lambda p: (p.start, p.end))
    homes = [(sentence.start, sentence.end) for sentence in context.sentences]
    by_home: dict[tuple[int, int], list[Proposal]] = {}
    for proposal in small:
        home = next((home for home in homes if home[0] <= proposal.start < home[1]), (proposal.start, proposal.end))
        group = by_home.setdefault(home, [])
        if not any(proposal.start < other.end and other.start < proposal.end for other in group):
            group.append(proposal)
    for group in by_home.values():
        kept = [p for p in group if not _fails(context, p)]
        # what is plainly wrong is mended whatever becomes of the style
        for part in ([p for p in kept if p.needs], [p for p in kept if not p.needs]):
            found.extend([_together(context, part)] if part else [])
    return found


def _candidate(proposal: Proposal) -> Candidate:
    items = (
        frozenset(proposal.item.split(";")) - {""}
        if proposal.rewriter == "recast"
        else frozenset({proposal.item}) - {""}
    )
    return Candidate(
        proposal.start,
        proposal.end,
        proposal.after,
        proposal.trait,
        proposal.why,
        proposal.rewriter,
        items,
        proposal.needs,
        proposal.order,
    )


def _together(context: Context, group: Sequence[Proposal]) -> Candidate:
    start, end = group[0].start, max(p.end for p in group)
    inner = [Candidate(p.start - start, p.end - start, p.after, "", "", "", frozenset(), False, 0) for p in group]
    after = apply_edits(context.text[start:end], inner)
    first = next((p for p in group if p.rewriter != "errors"), group[0])
    slips = sum(p.rewriter == "errors" for p in group)
    whys = list(dict.fromkeys(p.why for p in group if p.rewriter != "errors"))
    if slips:
        whys.append(why_of("errors").format(count="one slip" if slips == 1 else f"{slips} slips"))
    return Candidate(
        start, end, after, first.trait, " ".join(whys), first.rewriter, frozenset(), any(p.needs for p in group), 0
    )


def _fails(context: Context, proposal: Proposal) -> bool:
    case = context.evidence.draft.case
    before = context.text[proposal.start : proposal.end]
    if invention(case, before, proposal.after):
        return True
    return proposal.keeps_meaning and proposal.rewriter != "errors" and bool(changed_meaning(before, proposal.after))


def guarded(context: Context, candidates: Iterable[Candidate]) -> list[Candidate]:
    """Those that change something and invent nothing."""
    case = context.evidence.draft.case
    return [
        c
        for c in candidates
        if context.text[c.start : c.end] != c.after and not invention(case, context.text[c.start : c.end], c.after)
    ]


def choose(context: Context, proposals: Sequence[Proposal], desk: Desk) -> tuple[tuple[Edit, ...], Rewritten | None]:
    """The edits offered and the draft with all of them, re-scored. Nothing is offered that does not gain."""
    assert context.report.overall is not None
    candidates = guarded(context, joined(context, proposals))
    whole = [c for c in candidates if c.rewriter in ("recast", "language_model")]
    parts = [c for c in candidates if c not in whole]
    if context.report.overall.value >= FINE_RATING:
        whole, parts = [], [c for c in parts if c.needs]
    best = _best_parts(context, parts, desk) if parts else _Set((), Trial(context.text, context.report.overall, ()))
    for candidate in whole:
        best = _whole(context, candidate, best, parts, desk)
    return _offered(context, _without_errors(context, best, desk))


@dataclass(frozen=True, slots=True)
class _Set:
    chosen: tuple[Candidate, ...]
    trial: Trial


def _without_errors(context: Context, best: _Set, desk: Desk) -> _Set:
    """The set without the edits in which any of the proofreaders finds a new error; nothing at all where that does not help."""
    for _ in range(_MOST_CLEANINGS):
        found = {issue.text for issue in _found_by_all(context, best, desk)}
        if not found:
            return best
        kept = tuple(c for c in best.chosen if not any(text in c.after for text in found))
        if len(kept) == len(best.chosen):
            break
        best = _Set(kept, desk.judge([apply_edits(context.text, kept)])[0])
    return best if not _found_by_all(context, best, desk) else _Set((), best.trial)


def _found_by_all(context: Context, best: _Set, desk: Desk) -> tuple[Issue, ...]:
    if not best.chosen:
        return ()
    return new_errors(context.evidence.issues, desk.proofread(best.trial.draft), names_of(context.evidence.draft.case))


def _compatible(chosen: Sequence[Candidate], candidate: Candidate) -> bool:
    return not any(conflict(candidate, other) for other in chosen)


def _needed(candidates: Sequence[Candidate]) -> list[Candidate]:
    kept: list[Candidate] = []
    for candidate in candidates:
        if candidate.needs and _compatible(kept, candidate):
            kept.append(candidate)
    return kept


def _best_parts(context: Context, parts: Sequence[Candidate], desk: Desk) -> _Set:
    """Greedy: what is plainly wrong first, then each by what it gains on top of that, then without what costs."""
    needed = _needed(parts)
    optional = [c for c in parts if c not in needed][: _MOST_TRIALS - min(len(needed), _MOST_LEFT_OUT) - 1]
    sets = [needed]
    sets += [[*(n for n in needed if not conflict(n, c)), c] for c in optional]
    left_out = needed[:_MOST_LEFT_OUT] if len(needed) > 1 else []
    sets += [[n for n in needed if n != gone] for gone in left_out]
    trials = desk.judge([apply_edits(context.text, chosen) for chosen in sets])
    base = trials[0]
    gains = {id(c): _gain(base, trial) for c, trial in zip(optional, trials[1:], strict=False)}
    errors = {id(c): _new(context, trial) for c, trial in zip(optional, trials[1:], strict=False)}
    need_gain = {id(n): -_gain(base, trial) for n, trial in zip(left_out, trials[1 + len(optional) :], strict=True)}
    alone = base.overall.score - _score(context)
    chosen = [replace(n, gain=need_gain.get(id(n), alone)) for n in needed]
    ranked = sorted(
        (c for c in optional if gains[id(c)] >= _LEAST_GAIN and not errors[id(c)]), key=lambda c: -gains[id(c)]
    )
    for candidate in ranked:
        others = [n for n in chosen if not (n.needs and n.rewriter == "errors" and conflict(n, candidate))]
        if _compatible(others, candidate):
            chosen = [*others, replace(candidate, gain=gains[id(candidate)])]
    return _without_losers(context, chosen, desk)


def _without_losers(context: Context, chosen: list[Candidate], desk: Desk) -> _Set:
    """The set without the edits that gain nothing in it: those with the least gain so far are asked about, a few at most."""
    asked = sorted((c for c in chosen if c.rewriter != "facts"), key=lambda c: c.gain)[:_MOST_LEFT_OUT]
    sets = [chosen, *([c for c in chosen if c is not gone] for gone in asked)]
    trials = desk.judge([apply_edits(context.text, some) for some in sets])
    losses = {id(gone): -_gain(trials[0], trial) for gone, trial in zip(asked, trials[1:], strict=True)}
    kept = [
        replace(c, gain=max(c.gain, losses.get(id(c), 0.0))) for c in chosen if losses.get(id(c), 0.0) > -_LEAST_GAIN
    ]
    kept = [c for c in kept if c.gain >= _LEAST_GAIN or c.rewriter == "facts"]
    if len(kept) == len(chosen):
        return _Set(tuple(kept), trials[0])
    return _Set(tuple(kept), desk.judge([apply_edits(context.text, kept)])[0])


def _whole(context: Context, candidate: Candidate, best: _Set, parts: Sequence[Candidate], desk: Desk) -> _Set:
    """The recast letter with what frames it, where it is clearly better than the mended one."""
    frame = [
        c
        for c in parts
        if c.rewriter in ("frame", "facts", "tone") and not conflict(c, candidate) and not _inside(c, candidate)
    ]
    outside = [c for c in frame if c.end <= candidate.start or c.start >= candidate.end]
    trial = desk.judge([apply_edits(context.text, [candidate, *outside])])[0]
    margin = -_RECAST_MARGIN if context.fault(*_GRAVE_TONE) >= _SURE else _RECAST_MARGIN
    if trial.overall.score < best.trial.overall.score + margin or _new(context, trial):
        return best
    gain = trial.overall.score - _score(context)
    return _Set((replace(candidate, gain=gain), *(replace(c, gain=max(c.gain, _LEAST_GAIN)) for c in outside)), trial)


def _inside(candidate: Candidate, whole: Candidate) -> bool:
    return whole.start <= candidate.start and candidate.end <= whole.end and candidate.order not in (-2, -3, 9)


def _gain(base: Trial, trial: Trial) -> float:
    return trial.overall.score - base.overall.score


def _score(context: Context) -> float:
    assert context.report.overall is not None
    return context.report.overall.score


def _new(context: Context, trial: Trial) -> bool:
    names = names_of(context.evidence.draft.case)
    return bool(new_errors(context.evidence.reference_issues, trial.issues, names)) or too_long(
        context.text, trial.draft
    )


def _offered(context: Context, best: _Set) -> tuple[tuple[Edit, ...], Rewritten | None]:
    if not best.chosen or best.trial.overall.score - _score(context) < _LEAST_GAIN:
        return (), None
    edits = tuple(
        Edit(c.start, c.end, context.text[c.start : c.end], c.after, c.trait, c.why, c.gain, c.rewriter)
        for c in in_order(best.chosen)
        if isinstance(c, Candidate)
    )
    return edits, Rewritten(best.trial.draft, best.trial.overall)
