"""How a company is called, in a browser: numbers, queues, menus, notices and destinations, the installation's phones,
trunks and network, and the page for whoever was called. Each in both themes and on a phone.
"""

import secrets
from urllib.parse import urljoin

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit, check_accessible
from tests.browser.test_pages import LAPTOP, PHONE
from tests.telephoning import notice, number, queue
from tests.world import World
from trustdesk.announcements import api as announcements
from trustdesk.kernel import clock
from trustdesk.kernel.ids import new_id, to_public
from trustdesk.telephony import api as telephony
from trustdesk.telephony.contracts import Choice, NewMenu, NewTrunk

pytestmark = pytest.mark.browser
LOOKS = [("light", LAPTOP), ("dark", LAPTOP), ("light", PHONE)]


@pytest.fixture
def called(committed: World) -> dict[str, str]:
    """A company that can be called; the codes of what it is called by."""
    context, now = committed.system(committed.north, "administration"), clock.now()
    code, digits = f"q{new_id()}", f"35894243{secrets.randbelow(9000) + 1000}"
    names = {"fi": "Asiakaspalvelu", "en": "Service"}
    telephony.save_queue(context, new=queue(code, names=names, country="FI", callback_offered=True), now=now)
    menu = NewMenu(code=f"m{new_id()}", choices=[Choice(key="1", queue=code, person=True)], otherwise=code)
    telephony.save_menu(context, new=menu, now=now)
    announcements.save_notice(context, new=notice("FI", language="fi", code=code), now=now)
    purposes = {"fi": "Asiakaspalvelu", "en": "Customer service"}
    new = number(f"+{digits}", queue=code, language="fi", country="FI", notice=code, menu=menu.code, purposes=purposes)
    telephony.save_number(context, new=new, now=now)
    return {"queue": code, "menu": menu.code, "digits": digits}


def administer(visit: Visit, world: World, theme: str, size: tuple[int, int]) -> Page:
    """The company's administrator in an elevated session: every form is open."""
    page = visit("/choose/", person=world.manager_north, theme=theme, size=size, elevate=True)
    page.click("main form .button-primary")
    page.wait_for_load_state()
    return page


def look_at(page: Page, path: str, size: tuple[int, int]) -> None:
    page.goto(urljoin(page.url, path))
    assert page.locator("h1").count() == 1
    check_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0], path


@pytest.mark.parametrize(("theme", "size"), LOOKS)
def test_how_the_company_is_called(
    visit: Visit, committed: World, called: dict[str, str], theme: str, size: tuple[int, int]
) -> None:
    page = administer(visit, committed, theme, size)
    for path in (
        "",
        "numbers/new/",
        f"numbers/{called['digits']}/",
        "queues/",
        "queues/new/",
        f"queues/{called['queue']}/",
        "menus/new/",
        f"menus/{called['menu']}/",
        "notices/",
        f"notices/{called['queue']}/fi/",
        "skills/",
        "destinations/",
    ):
        look_at(page, f"/console/calls/{path}", size)


@pytest.mark.parametrize(("theme", "size"), LOOKS)
def test_what_is_wrong_is_said_beside_it(visit: Visit, committed: World, theme: str, size: tuple[int, int]) -> None:
    page = administer(visit, committed, theme, size)
    for path, field in (("numbers/new/", "e164"), ("queues/new/", "code"), ("menus/new/", "code")):
        page.goto(urljoin(page.url, f"/console/calls/{path}"))
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator(f"[name={field}]")).to_have_attribute("aria-invalid", "true")
        check_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0], path


@pytest.mark.parametrize(("theme", "size"), LOOKS)
def test_the_exchange_of_the_installation(visit: Visit, committed: World, theme: str, size: tuple[int, int]) -> None:
    net = f"2001:db8:{secrets.token_hex(2)}::/48"
    trunk = NewTrunk(name=f"Carrier {new_id()}", target="sip:sip.example.com", addresses=[net])
    trunk_id = telephony.save_trunk(trunk_id=None, new=trunk, by=None, now=clock.now())
    page = visit("/console/exchange/", person=committed.admin, theme=theme, size=size, elevate=True)
    for path in ("", "trunks/", f"trunks/{to_public(trunk_id)}/", "edge/"):
        look_at(page, f"/console/exchange/{path}", size)
    page.goto(urljoin(page.url, "/console/exchange/"))
    page.get_by_label("Name of the phone").fill(f"p{secrets.token_hex(4)}")
    taken = {one.operator_id for one in telephony.phones(by=None)}
    free = next(one.id for one in committed.people.values() if one.id not in taken)
    page.get_by_label("Who answers it").select_option(to_public(free))
    page.get_by_label("It can prove its password by SHA-256").check()
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_text("the password is shown this once")).to_be_visible()
    expect(page.locator("tbody tr", has_text="SHA-256")).not_to_have_count(0)
    check_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


@pytest.mark.parametrize(("theme", "size"), LOOKS)
def test_who_called(visit: Visit, called: dict[str, str], theme: str, size: tuple[int, int]) -> None:
    cache.clear()  # who asks is throttled
    page = visit("/who-called/", theme=theme, size=size)
    for asked, said in (
        ("", "Who called me?"),
        (f"+{called['digits']}", "Customer service"),
        ("+358942430000", "none of"),
    ):
        if asked:
            page.get_by_label("Number").fill(asked)
            page.get_by_role("button", name="Ask").click()
        expect(page.locator("main")).to_contain_text(said)
        check_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
