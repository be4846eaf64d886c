"""The pages of clearance under axe, in both themes, empty, filled, refused, on a phone, and by keyboard alone."""

from urllib.parse import urljoin

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Theme, Visit, check_accessible
from tests.browser.test_pages import PHONE, sit
from tests.clearing import VERSION, declare_under
from tests.surfaces import customer, supervisor
from tests.world import World
from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import ALL_MARKETING, By, ConsentState, Evidence, Method
from trustdesk.decision.contracts import Channel
from trustdesk.kernel import clock
from trustdesk.kernel.ids import from_public, new_id, to_public

pytestmark = pytest.mark.browser

PAGES = ("", "purposes/", "notices/", "recipients/", "lists/", "suppression/", "policy/")
THEMES: tuple[Theme, ...] = ("light", "dark")


@pytest.fixture
def aino(committed: World) -> str:
    """The card of somebody who agreed to something and objected to something."""
    declare_under(committed.system(committed.north), languages=("fi", "en"))
    context, now = supervisor(committed), clock.now()
    customer_id = customer(context, "Aino", "Ruutu", phone="+358 40 7771236", email=f"a{new_id()}@example.com")
    proof = Evidence(
        method=Method.WEB_FORM,
        by=By.PERSON,
        words="Yes, write to me.",
        notice_version=VERSION,
        notice_language="en",
    )
    clearance.record_consent(
        context,
        customer_id=customer_id,
        purpose="news",
        channel=Channel.EMAIL,
        state=ConsentState.GIVEN,
        evidence=proof,
        at=now,
        now=now,
    )
    return f"/desk/customers/{to_public(customer_id)}/"


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("path", PAGES)
def test_pages_of_an_officer(visit: Visit, committed: World, aino: str, path: str, theme: Theme) -> None:
    assert aino
    check_accessible(sit(visit, committed.officer_north, f"/console/clearance/{path}", theme=theme))


@pytest.mark.parametrize("path", ["", "purposes/", "suppression/", "policy/"])
def test_nothing_declared_yet_says_what_to_do(visit: Visit, committed: World, path: str) -> None:
    check_accessible(sit(visit, committed.officer_south, f"/console/clearance/{path}"))


def test_a_purpose_and_a_notice_in_full(visit: Visit, committed: World, aino: str) -> None:
    assert aino
    page = sit(visit, committed.officer_north, "/console/clearance/purposes/")
    page.get_by_role("link", name="Offers by phone and post").click()
    page.wait_for_load_state()
    check_accessible(page)
    page.goto(urljoin(page.url, "/console/clearance/notices/"))
    page.locator("tbody a").first.click()
    page.wait_for_load_state()
    check_accessible(page)


def test_what_is_refused_is_said_where_it_stands(visit: Visit, committed: World) -> None:
    page = sit(visit, committed.officer_north, "/console/clearance/suppression/")
    page.get_by_role("button", name="Look up").click()
    page.wait_for_load_state()
    assert page.locator(".wrong").count() == 1
    check_accessible(page)


@pytest.mark.parametrize("path", PAGES)
def test_they_fit_a_phone(visit: Visit, committed: World, aino: str, path: str) -> None:
    assert aino
    page = sit(visit, committed.officer_north, f"/console/clearance/{path}", size=PHONE, language="de")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    check_accessible(page)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("path", ["", "may/", "may/email/news/", "may/email/offers/", "consents/", "consents/new/"])
def test_pages_of_an_agent(visit: Visit, committed: World, aino: str, path: str, theme: Theme) -> None:
    page = sit(visit, committed.agent_north, aino + path, theme=theme)
    if not path:
        page.wait_for_selector("#may .way")
    check_accessible(page)


def test_an_agent_records_an_objection_by_keyboard_alone(visit: Visit, committed: World, aino: str) -> None:
    page = sit(visit, committed.agent_north, aino)
    page.wait_for_selector("#may .way-good")
    page.locator("#may summary").focus()
    page.keyboard.press("Enter")
    _tab_to(page, "Record the objection")
    page.keyboard.press("Enter")
    page.wait_for_selector("#may .way-bad[href*='/email/news/']")
    customer_id = aino.split("/")[3]
    page.goto(urljoin(page.url, f"/desk/customers/{customer_id}/consents/"))
    assert page.get_by_text("All advertising").count() == 1
    check_accessible(page)


def _tab_to(page: Page, name: str) -> None:
    """As whoever has no mouse gets there."""
    for _press in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText") == name:
            return
    pytest.fail(f"{name} is not reached by Tab")


def test_objections_are_shown_with_their_scope(visit: Visit, committed: World, aino: str) -> None:
    clearance.record_objection(
        supervisor(committed),
        customer_id=from_public(aino.split("/")[3]),
        scope=ALL_MARKETING,
        method=Method.TOLD_OPERATOR,
        now=clock.now(),
    )
    page = sit(visit, committed.agent_north, f"{aino}consents/?words=open", language="de")
    assert page.locator("q").count() == 1
    check_accessible(page)
