"""Conversations in a real browser: accessible in both themes, worked through by keys, colleagues seen at once."""

from urllib.parse import urljoin

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit, check_accessible
from tests.browser.test_pages import LAPTOP, PHONE, sit
from tests.integration.console.test_complaints import complained
from tests.integration.desk.test_conversations import NUMBER, called
from tests.surfaces import customer, supervisor
from tests.world import World
from trustdesk.conversations import api as conversing
from trustdesk.conversations.contracts import How
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import new_id, to_public

pytestmark = pytest.mark.browser

WHERE = "/desk/conversations/"


@pytest.fixture
def context(committed: World) -> AccessContext:
    supervisor(committed)
    return committed.context(committed.agent_north, committed.north)


def no_wider_than(page: Page, size: tuple[int, int]) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_desks_pages(visit: Visit, committed: World, context: AccessContext, theme: str) -> None:
    aino = customer(supervisor(committed), "Aino", f"Beside{new_id()}", phone=NUMBER)
    opened, _one = called(context)
    conversing.note_matches(context, conversation_id=opened.conversation_id, customer_ids=[aino], now=clock.now())
    page = sit(visit, committed.agent_north, WHERE, theme=theme)
    check_accessible(page)
    page.goto(urljoin(page.url, f"{WHERE}{to_public(opened.conversation_id)}/"))
    expect(page.locator("#talk-title")).to_be_visible()
    page.locator("summary", has_text="Aino").click()
    check_accessible(page)
    no_wider_than(page, LAPTOP)
    page.get_by_label("Identified by questions").check()
    page.get_by_role("button", name="It is this customer").click()
    expect(page.locator(".pane-side .badge-good")).to_have_text("Identified by questions")
    check_accessible(page)
    page.get_by_role("link", name="Complaint", exact=True).click()
    expect(page.get_by_label("The complaint in detail")).to_be_visible()
    check_accessible(page)


@pytest.mark.parametrize(("theme", "size"), [("light", LAPTOP), ("dark", LAPTOP), ("light", PHONE)])
def test_a_call_that_came_by_a_reference(
    visit: Visit, committed: World, context: AccessContext, theme: str, size: tuple[int, int]
) -> None:
    aino = customer(supervisor(committed), "Aino", f"Case{new_id()}", phone=NUMBER)
    case, _one = called(context)
    conversing.identify(
        context, conversation_id=case.conversation_id, customer_id=aino, how=How.QUESTIONS, now=clock.now()
    )
    _fresh, call = called(context)
    conversing.bring_to_case(context, interaction_id=call, case_id=case.conversation_id, now=clock.now())
    page = sit(visit, committed.agent_north, f"{WHERE}{to_public(case.conversation_id)}/", theme=theme, size=size)
    expect(page.get_by_text("Who called is not known")).to_be_visible()
    page.locator("summary", has_text="It was this customer").click()
    check_accessible(page)
    no_wider_than(page, size)
    page.get_by_label("Identified by questions").check()
    page.get_by_role("button", name="It was this customer").click()
    expect(page.get_by_text("Who called is not known")).to_have_count(0)


@pytest.mark.parametrize(("theme", "size"), [("light", LAPTOP), ("dark", LAPTOP), ("light", PHONE)])
def test_the_consoles_pages(visit: Visit, committed: World, theme: str, size: tuple[int, int]) -> None:
    supervisor(committed)
    file = complained(committed, committed.north)
    page = sit(visit, committed.supervisor_north, "/console/complaints/", theme=theme, size=size)
    check_accessible(page)
    no_wider_than(page, size)
    page.goto(urljoin(page.url, f"/console/complaints/{to_public(file.complaint_id)}/"))
    check_accessible(page)
    no_wider_than(page, size)
    page.goto(urljoin(page.url, "/console/dispositions/"))
    page.locator("summary", has_text="Settled").click()
    check_accessible(page)
    no_wider_than(page, size)


def test_it_is_worked_through_by_keys(visit: Visit, committed: World, context: AccessContext) -> None:
    queue = f"keys{new_id()}"
    older, _one = called(context, queue=queue)
    newer, _two = called(context, queue=queue)
    page = sit(visit, committed.agent_north, f"{WHERE}?queue={queue}")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_contain_text("end the conversation and go to the next")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#talk-title")).to_contain_text(conversing.grouped(newer.reference))
    page.keyboard.press("n")
    page.keyboard.insert_text("Said by keys.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".course")).to_contain_text("Said by keys.")
    page.keyboard.press("e")
    expect(page.get_by_role("heading", name="Settled")).to_be_visible()
    page.get_by_label("Note").focus()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#talk-title")).to_contain_text(conversing.grouped(newer.reference))
    page.keyboard.press("/")
    page.keyboard.insert_text(conversing.grouped(older.reference))
    page.keyboard.press("Enter")
    expect(page.locator("#talk-title")).to_contain_text(conversing.grouped(older.reference))
    page.keyboard.press("Control+k")
    page.locator("#palette-query").press_sequentially(newer.reference)
    expect(page.locator("#palette-hits .hit")).to_contain_text(conversing.grouped(newer.reference))


def test_colleagues_see_each_other_and_what_is_written(visit: Visit, committed: World, context: AccessContext) -> None:
    opened, _one = called(context)
    path = f"{WHERE}{to_public(opened.conversation_id)}/"
    mine = sit(visit, committed.agent_north, path)
    theirs = sit(visit, committed.supervisor_north, path)
    expect(mine.locator(".viewers")).to_contain_text("Supervisor North looks at it too")
    theirs.get_by_label("Note").press_sequentially("I have it")
    expect(mine.locator(".viewers")).to_contain_text("Supervisor North is writing")
    theirs.get_by_role("button", name="Save note").click()
    expect(mine.locator(".course")).to_contain_text("I have it")
