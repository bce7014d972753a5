"""A person against jobs, and the trainings that would raise the score.

One rule: candidates come from search, the score from `matching.scoring`; `before` and `after` are that same
formula.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import inf

from matching.calibration import MATCH_FLOOR
from matching.candidates import Candidates, SearchUnavailable, jobs_asking_for, trainings_bringing
from matching.catalogue.jobs import Gate, Job, load_jobs
from matching.catalogue.places import Origin, find_origin
from matching.catalogue.trainings import Offer, TrainingOffer, load_trainings
from matching.errors import UnknownJob
from matching.referential import Referential, load_referential
from matching.scoring import Held, RequirementResult, Score, State, levels_of, score, score_value
from search.failover import said_once

MOST_IMPROVEMENTS = 3
MOST_DIPLOMAS = 1
# Jobs whose missing skills get a search of their own; those of the others share one.
SEARCHED_ALONE = 3

_NO_SEARCH = (
    "Les formations qui aideraient ne peuvent pas être cherchées : l'index de recherche n'est pas disponible."
)


@dataclass(frozen=True, slots=True)
class Improvement:
    """A training that raises the score for a job; `offer` is the way of following it that suits best."""

    training: str
    title_fr: str
    title_en: str
    before: float
    after: float
    url: str
    offer: Offer | None

    def title(self, language: str) -> str:
        return (self.title_en if language == "en" else "") or self.title_fr

    def as_dict(self) -> dict[str, object]:
        offer = self.offer
        return {
            "training": self.training,
            "before": self.before,
            "after": self.after,
            "title_fr": self.title_fr,
            "title_en": self.title_en,
            "distance_km": offer.distance_km if offer else None,
            "next_session": offer.next_session.isoformat() if offer and offer.next_session else None,
            "price_eur": offer.price_eur if offer else None,
            "hours": offer.hours if offer else None,
            "url": self.url,
        }


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

    def title(self, language: str) -> str:
        return (self.title_en if language == "en" else "") or self.title_fr

    def count(self, state: str) -> int:
        return sum(requirement.state.value == state for requirement in self.requirements)

    def as_dict(self) -> dict[str, object]:
        return {
            "code": self.code,
            "title_fr": self.title_fr,
            "title_en": self.title_en,
            "score": self.score,
            "gates": [gate.as_dict() for gate in self.gates],
            "requirements": [requirement_as_dict(result) for result in self.requirements],
            "improve": [improvement.as_dict() for improvement in self.improve],
        }


@dataclass(frozen=True, slots=True)
class PersonMatch:
    """`abstained` when nothing is good enough to be an answer; `notice` when part of the answer could not be
    made.
    """

    abstained: bool
    jobs: tuple[JobMatch, ...]
    notice: str = ""


def requirement_as_dict(result: RequirementResult) -> dict[str, object]:
    return {
        "skill": result.skill,
        "level": result.level,
        "importance": result.importance,
        "state": result.state.value,
        "covered_by": result.covered_by,
        "reason": result.reason,
    }


def match_person(
    said: Iterable[Held],
    *,
    brought: Iterable[Held] = (),
    jobs_limit: int = 10,
    place: str | None = None,
    within_km: float | None = None,
    only_job: str | None = None,
    language: str = "fr",
    engine: str = "",
    referential: Referential | None = None,
) -> PersonMatch:
    """Jobs ranked for what a person says to hold and for what the titles given bring: both count in the score, only what
    is said meets a gate. Raises UnknownJob, UnknownPlace, and SearchUnavailable when the engine is named.
    """
    said = tuple(said)
    held = (*said, *brought)
    origin = find_origin(place) if place else None
    asked = None if only_job is None else _only(only_job, language)
    if not held:
        return PersonMatch(True, ())
    referential = referential or load_referential()
    jobs, found = (
        (asked, Candidates({})) if asked is not None else _candidates(held, referential, language, engine)
    )
    ranked = _ranked(jobs, held, referential, language)
    if only_job is None:
        ranked = [(job, job_score) for job, job_score in ranked if job_score.value >= MATCH_FLOOR]
    ranked = ranked[:jobs_limit]
    if not ranked:
        return PersonMatch(True, (), found.notice)
    try:
        improve, notice = _improvements(ranked, held, referential, origin, within_km, language, engine)
    except SearchUnavailable:
        improve, notice = {}, _NO_SEARCH
    codes = frozenset(one.skill for one in said)
    matches = (
        replace(
            _match(job, scored, found.urls, improve.get(job.code, ())),
            gates=tuple(gate.answered(codes, referential.graph) for gate in job.gates),
        )
        for job, scored in ranked
    )
    return PersonMatch(False, tuple(matches), " ".join(said_once((found.notice, notice))))


def _candidates(
    held: Sequence[Held], referential: Referential, language: str, engine: str
) -> tuple[dict[str, Job], Candidates]:
    """The jobs that search proposes, and what it said of them."""
    found = jobs_asking_for(_with_neighbours(held, referential), language, engine)
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


def _only(code: str, language: str) -> dict[str, Job]:
    jobs = load_jobs([code], language)
    if not jobs:
        raise UnknownJob(f"Métier inconnu : « {code[:60]} ». La liste : manage.py catalogue jobs.")
    return jobs


def _with_neighbours(held: Sequence[Held], referential: Referential) -> list[str]:
    """What is held and whatever it may cover in part, so that a job reached only through the graph is a
    candidate too.
    """
    graph = referential.graph
    codes = {one.skill for one in held}
    for one in held:
        for linked in (graph.broader, graph.narrower, graph.related):
            codes.update(linked.get(one.skill, ()))
    return sorted(codes)


def _ranked(
    jobs: dict[str, Job], held: Sequence[Held], referential: Referential, language: str
) -> list[tuple[Job, Score]]:
    """Best first; equal scores by how many requirements are covered, then by code."""
    scored = [(job, score(job.requirements, held, referential.graph, language)) for job in jobs.values()]
    scored.sort(
        key=lambda pair: (
            -pair[1].value,
            -sum(result.state is State.COVERED for result in pair[1].requirements),
            pair[0].code,
        )
    )
    return scored


def _improvements(
    ranked: Sequence[tuple[Job, Score]],
    held: Sequence[Held],
    referential: Referential,
    origin: Origin | None,
    within_km: float | None,
    language: str,
    engine: str,
) -> tuple[dict[str, tuple[Improvement, ...]], str]:
    """For each job the trainings that raise its score most, and the notice of the searches. At most four of them, whatever
    the number of jobs.
    """
    gaps = {job.code: _gap(job_score) for job, job_score in ranked}
    alone = [gaps[job.code] for job, _ in ranked[:SEARCHED_ALONE]]
    together = sorted({code for job, _ in ranked[SEARCHED_ALONE:] for code in gaps[job.code]})
    found = [trainings_bringing(wanted, language, engine) for wanted in [*alone, together]]
    urls = {code: url for candidates in found for code, url in candidates.urls.items()}
    trainings = load_trainings(sorted(urls), origin, within_km)
    gained = {code: levels_of([*held, *training.skills]) for code, training in trainings.items()}
    improve = {
        job.code: _best_improvements(job, job_score.value, trainings, gained, referential, urls)
        for job, job_score in ranked
    }
    return improve, " ".join(said_once(candidates.notice for candidates in found))


def _gap(job_score: Score) -> list[str]:
    return [result.skill for result in job_score.requirements if result.state is not State.COVERED]


def _best_improvements(
    job: Job,
    before: float,
    trainings: dict[str, TrainingOffer],
    gained: dict[str, dict[str, int]],
    referential: Referential,
    urls: dict[str, str],
) -> tuple[Improvement, ...]:
    found = []
    for code, training in trainings.items():
        if not _is_within_reach(training, job):
            continue
        after = score_value(job.requirements, gained[code], referential.graph)
        if after > before:
            offer = next(iter(training.offers), None)
            found.append(
                Improvement(
                    code, training.title_fr, training.title_en, before, after, urls.get(code, ""), offer
                )
            )
    found.sort(key=_largest_gain)
    return tuple(_with_few_diplomas(found))


def _is_within_reach(training: TrainingOffer, job: Job) -> bool:
    """A diploma (announced without place nor date) above those by which one enters the job is no way to it."""
    return bool(training.offers) or (training.exit_level or 0) <= job.highest_diploma


def _with_few_diplomas(improvements: Sequence[Improvement]) -> list[Improvement]:
    """The first ones, best first, among them at most one that announces neither place nor date (a diploma of several
    years brings more than any short training), unless nothing else helps.
    """
    joinable = [one for one in improvements if one.offer]
    places = max(MOST_DIPLOMAS, MOST_IMPROVEMENTS - len(joinable))
    diplomas = [one for one in improvements if not one.offer][:places]
    chosen = joinable[: MOST_IMPROVEMENTS - len(diplomas)] + diplomas
    return sorted(chosen, key=_largest_gain)


def _largest_gain(improvement: Improvement) -> tuple[float, float, str]:
    """Equal gains: the nearest, then by code."""
    proximity = improvement.offer.proximity if improvement.offer else inf
    return -improvement.after, proximity, improvement.training
