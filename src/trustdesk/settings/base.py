"""Settings. They fail loudly: what is missing is named, with the mend.

State and secrets come from the home folder (`TRUSTDESK_HOME`), choices from `settings.toml` in it or from
`TRUSTDESK_*` variables, which win.
"""

from pathlib import Path
from typing import Any

from trustdesk.server.database import DATABASE
from trustdesk.server.home import current_home
from trustdesk.settings.choices import Choices
from trustdesk.settings.connections import conninfo, database_place, django_databases
from trustdesk.settings.hosts import allowed_hosts
from trustdesk.settings.logs import logging_settings
from trustdesk.settings.pages import *  # noqa: F403 - names of Django's and django-csp's own settings
from trustdesk.settings.pages import CONTENT_SECURITY_POLICY, CONTEXT_PROCESSORS, FIRST_MIDDLEWARE, LAST_MIDDLEWARE
from trustdesk.settings.signin import *  # noqa: F403 - names of Django's and allauth's own settings
from trustdesk.settings.signin import SIGN_IN_APPS, SIGN_IN_MIDDLEWARE, identity_origins, identity_providers

HOME = current_home()
CHOICES = Choices.read(HOME.path / "settings.toml")
PACKAGE = Path(__file__).resolve().parent.parent

DEBUG = False
SECRET_KEY = HOME.secret("django.key").hex()
TRUSTDESK_HOME = HOME
TRUSTDESK_SCOPE_KEY = HOME.secret("scope.key")
TRUSTDESK_ROOT_KEY_PROVIDER = CHOICES.text("root_key_provider", "trustdesk.vault.services.root.FileRootKey")
TRUSTDESK_DEMO = CHOICES.flag("demo")
PROCRASTINATE_IMPORT_PATHS = ["trustdesk.demo.tasks"] if TRUSTDESK_DEMO else []
TRUSTDESK_ADDRESS = CHOICES.text("address", "http://127.0.0.1:8000")

ALLOWED_HOSTS = CHOICES.words("allowed_hosts", allowed_hosts(TRUSTDESK_ADDRESS))
CSRF_TRUSTED_ORIGINS = [TRUSTDESK_ADDRESS]

ROOT_URLCONF = "trustdesk.urls"
ASGI_APPLICATION = "trustdesk.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TRUSTDESK_EXTERNAL = bool(CHOICES.text("database", ""))
TRUSTDESK_DATABASE_PLACE = database_place(HOME, CHOICES.text("database", ""), DATABASE)
DATABASES = django_databases(HOME, TRUSTDESK_DATABASE_PLACE)
TRUSTDESK_CONNINFO = {role: conninfo(TRUSTDESK_DATABASE_PLACE, HOME, role) for role in ("app", "sequencer")}

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    "trustdesk.isolation",
    "trustdesk.live",
    "trustdesk.vault",
    "trustdesk.audit",
    *SIGN_IN_APPS,
    "trustdesk.register",
    "trustdesk.intake",
    "trustdesk.identity",
    "trustdesk.clearance",
    "trustdesk.delivery",
    "trustdesk.screening",
    "trustdesk.outside",
    "trustdesk.conversations",
    "trustdesk.recordings",
    "trustdesk.copies",
    "trustdesk.announcements",
    "trustdesk.telephony",
    "trustdesk.updates",
    "trustdesk.switchboard",
    "trustdesk.feeds",
    "trustdesk.campaigns",
    "trustdesk.erasure",
    "trustdesk.retention",
    "trustdesk.rights",
    "trustdesk.governance",
    "trustdesk.proof",
    "trustdesk.design",
    "trustdesk.desk",
    "trustdesk.console",
    "trustdesk.portal",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "trustdesk.api.middleware.edge_middleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    *FIRST_MIDDLEWARE,
    "django.middleware.common.CommonMiddleware",
    *SIGN_IN_MIDDLEWARE,
    *LAST_MIDDLEWARE,
]

SOCIALACCOUNT_PROVIDERS = identity_providers(CHOICES)
CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"] += identity_origins(CHOICES)
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = TRUSTDESK_DEMO  # the demo answers on loopback without a certificate

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("hu", "Magyar"), ("fi", "Suomi"), ("pl", "Polski"), ("de", "Deutsch")]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME.data / "static"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": CONTEXT_PROCESSORS},
    }
]

SECURE = TRUSTDESK_ADDRESS.startswith("https://")
SESSION_COOKIE_SECURE = SECURE
CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if SECURE:
    SECURE_HSTS_SECONDS = 31_536_000

# Who is handed the log's checkpoints each day: "CONTROLLER:address" by mail, a folder that somebody else keeps.
TRUSTDESK_HANDOUT = CHOICES.words("handout", [])
TRUSTDESK_WITNESS = CHOICES.text("witness", "")
TRUSTDESK_EPOCH_DAYS = CHOICES.number("epoch_days", 7)  # then the backups of the keys open no more
TRUSTDESK_LOG_MONTHS = CHOICES.number("log_months", 36)
TRUSTDESK_COPY_DAYS = CHOICES.number("copy_days", 14)  # then the copy of a person's data is destroyed

LOGGING = logging_settings(CHOICES.text("log_level", "INFO"))

# Mail leaves only where a server is named; until then messages are kept as files of the data folder.
EMAIL_HOST = CHOICES.text("mail_host", "")
EMAIL_PORT = CHOICES.number("mail_port", 587)
EMAIL_HOST_USER = CHOICES.text("mail_user", "")
EMAIL_HOST_PASSWORD = CHOICES.text("mail_password", "")
EMAIL_USE_TLS = CHOICES.flag("mail_starttls", default=EMAIL_PORT == 587)
EMAIL_USE_SSL = CHOICES.flag("mail_tls", default=EMAIL_PORT == 465)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = CHOICES.text("mail_from", "trustdesk@localhost")
EMAIL_BACKEND = (
    "trustdesk.delivery.transports.backend.EmailBackend"
    if EMAIL_HOST
    else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = HOME.data / "mail"
TRUSTDESK_MAIL_PACE = CHOICES.number("mail_pace", 100)  # a minute to one domain; 0: no pace

# The SMS gateway (docs/reference/sms.md); without one, no SMS leaves.
TRUSTDESK_SMS_URL = CHOICES.text("sms_url", "")
TRUSTDESK_SMS_KEY = CHOICES.text("sms_key", "")
TRUSTDESK_SMS_RECEIPT_SECRET = CHOICES.text("sms_receipt_secret", "")

# Nets of the own house that connectors may reach, as "10.0.0.0/8"; the open Internet is reached without.
TRUSTDESK_OUTSIDE_NETWORKS = CHOICES.words("outside_networks", [])

TRUSTDESK_API_CALLS_A_MINUTE = CHOICES.number("api_calls_a_minute", 600)
TRUSTDESK_API_UPLOAD_BYTES = CHOICES.number("api_upload_megabytes", 1024) * 1_048_576
