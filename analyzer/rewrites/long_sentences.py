"""Split a long sentence where the parse shows two whole clauses joined by "and", "but", "so" or a semicolon."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from analyzer.rewrites.base import Context, Proposal, Sentence, why_of

if TYPE_CHECKING:
    from spacy.tokens import Token

_LONG_WORDS, _SHORTEST_PART_WORDS = 34, 9
_JOINTS = frozenset({"and", "but", "so"})


def propose(context: Context) -> tuple[Proposal, ...]:
    """One split a long sentence, at the joint nearest its middle."""
    found = []
    for sentence in context.sentences:
        if sentence.words < _LONG_WORDS:
            continue
        split = _best_split(context, sentence)
        if split is not None:
            start, end, after = split
            why = why_of("long_sentences").format(count=sentence.words)
            found.append(
                Proposal(start, end, after, "concision", why, "long_sentences", small=True, keeps_meaning=True)
            )
    return tuple(found)


def _best_split(context: Context, sentence: Sentence) -> tuple[int, int, str] | None:
    tokens = [t for t in context.evidence.draft.doc if sentence.start <= t.idx < sentence.end and not t.is_space]
    spots = []
    for at, token in enumerate(tokens[1:-1], start=1):
        joint = token.lower_ in _JOINTS and tokens[at - 1].text == "," and _starts_clause(tokens, at + 1)
        semicolon = token.text == ";" and _starts_clause(tokens, at + 1)
        if not joint and not semicolon:
            continue
        words_before = sum(t.is_alpha for t in tokens[:at])
        words_after = sum(t.is_alpha for t in tokens[at + 1 :])
        if min(words_before, words_after) >= _SHORTEST_PART_WORDS:
            spots.append((abs(words_before - words_after), at))
    if not spots:
        return None
    at = min(spots)[1]
    first = tokens[at] if tokens[at].text == ";" else tokens[at - 1]
    following = tokens[at + 1]
    lead = {"but": "But ", "so": "So "}.get(tokens[at].lower_, "")
    word = following.text if lead else following.text[:1].upper() + following.text[1:]
    if lead and following.text != "I" and following.pos_ != "PROPN":
        word = following.text[:1].lower() + following.text[1:]
    return first.idx, following.idx + len(following.text), f". {lead}{word}"


def _starts_clause(tokens: list[Token], at: int) -> bool:
    """Whether a clause with its own subject begins here: "I …", "the team …", and its verb comes soon, without a relative before it."""
    if at >= len(tokens) or not re.match(
        r"(?:I|we|you|the|your|my|it|they|he|she)$",
        tokens[at].lower_.replace("i", "I") if tokens[at].lower_ == "i" else tokens[at].lower_,
    ):
        return False
    subject = next((t for t in tokens[at : at + 5] if t.dep_ in ("nsubj", "nsubjpass")), None)
    return (
        subject is not None and subject.head.pos_ in ("VERB", "AUX") and subject.head.dep_ in ("conj", "ROOT", "ccomp")
    )
