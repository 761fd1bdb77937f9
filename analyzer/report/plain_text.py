"""Text as it should arrive when copied or mailed: no invisible characters, ordinary blanks and line ends; typographic quotes stay."""

from __future__ import annotations

import re
import unicodedata

# ZERO WIDTH SPACE, WORD JOINER, BOM, SOFT HYPHEN, marks and overrides of direction, other control characters
_INVISIBLE = re.compile(
    r"[\u200b\u2060-\u2064\ufeff\u00ad\u200e\u200f\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f\x7f-\x9f]"
)
# joiners are part of emoji and of some scripts, but stand for nothing beside Latin letters, blanks and at the ends
_STRAY_JOINER = re.compile(r"(?:(?<=[\x00-\u024f])|^)[\u200c\u200d]+|[\u200c\u200d]+(?=[\x00-\u024f]|$)", re.MULTILINE)
_BLANKS = re.compile(r"[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")


def plain_text(text: str) -> str:
    r"""The text composed (NFC), with "\n" as its only line end, ordinary blanks, none of them at line ends, nothing invisible.

    >>> plain_text("Dear\u00a0Ana,\r\nthank\u200byou \r\n")
    'Dear Ana,\nthankyou\n'
    """
    lines = re.sub(r"\r\n?|[\u2028\u2029\x85\x0b\x0c]", "\n", text)
    blanks = _BLANKS.sub(" ", lines)
    # what one removal brings together another may have to look at again
    while (cleaner := _STRAY_JOINER.sub("", _INVISIBLE.sub("", blanks))) != blanks:
        blanks = cleaner
    return unicodedata.normalize("NFC", re.sub(r" +(?=\n|\Z)", "", blanks))
