"""The draft on its way out: as a text, a Word file, or a link for the mail program. Nothing is sent here."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from urllib.parse import quote

from analyzer.report import mail
from analyzer.types import Report

LONGEST_LINK = 1_900
"""Characters of a mailto link: Windows cuts links at about 2,000."""

# XML, which a Word file is made of, cannot hold these
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Letter:
    """A draft taken apart for sending: the subject line, empty where there is none, and the rest."""

    subject: str
    body: str


def letter(report: Report) -> Letter:
    """The letter in a judged draft."""
    own = any(part.name == "subject" for part in report.parts)
    return Letter(mail.subject(report) if own else "", mail.body(report))


def mail_link(parts: Letter) -> str | None:
    """A link that opens the mail program with the letter in it; None where it would be too long for some of them."""
    asked = f"subject={quote(parts.subject)}&" if parts.subject else ""
    link = f"mailto:?{asked}body={quote(parts.body.replace(chr(10), chr(13) + chr(10)))}"
    return link if len(link) <= LONGEST_LINK else None


def as_text(parts: Letter) -> bytes:
    """Plain text with line ends that every editor shows."""
    head = f"Subject: {parts.subject}\n\n" if parts.subject else ""
    return (head + parts.body + "\n").replace("\n", "\r\n").encode("utf-8", "replace")


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
