"""The model card: what a model is, how good it is on writers it never saw, for whom, and how it was chosen. ``make evaluate`` writes it.

Every figure in it is computed when it is written; nothing is typed by hand but the words around the figures. The comparison of kinds of
models and the learning curve take minutes, so they are made by ``make compare`` and ``make curve``, which leave their tables in the
model's folder, where the card finds them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from analyzer.errors import DataError
from analyzer.pipeline import Analyzer
from analyzer.scoring.store import load_model, read_manifest
from analyzer.training import metrics
from analyzer.training.commands import measure_dataset, untaught
from analyzer.training.dataset import LABELS, Dataset, fault_tags, read_dataset
from analyzer.training.evaluate import Predictions, evaluate, group_table_of, predict, table_of
from analyzer.training.fairness import can_be_renamed, measure_fairness
from analyzer.training.fairness import table_of as fairness_table_of
from analyzer.training.out_of_fold import read_out_of_fold
from analyzer.training.plots import load_pyplot

CARD, COMPARISON, CURVE_TABLE, CURVE_PLOT = "README.md", "comparison.txt", "curve.txt", "curve.png"
RELIABILITY_PLOT, RATINGS_PLOT = "reliability.png", "ratings.png"
_BINS = 10
# cases that fairness is measured on: enough for a hundredth of a rating, few enough for half a minute
_FAIRNESS_CASES = 40

_INTRODUCTION = """\
# Model card: {version}

Rates a message sent after an interview on five traits and as a whole (1 to 5, `../../data/README.md` says by which rubric), says how
sure it is, and names faults. Written by `make evaluate`; do not edit by hand.

**What it is.** One proportional-odds ordinal logistic model a label on named features (`analyzer/traits/`), a bag of words with names
and figures veiled, and a bag of sentence shapes. Linear, so the reasons shown are the model's own. The overall sees the traits too; the
rubric's caps (a wrong name, a wrong firm, a placeholder, a threat) are applied after it, whatever it says.

**Made** {created} with scikit-learn {sklearn}, {training} writers learnt from ({training_letters}), {held} never seen ({held_letters}).

**What it must not be used for.** No hiring decision, no sorting of applicants, no claim about people. The labels are made by language
models with one rubric, so agreement with them is not agreement with people (`../../data/README.md`).
"""


def write_model_card(directory: Path, data: Path) -> Path:
    """Measure a stored model on the cases it was not taught and write card and plots into its folder. Gives the card's path.

    Raises DataError where nothing is held out or matplotlib is missing, ModelError where there is no model.
    """
    load_pyplot()
    manifest = read_manifest(directory)
    whole = read_dataset(data)
    fresh = untaught(directory, whole, data)
    predictions = predict(load_model(directory), measure_dataset(fresh))
    draw_reliability(predictions, fresh, directory / RELIABILITY_PLOT)
    draw_ratings(predictions, fresh, directory / RATINGS_PLOT)
    path = directory / CARD
    path.write_text(_card(directory, manifest, predictions, fresh, whole), encoding="utf-8")
    return path


def _card(
    directory: Path, manifest: Mapping[str, Any], predictions: Predictions, fresh: Dataset, whole: Dataset
) -> str:
    training, held = manifest.get("training_writers", []), sorted(set(fresh.writers()))
    pieces = [
        _INTRODUCTION.format(
            version=manifest.get("version", directory.name),
            created=str(manifest.get("created", ""))[:10],
            sklearn=manifest.get("libraries", {}).get("scikit-learn", "?"),
            training=len(training),
            training_letters=", ".join(training),
            held=len(held),
            held_letters=", ".join(held),
        ),
        _section("On writers it never saw", table_of(evaluate(predictions, fresh)), _HELD_OUT),
        _section("By kind, notes, language and length", group_table_of(predictions.ratings, fresh), _GROUPS),
        f"![Predicted against given ratings]({RATINGS_PLOT})\n",
        _section("Are the probabilities of faults true?", _calibration(predictions, fresh), _CALIBRATION),
        f"![Said against seen shares]({RELIABILITY_PLOT})\n",
        _section("Does a rating hang on a name?", _fairness(directory, fresh), _FAIRNESS),
    ]
    crossed = manifest.get("cross_validated")
    if crossed:
        pieces.append(_section("Cross-validated over the training writers", _crossed(crossed), _CROSSED))
    out_of_fold = _out_of_fold(directory, whole)
    if out_of_fold:
        pieces.append(_section("The same by kind, notes, language and length", out_of_fold, _GROUPS))
    for file, title, words in (
        (COMPARISON, "Why this kind of model", _CHOICE),
        (CURVE_TABLE, "Would more cases help?", _CURVE),
    ):
        if (directory / file).is_file():
            pieces.append(_section(title, (directory / file).read_text(encoding="utf-8").strip(), words))
    if (directory / CURVE_PLOT).is_file():
        pieces.append(f"![Learning curve]({CURVE_PLOT})\n")
    lessons = manifest.get("adapted_from")
    if lessons:
        pieces.append(_section("Adapted to a coach", json.dumps(lessons, indent=2, ensure_ascii=False), ""))
    return "\n".join(pieces)


_HELD_OUT = (
    "Kappa is quadratic weighted, of rounded ratings; *raters* is the same between the two readers; *error* is the mean absolute error in "
    "ratings; *SMD* the standardised mean difference; *80 % holds* how many ratings lie inside their interval."
)
_GROUPS = "*First* and *second language* is how a draft reads to one reader; the model does not see it."
_CALIBRATION = (
    "ECE is the expected calibration error over ten bins; *said* is the mean probability, *seen* the share of readings."
)
_FAIRNESS = "The same drafts with the interviewer's and the writer's names replaced; rating units."
_CROSSED = "No writer on both sides. Some rules were written after reading these drafts, so believe the first table."
_CHOICE = "Chosen by agreement with writers held out in turn, per millisecond; small and fast wins ties. Command: `make compare`."
_CURVE = "Command: `make curve`."


def _section(title: str, block: str, words: str) -> str:
    said = f"{words}\n\n" if words else ""
    return f"## {title}\n\n{said}```\n{block}\n```\n"


def _crossed(figures: Mapping[str, Any]) -> str:
    lines = [
        f"{figures['cases']} cases",
        "",
        f"{'':<12} {'kappa':>6} {'error':>6} {'±1':>5} {'SMD':>6} {'80 % holds':>10}",
    ]
    for one in figures["labels"]:
        lines.append(
            f"{one['label']:<12} {one['kappa']:>6.3f} {one['mean_absolute_error']:>6.2f} {one['within_one']:>5.0%} "
            f"{one['standardised_mean_difference']:>6.2f} {one['interval_coverage']:>10.0%}"
        )
    return "\n".join([*lines, "", f"faults, macro F1 {figures['fault_macro_f1']:.3f}"])


def _out_of_fold(directory: Path, whole: Dataset) -> str:
    """By group, over the training cases; nothing where the data holds none of them, as when a coach measures on cases of their own."""
    try:
        found = read_out_of_fold(directory, whole)
    except DataError:
        return ""
    return group_table_of(found.ratings, found.dataset)


def _shares(fresh: Dataset, tag: str) -> Any:
    return np.array([case.fault_share(tag) for case in fresh.cases])


def _calibration(predictions: Predictions, fresh: Dataset) -> str:
    lines = [f"{'fault':<14} {'said':>6} {'seen':>6} {'ECE':>6}"]
    pooled_said, pooled_seen = [], []
    for tag in fault_tags():
        said, seen = predictions.probabilities[tag], _shares(fresh, tag)
        pooled_said.append(said)
        pooled_seen.append(seen)
        lines.append(f"{tag:<14} {said.mean():>6.3f} {seen.mean():>6.3f} {metrics.calibration_error(seen, said):>6.3f}")
    said, seen = np.concatenate(pooled_said), np.concatenate(pooled_seen)
    lines += ["", f"{'all':<14} {said.mean():>6.3f} {seen.mean():>6.3f} {metrics.calibration_error(seen, said):>6.3f}"]
    return "\n".join(lines)


def _fairness(directory: Path, fresh: Dataset) -> str:
    analyzer = Analyzer(engines=("harper",), model=directory)
    named = [case.case for case in fresh.cases if can_be_renamed(case.case)]
    cases = named[:: max(1, len(named) // _FAIRNESS_CASES)][:_FAIRNESS_CASES]
    try:
        return fairness_table_of(measure_fairness(analyzer, cases))
    except ValueError:
        return "No case here has an interviewer and a writer whose names can be replaced."
    finally:
        analyzer.close()


# ---- plots


def draw_reliability(predictions: Predictions, dataset: Dataset, path: Path) -> None:
    """Said probability against the seen share of readings, all fault tags pooled, with how many judgements stand behind each point."""
    pyplot = load_pyplot()
    said = np.concatenate([predictions.probabilities[tag] for tag in fault_tags()])
    seen = np.concatenate([_shares(dataset, tag) for tag in fault_tags()])
    places = np.minimum((said * _BINS).astype(int), _BINS - 1)
    points = [
        (said[places == place].mean(), seen[places == place].mean(), int((places == place).sum()))
        for place in np.unique(places)
    ]
    figure, axes = pyplot.subplots(figsize=(5.0, 4.5), layout="constrained")
    axes.plot([0, 1], [0, 1], color="0.6", linewidth=1, label="perfect")
    axes.plot([x for x, _, _ in points], [y for _, y, _ in points], marker="o", label="fault tags, pooled")
    for x, y, count in points:
        axes.annotate(f"{count:,}", (x, y), textcoords="offset points", xytext=(6, -10), fontsize=8, color="0.35")
    axes.set_xlabel("probability said")
    axes.set_ylabel("share of readings that have the tag")
    axes.legend(fontsize=8)
    axes.grid(alpha=0.3)
    figure.savefig(path, dpi=130, metadata={"Software": None})
    pyplot.close(figure)


def draw_ratings(predictions: Predictions, dataset: Dataset, path: Path) -> None:
    """Predicted against given rating of every case, one panel a label, spread a little so that equal ones show."""
    pyplot = load_pyplot()
    generator = np.random.default_rng(0)
    figure, panels = pyplot.subplots(2, 3, figsize=(9.5, 6.0), layout="constrained", sharex=True, sharey=True)
    for axes, label in zip(panels.flat, LABELS, strict=True):
        given = dataset.means(label) + generator.uniform(-0.12, 0.12, len(dataset.cases))
        axes.plot([1, 5], [1, 5], color="0.6", linewidth=1)
        axes.scatter(given, predictions.ratings[label], s=9, alpha=0.45, linewidths=0)
        kappa = metrics.rounded_kappa(dataset.means(label), predictions.ratings[label])
        axes.set_title(f"{label}, kappa {kappa:.2f}", fontsize=10)
        axes.grid(alpha=0.3)
    figure.supxlabel("given by two readers (mean)")
    figure.supylabel("predicted")
    figure.savefig(path, dpi=110, metadata={"Software": None})
    pyplot.close(figure)
