"""The page of the referential: its list and filters, its versions, its files, in both languages, without drafts."""

import re

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from skills.models import Skill, SkillKind, SkillStatus
from skills.shipped_history import shipped_scheme
from tests.cms.referential_factories import make_referential, write_history
from tests.cms.test_skill_page import linked_data, text_of
from tests.skills.factories import DomainFactory, SkillFactory

CHANGES = """\
releases:
  - version: 1.1.0
    date: "2026-11-25"
    note: Deuxième version.
    added: [neighbour-skill, secret-skill]
    changed:
      - {code: wider-skill, note: Définition précisée.}
      - {code: secret-skill, note: Ne se dit pas.}
    retired:
      - {code: retired-skill, note: Se confondait avec une autre., replaced_by: skill-skill}
  - version: 1.0.0
    date: "2026-10-01"
    note: Première version.
    added: [skill-skill, wider-skill, narrower-skill, retired-skill]
"""


@pytest.fixture
def found(site_without_index):
    return make_referential()


def page(client, query: str = "", language: str = "fr") -> str:
    with override(language):
        address = reverse("referential")
    response = client.get(f"{address}{query}")
    assert response.status_code == 200, response.content.decode()
    return response.content.decode()


def listed(html: str) -> list[str]:
    """Codes of the skills of the list, in order."""
    lists = re.findall(r'<ul class="skill-columns">(.*?)</ul>', html, re.DOTALL)
    return re.findall(r'href="(?:/en)?/(?:competences|skills)/([^/]+)/"', " ".join(lists))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_says_what_the_referential_is(client, found, language):
    html = page(client, language=language)
    text = text_of(html)
    assert f'<html lang="{language}">' in html
    assert len(re.findall(r"<h1[ >]", html)) == 1
    assert (
        "Référentiel de compétences de la bioproduction" if language == "fr" else "Bioproduction skills"
    ) in text
    assert shipped_scheme().version in text
    assert "CC BY 4.0" in text
    for suffix in ("ttl", "jsonld", "csv", "json"):
        assert f'<a href="/referentiel.{suffix}" download>' in html
    assert not re.search(r' style=|<script(?! src=| type="application/ld\+json">)| on[a-z]+=', html)
    assert "secret" not in html.lower()


def test_counts_are_of_what_is_published(client, found):
    figures = re.findall(r"<div><dt>([^<]+)</dt><dd>([^<]+)</dd></div>", page(client))
    # Three more skills, with three more labels, are those of the public site.
    assert dict(figures) == {
        "compétences": "7", "domaines": "1", "libellés": "20", "reliées à ESCO": "1", "reliées au ROME": "0",
    }  # fmt: skip


def test_domains_list_their_skills_and_retired_ones_stand_apart(client, found):
    html = page(client)
    assert "skill-skill" in listed(html)
    assert "retired-skill" not in listed(html)
    assert 'id="upstream"' in html
    assert 'id="secret-domain"' not in html
    retired = html.split('id="retirees"')[1].split("</section>")[0]
    assert "Savoir retired" in retired
    assert 'href="/competences/skill-skill/"' in retired


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("?q=wider", ["wider-skill"]),
        ("?q=KNOW+wider", ["wider-skill"]),
        ("?q=sfe", ["skill-skill"]),
        ("?q=savoire", ["skill-skill"]),  # a hidden label is there to find by
        ("?q=D%27ESSAI+savoir", ["skill-skill"]),
        ("?q=wider+neighbour", []),  # no one label has both
        ("?type=authorisation", ["neighbour-skill"]),
        ("?biomedicament=vaccines", ["narrower-skill"]),
        ("?biomedicament=vaccines&type=authorisation", []),
        ("?domaine=cell-banking", ["wider-skill"]),
        ("?domaine=cell-banking&q=skill", []),
    ],
)
def test_filters_need_no_script(client, found, query, codes):
    Skill.objects.filter(code="neighbour-skill").update(kind=SkillKind.AUTHORISATION)
    Skill.objects.filter(code="narrower-skill").update(modalities=["vaccines", "cell-therapy"])
    Skill.objects.filter(code="wider-skill").update(domain=DomainFactory(code="cell-banking"))
    html = page(client, query)
    assert listed(html) == codes
    assert f"{len(codes)} compétence" in text_of(html)
    assert '<meta name="robots" content="noindex, follow">' in html


def test_a_filter_keeps_its_choice_and_tells_of_common_skills(client, found):
    Skill.objects.filter(code="narrower-skill").update(modalities=["vaccines"])
    html = page(client, "?q=savoir&biomedicament=vaccines")
    assert '<option value="vaccines" selected>Vaccins</option>' in html
    assert 'value="savoir"' in html
    assert "S’y ajoutent 3 compétences communes à tous les biomédicaments." in text_of(html)
    assert 'href="/referentiel/?q=savoir&amp;biomedicament=all#liste"' in html
    assert len(listed(page(client, "?q=savoir&biomedicament=all"))) == 3
    assert "q=savoir" in re.search(r'class="language-switch" href="([^"]+)"', html).group(1)


def test_nothing_found_says_where_else_to_look(client, found):
    html = page(client, "?q=soudure")
    assert "Aucune compétence ne répond à ces filtres." in html
    assert 'href="/recherche/?q=soudure"' in html


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?type=lune", "Valeur inconnue pour le filtre « type » : lune."),
        ("?domaine=lune", "« domaine »"),
        ("?biomedicament=%00", "« biomedicament »"),
        (f"?q={'a' * 301}", "300"),
    ],
)
def test_a_wrong_filter_is_refused_with_its_reason(client, found, query, words):
    response = client.get(f"/referentiel/{query}")
    assert response.status_code == 400
    assert words in response.content.decode()


def test_the_page_does_without_a_changelog(client, found, settings, tmp_path):
    settings.REFERENTIAL_DIR = write_history(tmp_path / "files")
    assert "Journal des versions" not in page(client)


def test_the_changelog_is_told_newest_first_without_drafts(client, found, settings, tmp_path):
    settings.REFERENTIAL_DIR = write_history(tmp_path / "files", CHANGES)
    html = page(client)
    journal = text_of('id="contenu"' + html.split('id="journal"')[1].split("</section>")[0] + "</main>")
    assert journal.index("1.1.0 25 novembre 2026 Deuxième version.") < journal.index("1.0.0 1er octobre 2026")
    assert "1 compétence ajoutée ( Savoir neighbour )" in journal
    assert "1 compétence modifiée Savoir wider : Définition précisée." in journal
    assert "Retirée : Savoir retired → Savoir skill . Se confondait avec une autre." in journal
    assert "Ne se dit pas" not in html
    assert "secret" not in html.lower()
    assert "Version 1.1.0" in text_of(html)
    assert '<p lang="fr">Deuxième version.</p>' in page(client, language="en")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_examples_for_programs_work(client, found, language):
    html = page(client, language=language)
    addresses = re.findall(r"http://testserver(/[^<\s]+)</code></pre>", html)
    assert len(addresses) == 3
    for address in addresses:
        response = client.get(address, headers={"accept": "text/turtle"})
        assert response["Content-Type"] == "text/turtle; charset=utf-8"


def test_a_missing_scheme_says_what_to_mend(client, found, settings, tmp_path):
    settings.REFERENTIAL_DIR = tmp_path
    with pytest.raises(ImproperlyConfigured, match=r"scheme\.yaml manque"):
        client.get("/referentiel/")


def test_more_skills_cost_no_more_queries(client, found):
    page(client, "?q=savoir")
    with CaptureQueriesContext(connection) as before:
        page(client, "?q=savoir")
    for number in range(20):
        SkillFactory(code=f"more-{number}", label_fr=f"Savoir {number}")
    SkillFactory(code="old", status=SkillStatus.DEPRECATED, replaced_by=found.skill)
    with CaptureQueriesContext(connection) as after:
        page(client, "?q=savoir")
    assert len(after) <= len(before) <= 15


def test_an_empty_referential_says_so(client, site_without_index):
    Skill.objects.update(live=False)
    assert "Le référentiel n’est pas encore chargé." in page(client)


def test_every_page_leads_to_it_and_the_site_map_too(client, found):
    assert 'href="/referentiel/"' in client.get("/").content.decode()
    assert 'href="/referentiel/#upstream"' in client.get("/competences/skill-skill/").content.decode()
    assert "http://testserver/referentiel/" in client.get("/sitemap.xml").content.decode()


def test_the_head_defines_the_set_of_terms(client, found):
    said = linked_data(page(client))
    assert said["@type"] == "DefinedTermSet"
    assert said["@id"] == "https://biofiliere.example/referentiel/"
    assert (said["version"], said["license"]) == (
        shipped_scheme().version,
        "https://creativecommons.org/licenses/by/4.0/",
    )
