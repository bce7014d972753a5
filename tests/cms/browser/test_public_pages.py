"""Every public page in a real browser: accessible, within the screen, clean under the strict policy."""

import re

import pytest

from skills.models import Skill, SkillMapping
from tests.cms.test_pages import PAGES
from tests.matching.origins.factories import make_rome_job, make_rome_title

pytestmark = pytest.mark.browser

TEXT = "J'ai fait la conduite de bioréacteur pendant six ans. Je n'ai jamais appliqué les BPF."


def overflow(page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_every_page_is_accessible_and_clean(open_page, violations, screenshot, size):
    page = open_page("/", size)
    origin = page.url.rstrip("/")
    for name, addresses in PAGES.items():
        for address in addresses if size == "desktop" else addresses[:1]:
            page.goto(origin + address)
            assert violations(page) == [], address
            assert overflow(page) <= 0, address
            assert page.complaints == [], address
            screenshot(page, f"{name}-{page.locator('html').get_attribute('lang')}-{size}")
            page.complaints.clear()  # the picture hides the caret with a style that the policy refuses


def test_axe_does_find_what_is_wrong(open_page, violations):
    page = open_page("/formations/")
    page.evaluate("document.querySelector('label[for=q]').remove()")
    page.evaluate("document.documentElement.removeAttribute('lang')")
    found = " ".join(violations(page))
    assert "html-has-lang" in found


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_my_skills_answer_is_accessible(open_page, violations, screenshot, size):
    page = open_page("/mes-competences/", size)
    page.get_by_label("Votre parcours, avec vos mots").fill(TEXT)
    page.get_by_role("button", name="Trouver mes compétences et des métiers").click()
    page.get_by_role("heading", name="Métiers proches de vos compétences").wait_for()
    assert page.get_by_text("Acquise", exact=True).first.is_visible()
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert violations(page) == []
    assert overflow(page) <= 0
    assert page.complaints == []
    assert "six" not in page.url
    screenshot(page, f"my-skills-answer-{size}")


@pytest.fixture
def titles(live_site):
    """Two titles that start alike; both bring one skill and leave another to be checked."""
    for code, ogr_code, match in [("bioreactor-operation", "1001", "close"), ("sampling", "1002", "broad")]:
        SkillMapping.objects.create(
            skill=Skill.objects.get(code=code), scheme="rome", code=ogr_code, match=match
        )
    job = make_rome_job("H2303", "Opérateur / Opératrice", ("1001", "Principale"), ("1002", "Principale"))
    make_rome_title("1", "Opérateur / Opératrice de fabrication en industrie pharmaceutique", job)
    make_rome_title("2", "Opérateur / Opératrice de fabrication en industrie cosmétique", job)


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_title_is_found_chosen_and_carried_without_javascript(
    open_page, titles, violations, screenshot, size
):
    page = open_page("/equivalences/", size)
    page.get_by_label("Métier exercé ou diplôme obtenu").fill("opératrice de fabrication")
    page.locator("main").get_by_role("button", name="Chercher").click()
    page.get_by_role("heading", name="Lequel voulez-vous dire ?").wait_for()
    assert violations(page) == []
    page.get_by_role("link", name=re.compile("pharmaceutique")).click()
    page.wait_for_url(re.compile("choix="))
    page.wait_for_load_state()
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert page.get_by_text("(Fiche ROME H2303)").first.is_visible()
    assert violations(page) == []
    assert overflow(page) <= 0
    screenshot(page, f"equivalence-{size}")
    carried = open_page(page.url.replace(page.url.split("/equivalences")[0], ""), size, javascript=False)
    carried.get_by_role("link", name="Trouver des métiers avec ces compétences").click()
    carried.get_by_role("button", name="Trouver mes compétences et des métiers").click()
    carried.get_by_role("heading", name=re.compile("Ce qu’apporte")).wait_for()


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_ambiguous_title_is_asked_and_kept(open_page, titles, violations, screenshot, size):
    page = open_page("/mes-competences/", size)
    page.get_by_label("Votre parcours, avec vos mots").fill(TEXT)
    page.get_by_label("Métier exercé ou diplôme obtenu").fill("opératrice de fabrication")
    page.get_by_role("button", name="Trouver mes compétences et des métiers").click()
    page.get_by_role("group", name="Lequel voulez-vous dire ?").wait_for()
    assert page.get_by_label("Votre parcours, avec vos mots").input_value() == TEXT
    assert violations(page) == []
    assert overflow(page) <= 0
    screenshot(page, f"my-skills-choice-{size}")
    page.get_by_label(re.compile("cosmétique")).check()
    page.get_by_role("button", name="Trouver mes compétences et des métiers").click()
    page.get_by_role("heading", name=re.compile("Ce qu’apporte .*cosmétique")).wait_for()
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert violations(page) == []
    assert overflow(page) <= 0
    assert page.complaints == []


def test_error_pages_are_accessible(open_page, violations):
    for address in ("/nulle-part/", "/formations/?region=lune"):
        page = open_page(address)
        assert violations(page) == [], address


def test_filters_update_the_results_and_announce_them(open_page):
    page = open_page("/formations/")
    assert page.locator("#annonce").inner_text() == "1 formation trouvée"
    page.get_by_label("Formation continue").check()
    page.get_by_role("link", name="Effacer les filtres").wait_for()
    assert "type=continuing" in page.url
    page.get_by_label("Que voulez-vous apprendre ?").fill("soudure")
    page.locator("main").get_by_role("button", name="Chercher").click()
    page.get_by_text("Rien d’assez proche de « soudure ».").wait_for()
    assert page.locator("#annonce").inner_text() == "0 formation trouvée"
    assert "q=soudure" in page.url
    assert page.complaints == []


def test_searching_and_matching_need_no_javascript(open_page):
    page = open_page("/formations/", javascript=False)
    page.get_by_label("Que voulez-vous apprendre ?").fill("bioréacteur")
    page.locator("main").get_by_role("button", name="Chercher").click()
    assert "q=bior" in page.url
    page.get_by_role("link", name=re.compile("Conduire un bioréacteur")).click()
    assert page.get_by_role("heading", level=1).inner_text() == "Conduire un bioréacteur bioreacteur-1"
    page.get_by_role("link", name="Mes compétences").click()
    page.get_by_label("Votre parcours, avec vos mots").fill(TEXT)
    page.get_by_role("button", name="Trouver mes compétences et des métiers").click()
    assert page.get_by_role("heading", name="Métiers proches de vos compétences").is_visible()


def test_language_switch_leads_to_the_same_page(open_page):
    page = open_page("/metiers/culture/")
    page.get_by_role("link", name="English").click()
    assert page.url.endswith("/en/jobs/culture/")
    page.get_by_role("link", name="Training", exact=True).click()
    page.get_by_role("link", name="Français").click()
    assert page.url.endswith("/formations/")


def test_skip_link_comes_first_and_leads_to_the_content(open_page):
    page = open_page("/formations/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "contenu"
