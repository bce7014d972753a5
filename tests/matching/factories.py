"""The referential's own files as a lexicon, and jobs and trainings for matching tests."""

import datetime as dt
from functools import cache
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import Locale, Page

from jobs.models import EmployerNeed, JobGate, JobIndexPage, JobProfilePage, JobRequirement, NeedRequirement
from matching.reading.lexicon import LabelRow, Lexicon
from people.models import Organisation, OrganisationKind
from skills.concept_files.parsing import read_referential
from skills.models import Domain, Skill, SkillLabel
from skills.text import text_key
from training.models import Training, TrainingAction, TrainingSession, TrainingSkill

REFERENTIAL = Path(settings.BASE_DIR) / "skills" / "referential"


@cache
def referential_rows() -> tuple[LabelRow, ...]:
    """Every label of the referential's files, without a database."""
    return tuple(row for skill in read_referential(REFERENTIAL).skills.values() for row in _rows(skill))


@cache
def real_lexicon() -> Lexicon:
    return Lexicon(referential_rows())


def _rows(skill):
    yield LabelRow(skill.code, "fr", skill.label.fr, "preferred")
    yield LabelRow(skill.code, "en", skill.label.en, "preferred")
    for label in skill.labels:
        yield LabelRow(skill.code, label.language, label.text, label.kind, label.context)


def load_part_of_referential(*codes: str) -> None:
    """These skills of the referential's files, with all their labels; links between skills are left out."""
    domain = Domain.objects.create(code="domain", label_fr="Domaine", label_en="Domain")
    rows = [row for row in referential_rows() if row.code in codes]
    names = {(row.code, row.language): row.text for row in rows if row.kind == "preferred"}
    skills = Skill.objects.bulk_create(
        Skill(code=code, domain=domain, label_fr=names[code, "fr"], label_en=names[code, "en"])
        for code in codes
    )
    by_code = {skill.code: skill for skill in skills}
    SkillLabel.objects.bulk_create(
        SkillLabel(
            skill=by_code[row.code],
            kind=row.kind,
            language=row.language,
            text=row.text,
            key=text_key(row.text),
        )
        for row in rows
        if row.kind != "preferred"
    )


def rebuild_index() -> None:
    """The real embedded index of what the database holds now, without a model."""
    call_command("search_index", "rebuild", stdout=StringIO(), stderr=StringIO())


def make_job(
    code: str, *requirements: tuple[str, int, str], gate: str = "", gate_skill: str = ""
) -> JobProfilePage:
    """A published French job profile; its gate may name an authorisation."""
    root = Page.get_first_root_node()
    index = JobIndexPage.objects.order_by("pk").first()
    if index is None:
        index = root.add_child(
            instance=JobIndexPage(
                title="Métiers", slug="metiers", locale=Locale.objects.get(language_code="fr")
            )
        )
    page = index.add_child(
        instance=JobProfilePage(
            title=f"Métier {code}",
            slug=code,
            code=code,
            locale=index.locale,
            family=Domain.objects.order_by("pk").first(),
        )
    )
    for position, (skill, level, importance) in enumerate(requirements):
        JobRequirement.objects.create(
            page=page,
            skill=Skill.objects.get(code=skill),
            level=level,
            importance=importance,
            sort_order=position,
        )
    if gate:
        JobGate.objects.create(
            page=page,
            kind="medical-fitness",
            label_fr=gate,
            label_en="Medical fitness",
            how_fr="Une visite.",
            how_en="A visit.",
            skill=Skill.objects.get(code=gate_skill) if gate_skill else None,
        )
    return page


def make_training(code: str, *skills: tuple[str, int], live: bool = True) -> Training:
    provider, _ = Organisation.objects.get_or_create(
        name="Institut d'essai", kind=OrganisationKind.TRAINING_PROVIDER
    )
    training = Training.objects.create(code=code, title_fr=f"Formation {code}", provider=provider, live=live)
    for skill, level in skills:
        TrainingSkill.objects.create(training=training, skill=Skill.objects.get(code=skill), level=level)
    return training


def in_days(days: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=days)


def make_action(training: Training, *starts: int, length: int = 5, **values) -> TrainingAction:
    """An action with sessions that start so many days from today."""
    action = TrainingAction.objects.create(training=training, **values)
    for start in starts:
        TrainingSession.objects.create(
            action=action, starts_on=in_days(start), ends_on=in_days(start + length)
        )
    return action


def make_need(code: str, *requirements: tuple[str, int, str], **values) -> EmployerNeed:
    """A vacancy that is published."""
    employer, _ = Organisation.objects.get_or_create(
        name="Employeur d'essai", kind=OrganisationKind.PHARMA_BIOTECH
    )
    need = EmployerNeed.objects.create(
        code=code, title=f"Besoin {code}", organisation=employer, live=True, **values
    )
    for position, (skill, level, importance) in enumerate(requirements):
        NeedRequirement.objects.create(
            need=need,
            skill=Skill.objects.get(code=skill),
            level=level,
            importance=importance,
            sort_order=position,
        )
    return need
