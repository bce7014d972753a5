"""What would change a score: the skills and the trainings that raise it most, with before and after. Pure.

One rule: `before` and `after` are the formula of `matching.scoring`, with and without what is gained; nothing is estimated.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from math import inf

from matching.catalogue.jobs import Job
from matching.catalogue.trainings import Offer, TrainingOffer, facts_of
from matching.scoring import (
    WEIGHTS,
    Requirement,
    RequirementResult,
    Score,
    SkillGraph,
    State,
    credit_of,
    levels_of,
    score_value,
    total_weight,
    value_of,
)
from matching.trade import NO_TRADE, Trade
from skills.languages import in_language

MOST_IMPROVEMENTS = 3
MOST_DIPLOMAS = 1


@dataclass(frozen=True, slots=True)
class Improvement:
    """A training that raises the score for a job; `offer` is the way of following it that suits best, `covers` the
    requirements that it helps to answer. `taught` is what it adds to the share of the requirements that are no behaviours (0 to
    1), beyond what is known by trade: a training seldom teaches how to behave, whatever it announces.
    """

    training: str
    title_fr: str
    title_en: str
    before: float
    after: float
    url: str
    offer: Offer | None
    covers: tuple[str, ...] = ()
    taught: float = 0.0

    def title(self, language: str) -> str:
        return in_language(self.title_fr, self.title_en, language)

    def as_dict(self) -> dict[str, object]:
        return {
            "training": self.training,
            "before": self.before,
            "after": self.after,
            "title_fr": self.title_fr,
            "title_en": self.title_en,
            "covers": list(self.covers),
            "taught": self.taught,
            **facts_of(self.offer),
            "url": self.url,
        }


@dataclass(frozen=True, slots=True)
class SkillImprovement:
    """A skill, at the level that is asked, which alone would raise the score."""

    skill: str
    level: int
    before: float
    after: float

    def as_dict(self) -> dict[str, object]:
        return {"skill": self.skill, "level": self.level, "before": self.before, "after": self.after}


# --- Skills
def best_skills(
    requirements: Sequence[Requirement], scored: Score, levels: Mapping[str, int], graph: SkillGraph
) -> tuple[SkillImprovement, ...]:
    """The skills asked for that would raise the score most, each by itself; equal ones as the profile lists them."""
    found = [
        SkillImprovement(
            one.skill,
            one.level,
            scored.value,
            score_value(requirements, {**levels, one.skill: one.level}, graph),
        )
        for one in scored.requirements
        if one.state is not State.COVERED
    ]
    return tuple(sorted(found, key=lambda one: -one.after)[:MOST_IMPROVEMENTS])


# --- Trainings
def training_gains(
    job: Job,
    scored: Score,
    trainings: Iterable[TrainingOffer],
    levels: Mapping[str, int],
    graph: SkillGraph,
    urls: Mapping[str, str],
    behaviours: AbstractSet[str] = frozenset(),
    trade: Trade = NO_TRADE,
) -> list[Improvement]:
    """Every training that raises the score for the job, those that teach most of what is missing first."""
    open_requirements = [one for one in scored.requirements if one.state is not State.COVERED]
    reach = {one.skill: frozenset(graph.answered_by(one.skill)) for one in open_requirements}
    teaching = Teaching(scored.requirements, behaviours, trade, graph)
    found = []
    for training in trainings:
        if not _is_within_reach(training, job):
            continue
        brought = levels_of(training.skills)
        gained = {**levels, **{code: max(level, levels.get(code, 0)) for code, level in brought.items()}}
        after = score_value(job.requirements, gained, graph)
        if after > scored.value:
            covers = tuple(skill for skill, codes in reach.items() if not codes.isdisjoint(brought))
            found.append(_improvement(training, scored.value, after, urls, covers, teaching.of(brought)))
    return sorted(found, key=_most_taught)


class Teaching:
    """What a training would teach of requirements, ways of behaving aside, beyond what is shown and what is known by trade."""

    def __init__(
        self,
        requirements: Sequence[RequirementResult],
        behaviours: AbstractSet[str],
        trade: Trade,
        graph: SkillGraph,
    ) -> None:
        teachable = [one for one in requirements if one.skill not in behaviours]
        self._graph, self._weight = graph, total_weight(teachable)
        known = (
            (one, one.credit + (1 - one.credit) * trade.known(one.skill, one.level)) for one in teachable
        )
        self._open = [
            (Requirement(one.skill, one.level, one.importance), held) for one, held in known if held < 1
        ]

    def of(self, brought: Mapping[str, int]) -> float:
        """From 0 to 1; `brought` as `levels_of` gives it."""
        gains = (
            WEIGHTS[one.importance] * max(0.0, credit_of(one, brought, self._graph) - known)
            for one, known in self._open
        )
        return value_of(gains, self._weight)


def _improvement(
    training: TrainingOffer,
    before: float,
    after: float,
    urls: Mapping[str, str],
    covers: tuple[str, ...],
    taught: float,
) -> Improvement:
    return Improvement(
        training.code,
        training.title_fr,
        training.title_en,
        before,
        after,
        urls.get(training.code, ""),
        next(iter(training.offers), None),
        covers,
        taught,
    )


def _is_within_reach(training: TrainingOffer, job: Job) -> bool:
    """A diploma (announced without place nor date) above those by which one enters the job is no way to it."""
    return bool(training.offers) or (training.exit_level or 0) <= job.highest_diploma


def with_few_diplomas(improvements: Sequence[Improvement]) -> tuple[Improvement, ...]:
    """The first ones, best first, among them at most one that announces neither place nor date (a diploma of several
    years brings more than any short training), unless nothing else helps.
    """
    joinable = [one for one in improvements if one.offer]
    places = max(MOST_DIPLOMAS, MOST_IMPROVEMENTS - len(joinable))
    diplomas = [one for one in improvements if not one.offer][:places]
    chosen = joinable[: MOST_IMPROVEMENTS - len(diplomas)] + diplomas
    return tuple(sorted(chosen, key=_most_taught))


def _most_taught(improvement: Improvement) -> tuple[float, float, float, str]:
    """Equal ones: the largest gain, the nearest, then by code."""
    proximity = improvement.offer.proximity if improvement.offer else inf
    return -improvement.taught, -improvement.after, proximity, improvement.training
