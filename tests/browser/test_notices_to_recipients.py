"""Recipients with an address for notices, in both themes and on a phone: declared, told, and what they see."""

from collections.abc import Iterator

import pytest

from tests.browser.conftest import Visit, check_accessible
from tests.browser.test_pages import sit
from tests.browser.test_telephony_pages import LOOKS, administer, look_at
from tests.clearing import declare_under
from tests.surfaces import customer, supervisor
from tests.world import World
from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import NewRecipient, RecipientRole
from trustdesk.delivery import api as delivery
from trustdesk.delivery.contracts import NOTICE_PATH, Sender
from trustdesk.delivery.models import Notice
from trustdesk.delivery.services.notices import link_of
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.ids import new_id, to_public
from trustdesk.mandates.api import request_context
from trustdesk.register import api as register
from trustdesk.rights import api as rights
from trustdesk.rights.contracts import Channel, Kind, NewRequest, ProofKind, Wish

pytestmark = pytest.mark.browser


@pytest.fixture
def told(committed: World) -> Iterator[tuple[str, str]]:
    """A correction of which a recipient with an address and one without are told; the link in the mail."""
    office, now = committed.system(committed.north, "administration"), clock.now()
    declare_under(office, languages=("fi", "en"))
    before = delivery.sender_of(office)
    delivery.set_sender(office, sender=Sender(mail_address="desk@example.org"), now=now)
    name = f"Reader {new_id()}"
    new = NewRecipient(
        name=name,
        role=RecipientRole.PROCESSOR,
        country="FI",
        purposes=["news"],
        categories=[clearance.EVERY_CATEGORY],
        notice_email="privacy@reader.example",
    )
    recipient_id = clearance.declare_recipient(office, recipient=new, now=now)
    aino = customer(supervisor(committed), "Aino", "Ruutu", email=f"a{new_id()}@example.com")
    house = request_context(committed.context(committed.officer_north, committed.north))
    wrong = next(one for one in register.card(house, aino, now=now).values if one.attribute == "family_name")
    for recipient in (name, "The old printer"):
        register.record_disclosure(
            house,
            customer_id=aino,
            value_ids=[wrong.value_id],
            recipient=recipient,
            purpose="dpv:CustomerCare",
            legal_basis="eu-gdpr:A6-1-b",
            now=now,
        )
    asked = NewRequest(
        kind=Kind.RECTIFICATION,
        channel=Channel.DESK,
        received_at=now,
        language="en",
        words="It is Ruuttu.",
        customer_id=aino,
        wish=Wish(corrections=[(wrong.value_id, "Ruuttu")]),
    )
    request_id = rights.receive(house, new=asked, now=now).request_id
    rights.identify(house, request_id=request_id, kind=ProofKind.DOCUMENT, now=now)
    rights.approve(house, request_id=request_id, now=now)
    with scoped(house.scope):
        notice = Notice.objects.get(controller_id=committed.north.id, recipient_id=recipient_id)
    yield to_public(request_id), NOTICE_PATH + link_of(notice).partition(NOTICE_PATH)[2]
    office = committed.system(committed.north, "administration")
    delivery.set_sender(office, sender=before, now=clock.now())
    clearance.end_recipient(office, recipient_id=recipient_id, now=clock.now())


@pytest.mark.parametrize(("theme", "size"), LOOKS)
def test_who_is_told_of_a_correction(
    visit: Visit, committed: World, told: tuple[str, str], theme: str, size: tuple[int, int]
) -> None:
    request, link = told
    page = sit(visit, committed.officer_north, f"/console/requests/{request}/", theme=theme, size=size)
    look_at(page, f"/console/requests/{request}/", size)
    assert "by mail to its address for notices" in page.locator("main").inner_text()
    row = page.locator("tr", has_text="The old printer")
    row.locator("button").click()
    page.wait_for_load_state()
    assert page.locator("tr", has_text="The old printer").locator("button").count() == 0
    reader = visit(link, theme=theme, size=size)
    check_accessible(reader)
    reader.click("main form .button-primary")
    reader.wait_for_load_state()
    assert "knows that this has reached you" in reader.locator("main").inner_text()
    check_accessible(reader)


@pytest.mark.parametrize(("theme", "size"), LOOKS)
def test_where_notices_go(
    visit: Visit, committed: World, told: tuple[str, str], theme: str, size: tuple[int, int]
) -> None:
    assert told
    page = administer(visit, committed, theme, size)
    look_at(page, "/console/clearance/recipients/", size)
    row = page.locator("tr", has_text="privacy@reader.example").first
    row.locator("summary").first.click()
    check_accessible(page)
    row.locator("input[name=email]").fill(f"office-{size[0]}-{theme}@reader.example")
    row.locator("form button").first.click()
    page.wait_for_load_state()
    assert f"office-{size[0]}-{theme}@reader.example" in page.locator("main").inner_text()
