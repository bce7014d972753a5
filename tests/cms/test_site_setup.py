"""The site tree is made once, in both languages, and left to its editors."""

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from wagtail.models import Locale, Page, Site

from cms.models import ContentPage, HomePage
from cms.site_setup import setup_site
from jobs.models import JobIndexPage
from people.access import EMPLOYERS_GROUP, MODERATORS_GROUP, PROVIDERS_GROUP

pytestmark = pytest.mark.django_db

ADDRESSES = {
    "fr": {"accueil", "metiers", "a-propos", "mentions-legales", "accessibilite"},
    "en": {"home", "jobs", "about", "legal-notice", "accessibility"},
}


def slugs(language):
    pages = Page.objects.live().filter(locale__language_code=language, depth__gt=1)
    return set(pages.values_list("slug", flat=True))


def test_the_tree_stands_in_both_languages():
    setup_site()

    assert set(Locale.objects.values_list("language_code", flat=True)) == {"fr", "en"}
    assert {language: slugs(language) for language in ("fr", "en")} == ADDRESSES
    site = Site.objects.get()
    assert (site.is_default_site, site.site_name, site.root_page.slug) == (True, "Biofilière", "accueil")
    english = Locale.objects.get(language_code="en")
    for model in (HomePage, JobIndexPage, ContentPage):
        for page in model.objects.filter(locale__language_code="fr"):
            assert page.get_translation(english).live
    assert not Page.objects.filter(title__startswith="Welcome to").exists()
    assert Page.find_problems() == ([], [], [], [], [])
    groups = {PROVIDERS_GROUP, EMPLOYERS_GROUP, MODERATORS_GROUP}
    assert groups <= set(Group.objects.values_list("name", flat=True))


def test_the_second_time_nothing_is_created(capsys):
    setup_site()
    pages = set(Page.objects.values_list("pk", "latest_revision_id"))

    call_command("setup_site")

    assert capsys.readouterr().out == "Site prêt : rien à créer.\n"
    assert set(Page.objects.values_list("pk", "latest_revision_id")) == pages


def test_what_editors_wrote_is_left_alone_and_what_is_missing_comes_back():
    setup_site()
    about = ContentPage.objects.get(slug="a-propos")
    about.body = "<p>Nos mots.</p>"
    about.save()
    Site.objects.update(hostname="catalogue.example.org", port=443)
    ContentPage.objects.get(slug="legal-notice").delete()

    assert setup_site() == ["page « Legal notice » (en) créée"]

    assert ContentPage.objects.get(slug="a-propos").body == "<p>Nos mots.</p>"
    assert Site.objects.get().hostname == "catalogue.example.org"


def test_pages_of_another_project_are_not_removed():
    root = Page.get_first_root_node()
    root.add_child(instance=Page(title="Une page à garder", slug="garder"))

    setup_site()

    assert Page.objects.filter(slug="garder").exists()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_sources_licences_and_invented_organisations_are_named(language):
    setup_site()

    text = " ".join(ContentPage.objects.filter(locale__language_code=language).values_list("body", flat=True))

    for name in (
        "ESCO",
        "2011/833",
        "France Travail",
        "ONISEP",
        "France compétences",
        "GeoNames",
        "(démonstration)",
    ):
        assert name in text
