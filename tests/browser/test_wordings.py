"""The page of wordings: empty, looked at and refused, in both themes and on a phone."""

from urllib.parse import urljoin

import pytest

from tests.browser.conftest import Visit, check_accessible
from tests.browser.test_pages import LAPTOP, PHONE
from tests.world import World
from trustdesk.kernel.ids import new_id

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("theme", "size"), [("light", LAPTOP), ("dark", LAPTOP), ("light", PHONE)])
def test_a_wording(visit: Visit, committed: World, theme: str, size: tuple[int, int]) -> None:
    page = visit("/choose/", person=committed.manager_north, theme=theme, size=size, elevate=True)
    page.click("main form .button-primary")
    page.wait_for_load_state()
    page.goto(urljoin(page.url, "/console/delivery/wordings/"))
    check_accessible(page)
    page.get_by_label("Code").fill(f"autumn-{new_id()}")
    page.get_by_label("Subject").fill("Autumn at {company}")
    page.get_by_label("Text").fill("Hello!\n\nNews of {company}.\nSee https://example.com/autumn")
    page.get_by_role("button", name="See how it reads").click()
    assert page.get_by_role("heading", name="How it reads").count() == 1
    check_accessible(page)
    page.get_by_label("Text").fill("Hello {")
    page.get_by_role("button", name="Publish").click()
    assert page.get_by_text("A brace stands alone.").count() == 1
    check_accessible(page)
    page.get_by_label("Text").fill("News of {company}.")
    page.get_by_role("button", name="Publish").click()
    check_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
