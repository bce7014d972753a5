"""« Mes compétences »: what is answered, and what never leaves the request."""

import logging
import re

from cms.views.match import SAMPLES

TEXT = "J'ai fait la conduite de bioréacteur six ans. Je n'ai jamais appliqué les BPF. Marque-page-secret."


def test_answer_explains_skills_jobs_and_trainings(client, public_site):
    response = client.post("/mes-competences/", {"texte": TEXT, "lieu": "Villeurbanne"})
    assert response.status_code == 200
    html = response.content.decode()
    assert "<mark>conduite de bioréacteur</mark>" in html
    assert "Mises de côté" in html
    assert "Technicien de culture cellulaire" in html
    for words in (
        "Acquise",
        "Manquante",
        "Conditions impératives, à part du score",
        "Comment est calculé ce score",
    ):
        assert words in html
    assert re.search(r"\d+\s% → \d+\s%", html)


def test_answer_in_english(client, public_site):
    html = client.post("/en/my-skills/", {"texte": "I operate a bioreactor every day."}).content.decode()
    assert "Cell culture technician" in html
    assert "Skill by skill" in html


def test_nothing_close_is_said_rather_than_guessed(client, public_site):
    html = client.post("/mes-competences/", {"texte": "J'aime les promenades en forêt."}).content.decode()
    assert "Rien d’assez proche." in html
    assert "job-match" not in html


def test_one_job_only(client, public_site):
    assert (
        "Comparaison avec un seul métier" in client.get("/mes-competences/?metier=culture").content.decode()
    )
    html = client.post(
        "/mes-competences/", {"texte": "Je connais les BPF.", "metier": "culture"}
    ).content.decode()
    assert html.count('class="card job-match"') == 1
    assert client.get("/mes-competences/?metier=inconnu").status_code == 200


def test_samples_fill_the_form(client, public_site):
    for name in SAMPLES:
        html = client.get(f"/mes-competences/?exemple={name}").content.decode()
        assert len(re.search(r"<textarea[^>]*>(.*?)</textarea>", html, re.DOTALL).group(1)) > 300, name


def test_unknown_sample_is_ignored(client, public_site):
    html = client.get("/mes-competences/?exemple=../../secret").content.decode()
    assert re.search(r"<textarea[^>]*></textarea>", html)


def test_answer_is_never_cached(client, public_site):
    assert "no-store" in client.get("/mes-competences/")["Cache-Control"]
    assert "no-store" in client.post("/mes-competences/", {"texte": TEXT})["Cache-Control"]


def test_text_is_neither_logged_nor_put_in_an_address(client, public_site, caplog):
    with caplog.at_level(logging.DEBUG):
        html = client.post("/mes-competences/", {"texte": TEXT}).content.decode()
    assert "Marque-page-secret" not in caplog.text
    assert not re.search(r'(href|action)="[^"]*Marque-page', html)


def test_text_in_the_address_is_not_read(client, public_site):
    html = client.get("/mes-competences/", {"texte": TEXT}).content.decode()
    assert "Marque-page-secret" not in html


def test_markup_in_the_text_is_escaped(client, public_site):
    html = client.post(
        "/mes-competences/", {"texte": "<script>alert(1)</script> Je connais les BPF."}
    ).content.decode()
    assert "<script>alert" not in html


def test_without_index_jobs_come_from_the_database_and_the_page_says_so(client, site_without_index):
    response = client.post("/mes-competences/", {"texte": "Je connais les BPF."})
    assert response.status_code == 200
    html = response.content.decode()
    assert "Bonnes pratiques de fabrication" in html
    assert html.count("viennent directement de la base") == 1
    assert 'href="/metiers/culture/"' in html
