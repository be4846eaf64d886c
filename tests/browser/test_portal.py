"""What a customer does who has never seen the program: asks for a link, reads the mail, chooses, and leaves."""

from urllib.parse import urljoin

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Visit, check_accessible
from tests.browser.test_pages import PHONE
from tests.integration.delivery import posting
from tests.integration.delivery.posting import VERSION, Company
from tests.integration.portal.visiting import mailbox
from tests.world import World
from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import ConsentState
from trustdesk.decision.contracts import Channel
from trustdesk.delivery.references import Reference, written
from trustdesk.identity import api as identity
from trustdesk.identity.contracts import NewConfirmation
from trustdesk.identity.services.looking import look_up
from trustdesk.kernel import clock

pytestmark = pytest.mark.browser

ADDRESS = "aino@example.com"
NARROWEST = (320, 640)  # 1280 pixels at 400 %: WCAG 2.2, 1.4.10
ZOOMED = (640, 360)  # 1280 by 720 at 200 %


@pytest.fixture
def company(committed: World) -> Company:
    cache.clear()  # the throttle counts over all tests of the minute
    company = posting.company()
    company.person(ADDRESS)
    return company


def mailed(company: Company) -> str:
    """The link in the mail that comes after somebody asked for one."""
    (newest,) = company.ask("SELECT max(id) FROM identity_link WHERE controller_id = %s", company.id)
    look_up(company.id, newest[0], now=clock.now())
    return mailbox(company)


def ask(page: Page, company: Company) -> str:
    page.fill("[name=address]", ADDRESS)
    page.locator("main form button").click()
    expect(page.locator("h1")).to_have_text("Look into your messages")
    return urljoin(page.url, mailed(company))


def come_in(page: Page, company: Company) -> Page:
    page.goto(ask(page, company))
    page.locator("main form button").click()
    expect(page.locator("h1")).to_have_text("What we may contact you about")
    return page


def newest(company: Company) -> ConsentState:
    return clearance.consents(company.context(), company.people[0].customer_id)[0].state


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_from_the_question_to_the_choice(visit: Visit, company: Company, theme: str) -> None:
    page = visit(f"/my/{company.id}/", theme=theme, size=PHONE)
    check_accessible(page)
    assert page.locator("header").inner_text().startswith("Posting")
    page.locator("main form button").click()
    expect(page.locator("main .wrong")).to_be_visible()
    check_accessible(page)
    link = ask(page, company)
    check_accessible(page)
    page.goto(link)
    check_accessible(page)
    page.locator("main form button").click()
    switch = page.get_by_role("switch", name="E-mail").first
    expect(switch).to_have_attribute("aria-checked", "true")
    check_accessible(page)
    switch.focus()
    page.keyboard.press("Enter")
    expect(page.locator("main .said")).to_contain_text("Saved")
    expect(page.get_by_role("switch", name="E-mail").first).to_have_attribute("aria-checked", "false")
    assert newest(company) is ConsentState.WITHDRAWN
    page.locator(".portal-notice summary").click()
    expect(page.locator(".portal-notice dd").first).to_have_text("Us")
    expect(page.locator(".portal-history li").first).to_contain_text("on a form on the web")
    check_accessible(page)


def test_without_scripts_everything_works(browser: Browser, address: str, company: Company) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/my/{company.id}/")
    page.goto(ask(page, company))
    page.locator("main form button").click()
    page.locator("main button.switch").first.click()
    expect(page.locator("main .said")).to_contain_text("Saved")
    assert newest(company) is ConsentState.WITHDRAWN
    page.locator("main .button-danger").click()
    expect(page.locator("#stop-all ~ p").first).to_contain_text("Stopped")
    page.locator(".foot select").select_option("de")
    page.locator(".foot button").click()
    expect(page.locator("html")).to_have_attribute("lang", "de")
    page.locator(".portal-head button").click()
    expect(page.locator("[name=address]")).to_be_visible()
    context.close()


@pytest.mark.parametrize("size", [NARROWEST, ZOOMED])
def test_nothing_leaves_the_frame_when_it_is_enlarged(visit: Visit, company: Company, size: tuple[int, int]) -> None:
    page = come_in(visit(f"/my/{company.id}/", size=size), company)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_a_used_link_and_one_of_another_browser_open_nothing(visit: Visit, company: Company) -> None:
    page = visit(f"/my/{company.id}/", size=PHONE)
    link = ask(page, company)
    other = visit(f"/my/{company.id}/", size=PHONE)
    other.goto(link)
    expect(other.locator("h1")).to_have_text("This link opens nothing.")
    check_accessible(other)
    page.goto(link)
    page.locator("main form button").click()
    page.goto(link)
    expect(page.locator("h1")).to_have_text("This link opens nothing.")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_link_under_a_mail_names_the_company_and_stops_it(visit: Visit, company: Company, theme: str) -> None:
    message_id = company.send(company.people[0])
    reference = written("unsubscribe", Reference(company.id, message_id))
    page = visit(f"/unsubscribe/{reference}/", theme=theme, size=PHONE)
    assert page.locator("header").inner_text().startswith("Posting")
    check_accessible(page)
    page.locator("main form button").click()
    expect(page.locator("h1")).to_have_text("It has stopped")
    check_accessible(page)
    page.locator("main a.button").click()
    come_in(page, company)
    expect(page.get_by_role("switch", name="E-mail").first).to_have_attribute("aria-checked", "false")
    expect(page.locator(".portal-history li").first).to_contain_text("by the link in an e-mail")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_consent_is_confirmed_by_whoever_can_read_what_it_is_for(visit: Visit, company: Company, theme: str) -> None:
    person = company.people[0]
    asked = NewConfirmation(
        customer_id=person.customer_id,
        value_id=person.email_id,
        purpose="news",
        channel=Channel.EMAIL,
        words="Yes, send me news.",
        notice_version=VERSION,
        language="en",
        reference="form 7",
    )
    identity.ask_to_confirm(company.context(), asked=asked, now=clock.now())
    link = mailbox(company)
    page = visit(link, theme=theme, size=PHONE)
    expect(page.locator(".portal-words")).to_have_text("Yes, send me news.")
    page.locator(".portal-notice summary").click()
    check_accessible(page)
    page.locator("main form button").click()
    expect(page.locator("h1")).to_have_text("Thank you")
    check_accessible(page)
    assert newest(company) is ConsentState.GIVEN
    page.goto(urljoin(page.url, link))
    expect(page.locator("h1")).to_have_text("This link confirms nothing.")
    check_accessible(page)


@pytest.mark.parametrize("path", ["/my/999999/", "/unsubscribe/0000000000000.1.aaaaaaaaaaaaaaaa/"])
def test_what_leads_nowhere_says_so_without_our_name(visit: Visit, company: Company, path: str) -> None:
    page = visit(path, size=PHONE)
    assert "trustdesk" not in page.locator("body").inner_text()
    check_accessible(page)
