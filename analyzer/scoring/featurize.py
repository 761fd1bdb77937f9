"""From a row of named features and the words of a draft to the matrix the models see."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from analyzer.parsing.draft import body_sentences
from analyzer.parsing.words import tokens_of
from analyzer.types import Draft

# standardised features are cut here: one freak value must not decide a rating
_CLIP_DEVIATIONS = 4.0
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
                pieces.append(token.text.lower().replace("’", "'"))
            following = piece[token.end : token.end + 2]
            at_start = bool(re.match(r"\s*[.!?:\n]", following))
            if following[:1] in ("!", "?"):
                pieces.append("exclaimx" if following[0] == "!" else "askx")
    return " ".join(pieces)


def shapes_text(draft: Draft) -> str:
    """The shapes of the body's sentences: words of grammar as they are, all others as their Penn tag, each marked ``§``.

    Runs of them show what proofreaders miss: an article left out, an order of words carried over from another language, the bare
    imperatives of a demand. (Learner-error detection by tag n-grams is old: Chodorow & Leacock 2000, "An unsupervised method for
    detecting grammatical errors".) No content word and no name is in it.
    """
    pieces = []
    for start, end in body_sentences(draft):
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


def model_text(draft: Draft) -> str:
    """What the vectorizers of a model read: words, then shapes."""
    return f"{words_text(draft)} {shapes_text(draft)}"


@dataclass(frozen=True, slots=True)
class Featurizer:
    """Standardises named features and appends a weighted bag of words and one of sentence shapes.

    ``names`` are the features in column order; ``centre`` and ``spread`` have their shape; ``vectorizer`` and ``shapes`` are fitted
    TfidfVectorizers, the scales what their columns are multiplied by so that the penalty treats all alike. ``shapes`` is None in
    models of format 1, which had none.
    """

    names: tuple[str, ...]
    centre: NDArray[np.float64]
    spread: NDArray[np.float64]
    vectorizer: Any
    words_scale: float
    shapes: Any = None
    shapes_scale: float = 0.0

    def matrix(self, rows: Sequence[Mapping[str, float]], texts: Sequence[str]) -> Any:
        """Sparse matrix of shape (n_drafts, n_features + n_words + n_shapes); ``texts`` are from ``model_text``.

        Raises KeyError where a row lacks a feature.
        """
        values = np.array([[row[name] for name in self.names] for row in rows], dtype=float).reshape(
            len(rows), len(self.names)
        )
        standard = np.clip((values - self.centre) / self.spread, -_CLIP_DEVIATIONS, _CLIP_DEVIATIONS)
        blocks = [sparse.csr_matrix(standard), self.vectorizer.transform(texts) * self.words_scale]
        if self.shapes is not None:
            blocks.append(self.shapes.transform(texts) * self.shapes_scale)
        return sparse.hstack(blocks, format="csr")

    def column_names(self) -> tuple[str, ...]:
        """Names of all columns of ``matrix``; words are ``words.<word>``, shapes ``shapes.<run>`` without their marks."""
        words = (f"{WORDS_PREFIX}{word}" for word in self.vectorizer.get_feature_names_out())
        runs = self.shapes.get_feature_names_out() if self.shapes is not None else ()
        return (*self.names, *words, *(f"{SHAPES_PREFIX}{run.replace(_SHAPE_MARK, '')}" for run in runs))


def fit_featurizer(
    rows: Sequence[Mapping[str, float]],
    texts: Sequence[str],
    *,
    min_drafts: int,
    most_words: int,
    words_scale: float,
    shapes_scale: float = 0.0,
) -> Featurizer:
    """Learn centre, spread and vocabularies. Features that never vary keep a spread of 1; a shapes scale of 0 leaves shapes out."""
    names = tuple(rows[0])
    values = np.array([[row[name] for name in names] for row in rows], dtype=float)
    spread = values.std(axis=0)
    spread[spread == 0.0] = 1.0
    words = _vectorizer(rf"(?<!\S)[^\s{_SHAPE_MARK}]\S*", 2, min_drafts, most_words).fit(texts)
    shapes = None
    if shapes_scale and any(_SHAPE_MARK in text for text in texts):
        shapes = _vectorizer(rf"{_SHAPE_MARK}\S+", 3, min_drafts, most_words).fit(texts)
    return Featurizer(names, values.mean(axis=0), spread, words, words_scale, shapes, shapes_scale)


def _vectorizer(pattern: str, longest_run: int, min_drafts: int, most_words: int) -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(
        ngram_range=(1, longest_run),
        min_df=min_drafts,
        max_features=most_words,
        sublinear_tf=True,
        token_pattern=pattern,
        lowercase=False,
    )
