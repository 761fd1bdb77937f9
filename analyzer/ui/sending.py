"""The draft on its way out: as a text, a mail, a Word file, a date in the calendar, or a link for the mail program. Nothing is sent here."""

from __future__ import annotations

import io
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

from analyzer.types import Report

LONGEST_LINK = 1_900
"""Characters of a mailto link: Windows cuts links at about 2,000."""

_SUBJECT_WORD = re.compile(r"\s*(?:subject|re|betreff)\s*:\s*", re.IGNORECASE)
# XML, which a Word file is made of, cannot hold these
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ZERO_WIDTH = re.compile("[\u200b\u200c\u2060\ufeff]")


@dataclass(frozen=True, slots=True)
class Letter:
    """A draft taken apart for sending: the subject line, empty where there is none, and the rest."""

    subject: str
    body: str


def letter(report: Report) -> Letter:
    """The letter in a judged draft."""
    text = report.text
    subject = next((part for part in report.parts if part.name == "subject"), None)
    if subject is None:
        return Letter("", plain(text).strip())
    words = _SUBJECT_WORD.sub("", text[subject.start : subject.end], count=1)
    rest = text[: subject.start] + text[subject.end :]
    return Letter(" ".join(plain(words).split()), plain(rest).strip())


def plain(text: str) -> str:
    """Text that arrives as it looks: one kind of line end, ordinary blanks, nothing invisible; quotes and dashes stay."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = _ZERO_WIDTH.sub("", lines.replace("\u00a0", " ").replace("\u202f", " "))
    return "\n".join(line.rstrip() for line in unicodedata.normalize("NFC", lines).split("\n"))


def mail_link(parts: Letter) -> str | None:
    """A link that opens the mail program with the letter in it; None where it would be too long for some of them."""
    asked = f"subject={quote(parts.subject)}&" if parts.subject else ""
    link = f"mailto:?{asked}body={quote(parts.body.replace(chr(10), chr(13) + chr(10)))}"
    return link if len(link) <= LONGEST_LINK else None


def as_text(parts: Letter) -> bytes:
    """Plain text with line ends that every editor shows."""
    head = f"Subject: {parts.subject}\n\n" if parts.subject else ""
    return (head + parts.body + "\n").replace("\n", "\r\n").encode("utf-8", "replace")


def as_eml(parts: Letter) -> bytes:
    """A mail that opens as an unsent message where the mail program knows that."""
    from email.message import EmailMessage
    from email.policy import SMTP

    message = EmailMessage(policy=SMTP)
    # a header is one line: anything else would let a subject add headers of its own
    message["Subject"] = " ".join(_NOT_XML.sub("", parts.subject).split())
    message["X-Unsent"] = "1"
    message.set_content(parts.body.encode("utf-8", "replace").decode() + "\n")
    return message.as_bytes()


def as_docx(parts: Letter) -> bytes:
    """A Word file, a paragraph for each of the letter's."""
    import docx

    document = docx.Document()
    if parts.subject:
        document.add_paragraph(_NOT_XML.sub("\ufffd", f"Subject: {parts.subject}"))
    for paragraph in re.split(r"\n{2,}", parts.body):
        document.add_paragraph(_NOT_XML.sub("\ufffd", paragraph))
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def as_ics(window: tuple[datetime, datetime], what: str) -> bytes:
    """The time in which to send as an event of a calendar (RFC 5545); ``what`` is its title."""
    start, end = window
    made = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    title = re.sub(r"([\\;,])", r"\\\1", " ".join(what.split()))
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//draft-analyzer//EN",
        "BEGIN:VEVENT",
        f"UID:{made}-{start:%Y%m%d%H%M}@draft-analyzer.localhost",
        f"DTSTAMP:{made}",
        f"DTSTART:{_moment(start)}",
        f"DTEND:{_moment(end)}",
        f"SUMMARY:{title[:60]}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
    return "\r\n".join(lines).encode()


def _moment(moment: datetime) -> str:
    """Times with a zone as UTC; others as the clock on the wall shows them."""
    if moment.tzinfo is None:
        return moment.strftime("%Y%m%dT%H%M%S")
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
