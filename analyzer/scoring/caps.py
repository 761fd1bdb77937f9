"""The rubric's caps: one grave fault decides, whatever the classifier says."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from analyzer.types import HIGHEST_RATING, Rating

# rubric.md, overall: "A misspelt interviewer's name caps it at 2; a wrong company, a placeholder left in or a threat caps it at 1."
OVERALL_CAPS: dict[str, float] = {"wrong_name": 2.0, "wrong_company": 1.0, "placeholder": 1.0, "threat": 1.0}
# rubric.md, specificity 1: "a placeholder left in; or a name, company or fact that contradicts the notes"
SPECIFICITY_CAPS: dict[str, float] = {"wrong_name": 1.0, "wrong_company": 1.0, "placeholder": 1.0, "wrong_fact": 1.0}
# by label; the others have none
CAPS: dict[str, dict[str, float]] = {"specificity": SPECIFICITY_CAPS, "overall": OVERALL_CAPS}

# In rating units: what a fault costs the overall at the least. The classifier alone lets a misspelt name pass for nothing, or for a
# hundredth more, where a draft is poor anyway; it never helps.
OVERALL_COSTS: dict[str, float] = {"wrong_name": 0.1}

# the features that show each grave fault in a measured row
GRAVE_FEATURES: dict[str, str] = {
    "wrong_name": "specificity.wrong_name_flag",
    "wrong_company": "specificity.wrong_company_flag",
    "placeholder": "specificity.placeholder_flag",
    "wrong_fact": "specificity.wrong_fact_flag",
    "threat": "enthusiasm.threat_log_count",
}


def cap_of(present: Collection[str], caps: dict[str, float]) -> float:
    """The lowest cap among the grave faults present, 5 where there is none."""
    return min((limit for fault, limit in caps.items() if fault in present), default=HIGHEST_RATING)


def cap_of_row(row: Mapping[str, float], caps: dict[str, float]) -> float:
    """The cap of a measured draft."""
    return cap_of([fault for fault, feature in GRAVE_FEATURES.items() if row[feature] > 0], caps)


def cost_of_row(row: Mapping[str, float], costs: dict[str, float]) -> float:
    """What the grave faults of a measured draft cost, in rating units; 0 where there is none."""
    return sum(cost for fault, cost in costs.items() if row[GRAVE_FEATURES[fault]] > 0)


def capped(rating: Rating, cap: float) -> Rating:
    """The rating and its interval, nothing of it above the cap."""
    return Rating(min(rating.value, cap), min(rating.low, cap), min(rating.high, cap))
