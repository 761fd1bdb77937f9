"""Figures, durations and dates of a text, normalised so that "ninety minutes" and "1.5h", "21 June" and "the 21st" compare alike."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from analyzer.parsing.words import is_common, number_key, stem, tokens_of
from analyzer.resources import load_toml

QuantityKind = Literal["percent", "money", "duration", "day", "month", "weekday", "clock", "label", "count"]

_NUMBER = r"\d[\d,.]*\d|\d"
_UNITS = {
    "min": 1.0, "minute": 1.0, "h": 60.0, "hr": 60.0, "hour": 60.0, "day": 1440.0, "wk": 10080.0, "week": 10080.0,
    "mo": 43200.0, "mth": 43200.0, "month": 43200.0, "yr": 525600.0, "year": 525600.0,
}  # fmt: skip
_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1
    )
}
_MONTH = r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
_WORDS = (
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    r"|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
)
_ORDINALS = {
    word: number
    for number, word in enumerate(
        [
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
            "thirteenth",
            "fourteenth",
            "fifteenth",
            "sixteenth",
            "seventeenth",
            "eighteenth",
            "nineteenth",
            "twentieth",
        ],
        start=1,
    )
} | {
    f"twenty-{word}": 20 + number
    for number, word in enumerate(
        ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"], 1
    )
}
_ORDINALS |= {"thirtieth": 30, "thirty-first": 31}
_ORDINAL = "|".join(sorted(_ORDINALS, key=len, reverse=True))
_WEEKDAYS = {name: number for number, name in enumerate(["mon", "tue", "wed", "thu", "fri", "sat", "sun"])}
_WEEKDAY = r"mon(?:day)?s?|tue(?:s(?:day)?)?s?|wed(?:s|nesday)?s?|thu(?:r(?:s(?:day)?)?)?s?|fri(?:day)?s?|sat(?:urday)?s?|sun(?:day)?s?"
# "2nd round" counts rounds, it is no day of the month
_COUNTED = r"\s+(?:round|interview|stage|line|year|yr|floor|time|visit|chat|call|one|half|class|grade|shift|person|hand|week|wk|day|place|party)"
# numbers that are names: "Year 5", "line 4", "P7"
_LABEL = r"year|std|standard|class|grade|line|band|level|gate|bay|dock|unit|room|floor|phase|stage|block|zone|ward|terminal|platform|route|shift|step|week"
_SPELT = rf"(?:{_WORDS}|an?(?=\s+(?:hundred|thousand)\b))(?:[-\s]+(?:{_WORDS}|hundred|thousand|and(?=[-\s]+(?:{_WORDS})\b)))*"
_PATTERN = re.compile(
    rf"(?P<percent>(?P<percent_value>{_NUMBER}|{_SPELT})\s?(?:%|per\s?cent\b|percent\b))"
    rf"|(?P<money>[£$€₹]\s?(?P<money_value>{_NUMBER})(?:\s?(?P<money_scale>k|m|bn))?\b)"
    rf"|(?P<label>\b(?P<label_name>{_LABEL})[ ]+(?P<label_value>\d{{1,3}})\b(?![:.,]\d|%|\s?(?:{_MONTH})\b))"
    rf"|(?P<clock>\b\d{{1,2}}(?:[:.]\d\d)?\s?(?:am|pm|a\.m\.|p\.m\.)(?!\w)|\b\d{{1,2}}:\d\d\b|\bnoon\b)"
    rf"|(?P<spelt_date>\b(?P<spelt_day>{_ORDINAL})\s+of\s+(?P<spelt_month>{_MONTH})\b)"
    rf"|(?P<date>\b(?P<day_first>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month_after>{_MONTH})\b|\b(?P<month_before>{_MONTH})\.?\s+(?P<day_after>\d{{1,2}})(?:st|nd|rd|th)?\b(?!:))"
    rf"|(?P<ordinal>\b(?P<ordinal_day>\d{{1,2}})(?:st|nd|rd|th)\b(?!{_COUNTED}))"
    rf"|(?P<weekday>\b(?:{_WEEKDAY})\b)"
    rf"|(?P<duration>\b(?P<duration_value>{_NUMBER}|{_SPELT})[\s-]?(?P<unit>minutes?|mins?|hours?|hrs?|h|days?|weeks?|wks?|months?|mths?|mo|years?|yrs?)\b)"
    rf"|(?P<month>\b(?P<month_alone>{_MONTH})\b)"
    rf"|(?P<count>\b(?P<count_value>{_NUMBER}|{_SPELT})(?P<count_scale>k|K|M|bn)?(?:\b|(?=(?:mph|kg|km|lb|ha|pt|GB|MW|kW|m|x|x\d+|\+)(?![^\W\d]))))",
    re.IGNORECASE,
)
_BORDER = re.compile(r"(?<=[^\W\d])\.\s|(?<=\d)\.\s|[;\n•]|[!?]\s")
# those of them that are borders by themselves
_ALONE = (";", "\n", "•")
# content words this near a figure are what it is about
_CONTEXT_WORDS = 7


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure with what it counts.

    ``value`` is a percentage, an amount, minutes, (month or 0, day), a month 1..12, a weekday 0..6, minutes after midnight, or a count.
    ``number`` is the bare figure in it (NaN for a month, a weekday, a time of day); ``noun`` is the stem of what a count counts;
    ``context`` holds the stems of the content words around.
    """

    kind: QuantityKind
    value: float | tuple[int, int]
    number: float
    noun: str
    context: frozenset[str]
    start: int
    end: int


def _number(text: str) -> float:
    """A figure in digits or words ("14,200", "sixty-two", "nine hundred"); NaN where it is none."""
    if text[0].isdigit():
        try:
            return float(number_key(text))
        except ValueError:
            return float("nan")
    total = group = 0.0
    for word in re.split(r"[-\s]+", text.lower()):
        if word == "hundred":
            group = max(group, 1.0) * 100.0
        elif word == "thousand":
            total, group = total + max(group, 1.0) * 1000.0, 0.0
        elif word not in ("and", "a", "an", ""):
            group += float(number_key(word) or "nan")
    return total + group


def _month(text: str) -> int:
    return _MONTHS[text[:3].lower()]


def _value(match: re.Match[str]) -> tuple[QuantityKind, float | tuple[int, int]] | None:
    if match["percent"]:
        return "percent", _number(match["percent_value"])
    if match["money"]:
        scale = {"k": 1e3, "m": 1e6, "bn": 1e9}.get((match["money_scale"] or "").lower(), 1.0)
        return "money", _number(match["money_value"]) * scale
    if match["label"]:
        return "label", _number(match["label_value"])
    if match["clock"]:
        return "clock", _clock(match["clock"])
    if match["spelt_date"]:
        return "day", (_month(match["spelt_month"]), _ORDINALS[match["spelt_day"].lower()])
    if match["weekday"]:
        return _weekday(match["weekday"])
    if match["date"]:
        return "day", (
            _month(match["month_after"] or match["month_before"]),
            int(match["day_first"] or match["day_after"]),
        )
    if match["ordinal"]:
        return "day", (0, int(match["ordinal_day"]))
    if match["duration"]:
        unit = match["unit"].lower().rstrip("s")
        return "duration", _number(match["duration_value"]) * _UNITS[unit]
    if match["month"]:
        # "may" and "march" are verbs too: only with a capital
        return (
            ("month", _month(match["month"]))
            if match["month"][0].isupper() or match["month"].lower() not in ("may", "march", "mar")
            else None
        )
    scale = {"k": 1e3, "m": 1e6, "bn": 1e9}.get((match["count_scale"] or "").lower(), 1.0)
    return "count", _number(match["count_value"]) * scale


def _weekday(text: str) -> tuple[QuantityKind, float] | None:
    """The day of a week: "sat" and "sun" in small letters are a verb and a star, "mon" is a day all the same."""
    if text in ("sat", "sun", "wed", "suns", "weds") and text != "weds":
        return None
    return "weekday", float(_WEEKDAYS[text[:3].lower()])


def _clock(text: str) -> float:
    """A time of day in minutes, NaN where it is none; without am or pm as it stands."""
    if text.lower() == "noon":
        return 720.0
    hour, _, minute = (
        re.sub(r"[^\d:.]", "", text.replace("a.m.", "").replace("p.m.", "")).replace(".", ":").partition(":")
    )
    late = "p" in text.lower() and int(hour) < 12
    return (int(hour) + 12 * late) * 60.0 + (float(minute) if minute else 0.0)


@lru_cache(maxsize=2048)
def quantities_of(text: str, start: int = 0, end: int | None = None) -> tuple[Quantity, ...]:
    """Quantities of ``text[start:end]`` in order, offsets into ``text``; context does not reach over the stretch's borders."""
    stop = len(text) if end is None else end
    tokens = tokens_of(text, start, stop)
    # looked up by place: text with a figure in every word would else take quadratic time
    starts, ends = [token.start for token in tokens], [token.end for token in tokens]
    borders = [(border.start(), border.end()) for border in _BORDER.finditer(text, start, stop)]
    found = []
    for match in _PATTERN.finditer(text, start, stop):
        made = _value(match)
        if made is None or made[1] != made[1]:
            continue
        low, high = _piece(text, borders, match, start, stop)
        before = tokens[bisect_left(starts, low) : bisect_right(ends, match.start())][-_CONTEXT_WORDS:]
        first = bisect_left(starts, match.end())
        after = tokens[first : min(first + _CONTEXT_WORDS, bisect_right(ends, high))]
        context = frozenset(
            token.stem
            for token in (*before, *after)
            if not token.is_figure and (not is_common(token.text) or token.stem in decision_stems())
        )
        noun = (
            stem(match["label_name"])
            if match["label"]
            else next((token.stem for token in after[:2] if not token.is_figure and not is_common(token.text)), "")
        )
        number = made[1][1] if isinstance(made[1], tuple) else _bare_number(match)
        found.append(Quantity(made[0], made[1], number, noun, context, match.start(), match.end()))
    return tuple(found)


def _bare_number(match: re.Match[str]) -> float:
    groups = ("percent_value", "money_value", "duration_value", "label_value", "count_value")
    return next((_number(match[name]) for name in groups if match[name]), float("nan"))


def _piece(
    text: str, borders: Sequence[tuple[int, int]], figure: re.Match[str], start: int, stop: int
) -> tuple[int, int]:
    """The sentence or jotting around a figure: a full stop followed by a space, a semicolon, bullet or line break ends it."""
    at = bisect_right(borders, figure.start(), key=lambda border: border[1])
    low = borders[at - 1][1] if at else start
    # "at 3 p.m.\n": the full stop of the figure and the line end are one border, which began inside
    if text[figure.end() : figure.end() + 1] in _ALONE and figure.end() < stop:
        return low, figure.end()
    after = bisect_left(borders, figure.end(), key=lambda border: border[0])
    return low, borders[after][0] if after < len(borders) else stop


@lru_cache(maxsize=1)
def decision_stems() -> frozenset[str]:
    """Stems that speak of when an answer is due."""
    return frozenset(stem(word) for word in load_toml("notes.toml")["decision"]["stems"])


def same_value(one: Quantity, other: Quantity) -> bool:
    """Whether two quantities of one kind say the same; a day without a month equals that day of any month."""
    if isinstance(one.value, tuple) and isinstance(other.value, tuple):
        months = {one.value[0], other.value[0]} - {0}
        return one.value[1] == other.value[1] and len(months) < 2
    if isinstance(one.value, tuple) or isinstance(other.value, tuple):
        return False
    return abs(one.value - other.value) <= 0.02 * max(abs(one.value), abs(other.value))
