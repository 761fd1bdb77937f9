"""What must be so on real drafts whatever the model learnt: making a draft worse does not raise what it made worse."""

from __future__ import annotations

import random
import re
from dataclasses import replace

import numpy as np
import pytest

from analyzer.parsing.layout import split_parts
from analyzer.pipeline import Analyzer
from analyzer.training.fairness import TOLERATED, can_be_renamed, measure_fairness
from analyzer.traits import TRAIT_NAMES
from analyzer.types import Case, Report

CASES = 40
ALLOWED_RISE = 0.05
# a game may move a rating by no more than this: the first of eight names may be worth something
GAME = 0.2
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


def body_end(case: Case) -> int | None:
    ends = [part.end for part in split_parts(case.draft) if part.name == "body"]
    return ends[-1] if ends else None


def with_words(case: Case, words: str) -> str | None:
    """The draft with words added at the end of the body."""
    end = body_end(case)
    return None if end is None else f"{case.draft[:end]} {words}{case.draft[end:]}"


def stuffed_with_names(case: Case) -> str | None:
    """Names in a row, as somebody would who has heard that names count."""
    name = case.interviewer.split(";")[0].strip()
    if not name or not case.company.strip():
        return None
    return with_words(case, " ".join([name] * 8 + [case.company.strip()] * 6))


def with_the_names_once(case: Case) -> str | None:
    return with_words(case, f"{case.interviewer.split(';')[0].strip()} {case.company.strip()}")


def with_notes_pasted(case: Case) -> str | None:
    return with_words(case, f"\n\n{case.notes}") if len(case.notes.split()) >= 15 else None


PRAISE = "I am truly excited about this wonderful opportunity and I loved our conversation."


def praised(case: Case) -> str | None:
    return with_words(case, PRAISE)


def praised_again_and_again(case: Case) -> str | None:
    return with_words(case, " ".join([PRAISE] * 6))


# a change for the worse, what it must not raise, by how much chance may, and the draft it is measured against (None: as it stood)
CHANGES = {
    "misspelt name": (misspelt, ("overall",), 0.0, None),
    "errors": (with_errors, ("grammar",), ALLOWED_RISE, None),
    "doubled": (doubled, ("concision",), ALLOWED_RISE, None),
    "names stuffed in": (stuffed_with_names, ("specificity", "focus", "overall"), ALLOWED_RISE, with_the_names_once),
    "notes pasted in": (with_notes_pasted, ("specificity", "concision", "overall"), GAME, None),
    "praise repeated": (praised_again_and_again, ("enthusiasm", "concision", "overall"), GAME, praised),
}


def pairs_of(analyzer: Analyzer, sampled, change, against) -> list[tuple[Case, Report, Report]]:
    """Cases that can be changed, with their reports before and after."""
    found = [
        (case, report, worse)
        for case, report in zip(sampled.cases, sampled.reports, strict=True)
        if (worse := change(case)) is not None and worse != case.draft
    ][:CASES]
    before = [report for _, report, _ in found]
    if against:
        starts = [replace(case, draft=against(case), kind=report.kind) for case, report, _ in found]
        before = list(analyzer.analyze_cases(starts))
    after = analyzer.analyze_cases([replace(case, draft=worse, kind=report.kind) for case, report, worse in found])
    return [(case, first, then) for (case, _, _), first, then in zip(found, before, after, strict=True)]


@pytest.mark.parametrize("name", CHANGES)
def test_a_worse_draft_is_not_rated_better(analyzer: Analyzer, sampled, name: str) -> None:
    change, labels, allowed, against = CHANGES[name]
    pairs = pairs_of(analyzer, sampled, change, against)
    assert len(pairs) >= 30, "the sample holds enough drafts that can be made worse"
    rises = {
        (case.id, label): (round(rating_of(before, label), 2), round(rating_of(after, label), 2))
        for case, before, after in pairs
        for label in labels
        if rating_of(after, label) > rating_of(before, label) + allowed + 1e-9
    }
    assert rises == {}
    if name == "misspelt name":
        seen = sum(any(finding.rule == "wrong_name" for finding in after.findings) for _, _, after in pairs)
        assert seen >= 0.9 * len(pairs), f"{seen} of {len(pairs)} misspelt names were seen"


def test_a_true_detail_never_lowers_specificity(analyzer: Analyzer, sampled) -> None:
    def detailed(case: Case) -> str | None:
        report = sampled.reports[sampled.cases.index(case)]
        short = [item.text for item in report.missed if len(item.text.split()) <= 8]
        return with_words(case, f"What you said about {short[0]} stayed with me.") if short else None

    pairs = pairs_of(analyzer, sampled, detailed, None)
    assert len(pairs) >= 30
    falls = {
        case.id: (round(rating_of(before, "specificity"), 2), round(rating_of(after, "specificity"), 2))
        for case, before, after in pairs
        if rating_of(after, "specificity") < rating_of(before, "specificity") - GAME
    }
    assert falls == {}
    assert sum(rating_of(after, "specificity") for _, _, after in pairs) > sum(
        rating_of(before, "specificity") for _, before, _ in pairs
    ), "on the whole a detail is worth something"


def test_no_rating_hangs_on_a_name(analyzer: Analyzer, sampled) -> None:
    fairness = measure_fairness(analyzer, [case for case in sampled.cases if can_be_renamed(case)][:12])
    assert fairness.worst <= TOLERATED, fairness.worst_case
    for shift in fairness.shifts:
        assert shift.drafts >= 10
        assert max(abs(mean) for mean in shift.mean.values()) <= 0.05, shift.group.title


# What a first language leaves in somebody's English, one of each where the body gives the occasion: a pattern and what becomes of it.
SLIPS = (
    (r"\b(?:the|a|an) (?=[a-z])", ""),
    (r"\bto hearing\b", "to hear"),
    (r"\b([Ww]e|I) discussed\b", r"\1 discussed about"),
    (r"\b(two|three|four|five|six|\d+) (\w{3,})s\b", r"\1 \2"),
    (r"\bI have (\w+)ed\b", r"I am \1ed"),
    (r"\bon (Mon|Tues|Wednes|Thurs|Fri)day\b", r"in \1day"),
    (r"\b(?:the|a|an) (?=[a-z])", ""),
    (r"\binterested in\b", "interested on"),
    (r"\bdepends on\b", "depends of"),
    (r"\bfor (\w+ years)\b", r"since \1"),
    (r"\b(?:the|a|an) (?=[a-z])", ""),
)
FEWEST_SLIPS = 3


def with_slips(case: Case) -> str | None:
    """The draft with three to eleven second-language slips in its body, None where it gives no occasion for three."""
    text, made, chance = case.draft, 0, random.Random(case.id)
    for pattern, slip in SLIPS:
        places = [
            (part.start + hit.start(), part.start + hit.end(), hit.expand(slip))
            for part in split_parts(text)
            if part.name == "body"
            for hit in re.finditer(pattern, text[part.start : part.end])
        ]
        if places:
            start, end, words = chance.choice(places)
            text = text[:start] + words + text[end:]
            made += 1
    return text if made >= FEWEST_SLIPS else None


def test_second_language_slips_cost_grammar_only(analyzer: Analyzer, sampled) -> None:
    pairs = pairs_of(analyzer, sampled, with_slips, None)
    assert len(pairs) >= 30
    shifts = {
        trait: np.array([rating_of(after, trait) - rating_of(before, trait) for _, before, after in pairs])
        for trait in TRAIT_NAMES
    }
    assert shifts["grammar"].mean() < -0.5
    assert shifts["grammar"].max() <= ALLOWED_RISE
    for trait in TRAIT_NAMES:
        if trait != "grammar":
            assert abs(shifts[trait].mean()) <= 0.03, trait
            assert (np.abs(shifts[trait]) <= 0.25).mean() >= 0.95, trait
