"""The one question and what needs none, and the console's pages of freshness and breaches, in a real browser."""

from urllib.parse import urljoin

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit, check_accessible
from tests.browser.test_conversations import WHERE, no_wider_than
from tests.browser.test_pages import LAPTOP, PHONE, sit
from tests.browser.test_telephony_pages import administer
from tests.integration.desk.test_question_asked import LONG_AGO, confirm, points, talk
from tests.surfaces import customer, source, supervisor
from tests.world import World
from trustdesk.governance import api as governance
from trustdesk.kernel import clock
from trustdesk.kernel.ids import new_id, to_public
from trustdesk.register import api as register
from trustdesk.register.contracts import ConfirmedBy

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("theme", "size"), [("light", LAPTOP), ("dark", PHONE)])
def test_one_question_is_answered_by_keys(visit: Visit, committed: World, theme: str, size: tuple[int, int]) -> None:
    boss = supervisor(committed)
    context = committed.context(committed.agent_north, committed.north)
    aino = customer(boss, "Aino", f"Keys{new_id()}", phone="+358401112277", email=f"k{new_id()}@example.fi")
    for value in points(context, aino).values():
        confirm(context, aino, value, ConfirmedBy.CUSTOMER, ago=LONG_AGO)
    page = sit(visit, committed.agent_north, f"{WHERE}{to_public(talk(context, aino))}/", theme=theme, size=size)
    question = page.locator("form.question")
    expect(question).to_contain_text("Ask once: is this still right?")
    check_accessible(page)
    no_wider_than(page, size)
    page.keyboard.press("d")
    right = question.get_by_label("The right value")
    expect(right).to_be_visible()
    check_accessible(page)
    right.fill("nothing")
    question.get_by_role("button", name="Save").click()
    expect(right).to_have_attribute("aria-invalid", "true")
    check_accessible(page)
    right.fill("+358501112277")
    question.get_by_role("button", name="Save").click()
    expect(question).to_have_count(0)
    expect(page.locator("#reach")).to_contain_text("confirmed today by the customer: no need to ask")
    page.goto(urljoin(page.url, f"{WHERE}{to_public(talk(context, aino))}/"))
    expect(question).to_contain_text("example.fi")
    with page.expect_response(lambda answer: answer.url.endswith("/question/")):
        page.keyboard.press("t")
    expect(question).to_have_count(0)
    assert not points(context, aino)["email"].stale


@pytest.mark.parametrize(("theme", "size"), [("light", LAPTOP), ("dark", PHONE)])
def test_the_consoles_pages_of_freshness_and_breaches(
    visit: Visit, committed: World, theme: str, size: tuple[int, int]
) -> None:
    boss, house = supervisor(committed), committed.system(committed.north)
    aino = customer(boss, "Aino", f"Count{new_id()}", phone="+358401112278", email=f"c{new_id()}@example.fi")
    register.count_freshness(house, now=clock.now())
    register.set_freshness(house, attribute="phone", source_id=source(boss), days=99, now=clock.now())
    number = governance.open_breach(
        house,
        kind="integrity",
        cause="wrong-update",
        about=f"change {new_id()}",
        customer_ids=[aino],
        happened_at=clock.now(),
        now=clock.now(),
    )
    page = administer(visit, committed, theme, size)
    for where in ("", "of/phone/", "../breaches/", f"../breaches/{to_public(number)}/", "../"):
        page.goto(urljoin(page.url, f"/console/freshness/{where}"))
        expect(page.locator("h1")).to_be_visible()
        check_accessible(page)
        no_wider_than(page, size)
    page.goto(urljoin(page.url, "/console/freshness/"))
    page.get_by_role("button", name="End the rule for").click()
    expect(page.get_by_text("Ended: it counts as long as the attribute says.")).to_be_visible()
