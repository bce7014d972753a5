"""Settings of the benchmarks that need Django: a laptop's, with the trainings in Wagtail's own database search besides."""

from cms.settings.dev import *  # noqa: F403 - settings modules extend each other by design
from cms.settings.dev import DATABASES, INSTALLED_APPS, WAGTAILSEARCH_BACKENDS

DEBUG = False  # DEBUG keeps every SQL query: memory would grow with each search
INSTALLED_APPS = [*INSTALLED_APPS, "benchmarks.wagtail_search"]
if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    WAGTAILSEARCH_BACKENDS["default"]["SEARCH_CONFIG"] = "french"
