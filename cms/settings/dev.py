"""A laptop: debug pages, no TLS, mail on the console. Never for a public site."""

from cms.settings.base import *  # noqa: F403 - settings modules extend each other by design
from cms.settings.base import STATE_DIR, env

DEBUG = env.bool("DEBUG", default=True)
SECRET_KEY = env("SECRET_KEY", default="development-only-key-never-used-in-production")
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", "testserver"]
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
(STATE_DIR / "static").mkdir(
    exist_ok=True
)  # WhiteNoise warns when it is missing; in development it stays empty
# Accounts with published passwords may only exist here (`manage.py load_demonstration`).
DEMONSTRATION_ACCOUNTS = True
