"""Word files: the words of paragraphs and table cells in the order of the page."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING

from analyzer.errors import InputError
from analyzer.reading.archives import ArchiveError, check_archive
from analyzer.reading.checks import check_characters, trouble_of
from analyzer.reading.formats import DocumentFormat
from analyzer.reading.limits import MAX_CONTAINER_FILE_BYTES, MAX_UNPACKED_DOCUMENT_BYTES

if TYPE_CHECKING:
    from docx.oxml.xmlchemy import BaseOxmlElement

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# Deleted and moved-away words of tracked changes, text boxes, and the copies of drawings for old programs.
_NOT_IN_THE_LINE = frozenset({f"{_W}del", f"{_W}moveFrom", f"{_W}txbxContent", _FALLBACK})
_MARKS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}


def read(data: bytes, source: str) -> str:
    """The text of a Word file; list items begin with '- '; inserted tracked changes count, deleted ones do not.

    Raises InputError: bad_docx, too_large (unpacks to over MAX_UNPACKED_DOCUMENT_BYTES), not_text.
    """
    stream = BytesIO(data)
    try:
        members = check_archive(stream, MAX_UNPACKED_DOCUMENT_BYTES, ".docx")
    except ArchiveError as trouble:
        raise InputError("too_large" if trouble.too_large else "bad_docx", f"{source} {trouble}.") from trouble
    # Word on the web sometimes calls its main part document2.xml.
    if not any(name.startswith("word/document") for name in members):
        raise InputError(
            "bad_docx", f"{source} is no Word file (word/document.xml is missing); save it from Word as .docx."
        )
    import docx  # 150 ms

    try:
        body = docx.Document(stream).element.body
        text = _joined([_written(paragraph) for paragraph in _paragraphs(body)])
    except Exception as trouble:  # python-docx and lxml raise a dozen kinds on damaged files
        raise InputError(
            "bad_docx", f"{source} is a damaged Word file ({trouble_of(trouble)}); open it in Word and save it again."
        ) from trouble
    check_characters(text, source)
    return text


def _paragraphs(body: BaseOxmlElement) -> Iterator[BaseOxmlElement]:
    """Every paragraph, those in tables and content controls too, which python-docx itself passes over."""
    for paragraph in body.iter(f"{_W}p"):
        if not any(parent.tag == _FALLBACK for parent in paragraph.iterancestors()):
            yield paragraph


def _written(paragraph: BaseOxmlElement) -> str:
    """The words of one paragraph as they would be printed."""
    pieces: list[str] = []
    # No recursion: elements may be nested deeply.
    waiting = list(reversed(paragraph))
    while waiting:
        element = waiting.pop()
        if element.tag in _NOT_IN_THE_LINE or element.tag == f"{_W}pPr" or _is_unseen(element):
            continue
        if element.tag == f"{_W}t":
            pieces.append(element.text or "")
        elif element.tag in _MARKS:
            pieces.append(_MARKS[element.tag])
        else:
            waiting.extend(reversed(element))
    words = "".join(pieces)
    return f"- {words}" if words.strip() and _is_list_item(paragraph) else words


def _is_unseen(element: BaseOxmlElement) -> bool:
    """Whether a run is hidden, or white on white: words that no reader sees must not count."""
    if element.tag != f"{_W}r":
        return False
    hidden = element.find(f"{_W}rPr/{_W}vanish")
    if hidden is not None and hidden.get(f"{_W}val", "true") not in ("0", "false", "off"):
        return True
    colour = element.find(f"{_W}rPr/{_W}color")
    return (
        colour is not None
        and colour.get(f"{_W}val", "").upper() == "FFFFFF"
        and all(element.find(f"{_W}rPr/{_W}{shade}") is None for shade in ("shd", "highlight"))
    )


def _is_list_item(paragraph: BaseOxmlElement) -> bool:
    if paragraph.find(f"{_W}pPr/{_W}numPr") is not None:
        return True
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    return style is not None and str(style.get(f"{_W}val", "")).startswith(("ListBullet", "ListNumber"))


def _joined(paragraphs: list[str]) -> str:
    """Paragraphs as text, with an empty line between them.

    Who leaves empty paragraphs in between means them as the empty lines, and the others as plain line ends ("Best
    regards," and the name below it). Who never does relies on Word's spacing.
    """
    while paragraphs and not paragraphs[-1].strip():
        paragraphs.pop()
    if any(not paragraph.strip() for paragraph in paragraphs):
        return "\n".join(paragraphs)
    text = ""
    for before, paragraph in zip(["", *paragraphs], paragraphs, strict=False):
        between = "\n" if before.startswith("- ") and paragraph.startswith("- ") else "\n\n"
        text += between + paragraph if text else paragraph
    return text


DOCX = DocumentFormat("docx", (".docx",), MAX_CONTAINER_FILE_BYTES, read)
