"""Enthusiasm: does interest come across as real and confident?"""

from __future__ import annotations

from collections.abc import Mapping

from analyzer.traits.base import Measured, Trait, log_count

_GROUPS = (
    "threat",
    "interest",
    "warmth",
    "thanks",
    "begging",
    "pressure",
    "patience",
    "gushing",
    "exclamation_run",
    "entitled",
    "negative",
    "casual",
)
_HINTED = ("begging", "pressure", "gushing", "entitled", "negative")


def measure(measured: Measured) -> Mapping[str, float]:
    """Features of enthusiasm: signs of interest and warmth, and of too much, too little and the wrong kind."""
    draft = measured.evidence.draft
    text = "\n".join(draft.text[start:end] for start, end in draft.spans_of("subject", "greeting", "body", "close"))
    letters = [char for char in text if char.isalpha()]
    shouted = sum(1 for token in measured.tokens if token.text.isupper() and len(token.text) > 3)
    marks = text.count("!")
    values = {f"enthusiasm.{group}_log_count": log_count(measured.count("enthusiasm", group)) for group in _GROUPS}
    values |= {
        f"enthusiasm.{group}_hint_log_count": log_count(measured.count("enthusiasm", f"{group}_hint"))
        for group in _HINTED
    }
    values |= {
        "enthusiasm.gushing_per_100_words": measured.per_100_words(measured.count("enthusiasm", "gushing")),
        "enthusiasm.begging_per_100_words": measured.per_100_words(measured.count("enthusiasm", "begging")),
        "enthusiasm.pressure_per_100_words": measured.per_100_words(measured.count("enthusiasm", "pressure")),
        "enthusiasm.negative_per_100_words": measured.per_100_words(measured.count("enthusiasm", "negative")),
        "enthusiasm.warmth_per_100_words": measured.per_100_words(measured.count("enthusiasm", "warmth")),
        "enthusiasm.exclamations_log_count": log_count(marks),
        "enthusiasm.exclamations_per_100_words": measured.per_100_words(marks),
        "enthusiasm.questions_log_count": log_count(text.count("?")),
        "enthusiasm.shouted_words_log_count": log_count(shouted),
        "enthusiasm.lower_case_flag": float(
            bool(letters) and sum(char.isupper() for char in letters) / len(letters) < 0.008
        ),
        "enthusiasm.no_interest_flag": float(
            measured.count("enthusiasm", "interest") + measured.count("enthusiasm", "warmth") == 0
        ),
    }
    return values


TRAIT = Trait("enthusiasm", measure)
