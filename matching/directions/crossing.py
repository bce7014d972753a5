"""From a job to those beside it: what both ask for, and what the way from one to the other costs; the bridges from elsewhere.

One rule: a crossing is that of somebody who meets every requirement of the first job and has nobody's money to pay with:
nothing else of a person is presumed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from time import monotonic

from matching.catalogue.bridges import Bridge, load_bridges
from matching.directions.cost_to_cross import CostToCross, CrossingState, cost_of, not_computed
from matching.directions.skills_to_jobs import PreparedJob, PreparedJobs, jobs_beside
from matching.errors import PathRefused
from matching.paths.finding import find_paths
from matching.paths.problem import Objective
from matching.paths.question import Question
from matching.paths.shelf import Shelf
from matching.referential import Referential, load_referential
from matching.scoring import Requirement, SkillGraph, State, levels_of
from search.failover import said_once

# A path each: some 60 ms on the demonstration catalogue, and up to minutes when one is hard to prove.
MOST_COSTED = 10
LONGEST_S = 30.0  # after which no other path is begun


@dataclass(frozen=True, slots=True)
class SharedSkill:
    """A skill that both jobs ask for: the next one at `level`, the first one at `from_level`, itself or by a narrower skill. A
    broader or a neighbouring skill is not shared: it counts in part in the score, and no more.
    """

    skill: str
    level: int
    state: State
    from_skill: str
    from_level: int

    def as_dict(self) -> dict[str, object]:
        return {
            "skill": self.skill,
            "level": self.level,
            "state": self.state.value,
            "from_skill": self.from_skill,
            "from_level": self.from_level,
        }


@dataclass(frozen=True, slots=True)
class Crossing:
    """A job beside the first one, what is shared, and the cost of what is not."""

    prepared: PreparedJob
    shared: tuple[SharedSkill, ...]
    to_cross: CostToCross


@dataclass(frozen=True, slots=True)
class Crossings:
    """The crossings from `job`, the best covered first; `bridges` are the editors' words on who comes to that job from another
    sector.
    """

    job: str
    crossings: tuple[Crossing, ...]
    bridges: tuple[Bridge, ...] = ()
    notice: str = ""


def crossings_from(
    job: str,
    *,
    limit: int = MOST_COSTED,
    language: str = "fr",
    engine: str = "",
    referential: Referential | None = None,
) -> Crossings:
    """The jobs beside this one, with the cost of crossing to the first ten. Raises UnknownJob, and SearchUnavailable when the
    engine is named. Some 15 queries for each job at most, and what they share is read once.
    """
    referential = referential or load_referential()
    beside = jobs_beside(job, limit=limit, language=language, engine=engine, referential=referential)
    levels = levels_of(beside.held)
    asking = _Asking(beside, language, engine, referential)
    crossings = tuple(
        Crossing(prepared, tuple(_shared(prepared.job.requirements, levels, referential.graph)), cost)
        for prepared, cost in zip(beside.jobs, asking.costs(), strict=True)
    )
    notice = " ".join(said_once([beside.notice, *asking.notices]))
    return Crossings(job, crossings, load_bridges(job, language), notice)


def _shared(
    requirements: Iterable[Requirement], levels: Mapping[str, int], graph: SkillGraph
) -> Iterator[SharedSkill]:
    for one in requirements:
        same = [code for code in (one.skill, *graph.narrower.get(one.skill, ())) if code in levels]
        if same:
            best = max(same, key=lambda code: levels[code])  # of equals the first: the skill itself
            state = State.COVERED if levels[best] >= one.level else State.PARTIAL
            yield SharedSkill(one.skill, one.level, state, best, levels[best])


class _Asking:
    """Asks for the cheapest path to each of these jobs in turn, over one shelf; keeps what was said of the search."""

    def __init__(self, beside: PreparedJobs, language: str, engine: str, referential: Referential) -> None:
        self._beside, self._language, self._engine = beside, language, engine
        self._referential = referential
        self._shelf = Shelf(referential, (one.job for one in beside.jobs))
        self.notices: list[str] = []

    def costs(self) -> Iterable[CostToCross]:
        ends_at = monotonic() + LONGEST_S
        for place, prepared in enumerate(self._beside.jobs):
            if place >= MOST_COSTED:
                yield not_computed(self._language, MOST_COSTED)
            elif monotonic() >= ends_at:
                yield not_computed(self._language)
            else:
                yield self._cost(prepared.job.code)

    def _cost(self, job: str) -> CostToCross:
        question = Question(job=job, objective=Objective.COST)
        try:
            found = find_paths(
                self._beside.held, question, self._language, self._engine, self._referential, self._shelf
            )
        except PathRefused as error:
            return CostToCross(CrossingState.UNPROVEN, str(error))
        self.notices.append(found.notice)
        return cost_of(found, self._language)
