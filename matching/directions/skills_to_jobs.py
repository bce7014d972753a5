"""What a training brings, or a job asks for, against the other jobs: those it prepares for, those next to it.

One rule: what brings skills is scored as if it were a person holding them, with the same formula; what is missing is told.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from matching.calibration import MATCH_FLOOR
from matching.candidates import jobs_asking_for
from matching.catalogue.jobs import Job, load_job, load_jobs, neighbours_of
from matching.catalogue.trainings import load_training
from matching.database_candidates import job_urls
from matching.profiles import Profiles
from matching.referential import Referential, load_referential
from matching.scoring import Held, RequirementResult, State


@dataclass(frozen=True, slots=True)
class PreparedJob:
    """A job, the share of its requirements that is covered (0 to 1), and each of them. `is_neighbour`: an editor says so."""

    job: Job
    url: str
    coverage: float
    requirements: tuple[RequirementResult, ...]
    is_neighbour: bool = False

    def with_state(self, *states: State) -> tuple[RequirementResult, ...]:
        return tuple(one for one in self.requirements if one.state in states)


@dataclass(frozen=True, slots=True)
class PreparedJobs:
    """The jobs, the best covered first, and what covers them; `notice` says when they were not looked for as usual."""

    jobs: tuple[PreparedJob, ...]
    notice: str = ""
    held: tuple[Held, ...] = ()


def jobs_prepared_by(
    training: str,
    *,
    limit: int = 20,
    language: str = "fr",
    engine: str = "",
    referential: Referential | None = None,
) -> PreparedJobs:
    """The jobs that a training leads towards. Raises UnknownTraining, and SearchUnavailable when the engine is named."""
    referential = referential or load_referential()
    return _covered(load_training(training).skills, limit, language, engine, referential)


def jobs_beside(
    job: str,
    *,
    limit: int = 10,
    language: str = "fr",
    engine: str = "",
    referential: Referential | None = None,
) -> PreparedJobs:
    """The jobs that somebody who meets every requirement of this one comes nearest to. Raises as `jobs_prepared_by` does."""
    referential = referential or load_referential()
    asked = load_job(job, language)
    held = tuple(Held(one.skill, one.level) for one in asked.requirements)
    return _covered(held, limit, language, engine, referential, besides=asked.code)


def _covered(
    held: Sequence[Held], limit: int, language: str, engine: str, referential: Referential, besides: str = ""
) -> PreparedJobs:
    graph = referential.graph
    wanted = sorted({code for one in held for code in graph.answered_by(one.skill)})
    found = jobs_asking_for(wanted, language, engine)
    named = neighbours_of(besides) if besides else frozenset()
    urls = {**job_urls(sorted(named - found.urls.keys()), language), **found.urls}
    jobs = load_jobs([code for code in urls if code != besides], language)
    profiles = Profiles({code: job.requirements for code, job in jobs.items()}, graph, language)
    covered = [
        PreparedJob(jobs[code], urls[code], scored.value, scored.requirements, code in named)
        for code, scored in profiles.scores(held).items()
        if scored.value >= MATCH_FLOOR or code in named
    ]
    covered.sort(key=_best_covered)
    return PreparedJobs(tuple(covered[:limit]), found.notice, tuple(held))


def _best_covered(one: PreparedJob) -> tuple[float, int, str]:
    return -one.coverage, -len(one.with_state(State.COVERED)), one.job.code
