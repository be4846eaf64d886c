"""Reviews, audits and duplicates worked by keys alone, and seen by everybody."""

from urllib.parse import urljoin

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit, check_accessible
from tests.browser.test_pages import LAPTOP, PHONE, sit
from tests.integration.console.test_updates_pages import housed
from tests.world import World
from trustdesk.kernel.ids import to_public
from trustdesk.updates import api as updates
from trustdesk.updates.contracts import ChangeKind, ReviewState

pytestmark = pytest.mark.browser


def test_a_review_is_decided_by_keys(visit: Visit, committed: World) -> None:
    house = housed(committed)
    first, (_one, _other) = house.doubtful()
    second, _two = house.doubtful()
    third, _two = house.doubtful()
    feed = to_public(house.feed_id)
    page = sit(visit, committed.supervisor_north, f"/console/updates/reviews/?feed={feed}")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.pathname").endswith(f"/{to_public(first)}/")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{to_public(first)}/*")
    assert page.locator("input:checked").count() == 0
    page.keyboard.press("j")
    assert page.locator("input:checked").get_attribute("data-key-choice") == "1"
    page.keyboard.press("2")
    chosen = page.locator("input:checked")
    assert chosen.get_attribute("data-key-choice") == "2"
    value = chosen.get_attribute("value")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{to_public(second)}/*")
    decided = updates.review(house.by(7), first)
    assert decided.line.state is ReviewState.DECIDED
    assert to_public(updates.change(house.by(7), first).change.customer_id or 0) == value
    page.keyboard.press("u")
    page.wait_for_url(f"**/{to_public(third)}/*")
    page.keyboard.press("0")
    assert page.locator("input:checked").get_attribute("value") == "0"
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    check_accessible(page)
    page.locator("#keys form button").click()
    page.wait_for_load_state()
    page.goto(urljoin(page.url, f"/console/updates/reviews/{to_public(third)}/?feed={feed}"))
    page.keyboard.press("1")
    page.keyboard.press("u")
    assert page.locator("input:checked").count() == 0
    assert to_public(third) in page.url


@pytest.mark.parametrize(("theme", "size"), [("light", LAPTOP), ("dark", PHONE)])
def test_every_page_of_the_section(visit: Visit, committed: World, theme: str, size: tuple[int, int]) -> None:
    house = housed(committed)
    change_id, (first, _other) = house.doubtful(kind=ChangeKind.NAME)
    house.certain()
    page = sit(visit, committed.supervisor_north, "/console/updates/", theme=theme, size=size)
    for path in ("reviews/", f"reviews/{to_public(change_id)}/", "duplicates/", "accuracy/", "accuracy/calibration/"):
        page.goto(urljoin(page.url, f"/console/updates/{path}"))
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0], path
        check_accessible(page)
    del first
