"""HTML and SVG built so that nothing reaches a page unescaped: only what ``element`` and ``joined`` return is taken as it is."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass

from analyzer.reading.checks import printable

# embeddings and overrides would let a draft reorder what stands around it
_REORDERING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_VOID = ("br", "hr", "img", "meta")


@dataclass(frozen=True, slots=True)
class Html:
    """Code that is safe to put into the page as it is. Made by ``element`` and ``joined`` only."""

    code: str


NOTHING = Html("")


def escaped(value: str) -> str:
    """Text as it may stand inside elements and in quoted attributes."""
    return html.escape(printable(_REORDERING.sub("·", value)), quote=True)


def element(name: str, *children: Html | str, **attributes: str | float | None) -> Html:
    """One element. Texts and attributes are escaped; ``class_`` is ``class``, ``aria_label`` is ``aria-label``, None is left out."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escaped(_written(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in _VOID:
        return Html(f"<{name}{written}>")
    return Html(f"<{name}{written}>{joined(children).code}</{name}>")


def joined(parts: Iterable[Html | str]) -> Html:
    """Parts one after another, texts escaped."""
    return Html("".join(part.code if isinstance(part, Html) else escaped(part) for part in parts))


def page(title: str, style: str, *body: Html) -> str:
    """A whole file. It asks for nothing outside itself and runs nothing, and says so to the browser."""
    policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    head = (
        '<meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer">'
        f"<title>{escaped(title)}</title><style>{style}</style>"
    )
    return f'<!doctype html>\n<html lang="en"><head>{head}</head><body>{joined(body).code}</body></html>\n'


def _written(value: str | float) -> str:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)
