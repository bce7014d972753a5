"""A small public site: two languages, a job, trainings, needs. Dates are counted from today."""

import datetime as dt
from dataclasses import dataclass
from io import StringIO

from django.core.management import call_command
from django.utils import timezone
from wagtail.models import Locale

from cms.site_setup import setup_site
from jobs.models import (
    EmployerNeed,
    JobDiploma,
    JobGate,
    JobIndexPage,
    JobNeighbour,
    JobProfilePage,
    JobRequirement,
    NeedRequirement,
)
from people.models import Organisation, OrganisationKind
from skills.models import LabelKind, Skill, SkillLabel
from tests.skills.factories import CommuneFactory, DomainFactory, SkillFactory
from training.models import (
    Certification,
    CertificationBlock,
    Training,
    TrainingAction,
    TrainingSession,
    TrainingSkill,
)


@dataclass
class PublicSite:
    job_fr: JobProfilePage
    job_en: JobProfilePage
    training: Training
    need: EmployerNeed


def in_days(days: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=days)


def rebuild_index() -> None:
    """The real embedded index of what the database holds now, without a model."""
    call_command("search_index", "rebuild", stdout=StringIO(), stderr=StringIO())


def make_public_site() -> PublicSite:
    setup_site()
    skills = make_skills()
    neighbour = make_job("purification", "Technicien de purification", "Purification technician", skills[1:])
    job = make_job("culture", "Technicien de culture cellulaire", "Cell culture technician", skills)
    for page in job.values():
        JobNeighbour.objects.create(page=page, neighbour=neighbour["fr"])
    return PublicSite(
        job["fr"], job["en"], make_training("bioreacteur-1", skills[:2]), make_need("besoin-1", skills)
    )


def make_skills() -> list[Skill]:
    domain = DomainFactory(code="upstream", position=2, label_fr="Procédés amont", label_en="Upstream")
    DomainFactory(code="cell-banking", position=1, label_fr="Banques cellulaires", label_en="Cell banking")
    names = [
        ("bioreactor-operation", "Conduire un bioréacteur", "Operate a bioreactor"),
        ("gmp", "Bonnes pratiques de fabrication", "Good manufacturing practice"),
        ("sampling", "Prélever des échantillons", "Take samples"),
    ]
    skills = [SkillFactory(code=code, domain=domain, label_fr=fr, label_en=en) for code, fr, en in names]
    SkillLabel.objects.create(
        skill=skills[0], kind=LabelKind.ALTERNATIVE, language="fr", text="conduite de bioréacteur"
    )
    SkillLabel.objects.create(skill=skills[1], kind=LabelKind.ACRONYM, text="BPF")
    return skills


def make_job(code: str, title_fr: str, title_en: str, skills: list[Skill]) -> dict[str, JobProfilePage]:
    pages: dict[str, JobProfilePage] = {}
    for language, title in (("fr", title_fr), ("en", title_en)):
        index = JobIndexPage.objects.get(locale__language_code=language)
        page = JobProfilePage(
            title=title,
            slug=code,
            code=code,
            locale=Locale.objects.get(language_code=language),
            family=skills[0].domain,
            summary="Fait croître les cellules." if language == "fr" else "Grows cells.",
            activities="Préparer\nSurveiller" if language == "fr" else "Prepare\nWatch",
            alternative_titles="technicien USP" if language == "fr" else "USP technician",
            cleanroom_grade="C",
            shifts=["2x8"],
            rome_codes="H2302",
        )
        if pages:
            page.translation_key = pages["fr"].translation_key
        pages[language] = index.add_child(instance=page)
        _add_job_rows(page, skills)
    return pages


def _add_job_rows(page: JobProfilePage, skills: list[Skill]) -> None:
    for position, skill in enumerate(skills):
        importance = "essential" if position < 2 else "useful"
        JobRequirement.objects.create(
            page=page, skill=skill, level=3 - position, importance=importance, sort_order=position
        )
    JobGate.objects.create(
        page=page,
        kind="medical-fitness",
        label_fr="Aptitude au travail en zone",
        label_en="Fitness for cleanroom work",
        how_fr="Visite médicale.",
        how_en="Medical visit.",
    )
    JobDiploma.objects.create(
        page=page, level=5, label_fr="BTS Biotechnologie", label_en="BTS", rncp_code="RNCP38883"
    )


def make_training(code: str, skills: list[Skill], **values) -> Training:
    """A published training with an ended, a coming and a permanent session."""
    provider, _ = Organisation.objects.get_or_create(
        name="Institut d'essai",
        defaults={"kind": OrganisationKind.TRAINING_PROVIDER, "is_demonstration": True},
    )
    fields = {
        "title_fr": f"Conduire un bioréacteur {code}",
        "objectives": "Mener une culture.",
        "content": "Jour 1.",
        "is_demonstration": True,
        "live": True,
        "provider": provider,
    }
    training = Training.objects.create(code=code, **{**fields, **values})
    for skill in skills:
        TrainingSkill.objects.create(training=training, skill=skill, level=2)
    certification, _ = Certification.objects.get_or_create(
        code="RNCP38883", defaults={"title": "BTS Biotechnologie"}
    )
    CertificationBlock.objects.get_or_create(
        certification=certification, code="RNCP38883BC01", title="Bloc 1"
    )
    training.certifications.set([certification])
    training.save()
    action = TrainingAction.objects.create(
        training=training,
        commune=CommuneFactory(latitude=45.77, longitude=4.88),
        hours=35,
        practical_hours=20,
        price_eur=1200,
    )
    for start, end, permanent in ((-40, -30, False), (20, 25, False), (-5, 200, True)):
        TrainingSession.objects.create(
            action=action, starts_on=in_days(start), ends_on=in_days(end), is_permanent_entry=permanent
        )
    return training


def make_need(code: str, skills: list[Skill], **values) -> EmployerNeed:
    employer, _ = Organisation.objects.get_or_create(
        name="Bioproduction d'essai", defaults={"kind": OrganisationKind.CDMO}
    )
    fields = {
        "title": "Technicien de culture", "organisation": employer, "live": True, "closes_on": in_days(30),
        "commune": CommuneFactory(latitude=45.77, longitude=4.88),
    }  # fmt: skip
    need = EmployerNeed.objects.create(code=code, **{**fields, **values})
    for skill in skills:
        NeedRequirement.objects.create(need=need, skill=skill, level=2, importance="essential")
    return need
