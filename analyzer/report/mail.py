"""The draft as an ``.eml`` file that a mail program opens as an unsent message. Shows, never computes."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP

from analyzer.errors import UsageError
from analyzer.report.plain_text import plain_text
from analyzer.timing.etiquette import subject_of, suggested_subject
from analyzer.types import Report

_LONGEST_SUBJECT_CHARACTERS = 200


def mail_of(report: Report) -> bytes:
    """The message as bytes. Its subject is the draft's own, else a suggested one; nobody is addressed yet.

    Raises UsageError where the report has no draft.
    """
    if report.case is None or report.kind is None:
        raise UsageError("nothing_to_mail", "There is no judged draft to write as a mail: mend the draft first.")
    message = EmailMessage(policy=SMTP)
    # Outlook and others open a file with this header for writing, not for reading
    message["X-Unsent"] = "1"
    message["Subject"] = _one_line(subject(report))
    message.set_content(body(report) + "\n", charset="utf-8")
    return message.as_bytes()


def subject(report: Report) -> str:
    """The subject line of the draft, else a suggested one."""
    assert report.case is not None and report.kind is not None
    own = (subject_of(report.text, part.start, part.end) for part in report.parts if part.name == "subject")
    return next(
        (words for words in own if words), suggested_subject(report.kind, report.case.role, report.case.company)
    )


def body(report: Report) -> str:
    """The draft without its subject line, ready to be copied."""
    return plain_text(_without_subject(report)).strip("\n")


def _without_subject(report: Report) -> str:
    text, kept, at = report.text, [], 0
    for part in report.parts:
        if part.name == "subject":
            kept.append(text[at : part.start])
            at = part.end
    return "".join([*kept, text[at:]])


def _one_line(text: str) -> str:
    # a line end in a header would start a header of its own
    return " ".join(plain_text(text).split())[:_LONGEST_SUBJECT_CHARACTERS]
