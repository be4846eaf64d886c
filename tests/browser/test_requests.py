"""A right asked for, taken in and decided: on the own page, at the desk and in the console, by keyboard."""

import secrets

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit, check_accessible
from tests.browser.test_my_data import press_on
from tests.browser.test_pages import PHONE
from tests.browser.test_portal import NARROWEST, come_in, company
from tests.integration.delivery.posting import Company
from tests.integration.portal.visiting import rest
from tests.surfaces import customer, known_for, supervisor
from tests.world import World
from trustdesk.kernel import clock
from trustdesk.kernel.ids import to_public
from trustdesk.rights import api as rights
from trustdesk.rights.contracts import Channel, Kind, NewRequest, State
from trustdesk.server.cluster import Cluster

pytestmark = pytest.mark.browser
__all__ = ["company"]  # the fixture


@pytest.fixture
def aino(committed: World) -> int:
    number = f"+35840{secrets.randbelow(10**7):07}"
    return customer(supervisor(committed), "Aino", f"Mäkelä{secrets.token_hex(3)}", phone=number)


def seated(page: Page) -> Page:
    """The choice of company and purpose, where it is asked for."""
    if "choose" in page.url:
        page.locator("main form .button-primary").first.click()
    return page


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_customer_asks_follows_and_takes_back(visit: Visit, company: Company, cluster: Cluster, theme: str) -> None:
    rest(cluster, company)
    page = come_in(visit(f"/my/{company.id}/", theme=theme, size=PHONE), company)
    press_on(page, "link", "Requests")
    expect(page.locator("h1")).to_have_text("My requests")
    expect(page.locator("main .empty")).to_be_visible()
    check_accessible(page)
    press_on(page, "link", "Keep my data, but don't use them")
    expect(page.locator("h1")).to_have_text("Keep my data, but don't use them")
    check_accessible(page)
    page.get_by_label("Anything we should know").fill("For the court.")
    press_on(page, "button", "Send the request")
    expect(page.locator("main .wrong")).to_be_visible()
    expect(page.get_by_label("Anything we should know")).to_have_value("For the court.")
    check_accessible(page)
    page.get_by_label("I need them for a legal claim").focus()
    page.keyboard.press("Space")
    press_on(page, "button", "Send the request")
    expect(page.locator("main .said")).to_contain_text("has arrived")
    expect(page.locator("main")).to_contain_text("It is known that it is you")
    check_accessible(page)
    page.locator("details summary").focus()
    page.keyboard.press("Enter")
    check_accessible(page)
    press_on(page, "button", "Take the request back")
    expect(page.locator("main")).to_contain_text("You took it back")
    (view,) = rights.of_customer(company.context(), customer_id=company.people[0].customer_id, now=clock.now())
    assert view.state is State.WITHDRAWN


def test_nothing_of_it_leaves_the_narrowest_frame(visit: Visit, company: Company, cluster: Cluster) -> None:
    rest(cluster, company)
    page = come_in(visit(f"/my/{company.id}/", size=NARROWEST), company)
    new = NewRequest(
        kind=Kind.ERASURE,
        channel=Channel.MAIL,
        received_at=clock.now(),
        language="en",
        customer_id=company.people[0].customer_id,
    )
    made = rights.receive(company.context(), new=new, now=clock.now())
    written = f"requests/{to_public(made.request_id)}/"
    for path in ("requests/", written, "requests/for/erasure/", "requests/for/objection/", "held/"):
        page.goto(page.url.partition(f"/my/{company.id}/")[0] + f"/my/{company.id}/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST[0], path


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_an_agent_takes_it_in_and_finds_out_who_asks(
    visit: Visit, committed: World, aino: int, cluster: Cluster, theme: str
) -> None:
    known_for(cluster, aino)
    page = seated(visit("/desk/", person=committed.agent_north, theme=theme))
    page.goto(page.url.partition("/desk/")[0] + f"/desk/customers/{to_public(aino)}/")
    check_accessible(page)
    page.get_by_role("link", name="Take a request").click()
    expect(page.locator("h1")).to_have_text("Take a request")
    check_accessible(page)
    press_on(page, "link", "Restriction")
    press_on(page, "button", "Take it in")
    expect(page.locator(".wrong").first).to_be_visible()
    check_accessible(page)
    page.get_by_label("The customer needs it for a claim").focus()
    page.keyboard.press("Space")
    press_on(page, "button", "Take it in")
    expect(page.locator("h1")).to_contain_text("Restriction")
    check_accessible(page)
    reference = page.locator("h1 .nowrap").inner_text()
    press_on(page, "button", "Reached on")
    expect(page.locator("main")).to_contain_text("was called back on a number on file")
    page.goto(page.url.partition("/desk/")[0] + "/desk/")
    expect(page.locator("#query")).to_be_visible()
    page.fill("#query", reference)
    expect(page.locator("#hits")).to_contain_text("A request has this reference")
    page.locator("#hits .hit").click()
    expect(page.locator("h1")).to_contain_text(reference)


@pytest.mark.parametrize("size", [(1280, 720), PHONE])
def test_an_officer_decides_it(visit: Visit, committed: World, aino: int, size: tuple[int, int]) -> None:
    context = supervisor(committed)
    now = clock.now()
    new = NewRequest(kind=Kind.ACCESS, channel=Channel.MAIL, received_at=now, language="en", customer_id=aino)
    received = rights.receive(context, new=new, now=now)
    page = seated(visit("/console/", person=committed.officer_north, size=size))
    page.goto(page.url.partition("/console/")[0] + "/console/requests/")
    check_accessible(page)
    page.get_by_role("link", name=" ".join(received.reference[at : at + 3] for at in range(0, 12, 3))).click()
    expect(page.locator("main")).to_contain_text("Nobody has proved yet who asks.")
    check_accessible(page)
    page.locator("summary", has_text="Refuse").focus()
    page.keyboard.press("Enter")
    page.get_by_label("What the person is told").fill("It is asked for daily.")
    press_on(page, "button", "Refuse, and tell the person")
    expect(page.locator("main .wrong").first).to_be_visible()
    expect(page.get_by_label("What the person is told")).to_have_value("It is asked for daily.")
    check_accessible(page)
    page.get_by_label("Excessive").focus()
    page.keyboard.press("Space")
    press_on(page, "button", "Refuse, and tell the person")
    expect(page.locator("main .said")).to_contain_text("Refused")
    check_accessible(page)
    assert rights.request(context, request_id=received.request_id, now=clock.now()).state is State.REFUSED
