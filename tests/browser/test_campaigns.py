"""The pages of a campaign, from the draft to its end, in both themes and on a phone."""

from pathlib import Path
from urllib.parse import urljoin

import pytest

from tests.browser.conftest import Visit, check_accessible
from tests.browser.test_pages import LAPTOP, PHONE, sit
from tests.integration.console.test_campaigns import screened, worked
from tests.world import World
from trustdesk.kernel.ids import from_public

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("theme", "size"), [("light", LAPTOP), ("dark", LAPTOP), ("light", PHONE)])
def test_a_campaign(visit: Visit, committed: World, tmp_path: Path, theme: str, size: tuple[int, int]) -> None:
    screened(committed, tmp_path)
    page = sit(visit, committed.supervisor_north, "/console/campaigns/new/", theme=theme, size=size)
    check_accessible(page)
    page.get_by_label("Name").fill("Autumn")
    page.get_by_role("button", name="Make the draft").click()
    page.wait_for_load_state()
    check_accessible(page)
    page.locator("summary", has_text="Start it").click()
    check_accessible(page)
    page.get_by_role("button", name="Yes, start it").click()
    page.wait_for_load_state()
    check_accessible(page)
    worked(committed, from_public(page.url.rstrip("/").rpartition("/")[2]))
    page.goto(page.url)
    assert page.get_by_role("heading", name="Rows of the list that are not in it").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    check_accessible(page)
    page.goto(urljoin(page.url, "/console/campaigns/"))
    check_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
