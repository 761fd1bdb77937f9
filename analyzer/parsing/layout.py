"""Split a letter into subject, greeting, body, close, signature and quoted text, by its lines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from analyzer.resources import load_toml
from analyzer.types import Part, PartName

_WORD = re.compile(r"[^\W\d_][\w'’.-]*", re.UNICODE)
_LINE = re.compile(r"[^\r\n\u2028\u2029]+")
_CONTACT = re.compile(r"(\+?\d[\d\s().-]{6,}\d|\S+@\S+\.\S+|https?://\S+|www\.\S+|linkedin\.com\S*)", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*\s*$")
_FULL_SENTENCE_WORDS = 10
_DEVICE = re.compile(r"(?:sent|get outlook) (?:from|for) ", re.IGNORECASE)
_BULLET = re.compile(r"[-*•]\s*\w")
_KISSES = re.compile(r"^[xo]{1,4}$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    text: str

    @property
    def words(self) -> list[str]:
        return _WORD.findall(self.text)


def _lines(text: str) -> list[_Line]:
    found = []
    for match in _LINE.finditer(text):
        stripped = match.group().strip()
        if stripped:
            start = match.start() + match.group().index(stripped)
            found.append(_Line(start, start + len(stripped), stripped))
    return found


@cache
def _alternatives(section: str, key: str) -> re.Pattern[str]:
    phrases = sorted(load_toml("layout.toml")[section][key], key=len, reverse=True)
    joined = "|".join(re.escape(phrase).replace(r"\ ", r"[ \t]+") for phrase in phrases)
    return re.compile(rf"(?:{joined})(?!\w)", re.IGNORECASE)


@cache
def _quote_intros() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in load_toml("layout.toml")["quoted"]["intro_patterns"])


@cache
def _header(key: str) -> re.Pattern[str]:
    return re.compile(load_toml("layout.toml")["quoted"][key], re.IGNORECASE)


def _take_quoted(lines: list[_Line]) -> tuple[list[_Line], list[_Line]]:
    """Part the lines into the writer's own and quoted ones; an intro line ("On Monday … wrote:") starts a quote to the end."""
    own: list[_Line] = []
    quoted: list[_Line] = []
    to_the_end = False
    for index, line in enumerate(lines):
        intro = any(pattern.search(line.text) for pattern in _quote_intros())
        forwarded = (
            bool(own)
            and index + 1 < len(lines)
            and line.text.lower().startswith("from:")
            and bool(_header("header_pattern").match(lines[index + 1].text))
        )
        if (intro and own) or forwarded:
            following = [later for later in lines[index + 1 :] if later.text.startswith(">")]
            to_the_end = not following
            quoted.append(line)
        elif to_the_end or line.text.startswith(">"):
            quoted.append(line)
        else:
            own.append(line)
    return own, quoted


def _greeting_end(line: _Line) -> int | None:
    """Where the greeting that opens this line ends (offset into the line), None where it opens with none."""
    limits = load_toml("layout.toml")["greeting"]
    opener = _alternatives("greeting", "openers").match(line.text)
    # the first comma, colon, "!" or dash ends it; a full stop only after a name, not after "Mr."
    stop = re.search(r"[,:!;]|\s[-–—]\s|(?<!\bMr)(?<!\bMs)(?<!\bDr)(?<!\bMrs)(?<!\bProf)\.(?=\s)", line.text)
    head = line.text[: stop.start()] if stop else line.text
    count = len(_WORD.findall(head))
    if opener:
        if stop and count <= limits["max_words"]:
            end = stop.end() if stop.group().strip() not in ("-", "–", "—") else stop.start()
            rest = line.text[end:]
            # "Hello, Ms Chen," and emoji or "!!!" after a name still belong to it
            more = re.match(r"\s*(?:[A-ZÀ-Þ][\w'’.-]+\s?){1,3}[,!:]|[!,\s]*(?:[^\w\s.,]+\s*)*$", rest)
            return end + len(more.group().rstrip()) if more else end
        if count <= limits["max_words"] and not _SENTENCE_END.search(line.text):
            return len(line.text)
        return None
    if stop and stop.group() in ",!:" and 1 <= count <= 4 and all(word[0].isupper() for word in _WORD.findall(head)):
        rest = line.text[stop.end() :]
        return len(line.text) if not _WORD.search(rest) else stop.end()
    if (
        not stop
        and 1 <= count <= 3
        and all(word[0].isupper() for word in _WORD.findall(head))
        and not _SENTENCE_END.search(line.text)
    ):
        return len(line.text)
    return None


def _is_close(line: _Line) -> bool:
    limits = load_toml("layout.toml")["close"]
    if not _alternatives("close", "phrases").match(line.text):
        return False
    if len(line.words) > limits["max_words"]:
        return False
    # "Thank you for your time." is a sentence of the body, "Thanks again!" is a close
    return not re.match(
        r"(thank\w*|love|see you)\b.*\b(for|to|on|at|that)\b", line.text, re.IGNORECASE
    ) or line.text.endswith(",")


def _looks_like_signature(line: _Line, *, is_last: bool) -> bool:
    limits = load_toml("layout.toml")["signature"]
    if _CONTACT.search(line.text) and len(line.words) <= limits["max_words"]:
        return True
    words = line.words
    if not words:
        return not any(char.isalnum() for char in line.text)
    if len(words) > limits["max_words"] or (line.text[-1] in ".!?…:;" and len(words) > 4):
        return False
    if _DEVICE.match(line.text) or line.text.startswith("--"):
        return True
    # "- galih" signs a letter when nothing follows; further up a small letter means a list
    if re.match(r"-\s?\w+$", line.text) and (is_last or words[0][0].isupper()):
        return True
    return (
        (words[0][0].isupper() or len(words) <= 3)
        and not line.text.startswith(("-", "*", "•"))
        and not line.text.endswith((".", "?", ","))
    )


def _tail(lines: list[_Line]) -> tuple[int, int]:
    """Indices of the close line and of the first signature line in ``lines``; ``len(lines)`` where there is none."""
    limits = load_toml("layout.toml")["signature"]
    count = len(lines)
    lowest = max(1, count - limits["max_lines"])
    for index in range(count - 1, lowest - 1, -1):
        if _is_close(lines[index]):
            after = lines[index + 1 :]
            if all(len(line.words) <= 2 * limits["max_words"] for line in after):
                return index, index + 1
    index = count
    while index > lowest and _looks_like_signature(lines[index - 1], is_last=index == count):
        index -= 1
    # a postscript or a bare list of nouns is no signature: it must hold a name-like first line
    first = next((line.words for line in lines[index:] if line.words), [])
    if not first or not (first[0][0].isupper() or len(first) <= 2) or lines[index].text.lower().startswith("ps"):
        return count, count
    # one "- Ben" signs a letter, two lines with dashes are a list
    if sum(_BULLET.match(line.text) is not None for line in lines[max(0, index - 1) :]) > 1:
        return count, count
    return count, index


_INLINE_TAIL = re.compile(
    r"(?<=[.!?…])[\"'”’)\s]*(?:[^\w\s]\s*)*(?P<name>[-–—]?\s*[^\W\d_][\w'’.-]*(?:\s+(?:[A-ZÀ-Þ][\w'’.-]*|[xX]{1,3})){0,3})\s*[^\w\s]*\s*$"
)


def _split_last_line(line: _Line) -> int | None:
    """Offset (into the line) of a close or name at the end of a letter written as one block."""
    parts = re.split(r"(?<=[.!?…])\s+", line.text)
    if len(parts) < 2:
        return None
    tail = _INLINE_TAIL.search(line.text)
    tail_start = tail.start("name") if tail else None
    offset = len(line.text) - len(parts[-1])
    last = _Line(0, len(parts[-1]), parts[-1])
    if (
        len(last.words) <= load_toml("layout.toml")["close"]["max_words"] + 3
        and _alternatives("close", "phrases").match(last.text)
        and not _SENTENCE_END.search(last.text)
    ):
        return offset
    if tail_start is not None and tail and not _SENTENCE_END.search(line.text):
        return tail_start
    return None


def split_parts(text: str) -> tuple[Part, ...]:
    """The parts of a letter in text order, without overlap; every line with a visible character is in one of them.

    A letter that is nothing but a name or a greeting still has a body: its last part becomes the body.
    """
    own, quoted = _take_quoted(_lines(text))
    found: list[tuple[PartName, int, int]] = [("quoted", line.start, line.end) for line in quoted]
    while own and (
        _header("subject_pattern").match(own[0].text)
        or _header("header_pattern").match(own[0].text)
        or (len(own) > 1 and re.match(r"re\s*:", own[0].text, re.IGNORECASE))
    ):
        line = own.pop(0)
        is_header = _header("header_pattern").match(line.text) is not None
        found.append(("quoted" if is_header else "subject", line.start, line.end))
    own = _take_greeting(own, found)
    if own:
        _take_tail(own, found)
    parts = [Part(name, start, end) for name, start, end in sorted(found, key=lambda item: item[1]) if end > start]
    return tuple(_merged(parts))


def _take_greeting(own: list[_Line], found: list[tuple[PartName, int, int]]) -> list[_Line]:
    if not own or (len(own) == 1 and len(own[0].words) <= 2):
        return own
    end = _greeting_end(own[0])
    if end is None:
        return own
    line = own[0]
    found.append(("greeting", line.start, line.start + end))
    rest = line.text[end:]
    if not rest.strip():
        return own[1:]
    start = line.start + end + len(rest) - len(rest.lstrip())
    return [_Line(start, line.end, rest.strip()), *own[1:]]


def _take_tail(own: list[_Line], found: list[tuple[PartName, int, int]]) -> None:
    close, signature = _tail(own)
    body = own[: min(close, signature)]
    if not body:
        body, close, signature = own, len(own), len(own)
    if close == signature == len(own) and body:
        offset = _split_last_line(body[-1])
        if offset:
            last = body[-1]
            head = last.text[:offset].rstrip()
            body = [*body[:-1], _Line(last.start, last.start + len(head), head)]
            _add_inline_tail(last, offset, found)
    for line in body:
        found.append(("body", line.start, line.end))
    if close < len(own):
        found.append(("close", own[close].start, own[close].end))
    for line in own[signature:]:
        found.append(("signature", line.start, line.end))


def _add_inline_tail(last: _Line, offset: int, found: list[tuple[PartName, int, int]]) -> None:
    tail = last.text[offset:]
    opening = _alternatives("close", "phrases").match(tail)
    if opening is None:
        found.append(("signature", last.start + offset, last.end))
        return
    end = opening.end() + (len(tail[opening.end() :]) - len(tail[opening.end() :].lstrip(" ,")))
    found.append(("close", last.start + offset, last.start + offset + len(tail[:end].rstrip())))
    if tail[end:].strip():
        found.append(("signature", last.start + offset + end, last.end))


def _merged(parts: list[Part]) -> list[Part]:
    """Join neighbouring lines of one name, except body lines, whose line breaks end sentences."""
    merged: list[Part] = []
    for part in parts:
        if merged and merged[-1].name == part.name and part.name in ("quoted", "signature"):
            merged[-1] = Part(part.name, merged[-1].start, part.end)
        else:
            merged.append(part)
    return merged


def writer_name(text: str, parts: tuple[Part, ...]) -> str:
    """The name the letter is signed with, '' where it is not signed."""
    for part in parts:
        if part.name == "signature":
            first = text[part.start : part.end].lstrip("-–— \t\r\n").split("\n", 1)[0]
            if _DEVICE.match(first):
                continue
            words = [word for word in _WORD.findall(_CONTACT.sub("", first)) if not _KISSES.match(word)]
            if words:
                return " ".join(words[:4])
    return ""
