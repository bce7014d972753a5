"""What a job's page tells a newcomer, and the list narrowed by family and by diploma."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jobs.models import JobBridge, JobDiploma, JobGate, JobLanguage, JobPay
from skills.models import Domain, Skill, SkillKind
from tests.cms.factories import make_job
from tests.skills.factories import DomainFactory, SkillFactory


def text_of(html: str) -> str:
    """What is read on the page, tags aside."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).replace(" ,", ",")


@pytest.fixture
def job(site_without_index):
    """The French and English pages of a job, with everything a profile may say."""
    licence = SkillFactory(
        code="forklift", kind=SkillKind.AUTHORISATION, label_fr="CACES R489", label_en="Forklift licence"
    )
    pages = [site_without_index.job_fr, site_without_index.job_en]
    for page in pages:
        JobGate.objects.create(
            page=page, kind="authorisation", label_fr="Chariots", label_en="Trucks", skill=licence
        )
        JobLanguage.objects.create(
            page=page, language="de", language_level="A2", note_fr="Les notices.", note_en="Manuals."
        )
        JobBridge.objects.create(
            page=page,
            sector="brewing",
            from_fr="Brasseuse",
            from_en="Brewer",
            carries_fr="La fermentation.",
            carries_en="Fermentation.",
            learn_fr="L'asepsie.",
            learn_en="Asepsis.",
        )
        JobDiploma.objects.create(page=page, level=2, label_fr="Brevet", label_en="Lower certificate")
    return pages


def test_the_page_says_where_people_come_from_and_what_is_needed(client, job):
    html = client.get("/metiers/culture/").content.decode()
    said = text_of(html)
    assert "Venir d’un autre métier Brasseuse brasserie et boissons fermentées" in said
    assert "Ce qui sert déjà : La fermentation." in said
    assert "Ce qui reste à apprendre : L&#x27;asepsie." in said
    assert "Langues allemand A2 (utile) Les notices." in said
    assert "Niveau d’entrée : sans diplôme" in said
    assert "niveau 5 (bac+2)" in said
    assert '<a href="/competences/forklift/">CACES R489</a>' in html
    english = text_of(client.get("/en/jobs/culture/").content.decode())
    for words in ("Brewer", "Fermentation.", "Asepsis.", "Manuals.", "Forklift licence"):
        assert words in english


def test_the_page_links_to_no_draft_skill(client, job):
    Skill.objects.filter(code="forklift").update(live=False)
    html = client.get("/metiers/culture/").content.decode()
    assert "Chariots" in html
    assert "/competences/forklift/" not in html


def test_pay_is_shown_with_its_source_or_not_at_all(client, job):
    assert "brut par an" not in client.get("/metiers/culture/").content.decode()
    pay = {"low": 24_000, "high": 30_000, "year": 2024, "source_fr": "Enquête", "source_en": "Survey"}
    JobPay.objects.create(page=job[0], url="https://example.org/enquete", **pay)
    html = client.get("/metiers/culture/").content.decode()
    assert re.search(r"de 24\s000\s€ à 30\s000\s€ brut par an", text_of(html))
    assert 'href="https://example.org/enquete">Enquête</a>, 2024' in html


def test_the_preview_of_a_half_written_draft_renders(job):
    page = job[0].get_latest_revision_as_object()
    page.bridges.add(JobBridge(sector="food", from_fr="Crémière pas encore publiée"))
    page.diplomas.add(JobDiploma(level=None, label_fr="CAP", label_en="CAP"))
    page.pay.add(JobPay())
    response = page.make_preview_request()
    response.render()
    assert "Crémière pas encore publiée" in response.content.decode()


def test_an_authorisation_names_the_jobs_that_make_it_a_condition(client, job):
    said = text_of(client.get("/competences/forklift/").content.decode())
    assert "Technicien de culture cellulaire condition impérative" in said


# --- The list
@pytest.fixture
def jobs(site_without_index):
    """« culture » and « purification » of the site enter at level 5; one without diploma, one of which nothing is said."""
    domain = DomainFactory(code="logistics", position=9, label_fr="Logistique", label_en="Supply chain")
    skill = SkillFactory(code="stock", domain=domain)
    for code, level in (("cariste", 2), ("mystere", None)):
        pages = make_job(code, f"Métier {code}", f"Job {code}", [skill])
        JobDiploma.objects.filter(page__in=pages.values()).delete()
        for page in pages.values() if level else ():
            JobDiploma.objects.create(page=page, level=level, label_fr="-", label_en="-")
    return domain


def shown(client, address: str) -> set[str]:
    response = client.get(address)
    assert response.status_code == 200
    return set(re.findall(r'<h3><a href="/metiers/([a-z-]+)/">', response.content.decode()))


@pytest.mark.parametrize(
    ("address", "codes"),
    [
        ("/metiers/", {"culture", "purification", "cariste", "mystere"}),
        ("/metiers/?famille=&niveau=", {"culture", "purification", "cariste", "mystere"}),
        ("/metiers/?famille=upstream", {"culture", "purification"}),
        ("/metiers/?niveau=2", {"cariste"}),
        ("/metiers/?niveau=4", {"cariste"}),
        ("/metiers/?niveau=8", {"culture", "purification", "cariste"}),
        ("/metiers/?famille=logistics&niveau=5", {"cariste"}),
        ("/metiers/?famille=upstream&niveau=3", set()),
    ],
)
def test_the_list_is_narrowed_by_family_and_by_diploma(client, jobs, address, codes):
    assert shown(client, address) == codes


def test_a_narrowed_list_says_what_it_is_and_how_to_leave_it(client, jobs):
    html = client.get("/metiers/?famille=logistics&niveau=4").content.decode()
    assert "1 métier sur 4" in text_of(html)
    assert '<a href="/metiers/">Voir tous les métiers</a>' in html
    assert '<option value="logistics" selected>' in html
    assert '<option value="4" selected>bac</option>' in html
    assert "Pas encore de fiche métier" not in html
    assert '<meta name="robots" content="noindex, follow">' in html
    empty = client.get("/metiers/?famille=upstream&niveau=3").content.decode()
    assert "Aucun métier décrit ici ne correspond à ce choix." in empty
    whole = client.get("/metiers/").content.decode()
    assert "métiers sur" not in whole
    assert "noindex" not in whole
    assert "Niveau d’entrée : sans diplôme" in text_of(whole)


def test_only_families_that_have_jobs_are_offered(client, jobs):
    html = client.get("/metiers/").content.decode()
    assert Domain.objects.filter(code="cell-banking").exists()
    assert set(re.findall(r'<option value="([a-z-]+)"', html)) == {"upstream", "logistics"}


def test_more_jobs_cost_no_more_queries(client, jobs):
    counts = []
    for number in range(2):
        client.get("/metiers/?niveau=4")
        with CaptureQueriesContext(connection) as queries:
            client.get("/metiers/?niveau=4")
        counts.append(len(queries))
        for more in range(4):
            make_job(f"more-{number}-{more}", "Métier", "Job", list(Skill.objects.all()[:2]))
    assert counts[0] == counts[1]
