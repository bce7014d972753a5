"""The referential and a skill of it in a real browser: accessible, within the screen, clean under the strict policy."""

import re

import pytest
from django.urls import reverse
from django.utils.translation import override

from skills.models import Skill
from tests.cms.browser.test_public_pages import overflow
from tests.cms.referential_factories import make_referential, write_history
from tests.cms.test_referential_page import CHANGES

pytestmark = pytest.mark.browser


@pytest.fixture
def found(live_site, settings, tmp_path):
    settings.REFERENTIAL_DIR = write_history(tmp_path / "files", CHANGES)
    made = make_referential()
    Skill.objects.filter(code="wider-skill").update(unmapped=["esco", "rome"], kind="authorisation")
    return made


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_its_pages_are_accessible_and_clean(open_page, found, violations, screenshot, size):
    page = open_page("/", size)
    origin = page.url.rstrip("/")
    for language in ("fr", "en"):
        with override(language):
            addresses = {
                "referential": reverse("referential"),
                "filtered": f"{reverse('referential')}?type=behaviour&q=rien",
                "skill": reverse("skill", args=["skill-skill"]),
                "authorisation": reverse("skill", args=["wider-skill"]),
            }
        for name, address in addresses.items():
            page.goto(origin + address)
            page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
            assert violations(page) == [], address
            assert overflow(page) <= 0, address
            assert page.complaints == [], address  # a refused block of data would be told here
            assert page.locator('script[type="application/ld+json"]').count() == 1, address
            screenshot(page, f"{name}-{language}-{size}")
            page.complaints.clear()


def test_the_list_is_filtered_without_javascript(open_page, found):
    page = open_page("/referentiel/", javascript=False)
    page.get_by_label("Mots du libellé").fill("savoir")
    page.get_by_label("Type").select_option("Habilitation")
    page.get_by_role("button", name="Filtrer").click()
    assert re.search(r"q=savoir&.*type=authorisation.*#liste$", page.url)
    found_skills = page.locator(".skill-columns a")
    assert found_skills.all_inner_texts() == ["Savoir wider"]
    found_skills.click()
    assert page.get_by_role("heading", level=1).inner_text() == "Savoir wider"
    page.get_by_role("link", name="Procédés amont").click()
    assert page.url.endswith("/referentiel/#upstream")


def test_a_file_is_downloaded(open_page, found):
    page = open_page("/referentiel/")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    assert download.value.suggested_filename == "referentiel-1.1.0.csv"
