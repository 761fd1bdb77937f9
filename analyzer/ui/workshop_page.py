"""The page workshop."""

from __future__ import annotations

FIELDS: tuple[str, ...] = ()


def show() -> None:
    """Draw the page."""
