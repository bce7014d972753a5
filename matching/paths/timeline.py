"""A path as lines of text: the months across, one bar a step. Pure: no Django, no engine.

One rule: a bar covers every part of a month that its step touches, so that two bars that overlap may only share a day.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

_MONTHS = {
    "fr": ("jan", "fév", "mar", "avr", "mai", "jun", "jul", "aoû", "sep", "oct", "nov", "déc"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
_WIDEST = 72  # characters for the months
_WIDTHS = (8, 4, 2, 1)  # characters a month, the widest that fits
_NAMED = 4  # the least width in which a month has its name, else its initial
_BAR = "█"


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    starts_on: dt.date
    ends_on: dt.date


def draw(bars: Sequence[Bar], language: str) -> list[str]:
    """Two lines of months, then one line for each bar. Nothing for nothing."""
    if not bars:
        return []
    first = min(bar.starts_on for bar in bars).replace(day=1)
    months = _month(max(bar.ends_on for bar in bars), first) + 1
    width = next((width for width in _WIDTHS if width * months <= _WIDEST), _WIDTHS[-1])
    margin = max(len(bar.label) for bar in bars) + 1
    return [
        *(f"{'':{margin}}{line}".rstrip() for line in _header(first, months, width, language)),
        *(f"{bar.label:{margin}}{_drawn(bar, first, width)}" for bar in bars),
    ]


def _month(day: dt.date, first: dt.date) -> int:
    return (day.year - first.year) * 12 + day.month - first.month


def _header(first: dt.date, months: int, width: int, language: str) -> tuple[str, str]:
    """The years where they begin, above the months."""
    years, names = [" "] * (months * width + 4), ""
    for number in range(months):
        month = (first.month - 1 + number) % 12
        if number == 0 or month == 0:
            written = str(first.year + (first.month - 1 + number) // 12)
            years[number * width : number * width + 4] = written
        name = _MONTHS[language][month]
        names += (name if width >= _NAMED else name[0].upper()).ljust(width)
    return "".join(years), names


def _drawn(bar: Bar, first: dt.date, width: int) -> str:
    start, end = _place(bar.starts_on, first, width), _place(bar.ends_on, first, width)
    return " " * start + _BAR * (end - start + 1)


def _place(day: dt.date, first: dt.date, width: int) -> int:
    """The character in which this day falls; every month has as many."""
    return _month(day, first) * width + min(width - 1, (day.day - 1) * width // 31)
