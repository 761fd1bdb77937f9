"""Reading: from files, pipes, uploads and table rows to ``Case`` objects.

A new format is one new file beside these and one line in a tuple below.
"""

from __future__ import annotations

from analyzer.reading.delimited import CSV, TSV
from analyzer.reading.documents import read_document, read_document_bytes
from analyzer.reading.docx import DOCX
from analyzer.reading.eml import EML
from analyzer.reading.fields import case_from_fields, parse_time
from analyzer.reading.folder import FOLDER
from analyzer.reading.formats import DocumentFormat, TableFormat
from analyzer.reading.jsonl import JSONL
from analyzer.reading.markdown import MARKDOWN
from analyzer.reading.mbox import MBOX
from analyzer.reading.parquet import PARQUET
from analyzer.reading.tables import BadRow, read_cases, read_cases_stream
from analyzer.reading.text import TEXT
from analyzer.reading.xlsx import XLSX
from analyzer.reading.zipped import ZIP

DOCUMENT_FORMATS: tuple[DocumentFormat, ...] = (TEXT, MARKDOWN, EML, DOCX)
TABLE_FORMATS: tuple[TableFormat, ...] = (JSONL, CSV, TSV, XLSX, PARQUET, FOLDER, ZIP, MBOX)

__all__ = [
    "DOCUMENT_FORMATS",
    "TABLE_FORMATS",
    "BadRow",
    "case_from_fields",
    "parse_time",
    "read_cases",
    "read_cases_stream",
    "read_document",
    "read_document_bytes",
]
