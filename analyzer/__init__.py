"""How will the message you send after an interview land?

>>> from analyzer import Analyzer
>>> report = Analyzer(engines=("harper",)).analyze("Dear Ana, thank you for your time on Tuesday. Ben", interviewer="Ana Silva")
>>> 1.0 <= report.overall.value <= 5.0
True

The public names are those in ``__all__``; everything else may move.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analyzer.errors import AnalyzerError
    from analyzer.pipeline import Analyzer
    from analyzer.types import Case, Finding, Rating, Report

__all__ = ["Analyzer", "AnalyzerError", "Case", "Finding", "Rating", "Report", "__version__"]

__version__ = "0.1.0"

_HOMES = {
    "Analyzer": "analyzer.pipeline",
    "AnalyzerError": "analyzer.errors",
    "Case": "analyzer.types",
    "Finding": "analyzer.types",
    "Rating": "analyzer.types",
    "Report": "analyzer.types",
}


def __getattr__(name: str) -> Any:
    # loaded at the first use, so that “analyzer --version” need not wait for spaCy
    from importlib import import_module

    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
