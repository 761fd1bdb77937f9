"""The page Method: what the scores mean, what they were learnt from, how well they agree, what is kept, what they cannot do."""

from __future__ import annotations

import re
from pathlib import Path

import streamlit as st

from analyzer.report.markup import Html, element
from analyzer.resources import resource_path
from analyzer.scoring.store import default_model_directory, shipped_models
from analyzer.ui import html

_LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]*)[^)]*\)")
_HEADING = re.compile(r"^(#+) ", re.MULTILINE)


def show() -> None:
    """Draw the page."""
    _write(masthead())
    rubric, limits, privacy, model, data = st.tabs(["Rubric", "Limits", "Privacy", "Model card", "Data card"])
    with rubric:
        st.markdown(readable(resource_path("rubric.md").read_text(encoding="utf-8")))
    with limits:
        st.markdown(readable(section(document("README.md"), "How good is it?", "Limits")))
    with privacy:
        st.markdown(readable(resource_path("privacy.md").read_text(encoding="utf-8")))
    with model:
        _model()
    with data:
        st.markdown(readable(document("data/README.md")))


def masthead() -> Html:
    """The page's title."""
    return element(
        "header",
        element("h1", "How it reads, and what it cannot"),
        element(
            "p",
            "A score is an estimate of what a careful reader would say, with the range in which four of five would. It is for learning, "
            "not for judging people.",
        ),
        class_="da-masthead",
    )


def _model() -> None:
    present = default_model_directory()
    card = present / "README.md"
    if card.is_file():
        # a taught model has the folder's own words only where we wrote them: its card is the shipped one's, said so
        st.markdown(readable(card.read_text(encoding="utf-8")))
        return
    _write(
        html.notice(
            f"The present model is “{present.name}”, taught by coaches here; this is the card of the one it comes from."
        )
    )
    shipped = shipped_models()
    name = (shipped / "default.txt").read_text(encoding="utf-8").strip()
    st.markdown(readable((shipped / name / "README.md").read_text(encoding="utf-8")))


def document(name: str) -> str:
    """A document of the repository: the checkout's own, else the copy in the package."""
    checkout = Path(__file__).resolve().parents[2]
    folder = checkout if (checkout / "pyproject.toml").is_file() else Path(__file__).resolve().parents[1] / "_documents"
    return (folder / name).read_text(encoding="utf-8")


def section(text: str, *titles: str) -> str:
    """The sections of a Markdown document with these titles."""
    parts = re.split(r"(?m)^(?=## )", text)
    return "\n\n".join(part for title in titles for part in parts if part.startswith(f"## {title}\n"))


def readable(text: str) -> str:
    """A document of ours for the page: links to files become words, pictures their description, headings fit below the title."""

    def plain(link: re.Match[str]) -> str:
        picture, words, target = link.groups()
        return link.group() if not picture and target.startswith("https://") else words

    return _HEADING.sub(r"#\1 ", _LINK.sub(plain, text)).replace("$", "\\$")


def _write(block: Html) -> None:
    st.html(block.code)
