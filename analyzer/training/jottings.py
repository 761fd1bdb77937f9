"""Learn which jottings are better left out of a letter; show by writers left out what that finds and what it costs.

``python -m analyzer.training.jottings`` reads ``data/matching/jottings.jsonl``, prints the figures and writes the weights that
``parsing.unwise`` uses. ``--figures`` prints only. Each jotting is learnt twice, once without what the word patterns say of it: the patterns
were written after reading these very writers, so that a model that leans on them alone would be blind where they are silent.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analyzer.parsing.notes import items_by_pattern
from analyzer.parsing.unwise import BUCKETS, WEIGHTS_FILE, features
from analyzer.reading import read_cases
from analyzer.resources import resource_path
from analyzer.types import Case

_ROOT = Path(__file__).resolve().parents[2]
_JOTTINGS = _ROOT / "data/matching/jottings.jsonl"
_CASES = _ROOT / "data/labelled/cases.jsonl"
_STRENGTH = 0.15
# how many of the jottings that may be told it may cost to withhold those that may not
_FINE_LOST = 0.10
_SHOWN = (0.05, 0.10, 0.15, 0.20)


@dataclass(frozen=True, slots=True)
class Jottings:
    """Labelled jottings as two matrices of features (with and without the patterns' word), one row a jotting."""

    with_patterns: Any
    without: Any
    private: NDArray[np.bool_]
    by_pattern: NDArray[np.bool_]
    writer: NDArray[np.str_]


def read_jottings(jottings: Path = _JOTTINGS, cases: Path = _CASES) -> Jottings:
    """The labelled jottings. When the answer is due ("calendar") is the patterns' business: such lines give context and are not learnt."""
    patterns = _patterns(cases)
    lines = [json.loads(line) for line in jottings.read_text(encoding="utf-8").splitlines()]
    full: list[dict[int, float]] = []
    bare: list[dict[int, float]] = []
    kept: list[tuple[bool, bool, str]] = []
    for case, entries in groupby(lines, key=lambda line: str(line["id"])):
        group = list(entries)
        whys = [patterns.get((case, entry["start"]), "") for entry in group]
        texts = [entry["text"] for entry in group]
        for entry, why, one, other in zip(
            group, whys, features(texts, whys), features(texts, [""] * len(texts)), strict=True
        ):
            if entry["label"] != "calendar":
                full.append(one)
                bare.append(other)
                kept.append((entry["label"] == "private", bool(why), case[0]))
    private, by_pattern, writer = zip(*kept, strict=True)
    return Jottings(_matrix(full), _matrix(bare), np.array(private), np.array(by_pattern), np.array(writer))


def _patterns(cases: Path) -> dict[tuple[str, int], str]:
    """Why the patterns withhold a jotting, by case and place."""
    return {
        (case.id, item.start): item.why
        for case in read_cases(cases)
        if isinstance(case, Case)
        for item in items_by_pattern(case)
        if item.source == "notes" and item.private
    }


def _matrix(rows: Sequence[dict[int, float]]) -> Any:
    from scipy.sparse import csr_matrix

    ends = np.cumsum([0, *(len(row) for row in rows)])
    values = [value for row in rows for value in row.values()]
    return csr_matrix((values, [bucket for row in rows for bucket in row], ends), shape=(len(rows), BUCKETS))


def fit(jottings: Jottings, rows: NDArray[np.bool_]) -> NDArray[np.float32]:
    """The weights learnt from the chosen rows."""
    from scipy.sparse import vstack
    from sklearn.linear_model import LogisticRegression

    twice = vstack([jottings.with_patterns[rows], jottings.without[rows]])
    labels = np.concatenate([jottings.private[rows]] * 2)
    model = LogisticRegression(C=_STRENGTH, fit_intercept=False, solver="liblinear", max_iter=300, random_state=0)
    return np.asarray(model.fit(twice, labels).coef_[0], dtype=np.float32)


def out_of_fold(jottings: Jottings) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Likelihoods of each jotting by a model that never saw its writer: with the patterns' word, and with the patterns silent."""
    seen, silent = np.zeros(len(jottings.private)), np.zeros(len(jottings.private))
    for writer in sorted(set(jottings.writer.tolist())):
        left_out = jottings.writer == writer
        weights = fit(jottings, ~left_out)
        seen[left_out] = _likely(jottings.with_patterns[left_out] @ weights)
        silent[left_out] = _likely(jottings.without[left_out] @ weights)
    return seen, silent


def _likely(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1.0 / (1.0 + np.exp(-sums)))


def table(jottings: Jottings, seen: NDArray[np.float64], silent: NDArray[np.float64]) -> Iterable[str]:
    """The figures as lines: what share of the private jottings is withheld, by what share of the others that costs."""
    private, fine = jottings.private, ~jottings.private
    yield f"{len(private)} jottings of {len(set(jottings.writer.tolist()))} writers, {int(private.sum())} private; writers left out in turn"
    rows = (("patterns and classifier", seen, jottings.by_pattern), ("classifier, patterns silent", silent, None))
    by = jottings.by_pattern
    yield f"{'patterns alone':<30} recall {by[private].mean():.3f}  precision {private[by].mean():.3f}  fine lost {by[fine].mean():.3f}"
    for name, likely, patterns in rows:
        for share in _SHOWN:
            border = float(np.quantile(likely[fine], 1 - share))
            held = (likely >= border) | (patterns if patterns is not None else False)
            yield (
                f"{name:<30} recall {held[private].mean():.3f}  precision {private[held].mean():.3f}"
                f"  fine lost {held[fine].mean():.3f}  from likelihood {border:.3f}"
            )


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures and write the weights."""
    parser = argparse.ArgumentParser(prog="python -m analyzer.training.jottings", description=__doc__)
    parser.add_argument("--figures", action="store_true", help="print the figures and leave the weights as they are")
    parser.add_argument("-o", "--output", type=Path, default=resource_path(WEIGHTS_FILE), help="where the weights go")
    options = parser.parse_args(arguments)
    jottings = read_jottings()
    seen, silent = out_of_fold(jottings)
    print("\n".join(table(jottings, seen, silent)))
    if not options.figures:
        border = float(np.quantile(seen[~jottings.private], 1 - _FINE_LOST))
        weights = fit(jottings, np.ones(len(jottings.private), dtype=bool))
        np.savez_compressed(options.output, weights=weights.astype(np.float16), threshold=np.float64(border))
    return 0


if __name__ == "__main__":
    sys.exit(main())
