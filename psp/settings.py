"""Settings, read from the environment; a missing or bad value fails loudly at start.

The embedded PostgreSQL and Redis (`psp/stack`) put DATABASE_URL, DATABASE_OWNER_URL, REDIS_URL and the two keys
into the environment before this module is read; a production cluster sets them itself.
"""

import os
from pathlib import Path

import environ
import pgtrigger
from celery.schedules import crontab
from django.conf import locale
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env("PSP_DATA_DIR", default=str(BASE_DIR / ".psp")))
DEMO = env.bool("PSP_DEMO", default=False)
PRODUCTION = env.bool("PSP_PRODUCTION", default=False)
DEBUG = env.bool("PSP_DEBUG", default=False)

if PRODUCTION and DEMO:
    raise ImproperlyConfigured(
        "PSP_PRODUCTION and PSP_DEMO are both set. A demo lets everybody in with a button; unset one of them."
    )
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured(
        "PSP_PRODUCTION and PSP_DEBUG are both set. An error page would show records and settings; unset one of them."
    )


def _key(name: str) -> str:
    """A key from the environment; the stack put one there if the database is its own (psp/stack)."""
    if value := os.environ.get(name, "").strip():
        return value
    raise ImproperlyConfigured(f"{name} is not set. Make a key as .env.example says, and keep it for good.")


SECRET_KEY = _key("PSP_SECRET_KEY")
# Fernet keys that seal second-factor secrets at rest, newest first.
FIELD_KEYS = [key.strip() for key in _key("PSP_FIELD_KEYS").split(",")]
ALLOWED_HOSTS = env.list("PSP_ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("PSP_TRUSTED_ORIGINS", default=[])
# Where people reach the product; links in mails begin with it.
ADDRESS = env(
    "PSP_ADDRESS",
    default=f"https://{ALLOWED_HOSTS[0]}"
    if PRODUCTION
    else f"http://localhost:{env.int('PSP_PORT', default=8000)}",
)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "pgtrigger",
    "pghistory",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "template_partials",
    "rest_framework",
    "csp",
    "audit",
    "accounts",
    "counties",
    "families",
    "partners",
    "referrals",
    "matching",
    "activities",
    "advisory",
    "outreach",
    "reporting",
    "exchange",
    "psp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "psp.middleware.permissions_policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "accounts.middleware.session_limits",
    "accounts.middleware.second_factor",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "counties.middleware.site_access",
    "psp.views_errors.only_by_button",  # innermost: its page asks for rows of the site
]

ROOT_URLCONF = "psp.urls"
WSGI_APPLICATION = "psp.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "psp.navigation.navigation",
            ],
            "builtins": ["template_partials.templatetags.partials", "psp.templatetags.psp"],
        },
    }
]
FORM_RENDERER = "psp.forms.PspRenderer"

# One database, two doors: requests and jobs run as `psp_app`, migrations as the owner (stack.md 1.2).
DATABASE_ROLE = env("PSP_DATABASE_ROLE", default="app")
DATABASES = {
    "default": env.db_url("DATABASE_OWNER_URL" if DATABASE_ROLE == "owner" else "DATABASE_URL"),
}
DATABASES["default"]["OPTIONS"] = {
    **DATABASES["default"].get("OPTIONS", {}),
    "assume_role": "psp_owner" if DATABASE_ROLE == "owner" else "psp_app",
}
DATABASES["default"]["CONN_MAX_AGE"] = env.int("PSP_CONN_MAX_AGE", default=60)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

PGHISTORY_LEVEL = pgtrigger.Statement
PGHISTORY_APPEND_ONLY = True
PGHISTORY_CONTEXT_FIELD = __import__("pghistory").ContextForeignKey()
PGHISTORY_BASE_MODEL = "audit.history.RowHistory"

REDIS_URL = env("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "psp",
    }
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.validators.ContextWordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_EMAIL_VERIFICATION = "none"  # an account begins with an invitation sent to that very address
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("PSP_TRUSTED_PROXY_COUNT", default=0)
MFA_ADAPTER = "accounts.adapters.MFAAdapter"
MFA_FORMS = {"add_webauthn": "accounts.forms.AddPasskeyForm"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "PSP"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO or DEBUG
USERSESSIONS_TRACK_ACTIVITY = False

SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_NAME = "__Host-psp" if PRODUCTION else f"psp_{env.int('PSP_PORT', default=8000)}"
CSRF_COOKIE_NAME = "__Host-psp-csrf" if PRODUCTION else f"psp_csrf_{env.int('PSP_PORT', default=8000)}"
CSRF_FAILURE_VIEW = "psp.views_errors.csrf_failure"
IDLE_TIMEOUT_SECONDS = env.int("PSP_IDLE_TIMEOUT_SECONDS", default=15 * 60)
ABSOLUTE_TIMEOUT_SECONDS = 12 * 3600

SECURE_SSL_REDIRECT = PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
SECURE_HSTS_SECONDS = 63_072_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],  # USWDS embeds one SVG in its style sheet
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
    }
}

LANGUAGE_CODE = "en-us"
LANGUAGES = [("en", "English"), ("es", "Español"), ("hmn", "Hmoob")]
# Django knows no Hmong; without this entry a look-up of the language's own name fails.
locale.LANG_INFO["hmn"] = {"bidi": False, "code": "hmn", "name": "Hmong", "name_local": "Hmoob"}
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "America/Chicago"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "build" / "collected"
STATICFILES_DIRS = [BASE_DIR / "static", ("uswds", BASE_DIR / "build" / "static" / "uswds")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # files live in walled tables
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

if PRODUCTION and not env.str("EMAIL_URL", default=""):
    raise ImproperlyConfigured(
        "EMAIL_URL is not set. Invitations and new passwords travel by mail, and no log is a place for their links."
    )
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="filemail://")
vars().update(EMAIL_CONFIG)
EMAIL_FILE_PATH = DATA_DIR / "mail"
# Dotted path of a class that sends text messages (counties/texting.py); empty: there are none.
TEXT_SENDER = env("PSP_TEXT_SENDER", default="")
DEFAULT_FROM_EMAIL = env("PSP_FROM_EMAIL", default="psp@localhost")

# A 50 MB upload must get a sentence, not a broken connection: the form sees the size, and no content.
FILE_UPLOAD_HANDLERS = [
    "exchange.uploads.SetHugeFilesAside",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULE = {
    # Daily, not only on the 1st: a beat that was down on the 1st is caught up the next night.
    "draft-reports": {"task": "reporting.draft_due_reports", "schedule": crontab(minute="0", hour="2")},
    "remind-reports": {"task": "reporting.remind_due_reports", "schedule": crontab(minute="0", hour="8")},
    "forget-expired-jobs": {
        "task": "counties.forget_expired_jobs",
        "schedule": crontab(minute="30", hour="3"),
    },
    "expire-drafts": {"task": "activities.expire_drafts", "schedule": crontab(minute="45", hour="3")},
    "watch-clinical-support": {
        "task": "partners.watch_clinical_support",
        "schedule": crontab(minute="0", hour="6"),
    },
    "refresh-messages": {"task": "counties.refresh_messages", "schedule": crontab(minute="50")},
    "send-digests": {"task": "counties.send_digests", "schedule": crontab(minute="10,40")},
    "forget-expired-exports": {
        "task": "exchange.forget_expired_exports",
        "schedule": crontab(minute="45", hour="3"),
    },
    "ring-queued-jobs": {"task": "counties.ring_queued_jobs", "schedule": 60.0},
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["exchange.parsers.PlainJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
    "PAGE_SIZE": 50,
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "psp.logs.WithoutRows", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env("PSP_LOG_LEVEL", default="WARNING")},
}
