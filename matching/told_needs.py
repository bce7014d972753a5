"""A need told in a text, such as a job advert: what it asks for, and what it lets expect, which puts trainings in order.

One rule: what is told beyond the requirements that are sure never changes a coverage; it only orders.
"""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property

from matching.candidates import trainings_near
from matching.hints import nearness
from matching.reading.extraction import Extraction, FoundSkill
from matching.reading.importance import Importances
from matching.scoring import DECIMALS, WEIGHTS, Held, Requirement, SkillGraph, credit_of, levels_of

# What the nearness of the text to a training adds to its order, times that nearness: on the tuning half of the judged needs.
NEARNESS = 2.0


@dataclass(frozen=True, slots=True)
class Asked:
    """A requirement with the probability, from 0 to 1, that the text makes it."""

    requirement: Requirement
    probability: float


@dataclass(frozen=True)
class ToldNeed:
    """`requirements` are the skills that are answered, `asked` those under the floor too; `near` how near each training is to
    what the text says (a cosine, by code; a training that is not in it counts as the farthest of those that are).
    """

    requirements: tuple[Requirement, ...] = ()
    asked: tuple[Asked, ...] = ()
    near: Mapping[str, float] = field(default_factory=dict)

    def order(
        self,
        training: str,
        brought: Iterable[Held],
        graph: SkillGraph,
        behaviours: AbstractSet[str] = frozenset(),
    ) -> float:
        """The larger, the earlier the training is proposed: the share of what the text asks for that it is to be expected to
        teach, ways of behaving aside, and how near the text is to it.
        """
        levels = levels_of(brought)
        taught = weight = 0.0
        for one in self.asked:
            if one.requirement.skill not in behaviours:
                counted = WEIGHTS[one.requirement.importance] * one.probability
                taught += counted * credit_of(one.requirement, levels, graph)
                weight += counted
        share = taught / weight if weight else 0.0
        near = self.near.get(training)
        return round(share + NEARNESS * (self._farthest if near is None else near), DECIMALS)

    @cached_property
    def _farthest(self) -> float:
        return min(self.near.values(), default=0.0)


def read_need(text: str, extraction: Extraction, engine: str = "") -> ToldNeed:
    """`extraction`: what was read in this text. Raises SearchUnavailable when the engine is named."""
    importances = Importances(text)
    return ToldNeed(
        tuple(_requirement(one, importances) for one in extraction.skills),
        tuple(
            Asked(_requirement(found, importances), likely.probability)
            for found, likely in zip((*extraction.skills, *extraction.maybe), extraction.likely, strict=True)
        ),
        nearness(trainings_near(extraction.passages, engine)),
    )


def _requirement(found: FoundSkill, importances: Importances) -> Requirement:
    return Requirement(found.code, found.level, importances.of(found.quote))
