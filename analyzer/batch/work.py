"""What a worker does with a chunk of cases: judge them with models loaded once, and give each report as JSON without its id."""

from __future__ import annotations

import gc
import json
from collections.abc import Sequence
from functools import lru_cache

from analyzer.batch.options import Recipe
from analyzer.errors import AnalyzerError, ModelError, UsageError
from analyzer.pipeline import Analyzer
from analyzer.report.json_report import to_dict
from analyzer.types import Case, Report

# What stops a batch as a whole; anything else costs one row.
_FATAL = (ModelError, UsageError)
# Python's 700 let the collector run several times a draft; what one chunk makes is still gone with the next
_OBJECTS_BEFORE_COLLECTING = 20_000


# at most one: a process judges by one recipe at a time
_open: dict[Recipe, Analyzer] = {}


def shared_analyzer(recipe: Recipe) -> Analyzer:
    """The one analyzer of this process; that of another recipe is ended."""
    if recipe not in _open:
        close_analyzer()
        _open[recipe] = Analyzer(engines=recipe.engines, model=recipe.model, rewrites=recipe.rewrites)
    return _open[recipe]


def close_analyzer() -> None:
    """End the engines of this process; the next chunk starts them anew."""
    while _open:
        _open.popitem()[1].close()


def judge(recipe: Recipe, cases: Sequence[Case]) -> list[str]:
    """For each case its report as a JSON object without the id. A case that makes the analyzer fail becomes an error of its own."""
    analyzer = shared_analyzer(recipe)
    try:
        texts = [_text(report) for report in analyzer.analyze_cases(cases)]
        _settle()
        return texts
    except _FATAL:
        raise
    except Exception as error:
        if len(cases) == 1:
            return [error_text(*_reason(error))]
        return [text for case in cases for text in judge(recipe, [case])]


@lru_cache(maxsize=1)
def _settle() -> None:
    """Once the models are there: spare the garbage collector looking through them again and again (a twelfth of the time)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_OBJECTS_BEFORE_COLLECTING)


def error_text(code: str, message: str) -> str:
    """The report, without its id, of a row that could not be judged."""
    return json.dumps({"error": {"code": code, "message": message}}, ensure_ascii=False)


def _text(report: Report) -> str:
    told = dict(to_dict(report))
    del told["id"]
    return json.dumps(told, ensure_ascii=False)


def _reason(error: Exception) -> tuple[str, str]:
    if isinstance(error, AnalyzerError):
        return error.code, error.message
    return (
        "internal_error",
        f"This draft could not be judged because of a fault in the analyzer ({type(error).__name__}); please report it.",
    )
