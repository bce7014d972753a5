"""Tests: own state folder, tasks run at once, no model, no outside address."""

import tempfile
from pathlib import Path

from cms.settings.base import *  # noqa: F403 - settings modules extend each other by design
from cms.settings.base import BASE_DIR, DATABASES, env

SECRET_KEY = "tests-only"
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CACHES = {
    name: {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": name}
    for name in ("default", "exports")
}
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend", "QUEUES": []}}
AXES_ENABLED = False
WHITENOISE_AUTOREFRESH = True  # static files straight from the apps, none collected
EMBEDDING_MODEL = ""
# The model that tests marked `model` load; they alone read it.
TEST_EMBEDDING_MODEL = env("EMBEDDING_MODEL", default=str(BASE_DIR / "search" / "model"))
SEARCH_INDEX_DIR = Path(tempfile.mkdtemp(prefix="biofiliere-test-index-"))
STATIC_ROOT = tempfile.mkdtemp(prefix="biofiliere-test-static-")  # exists, empty: WhiteNoise warns otherwise
DEMONSTRATION_ACCOUNTS = True
FEED_STATE_DIR = Path(tempfile.mkdtemp(prefix="biofiliere-test-feeds-"))
FEED_ALLOW_LOOPBACK = True  # the feeds of tests come from a server of their own

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, so that threads (live server, browser tests) share the database.
    DATABASES["default"]["TEST"] = {
        "NAME": str(Path(tempfile.mkdtemp(prefix="biofiliere-test-db-")) / "test.sqlite3")
    }
else:
    # A lock that a test forgot, or two threads that wait for each other, fail instead of waiting for ever.
    DATABASES["default"].setdefault("OPTIONS", {})["options"] = (
        "-c lock_timeout=60s -c idle_in_transaction_session_timeout=240s"
    )
ELASTICSEARCH_SEARCH_SECONDS = 30  # a loaded test machine is slow; tests of the deadline set their own
