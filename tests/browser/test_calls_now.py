"""The supervisor's pages with a call that waits and one that is spoken, in both themes and on a phone."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit, check_accessible
from tests.browser.test_pages import LAPTOP, PHONE, sit
from tests.switching import Room, exchange, until
from tests.world import World
from trustdesk.switchboard import api
from trustdesk.switchboard.contracts import CallState

pytestmark = pytest.mark.browser


@pytest.fixture
def room(committed: World) -> Iterator[Room]:
    with exchange(committed) as made:
        yield made


def test_calls_now_and_figures(visit: Visit, room: Room) -> None:
    boss, agent = room.agent("boss", skill=0, role="supervisor"), room.ready(room.agent())
    spoken, waiting = room.edge.waits(room.line, room.code), room.edge.waits(room.line, room.code, "")
    until(lambda: api.my_call(agent))
    api.accept(agent, call_id=spoken)
    room.edge.speaks(spoken, agent.operator_id)
    until(lambda: api.call(agent, spoken).state is CallState.TALKING)
    for theme, size in (("light", LAPTOP), ("dark", LAPTOP), ("light", PHONE)):
        page = sit(visit, boss, "/desk/calls/", theme=theme, size=size)
        assert page.get_by_text("Waiting", exact=True).count() >= 1
        check_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    page = sit(visit, boss, "/desk/calls/", theme="light", size=LAPTOP)
    assert page.locator("#calls [role=status]").inner_text().startswith(str(len(api.calls_now(room.house()))))
    room.edge.ends(waiting)
    until(lambda: api.call(agent, waiting).ended_at)
    left = re.compile(rf"^{len(api.calls_now(room.house()))} ")
    expect(page.locator("#calls [role=status]")).to_have_text(left, timeout=30_000)
    for theme, size in (("light", LAPTOP), ("dark", PHONE)):
        page = sit(visit, boss, "/desk/calls/figures/?period=month", theme=theme, size=size)
        assert page.get_by_text("Service level").count() >= 1
        check_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
