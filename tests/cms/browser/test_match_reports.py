"""« Signaler une erreur » in a real browser: from an answer to the confirmation, accessible, and without JavaScript."""

import re

import pytest

from matching.models import MatchReport
from tests.cms.browser.test_public_pages import TEXT, overflow

pytestmark = pytest.mark.browser


def answer(page) -> None:
    page.get_by_label("Votre parcours, avec vos mots").fill(TEXT)
    page.get_by_role("button", name="Trouver mes compétences et des métiers").click()
    page.get_by_role("heading", name="Métiers proches de vos compétences").wait_for()


def report_first_skill(page):
    """The answer stays in its own tab."""
    skills = page.get_by_role("region", name="Tableau des compétences")
    with page.expect_popup() as opened:
        skills.get_by_role("link", name=re.compile("Signaler une erreur : Conduire un bioréacteur")).click()
    opened.value.wait_for_load_state()
    return opened.value


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_an_answer_is_contested_and_the_words_taken_back(open_page, violations, screenshot, size):
    page = open_page("/mes-competences/", size)
    answer(page)
    report = report_first_skill(page)
    assert violations(report) == []
    assert overflow(report) <= 0
    screenshot(report, f"match-report-{size}")
    report.get_by_label("Le niveau est faux").check()
    report.get_by_role("button", name="Envoyer le signalement").click()
    report.get_by_role("link", name="Choisissez le niveau qui serait juste.").wait_for()
    assert violations(report) == []
    report.get_by_label("Quel serait le bon niveau ?").select_option("2")
    report.get_by_label("Votre commentaire").fill("Six ans, mais sans formation.")
    report.get_by_label(re.compile("J’accepte que ce commentaire")).check()
    report.get_by_role("button", name="Envoyer le signalement").click()
    report.get_by_role("heading", name="Signalement envoyé. Merci.").wait_for()
    assert violations(report) == []
    assert overflow(report) <= 0
    screenshot(report, f"match-report-sent-{size}")
    assert MatchReport.objects.get().comment == "Six ans, mais sans formation."
    report.get_by_role("button", name="Effacer mon texte").click()
    report.get_by_role("heading", name="Votre texte est effacé").wait_for()
    assert violations(report) == []
    assert not MatchReport.objects.get().has_words
    assert page.get_by_role("heading", name="Métiers proches de vos compétences").is_visible()
    assert page.complaints == []


def test_every_kind_of_report_is_accessible_and_needs_no_javascript(open_page, violations):
    page = open_page("/mes-competences/", "phone", javascript=False)
    answer(page)
    links = page.locator("main a[href*='/signaler/']").evaluate_all("all => all.map(one => one.href)")
    seen = {re.search(r"\?(\w+)=", link)[1]: link for link in links}
    assert {"competence", "ecartee", "metier", "formation", "v"} <= set(seen)
    origin = page.url.split("/mes-competences")[0]
    checked = open_page("/", "phone")
    for link in seen.values():
        checked.goto(link)
        assert violations(checked) == [], link
        assert overflow(checked) <= 0, link
        assert checked.complaints == [], link
    page.goto(seen["metier"])
    page.get_by_label("Ce métier est classé trop bas").check()
    page.get_by_role("button", name="Envoyer le signalement").click()
    assert page.url == f"{origin}/mes-competences/signaler/recu/"
    assert MatchReport.objects.get().job_code == "culture"
