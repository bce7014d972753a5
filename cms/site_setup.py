"""The site tree: locales, home pages, job lists, plain pages, site address, groups.

One rule: it creates what is missing and changes nothing that is there; editors own the words from then on.
"""

from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils.translation import override
from wagtail.models import Locale, Page, Site

from cms.admin.groups import setup_groups
from cms.models import ContentPage, HomePage
from jobs.models import JobIndexPage

LANGUAGES = ("fr", "en")
SITE_PAGES = Path(__file__).parent / "site_pages"
WELCOME_TITLE = "Welcome to your new Wagtail site!"

HOME = {
    "fr": {
        "title": "Accueil",
        "slug": "accueil",
        "headline": "Compétences, formations et métiers de la bioproduction",
        "introduction": (
            "Décrivez votre expérience avec vos mots : Biofilière y reconnaît vos compétences, montre les "
            "métiers de la fabrication des biomédicaments qui s'en rapprochent et les formations qui "
            "comblent l'écart."
        ),
    },
    "en": {
        "title": "Home",
        "slug": "home",
        "headline": "Skills, training and jobs in bioproduction",
        "introduction": (
            "Describe your experience in your own words: Biofilière recognises your skills, shows the "
            "biomedicine manufacturing jobs that come close and the training that closes the gap."
        ),
    },
}
JOB_INDEX = {
    "fr": {
        "title": "Métiers",
        "slug": "metiers",
        "introduction": "Les métiers de la bioproduction, de la banque cellulaire à la libération des lots.",
    },
    "en": {
        "title": "Jobs",
        "slug": "jobs",
        "introduction": "Bioproduction jobs, from the cell bank to batch release.",
    },
}
# The file of each page's words in `site_pages/<language>/`, then its title and slug.
CONTENT_PAGES = (
    ("about.html", {"fr": ("À propos", "a-propos"), "en": ("About", "about")}),
    (
        "legal-notice.html",
        {"fr": ("Mentions légales", "mentions-legales"), "en": ("Legal notice", "legal-notice")},
    ),
    (
        "accessibility.html",
        {"fr": ("Accessibilité", "accessibilite"), "en": ("Accessibility", "accessibility")},
    ),
)


@transaction.atomic
def setup_site() -> list[str]:
    """Create whatever is missing; what was created, in French, one line each."""
    done: list[str] = []
    locales = {language: _locale(language, done) for language in LANGUAGES}
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    home = _french_home(site, locales["fr"], done)
    site = _site(site, home, done)
    _remove_welcome_page(done)
    homes = {"fr": home, "en": _translated(home, Page.get_first_root_node(), locales["en"], HOME["en"], done)}
    index = JobIndexPage.objects.filter(locale=locales["fr"]).first()
    if index is None:
        index = _publish(homes["fr"], JobIndexPage(locale=locales["fr"], **JOB_INDEX["fr"]), done)
    _translated(index, homes["en"], locales["en"], JOB_INDEX["en"], done)
    _content_pages(homes, locales, done)
    setup_groups()
    return done


def _locale(language: str, done: list[str]) -> Locale:
    locale, created = Locale.objects.get_or_create(language_code=language)
    if created:
        done.append(f"langue « {language} » créée")
    return locale


def _french_home(site: Site | None, locale: Locale, done: list[str]) -> HomePage:
    current = site.root_page.specific if site else None
    if isinstance(current, HomePage):
        return current
    home = HomePage.objects.filter(locale=locale, depth=2).first()
    return home or _publish(Page.get_first_root_node(), HomePage(locale=locale, **HOME["fr"]), done)


def _site(site: Site | None, home: HomePage, done: list[str]) -> Site:
    """Point the default site at our home; give it the address of the settings only when it is set up."""
    if site is not None and site.root_page_id == home.pk:
        return site
    address = urlsplit(settings.WAGTAILADMIN_BASE_URL)
    site = site or Site(is_default_site=True)
    site.root_page = home
    site.site_name = settings.WAGTAIL_SITE_NAME
    site.hostname = address.hostname or "localhost"
    site.port = address.port or (443 if address.scheme == "https" else 80)
    site.save()
    done.append(f"site {site.hostname}:{site.port} → « {home.title} »")
    return site


def _remove_welcome_page(done: list[str]) -> None:
    """Wagtail's own first page, as long as nobody made anything of it."""
    welcome = Page.objects.filter(depth=2, title=WELCOME_TITLE, numchild=0).first()
    if welcome is not None and welcome.specific_class is Page and not welcome.sites_rooted_here.exists():
        welcome.delete()
        done.append("page de bienvenue de Wagtail retirée")


def _translated(source: Page, parent: Page, locale: Locale, words: dict[str, str], done: list[str]) -> Page:
    found = source.get_translation_or_none(locale)
    if found is not None:
        return found
    return _publish(
        parent, type(source)(locale=locale, translation_key=source.translation_key, **words), done
    )


def _content_pages(homes: dict[str, HomePage], locales: dict[str, Locale], done: list[str]) -> None:
    for file_name, names in CONTENT_PAGES:
        words = {
            language: {
                "title": title,
                "slug": slug,
                "body": (SITE_PAGES / language / file_name).read_text("utf-8"),
                "show_in_menus": True,
            }
            for language, (title, slug) in names.items()
        }
        page = ContentPage.objects.child_of(homes["fr"]).filter(slug=words["fr"]["slug"]).first()
        if page is None:
            page = _publish(homes["fr"], ContentPage(locale=locales["fr"], **words["fr"]), done)
        _translated(page, homes["en"], locales["en"], words["en"], done)


def _publish(parent: Page, page: Page, done: list[str]) -> Page:
    page.live = False
    with override(page.locale.language_code):
        parent.add_child(instance=page)
        page.save_revision().publish()
    parent.refresh_from_db()
    page.refresh_from_db()
    done.append(f"page « {page.title} » ({page.locale.language_code}) créée")
    return page
