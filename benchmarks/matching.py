"""How well the draft is compared with the notes. Prints the table of figures of ``data/matching`` and of the whole corpus.

``python -m benchmarks.matching [--split dev|heldout] [--show]``: matches by how, conflicts by fault (on the gold, and case by case on
the corpus by the raters' tags), accusations on clean cases, missed items, milliseconds a case. ``--show`` lists every error of the dev split.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analyzer.matching import match_drafts
from analyzer.matching.meaning import Meaning
from analyzer.parsing.draft import body_sentences, build_draft
from analyzer.parsing.language import parse_texts
from analyzer.reading import read_cases
from analyzer.types import Case, Draft, Matching

_ROOT = Path(__file__).resolve().parents[1]
_FAULTS = ("wrong_name", "wrong_company", "wrong_fact")
_WAYS = {"exact and fuzzy": ("exact", "fuzzy"), "semantic": ("semantic",)}
_SUGGESTED = 5
_BATCH = 32

Span = tuple[int, int]


class _NoClassifier:
    """Every case of the corpus names its kind."""

    classes_ = ()

    def predict_proba(self, texts: object) -> Any:
        raise AssertionError(f"a kind was detected for {texts!r}")


@dataclass(slots=True)
class Tally:
    """Right and wrong findings of one sort."""

    predicted: int = 0
    right: int = 0
    gold: int = 0
    found: int = 0

    @property
    def precision(self) -> float:
        """Share of the findings that are right; 1 where there is none."""
        return self.right / self.predicted if self.predicted else 1.0

    @property
    def recall(self) -> float:
        """Share of the gold that was found; 1 where there is none."""
        return self.found / self.gold if self.gold else 1.0

    def line(self, name: str) -> str:
        """One row of a table."""
        total = self.precision + self.recall
        f1 = 2 * self.precision * self.recall / total if total else 0.0
        counts = f"{self.right}/{self.predicted} right, {self.found}/{self.gold} found"
        return f"{name:<36} P {self.precision:.3f}  R {self.recall:.3f}  F1 {f1:.3f}   {counts}"


def _places(piece: str, text: str) -> list[Span]:
    """Every place where a verbatim piece stands."""
    places, at = [], text.find(piece)
    while at >= 0:
        places.append((at, at + len(piece)))
        at = text.find(piece, at + 1)
    return places


def _overlap(span: Span, places: Iterable[Span]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in places)


def load_drafts(wanted: Iterable[str] | None, held_out: bool) -> list[Draft]:
    """Parsed cases of the corpus: those with the ids, or those of the writers held out or not."""
    writers = set(json.loads((_ROOT / "data/labelled/splits.json").read_text(encoding="utf-8"))["held_out_writers"])
    keep = None if wanted is None else set(wanted)
    cases = [
        case
        for case in read_cases(_ROOT / "data/labelled/cases.jsonl")
        if isinstance(case, Case) and ((case.id[0] in writers) == held_out if keep is None else case.id in keep)
    ]
    docs = parse_texts(case.draft for case in cases)
    return [build_draft(case, doc, _NoClassifier()) for case, doc in zip(cases, docs, strict=True)]


def compare(drafts: Sequence[Draft], *, meaning: Meaning = "doubts") -> tuple[dict[str, Matching], float]:
    """The matching of every draft by its id, in batches as the pipeline makes them, and the milliseconds a case."""
    pairs = [(draft, body_sentences(draft)) for draft in drafts]
    start = time.perf_counter()
    found: list[Matching] = []
    for at in range(0, len(pairs), _BATCH):
        found.extend(match_drafts(pairs[at : at + _BATCH], meaning=meaning))
    spent = (time.perf_counter() - start) * 1000 / max(1, len(pairs))
    return {draft.case.id: matching for draft, matching in zip(drafts, found, strict=True)}, spent


def _match_tallies(gold: dict[str, Any], draft: Draft, found: Matching, tallies: dict[str, Tally], show: bool) -> None:
    pieces = [
        (entry, _places(entry["note"], draft.case.notes), _places(entry["draft"], draft.text))
        for entry in gold["matches"]
    ]
    mine = [match for match in found.matches if match.item.source == "notes"]
    for match in mine:
        name = next(name for name, ways in _WAYS.items() if match.how in ways)
        right = any(
            _overlap((match.item.start, match.item.end), note) and _overlap((match.start, match.end), place)
            for _, note, place in pieces
        )
        tallies[name].predicted += 1
        tallies[name].right += right
        if show and not right:
            print(
                f"  {gold['id']} {match.how} too many: {match.item.text!r} at {draft.text[match.start : match.end]!r}"
            )
    for entry, note, place in pieces:
        name = next(name for name, ways in _WAYS.items() if entry["how"] in ways)
        right = any(
            _overlap((match.item.start, match.item.end), note) and _overlap((match.start, match.end), place)
            for match in mine
        )
        tallies[name].gold += 1
        tallies[name].found += right
        if show and not right:
            print(f"  {gold['id']} {entry['how']} not found: {entry['note']!r} at {entry['draft']!r}")


def _conflict_tallies(
    gold: dict[str, Any], draft: Draft, found: Matching, tallies: dict[str, Tally], show: bool
) -> None:
    for conflict in found.conflicts:
        places = [
            place
            for entry in gold["conflicts"]
            if entry["fault"] == conflict.fault
            for place in _places(entry["draft"], draft.text)
        ]
        right = _overlap((conflict.start, conflict.end), places)
        tallies[conflict.fault].predicted += 1
        tallies[conflict.fault].right += right
        if show and not right:
            print(f"  {gold['id']} {conflict.fault} too many: {conflict.text!r}, expected {conflict.expected!r}")
    for entry in gold["conflicts"]:
        mine = [(conflict.start, conflict.end) for conflict in found.conflicts if conflict.fault == entry["fault"]]
        right = any(_overlap(span, _places(entry["draft"], draft.text)) for span in mine)
        tallies[entry["fault"]].gold += 1
        tallies[entry["fault"]].found += right
        if show and not right:
            print(f"  {gold['id']} {entry['fault']} not found: {entry['draft']!r}, right: {entry['right']!r}")


def _gold(split: str) -> list[dict[str, Any]]:
    lines = (_ROOT / f"data/matching/{split}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def against_gold(split: str, show: bool, meaning: Meaning) -> None:
    """The tables of matches, conflicts and missed items."""
    gold = _gold(split)
    drafts = {draft.case.id: draft for draft in load_drafts([entry["id"] for entry in gold], held_out=False)}
    found, _ = compare(list(drafts.values()), meaning=meaning)
    matches = {name: Tally() for name in _WAYS}
    conflicts = {name: Tally() for name in _FAULTS}
    missed = Tally()
    private, developed, judged = 0, 0, 0
    for entry in gold:
        draft, matching = drafts[entry["id"]], found[entry["id"]]
        _match_tallies(entry, draft, matching, matches, show)
        _conflict_tallies(entry, draft, matching, conflicts, show)
        suggested = [(item.start, item.end) for item in matching.missed[:_SUGGESTED]]
        for piece in entry["missed"]:
            missed.gold += 1
            right = any(_overlap(span, _places(piece, draft.case.notes)) for span in suggested)
            missed.found += right
            if show and not right:
                print(f"  {entry['id']} missed, not suggested: {piece!r}")
        unwise = [place for piece in entry["private"] for place in _places(piece, draft.case.notes)]
        for start, end in suggested:
            if _overlap((start, end), unwise):
                private += 1
                if show:
                    print(f"  {entry['id']} private, suggested: {draft.case.notes[start:end]!r}")
        agree, all_of = _developed(entry, draft, matching)
        developed, judged = developed + agree, judged + all_of
    print(f"\n{split}: {len(gold)} cases with gold labels")
    for name, tally in matches.items():
        print(tally.line(f"matches, {name}"))
    print(f"{'developed or merely named':<36} {developed / max(1, judged):.3f} of {judged} agree")
    for name, tally in conflicts.items():
        print(tally.line(f"conflicts, {name}"))
    print(tally_of(conflicts.values()).line("conflicts, all"))
    print(f"{'missed items among the first five':<36} {missed.recall:.3f}   {missed.found}/{missed.gold}")
    print(f"{'private items suggested':<36} {private}")


def _developed(gold: dict[str, Any], draft: Draft, found: Matching) -> tuple[int, int]:
    """How many matches agree with the gold on whether the item is developed, of how many."""
    agree = judged = 0
    for match in found.matches:
        for entry in gold["matches"]:
            if _overlap((match.item.start, match.item.end), _places(entry["note"], draft.case.notes)) and _overlap(
                (match.start, match.end), _places(entry["draft"], draft.text)
            ):
                judged += 1
                agree += match.developed == entry["developed"]
                break
    return agree, judged


def tally_of(tallies: Iterable[Tally]) -> Tally:
    """The sum of several tallies."""
    parts = list(tallies)
    return Tally(
        sum(part.predicted for part in parts),
        sum(part.right for part in parts),
        sum(part.gold for part in parts),
        sum(part.found for part in parts),
    )


def _tags(ids: Iterable[str]) -> dict[str, list[set[str]]]:
    tags: dict[str, list[set[str]]] = {case_id: [] for case_id in ids}
    for line in (_ROOT / "data/labelled/ratings.jsonl").read_text(encoding="utf-8").splitlines():
        rating = json.loads(line)
        if rating["id"] in tags:
            tags[rating["id"]].append(set(rating["faults"]))
    return tags


def against_tags(held_out: bool, show: bool) -> None:
    """Conflicts case by case on the whole corpus: a case has a fault where every rater tags it, and is clean where none does."""
    drafts = load_drafts(None, held_out)
    compare(drafts[:1])
    found, spent = compare(drafts)
    _, without = compare(drafts, meaning="none")
    _, with_all = compare(drafts[:: max(1, len(drafts) // 150)], meaning="all")
    tags = _tags(found)
    tallies = {name: Tally() for name in _FAULTS}
    for case_id, matching in found.items():
        for fault, tally in tallies.items():
            votes = [fault in labels for labels in tags[case_id]]
            mine = [conflict for conflict in matching.conflicts if conflict.fault == fault]
            if all(votes) or not any(votes):
                tally.gold += all(votes)
                tally.found += all(votes) and bool(mine)
                tally.predicted += bool(mine)
                tally.right += all(votes) and bool(mine)
            if show and all(votes) and not mine:
                print(f"  {case_id} {fault} not found")
            if show and mine and not any(votes):
                print(f"  {case_id} {fault} too many: {[(conflict.text, conflict.expected) for conflict in mine]}")
    clean = [case_id for case_id in found if not any(labels & set(_FAULTS) for labels in tags[case_id])]
    accused = sum(bool(found[case_id].conflicts) for case_id in clean)
    print(f"\ncorpus by the raters' tags: {len(found)} cases")
    for name, tally in tallies.items():
        print(tally.line(f"cases with {name}"))
    print(tally_of(tallies.values()).line("cases with a conflict"))
    print(f"{'accusations on clean cases':<36} {accused} of {len(clean)}")
    print(f"{'ms a case by meaning':<36} none {without:.1f}, doubts {spent:.1f} (the default), all {with_all:.1f}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.matching", description=__doc__)
    parser.add_argument("--split", choices=("dev", "heldout"), default="dev")
    parser.add_argument("--show", action="store_true", help="list the errors of the dev split")
    parser.add_argument(
        "--meaning", choices=("none", "doubts", "all"), default="doubts", help="what the model is asked"
    )
    options = parser.parse_args(arguments)
    # errors of the held-out split are never looked at
    show = options.show and options.split == "dev"
    against_gold(options.split, show, options.meaning)
    against_tags(options.split == "heldout", show)
    return 0


if __name__ == "__main__":
    sys.exit(main())
