"""The way of a draft, in order. Only this module knows it: read -> parse -> proofread, match -> measure -> judge -> explain -> rewrite -> report.

One draft is a batch of one: every way in ends in ``Analyzer.analyze_cases``.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from threading import Lock, Thread
from typing import Self

from analyzer.errors import AnalyzerError, EngineError, InputError
from analyzer.findings import explain
from analyzer.matching import match_drafts
from analyzer.parsing.draft import body_sentences, build_draft
from analyzer.parsing.kind import KindClassifier, detect_kind
from analyzer.parsing.language import load_pipeline, parse_texts
from analyzer.parsing.notes import known_words
from analyzer.parsing.stuffing import stuffed_spans, without
from analyzer.proofing import ENGINES, REFERENCE_ENGINE, Engine, merge_issues
from analyzer.proofing.letters import letter_signals
from analyzer.reading.fields import check_case
from analyzer.rewrites import rewrite
from analyzer.rewrites.base import Trial
from analyzer.rules import run_rules
from analyzer.scoring.featurize import model_text
from analyzer.scoring.model import Judgement
from analyzer.scoring.store import shared_model
from analyzer.settings import TimingSettings, load_settings
from analyzer.timing import Calendar, check_dates, etiquette_findings, time_message
from analyzer.traits import measure
from analyzer.traits.frame import with_frame
from analyzer.types import Case, Draft, Evidence, Issue, PartName, Report, Silence

# Drafts judged together: large enough to share the model's overhead, small enough to keep memory flat.
CHUNK_CASES = 32
# Proofreaders at work at once: with two cores, one reads while the parser parses.
_READERS = 2
# Seconds an engine that failed is left alone, so that one that hangs does not hold up every draft of a batch.
_REST_S = 60.0
_UNREAD_PARTS: tuple[PartName, ...] = ("greeting", "signature", "quoted")


class Analyzer:
    """Judges drafts. Making one loads nothing; the first draft does. As a context it ends its engines behind itself.

    ``engines`` are names from ``proofing.ENGINES``; ``model`` a model directory; ``rewrites`` whether reports suggest better words;
    ``now`` the time that timing is told by (default: the clock's); ``timing`` replaces the user's own settings of timing.
    Raises UsageError for an unknown engine, country or zone.

    >>> report = Analyzer(engines=("harper",)).analyze("Dear Ana, thank you for today. Ben")
    >>> report.kind
    'thank_you'
    """

    def __init__(
        self,
        *,
        engines: Sequence[str] | None = None,
        model: Path | None = None,
        rewrites: bool = False,
        now: datetime | None = None,
        timing: TimingSettings | None = None,
    ) -> None:
        self._engines = select_engines(engines)
        self._rewrites = rewrites
        self._now = now
        self._calendar = Calendar(timing or load_settings().timing)
        self._model_directory = model
        self._warm = False
        self._warming = Lock()
        self._readers: ThreadPoolExecutor | None = None
        self._resting: dict[str, tuple[float, Silence]] = {}

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
        return self.analyze_case(case_from_fields(fields, 1, "Your draft"))

    def analyze_case(self, case: Case) -> Report:
        """The report on one case. Raises AnalyzerError where it cannot be judged."""
        report = next(self.analyze_cases([case]))
        if report.error:
            raise InputError(*report.error)
        return report

    def analyze_cases(self, cases: Iterable[Case], *, rewrites: bool | None = None) -> Iterator[Report]:
        """Reports in the order of the cases; a case that cannot be judged gives a report with ``error`` set.

        ``rewrites`` says otherwise than the analyzer was made whether better words are suggested.
        """
        remaining = iter(cases)
        wanted = self._rewrites if rewrites is None else rewrites
        while chunk := list(islice(remaining, CHUNK_CASES)):
            yield from self._analyze_chunk(chunk, wanted)

    def collect(
        self,
        cases: Iterable[Case],
        kind_classifier: KindClassifier | None = None,
        engines: Sequence[Engine] | None = None,
    ) -> Iterator[Evidence]:
        """Everything known of each case before it is judged: what training, batches and single drafts share.

        ``engines`` are fewer proofreaders than the analyzer's own, where a draft is only tried.
        """
        chunk = list(cases)
        classifier = kind_classifier or shared_model(self._model_directory).kind_classifier
        # proofreaders leave Python's lock alone, so they read beside the parser
        pool = self._reading_pool()
        read = [
            [(engine.name, pool.submit(self._ask, engine, case)) for engine in engines or self._engines]
            for case in chunk
        ]
        docs = parse_texts(case.draft for case in chunk)
        parsed = [build_draft(case, doc, classifier) for case, doc in zip(chunk, docs, strict=True)]
        pairs = [(draft, body_sentences(draft)) for draft in parsed]
        for (draft, sentences), matching, proofread in zip(pairs, match_drafts(pairs), read, strict=True):
            heard = [(name, answer.result()) for name, answer in proofread]
            lists = [answer for _, answer in heard if not isinstance(answer, Silence)]
            readers = tuple(name for name, answer in heard if not isinstance(answer, Silence))
            silent = tuple(answer for _, answer in heard if isinstance(answer, Silence))
            text = draft.text
            unread = draft.spans_of(*_UNREAD_PARTS)
            issues = merge_issues(lists, text, unread)
            # what a machine without Java would see, so that ratings do not depend on the machine
            alone = [found for found, reader in zip(lists, readers, strict=True) if reader == REFERENCE_ENGINE]
            yield with_frame(
                Evidence(
                    draft,
                    issues,
                    matching,
                    (*run_rules(draft), *letter_signals(draft)),
                    sentences,
                    readers,
                    merge_issues(alone or lists, text, unread),
                    silent,
                    stuffed_spans(text, draft.case.notes, sentences),
                )
            )

    def warm_up(self) -> None:
        """Load the models and start the engines, side by side. The first draft does it otherwise.

        Raises ModelError where a model is missing; an engine that cannot start is left to the first draft.
        """
        with self._warming:
            if self._warm:
                return
            starters = [Thread(target=_try_open, args=(engine,), daemon=True) for engine in self._engines]
            for starter in starters:
                starter.start()
            load_pipeline()
            shared_model(self._model_directory)
            for starter in starters:
                starter.join()
            self._warm = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End every engine. A draft that comes later starts them anew."""
        with self._warming:
            pool, self._readers, self._warm = self._readers, None, False
        if pool:
            pool.shutdown(wait=False, cancel_futures=True)
        for engine in self._engines:
            engine.close()

    def _reading_pool(self) -> ThreadPoolExecutor:
        with self._warming:
            if self._readers is None:
                self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="proofreader")
            return self._readers

    def _ask(self, engine: Engine, case: Case) -> tuple[Issue, ...] | Silence:
        """What an engine says of a draft, or why it says nothing. Raises EngineError where it is the only one."""
        until, told = self._resting.get(engine.name, (0.0, None))
        if told and time.monotonic() < until:
            return told
        try:
            return engine.check(case.draft, known_words(case))
        except EngineError as error:
            if len(self._engines) == 1:
                raise
            silence = Silence(engine.name, error.message)
            # one text that hangs says nothing of the next, nor does one whose engine was closed: it starts anew
            if error.code not in ("engine_timeout", "engine_closed"):
                self._resting[engine.name] = (time.monotonic() + _REST_S, silence)
            return silence

    def _analyze_chunk(self, chunk: Sequence[Case], rewrites: bool) -> Iterator[Report]:
        self.warm_up()
        now = self._now or datetime.now(UTC)
        errors: dict[int, AnalyzerError] = {}
        good: list[Case] = []
        for index, case in enumerate(chunk):
            try:
                check_case(case)
                check_dates(case, now, self._calendar)
                self._check_language(case)
                good.append(case)
            except AnalyzerError as error:
                errors[index] = error
        classifier = shared_model(self._model_directory).kind_classifier
        finished = iter(
            [
                self._with_timing(self._with_rewrites(item, report, rewrites), item, now, classifier)
                for item, report in self._explained(good)
            ]
        )
        for index, case in enumerate(chunk):
            yield (
                Report(id=case.id, case=case, error=(errors[index].code, errors[index].message))
                if index in errors
                else next(finished)
            )

    def _explained(
        self, cases: Sequence[Case], engines: Sequence[Engine] | None = None
    ) -> list[tuple[Evidence, Report]]:
        """What is known of each case, beside its judgement put into words."""
        evidence, rows, judgements = self._judged(cases, engines)
        fair = self._without_games(evidence, judgements, engines)
        return [(item, explain(item, row, judged)) for item, row, judged in zip(evidence, rows, fair, strict=True)]

    def _judged(
        self, cases: Sequence[Case], engines: Sequence[Engine] | None
    ) -> tuple[list[Evidence], list[dict[str, float]], Sequence[Judgement]]:
        """Cases collected, measured and judged as they stand."""
        model = shared_model(self._model_directory)
        evidence = list(self.collect(cases, model.kind_classifier, engines))
        rows = [measure(item) for item in evidence]
        return evidence, rows, model.judge(rows, [model_text(item) for item in evidence])

    def _with_rewrites(self, evidence: Evidence, report: Report, wanted: bool) -> Report:
        if not wanted:
            return report
        return rewrite(evidence, report, _Desk(self, evidence.draft), load_settings().language_model)

    def try_drafts(self, draft: Draft, texts: Sequence[str]) -> tuple[Trial, ...]:
        """Changed drafts of one case, judged like any other; proofread only by the reader whose findings the model counts."""
        readers = [engine for engine in self._engines if engine.name == REFERENCE_ENGINE] or self._engines
        cases = [replace(draft.case, draft=text, kind=draft.kind) for text in texts]
        return tuple(
            Trial(report.text, report.overall, item.reference_issues)
            for item, report in self._explained(cases, readers)
            if report.overall
        )

    def proofread(self, draft: Draft, text: str) -> tuple[Issue, ...]:
        """What all engines say of a changed draft."""
        return next(self.collect([replace(draft.case, draft=text, kind=draft.kind)])).issues

    def _with_timing(
        self, report: Report, evidence: Evidence, now: datetime, kind_classifier: KindClassifier
    ) -> Report:
        """The report with when to send it, and with the remarks on its frame. They leave the ratings alone."""
        draft = evidence.draft
        read_as = (
            (draft.kind, draft.kind_probability)
            if draft.kind_detected
            else detect_kind(draft.text, draft.case.notes, kind_classifier)
        )
        added = etiquette_findings(evidence, *read_as)
        merged = sorted((*report.findings, *added), key=lambda finding: (finding.start, finding.end, finding.rule))
        return replace(report, timing=time_message(draft, now, self._calendar), findings=tuple(merged))

    def _without_games(
        self, evidence: Sequence[Evidence], judgements: Sequence[Judgement], engines: Sequence[Engine] | None
    ) -> tuple[Judgement, ...]:
        """What only fills a draft counts for nothing: such a draft is judged without it too, and the lower rating holds."""
        filled = [at for at, item in enumerate(evidence) if item.stuffed]
        plain: list[Case] = []
        for at in filled:
            item = evidence[at]
            text = without(item.draft.text, item.stuffed)
            plain.append(
                replace(item.draft.case, draft=text if text.strip() else item.draft.text, kind=item.draft.kind)
            )
        if not plain:
            return tuple(judgements)
        _, _, judged = self._judged(plain, engines)
        lower = {at: judgements[at].lower(judgement) for at, judgement in zip(filled, judged, strict=True)}
        return tuple(lower.get(at, judgement) for at, judgement in enumerate(judgements))

    def _check_language(self, case: Case) -> None:
        from analyzer.parsing.english import check_english

        check_english(case.draft)


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where rewrites of one draft are tried: the analyzer itself."""

    analyzer: Analyzer
    draft: Draft

    def judge(self, texts: Sequence[str]) -> Sequence[Trial]:
        return self.analyzer.try_drafts(self.draft, texts)

    def proofread(self, text: str) -> tuple[Issue, ...]:
        return self.analyzer.proofread(self.draft, text)


def _try_open(engine: Engine) -> None:
    # what goes wrong here is met, and told, again when the engine is asked
    with suppress(EngineError):
        engine.open()


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
