"""Settings of the portal: production by default, every secret and address from the environment.

`.env.example` names every variable. Problems become system checks (`portal/checks.py`).
"""

import secrets
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url

from core.editor import EDITOR_CONFIG
from portal.environment import LOOPBACK, Environment

BASE_DIR = Path(__file__).resolve().parent.parent

env = Environment()

DEBUG = env.flag("DEBUG")
SITE_URL = env.site_url("SITE_URL", "http://127.0.0.1:8000" if DEBUG else "")
HTTPS = SITE_URL.startswith("https://")
SITE_HOST = urlsplit(SITE_URL).hostname or ""
IS_LOCAL = SITE_HOST in LOOPBACK
if not HTTPS and not IS_LOCAL:
    env.report("E004", f"SITE_URL={SITE_URL} is not encrypted.", "Set SITE_URL to https://…")

SECRET_KEY = env.text("SECRET_KEY")
if len(SECRET_KEY) < 50:
    env.report(
        "E005",
        "SECRET_KEY is missing or shorter than 50 characters.",
        "python -c 'import secrets; print(secrets.token_urlsafe(50))' makes one.",
    )
    SECRET_KEY = secrets.token_urlsafe(50)

ALLOWED_HOSTS = [SITE_HOST, *env.words("ALLOWED_HOSTS"), *(LOOPBACK if IS_LOCAL else ())]
CSRF_TRUSTED_ORIGINS = [SITE_URL]

VAR_DIR = env.path("VAR_DIR", BASE_DIR / "var")
MEDIA_ROOT = env.path("MEDIA_ROOT", VAR_DIR / "media")
STATIC_ROOT = env.path("STATIC_ROOT", VAR_DIR / "static")
# Files of documents: outside MEDIA_ROOT, since each download asks for a right first.
DOCUMENTS_ROOT = env.path("DOCUMENTS_ROOT", VAR_DIR / "documents")
SPOOL_ROOT = env.path("SPOOL_ROOT", VAR_DIR / "spool")

INSTALLED_APPS = [
    # Before portal, which takes their tables out of the newsroom again.
    "stats.apps.HitCountConfig",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
    "portal",
    "news",
    "documents",
    "stats.apps.StatsConfig",
    "core",
    "portal.admin_site.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.forms",
    "core.staticfiles.PortalStaticFilesConfig",
    "ckeditor",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.middleware.TextGZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "portal.middleware.StaffCookieMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "portal.middleware.SiteMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
CSRF_FAILURE_VIEW = "portal.errors.csrf_failure"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["core.templatetags.portal"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context.site",
            ],
        },
    }
]

# Widgets of ours have templates in templates/, beside Django's own.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASE_URL = env.text("DATABASE_URL")
# Of libpq: a server that the network has swallowed is given up after half a minute, not after
# hours. `?connect_timeout=…` and the like in DATABASE_URL go before.
REACHED_WITHIN = {
    "connect_timeout": 5,  # seconds, as what follows
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,  # milliseconds
}
try:
    DATABASES = {
        "default": dj_database_url.parse(DATABASE_URL, conn_max_age=600, conn_health_checks=True)
    }
    DATABASES["default"]["OPTIONS"] = REACHED_WITHIN | DATABASES["default"].get("OPTIONS", {})
except (ValueError, KeyError) as error:
    DATABASES = {}
    env.report("E006", f"DATABASE_URL cannot be read: {error}", "postgres://user:password@host/db")
if DATABASES.get("default", {}).get("ENGINE") == "django.db.backends.postgresql":
    DATABASES["default"]["ENGINE"] = "core.postgresql"
else:
    env.report(
        "E007",
        "DATABASE_URL does not name a PostgreSQL database.",
        "Set DATABASE_URL=postgres://user:password@host/database; manage.py and bin/run start "
        "an embedded server when it is unset.",
    )

# What pages share, kept by each process until the public can see something else.
CACHES = {"default": {"BACKEND": "core.version_cache.VersionCache"}}

# Rules of NIST SP 800-63B-4, 3.1.1.2: long, not well known, and nothing else asked for.
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "portal.passwords.LengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "portal.passwords.FamiliarWordsValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
PASSWORD_HASHERS = ["portal.passwords.PasswordHasher"]

LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "documents:index"
LOGOUT_REDIRECT_URL = "login"
SESSION_ENGINE = "portal.sessions"
# At most a day, whatever the browser does (NIST SP 800-63B-4, 2.2.3).
SESSION_COOKIE_AGE = 24 * 3600

# Authenticator apps show it beside the code. portal/guessing.py limits guesses: the library's wait
# grows without bound, and whoever knows a password could keep its owner out for ever.
OTP_TOTP_ISSUER = SITE_HOST
OTP_TOTP_THROTTLE_FACTOR = 0
OTP_STATIC_THROTTLE_FACTOR = 0

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt")]
FORMAT_MODULE_PATH = ["portal.formats"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MIGRATION_MODULES = {"hitcount": "stats.hitcount_migrations"}

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "core.staticfiles.BundledManifestStorage"},
}
# WhiteNoise serves from STATICFILES_DIRS without collectstatic while developing.
WHITENOISE_USE_FINDERS = DEBUG
# Photos and pasted pictures arrive through these limits; core/uploads.py judges each file.
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o644

# One switch, the scheme of SITE_URL, decides about encryption (portal.E004 keeps http local).
SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
# Marks browsers of the newsroom, whose hits are not counted; nginx knows it too (deploy/).
STAFF_COOKIE_NAME = "newsroom"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
X_FRAME_OPTIONS = "DENY"
# A client could claim https under this name: the proxy must set or remove the header itself.
BEHIND_PROXY = env.flag("BEHIND_PROXY")
# The internal location of nginx that serves DOCUMENTS_ROOT; empty: the portal streams files itself.
# No header says so: whoever reaches the portal past nginx could forge one.
ACCEL_REDIRECT = env.location("ACCEL_REDIRECT", behind_proxy=BEHIND_PROXY)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
# Without them every reader behind the proxy would be one visitor.
TRUSTED_PROXIES = env.networks("TRUSTED_PROXIES", "127.0.0.1,::1" if BEHIND_PROXY else "")

# Whose public totals stand in django-hitcount's table, by the kinds of stats.models.Kind.
COUNTED_MODELS = {"b": "news.article", "v": "documents.document", "d": "portal.download"}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        # Which addresses browsers may fetch ahead, no JavaScript (static/js/page.js).
        "script-src": ["'self'", "'inline-speculation-rules'"],
        "img-src": ["'self'", "data:"],  # the icon of templates/partials/meta.html
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

# Without a server, no notice is written at all (portal/notices.py).
MAIL = env.mail_server("EMAIL_URL")
EMAIL_HOST, EMAIL_PORT = MAIL.host, MAIL.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL.user, MAIL.password
EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL.starttls, MAIL.tls
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", f"toa-soan@{SITE_HOST}")

CKEDITOR_CONFIGS = {"default": EDITOR_CONFIG}
# W001 says that CKEditor 4 has no more releases: docs/adr/0001 answers it.
SILENCED_SYSTEM_CHECKS = ["ckeditor.W001"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}

ENVIRONMENT_PROBLEMS = tuple(env.problems)
