"""The copy of a person's data, from the officer's order to the download on the person's phone."""

import re
from urllib.parse import urljoin

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from tests.browser.conftest import Visit, check_accessible
from tests.browser.test_pages import PHONE, sit
from tests.browser.test_portal import come_in
from tests.integration.copies.copying import aged, made, office, unpacked
from tests.integration.delivery import posting
from tests.integration.delivery.posting import Company, mail_server
from tests.integration.delivery.smtpd import Smtpd
from tests.surfaces import customer, supervisor
from tests.world import World
from trustdesk.copies import api as copies
from trustdesk.copies import tasks
from trustdesk.kernel.ids import to_public
from trustdesk.server.cluster import Cluster

pytestmark = pytest.mark.browser

LINK = re.compile(r"/my/\d+/data-copies/[0-9A-Za-z]{13}-[0-9A-Za-z_\-]{43}/")


@pytest.fixture
def company(committed: World, cluster: Cluster) -> Company:
    cache.clear()  # the throttle counts over all tests of the minute
    company = posting.company()
    company.person("aino@example.com")
    aged(cluster, company.id)
    return company


def letter(company: Company) -> str:
    with Smtpd() as server, mail_server(server.port):
        company.work()
    found = LINK.search(server.taken[-1].content.decode().replace("=\r\n", "").replace("=3D", "="))
    assert found
    return found[0]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_an_officer_orders_hands_over_and_ends_a_copy(visit: Visit, committed: World, theme: str) -> None:
    asked = customer(supervisor(committed), "Helmi", "Kopio", email="helmi@example.com")
    path = f"/console/copies/?customer={to_public(asked)}"
    page = sit(visit, committed.officer_north, path, theme=theme)
    expect(page.locator("#copies")).to_be_visible()
    expect(page.locator("main form button", has_text="Make the copy")).to_have_count(0)
    check_accessible(page)
    page = visit("/choose/", person=committed.officer_north, theme=theme, elevate=True)
    page.click("main form .button-primary")
    page.wait_for_load_state()
    page.goto(urljoin(page.url, path))
    expect(page.locator("[name=customer]")).to_have_value(to_public(asked))
    page.locator("[name=send]").uncheck()
    page.locator("main form button", has_text="Make the copy").click()
    row = page.locator("#copies tbody tr", has_text=to_public(asked)[:3]).first
    expect(row).to_contain_text("Ordered")
    check_accessible(page)
    context = committed.system(committed.north, "compliance")
    (newest, *_older) = copies.of_customer(context, asked)
    tasks.make(controller_id=committed.north.id, copy_id=newest.copy_id)
    expect(row).to_contain_text("Ready", timeout=30_000)  # the page asks by itself
    check_accessible(page)
    with page.expect_download() as handed:
        row.locator("button", has_text="Download").click()
    assert "Helmi" in unpacked(handed.value.path().read_bytes()).everything()
    page.reload()
    row.locator("button", has_text="Destroy").click()
    expect(row).to_contain_text("Destroyed")


def test_the_person_follows_the_letter_and_downloads(visit: Visit, company: Company) -> None:
    view = made(company, company.people[0].customer_id, send=True)
    page = visit(letter(company), size=PHONE)
    expect(page.locator("h1")).to_have_text("The copy of your data")
    check_accessible(page)
    come_in(page, company)
    page.goto(urljoin(page.url, f"/my/{company.id}/data-copies/"))
    check_accessible(page)
    with page.expect_download() as handed:
        page.locator("main form button", has_text="Download").click()
    assert "Aino Mäkelä" in unpacked(handed.value.path().read_bytes()).everything()
    assert copies.copy(office(company), view.copy_id).downloads == 1
