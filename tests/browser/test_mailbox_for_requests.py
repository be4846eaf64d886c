"""The mailbox for requests in a browser, in both themes and on a phone: none, one that works, one that does not."""

from collections.abc import Iterator

import pytest
from django.test import override_settings

from tests.browser.conftest import Visit, check_accessible
from tests.browser.test_pages import sit
from tests.browser.test_telephony_pages import LOOKS, administer, look_at
from tests.dovecot import HOST, PASSWORD, Mailboxes, dovecot
from tests.unit.rights.test_request_mails import mail
from tests.world import World
from trustdesk.kernel import clock
from trustdesk.kernel.ids import new_id
from trustdesk.rights import api as rights

pytestmark = pytest.mark.browser
PAGE = "/console/requests/mailbox/"


@pytest.fixture(scope="module")
def mailboxes() -> Iterator[Mailboxes]:
    with dovecot() as made:
        yield made


@pytest.fixture(autouse=True)
def alone(committed: World, mailboxes: Mailboxes, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This machine counts as the own house; the company has no mailbox before and after."""
    monkeypatch.setenv("SSL_CERT_FILE", str(mailboxes.roots))
    with override_settings(TRUSTDESK_OUTSIDE_NETWORKS=["127.0.0.0/8", "::1/128"]):
        yield
    rights.remove_mailbox(committed.context(committed.manager_north, committed.north))


@pytest.mark.parametrize(("theme", "size"), LOOKS)
def test_set_tried_corrected_paused_and_taken_away(
    visit: Visit, committed: World, mailboxes: Mailboxes, theme: str, size: tuple[int, int]
) -> None:
    page = administer(visit, committed, theme, size)
    look_at(page, PAGE, size)
    page.click("text=Set a mailbox")
    check_accessible(page)
    user = f"rights-{new_id()}"
    for name, value in {"host": HOST, "port": str(mailboxes.port), "user": user, "password": "wrong"}.items():
        page.fill(f"input[name={name}]", value)
    page.click("form .button-primary")
    page.click("text=Try the connection")
    page.wait_for_load_state()
    assert "It refuses user or password." in page.locator("main").inner_text()
    look_at(page, PAGE, size)
    page.click("main >> text=Change")
    assert page.input_value("input[name=password]") == ""
    page.fill("input[name=folder]", "Parked")
    page.fill("input[name=password]", PASSWORD)
    page.click("form .button-primary")
    page.wait_for_load_state()
    assert "letters are put away into it" in page.locator("main").inner_text()
    check_accessible(page)
    page.fill("input[name=folder]", "INBOX")
    page.fill("input[name=password]", PASSWORD)
    page.click("form .button-primary")
    page.click("text=Try the connection")
    page.wait_for_load_state()
    assert "It answers, lets us in" in page.locator("body").inner_text()
    mailboxes.put(user, mail(Auto_Submitted="auto-replied"))
    rights.read_mailbox(committed.system(committed.north, "compliance"), now=clock.now())
    look_at(page, PAGE, size)
    page.click("text=Pause")
    page.wait_for_load_state()
    assert "Nobody reads it while it is paused" in page.locator("main").inner_text()
    check_accessible(page)
    page.click("text=Take it up again")
    page.click("text=Take the mailbox away")
    page.wait_for_load_state()
    assert "No mailbox is read" in page.locator("main").inner_text()


def test_an_officer_sees_it_and_changes_nothing(visit: Visit, committed: World) -> None:
    page = sit(visit, committed.officer_north, PAGE, size=(1280, 720))
    assert "An administrator of the company sets it." in page.locator("main").inner_text()
    check_accessible(page)
