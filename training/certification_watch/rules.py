"""Decides what there is to say of a certification and of the sessions that prepare for it. Pure: no Django.

One rule: an end that no source gives is unknown, never taken for « in force ». The day of the end is still in force.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class CertificationState(StrEnum):
    """One of ended, ends-soon, current and unknown always holds; `replaced` may hold besides."""

    ENDED = "ended"
    ENDS_SOON = "ends-soon"
    REPLACED = "replaced"
    CURRENT = "current"
    UNKNOWN = "unknown"


# The states that somebody has to look at.
CONCERNING = frozenset({CertificationState.ENDED, CertificationState.ENDS_SOON, CertificationState.REPLACED})

STATE_LABELS = {
    CertificationState.ENDED: "enregistrement terminé",
    CertificationState.ENDS_SOON: "se termine dans l'année",
    CertificationState.REPLACED: "remplacée",
    CertificationState.CURRENT: "en vigueur plus d'un an",
    CertificationState.UNKNOWN: "fin d'enregistrement inconnue",
}


class SessionConcern(StrEnum):
    """How a session stands to the end of a registration; no concern when it begins before."""

    AFTER = "after"
    # A permanent entry that opens in time and lets people in after the end.
    RUNS_PAST = "runs-past"


class SessionDates(Protocol):
    """A stored session or a row of an import."""

    @property
    def starts_on(self) -> dt.date: ...

    @property
    def ends_on(self) -> dt.date | None: ...

    @property
    def is_permanent_entry(self) -> bool: ...


def a_year_after(day: dt.date) -> dt.date:
    """The same day next year; the 28th for a 29 February."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


@dataclass(frozen=True)
class Registration:
    """What the register says of a certification. `successors` are those that replace it today, chains followed.

    `is_active` is the register's own word; it decides only where no date is known.
    """

    code: str
    title: str = ""
    ends_on: dt.date | None = None
    is_active: bool | None = None
    successors: tuple[str, ...] = ()

    def states(self, today: dt.date) -> tuple[CertificationState, ...]:
        replaced = (CertificationState.REPLACED,) if self.successors else ()
        return (self._state_by_date(today), *replaced)

    def _state_by_date(self, today: dt.date) -> CertificationState:
        if self.ends_on is None:
            return CertificationState.ENDED if self.is_active is False else CertificationState.UNKNOWN
        if self.ends_on < today:
            return CertificationState.ENDED
        return (
            CertificationState.ENDS_SOON
            if self.ends_on <= a_year_after(today)
            else CertificationState.CURRENT
        )

    def concern_of(self, session: SessionDates) -> SessionConcern | None:
        if self.ends_on is None:
            return None
        if session.starts_on > self.ends_on:
            return SessionConcern.AFTER
        if session.is_permanent_entry and (session.ends_on is None or session.ends_on > self.ends_on):
            return SessionConcern.RUNS_PAST
        return None


def has_ended(session: SessionDates, today: dt.date) -> bool:
    """A permanent entry without end never has."""
    if session.ends_on is None:
        return not session.is_permanent_entry and session.starts_on < today
    return session.ends_on < today


@dataclass(frozen=True)
class CertificationAlert:
    """A certification as a training stands to it: its states today and the sessions to come that it concerns."""

    registration: Registration
    states: tuple[CertificationState, ...]
    sessions: tuple[tuple[SessionDates, SessionConcern], ...] = ()

    @property
    def is_concerning(self) -> bool:
        return bool(CONCERNING.intersection(self.states)) or bool(self.sessions)


def alerts(
    registrations: Iterable[Registration], sessions: Sequence[SessionDates], today: dt.date
) -> list[CertificationAlert]:
    """One entry a certification, in their order, those without concern included."""
    coming = [session for session in sessions if not has_ended(session, today)]
    return [
        CertificationAlert(
            registration,
            registration.states(today),
            tuple(
                (session, concern)
                for session in coming
                if (concern := registration.concern_of(session)) is not None
            ),
        )
        for registration in registrations
    ]


def last_successors(code: str, successions: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """Those at the end of the chains of replacement; the next ones when the chains only turn in a circle."""
    ends: dict[str, None] = {}
    visited, waiting = {code}, list(successions.get(code, ()))
    while waiting:
        current = waiting.pop(0)
        if current in visited:
            continue
        visited.add(current)
        following = [new for new in successions.get(current, ()) if new != current]
        if following:
            waiting.extend(following)
        else:
            ends[current] = None
    return tuple(ends) or tuple(dict.fromkeys(new for new in successions.get(code, ()) if new != code))


def end_in_words(registration: Registration, today: dt.date) -> str:
    """The end of the registration in French, for reports and the admin's screens."""
    if registration.ends_on is None:
        return (
            "enregistrement terminé, date inconnue"
            if registration.is_active is False
            else "fin d'enregistrement inconnue"
        )
    day = f"{registration.ends_on:%d/%m/%Y}"
    if registration.ends_on < today:
        return f"enregistrement terminé le {day}"
    if registration.ends_on <= a_year_after(today):
        return f"enregistrement qui se termine le {day}, dans moins d'un an"
    return f"enregistrement jusqu'au {day}"


def succession_in_words(registration: Registration) -> str:
    """« , remplacée par RNCP2 », or nothing."""
    return f", remplacée par {' ou '.join(registration.successors)}" if registration.successors else ""


def session_in_words(session: SessionDates, concern: SessionConcern) -> str:
    start = f"{session.starts_on:%d/%m/%Y}"
    if not session.is_permanent_entry:
        return f"session du {start} : commence après la fin d'enregistrement"
    if concern is SessionConcern.AFTER:
        return f"entrée permanente à partir du {start} : s'ouvre après la fin d'enregistrement"
    end = f"jusqu'au {session.ends_on:%d/%m/%Y}" if session.ends_on else "sans fin annoncée"
    return f"entrée permanente depuis le {start}, {end} : se poursuit après la fin d'enregistrement"
