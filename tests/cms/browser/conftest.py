"""A real Chromium before the real site.

One rule: on CI a missing Chromium fails the test; on a laptop it skips, with the command that installs it.
"""

import os
import shutil
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from playwright.sync_api import sync_playwright
from wagtail.models import Collection, Locale, Page, Site

from tests.cms.factories import make_public_site, rebuild_index

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
INSTALL = "Chromium manque : apt-get install -y chromium (Debian), ou donnez son chemin dans CHROMIUM."
SIZES = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 375, "height": 800}}
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture(scope="session")
def chromium():
    executable = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if executable is None:
        if os.environ.get("CI"):
            pytest.fail(INSTALL)
        pytest.skip(INSTALL)
    with sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread; Django would refuse its ordinary queries there.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def live_site(transactional_db, live_server, own_index_folder):
    """The public site on a live server, with what an earlier test's flush took away written again."""
    restore_what_migrations_wrote()
    site = make_public_site()
    rebuild_index()
    yield live_server.url, site
    restore_what_migrations_wrote()


def restore_what_migrations_wrote() -> None:
    ContentType.objects.clear_cache()
    locale, _ = Locale.objects.get_or_create(language_code="fr")
    root = Page.objects.filter(depth=1).first() or Page.add_root(title="Root", slug="root", locale=locale)
    if not Site.objects.exists():
        Site.objects.create(hostname="localhost", root_page=root, is_default_site=True)
    if not Collection.objects.exists():
        Collection.add_root(name="Root")
    admin, _ = ContentType.objects.get_or_create(app_label="wagtailadmin", model="admin")
    Permission.objects.get_or_create(
        content_type=admin, codename="access_admin", defaults={"name": "Can access Wagtail admin"}
    )


@pytest.fixture
def open_page(chromium, live_site):
    """Open a page of the site at a size; `page.complaints` keeps what the browser's console says is wrong."""
    contexts = []

    def opened(address: str = "/", size: str = "desktop", javascript: bool = True):
        context = chromium.new_context(viewport=SIZES[size], java_script_enabled=javascript, locale="fr-FR")
        contexts.append(context)
        page = context.new_page()
        page.complaints = []
        page.on(
            "console",
            lambda message: page.complaints.append(message.text) if message.type == "error" else None,
        )
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(live_site[0] + address)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def violations():
    """What axe finds against WCAG 2.2 AA, one line each."""

    def found(page) -> list[str]:
        results = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}}).response["violations"]
        return [f"{one['id']} : {node['html'][:200]}" for one in results for node in one["nodes"]]

    return found


@pytest.fixture
def screenshot():
    """Keep a picture of the whole page in the folder named by SCREENSHOTS; without it, do nothing."""

    def taken(page, name: str) -> None:
        if folder := os.environ.get("SCREENSHOTS"):
            page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)

    return taken
