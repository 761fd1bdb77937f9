"""Markdown: the words without the marking.

Not a full Markdown parser: a draft needs its words, paragraphs and bullets, and must not lose a placeholder such as
``[Company]`` or a plain ``*``. Everything here runs in time linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from analyzer.reading import text as plain_text
from analyzer.reading.formats import DocumentFormat
from analyzer.reading.limits import MAX_TEXT_FILE_BYTES

_LINE_END = re.compile(r"\r\n|\r|\n")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r" {0,3}#{1,6}[ \t]+(.*)")
_CLOSING_HASHES = re.compile(r"[ \t]#+$")
_RULE = re.compile(r" {0,3}(?:=+|([-*_])[ \t]*(?:\1[ \t]*){2,})$")
_BULLET = re.compile(r"^([ \t]*)[*+-][ \t]+(?=\S)")
_DEFINITION = re.compile(r" {0,3}\[([^\[\]]+)\]:[ \t]*\S+")
_INLINE = re.compile(
    r"\\(?P<escaped>[!-/:-@\[-`{-~])"
    r"|(?<!`)(?P<ticks>`++)(?P<code>[^`]+)(?P=ticks)(?!`)"
    r"|!?\[(?P<label>[^\[\]\n]*)\](?:\([^()\n]*(?:\([^()\n]*\)[^()\n]*)?\)|\[(?P<target>[^\[\]\n]*)\])"
    r"|<(?P<address>https?://[^\s<>]+|[^\s<>@]+@[^\s<>@]+)>"
    r"|(?P<run>\*+|_+|~~)"
)


def read(data: bytes, source: str) -> str:
    """The words of a Markdown file, line ends are LF. Raises InputError: not_text, bad_encoding."""
    return strip_markdown(plain_text.read(data, source))


def strip_markdown(marked: str) -> str:
    """Markdown without its marking: paragraphs stay, bullets become '- ', links and pictures their text."""
    lines = _LINE_END.split(marked)
    definitions = {match[1].casefold() for line in lines if (match := _DEFINITION.match(line))}
    stripped: list[str] = []
    for block, is_code in _blocks(lines):
        stripped += block if is_code else _strip_inline("\n".join(block), definitions).split("\n")
    return "\n".join(stripped)


def _blocks(lines: list[str]) -> Iterator[tuple[list[str], bool]]:
    """Runs of lines that emphasis may span, with their block marking removed, and whether they are code."""
    block: list[str] = []
    fence = ""
    for line in lines:
        opening = _FENCE.match(line)
        if fence:
            if opening and opening[1].startswith(fence) and line.strip() == opening[1]:
                fence = ""
            else:
                yield [line], True
            continue
        # A closing fence has only its own ticks; inline code such as ```a``` on one line is no fence.
        if opening and "`" not in line[opening.end() :]:
            fence = opening[1]
        starts_anew = bool(opening or not line.strip() or _HEADING.match(line) or _BULLET.match(line))
        if block and starts_anew:
            yield block, False
            block = []
        if fence:
            continue
        kept = _strip_line(line, bool(block and block[-1]))
        if kept is not None:
            block.append(kept)
    if block:
        yield block, False


def _strip_line(line: str, continues: bool) -> str | None:
    """One line without the marking of its block; None for a line that is nothing but marking."""
    heading = _HEADING.match(line)
    if heading:
        return _CLOSING_HASHES.sub("", heading[1].rstrip()).rstrip()
    if _DEFINITION.match(line):
        return None
    if _RULE.match(line) and (continues or "=" not in line):
        return None if continues else ""
    line = _BULLET.sub(r"\1- ", line, count=1)
    # Two blanks or a backslash at the end are Markdown's way to force a line end.
    return line[:-1] if line.endswith("\\") and not line.endswith("\\\\") else line.rstrip(" ")


def _strip_inline(block: str, definitions: set[str]) -> str:
    """A block without emphasis, code ticks, links and escapes."""
    pieces: list[str] = []
    runs: list[tuple[int, bool, bool]] = []
    at = 0
    for match in _INLINE.finditer(block):
        pieces.append(block[at : match.start()])
        at = match.end()
        if match["run"]:
            before, after = block[match.start() - 1 : match.start()], block[at : at + 1]
            opens = bool(after.strip()) and not _is_word(before)
            closes = bool(before.strip()) and not _is_word(after)
            runs.append((len(pieces), opens, closes))
            pieces.append(match["run"])
        else:
            pieces.append(_plain(match, definitions))
    pieces.append(block[at:])
    _drop_pairs(pieces, runs)
    return "".join(pieces)


def _plain(match: re.Match[str], definitions: set[str]) -> str:
    """What stays of a link, code, an address or an escaped mark."""
    label = match["label"]
    if label is None:
        return match["escaped"] or match["code"] or match["address"]
    target = match["target"]
    # '[Company][Role]' are two placeholders, not a link, unless the second is defined somewhere.
    if target is not None and (target or label).casefold() not in definitions:
        return match.group()
    return _strip_inline(label, definitions)


def _drop_pairs(pieces: list[str], runs: list[tuple[int, bool, bool]]) -> None:
    """Take marks of emphasis away in pairs, in place; a mark without its partner stays."""
    open_runs: dict[str, list[int]] = {"*": [], "_": [], "~": []}
    for index, opens, closes in runs:
        mark = pieces[index][0]
        waiting = open_runs[mark]
        while closes and waiting and pieces[index]:
            width = min(len(pieces[waiting[-1]]), len(pieces[index]))
            pieces[waiting[-1]] = pieces[waiting[-1]][width:]
            pieces[index] = pieces[index][width:]
            if not pieces[waiting[-1]]:
                waiting.pop()
        if opens and pieces[index]:
            waiting.append(index)


def _is_word(char: str) -> bool:
    return char.isalnum()


MARKDOWN = DocumentFormat("markdown", (".md", ".markdown"), MAX_TEXT_FILE_BYTES, read)
