"""Explain a judgement: findings at their places, one sentence of why for each trait, the faults, the report.

Reasons come from the model's own contributions only, and only where the fact they name is plainly so in this draft.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from analyzer.matching.likeness import shared_stretches
from analyzer.parsing.words import tokens_of
from analyzer.resources import load_toml
from analyzer.rules import load_rules
from analyzer.scoring.advisory import advisories, message_of, widened
from analyzer.scoring.caps import OVERALL_CAPS, SPECIFICITY_CAPS, cap_of, capped
from analyzer.scoring.model import Judgement
from analyzer.traits import TRAIT_NAMES
from analyzer.traits.grammar import slips
from analyzer.types import Contribution, Evidence, Fault, Finding, Issue, Rating, Report, TraitResult

# a why names at most this many reasons
_MOST_REASONS = 2
_LONG_SENTENCE_WORDS = 32
# of one rule, at most this many places are shown; the first says how many there are
_MOST_OF_A_RULE = 4
_QUOTE_CHARACTERS = 60
_GRAVE = ("placeholder", "wrong_company", "wrong_name", "wrong_fact")


def explain(evidence: Evidence, row: Mapping[str, float], judgement: Judgement) -> Report:
    """The finished report of one case, caps applied."""
    grave = _grave_faults(evidence)
    ratings = {name: judgement.traits[name] for name in TRAIT_NAMES}
    overall = judgement.overall
    draft = evidence.draft
    unlike = advisories(draft)
    if unlike:
        ratings = {name: widened(rating) for name, rating in ratings.items()}
        overall = widened(overall)
    # last, so that nothing widens an interval beyond what the rubric allows
    ratings["specificity"] = capped(ratings["specificity"], cap_of(grave, SPECIFICITY_CAPS))
    overall = capped(overall, cap_of(grave, OVERALL_CAPS))
    traits = tuple(
        TraitResult(
            name,
            ratings[name],
            why(name, ratings[name], evidence, row, judgement.contributions[name]),
            judgement.contributions[name],
        )
        for name in TRAIT_NAMES
    )
    return Report(
        id=draft.case.id,
        case=draft.case,
        kind=draft.kind,
        kind_detected=draft.kind_detected,
        parts=draft.parts,
        overall=overall,
        traits=traits,
        faults=_faults(judgement, grave),
        findings=(*_from_advisories(unlike), *findings(evidence)),
        matches=evidence.matching.matches,
        missed=evidence.matching.missed,
        withheld=evidence.matching.withheld,
        details=evidence.matching.details,
        engines=evidence.readers,
        silent=evidence.silent,
        advisories=(*(message_of(code) for code in unlike), *(silence.why for silence in evidence.silent)),
        contributions=judgement.overall_contributions,
    )


def _grave_faults(evidence: Evidence) -> frozenset[str]:
    """Faults that code sees for certain and the rubric punishes by a cap."""
    rules = load_rules()
    fired = {rules[signal.rule].group for signal in evidence.signals if not signal.rule.endswith("?")}
    return frozenset({conflict.fault for conflict in evidence.matching.conflicts} | (fired & {"placeholder", "threat"}))


def _faults(judgement: Judgement, grave: Collection[str]) -> tuple[Fault, ...]:
    kept = [fault for fault in judgement.faults if fault.tag not in _GRAVE or fault.tag in grave]
    # a specific letter with one wrong detail is not generic; the grave tags speak for themselves
    return tuple(kept)


# ---- why


def why(
    trait: str, rating: Rating, evidence: Evidence, row: Mapping[str, float], contributions: Sequence[Contribution]
) -> str:
    """One sentence: the verdict in the rubric's terms, then what moved the rating most, with the words quoted."""
    messages = load_toml("messages.toml")
    verdicts = messages["verdicts"]
    verdict = verdicts.get(trait, verdicts["other"])[str(_level(rating))].format(trait=trait.capitalize())
    helps: list[str] = []
    costs: list[str] = []
    for contribution in contributions:
        if not contribution.feature.startswith(f"{trait}.") and contribution.feature not in messages["related"].get(
            trait, ()
        ):
            continue
        reason = _reason(contribution, evidence, row)
        if reason and reason not in helps and reason not in costs:
            (helps if contribution.effect > 0 else costs).append(reason)
    helps, costs = helps[:_MOST_REASONS], costs[:_MOST_REASONS]
    if rating.value >= 4.0:
        chosen = [*helps[:_MOST_REASONS]] or costs[:1]
        text = " and ".join(chosen)
        if len(chosen) == 1 and costs and helps and rating.value < 4.5:
            text += f", but {costs[0]}"
    elif rating.value < 2.5:
        text = " and ".join(costs or helps[:1])
    else:
        text = ", but ".join(part for part in (" and ".join(helps[:1]), " and ".join(costs[:1])) if part)
    return f"{verdict}: {text}." if text else f"{verdict}."


def _level(rating: Rating) -> int:
    return math.floor(rating.value + 0.5)


def _reason(contribution: Contribution, evidence: Evidence, row: Mapping[str, float]) -> str:
    entry: Mapping[str, Any] | None = load_toml("messages.toml")["reasons"].get(contribution.feature)
    if entry is None:
        return ""
    raw = row[contribution.feature]
    helps = contribution.effect > 0
    says_high = helps == (entry["good"] == "high")
    plainly_so = (raw >= entry["from"] if "from" in entry else raw > 0) if says_high else raw <= entry.get("to", 0.0)
    if contribution.feature.startswith("grammar.") and not says_high and slips(evidence):
        return ""
    template = entry.get("high" if says_high else "low")
    if not plainly_so or template is None:
        return ""
    return _filled(str(template), str(entry.get("quote", "")), evidence)


def _filled(template: str, quote: str, evidence: Evidence) -> str:
    values: dict[str, object] = {}
    if "words}" in template:
        words = [len(tokens_of(evidence.draft.text, start, end)) for start, end in evidence.sentences] or [0]
        values = {
            "words": sum(words),
            "sentence_words": round(sum(words) / len(words)),
            "longest_words": max(words),
        }
    if "{slips}" in template:
        count = len(slips(evidence))
        values["slips"] = "one slip" if count == 1 else f"{count} slips"
    if "{quote}" in template:
        quoted = _quote(quote, evidence)
        if not quoted:
            return ""
        values["quote"] = f"“{quoted}”"
    return template.format(**values)


def _quote(source: str, evidence: Evidence) -> str:
    text = evidence.draft.text
    spans: list[tuple[int, int]] = []
    kind, _, name = source.partition(":")
    if kind == "rule":
        rules = load_rules()
        spans = [
            (s.start, s.end)
            for s in evidence.signals
            if not s.rule.endswith("?") and f"{rules[s.rule].trait}.{rules[s.rule].group}" == name
        ]
    elif kind in ("matches", "developed"):
        best = [
            match
            for match in evidence.matching.matches
            if match.item.source == "notes" and (kind == "matches" or match.developed)
        ]
        best.sort(key=lambda match: (-match.similarity, -(match.end - match.start)))
        spans = [(match.start, match.end) for match in best]
    elif kind == "slips":
        spans = list(slips(evidence))
    elif kind == "conflict":
        spans = [(conflict.start, conflict.end) for conflict in evidence.matching.conflicts if conflict.fault == name]
    return next((shorten(text[start:end]) for start, end in spans if text[start:end].strip()), "")


def shorten(text: str) -> str:
    """A quotation that fits a line: white space squeezed, cut at a word with an ellipsis."""
    squeezed = " ".join(text.split())
    if len(squeezed) <= _QUOTE_CHARACTERS:
        return squeezed
    return squeezed[:_QUOTE_CHARACTERS].rsplit(" ", 1)[0] + " …"


# ---- findings


def findings(evidence: Evidence) -> tuple[Finding, ...]:
    """All remarks on one draft in text order: what to fix, what to improve, what is good."""
    found = [
        *_from_conflicts(evidence),
        *_from_signals(evidence),
        *_from_issues(evidence),
        *_from_matches(evidence),
        *_from_sentences(evidence),
        *_from_stuffing(evidence),
    ]
    return tuple(sorted(found, key=lambda finding: (finding.start, finding.end, finding.rule)))


def with_others(report: Report, others: Sequence[str]) -> Report:
    """The report with a remark at every stretch that notes to other members of the panel (``others``) have word for word."""
    text = report.text
    spans = [(part.start, part.end) for part in report.parts if part.name in ("subject", "body")]
    template = load_toml("messages.toml")["findings"]["also_sent"]
    added = [
        Finding(
            "also_sent",
            "specificity",
            "improve",
            start,
            end,
            text[start:end],
            template.format(text=shorten(text[start:end])),
        )
        for start, end in shared_stretches(text, spans, others)
    ]
    merged = sorted((*report.findings, *added), key=lambda finding: (finding.start, finding.end, finding.rule))
    return replace(report, findings=tuple(merged))


def _from_advisories(codes: Sequence[str]) -> list[Finding]:
    return [Finding(f"unlike.{code}", "overall", "improve", 0, 0, "", message_of(code)) for code in codes]


def _from_conflicts(evidence: Evidence) -> list[Finding]:
    return [
        Finding(
            conflict.fault,
            "specificity",
            "fix",
            conflict.start,
            conflict.end,
            conflict.text,
            conflict.message,
            (conflict.expected,),
        )
        for conflict in evidence.matching.conflicts
    ]


def _from_signals(evidence: Evidence) -> list[Finding]:
    rules = load_rules()
    text = evidence.draft.text
    by_rule: dict[str, list[Finding]] = {}
    taken = [(conflict.start, conflict.end) for conflict in evidence.matching.conflicts]
    for signal in evidence.signals:
        rule = rules.get(signal.rule)
        if rule is None or rule.quiet:
            continue
        if any(signal.start < end and start < signal.end for start, end in taken):
            continue
        quoted = text[signal.start : signal.end]
        name = evidence.draft.case.interviewer.split(";")[0].strip()
        message = rule.message.replace("{text}", shorten(quoted)).replace("{name}", f", “Dear {name},”" if name else "")
        finding = Finding(
            rule.id, rule.trait, rule.severity, signal.start, signal.end, quoted, message, signal.suggestions
        )
        by_rule.setdefault(rule.id, []).append(finding)
    return [finding for group in by_rule.values() for finding in _limited(group)]


def _limited(group: list[Finding]) -> list[Finding]:
    """The first places of one rule; overlapping and repeated words once."""
    kept: list[Finding] = []
    for finding in group:
        if any(finding.start < other.end and other.start < finding.end for other in kept):
            continue
        if any(finding.text and finding.text.lower() == other.text.lower() for other in kept):
            continue
        kept.append(finding)
    return kept[:_MOST_OF_A_RULE] if kept and kept[0].severity != "fix" else kept


def _from_issues(evidence: Evidence) -> list[Finding]:
    found = []
    ours = [
        (signal.start, signal.end)
        for signal in evidence.signals
        if not signal.rule.endswith("?") and load_rules()[signal.rule].trait == "grammar"
    ]
    taken = [(conflict.start, conflict.end) for conflict in evidence.matching.conflicts] + ours
    for issue in evidence.issues:
        if any(issue.start < end and start < issue.end for start, end in taken):
            continue
        message = load_toml("messages.toml")["findings"]["issue"].format(
            text=shorten(issue.text), message=issue.message.strip()
        )
        found.append(
            Finding(
                issue.rule,
                _trait_of(issue),
                # how it looks to a reader: a comma is seldom seen, a misspelt word always
                "improve" if issue.category in ("style", "punctuation") else "fix",
                issue.start,
                issue.end,
                issue.text,
                message,
                issue.suggestions,
            )
        )
    return found


def _trait_of(issue: Issue) -> str:
    """Errors are grammar's; style is a matter of tone where it is about register, and of concision otherwise."""
    if issue.category != "style":
        return "grammar"
    return "enthusiasm" if issue.rule in load_toml("proofing.toml")["tone_rules"] else "concision"


def _from_matches(evidence: Evidence) -> list[Finding]:
    text = evidence.draft.text
    templates = load_toml("messages.toml")["findings"]
    found = []
    for match in evidence.matching.matches:
        if match.item.source != "notes":
            continue
        template = templates["match_developed" if match.developed else "match"]
        quoted = text[match.start : match.end]
        found.append(
            Finding(
                "note_match",
                "specificity",
                "praise",
                match.start,
                match.end,
                quoted,
                template.format(text=shorten(quoted), item=shorten(match.item.text)),
            )
        )
    return found


def _from_sentences(evidence: Evidence) -> list[Finding]:
    text = evidence.draft.text
    template = load_toml("messages.toml")["findings"]["long_sentence"]
    found = []
    for start, end in evidence.sentences:
        count = len(tokens_of(text, start, end))
        if count > _LONG_SENTENCE_WORDS:
            found.append(
                Finding(
                    "long_sentence", "concision", "improve", start, end, text[start:end], template.format(count=count)
                )
            )
    return found


def _from_stuffing(evidence: Evidence) -> list[Finding]:
    text, templates = evidence.draft.text, load_toml("messages.toml")["stuffing"]
    return [
        Finding(
            f"stuffed.{span.how}",
            "specificity" if span.how == "copied_notes" else "concision",
            "improve",
            span.start,
            span.end,
            text[span.start : span.end],
            str(templates[span.how]).format(text=shorten(text[span.start : span.end])),
        )
        for span in evidence.stuffed
    ]
