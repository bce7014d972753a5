"""Choosers of communes and skills: found by what people type, bounded, deaf to nonsense."""

import pytest
from django.urls import reverse

from cms.admin.groups import setup_groups
from skills.models import LabelKind, Skill, SkillLabel, SkillStatus
from tests.cms import admin_factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(client, db):
    setup_groups()
    user = make.provider_account(make.organisation("Institut"))
    client.force_login(user)
    return user


def results(client, chooser: str, text: str) -> str:
    return client.get(reverse(f"{chooser}:choose_results"), {"q": text}).content.decode()


@pytest.mark.parametrize("text", ["Saint-Étienne", "saint etienne", "ETIENNE", "42000", "420", "42218"])
def test_a_commune_is_found_by_name_or_code(client, provider, text):
    make.commune("Lyon")
    place = make.commune("Saint-Étienne", "42218", "42000")
    place.name_key = "saint etienne"
    place.save()
    page = results(client, "choose_commune", text)
    assert "Saint-Étienne (42)" in page
    assert "Lyon (69)" not in page


def test_communes_are_listed_by_pages_in_few_queries(client, provider, django_assert_max_num_queries):
    for number in range(30):
        make.commune(f"Commune {number}", f"69{number:03}", f"69{number:03}")
    with django_assert_max_num_queries(12):
        page = results(client, "choose_commune", "")
    assert page.count("data-chooser-modal-choice") == 12


def test_the_larger_commune_comes_first(client, provider):
    make.commune("Villeneuve", "01001", "01000", population=10)
    make.commune("Villeneuve", "02001", "02000", population=10_000)
    page = results(client, "choose_commune", "villeneuve")
    assert page.index("Villeneuve (02)") < page.index("Villeneuve (01)")


@pytest.mark.parametrize("text", ["bioréacteur", "BIOREACTEUR", "upstream-reactor", "STR"])
def test_a_skill_is_found_by_any_of_its_labels(client, provider, text):
    skill = make.skill("conduite-reacteur", "Conduite de bioréacteur")
    for label in ("bioréacteur", "upstream-reactor", "STR"):
        SkillLabel.objects.create(skill=skill, kind=LabelKind.ALTERNATIVE, language="fr", text=label)
    make.skill("autre", "Autre chose")
    page = results(client, "choose_skill", text)
    assert "Conduite de bioréacteur" in page
    assert "Autre chose" not in page


def test_retired_and_draft_skills_are_not_offered(client, provider):
    make.skill("retiree", "Cachée, retirée")
    make.skill("brouillon", "Cachée, brouillon")
    Skill.objects.filter(code="retiree").update(status=SkillStatus.DEPRECATED)
    Skill.objects.filter(code="brouillon").update(live=False)
    assert "Cachée" not in results(client, "choose_skill", "")


@pytest.mark.parametrize("text", ["%", "'", "\x00", "é" * 5000, "«»"])
def test_nonsense_finds_nothing_and_breaks_nothing(client, provider, text):
    make.commune("Lyon")
    for chooser in ("choose_commune", "choose_skill", "choose_organisation"):
        assert client.get(reverse(f"{chooser}:choose_results"), {"q": text}).status_code == 200


@pytest.mark.parametrize("pk", ["abc", "0", "999999", "9" * 40])
def test_what_does_not_exist_cannot_be_chosen(client, provider, pk):
    assert client.get(reverse("choose_commune:chosen", args=[pk])).status_code == 404
    assert client.get(reverse("choose_commune:chosen_multiple"), {"id": [pk]}).status_code == 200
