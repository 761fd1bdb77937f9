"""A mailbox file as mail programs export it: every message is a draft, by who wrote it and when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from analyzer.errors import AnalyzerError, FileError, InputError
from analyzer.reading.checks import called, open_file, trouble_of
from analyzer.reading.columns import BY_NAME, ColumnChoice
from analyzer.reading.eml import EML
from analyzer.reading.formats import RawRow, TableFormat

if TYPE_CHECKING:
    from mailbox import mbox

_START = b"From "


def rows(path: Path, _choice: ColumnChoice = BY_NAME) -> Iterator[RawRow]:
    """The messages in the order of the file. The participant is the sender's address, sent_at the message's date.

    Raises FileError: bad_table, unreadable_file.
    """
    import mailbox

    source = called(str(path))
    with open_file(path) as stream:
        start = stream.read(len(_START))
    if start and start != _START:
        raise FileError(
            "bad_table", f"{source} is no mailbox (it does not begin with 'From '); save single mails as .eml."
        )
    try:
        box = mailbox.mbox(path, create=False)
        keys = list(box.iterkeys())
    except (OSError, ValueError) as trouble:
        raise FileError(
            "unreadable_file", f"{source} cannot be read ({trouble_of(trouble)}); copy it to another place."
        ) from trouble
    try:
        for row, key in enumerate(keys, start=1):
            yield _row(box, key, row, f"Message {row} of {source}")
    finally:
        box.close()


def _row(box: mbox, key: str, row: int, where: str) -> RawRow:
    try:
        with box.get_file(key) as message:
            data = message.read(EML.max_bytes + 1)
        if len(data) > EML.max_bytes:
            raise InputError("too_large", f"{where} is larger than {EML.max_bytes // 1_000_000} MB; take it out.")
        return RawRow(row, {"draft": EML.read(data, where), **_sender_and_date(data)})
    except AnalyzerError as error:
        return RawRow(row, {}, InputError(error.code, error.message))


def _sender_and_date(data: bytes) -> dict[str, object]:
    """What the head of a message says, nothing where it cannot be read: the text is what counts."""
    import email.policy
    from email.parser import BytesHeaderParser
    from email.utils import parseaddr, parsedate_to_datetime

    found: dict[str, object] = {}
    head = BytesHeaderParser(policy=email.policy.compat32).parsebytes(data.split(b"\n\n", 1)[0][:100_000])
    address = parseaddr(str(head.get("From", "")))[1]
    if address and address.isprintable():
        found["participant"] = address[:200]
    try:
        sent = parsedate_to_datetime(str(head.get("Date", "")))
    except (ValueError, TypeError, IndexError, OverflowError):
        return found
    if isinstance(sent, datetime):
        found["sent_at"] = sent
    return found


MBOX = TableFormat("mbox", (".mbox", ".mbx"), rows)
