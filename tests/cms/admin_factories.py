"""What the admin's tests start from: accounts, organisations, a small referential, forms as posted."""

import datetime as dt
import itertools

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.utils import timezone
from wagtail.models import Locale, Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from jobs.models import EmployerNeed, JobIndexPage, JobProfilePage, JobRequirement
from people.access import EMPLOYERS_GROUP, MODERATORS_GROUP, PROVIDERS_GROUP
from people.models import Membership, Organisation, OrganisationKind
from skills.models import Commune, CommunePostalCode, Domain, Region, Skill
from training.models import Training, TrainingAction, TrainingSession, TrainingSkill

_numbers = itertools.count(1)


def account(group: str | None, *organisations: Organisation, **kwargs):
    name = f"compte-{next(_numbers)}"
    user = get_user_model().objects.create_user(name, f"{name}@example.org", "secret", **kwargs)
    if group:
        user.groups.add(Group.objects.get(name=group))
    for organisation in organisations:
        Membership.objects.create(user=user, organisation=organisation)
    return user


def provider_account(*organisations: Organisation):
    return account(PROVIDERS_GROUP, *organisations)


def employer_account(*organisations: Organisation):
    return account(EMPLOYERS_GROUP, *organisations)


def moderator_account():
    return account(MODERATORS_GROUP)


def organisation(name: str, kind: str = OrganisationKind.TRAINING_PROVIDER) -> Organisation:
    return Organisation.objects.create(name=name, kind=kind)


def domain() -> Domain:
    return Domain.objects.get_or_create(
        code="amont", defaults={"label_fr": "Procédés amont", "label_en": "Upstream"}
    )[0]


def skill(code: str, label: str) -> Skill:
    return Skill.objects.create(
        code=code, domain=domain(), label_fr=label, label_en=label, definition_fr=label, definition_en=label
    )


def commune(
    name: str = "Lyon", code: str = "69123", postal_code: str = "69001", population: int = 500_000
) -> Commune:
    region, _ = Region.objects.get_or_create(code="84", defaults={"name": "Auvergne-Rhône-Alpes"})
    place = Commune.objects.create(
        insee_code=code,
        name=name,
        name_key=name.lower(),
        department_code=code[:2],
        department="Rhône",
        region=region,
        population=population,
        latitude=45.76,
        longitude=4.84,
    )
    CommunePostalCode.objects.create(commune=place, code=postal_code)
    return place


def training(provider: Organisation, title: str, *, live: bool = False, **kwargs) -> Training:
    code = kwargs.pop("code", f"formation-{next(_numbers)}")
    created = Training.objects.create(provider=provider, title_fr=title, code=code, live=False, **kwargs)
    revision = created.save_revision()
    if live:
        revision.publish()
    created.refresh_from_db()
    return created


def offer(training: Training, skills, make_place: bool = False) -> None:
    """What a training brings, and a coming session, in Lyon when a place is wanted."""
    for one in skills:
        TrainingSkill.objects.create(training=training, skill=one, level=4)
    action = TrainingAction.objects.create(training=training, commune=commune() if make_place else None)
    TrainingSession.objects.create(action=action, starts_on=_coming())


def need(employer: Organisation, title: str, *, live: bool = False, **kwargs) -> EmployerNeed:
    created = EmployerNeed.objects.create(organisation=employer, title=title, live=False, **kwargs)
    revision = created.save_revision()
    if live:
        revision.publish()
    created.refresh_from_db()
    return created


def job_profile(code: str, title: str, *skills: Skill) -> JobProfilePage:
    locale, _ = Locale.objects.get_or_create(language_code="fr")
    root = Page.get_first_root_node()
    index = JobIndexPage.objects.filter(locale=locale).first()
    if index is None:
        index = root.add_child(instance=JobIndexPage(title="Métiers", slug="metiers", locale=locale))
    page = index.add_child(
        instance=JobProfilePage(title=title, slug=code, code=code, family=domain(), locale=locale)
    )
    for level, one in enumerate(skills, start=2):
        JobRequirement.objects.create(page=page, skill=one, level=level)
    return page


def _coming() -> dt.date:
    return timezone.localdate() + dt.timedelta(days=60)


def training_form(title: str, skills=(), place: Commune | None = None, **fields) -> dict:
    """The form as a browser posts it, with one action and one session when a place is given."""
    session = {"starts_on": _coming().isoformat(), "ends_on": "", "seats": "12"}
    action = {
        "mode": "on-site",
        "hours": "35",
        "practical_hours": "20",
        "price_eur": "1500",
        "commune": place.pk if place else "",
        "sessions": inline_formset([session]),
    }
    data = nested_form_data(
        {
            "title_fr": title,
            "kind": "continuing",
            "certifications": "",
            "skill_links": inline_formset([{"skill": one.pk, "level": "3"} for one in skills]),
            "actions": inline_formset([action] if place else []),
            **fields,
        }
    )
    # Ticked boxes: `nested_form_data` would number the items of a list.
    return {**data, "actions-0-languages": ["fr"], "actions-0-funding": ["cpf", "opco"]}


def need_form(title: str, requirements=(), **fields) -> dict:
    rows = [{"skill": one.pk, "level": "2", "importance": "essential"} for one in requirements]
    return nested_form_data(
        {
            "title": title,
            "kind": "vacancy",
            "positions": "1",
            "job_profile": "",
            "requirements": inline_formset(rows),
            **fields,
        }
    )
