"""What every node has in common. Who the node is, and its secrets, come from its home directory."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from comity_node.settings import console, served

LOGGING = console.LOGGING

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "comity_node.web.apps.WebConfig",  # before django.forms: its form templates are ours
    "django.forms",
    "axes",
    "csp",
    "django_htmx",
    "comity_node.register.apps.RegisterConfig",
    "comity_node.counterparts.apps.CounterpartsConfig",
    "comity_node.officials.apps.OfficialsConfig",
    "comity_node.parties.apps.PartiesConfig",
    "comity_node.channels.apps.ChannelsConfig",
    "comity_node.assistance.apps.AssistanceConfig",
    "comity_node.contact_point.apps.ContactPointConfig",
    "comity_node.witness.apps.WitnessConfig",
    "comity_node.wire.apps.WireConfig",
    "comity_node.evidence.apps.EvidenceConfig",
    "comity_node.protected_objects.apps.ProtectedObjectsConfig",
    "comity_node.talk.apps.TalkConfig",
    "comity_node.api.apps.ApiConfig",
    "comity_node.alerts.apps.AlertsConfig",
    "comity_node.attaching.apps.AttachingConfig",
    "comity_node.duty.apps.DutyConfig",
    "comity_node.exercises.apps.ExercisesConfig",
]

# Deny by default: a page is behind the log-in unless its view says otherwise (LoginRequiredMiddleware).
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "comity_node.wire.entrance.Entrance",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "comity_node.web.caching.NotKept",
    "comity_node.web.live.noting_when",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "comity_node.web.refusals.Refusals",
    "comity_node.web.compared.once_a_page",
]

ROOT_URLCONF = "comity_node.web.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "comity_node.web.context.shell",
            ],
        },
    },
]
FORM_RENDERER = "comity_node.web.rendering.PageForms"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "comity_node.web.uploads.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- officials --------------------------------------------------------------------------------------

AUTH_USER_MODEL = "officials.Official"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["comity_node.officials.hashing.Argon2"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("login", "display_name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 14}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "officials:login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "officials:login"

# The pair of name and address is locked, so a stranger elsewhere cannot lock an official out.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "comity_node.officials.sign_in.address"
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_FORM_FIELD = "username"
AXES_ENABLE_ADMIN = False
AXES_LOCKOUT_TEMPLATE = "officials/locked.html"

# --- browser ----------------------------------------------------------------------------------------

SESSION_COOKIE_AGE = 8 * 60 * 60  # one working day
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "media-src": ["'self'"],
        "worker-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    },
}

# Static files are served from the installed packages: there is no collecting step to forget.
STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_ADD_HEADERS_FUNCTION = served.under_a_policy

# --- languages and time -----------------------------------------------------------------------------

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LOCALE_PATHS = [Path(__file__).parents[1] / "locale"]
FORMAT_MODULE_PATH = "comity_node.web.formats"
LANGUAGE_CODE = "en"
LANGUAGES = [
    ("ar", "العربية"),
    ("zh-hans", "简体中文"),
    ("en", "English"),
    ("fr", "Français"),
    ("ru", "Русский"),
    ("es", "Español"),
    ("vi", "Tiếng Việt"),
]
