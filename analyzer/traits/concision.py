"""Concision: does every sentence earn its place?"""

from __future__ import annotations

import itertools
import math
import warnings
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from analyzer.parsing.words import is_common
from analyzer.traits.base import Measured, Trait, hinge, log_count

# Words of the body: the rubric's own borders (25, 50, 150, 220, 350).
_BARE_WORDS, _FULL_WORDS, _LONG_WORDS, _TOO_LONG_WORDS, _RAMBLING_WORDS = 25, 50, 150, 220, 350
_LONG_SENTENCE_WORDS = 28
_DENSE_PARAGRAPH_WORDS = 90


@lru_cache(maxsize=1)
def _textstat() -> Any:
    with warnings.catch_warnings():
        # textstat 0.7.4 imports pkg_resources, which announces its own end
        warnings.simplefilter("ignore")
        import textstat
    return textstat


def _repeated_share(stems: list[str]) -> float:
    """Share of content words that say again what was said before."""
    counts = Counter(stems)
    return sum(count - 1 for count in counts.values()) / max(1, len(stems))


def measure(measured: Measured) -> Mapping[str, float]:
    """Features of concision: length against the rubric's borders, padding, repetition, and how hard it is to read."""
    words = measured.words
    body = measured.body
    stems = [token.stem for token in measured.tokens if not is_common(token.text)]
    pairs = Counter(itertools.pairwise(stems))
    paragraphs = [len(paragraph.split()) for paragraph in body.split("\n") if paragraph.strip()]
    lengths = measured.sentence_words
    stat = _textstat()
    padding, filler, template = (measured.count("concision", group) for group in ("padding", "filler", "template"))
    return {
        "concision.words_log_count": math.log(words),
        "concision.bare_words": hinge(-words, -_BARE_WORDS, 10.0),
        "concision.short_words": hinge(-words, -_FULL_WORDS, 20.0),
        "concision.over_150_words": hinge(words, _LONG_WORDS, 70.0),
        "concision.over_220_words": hinge(words, _TOO_LONG_WORDS, 100.0),
        "concision.over_350_words": hinge(words, _RAMBLING_WORDS, 100.0),
        "concision.sentences_log_count": log_count(len(lengths)),
        "concision.sentence_mean_words": sum(lengths) / len(lengths),
        "concision.longest_sentence_words": hinge(max(lengths), _LONG_SENTENCE_WORDS, 20.0),
        "concision.long_sentences_share": sum(length > _LONG_SENTENCE_WORDS for length in lengths) / len(lengths),
        "concision.densest_paragraph_words": hinge(max(paragraphs, default=0), _DENSE_PARAGRAPH_WORDS, 60.0),
        "concision.padding_log_count": log_count(padding),
        "concision.padding_per_100_words": measured.per_100_words(padding),
        "concision.filler_per_100_words": measured.per_100_words(filler),
        "concision.filler_log_count": log_count(filler),
        "concision.template_log_count": log_count(template),
        "concision.template_per_100_words": measured.per_100_words(template),
        "concision.stiff_log_count": log_count(measured.count("concision", "stiff")),
        "concision.stiff_per_100_words": measured.per_100_words(measured.count("concision", "stiff")),
        "concision.repeated_share": _repeated_share(stems),
        "concision.repeated_pairs_log_count": log_count(sum(count - 1 for count in pairs.values())),
        "concision.content_share": len(stems) / words,
        "concision.reading_ease_points": float(stat.flesch_reading_ease(body)) / 100.0 if words > 5 else 0.7,
        "concision.grade_level": float(stat.flesch_kincaid_grade(body)) / 10.0 if words > 5 else 0.5,
        "concision.clarification_flag": float(measured.evidence.draft.kind == "clarification"),
    }


TRAIT = Trait("concision", measure)
