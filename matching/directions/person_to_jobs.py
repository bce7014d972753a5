"""A person against jobs, and the trainings that would raise the score.

One rule: candidates come from search, the score from `matching.scoring`; `before` and `after` are that same
formula.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from matching.calibration import MATCH_FLOOR
from matching.candidates import SearchUnavailable, trainings_bringing
from matching.catalogue.jobs import Gate, Job, load_job
from matching.catalogue.places import Origin, find_origin
from matching.catalogue.trainings import TrainingOffer, load_trainings
from matching.directions.improvements import (
    Improvement,
    SkillImprovement,
    best_skills,
    training_gains,
    with_few_diplomas,
)
from matching.directions.weighed_jobs import (
    WeighedJob,
    is_good_enough,
    nearest_jobs,
    person_trade,
    propose_jobs,
    weigh_jobs,
    with_all_held,
)
from matching.expecting import NO_HINTS, NOTHING, Expected, Hints, with_expectations
from matching.referential import Referential, load_referential
from matching.scoring import Held, RequirementResult, Score, State, levels_of
from matching.trade import Trade
from matching.versions import Versions, versions_of
from search.failover import said_once
from skills.languages import in_language

# Jobs whose missing skills get a search of their own; those of the others share one.
SEARCHED_ALONE = 3

_NO_SEARCH = (
    "Les formations qui aideraient ne peuvent pas être cherchées : l'index de recherche n'est pas disponible."
)


@dataclass(frozen=True, slots=True)
class JobMatch:
    code: str
    title_fr: str
    title_en: str
    url: str
    score: float
    requirements: tuple[RequirementResult, ...]
    gates: tuple[Gate, ...]
    improve: tuple[Improvement, ...] = ()
    improve_skills: tuple[SkillImprovement, ...] = ()
    expected: Expected = NOTHING

    def title(self, language: str) -> str:
        return in_language(self.title_fr, self.title_en, language)

    def count(self, state: str) -> int:
        return sum(requirement.state.value == state for requirement in self.requirements)

    def as_dict(self) -> dict[str, object]:
        return {
            "code": self.code,
            "title_fr": self.title_fr,
            "title_en": self.title_en,
            "score": self.score,
            "expected": self.expected.as_dict(),
            "gates": [gate.as_dict() for gate in self.gates],
            "requirements": [result.as_dict() for result in self.requirements],
            "improve": [improvement.as_dict() for improvement in self.improve],
            "improve_skills": [improvement.as_dict() for improvement in self.improve_skills],
        }


@dataclass(frozen=True, slots=True)
class PersonMatch:
    """`abstained` when nothing is good enough to be an answer; `notice` when part of the answer could not be
    made. `shown`, `trainings`, `hints` and `nearest` are what the answer was made from: the jobs shown, the trainings that
    would help, what put the jobs in order, and the jobs that tell the person's trade.
    """

    abstained: bool
    jobs: tuple[JobMatch, ...]
    notice: str = ""
    shown: tuple[Job, ...] = ()
    trainings: tuple[TrainingOffer, ...] = ()
    hints: Hints = NO_HINTS
    nearest: tuple[Job, ...] = ()
    versions: Versions | None = None

    def as_dict(self) -> dict[str, object]:
        return {
            "abstained": self.abstained,
            "jobs": [job.as_dict() for job in self.jobs],
            "versions": self.versions.as_dict() if self.versions else None,
        }


def match_person(
    said: Iterable[Held],
    *,
    brought: Iterable[Held] = (),
    hints: Hints = NO_HINTS,
    jobs_limit: int = 10,
    place: str | None = None,
    within_km: float | None = None,
    only_job: str | None = None,
    language: str = "fr",
    engine: str = "",
    referential: Referential | None = None,
) -> PersonMatch:
    """Jobs ranked for what a person says to hold and for what the titles given bring: both count in the score, only what
    is said meets a gate. The hints put the jobs in order, and never change a score. Raises UnknownJob, UnknownPlace, and
    SearchUnavailable when the engine is named.
    """
    said = tuple(said)
    held = (*said, *brought)
    origin = find_origin(place) if place else None
    asked = {} if only_job is None else {only_job: load_job(only_job, language)}
    if not held:
        return PersonMatch(True, ())
    referential = referential or load_referential()
    proposed, found = propose_jobs(held, referential, language, engine)
    hints = with_all_held(hints, held)
    weighed = weigh_jobs({**proposed, **asked}, held, hints, referential, language)
    shown = [one for one in weighed if one.job.code in asked] if asked else _good_enough(weighed)[:jobs_limit]
    if not shown:
        return PersonMatch(True, (), found.notice)
    nearest = nearest_jobs(weighed)
    trades = {one.job.code: person_trade(nearest, hints, one.job.code) for one in shown}
    try:
        improve, trainings, notice = _improvements(
            shown, trades, held, referential, origin, within_km, language, engine
        )
    except SearchUnavailable:
        improve, trainings, notice = {}, (), _NO_SEARCH
    codes = frozenset(one.skill for one in said)
    levels = levels_of(held)
    matches = (
        replace(
            _match(one, found.urls, improve.get(one.job.code, ())),
            gates=tuple(gate.answered(codes, referential.graph) for gate in one.job.gates),
            requirements=with_expectations(
                one.scored.requirements, one.expected, referential.graph, language
            ),
            improve_skills=best_skills(one.job.requirements, one.scored, levels, referential.graph),
        )
        for one in shown
    )
    jobs = tuple(one.job for one in shown)
    return PersonMatch(
        False,
        tuple(matches),
        " ".join(said_once((found.notice, notice))),
        jobs,
        trainings,
        hints,
        nearest,
        versions_of(referential, {one.code: one for one in (*nearest, *jobs)}.values(), trainings),
    )


def _good_enough(weighed: Sequence[WeighedJob]) -> list[WeighedJob]:
    """Nothing unless what is shown is enough for one job."""
    if not any(one.scored.value >= MATCH_FLOOR for one in weighed):
        return []
    return [one for one in weighed if is_good_enough(one)]


def _match(weighed: WeighedJob, urls: Mapping[str, str], improve: tuple[Improvement, ...]) -> JobMatch:
    job = weighed.job
    return JobMatch(
        code=job.code,
        title_fr=job.title_fr,
        title_en=job.title_en,
        url=urls.get(job.code, ""),
        score=weighed.scored.value,
        requirements=weighed.scored.requirements,
        gates=job.gates,
        improve=improve,
        expected=weighed.expected,
    )


def _improvements(
    shown: Sequence[WeighedJob],
    trades: Mapping[str, Trade],
    held: Sequence[Held],
    referential: Referential,
    origin: Origin | None,
    within_km: float | None,
    language: str,
    engine: str,
) -> tuple[dict[str, tuple[Improvement, ...]], tuple[TrainingOffer, ...], str]:
    """For each job the trainings that raise its score most, those trainings, and the notice of the searches. At most four
    searches, whatever the number of jobs.
    """
    gaps = [_gap(one.scored) for one in shown]
    together = [code for gap in gaps[SEARCHED_ALONE:] for code in gap]
    searches = [referential.graph.fully_answering(gap) for gap in [*gaps[:SEARCHED_ALONE], together]]
    found = [trainings_bringing(wanted, language, engine) for wanted in searches]
    urls = {code: url for candidates in found for code, url in candidates.urls.items()}
    trainings = load_trainings(sorted(urls), origin, within_km)
    levels = levels_of(held)
    improve = {
        one.job.code: with_few_diplomas(
            training_gains(
                one.job,
                one.scored,
                trainings.values(),
                levels,
                referential.graph,
                urls,
                referential.behaviours,
                trades[one.job.code],
            )
        )
        for one in shown
    }
    helpful = sorted({one.training for improvements in improve.values() for one in improvements})
    notice = " ".join(said_once(candidates.notice for candidates in found))
    return improve, tuple(trainings[code] for code in helpful), notice


def _gap(job_score: Score) -> list[str]:
    return [result.skill for result in job_score.requirements if result.state is not State.COVERED]
