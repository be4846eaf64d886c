"""Connected systems in a browser, in both themes and on a phone: one that answers, one that does not, and a dry run."""

from collections.abc import Iterator

import pytest
from django.test import override_settings

from tests.browser.conftest import Visit, check_accessible
from tests.browser.test_pages import sit
from tests.browser.test_telephony_pages import LOOKS, administer, look_at
from tests.integration.outside.databases import PASSWORD, Databases
from tests.integration.outside.setups import sql
from tests.integration.outside.test_databases import shop
from tests.surfaces import customer, supervisor
from tests.world import World
from trustdesk.kernel import clock
from trustdesk.kernel.ids import new_id, to_public
from trustdesk.outside import api as outside
from trustdesk.outside.contracts import Kind, NewConnector, Verb

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def neighbors() -> Iterator[None]:
    with override_settings(TRUSTDESK_OUTSIDE_NETWORKS=["127.0.0.0/8"]):
        yield


@pytest.fixture
def systems(committed: World, shops: Databases) -> Iterator[tuple[str, str]]:
    """A shop that answers and one whose table was changed; both were asked to erase somebody."""
    context, now = committed.system(committed.north, "administration"), clock.now()
    janos = customer(supervisor(committed), "János", "Kovács", email="janos.kovacs@example.hu", phone="+36 30 123 4567")
    good, changed = shop(shops), shop(shops, "ALTER TABLE customers RENAME COLUMN email TO mail")
    made = []
    for name, database in (("Web shop", good), ("Old billing", changed)):
        new = NewConnector(name=f"{name} {new_id()}", kind=Kind.SQL, setup=sql(database), secret=PASSWORD)
        made.append(outside.save_connector(context, connector_id=None, new=new, now=now))
    person = outside.person_of(context, customer_id=janos)
    outside.everywhere(context, verb=Verb.FIND, person=person, key="a plan", now=now)
    yield to_public(made[0]), to_public(made[1])
    for connector_id in made:
        outside.remove_connector(committed.system(committed.north, "administration"), connector_id=connector_id)


@pytest.mark.parametrize(("theme", "size"), LOOKS)
def test_who_manages_them(
    visit: Visit, committed: World, systems: tuple[str, str], theme: str, size: tuple[int, int]
) -> None:
    page = administer(visit, committed, theme, size)
    for path in ("", f"{systems[0]}/", f"{systems[1]}/", f"{systems[0]}/change/", "new/imap/", "new/http/"):
        look_at(page, f"/console/connected/{path}", size)


@pytest.mark.parametrize(("theme", "size"), LOOKS)
def test_a_dry_run(visit: Visit, committed: World, systems: tuple[str, str], theme: str, size: tuple[int, int]) -> None:
    page = sit(visit, committed.officer_north, f"/console/connected/{systems[0]}/dry-run/", theme=theme, size=size)
    page.fill("input[name=who]", "janos.kovacs@example.hu")
    page.click("form .button-primary")
    page.locator("button", has_text="Kovács").first.click()
    page.wait_for_load_state()
    assert "would be deleted" in page.locator("main").inner_text()
    check_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
