"""Calendar quarters, by which a plan is costed. Pure: no Django, no engine.

One rule: quarters are those of the year; the first of a period may have begun before it, and counts from the period's first
day.
"""

import datetime as dt
from calendar import monthrange
from dataclasses import dataclass

MOST_QUARTERS = 12


@dataclass(frozen=True, slots=True)
class Quarter:
    name: str  # 2027-Q1
    starts_on: dt.date
    ends_on: dt.date


def quarters_from(first_day: dt.date, count: int) -> tuple[Quarter, ...]:
    """That of the first day, from this day on, and the following ones."""
    found, day = [], first_day
    for _ in range(count):
        number = (day.month - 1) // 3 + 1
        following = dt.date(day.year + number // 4, number % 4 * 3 + 1, 1)
        found.append(Quarter(f"{day.year}-Q{number}", day, following - dt.timedelta(days=1)))
        day = following
    return tuple(found)


def quarters_between(first_day: dt.date, last_day: dt.date) -> tuple[Quarter, ...]:
    """Those that the period touches; the first one is cut at its first day, the last is not."""
    count = (last_day.year - first_day.year) * 4 + (last_day.month - 1) // 3 - (first_day.month - 1) // 3 + 1
    return quarters_from(first_day, count)


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day so many months later, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
