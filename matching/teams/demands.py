"""What a team's plan has to close: one thing for one person each. Pure: no Django, no engine.

One rule: a demand is closed by a training that brings the skill, or a narrower one, at the level asked: what the formula
counts as covered.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

import numpy as np

from matching.scoring import WEIGHTS, SkillGraph, levels_of
from matching.teams.gaps import ESSENTIAL, Standing
from matching.teams.levels import Levels
from matching.teams.offers import Course
from matching.teams.team import Ask, asked
from matching.teams.validities import Requalification


class Cause(StrEnum):
    GAP = "gap"
    SINGLE_POINT = "single-point"
    REQUALIFICATION = "requalification"


@dataclass(frozen=True, slots=True)
class Demand:
    """One person is to cover one ask. The weights of what it closes add up; `due` is the last day of a qualification to
    renew.
    """

    person: str
    ask: Ask
    weight: int
    causes: tuple[Cause, ...]
    due: dt.date | None = None


class _Part(NamedTuple):
    """One reason for a demand, counted once: for the person's post, or for the team."""

    cause: Cause
    is_for_post: bool


@dataclass(slots=True)
class _Draft:
    weights: dict[_Part, int] = field(default_factory=dict)
    due: dt.date | None = None


def demands_of(standing: Standing, ending: Sequence[Requalification]) -> tuple[Demand, ...]:
    """Gaps of the posts, missing holders (who is to become one is named beforehand), and qualifications whose end matters."""
    drafts: defaultdict[tuple[str, Ask], _Draft] = defaultdict(_Draft)
    for profile in standing.by_profile:
        for gap in profile.gaps:
            weight = WEIGHTS[gap.requirement.importance]
            for person in (*gap.missing, *gap.partial):
                drafts[person, asked(gap.requirement)].weights[_Part(Cause.GAP, True)] = weight
    for point in standing.single_points:
        for person in point.backups:
            drafts[person, point.ask].weights[_Part(Cause.SINGLE_POINT, False)] = WEIGHTS[ESSENTIAL]
    _add_renewals(drafts, standing, ending)
    return tuple(
        Demand(
            person,
            ask,
            sum(draft.weights.values()),
            tuple(sorted({part.cause for part in draft.weights})),
            draft.due,
        )
        for (person, ask), draft in sorted(drafts.items())
    )


def _add_renewals(
    drafts: defaultdict[tuple[str, Ask], _Draft], standing: Standing, ending: Sequence[Requalification]
) -> None:
    importances = {
        (profile.code, asked(one)): one.importance
        for profile in standing.profiles
        for one in profile.requirements
    }
    for one in ending:
        if one.is_expired:  # a gap already
            continue
        post = standing.posts.get(one.person, "")
        weights = [(ask, True, WEIGHTS[importances[post, ask]]) for ask in one.opens]
        weights += [(lost.ask, False, WEIGHTS[ESSENTIAL]) for lost in one.single_points]
        for ask, is_for_post, weight in weights:
            draft = drafts[one.person, ask]
            draft.weights[_Part(Cause.REQUALIFICATION, is_for_post)] = weight
            draft.due = one.valid_until


def closed_by(
    demands: Iterable[Demand], courses: Sequence[Course], graph: SkillGraph
) -> dict[str, dict[str, list[int]]]:
    """For each training, for each person, the places of the demands that it closes."""
    brought = Levels([levels_of(course.skills) for course in courses], graph)
    found: dict[str, dict[str, list[int]]] = {course.code: {} for course in courses}
    for place, demand in enumerate(demands):
        for row in np.flatnonzero(brought.covers(demand.ask)).tolist():
            found[courses[row].code].setdefault(demand.person, []).append(place)
    return found
