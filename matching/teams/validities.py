"""Which qualifications end soon, and what falls with them. Pure: no Django, no engine.

One rule: what falls is judged on the day after, as if nothing were renewed until then, for anybody.
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from matching.teams.gaps import Standing, essential_asks, holders_needed
from matching.teams.levels import fully_answering, is_covered_by
from matching.teams.team import Ask, Person, asked

HORIZON_MONTHS = 18


@dataclass(frozen=True, slots=True)
class LostHolder:
    """An essential requirement that too few people hold once this qualification has ended, and how many do."""

    ask: Ask
    holders_left: int
    needed: int


@dataclass(frozen=True, slots=True)
class Requalification:
    """A qualification that ends. `opens` are the requirements of the person's own post that are then covered no more;
    `is_expired` when it ended before the day of the analysis.
    """

    person: str
    skill: str
    level: int
    valid_until: dt.date
    is_expired: bool
    opens: tuple[Ask, ...]
    single_points: tuple[LostHolder, ...]

    @property
    def matters(self) -> bool:
        return bool(self.opens or self.single_points)


def requalifications(standing: Standing, until: dt.date) -> tuple[Requalification, ...]:
    """Those that end by this day, in order of time."""
    view = _View(standing)
    found = [
        view.requalification(row, person, skill, one.level, one.valid_until)
        for row, person in enumerate(standing.people)
        for skill, one in person.held.items()
        if one.level and one.valid_until is not None and one.valid_until <= until
    ]
    return tuple(sorted(found, key=lambda one: (one.valid_until, one.person, one.skill)))


class _View:
    """The asks that each skill alone may cover: those of every post, and the essential ones of the team."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing
        profiles = standing.profiles
        self._posts = {one.code: self._by_skill(map(asked, one.requirements)) for one in profiles}
        self._needed = {
            ask: holders_needed(profiles, places) for ask, places in essential_asks(profiles).items()
        }
        self._team = self._by_skill(self._needed)
        self._ends: dict[Ask, list[int]] = {}

    def _by_skill(self, asks: Iterable[Ask]) -> dict[str, list[Ask]]:
        found: dict[str, list[Ask]] = {}
        for ask in asks:
            for skill in fully_answering(ask, self._standing.levels.graph):
                found.setdefault(skill, []).append(ask)
        return found

    def requalification(
        self, row: int, person: Person, skill: str, level: int, end: dt.date
    ) -> Requalification:
        post = self._posts.get(self._standing.posts.get(person.code, ""), {})
        lost = []
        for ask in self._fallen(row, level, end, self._team.get(skill, ())):
            left = self._holders_after(ask, end)
            if left < self._needed[ask]:
                lost.append(LostHolder(ask, left, self._needed[ask]))
        opens = self._fallen(row, level, end, post.get(skill, ()))
        return Requalification(
            person.code, skill, level, end, end < self._standing.on, tuple(opens), tuple(lost)
        )

    def _fallen(self, row: int, level: int, end: dt.date, asks: Iterable[Ask]) -> list[Ask]:
        """What this level covers and nothing else of the person does on the day after; of what has ended, what nothing
        covers now.
        """
        last = end.toordinal() if end >= self._standing.on else 0
        return sorted(
            ask
            for ask in asks
            if is_covered_by(ask, level) and self._standing.levels.covered_until(ask)[row] == last
        )

    def _holders_after(self, ask: Ask, end: dt.date) -> int:
        if ask not in self._ends:
            self._ends[ask] = sorted(self._standing.levels.covered_until(ask).tolist())
        return len(self._ends[ask]) - bisect_right(self._ends[ask], end.toordinal())
