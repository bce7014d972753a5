"""« Équivalences », and a job or a diploma given on « Mes compétences »."""

import logging
import re

import pytest

from skills.models import RomeJob, Skill, SkillMapping
from tests.matching.origins.factories import make_diploma, make_rome_job, make_rome_title

TITLE = "Opérateur / Opératrice de fabrication"
TEXT = "Je connais les BPF."


@pytest.fixture
def titles(public_site):
    """A title that brings two skills and leaves one to be checked, and two lawyers."""
    for code, ogr_code, match in [
        ("bioreactor-operation", "1001", "close"),
        ("gmp", "1002", "exact"),
        ("sampling", "1003", "broad"),
    ]:
        SkillMapping.objects.create(
            skill=Skill.objects.get(code=code), scheme="rome", code=ogr_code, match=match
        )
    job = make_rome_job("H2303", TITLE, ("1001", "Principale"), ("1002", ""), ("1003", "Principale"))
    make_rome_title("17090", TITLE, job)
    lawyer = make_rome_job("K1903", "Juriste", ("9", "Principale"))
    make_rome_title("11469", "Avocat / Avocate fiscaliste", lawyer)
    make_rome_title("11470", "Avocat / Avocate pénaliste", lawyer)


def page(client, address: str, **query: str) -> str:
    response = client.get(address, query)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    return response.content.decode()


def send(client, status: int = 200, **sent: str) -> str:
    response = client.post("/mes-competences/", sent)
    assert response.status_code == status
    assert "no-store" in response["Cache-Control"]
    return response.content.decode()


def test_title_shows_the_skills_it_brings_with_path_and_source(client, titles):
    html = page(client, "/equivalences/", q="opératrice de fabrication")
    for words in (
        "2 compétences de notre référentiel",
        "Le métier demande « Compétence 1001 » : c&#x27;est à très peu près la même compétence.",
        "Application (2 sur 4)",
        "au cœur du métier",
        "Fiche ROME H2303",
        "À vérifier : 1 autre compétence, non comptée",
        "celle-ci n&#x27;y est peut-être pas",
        "France Travail – ROME",
    ):
        assert words in html, words
    assert 'href="/mes-competences/?origine=rome-title%3A17090"' in html
    assert '<meta name="robots" content="noindex, follow">' in html


def test_title_when_it_may_mean_several_then_they_are_listed(client, titles):
    html = page(client, "/equivalences/", q="avocat")
    assert "Lequel voulez-vous dire ?" in html
    assert 'href="?q=avocat&amp;choix=rome-title%3A11470"' in html
    chosen = page(client, "/equivalences/", q="avocat", choix="rome-title:11470")
    assert "nous n&#x27;affirmons rien" in chosen
    assert "Décrire ce que j’y faisais" in chosen


@pytest.mark.parametrize("query", ["zzz", "Z9999", "\x00", "%", "<script>alert(1)</script>"])
def test_title_when_nothing_comes_near_then_says_what_to_try(client, titles, query):
    html = page(client, "/equivalences/", q=query)
    assert "brought-rows" not in html
    assert "<script>alert" not in html


@pytest.mark.parametrize("length", [201, 301, 3000])
def test_question_when_too_long_is_refused_with_the_limit_of_the_field(client, titles, length):
    html = page(client, "/equivalences/", q="x" * length)
    assert "200 caractères au plus" in html
    assert 'maxlength="200"' in html
    assert "300 caractères" not in html
    assert f'value="{"x" * 200}"' in html


def test_candidates_when_there_are_more_than_shown_then_says_so(client, titles):
    job = RomeJob.objects.get(code="K1903")
    cut = "Seuls les 20 premiers sont montrés"
    assert cut not in page(client, "/equivalences/", q="avocat")
    for number in range(19):
        make_rome_title(f"9{number}", f"Avocat / Avocate numéro {number}", job)
    assert cut in page(client, "/equivalences/", q="avocat")
    assert cut in send(client, texte=TEXT, origine="avocat")
    assert "Only the first 20 are shown" in page(client, "/en/equivalences/", q="avocat")


def test_choice_when_unknown_is_ignored(client, titles):
    assert "brought-rows" not in page(client, "/equivalences/", choix="rome-title:1")


def test_page_in_english_follows_the_switch(client, titles):
    html = page(client, "/en/equivalences/", q="17090")
    assert "The job asks for “Compétence 1001”" in html
    assert "Operate a bioreactor" in html
    assert 'href="/equivalences/?q=17090" lang="fr"' in html


def test_pages_cost_a_bounded_number_of_queries(client, titles, django_assert_max_num_queries):
    with django_assert_max_num_queries(40):
        page(client, "/equivalences/", q="opératrice de fabrication")


# ---------- « Mes compétences » ----------


def test_carried_title_fills_the_field(client, titles):
    html = page(client, "/mes-competences/", origine="rome-title:17090")
    assert f'name="origine" value="{TITLE}"' in html
    assert 'name="origine_choix" value="rome-title:17090"' in html
    assert 'name="origine" value=""' in page(client, "/mes-competences/", origine="rome-title:1")


def test_title_alone_is_enough_for_an_answer(client, titles):
    html = send(client, texte="", origine="opératrice de fabrication")
    assert f"Ce qu’apporte « {TITLE} »" in html
    assert "D’après 2 compétences, de votre texte et de votre métier ou diplôme." in html
    assert f"Apportée par le métier « {TITLE} »." in html
    assert "Compétences trouvées dans votre texte" not in html


def test_title_and_text_are_joined_and_the_text_wins(client, titles):
    html = send(client, texte="Expert des BPF.", origine="opératrice de fabrication")
    assert "Compétences trouvées dans votre texte" in html
    assert "D’après 2 compétences, de votre texte" in html
    assert "Expertise (4 sur 4)" in html


def test_title_when_it_may_mean_several_then_is_asked_and_everything_is_kept(client, titles):
    sent = {"texte": TEXT, "lieu": "Villeurbanne", "km": "50", "origine": "avocat"}
    html = send(client, **sent)
    assert "Précisez votre métier ou votre diplôme" in html
    assert 'href="#origine-choix"' in html
    assert '<fieldset class="origin-choices" id="origine-choix"' in html
    assert html.count('type="radio" name="origine_choix"') == 2
    assert TEXT in html
    assert 'value="Villeurbanne"' in html
    assert '<option value="50" selected>' in html
    answer = send(client, **sent, origine_pour="avocat", origine_choix="rome-title:11470")
    assert "Ce qu’apporte « Avocat / Avocate pénaliste »" in answer
    assert "nous n&#x27;affirmons rien" in answer


def test_choice_made_for_another_title_is_forgotten(client, titles):
    html = send(
        client,
        texte="",
        origine="opératrice de fabrication",
        origine_pour="avocat",
        origine_choix="rome-title:11470",
    )
    assert f"Ce qu’apporte « {TITLE} »" in html


def test_title_when_unknown_then_the_field_is_to_be_corrected(client, titles):
    for title in ("zzz", "Z9999", "x" * 250):
        html = send(client, 400, texte=TEXT, origine=title)
        assert 'href="#origine"' in html
        assert re.search(r'id="origine"[^>]*aria-invalid="true"', html)
        assert TEXT in html


def test_diploma_is_accepted_too(client, titles):
    make_diploma(12, "BTS métiers de la chimie")
    assert "Ce qu’apporte « BTS métiers de la chimie »" in send(
        client, texte="", origine="bts métiers de la chimie"
    )


def test_title_given_is_neither_logged_nor_put_in_an_address(client, titles, caplog):
    with caplog.at_level(logging.DEBUG):
        html = send(client, texte=TEXT, origine="avocate")
    assert "avocate" not in caplog.text
    assert not re.search(r'(href|action)="[^"]*avocate', html)


def test_nothing_given_is_refused(client, titles):
    assert 'href="#texte"' in send(client, 400, texte=" ", origine=" ")
