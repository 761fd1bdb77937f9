"""Small helpers every reader shares: values in messages, opening files, characters that do not belong in text."""

from __future__ import annotations

import re
from pathlib import Path
from typing import BinaryIO

from analyzer.errors import FileError, InputError

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def printable(text: str) -> str:
    """The text with control characters and lone surrogates replaced, so that it can be shown and encoded anywhere."""
    return _SURROGATE.sub("\ufffd", _CONTROL.sub("\ufffd", text))


def one_line(text: str) -> str:
    """The text on one line, with a sign for each character that nobody sees: for names and values that a sentence quotes.

    Marks that turn the direction of writing, for one, would let a file's name rewrite the sentence around it.
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else " " if char.isspace() else "\ufffd" for char in text)


def shown(value: object, longest: int = 60) -> str:
    """A value for a message: in quotation marks, on one line, at most ``longest`` characters of it."""
    text = value if isinstance(value, str) else str(value)
    line = " ".join(one_line(text[: longest + 1]).split())
    return f"'{line if len(text) <= longest else line[:longest] + '…'}'"


def called(name: str) -> str:
    """What messages call a file or stream; '-' and '' are standard input."""
    return "Standard input" if name in ("", "-") else one_line(name)


def check_characters(text: str, where: str) -> None:
    """Raise InputError where the text holds control characters (not_text) or lone surrogates (bad_encoding).

    Tabs and line ends are fine.
    """
    control = _CONTROL.search(text)
    if control:
        raise InputError(
            "not_text",
            f"{where} is not plain text: it holds the control character U+{ord(control.group()):04X} at position "
            f"{control.start() + 1}; paste only the words of the message, or save it again as plain text.",
        )
    surrogate = _SURROGATE.search(text)
    if surrogate:
        raise InputError(
            "bad_encoding",
            f"{where} holds half a character (U+{ord(surrogate.group()):04X}) at position {surrogate.start() + 1}; "
            "save it again as UTF-8.",
        )


def open_file(path: Path) -> BinaryIO:
    """Open a file for reading bytes. Raises FileError: missing_file, is_folder, no_permission, unreadable_file."""
    name = called(str(path))
    try:
        return path.open("rb")
    except FileNotFoundError:
        raise FileError("missing_file", f"{name} does not exist; check the name and the folder.") from None
    except IsADirectoryError:
        raise FileError("is_folder", f"{name} is a folder; name one of the files in it.") from None
    except PermissionError:
        raise FileError("no_permission", f"{name} may not be read by you; change its permissions or copy it.") from None
    except (OSError, ValueError) as trouble:
        raise FileError(
            "unreadable_file", f"{name} cannot be opened ({trouble_of(trouble)}); copy it to another place."
        ) from trouble


def trouble_of(trouble: BaseException) -> str:
    """One short line of what a library said, for the brackets of a message."""
    if isinstance(trouble, OSError) and trouble.strerror:
        return one_line(trouble.strerror)
    line = " ".join(one_line(str(trouble)[:500]).split())
    return (line[:120] or type(trouble).__name__).rstrip(".")
