"""What must be so on real drafts whatever the model learnt: making a draft worse does not raise what it made worse."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from analyzer.parsing.layout import split_parts
from analyzer.pipeline import Analyzer
from analyzer.traits import TRAIT_NAMES
from analyzer.types import Case, Report

CASES = 40
ALLOWED_RISE = 0.05
TYPOS = {"the": "teh", "and": "adn", "you": "yuo", "with": "wiht", "would": "woudl", "have": "ahve", "for": "fro"}


def rating_of(report: Report, trait: str) -> float:
    if trait == "overall":
        assert report.overall is not None
        return report.overall.value
    return report.traits[TRAIT_NAMES.index(trait)].rating.value


def misspelt(case: Case) -> str | None:
    """The draft with two inner letters of the interviewer's name swapped in the greeting, None where the name is not there."""
    for part in split_parts(case.draft):
        if part.name == "greeting":
            greeting = case.draft[part.start : part.end]
            for word in re.findall(r"[^\W\d_]{4,}", case.interviewer):
                if word in greeting and word[1] != word[2]:
                    swapped = word[0] + word[2] + word[1] + word[3:]
                    return case.draft[: part.start] + greeting.replace(word, swapped) + case.draft[part.end :]
    return None


def with_errors(case: Case) -> str | None:
    """The draft with up to seven common words of the body misspelt, None where fewer than three are there."""
    text, changed = case.draft, 0
    for word, typo in TYPOS.items():
        bodies = [part for part in split_parts(text) if part.name == "body"]
        for part in bodies:
            hit = re.search(rf"\b{word}\b", text[part.start : part.end])
            if hit:
                at = part.start + hit.start()
                text = text[:at] + typo + text[at + len(word) :]
                changed += 1
                break
    return text if changed >= 3 else None


def doubled(case: Case) -> str | None:
    """The draft with its body said twice."""
    bodies = [part for part in split_parts(case.draft) if part.name == "body"]
    if not bodies:
        return None
    start, end = bodies[0].start, bodies[-1].end
    return case.draft[:end] + "\n\n" + case.draft[start:end] + case.draft[end:]


def body_words(case: Case) -> int:
    return sum(
        len(case.draft[part.start : part.end].split()) for part in split_parts(case.draft) if part.name == "body"
    )


def doubled_full(case: Case) -> str | None:
    """The same, for bodies that the rubric does not call bare: 50 words or more."""
    return doubled(case) if body_words(case) >= 50 else None


def doubled_short(case: Case) -> str | None:
    """The same, for bodies of fewer than 50 words."""
    return doubled(case) if body_words(case) < 50 else None


CHANGES = {
    "misspelt name": (misspelt, "overall", 0.0),
    "errors": (with_errors, "grammar", ALLOWED_RISE),
    "doubled": (doubled_full, "concision", ALLOWED_RISE),
    "doubled, short": (doubled_short, "concision", ALLOWED_RISE),
}
SHORT_IS_BARE = (
    "model v1, 2026-11-23: of 284 doubled drafts of the corpus 16 rise in concision by more than .05, all of 14 to 40 words; of the "
    "sixty here F-002 4.53 to 4.72, R-019 2.67 to 3.28, T-026 3.50 to 3.59. Length lifts a bare draft more than repetition costs it."
)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.xfail(strict=True, reason=SHORT_IS_BARE))
        if name == "doubled, short"
        else name
        for name in CHANGES
    ],
)
def test_a_worse_draft_is_not_rated_better(analyzer: Analyzer, sampled, name: str) -> None:
    change, trait, allowed = CHANGES[name]
    pairs = [
        (case, report, worse)
        for case, report in zip(sampled.cases, sampled.reports, strict=True)
        if (worse := change(case)) is not None and worse != case.draft
    ][:CASES]
    assert len(pairs) >= (10 if "short" in name else 30), "the sample holds enough drafts that can be made worse"
    changed = (replace(case, draft=worse, kind=report.kind) for case, report, worse in pairs)
    reports = list(analyzer.analyze_cases(changed))
    rises = {
        case.id: (round(rating_of(before, trait), 2), round(rating_of(after, trait), 2))
        for (case, before, _), after in zip(pairs, reports, strict=True)
        if rating_of(after, trait) > rating_of(before, trait) + allowed + 1e-9
    }
    assert rises == {}
    if name == "misspelt name":
        seen = sum(any(finding.rule == "wrong_name" for finding in report.findings) for report in reports)
        assert seen >= 0.9 * len(reports), f"{seen} of {len(reports)} misspelt names were seen"
