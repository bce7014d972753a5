"""A person and a job against the trainings that bring the person nearer to it.

One rule: a training counts for what it adds to what is held already; one that adds nothing is not listed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from matching.candidates import trainings_bringing
from matching.catalogue.jobs import Job, load_job
from matching.catalogue.places import Origin
from matching.catalogue.trainings import load_trainings
from matching.directions.improvements import Improvement, training_gains
from matching.directions.weighed_jobs import (
    nearest_jobs,
    person_trade,
    propose_jobs,
    weigh_jobs,
    with_all_held,
)
from matching.expecting import NO_HINTS, Hints
from matching.referential import Referential, load_referential
from matching.scoring import Held, Score, State, levels_of, score
from matching.trade import Trade


@dataclass(frozen=True, slots=True)
class GapTrainings:
    """The job's score for the person as things are, and the trainings that raise it, the largest gain first."""

    job: Job
    scored: Score
    improvements: tuple[Improvement, ...]
    notice: str = ""


def trainings_for_person(
    held: Sequence[Held],
    job: str,
    *,
    hints: Hints = NO_HINTS,
    trade: Trade | None = None,
    origin: Origin | None = None,
    within_km: float | None = None,
    limit: int = 20,
    language: str = "fr",
    engine: str = "",
    referential: Referential | None = None,
) -> GapTrainings:
    """The hints tell the person's trade, unless it is given. Raises UnknownJob, and SearchUnavailable when the engine is
    named.
    """
    referential = referential or load_referential()
    wanted = load_job(job, language)
    if trade is None:
        jobs, _found = propose_jobs(held, referential, language, engine)
        weighed = weigh_jobs(jobs, held, with_all_held(hints, held), referential, language)
        trade = person_trade(nearest_jobs(weighed), hints, job)
    scored = score(wanted.requirements, held, referential.graph, language)
    gap = [one.skill for one in scored.requirements if one.state is not State.COVERED]
    found = trainings_bringing(referential.graph.fully_answering(gap), language, engine)
    trainings = load_trainings(sorted(found.urls), origin, within_km)
    gains = training_gains(
        wanted,
        scored,
        trainings.values(),
        levels_of(held),
        referential.graph,
        found.urls,
        referential.behaviours,
        trade,
    )
    return GapTrainings(wanted, scored, tuple(gains[:limit]), found.notice)
