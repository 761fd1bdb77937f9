"""From a row of named features and the words of a draft to the matrix the models see."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from analyzer.errors import ModelError
from analyzer.parsing.words import tokens_of
from analyzer.scoring.bag_of_words import BagOfWords, fit_bag_of_words
from analyzer.types import Draft, Evidence

# standardised features are cut here: one freak value must not decide a rating
_CLIP_DEVIATIONS = 4.0
# pairs of words; runs of three in shapes, which have few members
_LONGEST_WORD_RUN, _LONGEST_SHAPE_RUN = 2, 3
WORDS_PREFIX = "words."
SHAPES_PREFIX = "shapes."
# marks a token of a sentence's shape, so that words and shapes travel in one text
_SHAPE_MARK = "§"
# Penn tags of words that carry grammar, kept as they are; every other word is only its tag
_GRAMMAR_TAGS = frozenset(
    ("DT", "IN", "PRP", "PRP$", "MD", "TO", "WDT", "WP", "WRB", "CC", "RP", "EX", "PDT"),
)
_GRAMMAR_LEMMAS = frozenset(("be", "have", "do"))
_GRAMMAR_WORDS = frozenset(("not", "n't", "so", "very", "too", "also"))
# a rating must not hang on anybody's sex
_SEXLESS = {"she": "he", "her": "his", "hers": "his", "him": "his", "herself": "himself"}


def words_text(draft: Draft) -> str:
    """The words a bag of words may see: subject, body and close in small letters, names and figures veiled.

    Names of people, firms and places would teach the model who is praised, so every capitalised word inside a sentence becomes
    ``namex`` and every figure ``figurex``.
    """
    text = draft.text
    known = {
        token.stem
        for item in draft.note_items
        if item.source != "role" and item.kind != "topic"
        for token in tokens_of(item.text)
    }
    pieces = []
    for start, end in draft.spans_of("subject", "body", "close"):
        piece = text[start:end]
        at_start = True
        for token in tokens_of(piece):
            capital = (
                token.text[0].isupper()
                and not at_start
                and token.text not in ("I", "I'm", "I've", "I'd", "I'll")
                and not token.text.isupper()
            )
            if token.is_figure:
                pieces.append("figurex")
            elif capital or token.stem in known:
                pieces.append("namex")
            else:
                word = token.text.lower().replace("’", "'")
                pieces.append(_SEXLESS.get(word, word))
            following = piece[token.end : token.end + 2]
            at_start = bool(re.match(r"\s*[.!?:\n]", following))
            if following[:1] in ("!", "?"):
                pieces.append("exclaimx" if following[0] == "!" else "askx")
    return " ".join(pieces)


def shapes_text(draft: Draft, sentences: Sequence[tuple[int, int]]) -> str:
    """The shapes of the body's sentences: words of grammar as they are, all others as their Penn tag, each marked ``§``.

    Runs of them show what proofreaders miss: an article left out, an order of words carried over from another language, the bare
    imperatives of a demand. (Learner-error detection by tag n-grams is old: Chodorow & Leacock 2000, "An unsupervised method for
    detecting grammatical errors".) No content word and no name is in it.
    """
    pieces = []
    for start, end in sentences:
        pieces.append("<s>")
        for token in draft.doc.char_span(start, end, alignment_mode="contract") or ():
            word = token.lower_.replace("’", "'")
            if token.is_space:
                continue
            if token.is_punct:
                pieces.append(f"PUNCT{word}")
            elif token.tag_ in _GRAMMAR_TAGS or token.lemma_ in _GRAMMAR_LEMMAS or word in _GRAMMAR_WORDS:
                pieces.append(_SEXLESS.get(word, word))
            else:
                pieces.append(token.tag_)
        pieces.append("</s>")
    return " ".join(_SHAPE_MARK + "".join(piece.split()) for piece in pieces)


def model_text(evidence: Evidence) -> str:
    """What the bags of a model read: words, then shapes."""
    return f"{words_text(evidence.draft)} {shapes_text(evidence.draft, evidence.sentences)}"


def _words_only(text: str) -> str:
    return " ".join(token for token in text.split() if not token.startswith(_SHAPE_MARK))


def _shapes_only(text: str) -> str:
    return " ".join(token for token in text.split() if token.startswith(_SHAPE_MARK))


@dataclass(frozen=True)
class Featurizer:
    """Standardises named features and appends a weighted bag of words and one of sentence shapes.

    ``names`` are the features in column order; ``centre`` and ``spread`` have their shape; the scales are what the bags'
    columns are multiplied by so that the penalty treats all alike.
    """

    names: tuple[str, ...]
    centre: NDArray[np.float64]
    spread: NDArray[np.float64]
    words: BagOfWords
    words_scale: float
    shapes: BagOfWords
    shapes_scale: float

    def matrix(self, rows: Sequence[Mapping[str, float]], texts: Sequence[str]) -> Any:
        """Sparse matrix of shape (n_drafts, n_features + n_words + n_shapes); ``texts`` are from ``model_text``.

        Raises ModelError where a row lacks a feature: the model is of another version than the measures.
        """
        if rows and (missing := sorted(set(self.names) - set(rows[0]))):
            raise ModelError(
                "other_version",
                f"This model was made for another version of the measures (it wants “{missing[0]}”): use the shipped model, or train it anew.",
            )
        values = np.array([[row[name] for name in self.names] for row in rows], dtype=float)
        standard = (values.reshape(len(rows), len(self.names)) - self.centre) / self.spread
        clipped = np.clip(standard, -_CLIP_DEVIATIONS, _CLIP_DEVIATIONS)
        words = self.words.transform([_words_only(text) for text in texts]) * self.words_scale
        shapes = self.shapes.transform([_shapes_only(text) for text in texts]) * self.shapes_scale
        return sparse.hstack([sparse.csr_matrix(clipped), words, shapes], format="csr")

    @cached_property
    def column_names(self) -> tuple[str, ...]:
        """Names of all columns of ``matrix``; words are ``words.<word>``, shapes ``shapes.<run>`` without their marks."""
        words = (f"{WORDS_PREFIX}{word}" for word in self.words.words)
        shapes = (f"{SHAPES_PREFIX}{run.replace(_SHAPE_MARK, '')}" for run in self.shapes.words)
        return (*self.names, *words, *shapes)


def fit_featurizer(
    rows: Sequence[Mapping[str, float]],
    texts: Sequence[str],
    *,
    min_drafts: int,
    most_words: int,
    words_scale: float,
    shapes_scale: float,
) -> Featurizer:
    """Learn centre, spread and vocabularies. Features that never vary keep a spread of 1; a scale of 0 leaves its bag empty."""
    names = tuple(rows[0])
    values = np.array([[row[name] for name in names] for row in rows], dtype=float)
    spread = values.std(axis=0)
    spread[spread == 0.0] = 1.0

    def bag(pick: Callable[[str], str], scale: float, longest_run: int) -> BagOfWords:
        kept = [pick(text) for text in texts] if scale else []
        return fit_bag_of_words(kept, min_texts=min_drafts, most_words=most_words, longest_run=longest_run)

    words, shapes = (
        bag(_words_only, words_scale, _LONGEST_WORD_RUN),
        bag(_shapes_only, shapes_scale, _LONGEST_SHAPE_RUN),
    )
    return Featurizer(names, values.mean(axis=0), spread, words, words_scale, shapes, shapes_scale)
