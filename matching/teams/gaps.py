"""Where a team stands: who takes which post, what they lack, and what hangs on one person or none. Pure: no Django, no engine.

One rule: a gap is a requirement of somebody's own post that is not covered; a single point of failure is an essential
requirement that too few people of the whole team cover, whatever their post.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matching.scoring import Held, Requirement, Score, SkillGraph, State, score
from matching.teams.assignment import NO_POST, assign
from matching.teams.levels import DatedLevels
from matching.teams.team import Ask, Person, Profile, asked

ESSENTIAL = "essential"


@dataclass(frozen=True, slots=True)
class Filled:
    """A post and who takes it; `is_kept` when they held it already."""

    person: str
    score: Score
    is_kept: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """A requirement, and the people of the profile's posts who do not cover it."""

    requirement: Requirement
    missing: tuple[str, ...]
    partial: tuple[str, ...]

    @property
    def short(self) -> int:
        return len(self.missing) + len(self.partial)


@dataclass(frozen=True, slots=True)
class ProfileGaps:
    profile: Profile
    filled: tuple[Filled, ...]
    gaps: tuple[Gap, ...]

    @property
    def vacant(self) -> int:
        return self.profile.posts - len(self.filled)

    @property
    def value(self) -> float:
        """The mean score of its posts; an empty post counts for nothing."""
        return mean_of_posts([one.score.value for one in self.filled], self.profile)


@dataclass(frozen=True, slots=True)
class SinglePoint:
    """`backups` are those who would best become the missing holders, best first."""

    ask: Ask
    profiles: tuple[str, ...]
    holders: tuple[str, ...]
    needed: int
    backups: tuple[str, ...]


@dataclass(frozen=True)
class Standing:
    """A team on a day. People stand in the order of their codes; `posts` gives the profile of those who have one."""

    on: dt.date
    people: tuple[Person, ...]
    profiles: tuple[Profile, ...]
    posts: Mapping[str, str]
    by_profile: tuple[ProfileGaps, ...]
    single_points: tuple[SinglePoint, ...]
    levels: DatedLevels

    @cached_property
    def rows(self) -> dict[str, int]:
        """Where each person stands."""
        return {person.code: row for row, person in enumerate(self.people)}


def mean_of_posts(scores: Sequence[float], profile: Profile) -> float:
    return round(sum(scores) / profile.posts, 4)


def stand(
    people: Sequence[Person],
    profiles: Sequence[Profile],
    graph: SkillGraph,
    on: dt.date,
    language: str = "fr",
) -> Standing:
    """The order in which people and profiles are given changes nothing."""
    people = tuple(sorted(people, key=lambda one: one.code))
    profiles = tuple(sorted(profiles, key=lambda one: one.code))
    levels = DatedLevels([one.held for one in people], graph, on)
    scores = np.array([levels.scores(one.requirements) for one in profiles]).T.reshape(
        len(people), len(profiles)
    )
    places = {profile.code: place for place, profile in enumerate(profiles)}
    current = [places.get(one.profile, NO_POST) for one in people]
    taken = assign(scores, [one.posts for one in profiles], current)
    takers: list[list[Person]] = [[] for _ in profiles]
    for person, post in zip(people, taken, strict=True):
        if post != NO_POST:
            takers[post].append(person)
    by_profile = tuple(
        _profile_gaps(profile, those, on, graph, language)
        for profile, those in zip(profiles, takers, strict=True)
    )
    posts = {
        person.code: profile.code for profile, those in zip(profiles, takers, strict=True) for person in those
    }
    single = sorted(_single_points(people, profiles, taken, scores, levels), key=_most_missing_first)
    return Standing(on, people, profiles, posts, by_profile, tuple(single), levels)


def _profile_gaps(
    profile: Profile, people: Sequence[Person], on: dt.date, graph: SkillGraph, language: str
) -> ProfileGaps:
    filled = [
        Filled(
            one.code,
            score(profile.requirements, held_on(one, on), graph, language),
            one.profile == profile.code,
        )
        for one in people
    ]
    filled.sort(key=lambda one: (-one.score.value, one.person))
    gaps = [
        Gap(requirement, _in_state(filled, place, State.MISSING), _in_state(filled, place, State.PARTIAL))
        for place, requirement in enumerate(profile.requirements)
    ]
    gaps = [gap for gap in gaps if gap.short]
    gaps.sort(key=lambda gap: (gap.requirement.importance != ESSENTIAL, -gap.short, gap.requirement.skill))
    return ProfileGaps(profile, tuple(filled), tuple(gaps))


def held_on(person: Person, on: dt.date) -> list[Held]:
    return [Held(code, level) for code, one in person.held.items() if (level := one.level_on(on))]


def _in_state(filled: Sequence[Filled], place: int, state: State) -> tuple[str, ...]:
    return tuple(sorted(one.person for one in filled if one.score.requirements[place].state is state))


def essential_asks(profiles: Sequence[Profile]) -> dict[Ask, list[int]]:
    """What must be held by several people of the team, with the places of the profiles that say so."""
    found: dict[Ask, list[int]] = {}
    for place, profile in enumerate(profiles):
        for one in profile.requirements:
            if one.importance == ESSENTIAL:
                found.setdefault(asked(one), []).append(place)
    return found


def holders_needed(profiles: Sequence[Profile], places: Sequence[int]) -> int:
    return max(profiles[place].team_min for place in places)


def _single_points(
    people: Sequence[Person],
    profiles: Sequence[Profile],
    taken: Sequence[int],
    scores: NDArray[np.float64],
    levels: DatedLevels,
) -> Iterator[SinglePoint]:
    codes, posts = [person.code for person in people], np.array(taken)
    for ask, places in essential_asks(profiles).items():
        needed, covers = holders_needed(profiles, places), levels.covers(ask)
        holders = np.flatnonzero(covers).tolist()
        if len(holders) >= needed:
            continue
        # Who has a post that asks for it, then the nearest to one: they gain most by it. Rows are in the order of the codes.
        order = np.lexsort((-scores[:, places].max(axis=1), ~np.isin(posts, places)))
        backups = order[~covers[order]][: needed - len(holders)].tolist()
        yield SinglePoint(
            ask,
            tuple(profiles[place].code for place in places),
            tuple(codes[row] for row in holders),
            needed,
            tuple(codes[row] for row in backups),
        )


def _most_missing_first(point: SinglePoint) -> tuple[int, int, Ask]:
    """Then what the most profiles ask for."""
    return len(point.holders) - point.needed, -len(point.profiles), point.ask
