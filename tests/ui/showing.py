"""What a browser would make of the app's blocks of HTML."""

from __future__ import annotations

from html.parser import HTMLParser

from streamlit.testing.v1 import AppTest

VOID = {"br", "hr", "img"}


class Shown(HTMLParser):
    """What a browser would make of a block: the elements with their attributes, and the text by place."""

    def __init__(self, code: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.open: list[tuple[str, dict[str, str]]] = []
        self.pieces: list[tuple[tuple[tuple[str, dict[str, str]], ...], str]] = []
        self.feed(code)
        self.close()
        assert not self.open, f"left open: {self.open}"

    def handle_starttag(self, tag, attrs):
        given = {name: value or "" for name, value in attrs}
        self.elements.append((tag, given))
        if tag not in VOID:
            self.open.append((tag, given))

    def handle_endtag(self, tag):
        assert self.open and self.open[-1][0] == tag, f"</{tag}> closes {self.open[-1:]}"
        self.open.pop()

    def handle_data(self, data):
        self.pieces.append((tuple(self.open), data))

    def handle_comment(self, data):
        raise AssertionError(f"a comment: {data}")

    @property
    def tags(self) -> set[str]:
        return {tag for tag, _ in self.elements}

    @property
    def text(self) -> str:
        return "".join(piece for _, piece in self.pieces)

    @property
    def without_numbers(self) -> str:
        return "".join(piece for path, piece in self.pieces if not any(tag == "sup" for tag, _ in path))

    def marked(self, number: int) -> str:
        """The words that carry a finding's number."""
        return "".join(
            piece
            for path, piece in self.pieces
            if not any(tag == "sup" for tag, _ in path)
            and any(str(number) in given.get("data-findings", "").split() for _, given in path)
        )


def blocks(at: AppTest) -> list[str]:
    """The HTML blocks of the page, without the style sheet and the script."""
    bodies = [element.proto.body for element in at.get("html")]
    return [body for body in bodies if not body.startswith(("<style>", "<script>"))]


def shown(at: AppTest) -> Shown:
    return Shown("".join(blocks(at)))
