"""Every page in both themes: axe finds nothing, nothing leaves the frame, the browser complains of nothing."""

from urllib.parse import urljoin

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit, check_accessible
from tests.surfaces import company, customer, supervisor
from tests.world import Person, World
from trustdesk.kernel import clock
from trustdesk.kernel.ids import new_id, to_public
from trustdesk.register import api as register

pytestmark = pytest.mark.browser

LAPTOP, PHONE = (1280, 720), (390, 844)


def sit(
    visit: Visit,
    person: Person,
    path: str,
    *,
    theme: str = "light",
    size: tuple[int, int] = LAPTOP,
    language: str = "en",
) -> Page:
    """Sign in, choose the first company, go there."""
    page = visit("/choose/", person=person, theme=theme, size=size, language=language)
    page.click("main form .button-primary")
    page.wait_for_load_state()
    page.goto(urljoin(page.url, path))
    return page


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/design/", "/sign-in/"])
def test_pages_of_strangers(visit: Visit, path: str, theme: str) -> None:
    check_accessible(visit(path, theme=theme))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/choose/", "/desk/", "/desk/customers/new/", "/console/imports/", "/console/seats/"])
def test_pages_of_a_supervisor(visit: Visit, committed: World, path: str, theme: str) -> None:
    supervisor(committed)
    page = sit(visit, committed.supervisor_north, path, theme=theme)
    assert page.locator("h1").count() == 1
    check_accessible(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_card(visit: Visit, committed: World, theme: str) -> None:
    aino = customer(supervisor(committed), "Aino", "Mäkelä", phone="+358 40 123 4567", email="aino@example.fi")
    page = sit(visit, committed.supervisor_north, f"/desk/customers/{to_public(aino)}/", theme=theme)
    assert page.locator("h1").inner_text() == "Aino Mäkelä"
    check_accessible(page)
    page.locator("summary", has_text="Correct").first.click()
    check_accessible(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", ["", "log/", "seats/", "inventory/", "disclosures/", "health/"])
def test_pages_of_an_officer(visit: Visit, committed: World, path: str, theme: str) -> None:
    check_accessible(sit(visit, committed.officer_north, f"/console/{path}", theme=theme))


@pytest.mark.parametrize("path", ["", "log/", "seats/", "inventory/", "disclosures/", "health/"])
def test_the_console_fits_a_phone(visit: Visit, committed: World, path: str) -> None:
    page = sit(visit, committed.officer_north, f"/console/{path}", size=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    check_accessible(page)


def test_pages_of_an_administrator(visit: Visit, committed: World) -> None:
    page = visit("/console/operators/", person=committed.admin)
    check_accessible(page)
    page.locator("tbody a").first.click()
    page.wait_for_load_state()
    check_accessible(page)


def test_pages_of_an_elevated_session(visit: Visit, committed: World) -> None:
    page = visit("/console/operators/", person=committed.admin, elevate=True)
    page.get_by_role("button", name="Make the invitation").click()
    page.wait_for_load_state()
    assert page.locator(".wrong").count() > 0
    check_accessible(page)
    page.locator("tbody a").first.click()
    page.wait_for_load_state()
    check_accessible(page)


@pytest.mark.parametrize("path", ["history/", "merge/"])
def test_pages_beside_the_card(visit: Visit, committed: World, path: str) -> None:
    someone = customer(supervisor(committed), "Vieno", "Vieras", phone="+358 40 123 4567")
    check_accessible(sit(visit, committed.supervisor_north, f"/desk/customers/{to_public(someone)}/{path}"))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_company_its_contact_and_what_was_given(visit: Visit, committed: World, theme: str) -> None:
    context, now = supervisor(committed), clock.now()
    works = company(context, "Sähkötyö Oy")
    page = sit(visit, committed.supervisor_north, f"/desk/customers/{to_public(works)}/", theme=theme)
    check_accessible(page)
    page.get_by_role("link", name="New contact").click()
    check_accessible(page)
    phone = register.card(context, works, now=now).contact_points[0].value_id
    why = {"purpose": "service", "legal_basis": "eu-gdpr:A6-1-b", "now": now}
    register.record_disclosure(context, customer_id=works, value_ids=[phone], recipient="Posti Oy", **why)  # type: ignore[arg-type]
    page.goto(urljoin(page.url, f"/desk/customers/{to_public(works)}/"))
    check_accessible(page)
    page.get_by_role("link", name="All 1").click()
    check_accessible(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_merge_and_its_undoing(visit: Visit, committed: World, theme: str) -> None:
    context, now = supervisor(committed), clock.now()
    first, second, third = (customer(context, "Aino", name) for name in ("Yksi", "Kaksi", "Kolme"))
    register.merge(context, into=second, customer_id=third, reason="same phone", now=now)
    register.merge(context, into=first, customer_id=second, reason="same phone", now=now)
    page = sit(visit, committed.supervisor_north, f"/desk/customers/{to_public(third)}/", theme=theme)
    check_accessible(page)
    page.get_by_role("link", name="Undo the merge").click()
    check_accessible(page)
    page.get_by_role("button", name="Undo the merge").click()
    expect(page.locator("#customer-name")).to_have_text("Aino Yksi")
    expect(page.locator(".said")).to_contain_text("The merge is undone")


def give(page: Page, content: bytes) -> None:
    page.goto(urljoin(page.url, "/console/imports/"))
    page.set_input_files("input[type=file]", {"name": "a.csv", "mimeType": "text/csv", "buffer": content})
    page.get_by_role("button", name="Read the columns").click()
    page.wait_for_load_state()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_list_is_prepared_with_a_saved_mapping(visit: Visit, committed: World, theme: str) -> None:
    supervisor(committed)
    page = sit(visit, committed.supervisor_north, "/console/imports/", theme=theme)
    name = f"Sizes {new_id()}"
    give(page, b"Name,Size\nAino,3\n")
    check_accessible(page)
    page.get_by_label("Drop them").check()
    page.get_by_label("Name of this mapping").fill(name)
    page.get_by_role("button", name="Only save the mapping").click()
    expect(page.locator(".notice", has_text="fits this list")).to_be_visible()
    give(page, b"Name,Length\nAino,3\n")
    page.get_by_label("Read the list as saved under").select_option(label=f"{name} · fits this list")
    page.get_by_role("button", name="Use").click()
    expect(page.locator(".notice")).to_contain_text("Columns of the list that it drops: Length")
    page.get_by_label("Length").select_option("remark")
    page.get_by_role("button", name="Only save the mapping").click()
    check_accessible(page)
    page.get_by_label("Replace the saved mapping of this name").check()
    page.get_by_role("button", name="Only save the mapping").click()
    expect(page.locator(".said")).to_contain_text("The mapping is saved")
    page.get_by_role("link", name="See what they say").click()
    check_accessible(page)
    page.get_by_label(f"Delete {name}").click()
    check_accessible(page)
    page.get_by_role("button", name="Delete the mapping").locator("visible=true").click()
    expect(page.locator(".said")).to_contain_text("Deleted.")
    expect(page.get_by_text(name)).to_have_count(0)


@pytest.mark.parametrize("language", ["de", "fi", "hu", "pl"])
def test_the_desk_fits_in_every_language(visit: Visit, committed: World, language: str) -> None:
    someone = customer(supervisor(committed), "Vieno", "Vieras", phone="+358 40 123 4567", email="vieno@example.fi")
    page = sit(visit, committed.agent_north, f"/desk/customers/{to_public(someone)}/", language=language)
    assert page.locator("html").get_attribute("lang") == language
    assert page.evaluate("document.documentElement.scrollWidth") <= LAPTOP[0]
    assert "Still true" not in page.locator("main").inner_text()
    check_accessible(page)


@pytest.mark.parametrize(("theme", "size"), [("light", LAPTOP), ("dark", PHONE)])
def test_the_mandates(visit: Visit, committed: World, theme: str, size: tuple[int, int]) -> None:
    page = visit("/console/mandates/", person=committed.admin, theme=theme, size=size, elevate=True)
    check_accessible(page)
    page.locator("main form:has([name=company]) .button-primary").click()  # no purpose is ticked
    expect(page.locator("main .wrong").first).to_be_visible()
    check_accessible(page)
    page.locator("main tbody th a").first.click()
    expect(page.locator("#end-title")).to_be_visible()
    check_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_the_section_one_is_in_is_in_sight_on_a_phone(visit: Visit, committed: World) -> None:
    page = visit("/console/operators/", person=committed.admin, size=PHONE, language="de")
    box = page.locator(".sections [aria-current]").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] < PHONE[0] + 1  # whole pixels are scrolled, boxes have parts of one


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_network_of_the_exchange(visit: Visit, committed: World, theme: str) -> None:
    """What the exchange can't speak to is refused with what to write instead, in its place."""
    page = visit("/console/exchange/edge/", person=committed.admin, theme=theme, elevate=True)
    check_accessible(page)
    page.fill("[name=stun]", "stuns:stun.example.com")
    page.click("main form .button-primary")
    page.wait_for_load_state()
    assert "plain UDP only" in page.inner_text("main")
    assert "stun:stun.example.com:3478" in page.inner_text("main")
    check_accessible(page)
