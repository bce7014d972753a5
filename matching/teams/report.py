"""The answer about a team for machines: the keys that docs/teams.md promises.

One rule: keys are added, never renamed nor removed; codes everywhere, with both labels where a person may read the JSON.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from matching.scoring import State
from matching.teams.analysis import TeamAnswer
from matching.teams.csv_table import Problems
from matching.teams.demands import Demand
from matching.teams.gaps import Gap, ProfileGaps, SinglePoint
from matching.teams.outcome import Figures
from matching.teams.plan import Plan, PlannedSession, Reason
from matching.teams.team import Ask, asked
from matching.teams.validities import Requalification

Json = dict[str, object]


def euros(cents: int) -> float:
    return cents / 100


def answer_as_dict(answer: TeamAnswer, problems: Sequence[Problems] = ()) -> Json:
    standing = answer.standing
    return {
        "people": [
            {
                "person": one.code,
                "profile": one.profile or None,
                "post": standing.posts.get(one.code),
                **_figures(answer.outcome.people.get(one.code)),
            }
            for one in standing.people
        ],
        "profiles": [_profile(answer, one) for one in standing.by_profile],
        "single_points": [_single_point(answer, one) for one in standing.single_points],
        "requalifications": [_requalification(answer, one) for one in answer.requalifications],
        "plan": _plan(answer),
        "errors": [one.as_dict() for each in problems for one in each.kept],
        "error_count": sum(each.count for each in problems),
    }


def _figures(figures: Figures | None) -> Json:
    return {
        "before": figures.before if figures else None,
        "without_plan": figures.without_plan if figures else None,
        "after": figures.after if figures else None,
    }


def _skill(answer: TeamAnswer, ask: Ask) -> Json:
    return {
        "skill": ask.skill,
        "label_fr": answer.referential.label(ask.skill, "fr"),
        "label_en": answer.referential.label(ask.skill, "en"),
        "level": ask.level,
    }


def _profile(answer: TeamAnswer, one: ProfileGaps) -> Json:
    return {
        "code": one.profile.code,
        "title_fr": one.profile.title_fr,
        "title_en": one.profile.title_en,
        "posts": one.profile.posts,
        "vacant": one.vacant,
        "team_min": one.profile.team_min,
        "score": one.value,
        "filled": [
            {
                "person": filled.person,
                "score": filled.score.value,
                "is_kept": filled.is_kept,
                "requirements": [
                    result.as_dict()
                    for result in filled.score.requirements
                    if result.state is not State.COVERED
                ],
            }
            for filled in one.filled
        ],
        "gaps": [_gap(answer, gap) for gap in one.gaps],
    }


def _gap(answer: TeamAnswer, gap: Gap) -> Json:
    return {
        **_skill(answer, asked(gap.requirement)),
        "importance": gap.requirement.importance,
        "short": gap.short,
        "missing": list(gap.missing),
        "partial": list(gap.partial),
    }


def _single_point(answer: TeamAnswer, one: SinglePoint) -> Json:
    return {
        **_skill(answer, one.ask),
        "profiles": list(one.profiles),
        "needed": one.needed,
        "holders": list(one.holders),
        "backups": list(one.backups),
    }


def _requalification(answer: TeamAnswer, one: Requalification) -> Json:
    return {
        "person": one.person,
        **_skill(answer, Ask(one.skill, one.level)),
        "valid_until": one.valid_until.isoformat(),
        "is_expired": one.is_expired,
        "opens": [_skill(answer, ask) for ask in one.opens],
        "single_points": [
            {**_skill(answer, lost.ask), "holders_left": lost.holders_left, "needed": lost.needed}
            for lost in one.single_points
        ],
    }


def _plan(answer: TeamAnswer) -> Json:
    plan, outcome = answer.plan, answer.outcome
    return {
        "from": plan.terms.starts_on.isoformat(),
        "until": plan.terms.ends_on.isoformat(),
        "budget_eur": None if plan.terms.budget_cents is None else euros(plan.terms.budget_cents),
        "cost_eur": euros(plan.cost_cents),
        "quarters": list(_quarters(answer)),
        "remaining": [_remaining(answer, one) for one in remaining_of(answer.plan)],
        "profiles": [{"code": code, **_figures(figures)} for code, figures in outcome.profiles.items()],
        "single_points": _figures(outcome.single_points),
    }


def sessions_by_quarter(answer: TeamAnswer) -> Iterator[tuple[str, list[PlannedSession], int, int]]:
    """The name of each quarter, its sessions (by the day they begin), its cost and the cost so far, in cents."""
    so_far = 0
    for quarter in answer.quarters:
        sessions = [
            one
            for one in answer.plan.sessions
            if quarter.starts_on <= one.session.starts_on <= quarter.ends_on
        ]
        cost = sum(one.cost_cents for one in sessions)
        so_far += cost
        yield quarter.name, sessions, cost, so_far


def _quarters(answer: TeamAnswer) -> Iterator[Json]:
    for name, sessions, cost, so_far in sessions_by_quarter(answer):
        yield {
            "quarter": name,
            "cost_eur": euros(cost),
            "cumulated_eur": euros(so_far),
            "sessions": [_session(answer, one) for one in sessions],
        }


def _session(answer: TeamAnswer, one: PlannedSession) -> Json:
    session, course = one.session, answer.courses[one.session.training]
    return {
        "session": session.code,
        "training": session.training,
        "title_fr": course.title_fr,
        "title_en": course.title_en,
        "provider": course.provider,
        "url": course.url,
        "mode": session.mode,
        "place": session.place,
        "starts_on": session.starts_on.isoformat(),
        "ends_on": session.ends_on.isoformat(),
        "seats": session.seats,
        "price_eur": euros(session.price_cents or 0),
        "cost_eur": euros(one.cost_cents),
        "people": [
            {
                "person": sent.person,
                "closes": [_closed(answer, one, place) for place in sent.closes],
            }
            for sent in one.people
        ],
    }


def _closed(answer: TeamAnswer, one: PlannedSession, place: int) -> Json:
    demand = answer.plan.demands[place]
    is_late = demand.due is not None and one.session.ends_on > demand.due
    return {
        **_skill(answer, demand.ask),
        "causes": [cause.value for cause in demand.causes],
        "valid_until": demand.due.isoformat() if demand.due else None,
        "is_late": is_late,
    }


@dataclass(frozen=True, slots=True)
class Remaining:
    """What stays open for the same reason: who, why it was wanted, and the weight of all of it."""

    reason: Reason
    ask: Ask
    causes: tuple[str, ...]
    weight: int
    people: tuple[str, ...]

    @property
    def order(self) -> tuple[int, str, Ask]:
        return -self.weight, self.reason, self.ask


def remaining_of(plan: Plan) -> list[Remaining]:
    """The heaviest first."""
    found: dict[tuple[Reason, Ask], list[Demand]] = {}
    for place, reason in plan.remaining.items():
        demand = plan.demands[place]
        found.setdefault((reason, demand.ask), []).append(demand)
    rows = [
        Remaining(
            reason,
            ask,
            tuple(sorted({cause.value for one in demands for cause in one.causes})),
            sum(one.weight for one in demands),
            tuple(one.person for one in demands),
        )
        for (reason, ask), demands in found.items()
    ]
    return sorted(rows, key=lambda row: row.order)


def _remaining(answer: TeamAnswer, one: Remaining) -> Json:
    return {
        **_skill(answer, one.ask),
        "reason": one.reason.value,
        "causes": list(one.causes),
        "weight": one.weight,
        "people": list(one.people),
    }
