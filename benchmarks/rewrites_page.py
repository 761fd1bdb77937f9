"""Write ``docs/rewrites.md``: before and after of the shipped examples.

``python -m benchmarks.rewrites_page [FILE]``. Only the proofreader that is always there is asked, so that the page is the same everywhere.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from analyzer.pipeline import Analyzer
from analyzer.reading import case_from_fields, read_cases
from analyzer.types import Case, Report

_ROOT = Path(__file__).resolve().parents[1]
_PAGE = _ROOT / "docs" / "rewrites.md"
_HEAD = """# Rewrites, before and after

Made by `make rewrites-page` from `data/samples` and `data/examples/traps.jsonl`; do not edit. How the rewrites are measured: `make rewrites`.

Every word below that the draft did not have comes from the notes, from the case, or from a closed list of phrases that carry no fact
(`analyzer/resources/rewrites.toml`). Each suggestion was tried on the draft and scored by the same model; what does not gain is not offered.
"""


def examples() -> list[Case]:
    """The sample draft and the ten traps."""
    samples = _ROOT / "data" / "samples"
    fields = {
        "id": "sample",
        "draft": (samples / "draft.txt").read_text(encoding="utf-8"),
        "notes": (samples / "notes.txt").read_text(encoding="utf-8"),
        "interviewer": "Priya Nair",
        "company": "Harbourline",
        "role": "Returns Coordinator",
    }
    traps = [row for row in read_cases(_ROOT / "data/examples/traps.jsonl") if isinstance(row, Case)]
    return [case_from_fields(fields, 1), *traps]


def section(case: Case, report: Report) -> str:
    """One example: notes, before, after, and why."""
    if report.overall is None:
        raise ValueError(f"{case.id} has no rating")
    head = f"## {case.id}: {report.overall.score:.0f}"
    notes = f"Notes: {' '.join(case.notes.split())}"
    before = f"Before:\n\n```text\n{case.draft.strip()}\n```"
    if report.rewritten is None:
        return "\n\n".join((f"{head}, left as it is", notes, before))
    after = f"After:\n\n```text\n{report.rewritten.draft.strip()}\n```"
    whys = "\n".join(f"- {why}" for why in dict.fromkeys(edit.why for edit in report.rewrites))
    asked = "\n".join(f"- {question.text}" for question in report.questions)
    parts = [f"{head} → {report.rewritten.overall.score:.0f}", notes, before, after, f"Why:\n\n{whys}"]
    return "\n\n".join([*parts, f"What only the writer can add:\n\n{asked}"] if asked else parts)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the page."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    page = Path(given[0]) if given else _PAGE
    analyzer = Analyzer(engines=("harper",), rewrites=True)
    cases = examples()
    sections = [section(case, analyzer.analyze_case(case)) for case in cases]
    page.write_text("\n\n".join([_HEAD.strip(), *sections]) + "\n", encoding="utf-8")
    print(f"{len(sections)} examples written to {page}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
