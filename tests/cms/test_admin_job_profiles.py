"""The form of a job profile: its rows, and what it refuses with words."""

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from cms.admin.groups import setup_groups
from jobs.models import JobProfilePage
from skills.models import Skill, SkillKind
from tests.cms import admin_factories as make

pytestmark = pytest.mark.django_db

RELATIONS = ("requirements", "gates", "languages", "pay", "bridges", "diplomas", "neighbours")
GATE = {"kind": "authorisation", "label_fr": "Chariots", "label_en": "Trucks"}
PAY = {"low": "24000", "high": "30000", "year": "2024", "source_fr": "Enquête", "source_en": "Survey"}
LANGUAGE = {"language": "en", "language_level": "A2", "importance": "useful"}
BRIDGE = {
    "sector": "food",
    **dict.fromkeys(("from_fr", "from_en", "carries_fr", "carries_en", "learn_fr", "learn_en"), "Texte"),
}


@pytest.fixture
def page(client):
    setup_groups()
    client.force_login(make.account(None, is_superuser=True))
    make.skill("ordinary", "Ordinaire")
    make.skill("licence", "Habilitation")
    Skill.objects.filter(code="licence").update(kind=SkillKind.AUTHORISATION)
    return make.job_profile("cariste", "Cariste")


def pk_of(code: str) -> int:
    return Skill.objects.get(code=code).pk


def post(client, page: JobProfilePage, **rows: list[dict]):
    fields = {"title": page.title, "slug": page.slug, "code": page.code, "family": page.family_id}
    fields |= {"cleanroom_grade": "none", "comments": inline_formset([])}
    formsets = {name: inline_formset(rows.get(name, [])) for name in RELATIONS}
    data = nested_form_data({**fields, **formsets, "action-publish": "1"})
    return client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), data)


def test_every_row_is_edited_on_the_page(client, page):
    response = post(
        client,
        page,
        gates=[{**GATE, "skill": pk_of("licence")}, {**GATE, "skill": ""}],
        requirements=[{"skill": pk_of("ordinary"), "level": "2", "importance": "essential"}],
        languages=[LANGUAGE],
        pay=[PAY],
        bridges=[BRIDGE],
        diplomas=[{"level": "2", "label_fr": "Brevet", "label_en": "Lower certificate"}],
    )
    assert response.status_code == 302, response.context["form"].formsets
    saved = JobProfilePage.objects.get(pk=page.pk)
    assert [gate.skill and gate.skill.code for gate in saved.gates.all()] == ["licence", None]
    assert [saved.languages.count(), saved.pay.count(), saved.bridges.count()] == [1, 1, 1]
    assert saved.entry_level == 2


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (
            {"requirements": [{"skill": "licence", "level": "2", "importance": "essential"}]},
            "Une habilitation est une condition",
        ),
        ({"gates": [{**GATE, "skill": "ordinary"}]}, "Ce n’est pas une habilitation"),
        ({"pay": [{**PAY, "source_fr": ""}]}, "Champ requis"),
        ({"pay": [{**PAY, "year": ""}]}, "Champ requis"),
        ({"pay": [{**PAY, "low": "31000"}]}, "Le bas de la fourchette dépasse le haut"),
        ({"pay": [{**PAY, "low": "2400"}]}, "10000"),
        ({"pay": [{**PAY, "year": str(timezone.localdate().year + 1)}]}, "pas encore venue"),
        ({"pay": [PAY, PAY]}, "1"),
        ({"languages": [LANGUAGE, LANGUAGE]}, "en double"),
        ({"diplomas": [{"level": "1", "label_fr": "-", "label_en": "-"}]}, "choix valide"),
    ],
)
def test_what_cannot_be_is_refused_with_words(client, page, rows, words):
    rows = {
        name: [{**row, "skill": pk_of(row["skill"])} if "skill" in row else row for row in values]
        for name, values in rows.items()
    }
    response = post(client, page, **rows)
    assert response.status_code == 200
    (name,) = rows
    formset = response.context["form"].formsets[name]
    said = f"{formset.errors} {formset.non_form_errors()}"
    assert words in said.replace("&#x27;", "’").replace("'", "’")
    assert getattr(JobProfilePage.objects.get(pk=page.pk), name).count() == 0
