"""Matplotlib, as every plot of this package begins: without a screen, and only where it is installed."""

from __future__ import annotations

from typing import Any

from analyzer.errors import DataError


def load_pyplot() -> Any:
    """Matplotlib's pyplot without a screen. Raises DataError where matplotlib is not installed."""
    try:
        import matplotlib

        matplotlib.use("Agg")
        from matplotlib import pyplot
    except ImportError as error:
        raise DataError(
            "no_matplotlib", "Drawing needs matplotlib: install it with “pip install draft-analyzer[train]”."
        ) from error
    return pyplot
