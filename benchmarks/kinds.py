"""How often the kind of a message is detected, by kind: folds by writer on the development writers, or the held-out ones.

``python -m benchmarks.kinds`` fits the classifier of the kind alone (seconds); ``--split heldout`` is for the release, not for tuning.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analyzer.parsing.kind import kind_text
from analyzer.scoring.kind_model import fit_kind_model
from analyzer.training.dataset import read_dataset
from analyzer.types import KINDS

_FOLDS = 5


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--split", choices=("dev", "heldout"), default="dev")
    parser.add_argument("--data", type=Path, default=Path("data/labelled"))
    options = parser.parse_args(arguments)
    dataset = read_dataset(options.data)
    labelled = [each for each in dataset.cases if each.case.kind]
    cases = [each.case for each in labelled]
    texts = [kind_text(case.draft, case.notes) for case in cases]
    kinds = np.array([str(case.kind) for case in cases])
    writers = np.array([each.writer for each in labelled])
    held = np.isin(writers, sorted(dataset.held_out_writers))
    if options.split == "heldout":
        tests = [held]
    else:
        names = sorted(set(writers[~held]))
        tests = [np.isin(writers, names[fold::_FOLDS]) for fold in range(_FOLDS)]
    found = np.full(len(kinds), "", dtype=kinds.dtype)
    for test in tests:
        train = ~held & ~test
        model = fit_kind_model([texts[at] for at in np.flatnonzero(train)], [str(kind) for kind in kinds[train]])
        found[test] = model.predict([texts[at] for at in np.flatnonzero(test)])
    asked = np.logical_or.reduce(tests)
    print(table(kinds[asked], found[asked]))


def table(given: NDArray[np.str_], found: NDArray[np.str_]) -> str:
    """Rows: the kind given; columns: the kind detected."""
    lines = [f"{'given':<16} {'cases':>5} {'right':>6}   " + " ".join(f"{kind:>15}" for kind in KINDS)]
    for kind in KINDS:
        rows = given == kind
        counts = " ".join(f"{int(np.sum(found[rows] == other)):>15}" for other in KINDS)
        lines.append(f"{kind:<16} {int(rows.sum()):>5} {np.mean(found[rows] == kind):>6.1%}   {counts}")
    lines.append(f"{'all':<16} {len(given):>5} {np.mean(found == given):>6.1%}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
