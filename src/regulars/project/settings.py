"""Settings of the one Django project. Everything an operator may choose comes from `REGULARS_…` (docs/operating)."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.utils.csp import CSP

from regulars.kernel import metrics
from regulars.kernel.addresses import postgres
from regulars.project.environment import Environment

ENVIRONMENT = Environment.read()
HOME = ENVIRONMENT.home
PACKAGE = Path(__file__).resolve().parent.parent

DEBUG = False
SECRET_KEY, *SECRET_KEY_FALLBACKS = ENVIRONMENT.secret_keys()
ALLOWED_HOSTS = [host for host in (ENVIRONMENT.host, "localhost", "127.0.0.1", "[::1]") if host]
ROOT_URLCONF = "regulars.project.urls"
WSGI_APPLICATION = "regulars.project.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.messages",
    "django.forms",
    "regulars.kernel",
    # the rooms, lowest floor first, so that each finds what it stands on
    "regulars.areas.journal",
    "regulars.areas.house",
    "regulars.areas.access",
    "regulars.areas.customers",
    "regulars.areas.consent",
    "regulars.areas.trade",
    "regulars.areas.segments",
    "regulars.areas.dossier",
    "regulars.areas.matching",
    *(["regulars.areas.intake"] if find_spec("regulars.areas.intake.apps") else []),
    "regulars.areas.safekeeping",
    "regulars.areas.health",
    "regulars.interfaces.web",
    "regulars.interfaces.api",
]
MIDDLEWARE = [
    *(["regulars.kernel.metrics.Measured"] if metrics.token() else []),
    "regulars.interfaces.web.middleware.TrustedProxies",
    "regulars.interfaces.web.middleware.Squeezed",
    "django.middleware.security.SecurityMiddleware",
    "regulars.interfaces.web.middleware.BrowserRules",
    "regulars.interfaces.web.middleware.HostCookies",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "regulars.kernel.http.OneVocabulary",
    "regulars.areas.access.door.middleware.Door",
    "django.contrib.messages.middleware.MessageMiddleware",
    "regulars.kernel.http.Refusals",
    "regulars.kernel.http.KnownMethods",
    "regulars.kernel.http.OnlyText",
    "regulars.kernel.http.OwnPagesOnly",
    "django.middleware.csrf.CsrfViewMiddleware",
]
# Users and sessions are the access room's own (docs/decisions/0030-users-and-sessions-of-our-own.md).
LOGIN_URL = "sign_in"

_LOADERS = [f"django.template.loaders.{each}.Loader" for each in ("filesystem", "app_directories")]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "interfaces/web/templates"],
        "OPTIONS": {
            "loaders": [("regulars.interfaces.web.still.Loader", _LOADERS)],
            "builtins": ["django.templatetags.i18n", "regulars.interfaces.web.templatetags.frame"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.messages.context_processors.messages",
                "regulars.interfaces.web.frame.context",
            ],
        },
    }
]


FORM_RENDERER = "django.forms.renderers.TemplatesSetting"


def _database() -> dict[str, Any]:
    """PostgreSQL where an address is given, else the encrypted file; its engine fetches the key itself."""
    if ENVIRONMENT.database_url:
        engine = "regulars.kernel.databases.postgres"
        lasting = {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}
        return {"ENGINE": engine, **lasting, **postgres(ENVIRONMENT.database_url)}
    file = {"NAME": HOME / "regulars.db", "TEST": {"NAME": HOME / "test.db"}}
    return {"ENGINE": "regulars.kernel.databases.sqlcipher", "CONN_MAX_AGE": None, **file}


DATABASES = {"default": _database()}
TASKS = {"default": {"BACKEND": "regulars.kernel.jobs.backend.Backend"}}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("da", "Dansk"), ("af", "Afrikaans"), ("hi", "हिन्दी")]
LOCALE_PATHS = [PACKAGE / "locale"]
FORMAT_MODULE_PATH = ["regulars.project.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "object-src": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

SECURE_SSL_REDIRECT = ENVIRONMENT.https
SECURE_REDIRECT_EXEMPT = [
    r"^api/v1/"
]  # a program is refused there, so that it does not go on sending its token in plain
SECURE_HSTS_SECONDS = 2 * 365 * 86_400 if ENVIRONMENT.https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = ENVIRONMENT.https
SECURE_HSTS_PRELOAD = ENVIRONMENT.https
SESSION_COOKIE_SECURE = ENVIRONMENT.https
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = ENVIRONMENT.https
CSRF_COOKIE_NAME = "__Host-csrf" if ENVIRONMENT.https else "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "regulars.interfaces.web.errors.forged"
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_SECURE = ENVIRONMENT.https
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "regulars.areas.access.door.notices.SessionNotices"

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "regulars.kernel.logs.Plain",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "filters": {"routes": {"()": "regulars.kernel.logs.WithoutAddresses"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["routes"]}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "regulars": {"handlers": [], "level": "INFO", "propagate": True},
    },
}
