"""The page of a skill: what it says, in both languages, what it never says, and what it says to machines."""

import json
import re

import pytest
from django.db import connection
from django.shortcuts import render
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from cms.templatetags.site import json_ld
from cms.views.skill_page import skill_context
from skills.models import LabelKind, Skill, SkillKind, SkillLabel, SkillMapping, SkillStatus
from tests.cms.factories import make_job, make_training
from tests.cms.referential_factories import ESCO, make_referential
from tests.skills.factories import DomainFactory, SkillFactory


@pytest.fixture
def found(site_without_index):
    return make_referential()


def page(client, code: str, language: str = "fr") -> str:
    with override(language):
        address = reverse("skill", args=[code])
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def text_of(html: str) -> str:
    """The words of the page's main part, one space between them."""
    main = html.split('id="contenu"')[1].split("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def section(html: str, anchor: str) -> str:
    return text_of('id="contenu"' + html.split(f'id="{anchor}"')[1].split("</section>")[0] + "</main>")


def test_the_page_says_what_the_skill_is(client, found):
    text = text_of(page(client, "skill-skill"))
    assert "Définition." in text
    assert "Type savoir-faire Domaine Procédés amont" in text
    assert "Biomédicaments Tous les biomédicaments" in text
    assert "On dit aussi savoir-faire d&#x27;essai Sigles : SFE" in text
    assert "savoire faire" not in text  # a hidden label
    assert "trial know-how" not in text
    assert "condition d’exercice" not in text


def test_biomedicines_are_named_when_not_all(client, found):
    Skill.objects.filter(code="skill-skill").update(modalities=["vaccines", "gene-therapy"])
    assert "Biomédicaments Vaccins, thérapie génique" in text_of(page(client, "skill-skill"))


def test_an_authorisation_is_said_to_be_a_condition(client, found):
    Skill.objects.filter(code="skill-skill").update(kind=SkillKind.AUTHORISATION)
    assert "C’est une condition d’exercice, non une simple compétence" in text_of(page(client, "skill-skill"))


def test_levels_are_its_own_or_those_of_all(client, found):
    own = section(page(client, "skill-skill"), "niveaux")
    assert "Maîtrise (3 sur 4) Règle tout. Expertise" in own
    assert (
        "Connaît le vocabulaire et le but ; agit sous la conduite d&#x27;une autre personne. (comme pour"
        in own
    )
    common = section(page(client, "wider-skill"), "niveaux")
    assert "n’a pas de niveaux décrits pour elle" in common
    assert "(comme pour" not in common


def test_other_skills_are_told_apart(client, found):
    html = page(client, "skill-skill")
    for anchor, name in (("plus-larges", "wider"), ("plus-etroites", "narrower"), ("voisines", "neighbour")):
        listed = html.split(f'aria-labelledby="{anchor}"')[1].split("</ul>")[0]
        assert re.findall(r'href="/competences/([^/]+)/"', listed) == [f"{name}-skill"]


def test_mappings_are_named_with_their_nearness(client, found):
    text = text_of(page(client, "skill-skill"))
    assert "ESCO conduire un essai (équivalent exact)" in text
    assert "ROME Mener des essais (voisine · 501386)" in text
    assert f'href="{ESCO}"' in page(client, "skill-skill")
    for match, said in (("close", "proche"), ("broad", "plus large"), ("narrow", "plus étroite")):
        SkillMapping.objects.filter(scheme="esco").update(match=match)
        assert f"conduire un essai ({said})" in text_of(page(client, "skill-skill"))


def test_no_equivalent_is_said_only_where_it_was_looked_for(client, found):
    assert "Aucun équivalent" not in text_of(page(client, "wider-skill"))
    Skill.objects.filter(code="wider-skill").update(unmapped=["esco"])
    text = text_of(page(client, "wider-skill"))
    assert "Aucun équivalent dans ESCO." in text
    assert "Aucun équivalent dans le ROME." not in text


def test_jobs_and_trainings_that_use_it(client, found):
    make_job("essayeur", "Essayeur", "Tester", [found.skill, found.wider])
    make_training("essai-1", [found.skill])
    html = page(client, "skill-skill")
    assert 'href="/metiers/essayeur/"' in html
    assert "Essayeur Maîtrise (3 sur 4) · essentielle" in section(html, "metiers")
    assert 'href="/formations/essai-1/"' in html
    assert "Niveau atteint : Application (2 sur 4)" in section(html, "formations")


def test_english_page_speaks_english(client, found):
    html = page(client, "skill-skill", "en")
    assert "<h1>Know skill</h1>" in html
    text = text_of(html)
    assert "trial know-how" in text
    assert "Sets everything." in text
    assert "run a trial" in text
    assert '<span lang="fr">Mener des essais</span>' in html


def test_a_draft_is_nowhere(client, found):
    assert client.get("/competences/secret-skill/").status_code == 404
    for code in ("skill-skill", "wider-skill", "narrower-skill"):
        for language in ("fr", "en"):
            assert "secret" not in page(client, code, language).lower()


def test_a_retired_skill_leads_to_what_stands_for_it(client, found):
    response = client.get("/competences/retired-skill/")
    assert (response.status_code, response["Location"]) == (301, "/competences/skill-skill/")
    assert "Accept" in response["Vary"]
    Skill.objects.filter(code="skill-skill").update(status=SkillStatus.DEPRECATED, replaced_by=found.wider)
    assert client.get("/competences/retired-skill/")["Location"] == "/competences/wider-skill/"
    Skill.objects.filter(code="wider-skill").update(live=False)
    assert client.get("/competences/retired-skill/").status_code == 404


def test_more_of_everything_costs_no_more_queries(client, found):
    make_job("essayeur", "Essayeur", "Tester", [found.skill])
    make_training("essai-1", [found.skill])
    page(client, "skill-skill")
    with CaptureQueriesContext(connection) as before:
        page(client, "skill-skill")
    others = [SkillFactory(code=f"other-{number}") for number in range(12)]
    found.skill.related = [*others[:6], found.neighbour]
    found.skill.broader = [*others[6:9], found.wider]
    found.skill.save()
    for number, one in enumerate(others[9:]):
        one.broader = [found.skill]
        one.save()
        make_job(f"metier-{number}", f"Métier {number}", f"Job {number}", [found.skill])
        make_training(f"formation-{number}", [found.skill])
        SkillLabel.objects.create(skill=found.skill, kind=LabelKind.ACRONYM, text=f"S{number}")
        SkillMapping.objects.create(skill=found.skill, scheme="rome", code=f"9{number}", match="close")
    page(client, "skill-skill")
    with CaptureQueriesContext(connection) as after:
        page(client, "skill-skill")
    assert len(after) <= len(before)
    assert len(before) <= 35


def test_the_context_serves_a_preview_of_what_is_not_stored(site_without_index):
    """What the admin previews: a draft with its rows in memory only."""
    wider = SkillFactory(code="wider-skill")
    draft = Skill(
        code="nouvelle", label_fr="Nouvelle", label_en="New", domain=DomainFactory(), live=False,
        definition_fr="Dite.", definition_en="Said.", unmapped=["rome"],
    )  # fmt: skip
    draft.labels = [SkillLabel(kind=LabelKind.ALTERNATIVE, language="fr", text="toute neuve")]
    draft.mappings = [SkillMapping(scheme="esco", code=ESCO, match="close")]
    draft.broader = [wider]
    context = skill_context(draft)
    assert context["labels"] == ["toute neuve"]
    assert [group.skills for group in context["links"]] == [[wider]]
    request = RequestFactory().get("/admin/")
    request.resolver_match = None
    html = render(request, "pages/skill.html", context).content.decode()
    assert "Aucun équivalent dans le ROME." in html
    assert 'rel="alternate" type' not in html
    assert "ld+json" not in html


# --- What machines read
def linked_data(html: str) -> dict:
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    return json.loads(block)


def test_the_head_defines_the_term(client, found):
    html = page(client, "skill-skill")
    assert html.index("ld+json") < html.index("</head>")
    said = linked_data(html)
    assert said["@context"] == "https://schema.org"
    assert said["@type"] == "DefinedTerm"
    assert said["@id"] == "https://biofiliere.example/referentiel/skill-skill"
    assert said["url"] == "http://testserver/competences/skill-skill/"
    assert (said["name"], said["termCode"], said["inLanguage"]) == ("Savoir skill", "skill-skill", "fr")
    assert said["alternateName"] == ["savoir-faire d'essai", "SFE", "Know skill"]
    assert said["description"] == "Définition."
    assert said["sameAs"] == [ESCO]
    assert said["inDefinedTermSet"]["@type"] == "DefinedTermSet"
    assert said["inDefinedTermSet"]["url"] == "http://testserver/referentiel/"
    assert linked_data(page(client, "skill-skill", "en"))["name"] == "Know skill"
    SkillMapping.objects.filter(scheme="esco").update(match="close")
    assert "sameAs" not in linked_data(page(client, "skill-skill"))


def test_no_label_can_break_out_of_the_block(client, found):
    evil = "</script><script>alert(1)</script><!--"
    Skill.objects.filter(code="skill-skill").update(label_fr=evil, definition_fr=f"{evil} & co \u2028")
    html = page(client, "skill-skill")
    assert evil not in html
    assert linked_data(html)["name"] == evil
    assert linked_data(html)["description"] == f"{evil} & co \u2028"


def test_a_block_of_data_holds_no_markup():
    assert json_ld({"name": "a</script>&<b>"}) == (
        '<script type="application/ld+json">{"name": "a\\u003c/script\\u003e\\u0026\\u003cb\\u003e"}</script>'
    )


def test_the_strict_policy_still_holds(client, found):
    policy = client.get("/competences/skill-skill/")["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
