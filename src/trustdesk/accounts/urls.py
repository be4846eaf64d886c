"""Addresses of signing in. Only those of django-allauth that are wanted: no sign-up, no change of address."""

from allauth.account import views as account
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkey
from allauth.socialaccount import views as identity
from allauth.socialaccount.providers.openid_connect.views import callback as oidc_callback
from allauth.socialaccount.providers.openid_connect.views import login as oidc_login
from django.contrib.auth.decorators import login_not_required
from django.urls import path

from trustdesk.accounts import views

urlpatterns = [
    path("", account.login, name="account_login"),
    path("out/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("again/", account.reauthenticate, name="account_reauthenticate"),
    path("password/", account.password_change, name="account_change_password"),
    path("closed/", views.closed, name="account_signup"),
    path("start/<str:secret>/", views.start, name="accounts_start"),
    path("accept/", views.accept, name="accounts_accept"),
    path("second-factor/", views.second_factor, name="accounts_second_factor"),
    path("second-factor/none/", views.no_second_factor, name="accounts_no_second_factor"),
    path("elevate/", views.elevate, name="accounts_elevate"),
    path("elevate/end/", views.end_elevation, name="accounts_end_elevation"),
    path("factors/", factor.index, name="mfa_index"),
    path("factors/use/", factor.authenticate, name="mfa_authenticate"),
    path("factors/again/", factor.reauthenticate, name="mfa_reauthenticate"),
    path("factors/app/", totp.activate_totp, name="mfa_activate_totp"),
    path("factors/app/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("factors/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("factors/codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("factors/codes/download/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("factors/keys/", passkey.list_webauthn, name="mfa_list_webauthn"),
    path("factors/keys/add/", passkey.add_webauthn, name="mfa_add_webauthn"),
    path("factors/keys/again/", passkey.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("factors/keys/<int:pk>/remove/", views.RemovePasskeyView.as_view(), name="mfa_remove_webauthn"),
    path("factors/keys/<int:pk>/edit/", passkey.edit_webauthn, name="mfa_edit_webauthn"),
    path("passkey/", passkey.login_webauthn, name="mfa_login_webauthn"),
    path("company/cancelled/", identity.login_cancelled, name="socialaccount_login_cancelled"),
    path("company/error/", login_not_required(identity.login_error), name="socialaccount_login_error"),
    path("company/closed/", views.closed, name="socialaccount_signup"),
    path("company/<str:provider_id>/", oidc_login, name="openid_connect_login"),
    path("company/<str:provider_id>/callback/", oidc_callback, name="openid_connect_callback"),
]
