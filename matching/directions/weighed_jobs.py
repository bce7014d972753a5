"""Jobs weighed for somebody: the score of each, and what is to be expected, which puts them in order.

One rule: search proposes the jobs, `matching.scoring` scores them, `matching.expecting` orders them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from matching.calibration import LEAST_SHOWN, MATCH_FLOOR
from matching.candidates import Candidates, jobs_asking_for
from matching.catalogue.jobs import Job, load_jobs
from matching.expecting import Expected, Expecting, Hints, Likely
from matching.profiles import Profiles
from matching.referential import Referential
from matching.scoring import Held, Score, State
from matching.trade import NEAREST, Trade, trade_of


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


def is_good_enough(one: WeighedJob) -> bool:
    """Whether enough is shown for the job to be an answer, or some of it is and enough is to be expected."""
    shown = one.scored.value
    return shown >= MATCH_FLOOR or (shown >= LEAST_SHOWN and one.expected.value >= MATCH_FLOOR)


def nearest_jobs(weighed: Sequence[WeighedJob]) -> tuple[Job, ...]:
    """The first good ones, as many as a trade is made of and one more, which may be the job that is wanted."""
    return tuple(one.job for one in weighed if is_good_enough(one))[: NEAREST + 1]


def person_trade(nearest: Iterable[Job], hints: Hints, wanted: str) -> Trade:
    """The trade of who wants to come to this job."""
    return trade_of(((one.code, one.requirements) for one in nearest), hints.denied, wanted)


def with_all_held(hints: Hints, held: Sequence[Held]) -> Hints:
    """With what is held and of which the text says nothing, such as what a diploma brings: it is taken as sure."""
    told = {one.skill for one in hints.likely}
    sure = [Likely(one.skill, one.level) for one in held if one.skill not in told]
    return replace(hints, likely=(*hints.likely, *sure))
