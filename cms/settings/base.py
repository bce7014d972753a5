"""Production-safe settings; `dev` and `test` loosen them, `production` adds the transport rules.

The environment is read here and nowhere else. Every setting of ours has a line saying what it is.
"""

from pathlib import Path

import environ
from csp.constants import NONE, SELF

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = environ.Env()

# Everything that the running site writes: database, search index, uploads.
STATE_DIR = Path(env("BIOFILIERE_STATE_DIR", default=str(BASE_DIR / "var"))).resolve()
STATE_DIR.mkdir(parents=True, exist_ok=True)

DEBUG = False
SECRET_KEY = env("SECRET_KEY", default="")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "cms",
    "matching",
    "search",
    "training",
    "jobs",
    "people",
    "skills",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.locales",
    "wagtail.contrib.simple_translation",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "axes",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "cms.middleware.AdminContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "cms.urls"
WSGI_APPLICATION = "cms.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cms.context_processors.site",
            ],
        },
    },
]

# --- Database: SQLite with WAL unless DATABASE_URL names a PostgreSQL server.
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{STATE_DIR / 'biofiliere.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    # A server that does not answer is told within seconds, on the health page above all.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Accounts
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "wagtailadmin_login"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_VERBOSE = False

# --- Languages: French first, English switch
LANGUAGE_CODE = "fr"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("fr", "Français"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "cms" / "locale"]
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True
WAGTAIL_I18N_ENABLED = True
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES

# --- Files
STATIC_URL = "/static/"
STATIC_ROOT = env("STATIC_ROOT", default=str(STATE_DIR / "static"))
MEDIA_URL = "/media/"
MEDIA_ROOT = env("MEDIA_ROOT", default=str(STATE_DIR / "media"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

# --- Caches: what is quickly made again stays in the process; downloads of the whole referential are shared by all of them.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "exports": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": STATE_DIR / "exports",
        "TIMEOUT": 30 * 24 * 3600,
        "OPTIONS": {"MAX_ENTRIES": 16},  # four formats of a few editions, some megabytes each
    },
}

# --- Background work: rows in the database, drained by `manage.py db_worker`.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "search"]}}

# --- Security
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"  # Wagtail's preview shows pages in a frame of the same site
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_SECURE = True
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "script-src": [SELF],
        "style-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    }
}

# --- Wagtail
WAGTAIL_SITE_NAME = "Biofilière"
WAGTAILADMIN_BASE_URL = env("SITE_URL", default="http://localhost:8000")
WAGTAIL_GRAVATAR_PROVIDER_URL = None  # no call to another site
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAIL_DATE_FORMAT = "%d/%m/%Y"
WAGTAIL_DATETIME_FORMAT = "%d/%m/%Y %H:%M"
WAGTAIL_WORKFLOW_CANCEL_ON_PUBLISH = True
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "odt", "pdf", "txt", "xml"]
EMAIL_BACKEND = env("EMAIL_BACKEND", default="django.core.mail.backends.smtp.EmailBackend")
EMAIL_TIMEOUT = 20  # seconds; without it, a silent mail server holds the worker for ever
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Biofilière <ne-pas-repondre@localhost>")

# --- Search
SEARCH_ENGINE = env("SEARCH_ENGINE", default="embedded")
# Servers of the engine « elasticsearch », separated by commas; who asks; what every index and alias name begins with.
ELASTICSEARCH_URL = env.list("ELASTICSEARCH_URL", default=[])
ELASTICSEARCH_API_KEY = env("ELASTICSEARCH_API_KEY", default="")
ELASTICSEARCH_USERNAME = env("ELASTICSEARCH_USERNAME", default="")
ELASTICSEARCH_PASSWORD = env("ELASTICSEARCH_PASSWORD", default="")
ELASTICSEARCH_CA_CERTS = env("ELASTICSEARCH_CA_CERTS", default="")
ELASTICSEARCH_INDEX_PREFIX = env("ELASTICSEARCH_INDEX_PREFIX", default="biofiliere")
# Copies of each index on other nodes: 1 lets a cluster lose a node.
ELASTICSEARCH_REPLICAS = env.int("ELASTICSEARCH_REPLICAS", default=0)
# Seconds that each of the three steps of a search (which index, what is found, what is shown) may take before the site answers
# without Elasticsearch; seconds that one write may take.
ELASTICSEARCH_SEARCH_SECONDS = env.float("ELASTICSEARCH_SEARCH_SECONDS", default=0.6)
ELASTICSEARCH_WRITE_SECONDS = env.float("ELASTICSEARCH_WRITE_SECONDS", default=60)
# Seconds during which a configured engine that failed is not asked again by a process; the standby index answers meanwhile.
SEARCH_ENGINE_PAUSE_SECONDS = env.float("SEARCH_ENGINE_PAUSE_SECONDS", default=5)
# Folder of the embedded engine's generations.
SEARCH_INDEX_DIR = Path(env("SEARCH_INDEX_DIR", default=str(STATE_DIR / "search")))
# Semantic neighbours kept for a query, at most (see the result set rule in docs/architecture.md).
SEARCH_SEMANTIC_LIMIT = 100
# Probability of a true match that the nearest object must have for meaning to answer at all, then that of the neighbours shown
# after it; the cosine that stands for the first, with a model whose folder holds no calibration.
SEARCH_SEMANTIC_PROBABILITY = env.float("SEARCH_SEMANTIC_PROBABILITY", default=0.1)
SEARCH_NEIGHBOUR_PROBABILITY = env.float("SEARCH_NEIGHBOUR_PROBABILITY", default=0.02)
SEARCH_SEMANTIC_FLOOR = env.float("SEARCH_SEMANTIC_FLOOR", default=0.90)
# Folder (or name) of a SentenceTransformer; empty: lexical search only, and the site says so.
EMBEDDING_MODEL = env("EMBEDDING_MODEL", default=str(BASE_DIR / "search" / "model"))
# Text put before every query and passage: "query: " for E5 models, nothing for ours.
EMBEDDING_PREFIX = env("EMBEDDING_PREFIX", default="")

# --- Sources
# Folder of open data (ESCO, ROME, RNCP, ONISEP, LHEO samples); empty: commands ask for a path.
OPEN_DATA_DIR = env("OPEN_DATA_DIR", default="")
# Largest size, once unpacked, of an archive of the RNCP that `import_rncp_export` takes.
RNCP_EXPORT_MAX_BYTES = env.int("RNCP_EXPORT_MAX_BYTES", default=2_000_000_000)
# The referential as files, with its scheme and changelog; ships with the product.
REFERENTIAL_DIR = BASE_DIR / "skills" / "referential"
# French communes with coordinates; ships with the product.
PLACES_FILE = BASE_DIR / "skills" / "places" / "communes.csv.gz"
# Longest free text read by the match page and `extract`, in characters.
MATCH_TEXT_LIMIT = 50_000
# A CV given as a file: its size, the pages of it that are read, and how long that may take (docs/formats/cv.md).
MATCH_FILE_MAX_BYTES = env.int("MATCH_FILE_MAX_BYTES", default=5_000_000)
MATCH_FILE_MAX_PAGES = env.int("MATCH_FILE_MAX_PAGES", default=30)
MATCH_FILE_SECONDS = env.float("MATCH_FILE_SECONDS", default=15.0)

# --- Feeds of trainings (docs/feeds.md)
# Files being fetched, and the content held until its removals are accepted.
FEED_STATE_DIR = Path(env("FEED_STATE_DIR", default=str(STATE_DIR / "feeds")))
# Folder below which feeds may read deposited files; empty: none may.
FEED_FOLDERS_ROOT = env("FEED_FOLDERS_ROOT", default="")
# A deposited file changed less than this many seconds ago may still be arriving.
FEED_FOLDER_SETTLE_SECONDS = env.int("FEED_FOLDER_SETTLE_SECONDS", default=30)
# Largest feed, as it travels and once unpacked.
FEED_MAX_BYTES = env.int("FEED_MAX_BYTES", default=50_000_000)
# Longest time to fetch one feed, redirects included.
FEED_TIMEOUT_SECONDS = env.float("FEED_TIMEOUT_SECONDS", default=60.0)
# A run that has not ended after this many seconds was killed: the next one takes over.
FEED_TAKEOVER_SECONDS = env.int("FEED_TAKEOVER_SECONDS", default=3_600)
# Never from the environment: a feed could then read what listens on the server itself. Tests alone set it.
FEED_ALLOW_LOOPBACK = False

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="WARNING")},
}
