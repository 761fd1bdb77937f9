"""Plain text of any usual encoding."""

from __future__ import annotations

import re
import unicodedata

from analyzer.errors import InputError
from analyzer.reading.checks import check_characters
from analyzer.reading.formats import DocumentFormat
from analyzer.reading.limits import MAX_TEXT_FILE_BYTES

_UTF8_BOM = b"\xef\xbb\xbf"
_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")

# Files people really send, often with the wrong ending; the first bytes give them away.
_FOREIGN = (
    (b"%PDF-", "a PDF", "copy its text into a .txt file"),
    (b"PK\x03\x04", "a zip or Office file", "give a Word file its ending .docx"),
    (b"\xd0\xcf\x11\xe0", "a file of old Word or Outlook", "save it as .docx or .eml"),
    (b"{\\rtf", "an RTF file", "save it as .docx or .txt"),
    (b"\x89PNG", "a picture", "type its text into a .txt file"),
    (b"\xff\xd8\xff", "a picture", "type its text into a .txt file"),
)

# What charset-normalizer may answer, Windows-1252 first: the code pages mail programs and editors really wrote.
_PLAUSIBLE = [
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "mac_roman", "koi8_r"),
    *("cp932", "euc_jp", "gb18030", "big5", "cp949"),
]

# In Windows-1252 the bytes above 127 are accented letters in words and typographic marks around words. These are not:
_NOT_WINDOWS = re.compile(
    rb"[\x81\x8d\x8f\x90\x9d]"  # bytes without a meaning
    rb"|[a-z\xdf-\xf6\xf8-\xff][\x8a\x8c\x8e\x9f\xc0-\xd6\xd8-\xde]"  # a capital after a small letter
    rb"|[A-Za-z\xc0-\xff][\x82\x84\x91\x93]"  # an opening quotation mark after a letter
    rb"|[\xa2-\xa6\xa8\xaf\xb3\xb4\xb8\xb9\xbc\xbe][A-Za-z]"  # signs that touch a word: Polish or Czech letters
    rb"|[A-Za-z][\xa2-\xa6\xa8\xaf\xb3\xb4\xb8\xb9\xbc\xbe\xbf][A-Za-z]"
    rb"|[\x8a\x8c\x8e\x9a\x9c\x9e\x9f\xc0-\xff]{3}"  # three accented letters in a row: another script
)
_MOST_WESTERN_HIGH_SHARE = 0.15


def read(data: bytes, source: str) -> str:
    """The text of a plain text file, line ends as they are. Raises InputError: not_text, bad_encoding."""
    for start, what, cure in _FOREIGN:
        if data.startswith(start):
            raise InputError("not_text", f"{source} is {what}, not plain text; {cure}.")
    text = decode(data, source)
    check_characters(text, source)
    return text


def decode(data: bytes, source: str) -> str:
    """Bytes to text: UTF-8, UTF-16 with its mark, otherwise the best guess. A byte order mark is dropped.

    Raises InputError: not_text for binary data, bad_encoding where no encoding fits.
    """
    try:
        if data.startswith(_UTF16_BOMS):
            return data.decode("utf-16")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        marked = data.startswith((*_UTF16_BOMS, _UTF8_BOM))
    # Only UTF-16 and binary data have NULs, and UTF-16 without its mark is too rare to guess at.
    encoding = None if marked or b"\0" in data else guess_encoding(data)
    if encoding:
        return data.decode(encoding)
    if b"\0" in data and not marked:
        raise InputError(
            "not_text", f"{source} is not a text file; save the message as .txt (UTF-8), .md, .eml or .docx."
        )
    raise InputError("bad_encoding", f"{source} is in no known text encoding or damaged; save it again as UTF-8.")


def guess_encoding(data: bytes) -> str | None:
    """The likeliest encoding of text that is not UTF-8, None where none is plausible.

    Short Western texts have too few bytes above 127 for statistics, so a rule of its own tries Windows-1252 first.
    """
    is_not_windows = bool(_NOT_WINDOWS.search(data))
    high = sum(byte > 127 for byte in data)
    if not is_not_windows and high <= _MOST_WESTERN_HIGH_SHARE * len(data):
        return "cp1252"
    from charset_normalizer import from_bytes  # 40 ms, and nearly every file is UTF-8

    candidates = _PLAUSIBLE[is_not_windows:]
    for match in sorted(from_bytes(data, cp_isolation=candidates, enable_fallback=False), key=lambda m: _signs(str(m))):
        try:
            text = data.decode(match.encoding)
        except UnicodeDecodeError:
            continue
        if _mostly_readable(text):
            return match.encoding
    return None


def _signs(text: str) -> int:
    """How many signs such as '£' or '³' a text holds; of equally likely readings the one with letters is right."""
    return sum(ord(char) > 127 and unicodedata.category(char)[0] in "SN" for char in text)


def _mostly_readable(text: str) -> bool:
    """Whether nine of ten characters are letters, digits, blanks or usual punctuation: random bytes are not."""
    usual = sum(char.isalnum() or char.isspace() or unicodedata.category(char)[0] in "PM" for char in text)
    return usual >= 0.9 * len(text)


TEXT = DocumentFormat("text", (".txt", ".text"), MAX_TEXT_FILE_BYTES, read)
