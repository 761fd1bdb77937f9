"""Focus: is it about the reader's needs, or about the writer's wants?"""

from __future__ import annotations

from collections.abc import Mapping

from analyzer.parsing.words import fold, tokens_of
from analyzer.traits.base import Measured, Trait, log_count

_SELF = frozenset({"i", "me", "my", "mine", "myself", "i'm", "i've", "i'd", "i'll", "im", "ive"})
_READER = frozenset({"you", "your", "yours", "yourself", "you're", "you've", "you'd", "you'll"})
_THEM = frozenset(
    {
        "they",
        "them",
        "their",
        "team",
        "customers",
        "clients",
        "patients",
        "students",
        "pupils",
        "children",
        "colleagues",
        "staff",
        "users",
        "guests",
        "residents",
        "company",
        "school",
        "hospital",
    }
)
_US = frozenset({"we", "us", "our"})


def measure(measured: Measured) -> Mapping[str, float]:
    """Features of focus: who is spoken of, who is the subject, what is wanted and what is offered."""
    evidence = measured.evidence
    text = evidence.draft.text
    words = [fold(token.text) for token in measured.tokens]
    mine = sum(word in _SELF for word in words)
    yours = sum(word in _READER for word in words)
    theirs = sum(word in _THEM for word in words)
    company = {fold(token.text) for token in tokens_of(evidence.draft.case.company)}
    firm = sum(word in company for word in words)
    sentences = [[fold(token.text) for token in tokens_of(text, start, end)] for start, end in evidence.sentences]
    count = max(1, len(sentences))
    opens_with_self = sum(bool(words) and words[0] in _SELF for words in sentences)
    only_self = sum(
        any(word in _SELF for word in words) and not any(word in _READER or word in _THEM for word in words)
        for words in sentences
    )
    with_reader = sum(any(word in _READER or word in _THEM for word in words) for words in sentences)
    return {
        "focus.self_words_per_100_words": measured.per_100_words(mine),
        "focus.reader_words_per_100_words": measured.per_100_words(yours),
        "focus.their_people_per_100_words": measured.per_100_words(theirs + firm),
        "focus.we_words_per_100_words": measured.per_100_words(sum(word in _US for word in words)),
        "focus.self_balance": (mine - yours - theirs) / max(1, mine + yours + theirs),
        "focus.sentences_opening_with_self_share": opens_with_self / count,
        "focus.sentences_only_self_share": only_self / count,
        "focus.sentences_with_reader_share": with_reader / count,
        "focus.self_benefit_log_count": log_count(measured.count("focus", "self_benefit")),
        "focus.pay_log_count": log_count(measured.count("focus", "pay")),
        "focus.self_benefit_hint_log_count": log_count(measured.count("focus", "self_benefit_hint")),
        "focus.pay_hint_log_count": log_count(measured.count("focus", "pay_hint")),
        "focus.serving_log_count": log_count(measured.count("focus", "serving")),
        "focus.serving_per_100_words": measured.per_100_words(measured.count("focus", "serving")),
        "focus.self_statement_log_count": log_count(measured.count("focus", "self_statement")),
        "focus.self_statement_per_100_words": measured.per_100_words(measured.count("focus", "self_statement")),
        "focus.their_need_log_count": log_count(measured.count("focus", "their_need")),
    }


TRAIT = Trait("focus", measure)
