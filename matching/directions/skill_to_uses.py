"""A skill against the jobs that ask for it and the trainings that bring it.

One rule: a narrower skill counts as the skill itself, as everywhere in matching; anything else is not listed.
"""

from dataclasses import dataclass

from matching.candidates import jobs_asking_for, trainings_bringing
from matching.catalogue.jobs import Job, load_jobs
from matching.catalogue.trainings import TrainingOffer, load_trainings
from matching.errors import UnknownSkill
from matching.referential import Referential, load_referential
from matching.scoring import WEIGHTS, Requirement


@dataclass(frozen=True, slots=True)
class JobUse:
    """A job and the requirement by which it asks for the skill or a narrower one."""

    job: Job
    url: str
    requirement: Requirement


@dataclass(frozen=True, slots=True)
class TrainingUse:
    """A training, the skill that it brings (the one asked for, or a narrower one), and the level reached."""

    training: TrainingOffer
    url: str
    skill: str
    level: int


@dataclass(frozen=True, slots=True)
class SkillUses:
    jobs: tuple[JobUse, ...]
    trainings: tuple[TrainingUse, ...]
    notice: str = ""


def uses_of_skill(
    skill: str, *, language: str = "fr", engine: str = "", referential: Referential | None = None
) -> SkillUses:
    """Jobs by importance, then level; trainings by level, then the nearest start of the alphabet of codes.

    Raises UnknownSkill, and SearchUnavailable when the engine is named.
    """
    referential = referential or load_referential()
    if skill not in referential.labels:
        raise UnknownSkill(f"Compétence inconnue : « {skill[:60]} ». La liste : manage.py catalogue skills.")
    codes = (skill, *referential.graph.narrower.get(skill, ()))
    asking = jobs_asking_for(codes, language, engine)
    bringing = trainings_bringing(codes, language, engine)
    jobs = [_job_use(job, asking.urls, codes) for job in load_jobs(list(asking.urls), language).values()]
    trainings = [
        _training_use(training, bringing.urls, codes)
        for training in load_trainings(sorted(bringing.urls)).values()
    ]
    return SkillUses(
        tuple(sorted((one for one in jobs if one), key=_most_asked)),
        tuple(sorted((one for one in trainings if one), key=lambda one: (-one.level, one.training.code))),
        asking.notice or bringing.notice,
    )


def _job_use(job: Job, urls: dict[str, str], codes: tuple[str, ...]) -> JobUse | None:
    asked = [one for one in job.requirements if one.skill in codes]
    if not asked:
        return None
    return JobUse(job, urls[job.code], max(asked, key=lambda one: (WEIGHTS[one.importance], one.level)))


def _training_use(
    training: TrainingOffer, urls: dict[str, str], codes: tuple[str, ...]
) -> TrainingUse | None:
    brought = [one for one in training.skills if one.skill in codes]
    if not brought:
        return None
    best = max(brought, key=lambda one: one.level)
    return TrainingUse(training, urls[training.code], best.skill, best.level)


def _most_asked(use: JobUse) -> tuple[int, int, str]:
    return -WEIGHTS[use.requirement.importance], -use.requirement.level, use.job.code
