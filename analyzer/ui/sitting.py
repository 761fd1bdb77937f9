"""The versions of one sitting: what was judged, in order, with its score. Kept in the session and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analyzer.report.markup import Html, element
from analyzer.types import Report, score_of
from analyzer.ui.plots import figure, svg, svg_text

MOST_VERSIONS = 50
"""Older versions are let go."""

# narrow, so that its words can be read on a phone
_WIDTH, _HEIGHT = 440.0, 190.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 36.0, 20.0, 16.0, 28.0
_MOST_TICKS = 10


@dataclass(frozen=True, slots=True)
class Version:
    """One version: its number from 1, what brought it about, and its report."""

    number: int
    how: str
    report: Report

    @property
    def score(self) -> float:
        """The whole, 0 to 100."""
        return self.report.overall.score if self.report.overall else float("nan")

    @property
    def name(self) -> str:
        """What lists call it."""
        return f"{self.number} · {self.score:.0f} of 100 · {self.how}"


def with_version(versions: Sequence[Version], report: Report, how: str) -> tuple[Version, ...]:
    """The versions with another one; the last is replaced where neither draft nor case has changed."""
    kept = tuple(versions)
    if kept and kept[-1].report.case == report.case:
        return (*kept[:-1], Version(kept[-1].number, kept[-1].how, report))
    number = kept[-1].number + 1 if kept else 1
    return (*kept, Version(number, how, report))[-MOST_VERSIONS:]


def course(versions: Sequence[Version]) -> Html:
    """How the score moved: the line of scores, with the likely range of each as an upright stroke."""
    places = {version.number: _x(index, len(versions)) for index, version in enumerate(versions)}
    parts = [_grid(mark) for mark in (0, 25, 50, 75, 100)]
    for version in versions:
        if version.report.overall:
            x = places[version.number]
            low, high = (_y(score_of(value)) for value in (version.report.overall.low, version.report.overall.high))
            parts.append(element("line", x1=x, x2=x, y1=low, y2=high, class_="spread"))
    line = " ".join(f"{places[version.number]:.1f},{_y(version.score):.1f}" for version in versions)
    parts.append(element("polyline", points=line, class_="course"))
    every = max(1, len(versions) // _MOST_TICKS)
    for index, version in enumerate(versions):
        x, y = places[version.number], _y(version.score)
        parts.append(element("circle", cx=x, cy=y, r=5.5, class_="knob"))
        if index % every == 0 or version is versions[-1]:
            parts.append(svg_text(x, _HEIGHT - 8, str(version.number), "small", "middle"))
            above = y > _TOP + 26
            parts.append(svg_text(x, y - 11 if above else y + 20, f"{version.score:.0f}", "strong", "middle"))
    said = ", ".join(f"version {version.number}: {version.score:.0f}" for version in versions)
    return figure(svg(_WIDTH, _HEIGHT, *parts), f"The score of each version: {said}.")


def _grid(score: int) -> Html:
    y = _y(score)
    line = element("line", x1=_LEFT, x2=_WIDTH - _RIGHT, y1=y, y2=y, class_="grid")
    return element("g", line, svg_text(_LEFT - 8, y + 4, str(score), "small", "end"))


def _x(index: int, count: int) -> float:
    usable = _WIDTH - _LEFT - _RIGHT - 40
    return _LEFT + 20 + (usable / 2 if count == 1 else usable * index / (count - 1))


def _y(score: float) -> float:
    return _TOP + (_HEIGHT - _TOP - _BOTTOM) * (1 - score / 100)
