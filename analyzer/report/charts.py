"""Plots as SVG, drawn to be looked at on a screen, on paper and without colour: shape, place and words tell what colour tells."""

from __future__ import annotations

from collections.abc import Sequence

from analyzer.cohort import Person, Scale
from analyzer.cohort.figures import HISTOGRAM_BINS
from analyzer.report.markup import Html, element

WIDTH = 760
_LEFT, _RIGHT = 120, 24
_BAND_EDGES = (0.0, 12.5, 37.5, 62.5, 87.5, 100.0)
BANDS = ("harms", "weakens", "forgettable", "good", "would help")
"""What a score means in the words of the rubric, from the lowest: ratings 1, 2, 3, 4, 5 with half a rating to each side."""

_MOST_DOTS = 160
_MOST_IN_A_COLUMN = 14


def _x(score: float, left: float = _LEFT) -> float:
    return left + (WIDTH - left - _RIGHT) * score / 100


def text(x: float, y: float, words: str, class_: str = "t", anchor: str = "start") -> Html:
    """A line of words in a plot."""
    return element("text", words, x=float(x), y=float(y), class_=class_, text_anchor=anchor)


def _svg(height: float, label: str, *parts: Html) -> Html:
    return element(
        "svg",
        *parts,
        viewBox=f"0 0 {WIDTH} {height:.0f}",
        role="img",
        aria_label=label,
        class_="plot",
    )


def tone(score: float) -> str:
    """The name of a colour: as on the page of a single draft."""
    return "good" if score >= 68.75 else "fair" if score >= 37.5 else "poor"


def whole(scale: Scale) -> Html:
    """Every draft a dot above its score, or bars where there are too many; the bands of the rubric below."""
    left, base = 24.0, 190.0
    dots = scale.count <= _MOST_DOTS and max(scale.bins) <= _MOST_IN_A_COLUMN * 2
    highest = max(max(scale.bins), 1)
    step = (WIDTH - left - _RIGHT) / HISTOGRAM_BINS
    parts: list[Html] = []
    for index, count in enumerate(scale.bins):
        middle = left + step * (index + 0.5)
        colour = tone((index + 0.5) * 100 / HISTOGRAM_BINS)
        if dots:
            gap = min(14.0, 150.0 / highest)
            for one in range(count):
                parts.append(
                    element(
                        "circle", cx=middle, cy=base - 9 - one * gap, r=min(6.0, gap * 0.44), class_=f"dot {colour}"
                    )
                )
        elif count:
            tall = 150.0 * count / highest
            parts.append(
                element(
                    "rect",
                    x=middle - step * 0.42,
                    y=base - tall,
                    width=step * 0.84,
                    height=tall,
                    rx=2,
                    class_=f"bar {colour}",
                )
            )
            parts.append(text(middle, base - tall - 5, f"{count:,}", "t small", "middle"))
    parts.append(element("line", x1=left, x2=float(WIDTH - _RIGHT), y1=base, y2=base, class_="axis"))
    for low, high, name in zip(_BAND_EDGES, _BAND_EDGES[1:], BANDS, strict=False):
        start, end = _x(low, left), _x(high, left)
        band = tone((low + high) / 2)
        parts.append(
            element("rect", x=start + 1, y=base + 5, width=end - start - 2, height=8, rx=4, class_=f"band {band}")
        )
        parts.append(text((start + end) / 2, base + 30, name, "t", "middle"))
        if low:
            parts.append(text(start, base + 46, f"{low:.0f}", "t small", "middle"))
    parts += [text(left, base + 46, "0", "t small"), text(_x(100, left), base + 46, "100", "t small", "end")]
    at = _x(scale.median, left)
    parts.append(element("line", x1=at, x2=at, y1=16.0, y2=base, class_="median"))
    side = "start" if scale.median < 50 else "end"
    parts.append(
        text(
            at + (6 if side == "start" else -6),
            14,
            f"half of the drafts lie below {scale.median:.0f}",
            "t strong",
            side,
        )
    )
    return _svg(base + 54, f"Scores of {scale.count} drafts; the median is {scale.median:.0f} of 100.", *parts)


def traits(scales: Sequence[Scale]) -> Html:
    """A row for each trait: how the drafts lie, where the middle half is, and the median."""
    row, top = 62.0, 8.0
    parts: list[Html] = []
    for mark in (0, 25, 50, 75, 100):
        parts.append(element("line", x1=_x(mark), x2=_x(mark), y1=top, y2=top + row * len(scales), class_="grid"))
        parts.append(text(_x(mark), top + row * len(scales) + 16, str(mark), "t small", "middle"))
    step = (WIDTH - _LEFT - _RIGHT) / HISTOGRAM_BINS
    for number, scale in enumerate(scales):
        base = top + row * number + 36
        parts.append(text(_LEFT - 14, base + 6, scale.name.capitalize(), "t strong", "end"))
        highest = max(max(scale.bins), 1)
        for index, count in enumerate(scale.bins):
            if count:
                tall = max(2.5, 30.0 * count / highest)
                colour = tone((index + 0.5) * 100 / HISTOGRAM_BINS)
                place = _LEFT + step * index + 1.5
                parts.append(
                    element("rect", x=place, y=base - tall, width=step - 3, height=tall, rx=1.5, class_=f"bar {colour}")
                )
        parts.append(element("line", x1=_x(0), x2=_x(100), y1=base + 6, y2=base + 6, class_="track"))
        parts.append(element("line", x1=_x(scale.low), x2=_x(scale.high), y1=base + 6, y2=base + 6, class_="middle"))
        parts.append(element("circle", cx=_x(scale.median), cy=base + 6, r=6.5, class_="knob"))
        near_end = scale.median > 92
        parts.append(
            text(
                _x(scale.median) + (-12 if near_end else 12),
                base + 21,
                f"{scale.median:.0f}",
                "t small strong",
                "end" if near_end else "start",
            )
        )
    label = "; ".join(f"{scale.name}: median {scale.median:.0f}" for scale in scales)
    return _svg(top + row * len(scales) + 24, label, *parts)


def change(people: Sequence[Person]) -> Html:
    """First drafts as rings, last ones as discs, an arrow between them: largest gain first."""
    row, top, left = 30.0, 26.0, 170.0
    parts = [
        text(_x(0, left), 14, "first draft", "t small"),
        element("circle", cx=_x(0, left) + 72, cy=10.0, r=5.5, class_="ring"),
        text(_x(0, left) + 100, 14, "last draft", "t small"),
        element("circle", cx=_x(0, left) + 166, cy=10.0, r=5.5, class_="disc up"),
    ]
    for mark in (0, 25, 50, 75, 100):
        at = _x(mark, left)
        parts.append(element("line", x1=at, x2=at, y1=top, y2=top + row * len(people), class_="grid"))
        parts.append(text(at, top + row * len(people) + 16, str(mark), "t small", "middle"))
    for number, person in enumerate(people):
        y = top + row * (number + 0.5)
        before, after = _x(person.drafts[0].score, left), _x(person.drafts[-1].score, left)
        way = "up" if person.gain >= 0 else "down"
        parts.append(text(left - 16, y + 4.5, _short(person.name), "t", "end"))
        parts.append(element("line", x1=before, x2=after, y1=y, y2=y, class_=f"way {way}"))
        parts.append(element("circle", cx=before, cy=y, r=6.0, class_="ring"))
        parts.append(element("circle", cx=after, cy=y, r=6.5, class_=f"disc {way}"))
        middle = (before + after) / 2
        if abs(after - before) > 60:
            parts.append(text(middle, y - 5, f"{person.gain:+.0f}", "t small strong", "middle"))
        else:
            parts.append(text(max(before, after) + 12, y + 4, f"{person.gain:+.0f}", "t small strong"))
    label = f"Scores of first and last drafts of {len(people)} people."
    return _svg(top + row * len(people) + 24, label, *parts)


def gauge(score: float, low: float, high: float) -> Html:
    """A bar as long as the score, the likely range bracketed below; ``low`` and ``high`` are scores."""
    return element(
        "div",
        element("div", class_=f"fill {tone(score)}", style=f"width:{max(score, 1):.1f}%"),
        element("div", class_="range", style=f"left:{low:.1f}%;width:{max(high - low, 0.5):.1f}%"),
        class_="gauge",
        role="img",
        aria_label=f"{score:.0f} of 100, likely {low:.0f} to {high:.0f}",
    )


def share(value: float) -> Html:
    """A bar as long as a share 0..1."""
    return element("div", element("div", class_="part", style=f"width:{100 * value:.1f}%"), class_="share")


def _short(name: str, longest: int = 22) -> str:
    return name if len(name) <= longest else name[: longest - 1] + "…"
