"""How far coaches agree with the model and with each other, from their kept readings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analyzer.database import KeptCase, Reading
from analyzer.training import metrics
from analyzer.training.agreement import Agreement, agreement_by_label
from analyzer.training.dataset import LABELS, LabelledCase, RaterLabel

FEWEST_TO_COMPARE = 5
"""Below this a kappa says nothing."""

_MOST_TAGS = 6


@dataclass(frozen=True, slots=True)
class AgainstModel:
    """Coaches against the model on one label: ``difference`` is the model's mean less the coaches', in rating units."""

    label: str
    readings: int
    kappa: float
    error: float
    difference: float


@dataclass(frozen=True, slots=True)
class TagCorrections:
    """How often coaches added a tag the model had not, and took one away that it had."""

    tag: str
    added: int
    removed: int


def against_model(readings: Sequence[Reading]) -> tuple[AgainstModel, ...]:
    """By label, over the readings made while the model was asked; empty where they are too few."""
    asked = [one for one in readings if one.model.get("ratings")]
    if len(asked) < FEWEST_TO_COMPARE:
        return ()
    found = []
    for label in LABELS:
        said = np.array([one.ratings[label] for one in asked])
        model = np.array([float(one.model["ratings"][label]) for one in asked])
        found.append(
            AgainstModel(
                label,
                len(asked),
                metrics.rounded_kappa(said, model),
                metrics.mean_absolute_error(said, model),
                float(np.mean(model - said)),
            )
        )
    return tuple(found)


def corrections(readings: Sequence[Reading]) -> tuple[TagCorrections, ...]:
    """The tags most often corrected, most often first."""
    added: Counter[str] = Counter()
    removed: Counter[str] = Counter()
    for one in readings:
        if "faults" in one.model:
            model, coach = set(one.model["faults"]), set(one.faults)
            added.update(coach - model)
            removed.update(model - coach)
    tags = sorted({*added, *removed}, key=lambda tag: (-added[tag] - removed[tag], tag))
    return tuple(TagCorrections(tag, added[tag], removed[tag]) for tag in tags[:_MOST_TAGS])


def between_coaches(cases: Sequence[KeptCase], readings: Sequence[Reading]) -> tuple[Agreement, ...]:
    """By label, over the cases that several coaches rated; empty where they are too few."""
    labels: dict[str, list[RaterLabel]] = {}
    for one in readings:
        labels.setdefault(one.case_id, []).append(RaterLabel(one.case_id, one.coach, one.ratings, one.faults))
    several = [
        LabelledCase(kept.case, tuple(labels[kept.case.id])) for kept in cases if len(labels.get(kept.case.id, ())) >= 2
    ]
    return agreement_by_label(several) if len(several) >= FEWEST_TO_COMPARE else ()
