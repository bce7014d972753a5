"""What a plan changes: each profile's score and the number of single points of failure. Pure: no Django, no engine.

One rule: three figures, by the same formula: before (the first day), without the plan (the last day, when qualifications
that were not renewed have ended) and after (the last day, with what the sessions bring).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matching.scoring import score_value
from matching.teams.gaps import Standing, essential_asks, holders_needed, mean_of_posts
from matching.teams.levels import Levels
from matching.teams.offers import Course
from matching.teams.plan import Plan
from matching.teams.team import Profile


@dataclass(frozen=True, slots=True)
class Figures:
    before: float
    without_plan: float
    after: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """`people` are the scores of those who have a post, for it."""

    profiles: Mapping[str, Figures]
    people: Mapping[str, Figures]
    single_points: Figures


def outcome_of(standing: Standing, plan: Plan, courses: Sequence[Course]) -> Outcome:
    last_day = plan.terms.ends_on
    without = [
        {code: level for code, one in person.held.items() if (level := one.level_on(last_day))}
        for person in standing.people
    ]
    after = _with_sessions(standing, without, plan, courses)
    people = {
        one.person: _figures_of_person(one.person, one.score.value, profile.profile, standing, without, after)
        for profile in standing.by_profile
        for one in profile.filled
    }
    profiles = {
        one.profile.code: _figures_of_posts([people[filled.person] for filled in one.filled], one.profile)
        for one in standing.by_profile
    }
    graph = standing.levels.graph
    return Outcome(
        profiles,
        people,
        Figures(
            len(standing.single_points),
            _count_single_points(standing.profiles, Levels(without, graph)),
            _count_single_points(standing.profiles, Levels(after, graph)),
        ),
    )


def _with_sessions(
    standing: Standing, held: Sequence[Mapping[str, int]], plan: Plan, courses: Sequence[Course]
) -> list[dict[str, int]]:
    skills = {course.code: course.skills for course in courses}
    rows = {person.code: dict(levels) for person, levels in zip(standing.people, held, strict=True)}
    for planned in plan.sessions:
        for enrolment in planned.people:
            levels = rows[enrolment.person]
            for one in skills[planned.session.training]:
                levels[one.skill] = max(one.level, levels.get(one.skill, 0))
    return list(rows.values())


def _figures_of_person(
    person: str,
    before: float,
    profile: Profile,
    standing: Standing,
    without: Sequence[Mapping[str, int]],
    after: Sequence[Mapping[str, int]],
) -> Figures:
    row, graph = standing.rows[person], standing.levels.graph
    return Figures(
        before,
        score_value(profile.requirements, without[row], graph),
        score_value(profile.requirements, after[row], graph),
    )


def _figures_of_posts(people: Sequence[Figures], profile: Profile) -> Figures:
    return Figures(
        mean_of_posts([one.before for one in people], profile),
        mean_of_posts([one.without_plan for one in people], profile),
        mean_of_posts([one.after for one in people], profile),
    )


def _count_single_points(profiles: Sequence[Profile], levels: Levels) -> int:
    return sum(
        int(levels.covers(ask).sum()) < holders_needed(profiles, places)
        for ask, places in essential_asks(profiles).items()
    )
