"""When a session may be begun, how many days it takes, how many hours a week and how many journeys. Pure: no Django, no engine.

One rule: what is not declared is counted at its longest, from what is: an end that is missing follows from the weeks, else from
the hours; without any of them there is no span.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from math import ceil

from matching.paths.problem import Mode
from training.certification_watch.rules import SessionDates, a_year_after

FULL_WEEK = 35.0  # hours: the legal week, counted where nothing says less
WORKING_DAYS = 5  # a week
HOURS_A_DAY = FULL_WEEK / WORKING_DAYS
_FRIDAY, _SATURDAY = 4, 5


class NoSpan(StrEnum):
    OVER = "over"  # begun or closed
    DURATION = "duration"  # nothing says how long it lasts


@dataclass(frozen=True, slots=True)
class Span:
    """The window in which one begins (one day for a session), the days that it takes, first and last counted, and its load."""

    earliest: dt.date
    latest: dt.date
    days: int
    weekly_hours: float


def span_of(
    session: SessionDates,
    hours: float | None,
    weeks: float | None,
    today: dt.date,
    weekly_limit: float | None = None,
) -> Span | NoSpan:
    """`weekly_limit`: the person's hours a week, by which one goes through a permanent entry that is counted in hours."""
    if session.is_permanent_entry:
        return _window(session, hours, weeks, today, weekly_limit or FULL_WEEK)
    if session.starts_on < today:
        return NoSpan.OVER
    days = _days(session, hours, weeks)
    if days is None:
        return NoSpan.DURATION
    return Span(session.starts_on, session.starts_on, days, _weekly_hours(session.starts_on, days, hours))


def _window(
    session: SessionDates, hours: float | None, weeks: float | None, today: dt.date, weekly: float
) -> Span | NoSpan:
    """Begun on a day that is not known yet: at worst a Friday, with a weekend in between."""
    earliest = max(session.starts_on, today)
    latest = session.ends_on or a_year_after(earliest)
    if latest < earliest:
        return NoSpan.OVER
    if weeks:
        load = hours / weeks if hours else FULL_WEEK
        return Span(earliest, latest, ceil(weeks * 7), round(load, 1))
    if hours:
        working_days = ceil(hours / weekly * WORKING_DAYS)
        return Span(earliest, latest, calendar_days(_FRIDAY, working_days), min(hours, weekly))
    return NoSpan.DURATION


def _days(session: SessionDates, hours: float | None, weeks: float | None) -> int | None:
    if session.ends_on is not None:
        return (session.ends_on - session.starts_on).days + 1
    if weeks:
        return calendar_days(session.starts_on.weekday(), ceil(weeks * WORKING_DAYS))
    if hours:
        return calendar_days(session.starts_on.weekday(), ceil(hours / HOURS_A_DAY))
    return None


def calendar_days(weekday: int, working_days: int) -> int:
    """Days from this day of the week (0: Monday) to the last of so many working days, both counted; the first day counts as
    worked, whatever it is.
    """
    days, worked = 1, 1
    while worked < working_days:
        days += 1
        worked += (weekday + days - 1) % 7 < _SATURDAY
    return days


def _weekly_hours(first: dt.date, days: int, hours: float | None) -> float:
    """The mean over its working days, never more than it has in all: two days of training ask for two days of a week."""
    if hours is None:
        return FULL_WEEK
    worked = sum((first + dt.timedelta(days=day)).weekday() < _SATURDAY for day in range(days))
    return round(min(hours, hours / max(worked, 1) * WORKING_DAYS), 1)


def trips_of(mode: Mode, days: int) -> int:
    """One return trip for each week begun; for half of them, rounded up, when a part is remote."""
    weeks = ceil(days / 7)
    match mode:
        case Mode.REMOTE:
            return 0
        case Mode.MIXED:
            return ceil(weeks / 2)
        case Mode.ON_SITE:
            return weeks
