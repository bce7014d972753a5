"""The referential's screens: moderators' own, codes that stay, deletions that explain themselves."""

import pytest
from django.urls import reverse

from cms.admin.groups import setup_groups
from people.models import Organisation
from skills.models import Skill
from tests.cms import admin_factories as make
from training.models import Certification, TrainingSkill

pytestmark = pytest.mark.django_db

NAMESPACES = [
    "admin_skills",
    "admin_domains",
    "admin_certifications",
    "admin_organisations",
    "admin_memberships",
]


@pytest.fixture
def moderator(client, db):
    setup_groups()
    user = make.moderator_account()
    client.force_login(user)
    return user


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_moderators_open_lists_and_forms(client, moderator, namespace, django_assert_max_num_queries):
    for number in range(12):
        institute = make.organisation(f"Institut {number}")
        make.provider_account(institute)
        make.skill(f"competence-{number}", f"Compétence {number}")
        Certification.objects.create(code=f"RNCP{number + 1}", title="Titre")
    client.get(reverse(f"{namespace}:list"))
    with django_assert_max_num_queries(25):
        assert client.get(reverse(f"{namespace}:list")).status_code == 200
    assert client.get(reverse(f"{namespace}:add")).status_code == 200


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_others_do_not(client, moderator, namespace):
    institute = make.organisation("Institut")
    for user in (make.provider_account(institute), make.employer_account(institute)):
        client.force_login(user)
        for name in ("list", "add"):
            assert client.get(reverse(f"{namespace}:{name}")).status_code == 302


@pytest.mark.parametrize("by", ["page", "bulk"])
def test_a_skill_in_use_cannot_be_deleted(client, moderator, by):
    skill = make.skill("utile", "Utile")
    training = make.training(make.organisation("Institut"), "Formation")
    TrainingSkill.objects.create(training=training, skill=skill)
    url = reverse("admin_skills:delete", args=[skill.pk])
    if by == "bulk":
        url = (
            reverse("wagtail_bulk_action", args=["skills", "skill", "delete"])
            + f"?id={skill.pk}&next=/admin/"
        )
    response = client.post(url, follow=True)
    assert response.status_code == 200
    assert Skill.objects.filter(pk=skill.pk).exists()


def test_an_organisations_siret_and_qualiopi_are_checked(client, moderator):
    data = {"name": "Institut", "kind": "training-provider", "siret": "12345678901234", "commune": ""}
    response = client.post(reverse("admin_organisations:add"), {**data, "qualiopi_categories": ["bricolage"]})
    page = response.content.decode()
    assert "bricolage" in page
    assert not Organisation.objects.exists()
    client.post(
        reverse("admin_organisations:add"), {**data, "siret": "", "qualiopi_categories": ["training", "vae"]}
    )
    assert Organisation.objects.get().qualiopi_categories == ["training", "vae"]
