"""How an installation runs. Values come from the environment through `env`, and only here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import structlog
from django.utils.translation import gettext_lazy as _
from psycopg.conninfo import conninfo_to_dict

from santong.config import env

ROOT = Path(__file__).resolve().parents[3]
VAR = env.folder("SANTONG_VAR", ROOT / "var")

SECRET_KEY = env.required("SANTONG_SECRET_KEY")
SECRET_KEY_FALLBACKS = env.words("SANTONG_SECRET_KEYS_BEFORE")
SANTONG_MASTER_KEY = env.required("SANTONG_MASTER_KEY")
DEBUG = env.flag("SANTONG_DEBUG")
ALLOWED_HOSTS = env.words("SANTONG_ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
SANTONG_PUBLIC_URL = env.text("SANTONG_PUBLIC_URL")
SANTONG_STREAMS_URL = env.text("SANTONG_STREAMS_URL")
SANTONG_STREAM_THREADS = env.number("SANTONG_STREAM_THREADS", 8)
SANTONG_MCP_TOKEN = env.text("SANTONG_MCP_TOKEN")
CSRF_TRUSTED_ORIGINS = env.words("SANTONG_TRUSTED_ORIGINS")
SANTONG_LOG_REQUESTS = env.flag("SANTONG_LOG_REQUESTS")
SANTONG_CREDENTIALS = "santong.config.credentials.Credentials"
SANTONG_MESSAGE_SENDER = env.text(
    "SANTONG_MESSAGE_SENDER", "santong.storefront.senders.KeptMessages"
)
SANTONG_CHECKS = [
    f"santong.{context}.public.check_invariants"
    for context in (
        "merchants",
        "evidence",
        "clocks",
        "openplatform",
        "catalog",
        "stores",
        "inventory",
        "customers",
        "payments",
        "prepaid",
        "membership",
        "benefits",
        "orders",
        "routing",
        "fulfilment",
        "agreements",
        "invoicing",
        "settlement",
        "presales",
        "aftersales",
        "reconciliation",
        "fieldservice",
        "stagedsales",
        "aftersales",
        "storefront",
        "gateway",
        "topgateway",
        "qimen",
        "messaging",
        "agents",
    )
]
# What is not wrong yet, and will be: the doctor says it and is content.
SANTONG_WARNINGS = ["santong.clocks.public.check_warnings"]
# What contexts know of a person: who gives their part of an export, who forgets it, in this order.
SANTONG_EXPORTS = [
    "santong.prepaid.public.export_person",
    "santong.membership.public.export_person",
    "santong.benefits.public.export_person",
    "santong.orders.public.export_person",
    "santong.invoicing.public.export_person",
    "santong.stagedsales.public.export_person",
    "santong.agreements.public.export_person",
    "santong.fieldservice.public.export_person",
    "santong.aftersales.public.export_person",
    "santong.storefront.public.export_person",
    "santong.gateway.public.export_person",
    "santong.agents.public.export_person",
]
SANTONG_ERASURES = [
    "santong.agents.public.forget_person",
    "santong.storefront.public.forget_person",
    "santong.fieldservice.public.forget_person",
    # Before orders: they ask them which were the person's.
    "santong.aftersales.public.forget_person",
    "santong.invoicing.public.forget_person",
    "santong.presales.public.forget_person",
    "santong.agreements.public.forget_person",
    "santong.orders.public.forget_person",
    # Before membership: it asks which memberships were the person's.
    "santong.stagedsales.public.forget_person",
    # Before membership: coupons are locked before members.
    "santong.benefits.public.forget_person",
    "santong.membership.public.forget_person",
    "santong.prepaid.public.forget_person",
    "santong.gateway.public.forget_person",
]
# Tenders that are kept in this database: method to `payments.TenderBackend`.
SANTONG_TENDER_BACKENDS = {
    "prepaid": "santong.prepaid.backends.PrepaidBackend",
    "gift_card": "santong.prepaid.backends.GiftCardBackend",
}
SANTONG_METRICS_FROM = env.words("SANTONG_METRICS_FROM", "127.0.0.1,::1")
SANTONG_OUTBOUND_NETWORKS = env.words("SANTONG_OUTBOUND_NETWORKS")
SANTONG_SHARED = env.text("SANTONG_SHARED")
SANTONG_TRAVEL_MATRIX = env.text(
    "SANTONG_TRAVEL_MATRIX", "santong.fieldservice.rules.travel.great_circle_minutes"
)

INSTALLED_APPS = [
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "ninja",
    "procrastinate.contrib.django",
    "santong.kernel",
    "santong.merchants",
    "santong.clocks",
    "santong.evidence",
    "santong.openplatform",
    "santong.catalog",
    "santong.stores",
    "santong.inventory",
    "santong.customers",
    "santong.payments",
    "santong.prepaid",
    "santong.membership",
    "santong.benefits",
    "santong.orders",
    "santong.routing",
    "santong.fulfilment",
    "santong.invoicing",
    "santong.reconciliation",
    "santong.settlement",
    "santong.agreements",
    "santong.fieldservice",
    "santong.presales",
    "santong.stagedsales",
    "santong.aftersales",
    "santong.storefront",
    "santong.gateway",
    "santong.messaging",
    "santong.qimen",
    "santong.agents",
    "santong.topgateway",
    "santong.console",
    "santong.portal",
    "santong.simulation",
    "santong.config",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "santong.kernel.http.middleware.RequestMiddleware",
    "santong.kernel.http.middleware.ScopeMiddleware",
    "santong.merchants.sessions.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

# What a program's request needs that brings a token: no session, no cookie, no page.
PROGRAMS_MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "santong.kernel.http.middleware.RequestMiddleware",
    "santong.kernel.http.middleware.ScopeMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
]

# What a call needs that is signed: nothing of it comes from a browser, a log-in or a token.
SIGNED_MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "santong.kernel.http.middleware.RequestMiddleware",
]

ROOT_URLCONF = "santong.config.urls"
WSGI_APPLICATION = "santong.config.wsgi.application"


def _database(url: str) -> dict[str, Any]:
    """A connection by libpq URL. Prepared statements are on: plans of the hot path are reused."""
    parts = conninfo_to_dict(url)
    return {
        "ENGINE": "santong.kernel.postgresql",
        "NAME": parts.pop("dbname", ""),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": str(parts.pop("port", "")),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": {
            "options": "-c lock_timeout=5s -c idle_in_transaction_session_timeout=60s",
            "server_side_binding": True,
            "prepare_threshold": 3,
            **parts,
        },
    }


DATABASES = {"default": _database(env.required("SANTONG_DATABASE_URL"))}
if env.text("SANTONG_OWNER_DATABASE_URL"):
    DATABASES["owner"] = _database(env.text("SANTONG_OWNER_DATABASE_URL"))

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "merchants.StaffUser"
AUTHENTICATION_BACKENDS = ["santong.merchants.backends.StaffBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
LOGIN_URL = "/log-in/"
LOGIN_REDIRECT_URL = "/console/"
SESSION_COOKIE_NAME = "santong_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = env.flag("SANTONG_HTTPS")
CSRF_COOKIE_SECURE = env.flag("SANTONG_HTTPS")
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"

# How alarms leave by mail. Without a host they are written to the log of the streams, no further.
EMAIL_HOST = env.text("SANTONG_MAIL_HOST")
EMAIL_PORT = env.number("SANTONG_MAIL_PORT", 587)
EMAIL_HOST_USER = env.text("SANTONG_MAIL_USER")
EMAIL_HOST_PASSWORD = env.text("SANTONG_MAIL_PASSWORD")
EMAIL_USE_TLS = env.flag("SANTONG_MAIL_TLS", default=True)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("SANTONG_MAIL_FROM", "santong@localhost")
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if EMAIL_HOST
    else "django.core.mail.backends.console.EmailBackend"
)

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [ROOT / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [folder for folder in [VAR / "static-src"] if folder.is_dir()]
WHITENOISE_USE_FINDERS = DEBUG
MEDIA_ROOT = VAR / "media"
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700


def _files() -> dict[str, Any]:
    """Where files of evidence are kept, sealed: a bucket if one is named, else `MEDIA_ROOT`."""
    bucket = env.text("SANTONG_FILES_BUCKET")
    if not bucket:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    given = {
        "endpoint_url": env.text("SANTONG_FILES_ENDPOINT"),
        "region_name": env.text("SANTONG_FILES_REGION"),
        "access_key": env.text("SANTONG_FILES_ACCESS_KEY"),
        "secret_key": env.text("SANTONG_FILES_SECRET_KEY"),
    }
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": bucket,
            "signature_version": "s3v4",
            **{name: value for name, value in given.items() if value},
        },
    }


STORAGES = {
    "default": _files(),
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
            ]
        },
    }
]

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

LOGGING_CONFIG = None
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ],
    logger_factory=structlog.PrintLoggerFactory(),
    cache_logger_on_first_use=True,
)

SILENCED_SYSTEM_CHECKS = [
    "auth.W004",  # a staff name is unique in its merchant, and the backend always names one
]
