"""From a question to what is sought: the requirements that are missing, the other targets, what the person holds.

One rule: what is unknown (a job, a skill, a certification, a place) is refused with what to do; it never becomes an answer for
something else.
"""

from collections.abc import Iterable

from django.db.models import Q
from django.utils import timezone

from matching.catalogue.jobs import Job, load_jobs
from matching.catalogue.places import Origin, find_origin
from matching.errors import PathRefused, UnknownJob
from matching.paths.options import Sought, certificate_of
from matching.paths.question import Question
from matching.paths.tokens import (
    HIGHEST_LEVEL,
    block_token,
    certification_token,
    covered,
    held_certificates,
    level_token,
    levels_up_to,
    skill_token,
)
from matching.referential import Referential
from matching.scoring import Held, Requirement, levels_of
from training.models import Certification, CertificationBlock

# Of a skill that is named and that the job does not ask for: what one does alone (`skills.levels`).
USUAL_LEVEL = 2


def load_job(code: str, language: str) -> Job | None:
    """None when no job is asked for. Raises UnknownJob."""
    if not code:
        return None
    jobs = load_jobs([code], language)
    if not jobs:
        raise UnknownJob(f"Métier inconnu : « {code[:60]} ». La liste : manage.py catalogue jobs.")
    return jobs[code]


def read_question(
    question: Question, job: Job | None, held: Iterable[Held], referential: Referential
) -> Sought:
    """Raises UnknownPlace and PathRefused. At most three queries, places aside."""
    if job is None and not question.skills and not question.target and question.target_level is None:
        raise PathRefused(
            "Dites ce que le parcours doit apporter : un métier, des compétences ou une certification."
        )
    skills = levels_of(held)
    _check_known(question)
    person = _held_tokens(question)
    asked = _requirements(question, job, referential)
    already = covered(asked, skills, referential.graph)
    return Sought(
        requirements=tuple(one for one in asked if skill_token(one.skill) not in already),
        targets=_targets(question) - person,
        today=timezone.localdate(),
        skills=skills,
        held=person,
        status=question.status,
        says_diploma=question.diploma_level is not None,
        weekly_hours=question.weekly_hours,
        origin=_origin(question.place),
    )


def _requirements(question: Question, job: Job | None, referential: Referential) -> tuple[Requirement, ...]:
    """The job's, or the skills named: at the level that the job asks for, else at the usual one."""
    of_job = {one.skill: one for one in job.requirements} if job else {}
    if not question.skills:
        return tuple(one for one in of_job.values() if one.importance == "essential" or question.also_useful)
    unknown = [code[:60] for code in question.skills if code not in referential.labels]
    if unknown:
        raise PathRefused(
            f"Compétence inconnue : {', '.join(unknown)}. La liste : manage.py catalogue skills."
        )
    return tuple(of_job.get(code, Requirement(code, USUAL_LEVEL)) for code in dict.fromkeys(question.skills))


def _targets(question: Question) -> frozenset[str]:
    targets = set()
    if question.target:
        targets.add(_token(question.target))
    if question.target_level is not None:
        targets.add(level_token(question.target_level))
    return frozenset(targets)


def _token(code: str) -> str:
    """A block is written after its certification: RNCP509BC01."""
    return block_token(code) if "BC" in code else certification_token(code)


def _check_known(question: Question) -> None:
    """Refuse a certification or a block that the registers do not have. One query for each kind."""
    asked = {*question.holds, *filter(None, [question.target])}
    blocks = {code for code in asked if "BC" in code}
    known = _known(Certification, asked - blocks) | _known(CertificationBlock, blocks)
    if unknown := sorted(asked - known):
        names = ", ".join(code[:60] for code in unknown)
        raise PathRefused(
            f"Certification inconnue : {names}. Donnez son code au répertoire (RNCP… ou RS…), ou celui d'un bloc (RNCP…BC…)."
        )


def _known(model: type[Certification | CertificationBlock], codes: set[str]) -> set[str]:
    return set(model.objects.filter(code__in=codes).values_list("code", flat=True)) if codes else set()


def _held_tokens(question: Question) -> frozenset[str]:
    """What the person says to hold. Who does not say a diploma is asked for none: every level counts as held."""
    levels = levels_up_to(HIGHEST_LEVEL if question.diploma_level is None else question.diploma_level)
    if not question.holds:
        return levels
    concerned = Certification.objects.filter(Q(code__in=question.holds) | Q(blocks__code__in=question.holds))
    rows = concerned.distinct().prefetch_related("blocks")
    return levels | held_certificates(question.holds, [certificate_of(one) for one in rows])


def _origin(place: str) -> Origin | None:
    if not place:
        return None
    origin = find_origin(place)
    if origin.latitude is None or origin.longitude is None:
        raise PathRefused(f"On ne sait pas où se trouve {origin.name} : donnez une commune voisine.")
    return origin
