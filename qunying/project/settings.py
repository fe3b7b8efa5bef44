"""Django's settings. Everything an operator may change comes from the environment; everything else is decided here."""

from __future__ import annotations

import os
from pathlib import Path

from qunying.project.databases import database
from qunying.project.home import home, secret_key

PACKAGE = Path(__file__).resolve().parent.parent
HOME = home()

SECRET_KEY = secret_key()
DEBUG = os.environ.get("QUNYING_DEBUG") == "1"
ALLOWED_HOSTS = os.environ.get("QUNYING_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("QUNYING_ORIGINS", "").split(",") if origin]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "template_partials",
    "qunying.ui",  # before allauth, whose sign-in pages ours replace
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "qunying.journal",
    "qunying.communities",
    "qunying.people",
    "qunying.talk",
    "qunying.deeds",
    "qunying.carriers.sandbox",
    "qunying.carriers.wire",
    "qunying.desk",
    "qunying.ledger",
    "qunying.intake",
    "qunying.outbox",
    "qunying.insights",
    "qunying.pipeline",
    "qunying.capabilities.order",
    "qunying.capabilities.onboarding",
    "qunying.capabilities.incidents",
    "qunying.capabilities.rules",
    "qunying.console",
    "qunying.runners",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "qunying.ui.security.content_policy",
    "qunying.ui.sign_in_given.own_password_first",
    "qunying.ui.signed_out.whole_sign_in_page",
]
ROOT_URLCONF = "qunying.project.urls"
WSGI_APPLICATION = "qunying.project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "qunying.console.shell.shell",
            ],
            "builtins": ["qunying.ui.templatetags.ui", "django.templatetags.i18n", "django.templatetags.static"],
        },
    },
]

DATABASES = {"default": database(os.environ.get("DATABASE_URL"), HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# allauth counts failed sign-ins and remembers used codes in the default cache, so every process must see the same one.
# Files and not a table: one guess is several writes, and SQLite's only writer is the workers'. Taking a lock here is not
# atomic, so guesses at the same instant may pass once more often. Several machines count each for itself.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": str(HOME / "cache"),
        # when it is full, any third goes: made-up names must not be enough to push out the counts of real ones
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "qunying.ui.accounts.InvitedOnly"
ACCOUNT_LOGOUT_ON_GET = False
MFA_ADAPTER = "qunying.ui.sign_in_second_step.SecondStep"
MFA_FORMS = {
    "authenticate": "qunying.ui.sign_in_second_step.AskCode",
    "reauthenticate": "qunying.ui.sign_in_second_step.AskCodeAgain",
    "activate_totp": "qunying.ui.sign_in_second_step.FirstCode",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "群营 Qunying"
MFA_TOTP_TOLERANCE = 1  # steps of 30 seconds: clocks of phones differ, and typing takes a while
USERSESSIONS_TRACK_ACTIVITY = False  # «last seen» would be a write for every page
LOGIN_URL = "/account/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/account/login/"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "ui" / "locale"]
USE_TZ = True
TIME_ZONE = os.environ.get("QUNYING_TIME_ZONE", "Asia/Shanghai")
ENGINE = os.environ.get(
    "QUNYING_ENGINE", "duckdb"
)  # what counts: duckdb, or clickhouse, postgres, spark with their extras
# where that PostgreSQL or Spark is; the PostgreSQL that keeps the rows can count, too
ENGINE_URL = os.environ.get("QUNYING_ENGINE_URL") or (
    os.environ.get("DATABASE_URL", "") if ENGINE == "postgres" else ""
)

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20
FILE_UPLOAD_TEMP_DIR = None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS: list[str] = []
