"""States of certifications in a real browser: public cards and page, the admin's notice and report."""

import pytest

from cms.admin.groups import setup_groups
from skills.models import DataRelease
from tests.cms.admin_factories import moderator_account
from tests.cms.browser.test_public_pages import overflow
from tests.cms.factories import in_days, make_training, rebuild_index
from training.models import Certification, CertificationSuccession

pytestmark = pytest.mark.browser


@pytest.fixture
def certified(live_site):
    """A training of a certification that ends soon, one of an ended and replaced one, one of its successor."""
    _url, site = live_site
    ends = {"RNCP11": ("Ingénieur en bioproduction et procédés", 10), "RNCP12": ("Technicien", -3)}
    ends |= {"RNCP13": ("Technicien de bioproduction", 900), "RS14": ("Habilitation", None)}
    made = {
        code: Certification.objects.create(
            code=code, title=title, registration_ends_on=None if days is None else in_days(days)
        )
        for code, (title, days) in ends.items()
    }
    release = DataRelease.objects.create(source="rncp-kit", fingerprint="x")
    CertificationSuccession.objects.create(old_code="RNCP12", new_code="RNCP13", release=release)
    for code, certifications in {
        site.training.code: ("RNCP11", "RNCP12", "RS14"),
        "heritiere": ("RNCP13",),
    }.items():
        training = site.training if code == site.training.code else make_training(code, [])
        training.certifications.set([made[one] for one in certifications])
        training.save()
        training.save_revision()
    rebuild_index()
    return site.training


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_states_are_readable_on_cards_and_page(open_page, certified, violations, screenshot, size):
    for name, address in (("list", "/formations/"), ("page", f"/formations/{certified.code}/")):
        page = open_page(address, size)
        assert page.get_by_text("Enregistrement terminé le").first.is_visible()
        assert page.get_by_role("link", name="RNCP13").first.is_visible()
        assert violations(page) == []
        assert overflow(page) <= 0
        assert page.complaints == []
        screenshot(page, f"certifications-{name}-{size}")


def test_the_admin_warns_and_reports(open_page, certified, violations, screenshot):
    setup_groups()
    user = moderator_account()
    page = open_page("/admin/login/")
    page.locator("input[name=username]").fill(user.username)
    page.locator("input[name=password]").fill("secret")
    page.locator("button[type=submit]").click()
    page.wait_for_url("**/admin/")
    origin = page.url.removesuffix("/admin/")
    page.goto(f"{origin}/admin/veille-des-certifications/")
    assert page.get_by_role("link", name=certified.title_fr).first.is_visible()
    screenshot(page, "certifications-report")
    page.goto(f"{origin}/admin/formations/edit/{certified.pk}/")
    notice = page.get_by_role("region", name="Certifications à vérifier")
    assert notice.is_visible()
    assert "remplacée par RNCP13" in notice.inner_text()
    screenshot(page, "certifications-form")
