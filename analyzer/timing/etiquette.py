"""Remarks on the frame: kind, subject line, greeting, attachments, length, channel, and words that press. They leave the ratings alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from analyzer.parsing.words import fold, tokens_of
from analyzer.resources import load_toml
from analyzer.types import Channel, Draft, Evidence, Finding, Kind, Severity

_SUBJECT_LABEL = re.compile(r"^\s*(?:subject|re|subj)\s*:\s*", re.IGNORECASE)


def etiquette_findings(evidence: Evidence, read_as: Kind, probability: float) -> tuple[Finding, ...]:
    """All remarks on the frame of one draft. ``read_as``: the kind its text looks like, with its probability."""
    draft = evidence.draft
    return (
        *_kind_disagrees(draft, read_as, probability),
        *_subject(draft),
        *_greeting(draft),
        *_attachment(draft),
        *_length(draft),
        *_pestering(draft),
    )


def subject_of(draft_text: str, start: int, end: int) -> str:
    """The words of a subject line without its label."""
    return _SUBJECT_LABEL.sub("", draft_text[start:end]).strip()


def suggested_subject(kind: Kind, role: str, company: str) -> str:
    """A subject line that says what the message is and about which post."""
    about = role.strip() or company.strip()
    subjects = load_toml("etiquette.toml")["subject"]["suggested"]
    return str(subjects[kind]["about" if about else "plain"]).format(about=" ".join(about.split()))


def _finding(
    rule: str,
    draft: Draft,
    start: int,
    end: int,
    suggestions: tuple[str, ...] = (),
    *,
    severity: Severity = "improve",
    **facts: Any,
) -> Finding:
    quoted = draft.text[start:end]
    message = str(load_toml("etiquette.toml")["messages"][rule]).format(text=" ".join(quoted.split()), **facts)
    return Finding(f"etiquette.{rule}", "overall", severity, start, end, quoted, message, suggestions)


def _kind_disagrees(draft: Draft, read_as: Kind, probability: float) -> Iterator[Finding]:
    if draft.kind_detected or read_as == draft.kind or probability < load_toml("etiquette.toml")["kind"]["sure_from"]:
        return
    names = load_toml("messages.toml")["kinds"]
    at = next((start for start, _ in draft.spans_of("body")), 0)
    yield _finding("kind", draft, at, at, given=names[draft.kind], read_as=names[read_as])


def _subject(draft: Draft) -> Iterator[Finding]:
    rules = load_toml("etiquette.toml")["subject"]
    spans = draft.spans_of("subject")
    case = draft.case
    suggestion = suggested_subject(draft.kind, case.role, case.company)
    if case.channel != "email":
        yield from (_finding(f"subject_on_{case.channel}", draft, start, end) for start, end in spans)
        return
    if not spans:
        yield _finding("subject_missing", draft, 0, 0, (suggestion,))
        return
    start, end = spans[0]
    words = subject_of(draft.text, start, end)
    count = len(re.findall(r"\w[\w'’.-]*", words))
    if count == 0:
        yield _finding("subject_empty", draft, start, end, (suggestion,))
    elif count > rules["most_words"]:
        yield _finding("subject_long", draft, start, end, (suggestion,), count=count)
    elif re.fullmatch(rules["says_nothing"], words, re.IGNORECASE):
        yield _finding("subject_says_nothing", draft, start, end, (suggestion,))
    elif count > 1 and words.isupper():
        yield _finding("subject_shouts", draft, start, end, (suggestion,))


def _greeting(draft: Draft) -> Iterator[Finding]:
    rules = load_toml("etiquette.toml")["greeting"]
    names = [name.strip() for name in draft.case.interviewer.split(";") if name.strip()]
    for start, end in draft.spans_of("greeting"):
        words = draft.text[start:end]
        if names and re.search(rules["to_nobody"], words, re.IGNORECASE):
            yield _finding(
                "greeting_to_nobody", draft, start, end, tuple(f"Dear {name}," for name in names[:1]), name=names[0]
            )
        titled = re.search(rules["title"], words)
        if titled is None:
            continue
        for name in names:
            parts = [part for part in name.split() if not re.fullmatch(rules["title_word"], part, re.IGNORECASE)]
            # "Mr Graham" to Graham Tuttle: the title goes with the surname
            if len(parts) > 1 and fold(titled["name"]) == fold(parts[0]) and fold(parts[-1]) not in fold(words):
                yield _finding(
                    "greeting_title",
                    draft,
                    start,
                    end,
                    (f"Dear {titled['title']} {parts[-1]},", f"Dear {parts[0]},"),
                    title=titled["title"],
                )


def _attachment(draft: Draft) -> Iterator[Finding]:
    pattern = load_toml("etiquette.toml")["attachment"]["spoken_of"]
    for start, end in draft.spans_of("body"):
        hit = re.search(pattern, draft.text[start:end], re.IGNORECASE)
        if hit:
            name = "attachment" if draft.case.channel == "email" else f"attachment_on_{draft.case.channel}"
            yield _finding(name, draft, start + hit.start(), start + hit.end())
            return


def _length(draft: Draft) -> Iterator[Finding]:
    rules = load_toml("etiquette.toml")["length"]
    spans = draft.spans_of("body")
    if not spans:
        return
    channel: Channel = draft.case.channel
    at = spans[-1][1]
    if channel == "linkedin":
        written = draft.spans_of("greeting", "body", "close", "signature")
        count = written[-1][1] - written[0][0]
        if count > rules["linkedin_note_characters"]:
            yield _finding(
                "length_on_linkedin",
                draft,
                at,
                at,
                count=count,
                most=rules["linkedin_note_characters"],
                free=rules["linkedin_free_note_characters"],
            )
        return
    count = sum(len(tokens_of(draft.text, start, end)) for start, end in spans)
    most = rules["card_words"] if channel == "card" else rules["most_words"][draft.kind]
    if count > most:
        kind = load_toml("messages.toml")["kinds"][draft.kind]
        yield _finding(
            "length_on_card" if channel == "card" else "length", draft, at, at, count=count, most=most, kind=kind
        )


def _pestering(draft: Draft) -> Iterator[Finding]:
    if draft.kind not in ("follow_up", "thank_you"):
        return
    for start, end in draft.spans_of("subject", "body"):
        for rule in load_toml("timing.toml")["words"]["pestering"]:
            for hit in re.finditer(rule["pattern"], draft.text[start:end], re.IGNORECASE):
                yield _finding("pestering", draft, start + hit.start(), start + hit.end())
