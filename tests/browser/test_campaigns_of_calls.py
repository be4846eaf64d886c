"""A campaign of calls from the form to the person in an agent's hand, in both themes and on a phone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.conftest import Visit, check_accessible
from tests.browser.test_pages import LAPTOP, PHONE, sit
from tests.integration.campaigns.telephoning import SCRIPT, Calling, calling
from tests.world import World
from trustdesk.campaigns.contracts import Release
from trustdesk.kernel.ids import to_public

pytestmark = pytest.mark.browser


@pytest.fixture
def here(committed: World, tmp_path: Path) -> Iterator[Calling]:
    with calling(committed, tmp_path) as made:
        yield made


def test_calls_on_the_pages(visit: Visit, here: Calling) -> None:
    boss, agent = here.room.agent("boss", skill=0, role="supervisor"), here.room.agent()
    campaign = here.started("+36301120201", "+36301120202", release=Release.PREVIEW)
    run = to_public(here.screen())
    for theme, size in (("light", LAPTOP), ("dark", LAPTOP), ("light", PHONE)):
        page = sit(visit, boss, f"/console/campaigns/new/?run={run}", theme=theme, size=size)
        assert page.get_by_label("What the agent says").count() == 1
        check_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        page = sit(visit, boss, f"/console/campaigns/{to_public(campaign)}/", theme=theme, size=size)
        assert page.get_by_text(SCRIPT).count() == 1
        check_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        page = sit(visit, agent, "/desk/to-call/", theme=theme, size=size)
        check_accessible(page)
        page.get_by_role("button", name="Next person").click()
        page.wait_for_load_state()
        assert page.get_by_text(SCRIPT).count() == 1
        check_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        page.get_by_role("button", name="Put back").click()
        page.wait_for_load_state()
        assert page.get_by_text("Nobody was called").count() == 1
        here.due_now()
