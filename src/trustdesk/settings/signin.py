"""How operators sign in: sessions, throttles, second factors and the company's own identity provider."""

from typing import Any
from urllib.parse import urlsplit

from trustdesk.settings.choices import Choices

SIGN_IN_APPS = [
    "django.contrib.auth",
    "django.contrib.messages",
    "trustdesk.accounts",  # before allauth: its templates win
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "trustdesk.mandates",
]

SIGN_IN_MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "trustdesk.accounts.middleware.DoorMiddleware",
]

AUTH_USER_MODEL = "accounts.Operator"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# scrypt is memory-hard and in the standard library; the others are read only, to let an old hash be replaced.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

SESSION_ENGINE = "trustdesk.accounts.sessions"
SESSION_COOKIE_NAME = "trustdesk_session"
SESSION_COOKIE_AGE = 12 * 60 * 60  # a long working day; not prolonged by use
CSRF_COOKIE_NAME = "trustdesk_csrf"
CSRF_COOKIE_HTTPONLY = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# In the database, so that a throttle counts over all processes and survives a restart.
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_cache",
        "KEY_FUNCTION": "trustdesk.accounts.cache.hashed_key",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

ACCOUNT_ADAPTER = "trustdesk.accounts.adapters.AccountAdapter"
ACCOUNT_USER_DISPLAY = "trustdesk.accounts.models.display_name"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_EMAIL_VERIFICATION = "none"  # the invitation's link proved the address
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/300s/key", "reauthenticate": "10/m/user"}

MFA_ADAPTER = "trustdesk.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "add_webauthn": "trustdesk.accounts.passkeys.AddForm",
    "authenticate_webauthn": "trustdesk.accounts.passkeys.UseForm",
    "login_webauthn": "trustdesk.accounts.passkeys.SignInForm",
    "reauthenticate_webauthn": "trustdesk.accounts.passkeys.AgainForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_TOTP_ISSUER = "trustdesk"
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODE_COUNT = 10

SOCIALACCOUNT_ADAPTER = "trustdesk.accounts.adapters.IdentityProviderAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True  # only verified addresses of operators we invited
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_ONLY = False


def identity_origins(choices: Choices) -> list[str]:
    """Where the company's sign-in leads a browser: browsers refuse a form that is redirected to an unlisted place."""
    server = choices.text("oidc_server", "")
    if not server:
        return []
    parts = urlsplit(server)
    return choices.words("oidc_origins", [f"{parts.scheme}://{parts.netloc}"])


def identity_providers(choices: Choices) -> dict[str, Any]:
    """The company's OpenID Connect provider from `oidc_*` choices, none where no server is named."""
    server = choices.text("oidc_server", "")
    if not server:
        return {}
    return {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": choices.text("oidc_id", "company"),
                    "name": choices.text("oidc_name", "Company sign-in"),
                    "client_id": choices.text("oidc_client_id", ""),
                    "secret": choices.text("oidc_client_secret", ""),
                    "settings": {"server_url": server},
                }
            ],
        }
    }
