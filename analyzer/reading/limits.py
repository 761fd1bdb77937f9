"""Every limit of reading, in one place. MB means 1,000,000 bytes; characters are Unicode code points."""

from __future__ import annotations

MAX_DRAFT_CHARACTERS = 20_000
"""A long message has 3,000; above this it is the wrong file, and proofreading it would take minutes."""

MAX_NOTES_CHARACTERS = 50_000
"""Ten pages of jottings; notes are only matched, so they may be longer than a draft."""

MAX_FIELD_CHARACTERS = 1_000
"""Interviewer, company, role: a panel of ten with full titles stays below."""

MAX_ID_CHARACTERS = 200
"""An id is a key or a relative file name, and is repeated in every message and report."""

MAX_PREVIOUS_MESSAGES = 100
"""Nobody sends more; a longer list is a mix-up of columns."""

EARLIEST_YEAR = 1970
LATEST_YEAR = 2199
"""Years outside are typing slips or stand-ins for 'never', and would overflow when days are added to them."""

MAX_TEXT_FILE_BYTES = 1_000_000
"""A plain text or Markdown file, or the text inside a mail: 12 times the longest draft even at 4 bytes a character."""

MAX_CONTAINER_FILE_BYTES = 20_000_000
"""A mail or Word file: they carry pictures and attachments beside the text. Usual mail servers stop at 25 MB."""

MAX_UNPACKED_DOCUMENT_BYTES = 20_000_000
"""All members of a Word file together, unpacked; more is a zip bomb or a book."""

MAX_UNPACKED_TABLE_BYTES = 500_000_000
"""All members of a workbook together, unpacked: about 200,000 cases. Sheets are streamed, never held whole."""

MAX_ZIP_MEMBERS = 5_000
"""Files inside one Word file or workbook; a real one has 10 to 200."""

MAX_ZIP_RATIO = 200
"""Unpacked size by packed size. Office files reach 40; zip bombs 1,000."""

ZIP_RATIO_FREE_BYTES = 1_000_000
"""Below this unpacked size the ratio is not looked at: tiny files full of blanks reach any ratio."""

PARQUET_RATIO_FREE_BYTES = 100_000_000
"""Below this unpacked size of one column in one row group the ratio is not looked at: a draft copied into every row packs well."""

MAX_MAIL_PARTS = 200
"""Mentions of 'multipart/' in one mail: each nested part is read again, so many of them cost minutes."""

MAX_MAIL_HEADER_BYTES = 5_000
"""One subject or content header of a mail; Python's parser takes quadratic time on them, minutes for 1 MB."""

MAX_ZIPPED_DRAFTS = 200_000
"""Documents in one zip of drafts; they are read one by one, never unpacked to a disk."""

MAX_RECORD_CHARACTERS = 1_000_000
"""One row of a CSV or one line of a JSONL (there in bytes); the longest valid case has about 75,000."""

MAX_SHEET_ROWS = 1_048_576
"""Rows of a sheet; Excel itself allows no more, so a higher row number is a damaged file."""
