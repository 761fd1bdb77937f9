"""The way of a draft, in order. Only this module knows it: read -> parse -> proofread, match -> measure -> judge -> explain -> report.

One draft is a batch of one: every way in ends in ``Analyzer.analyze_cases``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from analyzer.errors import AnalyzerError, EngineError, InputError
from analyzer.findings import explain
from analyzer.matching import match_draft
from analyzer.parsing.draft import body_sentences, build_draft
from analyzer.parsing.kind import KindClassifier
from analyzer.parsing.language import parse_texts
from analyzer.parsing.notes import known_words
from analyzer.proofing import ENGINES, Engine, merge_issues
from analyzer.reading.fields import check_case
from analyzer.rules import run_rules
from analyzer.scoring.featurize import model_text
from analyzer.scoring.model import Judgement
from analyzer.scoring.store import shared_model
from analyzer.traits import measure
from analyzer.traits.frame import with_frame
from analyzer.types import Case, Evidence, Issue, PartName, Report

# Drafts judged together: large enough to share the model's overhead, small enough to keep memory flat.
CHUNK_CASES = 32
_UNREAD_PARTS: tuple[PartName, ...] = ("greeting", "signature", "quoted")


class Analyzer:
    """Judges drafts. Making one loads nothing; the first draft does.

    ``engines`` are names from ``proofing.ENGINES``; ``model`` a model directory. Raises UsageError for an unknown engine.

    >>> report = Analyzer(engines=("harper",)).analyze("Dear Ana, thank you for today. Ben")
    >>> report.kind
    'thank_you'
    """

    def __init__(self, *, engines: Sequence[str] | None = None, model: Path | None = None) -> None:
        self._engines = select_engines(engines)
        self._model_directory = model

    def analyze(
        self,
        draft: str,
        *,
        notes: str = "",
        interviewer: str = "",
        company: str = "",
        role: str = "",
        kind: str | None = None,
    ) -> Report:
        """The report on one draft. Raises InputError where it cannot be judged."""
        from analyzer.reading.fields import case_from_fields

        fields = {
            "draft": draft,
            "notes": notes,
            "interviewer": interviewer,
            "company": company,
            "role": role,
            "kind": kind,
        }
        return self.analyze_case(case_from_fields(fields, 1))

    def analyze_case(self, case: Case) -> Report:
        """The report on one case. Raises AnalyzerError where it cannot be judged."""
        report = next(self.analyze_cases([case]))
        if report.error:
            raise InputError(*report.error)
        return report

    def analyze_cases(self, cases: Iterable[Case]) -> Iterator[Report]:
        """Reports in the order of the cases; a case that cannot be judged gives a report with ``error`` set."""
        remaining = iter(cases)
        while chunk := list(islice(remaining, CHUNK_CASES)):
            yield from self._analyze_chunk(chunk)

    def collect(self, cases: Iterable[Case], kind_classifier: KindClassifier | None = None) -> Iterator[Evidence]:
        """Everything known of each case before it is judged: what training, batches and single drafts share."""
        chunk = list(cases)
        classifier = kind_classifier or shared_model(self._model_directory).kind_classifier
        for case, doc in zip(chunk, parse_texts(case.draft for case in chunk), strict=True):
            draft = build_draft(case, doc, classifier)
            sentences = body_sentences(draft)
            issues = self._proofread(case, draft.spans_of(*_UNREAD_PARTS))
            yield with_frame(Evidence(draft, issues, match_draft(draft, sentences), run_rules(draft), sentences))

    def close(self) -> None:
        """End every engine."""
        for engine in self._engines:
            engine.close()

    def _proofread(self, case: Case, skip: Sequence[tuple[int, int]]) -> tuple[Issue, ...]:
        names = known_words(case)
        lists = []
        for engine in list(self._engines):
            try:
                lists.append(engine.check(case.draft, names))
            except EngineError:
                if engine is self._engines[0]:
                    raise
                # an optional engine that died is left out from here on; the report says who read the draft
                self._engines = tuple(other for other in self._engines if other is not engine)
        return merge_issues(lists, skip)

    def _analyze_chunk(self, chunk: Sequence[Case]) -> Iterator[Report]:
        errors: dict[int, AnalyzerError] = {}
        good: list[Case] = []
        for index, case in enumerate(chunk):
            try:
                check_case(case)
                self._check_language(case)
                good.append(case)
            except AnalyzerError as error:
                errors[index] = error
        model = shared_model(self._model_directory)
        evidence = list(self.collect(good, model.kind_classifier))
        rows = [measure(item) for item in evidence]
        judgements: Sequence[Judgement] = model.judge(rows, [model_text(item.draft) for item in evidence])
        names = tuple(engine.name for engine in self._engines)
        finished = iter(
            [
                explain(item, row, judgement, names)
                for item, row, judgement in zip(evidence, rows, judgements, strict=True)
            ]
        )
        for index, case in enumerate(chunk):
            yield (
                Report(id=case.id, case=case, error=(errors[index].code, errors[index].message))
                if index in errors
                else next(finished)
            )

    def _check_language(self, case: Case) -> None:
        from analyzer.parsing.english import check_english

        check_english(case.draft)


def select_engines(names: Sequence[str] | None) -> tuple[Engine, ...]:
    """Engines by name, in the order of ``ENGINES``; all that are available without setting anything up where ``names`` is None.

    Raises UsageError for a name nobody has.
    """
    from analyzer.errors import UsageError

    made = [make() for make in ENGINES]
    if names is None:
        return tuple(engine for engine in made if engine.probe().available)
    unknown = sorted(set(names) - {engine.name for engine in made})
    if unknown:
        raise UsageError(
            "unknown_engine",
            f"There is no proofreader called “{unknown[0]}”: choose from {', '.join(engine.name for engine in made)}.",
        )
    return tuple(engine for engine in made if engine.name in names)
