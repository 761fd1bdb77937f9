"""Put a parsed draft together from its case and its spaCy Doc."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzer.parsing.kind import KindClassifier, detect_kind
from analyzer.parsing.language import sentences_of
from analyzer.parsing.layout import split_parts
from analyzer.parsing.notes import note_items
from analyzer.types import Case, Draft

if TYPE_CHECKING:
    from spacy.tokens import Doc


def build_draft(case: Case, doc: Doc, kind_classifier: KindClassifier) -> Draft:
    """The parsed draft of one case; ``doc`` must be over exactly ``case.draft``."""
    parts = split_parts(case.draft)
    kind, probability = (case.kind, 1.0) if case.kind else detect_kind(case.draft, case.notes, kind_classifier)
    return Draft(
        case=case,
        doc=doc,
        parts=parts,
        kind=kind,
        kind_detected=case.kind is None,
        kind_probability=probability,
        note_items=note_items(case),
    )


def body_sentences(draft: Draft) -> tuple[tuple[int, int], ...]:
    """The sentences of the body as (start, end), in text order."""
    return sentences_of(draft.doc, draft.spans_of("body"))
