"""The records that travel from step to step. Plain frozen dataclasses; no behaviour beyond small derived values.

Spans are half-open ``[start, end)`` offsets in code points of the draft exactly as given, so ``draft[start:end] == text``.
A *rating* is 1..5 as in the rubric, a *score* is 0..100 with ``score = (rating - 1) * 25``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from spacy.tokens import Doc

Kind = Literal["thank_you", "follow_up", "clarification", "rejection_reply"]
KINDS: tuple[Kind, ...] = ("thank_you", "follow_up", "clarification", "rejection_reply")

Channel = Literal["email", "card", "linkedin"]
CHANNELS: tuple[Channel, ...] = ("email", "card", "linkedin")

Verdict = Literal["send_now", "send_soon", "wait", "late", "stop"]

Severity = Literal["fix", "improve", "praise"]
SEVERITIES: tuple[Severity, ...] = ("fix", "improve", "praise")

PartName = Literal["subject", "greeting", "body", "close", "signature", "quoted"]
How = Literal["exact", "fuzzy", "semantic"]
Support = Literal["plausible", "unsupported"]
Source = Literal["notes", "interviewer", "company", "role"]
ItemKind = Literal["person", "organisation", "figure", "topic", "problem", "promise", "next_step", "plan"]

LOWEST_RATING = 1.0
HIGHEST_RATING = 5.0


def score_of(rating: float) -> float:
    """Map a rating 1..5 onto a score 0..100."""
    return (rating - 1.0) * 25.0


@dataclass(frozen=True, slots=True)
class Case:
    """One draft and what is known about it: the unit that readers produce and batch consumes.

    Times are aware or naive ``datetime`` objects as given; ``None`` where unknown. ``kind`` is None where it is to be detected.
    ``participant`` says whose draft it is, so that a person's drafts stand together; it is never judged.
    """

    draft: str
    id: str = "1"
    kind: Kind | None = None
    notes: str = ""
    interviewer: str = ""
    company: str = ""
    role: str = ""
    interviewed_at: datetime | None = None
    sent_at: datetime | None = None
    decision_by: datetime | None = None
    previous_messages: tuple[datetime, ...] = ()
    participant: str = ""
    channel: Channel = "email"


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the draft with one job (greeting, body, ...)."""

    name: PartName
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class NoteItem:
    """One thing the writer jotted down, or one field of the case.

    ``start``/``end`` are offsets into the text of ``source`` (the notes, or the field). ``kind`` is what sort of thing it is;
    ``terms`` are the content lemmas it is matched by. ``why`` says in words for the writer why it is worth telling, or why it is not.
    """

    text: str
    source: Source
    kind: ItemKind
    start: int
    end: int
    terms: tuple[str, ...] = ()
    private: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A parsed draft. ``doc`` is one spaCy Doc over exactly ``case.draft``.

    ``parts`` are in text order and never overlap; the body may be several parts (paragraphs).
    """

    case: Case
    doc: Doc
    parts: tuple[Part, ...]
    kind: Kind
    kind_detected: bool
    kind_probability: float
    note_items: tuple[NoteItem, ...]

    @property
    def text(self) -> str:
        """The draft exactly as given."""
        return self.case.draft

    def spans_of(self, *names: PartName) -> tuple[tuple[int, int], ...]:
        """The ``(start, end)`` of all parts with one of the names, in text order."""
        return tuple((part.start, part.end) for part in self.parts if part.name in names)

    def has(self, name: PartName) -> bool:
        """Whether there is a part of that name."""
        return any(part.name == name for part in self.parts)


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing a proofreading engine objects to.

    ``category`` tells errors of language from matters of style: only errors count in the grammar trait.
    """

    engine: str
    rule: str
    start: int
    end: int
    text: str
    message: str
    suggestions: tuple[str, ...] = ()
    category: Literal["spelling", "grammar", "punctuation", "capitals", "style"] = "grammar"


@dataclass(frozen=True, slots=True)
class NoteMatch:
    """A place in the draft that speaks of a note item. ``developed``: the writer says something about it, not merely names it."""

    item: NoteItem
    how: How
    start: int
    end: int
    similarity: float
    developed: bool = False


@dataclass(frozen=True, slots=True)
class Conflict:
    """A place in the draft that disagrees with the notes or the fields of the case."""

    fault: Literal["wrong_name", "wrong_company", "wrong_fact"]
    start: int
    end: int
    text: str
    expected: str
    message: str


@dataclass(frozen=True, slots=True)
class Detail:
    """A name or figure of the draft that the notes do not have. ``unsupported``: the draft says that the reader told it."""

    start: int
    end: int
    text: str
    support: Support


@dataclass(frozen=True, slots=True)
class Matching:
    """All that comparing a draft with its notes gave.

    ``missed`` are unused note items worth adding, best first; ``withheld`` those that had better stay out. The item's ``why`` says why.
    """

    matches: tuple[NoteMatch, ...] = ()
    missed: tuple[NoteItem, ...] = ()
    withheld: tuple[NoteItem, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    details: tuple[Detail, ...] = ()


@dataclass(frozen=True, slots=True)
class Signal:
    """A rule that fired at a place in the draft. Signals are counted by the traits and shown as findings.

    ``start == end`` for something missing.
    """

    rule: str
    start: int
    end: int
    suggestions: tuple[str, ...] = ()
    message: str = ""


@dataclass(frozen=True, slots=True)
class Stuffed:
    """A span ``[start, end)`` of the draft that only fills it and counts for nothing."""

    start: int
    end: int
    how: Literal["said_again", "in_a_row", "copied_notes"]


@dataclass(frozen=True, slots=True)
class Silence:
    """An engine that was asked to proofread a draft and did not answer, and why, in words for the writer."""

    engine: str
    why: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything known of one draft before it is judged: the input of every trait.

    ``readers`` are the names of the engines that proofread this draft. ``issues`` is what all of them found, merged, and is shown;
    ``reference_issues`` is what the engine that is on every machine found, and is measured. ``silent`` are the engines that were asked
    and did not answer. ``stuffed`` is what only fills the draft.
    """

    draft: Draft
    issues: tuple[Issue, ...]
    matching: Matching
    signals: tuple[Signal, ...]
    sentences: tuple[tuple[int, int], ...]
    readers: tuple[str, ...] = ()
    reference_issues: tuple[Issue, ...] = ()
    silent: tuple[Silence, ...] = ()
    stuffed: tuple[Stuffed, ...] = ()


@dataclass(frozen=True, slots=True)
class Rating:
    """A rating 1..5 with the interval (in rating units) that holds the mean human rating in about 80 % of cases."""

    value: float
    low: float
    high: float

    def __post_init__(self) -> None:
        if not LOWEST_RATING <= self.low <= self.value <= self.high <= HIGHEST_RATING:
            raise ValueError(f"not a rating with its interval inside 1..5: {self.low} <= {self.value} <= {self.high}")

    @property
    def score(self) -> float:
        """0..100."""
        return score_of(self.value)


@dataclass(frozen=True, slots=True)
class Contribution:
    """How far one feature moved one rating, in rating units, against the average draft of the training set."""

    feature: str
    value: float
    effect: float


@dataclass(frozen=True, slots=True)
class TraitResult:
    """A trait's rating, one plain sentence of why, and the contributions behind it, strongest first."""

    name: str
    rating: Rating
    why: str
    contributions: tuple[Contribution, ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault tag of the rubric that holds, with its calibrated probability."""

    tag: str
    probability: float


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark about one place of the draft. ``trait`` is a trait's name or 'overall'."""

    rule: str
    trait: str
    severity: Severity
    start: int
    end: int
    text: str
    message: str
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Timing:
    """When to send. ``send_between`` is a pair of times, or None where none can be told.

    ``verdict`` is a ``Verdict``: send_now (the time is right), send_soon (due, but better at the next working hour), wait (too early),
    late (past its best, still worth sending), stop (enough has been sent).
    """

    verdict: Verdict
    message: str
    send_between: tuple[datetime, datetime] | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """A suggested change of ``[start, end)`` from ``before`` to ``after``; ``gain`` in points of the overall score.

    ``rewriter`` is the kind of rewrite; ``start`` = ``end`` where something is put in.
    """

    start: int
    end: int
    before: str
    after: str
    trait: str
    why: str
    gain: float = 0.0
    rewriter: str = ""


@dataclass(frozen=True, slots=True)
class Rewritten:
    """The draft with the best set of edits applied, and its rating."""

    draft: str
    overall: Rating


@dataclass(frozen=True, slots=True)
class Question:
    """What a better draft would need and nobody but the writer knows. ``about`` is the note it is about, '' where it is about none."""

    text: str
    about: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Report:
    """The finished judgement of one case; ``error`` set means nothing else was measured. A notebook shows it as a table."""

    id: str
    case: Case | None = None
    kind: Kind | None = None
    kind_detected: bool = False
    parts: tuple[Part, ...] = ()
    overall: Rating | None = None
    traits: tuple[TraitResult, ...] = ()
    faults: tuple[Fault, ...] = ()
    findings: tuple[Finding, ...] = ()
    matches: tuple[NoteMatch, ...] = ()
    missed: tuple[NoteItem, ...] = ()
    withheld: tuple[NoteItem, ...] = ()
    details: tuple[Detail, ...] = ()
    timing: Timing | None = None
    rewrites: tuple[Edit, ...] = ()
    rewritten: Rewritten | None = None
    questions: tuple[Question, ...] = ()
    engines: tuple[str, ...] = ()
    silent: tuple[Silence, ...] = ()
    advisories: tuple[str, ...] = ()
    error: tuple[str, str] | None = None
    contributions: tuple[Contribution, ...] = field(default=())

    @property
    def text(self) -> str:
        """The draft exactly as given."""
        return self.case.draft if self.case else ""

    @property
    def remarks(self) -> tuple[Finding, ...]:
        """The findings about places in the draft; those about the draft as a whole are told by ``advisories``."""
        return tuple(finding for finding in self.findings if not finding.rule.startswith("unlike."))

    def __repr__(self) -> str:
        if self.error or self.overall is None:
            return f"<Report {self.id}: {self.error[1] if self.error else 'not judged'}>"
        traits = ", ".join(f"{trait.name} {trait.rating.score:.0f}" for trait in self.traits)
        urgent = sum(finding.severity == "fix" for finding in self.findings)
        kind = str(self.kind).replace("_", " ")
        return f"<Report {self.id}: {kind}, {self.overall.score:.0f} of 100 ({traits}), {urgent} to fix>"

    def _repr_html_(self) -> str:
        from html import escape

        if self.error or self.overall is None:
            return f"<p>{escape(repr(self))}</p>"
        traits = "".join(
            f"<tr><th>{escape(trait.name)}</th><td>{trait.rating.score:.0f}</td><td>{escape(trait.why)}</td></tr>"
            for trait in self.traits
        )
        remarks = "".join(
            f"<li><b>{finding.severity}</b> “{escape(finding.text)}” {escape(finding.message)}</li>"
            for finding in self.findings
            if finding.severity != "praise"
        )
        whole = f"{self.overall.score:.0f} of 100, likely {score_of(self.overall.low):.0f} to {score_of(self.overall.high):.0f}"
        return f"<p><b>{whole}</b></p><table>{traits}</table><ul>{remarks}</ul>"
