"""The text of an HTML mail: words, line ends, bullets and quotes; no scripts, styles or markup."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_BLANKS = re.compile(r"[ \t\r\n\f\u00a0]+")
_MANY_LINE_ENDS = re.compile(r"\n{3,}")
_UNSEEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|title)\b.*?(?:</\1\s*>|\Z)|<[!?][^<>]*>", re.DOTALL | re.IGNORECASE
)
_TAG = re.compile(
    # the name gives no letter back, else a name without an end costs quadratic time
    r"""<(?:(/?[a-zA-Z][a-zA-Z0-9]*+)(?:(?:[^<>"']|"[^"<]*"|'[^'<]*')*+>|[^<>]*+>))?"""  # well-formed, else up to '>'
)
# what a reader does not see: hidden, shrunk to nothing, or white on the page's white (a style with a background of its own is seen)
_HIDDEN = re.compile(
    r"""style\s*=\s*(?:"[^"]*|'[^']*)(?:display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d]*[1-9])"""
    r"""|(?<!-)\bcolor\s*:\s*(?:\#fff(?:fff)?\b|white\b|rgb\(\s*255\s*,\s*255\s*,\s*255\s*\)))|\shidden(?=[\s>=])""",
    re.IGNORECASE,
)
_BACKGROUND = re.compile(r"background(?!\s*:\s*(?:none|transparent|\#fff(?:fff)?\b|white\b))", re.IGNORECASE)
# a longer tag carries no style a mail program writes
_MOST_STYLE = 2000
_EMPTY_TAGS = frozenset({"br", "hr", "img", "input", "meta", "link", "wbr", "col", "area", "base", "source"})
_LINE_TAGS = frozenset({"div", "li", "tr", "table", "body", "section", "article", "dd", "dt", "hr"})
_PARAGRAPH_TAGS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "blockquote", "pre"})


def html_to_text(html: str) -> str:
    """The text of an HTML document; quoted replies get '> ' in front of each line, list items '- '."""
    stripper = _Stripper()
    stripper.feed(_bare(html))
    stripper.close()
    stripper.end_line()
    return _MANY_LINE_ENDS.sub("\n\n", "\n".join(stripper.lines)).strip("\n")


def _bare(html: str) -> str:
    """HTML without what is never seen and without attributes but ``hidden``; a '<' that begins no tag becomes '&lt;'.

    Python's parser takes quadratic time on unclosed tags and comments (minutes for 1 MB); of this it sees none.
    """
    return _TAG.sub(_bare_tag, _UNSEEN.sub("", html))


def _bare_tag(tag: re.Match[str]) -> str:
    if not tag[1]:
        return "&lt;"
    hidden = len(tag[0]) <= _MOST_STYLE and _HIDDEN.search(tag[0]) and not _BACKGROUND.search(tag[0])
    return f"<{tag[1]} hidden>" if hidden else f"<{tag[1]}>"


class _Stripper(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self._line: list[str] = []
        self._pre = self._quoted = 0
        self._gap = False
        # the element that hides what is in it, and how many of its name are open
        self._hidden, self._depth = "", 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._hidden or (attrs and tag not in _EMPTY_TAGS):
            self._hidden = self._hidden or tag
            self._depth += tag == self._hidden
            return
        if tag == "br":
            self.end_line(keep_empty=True)
        elif tag in _PARAGRAPH_TAGS or tag in _LINE_TAGS:
            self._begin_or_end_block(tag)
            self._pre += tag == "pre"
            self._quoted += tag == "blockquote"
            if tag == "li":
                self._line.append("- ")
        elif tag in ("td", "th"):
            self._line.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if self._hidden:
            self._depth -= tag == self._hidden
            self._hidden = self._hidden if self._depth else ""
            return
        if tag in _PARAGRAPH_TAGS or tag in _LINE_TAGS:
            self._begin_or_end_block(tag)
            self._pre = max(0, self._pre - (tag == "pre"))
            self._quoted = max(0, self._quoted - (tag == "blockquote"))

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        if not self._pre:
            self._line.append(_BLANKS.sub(" ", data))
            return
        first, *others = data.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self._line.append(first)
        for line in others:
            self.end_line(keep_empty=True)
            self._line.append(line)

    def end_line(self, keep_empty: bool = False) -> None:
        """Finish the current line; an empty one counts only where it was asked for, as by <br>."""
        line = "".join(self._line)
        line = line.rstrip() if self._pre else _BLANKS.sub(" ", line).strip()
        self._line = []
        if not line and not keep_empty:
            return
        if self._gap and line and self.lines and self.lines[-1].strip("> "):
            self.lines.append("")
        self._gap = False
        # Deeper nesting than anyone reads would only make the text grow.
        self.lines.append("> " * min(self._quoted, 9) + line)

    def _begin_or_end_block(self, tag: str) -> None:
        self.end_line()
        self._gap = self._gap or tag in _PARAGRAPH_TAGS
