"""The delivery pages under axe, in both themes and on a phone, with something in every state to show."""

import pytest

from tests import delivering
from tests.browser.conftest import Visit, check_accessible
from tests.browser.test_pages import PHONE, sit
from tests.integration.delivery.smtpd import DIE
from tests.world import World
from trustdesk.kernel.ids import to_public

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_outbox_and_a_message(visit: Visit, committed: World, theme: str) -> None:
    office = delivering.office(committed)
    message_id = delivering.send(committed, office, fate=DIE)
    delivering.send(committed, office, fate="554 5.7.1 no")
    page = sit(visit, committed.officer_north, "/console/delivery/?state=unknown", theme=theme)
    check_accessible(page)
    page.locator("tbody a", has_text=to_public(message_id)).click()
    page.wait_for_load_state()
    assert to_public(message_id) in page.locator("h1").inner_text()
    check_accessible(page)


@pytest.mark.parametrize("path", ["", "sender/", "endpoints/"])
def test_pages_of_a_manager(visit: Visit, committed: World, path: str) -> None:
    delivering.office(committed)
    check_accessible(sit(visit, committed.manager_north, f"/console/delivery/{path}"))


@pytest.mark.parametrize("path", ["", "endpoints/"])
def test_they_fit_a_phone(visit: Visit, committed: World, path: str) -> None:
    delivering.send(committed, delivering.office(committed), fate=DIE)
    page = sit(visit, committed.officer_north, f"/console/delivery/{path}", size=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    check_accessible(page)
