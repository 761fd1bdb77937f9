"""Plots as pictures inside the page: Streamlit takes no SVG elements, so each is an image of its own with its style inside."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from pathlib import Path

from analyzer.report.markup import Html, element

_STYLE = Path(__file__).parent / "plots.css"


def svg(width: float, height: float, *parts: Html) -> Html:
    """A drawing of this size."""
    return element("svg", *parts, viewBox=f"0 0 {width:.0f} {height:.0f}")


def svg_text(x: float, y: float, words: str, class_: str, anchor: str = "start") -> Html:
    """A line of words in a drawing."""
    return element("text", words, x=float(x), y=float(y), class_=f"t {class_}", text_anchor=anchor)


def figure(drawing: Html, said: str) -> Html:
    """The drawing as an image; ``said`` tells in words what it shows."""
    head, rest = drawing.code.split(">", 1)
    code = f'{head} xmlns="http://www.w3.org/2000/svg"><style>{_style()}</style>{rest}'
    return element(
        "img", class_="da-plot", alt=said, src=f"data:image/svg+xml;base64,{b64encode(code.encode()).decode()}"
    )


@cache
def _style() -> str:
    # an image is parsed as XML: a sign of it in the style sheet would end the drawing
    text = _STYLE.read_text(encoding="utf-8")
    return text.replace("&", "&amp;").replace("<", "&lt;")
