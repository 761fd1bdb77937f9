"""One file, upload or pipe that holds one draft (or one set of notes)."""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import Literal

from analyzer.errors import FileError, InputError
from analyzer.reading.checks import called, open_file, trouble_of
from analyzer.reading.formats import DocumentFormat
from analyzer.reading.limits import MAX_DRAFT_CHARACTERS, MAX_NOTES_CHARACTERS
from analyzer.reading.text import TEXT

Use = Literal["draft", "notes"]
_MOST_CHARACTERS: dict[Use, int] = {"draft": MAX_DRAFT_CHARACTERS, "notes": MAX_NOTES_CHARACTERS}


def read_document(path: Path, use: Use = "draft") -> str:
    """The text of a file in the format its ending tells; an unknown ending is taken for plain text.

    Notes may be longer than a draft and may be empty. Raises FileError (missing_file, is_folder, no_permission,
    unreadable_file) and InputError (empty_draft, too_large, not_text, bad_encoding, bad_docx, bad_eml).
    """
    most_bytes = document_format(path.name).max_bytes
    with open_file(path) as stream:
        try:
            data = stream.read(most_bytes + 1)
        except OSError as trouble:
            raise FileError(
                "unreadable_file",
                f"{called(str(path))} cannot be read ({trouble_of(trouble)}); copy it to another place.",
            ) from trouble
    return read_document_bytes(data, str(path), use)


def read_document_bytes(data: bytes, name: str, use: Use = "draft") -> str:
    """The text of an upload or of standard input ('-'); the ending of ``name`` tells the format, as in read_document.

    Raises InputError: empty_draft, too_large, not_text, bad_encoding, bad_docx, bad_eml.
    """
    source = called(name)
    form = document_format(name)
    if len(data) > form.max_bytes:
        raise InputError(
            "too_large",
            f"{source} is larger than {form.max_bytes // 1_000_000} MB; a {use} is much shorter, check that it is the "
            "right file.",
        )
    text = form.read(data, source) if data else ""
    check_length(text, source, use)
    return text


def check_length(text: str, where: str, use: Use = "draft") -> None:
    """Raise InputError where a draft or notes are too long (too_large) or a draft has no words at all (empty_draft)."""
    most = _MOST_CHARACTERS[use]
    if len(text) > most:
        whose = "a draft" if use == "draft" else "notes"
        raise InputError(
            "too_large",
            f"{where} has {len(text):,} characters, the limit for {whose} is {most:,}; keep only what matters.",
        )
    if use == "draft" and not text.strip():
        raise InputError("empty_draft", f"{where} is empty; write the message into it first.")


def document_format(name: str) -> DocumentFormat:
    """The format for a file name, plain text where its ending is unknown or missing."""
    from analyzer.reading import DOCUMENT_FORMATS  # the tuple lists this package's modules, so it is made after them

    ending = PurePath(name).suffix.lower()
    return next((form for form in DOCUMENT_FORMATS if ending in form.endings), TEXT)
