"""Jobs weighed for somebody: the score of each, and what is to be expected, which puts them in order.

One rule: search proposes the jobs, `matching.scoring` scores them, `matching.expecting` orders them.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from matching.candidates import Candidates, jobs_asking_for
from matching.catalogue.jobs import Job, load_jobs
from matching.expecting import Expected, Expecting, Hints, Likely
from matching.profiles import Profiles
from matching.referential import Referential
from matching.scoring import Held, Score, State
from matching.trade import NEAREST, Trade


@dataclass(frozen=True, slots=True)
class WeighedJob:
    job: Job
    scored: Score
    expected: Expected


def propose_jobs(
    held: Sequence[Held], referential: Referential, language: str, engine: str
) -> tuple[dict[str, Job], Candidates]:
    """The jobs that search proposes, and what it said of them. Raises SearchUnavailable when the engine is named."""
    # Whatever is held may answer in part too: a job reached only through the graph is a candidate.
    wanted = sorted({code for one in held for code in referential.graph.answered_by(one.skill)})
    found = jobs_asking_for(wanted, language, engine)
    return load_jobs(list(found.urls), language), found


def weigh_jobs(
    jobs: Mapping[str, Job], held: Sequence[Held], hints: Hints, referential: Referential, language: str
) -> list[WeighedJob]:
    """In the order of what is to be expected; equal ones by score, by how many requirements are covered, then by code."""
    profiles = Profiles({code: job.requirements for code, job in jobs.items()}, referential.graph, language)
    expecting = Expecting(hints, referential.graph, referential.behaviours)
    weighed = [
        WeighedJob(jobs[code], scored, expecting.of(code, scored))
        for code, scored in profiles.scores(held).items()
    ]
    return sorted(weighed, key=_order)


def _order(one: WeighedJob) -> tuple[float, float, int, str]:
    covered = sum(result.state is State.COVERED for result in one.scored.requirements)
    return -one.expected.order, -one.scored.value, -covered, one.job.code


def nearest_jobs(weighed: Sequence[WeighedJob]) -> tuple[Job, ...]:
    """The first jobs, as many as `trade_of` may ask for."""
    return tuple(one.job for one in weighed[: NEAREST + 1])


def trade_of(nearest: Iterable[Job], denied: AbstractSet[str], job: str) -> Trade:
    """The trade of who wants to come to this job: the others among the nearest, which is what the person does now."""
    others = [one.requirements for one in nearest if one.code != job]
    return Trade(others[:NEAREST], denied)


def with_all_held(hints: Hints, held: Sequence[Held]) -> Hints:
    """With what is held and of which the text says nothing, such as what a diploma brings: it is taken as sure."""
    told = {one.skill for one in hints.likely}
    sure = [Likely(one.skill, one.level) for one in held if one.skill not in told]
    return replace(hints, likely=(*hints.likely, *sure))
