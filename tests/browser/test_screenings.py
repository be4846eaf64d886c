"""The pages of a screening, from the list to its reasons, in both themes and on a phone."""

from urllib.parse import urljoin

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Visit, check_accessible
from tests.browser.test_pages import LAPTOP, PHONE, sit
from tests.integration.console.test_screenings import LIST, declared, worked
from tests.world import World

pytestmark = pytest.mark.browser


def screened(visit: Visit, committed: World, *, theme: str, size: tuple[int, int]) -> Page:
    """Given, asked, and carried out while the page waits."""
    declared(committed)
    page = sit(visit, committed.supervisor_north, "/console/screenings/", theme=theme, size=size)
    check_accessible(page)
    page.set_input_files("input[type=file]", {"name": "list.csv", "mimeType": "text/csv", "buffer": LIST.encode()})
    page.get_by_role("button", name="Read the columns").click()
    page.wait_for_load_state()
    check_accessible(page)
    page.get_by_role("button", name="Screen the list").click()
    page.wait_for_load_state()
    check_accessible(page)
    worked(committed, page.url)
    page.goto(page.url)
    return page


@pytest.mark.parametrize(("theme", "size"), [("light", LAPTOP), ("dark", LAPTOP), ("light", PHONE)])
def test_a_screening(visit: Visit, committed: World, theme: str, size: tuple[int, int]) -> None:
    page = screened(visit, committed, theme=theme, size=size)
    assert page.get_by_role("heading", name="Why").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    check_accessible(page)
    page.goto(urljoin(page.url, "/console/screenings/"))
    check_accessible(page)
