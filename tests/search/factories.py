"""A small catalogue for search tests: a few skills, jobs' trainings with sessions around today."""

import datetime as dt

from django.utils import timezone

from people.models import Organisation, OrganisationKind
from skills.models import Domain, LabelKind, Region, Skill, SkillLabel
from training.models import Training, TrainingAction, TrainingSession, TrainingSkill


def in_days(days: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=days)


def make_skill(code: str, fr: str, en: str, labels: dict[str, str] | None = None) -> Skill:
    """`labels` maps a text to its kind."""
    domain, _ = Domain.objects.get_or_create(
        code="upstream", defaults={"label_fr": "Amont", "label_en": "Upstream"}
    )
    skill = Skill.objects.create(
        code=code, domain=domain, label_fr=fr, label_en=en, definition_fr=f"{fr}.", definition_en=f"{en}."
    )
    for text, kind in (labels or {}).items():
        SkillLabel.objects.create(skill=skill, kind=kind, language="", text=text)
    return skill


def make_region(code: str = "84", name: str = "Auvergne-Rhône-Alpes") -> Region:
    return Region.objects.get_or_create(code=code, defaults={"name": name})[0]


def make_provider(name: str = "Centre d'essai") -> Organisation:
    return Organisation.objects.get_or_create(
        name=name, defaults={"kind": OrganisationKind.TRAINING_PROVIDER}
    )[0]


def make_training(
    code: str, title: str, skills: tuple[Skill, ...] = (), live: bool = True, **fields
) -> Training:
    training = Training.objects.create(
        code=code, title_fr=title, provider=make_provider(), live=live, **fields
    )
    for skill in skills:
        TrainingSkill.objects.create(training=training, skill=skill, level=2)
    return training


def make_offer(
    training: Training, starts: int | None = 30, ends: int | None = None, region=None, **action
) -> None:
    """An action with one session `starts` days from now; no session when `starts` is None."""
    created = TrainingAction.objects.create(training=training, region=region, **action)
    if starts is not None:
        ends_on = in_days(starts if ends is None else ends)
        TrainingSession.objects.create(action=created, starts_on=in_days(starts), ends_on=ends_on)


def acronyms(*texts: str) -> dict[str, str]:
    return dict.fromkeys(texts, LabelKind.ACRONYM)
