"""What a text lets expect of somebody, beyond the skills that are shown: it puts jobs in order. Pure.

One rule: it never changes a score, which counts what is shown and can be contested. Each part of an expectation is told; more
skills, likelier or of a higher level, never lower it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from matching.scoring import (
    DECIMALS,
    WEIGHTS,
    RequirementResult,
    Score,
    SkillGraph,
    answers,
    credit,
    total_weight,
    value_of,
)

# Chosen on the tuning half of the judged people (docs/matching-quality.md).
UNTOLD = 0.25  # what a way of behaving that is asked for is worth when nothing is said of it: few people write such things
NAMED = 0.05  # what naming a job by one of its titles adds
NEARNESS = 1.0  # what the nearness of the text to a job adds, times that nearness
DEMANDING = 0.05  # what each level that a job asks for on average takes away: skills told in passing are seldom mastered


@dataclass(frozen=True, slots=True)
class Likely:
    """A skill with the probability, from 0 to 1, that the person holds it."""

    skill: str
    level: int
    probability: float = 1.0


@dataclass(frozen=True)
class Hints:
    """What a text tells without showing it: skills as far as they are `likely` (those that are shown too), jobs `named` by a
    title, how `near` each job is to what the text says (a cosine, by code; a job that is not in it counts as far), and the
    skills that it names only to say that they are `denied` or wished for.
    """

    likely: Sequence[Likely] = ()
    named: AbstractSet[str] = frozenset()
    near: Mapping[str, float] = field(default_factory=dict)
    denied: AbstractSet[str] = frozenset()


NO_HINTS = Hints()


@dataclass(frozen=True, slots=True)
class Maybe:
    """A requirement that may be better answered than what is shown says: by which skill, and what that would be worth (0 to 1),
    times its probability.
    """

    requirement: str
    skill: str
    credit: float

    def as_dict(self) -> dict[str, object]:
        return {"requirement": self.requirement, "skill": self.skill, "credit": self.credit}


@dataclass(frozen=True, slots=True)
class Expected:
    """Of one job: the score to be expected, from 0 to 1, and what is expected beyond what is shown, in the requirements' order;
    whether the text names the job, how near to it it is, and the mean level that the job asks for (1 to 4).
    """

    value: float = 0.0
    maybe: tuple[Maybe, ...] = ()
    is_named: bool = False
    near: float = 0.0
    level: float = 0.0

    @property
    def order(self) -> float:
        """The larger, the earlier the job is proposed."""
        return round(
            self.value + NAMED * self.is_named + NEARNESS * self.near - DEMANDING * self.level, DECIMALS
        )

    def as_dict(self) -> dict[str, object]:
        return {
            "order": self.order,
            "value": self.value,
            "named": self.is_named,
            "near": self.near,
            "level": self.level,
            "maybe": [one.as_dict() for one in self.maybe],
        }


NOTHING = Expected()


class Expecting:
    """Hints set against one job after the other."""

    def __init__(self, hints: Hints, graph: SkillGraph, behaviours: AbstractSet[str] = frozenset()) -> None:
        self._hints, self._graph, self._behaviours = hints, graph, behaviours
        self._likely: defaultdict[str, list[Likely]] = defaultdict(list)
        for one in hints.likely:
            self._likely[one.skill].append(one)
        # The requirements that nothing likely answers are most of them: these are the others.
        self._answered = {asked for code in self._likely for asked in graph.answered_by(code)}
        self._best: dict[tuple[str, int], tuple[float, str]] = {}

    def of(self, job: str, scored: Score) -> Expected:
        """`scored`: what is shown, against the job of this code."""
        best = [(one, *self._credit(one.skill, one.level)) for one in scored.requirements]
        return Expected(
            value_of(
                (WEIGHTS[one.importance] * found for one, found, _ in best), total_weight(scored.requirements)
            ),
            tuple(
                Maybe(one.skill, by, round(found, DECIMALS))
                for one, found, by in best
                if by and found > one.credit
            ),
            job in self._hints.named,
            round(self._hints.near.get(job, 0.0), DECIMALS),
            _mean_level(scored.requirements),
        )

    def _credit(self, skill: str, level: int) -> tuple[float, str]:
        """The most that a likely skill is expected to give a requirement, and that skill; none for what is untold."""
        untold = UNTOLD if skill in self._behaviours else 0.0, ""
        if skill not in self._answered:
            return untold
        if (skill, level) not in self._best:
            self._best[skill, level] = max([untold, *self._credits(skill, level)])
        return self._best[skill, level]

    def _credits(self, skill: str, level: int) -> Iterable[tuple[float, str]]:
        for _link, share, codes in answers(skill, self._graph):
            for one in (one for code in codes for one in self._likely.get(code, ())):
                yield credit(share, one.level, level) * one.probability, one.skill


def _mean_level(requirements: Sequence[RequirementResult]) -> float:
    return (
        round(sum(one.level for one in requirements) / len(requirements), DECIMALS) if requirements else 0.0
    )


# --- Said
_SENTENCES = {
    "fr": "À vérifier : le texte parle peut-être de « {} ».",
    "en": "To be checked: the text may speak of “{}”.",
}


def with_expectations(
    requirements: Sequence[RequirementResult], found: Expected, graph: SkillGraph, language: str
) -> tuple[RequirementResult, ...]:
    """The requirements, each reason going on with what is expected beyond it."""
    said = "en" if language == "en" else "fr"
    more = {one.requirement: _SENTENCES[said].format(graph.label(one.skill, said)) for one in found.maybe}
    return tuple(
        replace(one, reason=f"{one.reason} {more[one.skill]}") if one.skill in more else one
        for one in requirements
    )
