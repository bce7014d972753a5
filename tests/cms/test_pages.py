"""Every public page, in both languages: it answers, in the right language, in a bounded number of queries."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from jobs.models import EmployerNeed
from skills.models import Skill, SkillStatus
from tests.cms.factories import in_days, make_need, make_training, rebuild_index
from training.models import Training

PAGES = {
    "home": ("/", "/en/"),
    "jobs": ("/metiers/", "/en/jobs/"),
    "job": ("/metiers/culture/", "/en/jobs/culture/"),
    "trainings": ("/formations/", "/en/trainings/"),
    "training": ("/formations/bioreacteur-1/", "/en/trainings/bioreacteur-1/"),
    "my-skills": ("/mes-competences/", "/en/my-skills/"),
    "equivalences": ("/equivalences/", "/en/equivalences/"),
    "needs": ("/besoins/", "/en/needs/"),
    "need": ("/besoins/besoin-1/", "/en/needs/besoin-1/"),
    "skill": ("/competences/gmp/", "/en/skills/gmp/"),
    "search": ("/recherche/?q=BPF", "/en/search/?q=GMP"),
    "about": ("/a-propos/", "/en/about/"),
}
MOST_QUERIES = 43


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_page_answers_in_its_language(client, public_site, language, django_assert_max_num_queries):
    for name, addresses in PAGES.items():
        with django_assert_max_num_queries(MOST_QUERIES):
            response = client.get(addresses[language == "en"])
        assert response.status_code == 200, name
        html = response.content.decode()
        assert f'<html lang="{language}">' in html, name
        assert len(re.findall(r"<h1[ >]", html)) == 1, name
        # A block of data runs nothing: the policy lets it stand.
        assert not re.search(r' style=|<script(?! src=| type="application/ld\+json">)| on[a-z]+=', html), name


def test_every_page_names_its_other_language(client, public_site):
    for french_address, english_address in PAGES.values():
        french, english = french_address.split("?")[0], english_address.split("?")[0]
        html = client.get(french_address).content.decode()
        assert f'hreflang="fr" href="http://testserver{french}"' in html
        assert f'hreflang="en" href="http://testserver{english}"' in html
        assert re.search(rf'class="language-switch" href="{english}[^"]*" lang="en"', html), english


@pytest.mark.parametrize("language", ["fr", "en"])
def test_titles_are_unique(client, public_site, language):
    pages = [client.get(addresses[language == "en"]).content.decode() for addresses in PAGES.values()]
    titles = [re.search(r"<title>(.*?)</title>", html, re.DOTALL).group(1) for html in pages]
    assert len(set(titles)) == len(titles)


def test_more_objects_cost_no_more_queries(client, public_site, django_assert_max_num_queries):
    counted = ("/formations/", "/besoins/", "/competences/gmp/", "/metiers/culture/", "/besoins/besoin-1/")
    before = {}
    for address in counted:
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        before[address] = len(queries)
    skills = list(Skill.objects.order_by("pk"))
    for number in range(2, 10):
        make_training(f"bioreacteur-{number}", skills)
        make_need(f"besoin-{number}", skills)
    rebuild_index()
    for address in counted:
        client.get(address)
        with django_assert_max_num_queries(before[address] + 1):
            assert client.get(address).status_code == 200


def test_job_profile_says_what_is_required_and_what_prepares_for_it(client, public_site):
    html = client.get("/metiers/culture/").content.decode()
    for words in (
        "Maîtrise (3 sur 4)",
        "Conduire un bioréacteur",
        "Aptitude au travail en zone",
        "Visite médicale.",
    ):
        assert words in html
    assert "RNCP38883" in html
    assert 'href="/metiers/purification/"' in html
    assert 'href="/mes-competences/?metier=culture"' in html
    assert re.search(r'href="/formations/bioreacteur-1/".*couvre \d+', html, re.DOTALL)
    english = client.get("/en/jobs/culture/").content.decode()
    assert "Mastery (3 of 4)" in english
    assert "Fitness for cleanroom work" in english
    assert 'href="/en/jobs/purification/"' in english


def test_job_list_shows_every_step_of_the_value_chain(client, public_site):
    html = client.get("/metiers/").content.decode()
    steps = re.findall(r'<span class="rank">\d+</span> <span>(.*?)</span>', html)
    assert steps == ["Banques cellulaires", "Procédés amont"]
    assert "Pas encore de fiche métier propre à cette étape" in html


def test_training_shows_only_sessions_that_have_not_ended(client, public_site):
    html = client.get("/formations/bioreacteur-1/").content.decode()
    assert str(in_days(25).year) in html
    assert "entrée permanente jusqu’au" in html.lower()
    assert html.count('<span class="when">') == 2
    assert "Blocs de compétences" in html
    assert "RNCP38883BC01" in html
    assert "(déclarée par l&#x27;organisme)" in html


def test_unknown_facts_are_said_to_be_unknown(client, public_site):
    html = client.get("/formations/bioreacteur-1/").content.decode()
    assert re.search(r"Fin d’enregistrement</dt><dd>\s*inconnue", html)
    assert "nombre de places inconnu" in html


def test_demonstration_is_marked_and_kept_from_search_engines(client, public_site):
    html = client.get("/formations/bioreacteur-1/").content.decode()
    assert "Démonstration : organisme et formation inventés" in html
    assert '<meta name="robots" content="noindex">' in html
    assert "noindex" not in client.get("/metiers/culture/").content.decode()
    Training.objects.update(is_demonstration=False)
    html = client.get("/formations/bioreacteur-1/").content.decode()
    assert "noindex" not in html
    assert "Démonstration" not in html


def test_foreign_words_carry_their_language(client, public_site):
    html = client.get("/en/trainings/bioreacteur-1/").content.decode()
    assert '<h1 lang="fr">' in html
    assert '<div class="prose" lang="fr">' in html


def test_need_that_is_not_open_has_no_page(client, public_site):
    for change in ({"live": False, "closes_on": None}, {"live": True, "closes_on": in_days(-1)}):
        EmployerNeed.objects.update(**change)
        assert client.get("/besoins/besoin-1/").status_code == 404
        assert "Technicien de culture" not in client.get("/besoins/").content.decode()


def test_need_ranks_programmes_with_coverage_and_distance(client, public_site):
    html = client.get("/besoins/besoin-1/").content.decode()
    assert re.search(r"couvre 67", html)
    assert "Couverte" in html
    assert "(0 km)" in html


def test_draft_training_has_no_page(client, public_site):
    Training.objects.update(live=False)
    assert client.get("/formations/bioreacteur-1/").status_code == 404


def test_retired_skill_sends_on_to_its_replacement(client, public_site):
    gmp = Skill.objects.get(code="gmp")
    Skill.objects.filter(code="sampling").update(status=SkillStatus.DEPRECATED, replaced_by=gmp)
    response = client.get("/competences/sampling/")
    assert (response.status_code, response["Location"]) == (301, "/competences/gmp/")


def test_training_preview_renders_a_draft(public_site):
    draft = Training.objects.get()
    draft.title_fr = "Intitulé pas encore publié"
    response = draft.make_preview_request()
    response.render()
    assert "Intitulé pas encore publié" in response.content.decode()


def test_site_search_groups_what_it_finds(client, public_site):
    html = client.get("/recherche/?q=bioréacteur").content.decode()
    assert 'href="/formations/bioreacteur-1/"' in html
    assert 'href="/competences/bioreactor-operation/"' in html


def test_sitemap_leaves_demonstration_out(client, public_site):
    text = client.get("/sitemap.xml").content.decode()
    assert "/metiers/culture/" in text
    assert "/competences/gmp/" in text
    assert "bioreacteur-1" not in text
    Training.objects.update(is_demonstration=False)
    assert "/formations/bioreacteur-1/" in client.get("/sitemap.xml").content.decode()


def test_robots_names_the_sitemap(client):
    response = client.get("/robots.txt")
    assert response["Content-Type"].startswith("text/plain")
    assert "Sitemap: http://testserver/sitemap.xml" in response.content.decode()


def test_addresses_are_written_in_each_language():
    assert reverse("my_skills") == "/mes-competences/"
    with override("en"):
        assert reverse("my_skills") == "/en/my-skills/"
