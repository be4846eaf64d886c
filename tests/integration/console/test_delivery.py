"""The delivery pages by role: counts and histories for who may see them, changes for who may change, elevated."""

import pytest
from django.test import Client
from django.urls import reverse
from tests import delivering
from tests.integration.delivery.smtpd import DIE
from tests.surfaces import elevated, seated
from tests.world import World

from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import NewRecipient, RecipientRole
from trustdesk.delivery import api as delivery
from trustdesk.delivery.contracts import State
from trustdesk.health.checks.delivery import check_outbox
from trustdesk.health.contracts import State as Health
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import new_id, to_public


@pytest.fixture
def office(committed: World) -> AccessContext:
    """The northern company, ready to write."""
    return delivering.office(committed)


def administrator(committed: World) -> Client:
    return elevated(seated(committed.manager_north, committed.north), committed.manager_north)


def test_counts_and_reasons_and_no_address(committed: World, office: AccessContext) -> None:
    message_id = delivering.send(committed, office, fate="554 5.7.1 spam")
    page = seated(committed.officer_north, committed.north).get(reverse("console:delivery"), {"state": "failed"})
    shown = page.content.decode()
    assert page.status_code == 200
    assert to_public(message_id) in shown
    assert "the other side refuses the content" in shown
    history = seated(committed.client_north, committed.north).get(reverse("console:message", args=[message_id]))
    told = history.content.decode()
    assert "the gate permitted it" in told
    assert "5.7.1" in told
    for text in (delivering.ADDRESS, delivering.WORDS, "spam"):
        assert text not in shown + told


def test_what_is_unknown_is_settled_by_who_may_and_elevated(committed: World, office: AccessContext) -> None:
    message_id = delivering.send(committed, office, fate=DIE)
    settle = reverse("console:settle-message", args=[message_id])
    assert check_outbox(clock.now()).state is Health.WARNING
    page = seated(committed.officer_north, committed.north).get(reverse("console:delivery"))
    assert "nobody knows whether" in page.content.decode()
    assert seated(committed.officer_north, committed.north).post(settle, {"arrived": ""}).status_code == 403
    assert seated(committed.manager_north, committed.north).post(settle, {"arrived": ""}).status_code == 403
    assert delivery.message(office, message_id)[0].state is State.UNKNOWN
    assert administrator(committed).post(settle, {"arrived": ""}).status_code == 302
    view, turns = delivery.message(office, message_id)
    assert view.state is State.SENT
    assert turns[-1].operator_id == committed.manager_north.id


def test_an_endpoint_is_made_and_its_secret_shown_once(committed: World, office: AccessContext) -> None:
    recipient_id = clearance.declare_recipient(
        office,
        recipient=NewRecipient(
            name="Billing",
            role=RecipientRole.PROCESSOR,
            country="FI",
            purposes=["care"],
            categories=["pd:UID"],
        ),
        now=clock.now(),
    )
    given = {
        "name": f"Billing {new_id()}",
        "url": "https://billing.example.com/hooks",
        "recipient": to_public(recipient_id),
        "purpose": "care",
        "events": ["customer.changed"],
    }
    address = reverse("console:endpoints")
    assert seated(committed.officer_north, committed.north).post(address, given).status_code == 403
    assert seated(committed.manager_north, committed.north).post(address, given).status_code == 403
    browser = administrator(committed)
    made = browser.post(address, given)
    assert made.status_code == 200, made.content.decode()
    assert "whsec_" in made.content.decode()
    assert "whsec_" not in browser.get(address).content.decode()
    held = next(one for one in delivery.endpoints(office) if one.name == given["name"])
    one = reverse("console:endpoint", args=[held.endpoint_id])
    assert "Billing" in browser.get(one).content.decode()
    assert "whsec_" in browser.post(reverse("console:rotate-endpoint", args=[held.endpoint_id])).content.decode()
    assert "whsec_" not in browser.get(one).content.decode()
    assert browser.post(reverse("console:disable-endpoint", args=[held.endpoint_id])).status_code == 302
    assert "switched off by hand" in browser.get(one).content.decode()
    assert browser.post(reverse("console:enable-endpoint", args=[held.endpoint_id])).status_code == 302
    refused = browser.post(address, given | {"url": "http://billing.example.com/"})
    assert refused.status_code == 422
    assert "https" in refused.content.decode()


def test_the_sender_is_set_by_who_may(committed: World, office: AccessContext) -> None:
    address = reverse("console:delivery-sender")
    given = {"mail_address": "new@example.org", "return_mailbox": "returns@example.org", "mail_name": "North"}
    assert seated(committed.officer_north, committed.north).get(address).status_code == 403
    assert seated(committed.manager_north, committed.north).post(address, given).status_code == 403
    browser = administrator(committed)
    assert browser.get(address).status_code == 200
    assert browser.post(address, given).status_code == 302
    assert delivery.sender_of(office).mail_address == "new@example.org"
    wrong = browser.post(address, given | {"return_mailbox": "a+b@example.org"})
    assert wrong.status_code == 422


def test_an_empty_outbox_teaches(committed: World) -> None:
    page = seated(committed.officer_south, committed.south).get(reverse("console:delivery"))
    assert "Nothing was sent yet" in page.content.decode()
