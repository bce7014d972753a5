"""The list of skills: found by our engine and by plain words, filtered, counted, exported, in a fixed number of queries."""

import csv
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cms.admin.groups import setup_groups
from people.access import EMPLOYERS_GROUP, PROVIDERS_GROUP, REFERENTIAL_EDITORS_GROUP
from skills.models import LabelKind, Skill, SkillLabel, SkillStatus
from tests.cms import admin_factories as make
from tests.cms.factories import rebuild_index

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator(client, db, own_index_folder):
    setup_groups()
    user = make.moderator_account()
    client.force_login(user)
    return user


@pytest.fixture
def skills(moderator) -> dict[str, Skill]:
    """One skill in each state."""
    found = {
        code: make.skill(code, f"Nom de {code}")
        for code in ("used", "draft", "retired", "corrected", "changed")
    }
    SkillLabel.objects.create(
        skill=found["used"], kind=LabelKind.HIDDEN, language="fr", text="piloter une cuve"
    )
    found["used"].mappings.create(scheme="esco", code="http://data.europa.eu/esco/skill/1", match="close")
    found["used"].save()
    Skill.objects.filter(code="draft").update(live=False)
    Skill.objects.filter(code="retired").update(status=SkillStatus.DEPRECATED, replaced_by=found["used"])
    Skill.objects.filter(code="corrected").update(given={"label_fr": ["Autre nom", None]})
    Skill.objects.filter(code="used").update(
        given={"label_fr": ["Nom de used", None]}, modalities=["vaccines"]
    )
    Skill.objects.filter(code="changed").update(has_unpublished_changes=True, unmapped=["esco"])
    return found


def listed(client, **query) -> list[str]:
    page = client.get(reverse("admin_skills:list"), query).content.decode()
    codes = dict(Skill.objects.values_list("pk", "code"))
    return [codes[int(pk)] for pk in re.findall(r'id="snippet_(\d+)_title"', page)]


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ({}, ["changed", "corrected", "draft", "retired", "used"]),
        ({"state": "published"}, ["changed", "corrected", "used"]),
        ({"state": "draft"}, ["draft"]),
        ({"state": "retired"}, ["retired"]),
        ({"state": "corrected"}, ["corrected"]),
        ({"state": "changed"}, ["changed"]),
        ({"state": "review"}, []),
        ({"modality": "vaccines"}, ["used"]),
        ({"mapped": "with-esco"}, ["used"]),
        ({"mapped": "none-esco"}, ["changed"]),
        ({"mapped": "unsaid-esco"}, ["corrected", "draft", "retired"]),
        ({"mapped": "unsaid-rome", "state": "draft"}, ["draft"]),
        ({"kind": "knowledge"}, []),
    ],
)
def test_filters(client, skills, query, codes):
    assert listed(client, **query) == codes


@pytest.mark.parametrize("indexed", [True, False])
@pytest.mark.parametrize(
    ("text", "codes"),
    [("retired", ["retired"]), ("nom de draft", ["draft"]), ("Piloter une CUVE", ["used"]), ("zzz", [])],
)
def test_every_skill_is_found_by_its_words(client, skills, text, codes, indexed):
    if indexed:
        rebuild_index()
    assert listed(client, q=text)[:1] == codes
    page = client.get(reverse("admin_skills:list"), {"q": text}).content.decode()
    assert ("La recherche est réduite" in page) is not indexed


def test_the_engine_finds_what_a_plain_match_does_not_and_ranks_it(client, skills):
    assert listed(client, q="cuves à piloter") == []
    rebuild_index()
    assert listed(client, q="cuves à piloter") == ["used"]
    assert listed(client, q="nom changed")[0] == "changed"
    assert listed(client, q="nom", ordering="-code") == ["used", "retired", "draft", "corrected", "changed"]


@pytest.mark.parametrize("text", ["%", "'", "\x00", "é" * 5000, "«»", "((("])
def test_nonsense_breaks_nothing(client, skills, text):
    rebuild_index()
    assert client.get(reverse("admin_skills:list"), {"q": text}).status_code == 200
    assert client.get(reverse("admin_skills:list_results"), {"q": text}).status_code == 200


def test_rows_say_uses_and_state(client, skills):
    institute = make.organisation("Institut")
    for number in range(2):
        make.offer(make.training(institute, f"Formation {number}", live=True), [skills["used"]])
    make.job_profile("culture", "Technicien", skills["used"])
    page = client.get(reverse("admin_skills:list")).content.decode()
    assert "2 formations, 1 métier" in page
    for state in ("brouillon", "retirée → used", "en usage, corrigée", "en usage, modification non publiée"):
        assert state in page


def test_the_number_of_queries_does_not_depend_on_the_rows(client, skills):
    url = reverse("admin_skills:list")
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for number in range(12):
        one = make.skill(f"more-{number}", f"Nom de more-{number}")
        make.job_profile(f"metier-{number}", "Métier", one)
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(many) == len(few) <= 40


def test_the_export_says_what_the_list_says(client, skills):
    response = client.get(reverse("admin_skills:list"), {"export": "csv", "state": "corrected"})
    rows = list(csv.DictReader(io.StringIO(response.getvalue().decode())))
    assert [row["Code"] for row in rows] == ["corrected"]
    assert rows[0]["champs corrigés par la rédaction"] == "libellé français"
    assert rows[0]["état"] == "en usage, corrigée"
    assert client.get(reverse("admin_skills:list"), {"export": "xlsx"}).status_code == 200


def test_who_opens_the_list(client, skills):
    institute = make.organisation("Institut")
    for group, status in ((PROVIDERS_GROUP, 302), (EMPLOYERS_GROUP, 302), (REFERENTIAL_EDITORS_GROUP, 200)):
        client.force_login(make.account(group, institute))
        assert client.get(reverse("admin_skills:list")).status_code == status


def test_the_form_names_what_uses_the_skill(client, skills):
    institute = make.organisation("Institut")
    make.offer(make.training(institute, "Formation en ligne", live=True), [skills["used"]])
    make.offer(make.training(institute, "Formation brouillon"), [skills["used"]])
    for number in range(25):
        make.job_profile(f"metier-{number:02}", f"Métier {number:02}", skills["used"])
    url = reverse("admin_skills:edit", args=[skills["used"].pk])
    with CaptureQueriesContext(connection) as queries:
        page = client.get(url).content.decode()
    assert len(queries) < 75
    assert "25 métiers" in page
    assert "Métier 19" in page
    assert "Métier 20" not in page
    assert "et d'autres" in page
    assert "Formation brouillon</a> (hors ligne)" in page
    assert "Nom de retired" in page  # which it replaces
    client.force_login(make.account(REFERENTIAL_EDITORS_GROUP))
    page = client.get(url).content.decode()
    assert "2 formations" in page
    assert "Formation en ligne" in page
    assert "Formation brouillon" not in page
