"""« Mes compétences »: a person's text, a job held or a diploma, the skills found, the jobs that come close.

One rule: what is given, a file included, travels in the body of one request and nowhere else: never stored, logged, cached nor
in an address.
"""

from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from cms.views import words
from cms.views.contested import report_address
from cms.views.job_pages import jobs_by_code
from cms.views.origins import (
    FIELD,
    LONGEST_FIELD,
    OriginField,
    OriginUnclear,
    candidate_rows,
    equivalence_row,
    resolve,
)
from cms.views.programmes import offer_words
from cms.views.shared import language
from cms.views.uploads import FileInMemory
from jobs.models import JobProfilePage
from matching.catalogue.jobs import GateState
from matching.cv import read_cv
from matching.directions.improvements import Improvement
from matching.directions.person_to_jobs import JobMatch, PersonMatch, match_person
from matching.errors import TextRefused, UnknownJob, UnknownPlace
from matching.hints import hints_of
from matching.origins.held import origin_skills, with_origin_reasons
from matching.reading.extraction import Extraction, FoundSkill, extract_skills
from matching.referential import Referential, load_referential
from matching.reports import answer_stamp
from matching.scoring import Held
from search.failover import said_once
from skills.models import Skill

# Sample texts of matching/samples, in the order shown.
SAMPLES = {
    "agroalimentaire": gettext_lazy("Opératrice en agroalimentaire"),
    "laboratoire-hospitalier": gettext_lazy("Technicien de laboratoire hospitalier"),
    "licence-chimie": gettext_lazy("Licence de chimie"),
    "maintenance-aeronautique": gettext_lazy("Maintenance aéronautique"),
    "master-biologie": gettext_lazy("Étudiante en master de biologie"),
}
FOUND_BY = {
    "label": gettext_lazy("par une appellation"),
    "acronym": gettext_lazy("par un sigle"),
    "semantic": gettext_lazy("par le sens de la phrase"),
}
FILE_FIELD = "fichier"
# What a browser proposes to choose; what is read is told by the bytes alone.
FILE_TYPES = ".pdf,.docx,.odt,.txt,.md,.xml,.json"
MAX_PLACE_LENGTH = 80
DISTANCES_KM = (20, 50, 100, 200)


@dataclass(frozen=True)
class Question:
    """What the form holds."""

    text: str = ""
    place: str = ""
    within_km: str = ""
    job: str = ""
    origin: OriginField = field(default_factory=OriginField)


class FieldError(ValueError):
    """A field of the form that cannot be used: its name and, in the active language, what to do."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@never_cache
@csrf_exempt  # `_my_skills` checks the token: reading it reads the file too, whose place must be known by then
@require_http_methods(["GET", "HEAD", "POST"])
def my_skills(request: HttpRequest) -> HttpResponse:
    upload = FileInMemory(FILE_FIELD, settings.MATCH_FILE_MAX_BYTES)
    request.upload_handlers = [upload]
    return _my_skills(request, upload)


@csrf_protect
@sensitive_post_parameters("texte", "lieu", "origine")
def _my_skills(request: HttpRequest, upload: FileInMemory) -> HttpResponse:
    if request.method != "POST":
        question = Question(
            text=_sample(request.GET.get("exemple", "")),
            job=_known_job(request.GET.get("metier", "")),
            origin=OriginField.of(request.GET.get(FIELD, "")),
        )
        return _page(request, question, {})
    sent = request.POST
    question = Question(
        text=sent.get("texte", ""),
        place=sent.get("lieu", "").strip(),
        within_km=sent.get("km", "").strip(),
        job=_known_job(sent.get("metier", "")),
        origin=OriginField.read(sent),
    )
    notices: tuple[str, ...] = ()
    status = 200
    try:
        question, notices = _with_file(question, upload)
        context = _answer(question)
    except OriginUnclear as unclear:
        choices = candidate_rows(unclear.candidates)
        error = FieldError("origine-choix" if choices else FIELD, str(unclear))
        context = {"error": error, "choices": choices, "choices_cut": unclear.is_cut}
        status = 200 if choices else 400
    except FieldError as error:
        context, status = {"error": error}, 400
    return _page(request, question, {**context, "file_notices": notices}, status)


def _with_file(question: Question, upload: FileInMemory) -> tuple[Question, tuple[str, ...]]:
    """The question with the text of the file that was sent, if any, and what is to be said of it. Raises FieldError."""
    if not upload.is_taken:
        return question, ()
    try:
        cv = read_cv(upload.data, language())
    except TextRefused as error:
        raise FieldError(FILE_FIELD, str(error)) from error
    if not cv.text.strip():
        raise FieldError(FILE_FIELD, _("Ce fichier est vide : choisissez-en un autre, ou écrivez ci-dessus."))
    # What the person wrote is never lost; a file sent twice is not told twice.
    written, told = (text.replace("\r\n", "\n").strip() for text in (question.text, cv.text))
    text = written if told in written else "\n\n".join(filter(None, (written, told)))
    read = _("Le texte de votre fichier a été lu : vérifiez-le dans le formulaire, et corrigez-le au besoin.")
    return replace(question, text=text), (read, *cv.notices)


def _page(request: HttpRequest, question: Question, extra: dict, status: int = 200) -> HttpResponse:
    context = {
        "question": question,
        "job": jobs_by_code([question.job]).get(question.job) if question.job else None,
        "samples": SAMPLES.items(),
        "distances": [str(distance) for distance in DISTANCES_KM],
        "limit": words.number(settings.MATCH_TEXT_LIMIT),
        "file_limit": words.number(settings.MATCH_FILE_MAX_BYTES // 1_000_000),
        "file_types": FILE_TYPES,
        "file_notices": (),
        "longest_origin": LONGEST_FIELD,
        "choices": [],
        "error": None,
        "answer": None,
        **extra,
    }
    return render(request, "pages/my_skills.html", context, status=status)


def _sample(name: str) -> str:
    if name not in SAMPLES:
        return ""
    return (Path(apps.get_app_config("matching").path) / "samples" / f"{name}.txt").read_text(
        encoding="utf-8"
    )


def _known_job(code: str) -> str:
    """The code when a published job has it; an outdated link then simply searches every job."""
    code = code.replace("\x00", "")  # PostgreSQL refuses it
    is_known = len(code) <= 60 and JobProfilePage.objects.live().public().filter(code=code).exists()
    return code if is_known else ""


def _answer(question: Question) -> dict:
    if not (question.text.strip() or question.origin.text):
        raise FieldError(
            "texte", _("Écrivez quelques phrases sur ce que vous savez faire, ou prenez un exemple.")
        )
    try:
        referential = load_referential()
        origin = resolve(question.origin, referential)
        extraction = (
            extract_skills(question.text, language(), referential)
            if question.text.strip()
            else Extraction((), ())
        )
        brought = origin_skills([origin] if origin else [], extraction, referential, language())
        found = _match(question, extraction, brought, referential)
    except (TextRefused, UnknownJob) as error:
        raise FieldError("texte", str(error)) from error
    except UnknownPlace as error:
        raise FieldError("lieu", str(error)) from error
    if origin:
        found = with_origin_reasons(found, brought, [origin], language())
    stamp = answer_stamp(referential)
    return {
        "answer": {
            "stamp": stamp,
            "missed_address": report_address(stamp),
            "segments": quoted_segments(question.text, extraction),
            "skills": _skill_rows(extraction),
            "set_aside": _set_aside_rows(extraction),
            "origin": equivalence_row(origin, referential) if origin else None,
            "total": len(extraction.skills) + len(brought),
            "jobs": _job_rows(found),
            "versions": found.versions,
            "notices": said_once((extraction.notice, found.notice)),
        }
    }


def _set_aside_rows(extraction: Extraction) -> list[dict]:
    return [
        {"code": one.code, "label": one.label(language()), "quote": one.quote, "reason": one.reason}
        for one in extraction.set_aside
    ]


def _match(
    question: Question, extraction: Extraction, brought: tuple[FoundSkill, ...], referential: Referential
) -> PersonMatch:
    if len(question.place) > MAX_PLACE_LENGTH:
        raise FieldError("lieu", _("Donnez une commune ou un code postal."))
    return match_person(
        extraction.held,
        brought=(Held(skill.code, skill.level) for skill in brought),
        hints=hints_of(question.text, extraction),
        place=question.place or None,
        within_km=_distance(question),
        only_job=question.job or None,
        language=language(),
        referential=referential,
    )


def _distance(question: Question) -> float | None:
    if not question.within_km:
        return None
    if question.within_km not in {str(distance) for distance in DISTANCES_KM}:
        raise FieldError("km", _("Choisissez une des distances proposées."))
    if not question.place:
        raise FieldError("lieu", _("Donnez une commune pour limiter la distance."))
    return float(question.within_km)


def quoted_segments(text: str, extraction: Extraction) -> list[dict]:
    """The text cut where quotes begin and end; each piece with the numbers of the skills that it shows."""
    spans = [(skill.start, skill.end, number) for number, skill in enumerate(extraction.skills, start=1)]
    edges = sorted({0, len(text), *(edge for start, end, _n in spans for edge in (start, end))})
    pieces = []
    for start, end in pairwise(edges):
        numbers = [number for first, last, number in spans if first <= start and end <= last]
        closing = [number for _first, last, number in spans if last == end and number in numbers]
        pieces.append({"text": text[start:end], "is_quote": bool(numbers), "closing": closing})
    return pieces


def _skill_rows(extraction: Extraction) -> list[dict]:
    return [
        {
            "number": number,
            "code": skill.code,
            "label": skill.label(language()),
            "level": skill.level,
            "level_sign": skill.level_sign,
            "quote": skill.quote,
            "found_by": FOUND_BY.get(skill.found_by, skill.found_by),
            "probability": words.percent(skill.probability),
        }
        for number, skill in enumerate(extraction.skills, start=1)
    ]


def _job_rows(found: PersonMatch) -> list[dict]:
    if found.abstained:
        return []
    pages = jobs_by_code([match.code for match in found.jobs])
    codes = {one.skill for match in found.jobs for one in match.requirements}
    labels = {skill.code: skill.label for skill in Skill.objects.filter(code__in=codes)}
    return [_job_row(match, pages.get(match.code), labels) for match in found.jobs]


def _job_row(match: JobMatch, page: JobProfilePage | None, labels: dict[str, str]) -> dict:
    return {
        "code": match.code,
        "title": match.title(language()),
        "url": page.url if page else match.url,
        "score": match.score,
        "score_text": words.percent(match.score),
        "covered": match.count("covered"),
        "partial": match.count("partial"),
        "missing": match.count("missing"),
        "requirements": [
            {
                "label": labels.get(one.skill, one.skill),
                "level": one.level,
                "is_essential": one.importance == "essential",
                "state": one.state.value,
                "reason": one.reason,
            }
            for one in match.requirements
        ],
        "gates": [
            {"label": gate.label, "how": gate.how, "is_met": gate.state is GateState.MET}
            for gate in match.gates
        ],
        "improve_skills": [
            {
                "code": one.skill,
                "label": labels.get(one.skill, one.skill),
                "level": one.level,
                "before": one.before,
                "after": one.after,
                "words": _gain(one.before, one.after),
            }
            for one in match.improve_skills
        ],
        "improve": [_improvement_row(one) for one in match.improve],
    }


def _gain(before: float, after: float) -> str:
    return _("%(before)s → %(after)s") % {"before": words.percent(before), "after": words.percent(after)}


def _improvement_row(improvement: Improvement) -> dict:
    offer = improvement.offer
    return {
        "code": improvement.training,
        "title": improvement.title(language()),
        "url": improvement.url,
        "before": improvement.before,
        "after": improvement.after,
        "words": _gain(improvement.before, improvement.after),
        "is_diploma": offer is None,
        "offer": offer_words(offer),
        "hours": words.hours(offer.hours if offer else None),
        "price": words.euros(offer.price_eur if offer else None),
    }
