"""A saved mail: its subject and its text, quoted replies as they are, attachments left out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from analyzer.errors import AnalyzerError, InputError
from analyzer.reading import text as plain_text
from analyzer.reading.checks import check_characters, trouble_of
from analyzer.reading.formats import DocumentFormat
from analyzer.reading.limits import (
    MAX_CONTAINER_FILE_BYTES,
    MAX_MAIL_HEADER_BYTES,
    MAX_MAIL_PARTS,
    MAX_TEXT_FILE_BYTES,
)

if TYPE_CHECKING:
    from email.message import EmailMessage, MIMEPart

_QUOTE_MARKS = re.compile(r">*")
_SIGNATURE = "-- "
# The headers that are parsed here, with their folded lines.
_PARSED_HEADER = re.compile(rb"^(?:subject|content-[a-z-]+):[^\n]*(?:\n[ \t][^\n]*)*", re.IGNORECASE | re.MULTILINE)
_HEADERS_OF_MAIL = ("from", "to", "subject", "date", "mime-version", "content-type", "message-id", "received")

# Mail programs that say these mean Windows-1252, and browsers read them so (WHATWG encoding standard).
_REALLY_WINDOWS = frozenset({"us-ascii", "ascii", "iso-8859-1", "iso8859-1", "latin-1", "latin1"})
# Python knows these codecs, but no mail is written in them, and some take quadratic time.
_NOT_FOR_MAIL = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined"})


def read(data: bytes, source: str) -> str:
    """The text of a mail, with 'Subject: …' and an empty line in front where it has a subject; line ends are LF.

    Raises InputError: bad_eml, too_large (text over MAX_TEXT_FILE_BYTES), not_text, bad_encoding.
    """
    import email  # 20 ms, and most drafts are plain text
    import email.policy

    if data.lower().count(b"multipart/") > MAX_MAIL_PARTS:
        raise InputError("bad_eml", f"{source} has too many nested parts for a mail; copy its text into a .txt file.")
    if any(len(header.group()) > MAX_MAIL_HEADER_BYTES for header in _PARSED_HEADER.finditer(data)):
        raise InputError("bad_eml", f"{source} has an endless header line; copy its text into a .txt file.")
    try:
        mail = email.message_from_bytes(data, policy=email.policy.default)
        if not any(header in mail for header in _HEADERS_OF_MAIL):
            raise InputError(
                "bad_eml", f"{source} has no mail headers; save it from the mail program as .eml, or rename it to .txt."
            )
        subject = " ".join(str(mail["subject"] or "").split())
        body = _body(mail, source)
    except AnalyzerError:
        raise
    except Exception as trouble:  # the email package lets half a dozen kinds out on malformed headers
        raise InputError(
            "bad_eml", f"{source} is a damaged mail ({trouble_of(trouble)}); copy its text into a .txt file."
        ) from trouble
    text = f"Subject: {subject}\n\n{body}" if subject else body
    check_characters(text, source)
    return text


def _body(mail: EmailMessage, source: str) -> str:
    """The text/plain part, or the text/html part as text where there is no plain one with words in it."""
    for kind in ("plain", "html"):
        part = mail.get_body((kind,))
        if part is None:
            continue
        written = _decoded(part, source).replace("\r\n", "\n").replace("\r", "\n")
        if kind == "html":
            from analyzer.reading.html_text import html_to_text

            written = html_to_text(written)
        elif part.get_param("format", "") == "flowed":
            written = _unflowed(written, delete_space=str(part.get_param("delsp", "")).lower() == "yes")
        if written.strip():
            return written
    raise InputError(
        "bad_eml",
        f"{source} is a mail without a text (empty, encrypted or only attachments); copy the message into a .txt file.",
    )


def _decoded(part: MIMEPart, source: str) -> str:
    """The text of one part: by the character set it names, else by the same guess as for plain files."""
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    if len(data) > MAX_TEXT_FILE_BYTES:
        raise InputError(
            "too_large",
            f"{source} has {len(data):,} bytes of text, the limit is {MAX_TEXT_FILE_BYTES:,}; keep only the message.",
        )
    charset = str(part.get_content_charset() or "us-ascii").lower().replace("_", "-")
    # Many mails say nothing, or us-ascii, and hold UTF-8.
    for encoding in ("utf-8", "cp1252") if charset in _REALLY_WINDOWS else (charset,):
        if encoding in _NOT_FOR_MAIL:
            break
        try:
            return data.decode(encoding)
        except (LookupError, ValueError):
            continue
    return plain_text.decode(data, source)


def _unflowed(text: str, delete_space: bool) -> str:
    """Undo format=flowed (RFC 3676): lines that end in a blank go on in the next one of the same quoting depth."""
    lines: list[str] = []
    goes_on, last_depth = False, 0
    for line in text.split("\n"):
        depth = len(_QUOTE_MARKS.match(line)[0])  # type: ignore[index]  # the pattern matches nothing too
        words = line[depth:].removeprefix(" ")
        is_signature = words == _SIGNATURE
        if goes_on and depth == last_depth and not is_signature:
            lines[-1] += words
        else:
            lines.append(f"{'>' * depth} {words}" if depth else words)
        goes_on, last_depth = words.endswith(" ") and not is_signature, depth
        if goes_on and delete_space:
            lines[-1] = lines[-1][:-1]
    return "\n".join(lines)


EML = DocumentFormat("eml", (".eml",), MAX_CONTAINER_FILE_BYTES, read)
