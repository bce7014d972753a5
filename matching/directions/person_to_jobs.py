"""A person against jobs, and the trainings that would raise the score.

One rule: candidates come from search, the score from `matching.scoring`; `before` and `after` are that same
formula.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from matching.calibration import MATCH_FLOOR
from matching.candidates import Candidates, SearchUnavailable, jobs_asking_for, trainings_bringing
from matching.catalogue.jobs import Gate, Job, load_job, load_jobs
from matching.catalogue.places import Origin, find_origin
from matching.catalogue.trainings import TrainingOffer, load_trainings
from matching.directions.improvements import (
    Improvement,
    SkillImprovement,
    best_skills,
    training_gains,
    with_few_diplomas,
)
from matching.expecting import NO_HINTS, NOTHING, Expected, Expecting, Hints, Likely, with_expectations
from matching.profiles import Profiles
from matching.referential import Referential, load_referential
from matching.scoring import Held, RequirementResult, Score, State, levels_of
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
    made. `weighed`, `trainings` and `hints` are what the answer was made from: the jobs shown, the trainings that would help,
    and what put the jobs in order.
    """

    abstained: bool
    jobs: tuple[JobMatch, ...]
    notice: str = ""
    weighed: tuple[Job, ...] = ()
    trainings: tuple[TrainingOffer, ...] = ()
    hints: Hints = NO_HINTS
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
    asked = None if only_job is None else {only_job: load_job(only_job, language)}
    if not held:
        return PersonMatch(True, ())
    referential = referential or load_referential()
    jobs, found = (
        (asked, Candidates({})) if asked is not None else _candidates(held, referential, language, engine)
    )
    ranked = _ranked(jobs, held, referential, language)
    hints = _with_all(held, hints)
    expecting = Expecting(hints, referential.graph, referential.behaviours)
    hoped = {job.code: expecting.of(job.code, scored) for job, scored in ranked}
    if only_job is None:
        ranked = _good_enough(ranked, hoped)
    ranked.sort(key=lambda pair: -hoped[pair[0].code].order)
    ranked = ranked[:jobs_limit]
    if not ranked:
        return PersonMatch(True, (), found.notice)
    try:
        improve, trainings, notice = _improvements(
            ranked, held, referential, origin, within_km, language, engine
        )
    except SearchUnavailable:
        improve, trainings, notice = {}, (), _NO_SEARCH
    codes = frozenset(one.skill for one in said)
    levels = levels_of(held)
    matches = (
        replace(
            _match(job, scored, found.urls, improve.get(job.code, ())),
            gates=tuple(gate.answered(codes, referential.graph) for gate in job.gates),
            expected=hoped[job.code],
            requirements=with_expectations(scored.requirements, hoped[job.code], referential.graph, language),
            improve_skills=best_skills(job.requirements, scored, levels, referential.graph),
        )
        for job, scored in ranked
    )
    shown = tuple(job for job, _ in ranked)
    return PersonMatch(
        False,
        tuple(matches),
        " ".join(said_once((found.notice, notice))),
        shown,
        trainings,
        hints,
        versions_of(referential, shown, trainings),
    )


def _with_all(held: Sequence[Held], hints: Hints) -> Hints:
    """With what is held and of which the text says nothing, such as what a diploma brings: it is taken as sure."""
    told = {one.skill for one in hints.likely}
    sure = [Likely(one.skill, one.level) for one in held if one.skill not in told]
    return replace(hints, likely=(*hints.likely, *sure))


def _candidates(
    held: Sequence[Held], referential: Referential, language: str, engine: str
) -> tuple[dict[str, Job], Candidates]:
    """The jobs that search proposes, and what it said of them."""
    # Whatever is held may answer in part too: a job reached only through the graph is a candidate.
    wanted = sorted({code for one in held for code in referential.graph.answered_by(one.skill)})
    found = jobs_asking_for(wanted, language, engine)
    return load_jobs(list(found.urls), language), found


def _match(job: Job, scored: Score, urls: dict[str, str], improve: tuple[Improvement, ...]) -> JobMatch:
    return JobMatch(
        code=job.code,
        title_fr=job.title_fr,
        title_en=job.title_en,
        url=urls.get(job.code, ""),
        score=scored.value,
        requirements=scored.requirements,
        gates=job.gates,
        improve=improve,
    )


def _ranked(
    jobs: dict[str, Job], held: Sequence[Held], referential: Referential, language: str
) -> list[tuple[Job, Score]]:
    """Best first; equal scores by how many requirements are covered, then by code."""
    profiles = Profiles({code: job.requirements for code, job in jobs.items()}, referential.graph, language)
    scored = [(jobs[code], one) for code, one in profiles.scores(held).items()]
    scored.sort(
        key=lambda pair: (
            -pair[1].value,
            -sum(result.state is State.COVERED for result in pair[1].requirements),
            pair[0].code,
        )
    )
    return scored


def _good_enough(
    ranked: Sequence[tuple[Job, Score]], hoped: Mapping[str, Expected]
) -> list[tuple[Job, Score]]:
    """Nothing unless what is shown is enough for one job; then every job for which enough is to be expected."""
    if not any(scored.value >= MATCH_FLOOR for _, scored in ranked):
        return []
    return [(job, scored) for job, scored in ranked if hoped[job.code].value >= MATCH_FLOOR]


def _improvements(
    ranked: Sequence[tuple[Job, Score]],
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
    gaps = {job.code: _gap(job_score) for job, job_score in ranked}
    alone = [gaps[job.code] for job, _ in ranked[:SEARCHED_ALONE]]
    together = [code for job, _ in ranked[SEARCHED_ALONE:] for code in gaps[job.code]]
    searches = [referential.graph.fully_answering(gap) for gap in [*alone, together]]
    found = [trainings_bringing(wanted, language, engine) for wanted in searches]
    urls = {code: url for candidates in found for code, url in candidates.urls.items()}
    trainings = load_trainings(sorted(urls), origin, within_km)
    levels = levels_of(held)
    improve = {
        job.code: with_few_diplomas(
            training_gains(
                job, scored, trainings.values(), levels, referential.graph, urls, referential.behaviours
            )
        )
        for job, scored in ranked
    }
    shown = sorted({one.training for improvements in improve.values() for one in improvements})
    notice = " ".join(said_once(candidates.notice for candidates in found))
    return improve, tuple(trainings[code] for code in shown), notice


def _gap(job_score: Score) -> list[str]:
    return [result.skill for result in job_score.requirements if result.state is not State.COVERED]
