"""Read a skops file that holds nothing but dictionaries, lists, numbers, text and arrays.

``skops.io.load`` does the same and much more, but importing it costs one and a half seconds (all of scikit-learn), half of what a cold
``analyzer score`` may take. This reader knows five kinds of node and refuses every other, so it is also the stricter of the two: no class
is ever looked up. A test compares it with ``skops.io.load`` on our own model.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

import numpy as np

# skops protocol whose nodes are known here (skops 0.11 to 0.16)
_PROTOCOLS = (1, 2)
_MOST_UNPACKED_BYTES = 400_000_000


class UnknownNodeError(ValueError):
    """The file holds something other than plain data; the message names it."""


def read_skops(data: bytes) -> Any:
    """The plain data in a skops file. Raises UnknownNodeError for any other type, ValueError or BadZipFile for a broken file."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(member.file_size for member in archive.infolist()) > _MOST_UNPACKED_BYTES:
            raise ValueError("the archive unpacks to more than any model of ours")
        schema = json.loads(archive.read("schema.json"))
        if schema.get("protocol") not in _PROTOCOLS:
            raise UnknownNodeError(f"skops protocol {schema.get('protocol')!r}")
        return _Reader(archive).value(schema)


class _Reader:
    """Walks the nodes; remembers objects by id, because skops writes an object that occurs twice only once."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._seen: dict[int, Any] = {}

    def value(self, node: Mapping[str, Any]) -> Any:
        loader = node.get("__loader__")
        if loader == "CachedNode":
            return self._seen[node["__id__"]]
        made: Any
        if loader == "DictNode" and node.get("__class__") == "dict":
            made = {str(key): self.value(item) for key, item in node["content"].items()}
        elif loader == "ListNode" and node.get("__class__") == "list":
            made = [self.value(item) for item in node["content"]]
        elif loader == "JsonNode":
            made = json.loads(node["content"])
        elif (
            loader == "NdArrayNode" and node.get("type") == "numpy" and node.get("__class__") in ("ndarray", "float64")
        ):
            array = np.load(io.BytesIO(self._archive.read(node["file"])), allow_pickle=False)
            made = array if node["__class__"] == "ndarray" else float(array)
        else:
            raise UnknownNodeError(f"{node.get('__module__')}.{node.get('__class__')}")
        if "__id__" in node:
            self._seen[node["__id__"]] = made
        return made
