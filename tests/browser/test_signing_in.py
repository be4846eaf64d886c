"""The way in, in a real browser under the strict policy: link, password, second factor, passkey."""

import secrets
from collections.abc import Iterator
from urllib.parse import urljoin

import pytest
from django.test import override_settings
from playwright.sync_api import Page

from tests.browser.conftest import Visit, check_accessible
from tests.integration.accounts.signing_in import code_of
from tests.world import PASSWORD, World
from trustdesk.accounts import api as accounts
from trustdesk.kernel import clock

pytestmark = pytest.mark.browser
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def newcomer(visit: Visit, committed: World) -> Iterator[Page]:
    """At the choice of a second factor. Passkeys want a name instead of a number in the address: localhost."""
    email = f"{secrets.token_hex(6)}@example.test"
    link = accounts.invite(
        email=email,
        name="Nina Newcomer",
        language="en",
        installation_roles=(),
        by=None,
        now=clock.now(),
    )
    page = visit("/sign-in/")
    page.goto(page.url.replace("127.0.0.1", "localhost"))
    page.goto(urljoin(page.url, link.path))
    assert secrets.compare_digest(page.url, urljoin(page.url, "/sign-in/accept/")), "the secret left the address"
    check_accessible(page)
    page.fill("#id_password", PASSWORD)
    page.fill("#id_again", PASSWORD)
    page.click("main form .button-primary")
    assert page.url.endswith("/sign-in/second-factor/")
    check_accessible(page)
    with override_settings(MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN=True):  # as the demo, which has no certificate either
        yield page


def test_an_app_is_set_up_and_used(newcomer: Page) -> None:
    page = newcomer
    page.click("text=Authenticator app")
    check_accessible(page)
    page.fill("#id_code", code_of(page.locator("main code").inner_text()))
    page.click("main form .button-primary")
    assert page.url.endswith("/factors/codes/")
    assert page.locator("main li code").count() == 10
    check_accessible(page)
    page.click("text=Go on")
    assert page.url.endswith("/choose/")


def test_a_passkey_is_set_up_and_signs_in_alone(newcomer: Page) -> None:
    page = newcomer
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    page.click("text=Passkey or security key")
    check_accessible(page)
    page.check("#id_passwordless")
    page.click("#passkey_add")
    page.wait_for_url("**/factors/codes/")
    page.goto(urljoin(page.url, "/sign-in/factors/"))
    check_accessible(page)
    page.goto(urljoin(page.url, "/sign-in/factors/keys/"))
    check_accessible(page)
    page.context.clear_cookies()
    page.goto(urljoin(page.url, "/sign-in/"))
    page.click("#passkey_login")
    page.wait_for_url("**/choose/")
