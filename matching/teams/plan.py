"""Which sessions a team is sent to, within a budget: shared sessions first. Pure: no Django, no engine.

One rule: again and again, the session that closes most for all the people who can be sent to it together; the rule is told
whole in docs/teams.md, and what a session closes never grows while others are chosen, so that looking again at the best one
is enough.
"""

import datetime as dt
import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from itertools import chain
from math import inf

from matching.scoring import SkillGraph, levels_of
from matching.teams.calendar import Calendar
from matching.teams.demands import Demand, closed_by
from matching.teams.levels import Levels
from matching.teams.offers import Course, Session
from matching.teams.team import Ask

# A qualification is renewed in the last months of its validity where a session allows it: sooner would waste what is left.
RENEWAL_DAYS = 183
# A session that takes somebody from their post for longer than a month is a change of job, not the upkeep of a team.
LONGEST_DAYS = 31


class Patience(IntEnum):
    """When a qualification that ends may be renewed. The next is tried once nothing else helps."""

    IN_TIME = 0  # in its last six months
    EARLY = 1  # before them
    LATE = 2  # after its end


class Reason(StrEnum):
    """Why something remains open. In the order of what is met: each reason is about trainings that pass those above it."""

    NO_TRAINING = "no-training"  # no training brings the skill
    TOO_LOW = "too-low"  # those that do reach a lower level
    LATER = "later"  # what is to be renewed ends after the period
    NO_DATE = "no-date"  # no session within the period
    TOO_FAR = "too-far"  # none within the distance
    TOO_LONG = "too-long"  # none that takes them from their post for so short a time
    NO_PRICE = "price-unknown"  # none whose price is known
    BUDGET = "budget"
    SEATS = "seats"
    CALENDAR = "calendar"  # the person, or too many of the profile, would be away twice


@dataclass(frozen=True, slots=True)
class Terms:
    """A session begins and ends within the period, and takes nobody from their post for longer than `longest_days`. No
    budget: no limit. `most_away` people of a profile may be away at once, a third if it is not said.
    """

    starts_on: dt.date
    ends_on: dt.date
    budget_cents: int | None = None
    most_away: int | None = None
    longest_days: int = LONGEST_DAYS

    def obstacle(self, session: Session) -> Reason | None:
        """What keeps anybody from being sent to this session."""
        if session.starts_on < self.starts_on or session.ends_on > self.ends_on:
            return Reason.NO_DATE
        if not session.is_near:
            return Reason.TOO_FAR
        if not session.is_beside_work and session.days > self.longest_days:
            return Reason.TOO_LONG
        return Reason.NO_PRICE if session.price_cents is None else None


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A person sent to a session, and the demands that it closes for them (their places in the plan's)."""

    person: str
    closes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PlannedSession:
    session: Session
    people: tuple[Enrolment, ...]

    @property
    def cost_cents(self) -> int:
        return (self.session.price_cents or 0) * len(self.people)


@dataclass(frozen=True, slots=True)
class Plan:
    """Sessions in order of time; for every demand that stays open, why."""

    terms: Terms
    demands: tuple[Demand, ...]
    sessions: tuple[PlannedSession, ...]
    remaining: Mapping[int, Reason]

    @property
    def cost_cents(self) -> int:
        return sum(one.cost_cents for one in self.sessions)


@dataclass(frozen=True, slots=True)
class _Group:
    """Who would be sent to a session, and what that closes, weighted."""

    people: tuple[str, ...]
    gain: int


def make_plan(
    demands: Sequence[Demand],
    courses: Sequence[Course],
    posts: Mapping[str, str],
    graph: SkillGraph,
    terms: Terms,
) -> Plan:
    """`posts` gives the profile of those who have one. The order of what is given changes nothing."""
    demands, courses = tuple(demands), sorted(courses, key=lambda one: one.code)
    closers = closed_by(demands, courses, graph)
    planner = _Planner(demands, closers, courses, posts, terms)
    planner.choose()
    remaining = dict(_reasons(planner, courses, graph))
    sessions = sorted(planner.planned(), key=lambda one: (one.session.starts_on, one.session.code))
    return Plan(terms, demands, tuple(sessions), remaining)


def is_useful(demand: Demand, session: Session, patience: Patience, last_day: dt.date) -> bool:
    """Whether the session comes at the right time for the demand. What ends after the last day of the plan may wait for the
    next plan rather than be renewed too soon.
    """
    if demand.due is None:
        return True
    soonest = demand.due - dt.timedelta(days=RENEWAL_DAYS)
    if soonest <= session.starts_on and session.ends_on <= demand.due:
        return True
    if demand.due > last_day or patience is Patience.IN_TIME:
        return False
    return patience is Patience.LATE or session.ends_on <= demand.due


class _Planner:
    def __init__(
        self,
        demands: Sequence[Demand],
        closers: dict[str, dict[str, list[int]]],
        courses: Sequence[Course],
        posts: Mapping[str, str],
        terms: Terms,
    ) -> None:
        self.demands, self.terms = demands, terms
        self.open = set(range(len(demands)))
        # For each training, for each person, the open demands that it would close.
        self.closers = closers
        self._closing: dict[int, list[str]] = {place: [] for place in self.open}
        for training, people in closers.items():
            for place in chain.from_iterable(people.values()):
                self._closing[place].append(training)
        self.sessions = [one for course in courses for one in course.sessions if terms.obstacle(one) is None]
        self._by_training: dict[str, list[Session]] = {}
        for one in self.sessions:
            self._by_training.setdefault(one.training, []).append(one)
        self.calendar = Calendar(posts, terms.most_away)
        self.seats = {one.seats_key: inf if one.seats is None else one.seats for one in self.sessions}
        self.left = inf if terms.budget_cents is None else terms.budget_cents
        self._sent: dict[str, tuple[Session, dict[str, list[int]]]] = {}

    def planned(self) -> Iterator[PlannedSession]:
        for session, people in self._sent.values():
            enrolments = (Enrolment(person, tuple(closed)) for person, closed in sorted(people.items()))
            yield PlannedSession(session, tuple(enrolments))

    def closing(self, place: int) -> Sequence[str]:
        """The trainings that close this demand."""
        return self._closing[place]

    def choose(self) -> None:
        for patience in Patience:
            self._close_what_is_attended(patience)
            self._choose(patience, is_thrifty=True)
            self._choose(patience, is_thrifty=False)

    def _choose(self, patience: Patience, *, is_thrifty: bool) -> None:
        waiting = [
            (_rank(one, group), place)
            for place, one in enumerate(self.sessions)
            if (group := self._group(one, patience, is_thrifty)).gain
        ]
        heapq.heapify(waiting)
        while waiting:
            rank, place = heapq.heappop(waiting)
            session = self.sessions[place]
            group = self._group(session, patience, is_thrifty)
            if not group.gain:
                continue
            now = _rank(session, group)
            # Ranks only worsen: one that stands as it was is the best of all.
            if now == rank:
                self._send(session, group, patience)
            else:
                heapq.heappush(waiting, (now, place))

    def _group(self, session: Session, patience: Patience, is_thrifty: bool) -> _Group:
        """Those for whom it closes most, as many as seats, budget and the calendar allow; equal ones by code."""
        most = min(self.seats[session.seats_key], self._affordable(session))
        stay = (session.starts_on, session.ends_on)
        spare: dict[str, int] = {}
        people: list[str] = []
        total = 0
        for gain, person in self._gains(session, patience) if most >= 1 else ():
            if len(people) >= most:
                break
            profile = None if session.is_beside_work else self.calendar.profile_of(person)
            if profile and profile not in spare:
                spare[profile] = self.calendar.spare(profile, stay)
            if (profile and spare[profile] <= 0) or not self.calendar.is_free(person, stay):
                continue
            if is_thrifty and self._is_dear(session, person, patience):
                continue
            if profile:
                spare[profile] -= 1
            people.append(person)
            total += gain
        return _Group(tuple(people), total)

    def _affordable(self, session: Session) -> float:
        """How many places the budget still pays."""
        if not session.price_cents or self.left == inf:
            return inf
        return self.left // session.price_cents

    def _gains(self, session: Session, patience: Patience) -> list[tuple[int, str]]:
        """What it would close for each person, weighted, the most first."""
        gains = []
        for person, places in self.closers[session.training].items():
            gain = sum(self.demands[place].weight for place in self._useful(places, session, patience))
            if gain:
                gains.append((gain, person))
        return sorted(gains, key=lambda one: (-one[0], one[1]))

    def _is_dear(self, session: Session, person: str, patience: Patience) -> bool:
        """Whether a cheaper session of the plan's period closes all of it too, full or not."""
        closed = self._useful(self.closers[session.training][person], session, patience)
        return any(
            self._closes_all(closed, other, person, patience)
            for training in self._closing[closed[0]]
            for other in self._by_training.get(training, ())
            if (other.price_cents or 0) < (session.price_cents or 0)
        )

    def _closes_all(self, places: Sequence[int], session: Session, person: str, patience: Patience) -> bool:
        others = self.closers[session.training].get(person, ())
        return set(places) <= set(self._useful(others, session, patience))

    def _useful(self, places: Sequence[int], session: Session, patience: Patience) -> list[int]:
        last_day = self.terms.ends_on
        return [place for place in places if is_useful(self.demands[place], session, patience, last_day)]

    def _close(self, places: Sequence[int]) -> None:
        self.open.difference_update(places)
        for place in places:
            person = self.demands[place].person
            for training in self._closing[place]:
                wanted = self.closers[training][person]
                wanted.remove(place)
                if not wanted:
                    del self.closers[training][person]

    def _send(self, session: Session, group: _Group, patience: Patience) -> None:
        _, people = self._sent.setdefault(session.code, (session, {}))
        for person in group.people:
            closed = self._useful(self.closers[session.training][person], session, patience)
            people.setdefault(person, []).extend(closed)
            self._close(closed)
            stay = (session.starts_on, session.ends_on)
            self.calendar.book(person, stay, is_away=not session.is_beside_work)
        self.seats[session.seats_key] -= len(group.people)
        self.left -= (session.price_cents or 0) * len(group.people)

    def _close_what_is_attended(self, patience: Patience) -> None:
        """What one is sent to for another reason also renews, sooner or later than it should."""
        for session, people in self._sent.values():
            for person, closed in people.items():
                more = self._useful(self.closers[session.training].get(person, ()), session, patience)
                closed.extend(more)
                self._close(more)


def _rank(session: Session, group: _Group) -> tuple[bool, float, int, dt.date, str]:
    """The best first: shared, then what it closes for all of them for each euro of one place, then what it closes, then the
    earliest.
    """
    for_a_cent = group.gain / session.price_cents if session.price_cents else inf
    return len(group.people) < 2, -for_a_cent, -group.gain, session.starts_on, session.code


def _reasons(planner: _Planner, courses: Sequence[Course], graph: SkillGraph) -> Iterator[tuple[int, Reason]]:
    by_code = {course.code: course for course in courses}
    brought = Levels([levels_of(course.skills) for course in courses], graph)
    for place in sorted(planner.open):
        demand, closing = planner.demands[place], planner.closing(place)
        if closing:
            sessions = [one for code in closing for one in by_code[code].sessions]
            yield place, _reason_of_sessions(planner, demand, sessions)
        else:
            is_taught = bool(brought.covers(Ask(demand.ask.skill, 1)).any())
            yield place, Reason.TOO_LOW if is_taught else Reason.NO_TRAINING


def _reason_of_sessions(planner: _Planner, demand: Demand, sessions: Sequence[Session]) -> Reason:
    """The obstacle of the session that comes nearest to being possible."""
    terms = planner.terms
    timely = [one for one in sessions if is_useful(demand, one, Patience.LATE, terms.ends_on)]
    if demand.due and demand.due > terms.ends_on and not any(terms.obstacle(one) is None for one in timely):
        return Reason.LATER
    obstacles = [terms.obstacle(one) for one in timely]
    possible = [one for one, obstacle in zip(timely, obstacles, strict=True) if obstacle is None]
    if not possible:
        order = list(Reason)
        return max((one for one in obstacles if one), key=order.index, default=Reason.NO_DATE)
    if any((one.price_cents or 0) > planner.left for one in possible):
        return Reason.BUDGET
    return Reason.SEATS if all(planner.seats[one.seats_key] <= 0 for one in possible) else Reason.CALENDAR
