"""What a customer does who reads what is on file: by keyboard, on a phone, in both themes, without scripts."""

from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Visit, check_accessible
from tests.browser.test_pages import PHONE
from tests.browser.test_portal import NARROWEST, come_in, company, newest
from tests.integration.delivery.posting import Company
from tests.integration.portal.visiting import rest
from trustdesk.clearance.contracts import ConsentState
from trustdesk.server.cluster import Cluster

pytestmark = pytest.mark.browser
__all__ = ["company"]  # the fixture


def at_my_data(page: Page) -> Page:
    page.get_by_role("link", name="Data", exact=True).click()
    expect(page.locator("h1")).to_have_text("My data")
    return page


def press_on(page: Page, role: str, name: str) -> None:
    """Reached by tabulator and pressed by Enter, as without a mouse."""
    wanted = page.get_by_role(role, name=name)  # type: ignore[arg-type]
    expect(wanted.first).to_be_visible()
    for _step in range(80):
        page.keyboard.press("Tab")
        if wanted.first.evaluate("each => each === document.activeElement"):
            page.keyboard.press("Enter")
            return
    pytest.fail(f"No way to {name} by keyboard.")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_value_is_confirmed_and_corrected_by_keyboard(
    visit: Visit, company: Company, cluster: Cluster, theme: str
) -> None:
    rest(cluster, company)
    page = at_my_data(come_in(visit(f"/my/{company.id}/", theme=theme, size=PHONE), company))
    check_accessible(page)
    press_on(page, "button", "Still true: Phone")
    expect(page.locator("main .said")).to_contain_text("still true: Phone")
    expect(page.locator(".portal-values > li", has_text="+358 40")).to_contain_text("you confirmed it: today")
    press_on(page, "link", "Correct: Phone")
    expect(page.locator("h1")).to_have_text("Correct: Phone")
    check_accessible(page)
    page.get_by_label("The right value").fill("not a number")
    page.keyboard.press("Enter")
    expect(page.locator("main .wrong")).to_be_visible()
    expect(page.get_by_label("The right value")).to_have_value("not a number")
    check_accessible(page)
    page.get_by_label("The right value").fill("040 765 4321")
    page.keyboard.press("Enter")
    expect(page.locator("main .said")).to_contain_text("Corrected")
    expect(page.locator(".portal-values").first).to_contain_text("+358 40 7654321")
    press_on(page, "button", "Take back my consent: news, E-mail")
    expect(page.locator("main .said")).to_contain_text("Taken back")
    assert newest(company) is ConsentState.WITHDRAWN
    check_accessible(page)


def test_who_came_in_by_a_new_address_is_told_why(visit: Visit, company: Company) -> None:
    page = at_my_data(come_in(visit(f"/my/{company.id}/", size=PHONE), company))
    expect(page.locator("main .notice").first).to_contain_text("less than thirty days")
    assert "Aino" not in page.locator("main").inner_text()
    check_accessible(page)


def test_nothing_of_it_needs_scripts_or_leaves_the_narrowest_frame(
    visit: Visit, browser: Browser, company: Company, cluster: Cluster
) -> None:
    rest(cluster, company)
    scripted = come_in(visit(f"/my/{company.id}/", size=NARROWEST), company)
    german = {"name": "django_language", "value": "de", "url": urljoin(scripted.url, "/")}
    scripted.context.add_cookies([german])  # type: ignore[list-item]
    context = browser.new_context(
        java_script_enabled=False,
        viewport={"width": NARROWEST[0], "height": NARROWEST[1]},
        storage_state=scripted.context.storage_state(),
    )
    page = context.new_page()
    page.goto(scripted.url)
    page.get_by_role("link", name="Daten", exact=True).click()
    page.get_by_role("button", name="Stimmt noch: Telefon").click()
    expect(page.locator("main .said")).to_contain_text("Wir wissen jetzt")
    scripted.goto(page.url)
    assert scripted.evaluate("document.documentElement.scrollWidth") <= NARROWEST[0]
    context.close()
