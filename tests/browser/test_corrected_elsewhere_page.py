"""A request to correct, with one system that took it and one that does not answer, in both themes and on a phone."""

from collections.abc import Iterator

import pytest
from django.test import override_settings

from tests.browser.conftest import Visit, check_accessible
from tests.browser.test_pages import sit
from tests.browser.test_telephony_pages import LOOKS
from tests.integration.outside.databases import PASSWORD, Databases
from tests.integration.outside.setups import sql
from tests.integration.outside.test_databases import shop
from tests.surfaces import customer, supervisor
from tests.world import World
from trustdesk.kernel import clock
from trustdesk.kernel.ids import new_id, to_public
from trustdesk.mandates.api import request_context
from trustdesk.outside import api as outside
from trustdesk.outside.contracts import Kind, NewConnector
from trustdesk.register import api as register
from trustdesk.rights import api as rights
from trustdesk.rights.contracts import Channel, NewRequest, ProofKind, Wish
from trustdesk.rights.contracts import Kind as Right
from trustdesk.rights.services import carrying

pytestmark = pytest.mark.browser


@pytest.fixture
def corrected(committed: World, shops: Databases) -> Iterator[str]:
    with override_settings(TRUSTDESK_OUTSIDE_NETWORKS=["127.0.0.0/8"]):
        context, now = committed.system(committed.north, "administration"), clock.now()
        janos = customer(supervisor(committed), "János", "Kovács", email="janos.kovacs@example.hu")
        good, changed = shop(shops), shop(shops, "ALTER TABLE customers RENAME COLUMN email TO mail")
        made = []
        for name, database in (("Web shop", good), ("Old billing", changed)):
            new = NewConnector(name=f"{name} {new_id()}", kind=Kind.SQL, setup=sql(database), secret=PASSWORD)
            made.append(outside.save_connector(context, connector_id=None, new=new, now=now))
        house = request_context(committed.context(committed.officer_north, committed.north))
        wrong = next(one for one in register.card(house, janos, now=now).values if one.attribute == "family_name")
        asked = NewRequest(
            kind=Right.RECTIFICATION,
            channel=Channel.DESK,
            received_at=now,
            language="en",
            words="It is Kovach.",
            customer_id=janos,
            wish=Wish(corrections=[(wrong.value_id, "Kovach")]),
        )
        request_id = rights.receive(house, new=asked, now=now).request_id
        rights.identify(house, request_id=request_id, kind=ProofKind.DOCUMENT, now=now)
        rights.approve(house, request_id=request_id, now=now)
        carrying.carry(committed.north.id, now=now)
        yield to_public(request_id)
        for connector_id in made:
            outside.remove_connector(committed.system(committed.north, "administration"), connector_id=connector_id)
        carrying.carry(committed.north.id, now=now)


@pytest.mark.parametrize(("theme", "size"), LOOKS)
def test_where_it_is_put_right(
    visit: Visit, committed: World, corrected: str, theme: str, size: tuple[int, int]
) -> None:
    page = sit(visit, committed.officer_north, f"/console/requests/{corrected}/", theme=theme, size=size)
    said = page.locator("main").inner_text()
    assert "put right" in said
    assert "Something that is declared is not there." in said
    check_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
