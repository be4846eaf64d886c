"""An agent's work in a real browser: search, open, confirm, correct, note, keys."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.test_pages import sit
from tests.surfaces import company, customer, supervisor
from tests.world import World
from trustdesk.kernel.ids import to_public

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(visit: Visit, committed: World) -> Page:
    supervisor(committed)
    return sit(visit, committed.supervisor_north, "/desk/")


def look_for(page: Page, words: str, name: str) -> None:
    page.locator("#query").press_sequentially(words)
    page.locator("#hits .hit", has_text=name).first.click()
    expect(page.locator("#customer-name")).to_have_text(name)


def shown(page: Page) -> str:
    """The customer's part without what differs on every answer: tokens, ids, the passing word, the mark of a change."""
    text = page.locator("#customer").inner_html()
    text = re.sub(
        r'name="csrfmiddlewaretoken" value="[^"]+"|why-\d+|value-changed|class="[^"]*"|style="[^"]*"',
        "",
        text,
    )
    text = re.sub(r'<div\s*>\s*<div[^>]* role="status">.*?</strong></div></div></div>', "", text, flags=re.DOTALL)
    return re.sub(r"\s+", " ", text).replace(' open=""', "")


def test_search_as_one_types_and_the_address_names_nobody(desk: Page, committed: World) -> None:
    customer(supervisor(committed), "Tuulikki", "Ääretön")
    look_for(desk, "aareton", "Tuulikki Ääretön")
    assert "retön" not in desk.url
    assert "aareton" not in desk.url
    expect(desk.locator("#hits .hit").first).to_have_attribute("aria-current", "true")


def test_a_swap_shows_what_a_reload_shows(desk: Page, committed: World) -> None:
    customer(supervisor(committed), "Onni", "Vaihtola", phone="+358 40 765 4321", email="onni@example.fi")
    look_for(desk, "vaihtola", "Onni Vaihtola")
    mail = desk.locator(".value", has_text="onni@example.fi")
    expect(mail).to_contain_text("2 years ago")
    mail.get_by_role("button", name="Still true").click()
    expect(mail).to_contain_text("confirmed today by the customer")
    expect(desk.locator("#may > .button")).to_have_count(0)  # what may be said has come
    swapped = shown(desk)
    desk.reload()
    expect(desk.locator("#may > .button")).to_have_count(0)  # what may be said has come
    assert shown(desk) == swapped


def test_a_value_is_corrected_in_its_place(desk: Page, committed: World) -> None:
    customer(supervisor(committed), "Sanni", "Korjala", phone="+358 40 111 2222")
    look_for(desk, "korjala", "Sanni Korjala")
    phone = desk.locator(".value", has_text="+358 40 1112222")
    phone.locator("summary", has_text="Correct").click()
    phone.get_by_label("The right value").fill("not a number")
    phone.get_by_role("button", name="Save").click()
    wrong = desk.locator(".value .wrong")
    expect(wrong).to_be_visible()
    desk.get_by_label("The right value").locator("visible=true").fill("040 999 8888")
    desk.get_by_role("button", name="Save", exact=True).locator("visible=true").click()
    expect(desk.locator(".value", has_text="+358 40 9998888")).to_contain_text("Corrected on the customer's word")


def test_a_note_by_keys(desk: Page, committed: World) -> None:
    customer(supervisor(committed), "Veikko", "Muistola")
    look_for(desk, "muistola", "Veikko Muistola")
    desk.keyboard.press("Escape")
    desk.locator("#customer-name").click()
    desk.keyboard.press("n")
    desk.keyboard.type("Prefers to be called after five.")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".noted")).to_contain_text("Prefers to be called after five.")


def test_the_palette_finds_from_anywhere(desk: Page, committed: World) -> None:
    customer(supervisor(committed), "Hilla", "Palettila")
    desk.keyboard.press("Control+k")
    desk.keyboard.type("palettila")
    expect(desk.locator("#palette-hits .hit")).to_have_count(1)
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Enter")
    expect(desk.locator("#customer-name")).to_have_text("Hilla Palettila")


def test_all_keys_can_be_switched_off(desk: Page) -> None:
    desk.keyboard.press("?")
    expect(desk.locator("#keys")).to_be_visible()
    desk.get_by_role("button", name="Switch all keys off").click()
    desk.wait_for_load_state()
    desk.keyboard.press("?")
    desk.keyboard.press("Control+k")
    expect(desk.locator("dialog[open]")).to_have_count(0)


def test_between_a_company_and_its_contact_and_back(desk: Page, committed: World) -> None:
    company(supervisor(committed), "Yhteys Oy")
    look_for(desk, "yhteys", "Yhteys Oy")
    desk.get_by_role("link", name="New contact").click()
    desk.get_by_label("Given name").fill("Veera")
    desk.get_by_label("Family name").fill("Yhteinen")
    desk.get_by_label("The customer was given the privacy notice just now").check()
    desk.get_by_label("Version of the notice").fill("2026-2")
    desk.get_by_role("button", name="Create contact").click()
    expect(desk.locator("#customer-name")).to_have_text("Veera Yhteinen")
    expect(desk.locator(".said")).to_contain_text("The contact is created.")
    desk.get_by_role("link", name="Yhteys Oy").click()
    expect(desk.locator("#customer-name")).to_have_text("Yhteys Oy")
    expect(desk.locator("#may > .button")).to_have_count(0)  # what may be said has come
    swapped = shown(desk)
    desk.reload()
    expect(desk.locator("#may > .button")).to_have_count(0)  # what may be said has come
    assert shown(desk) == swapped
    desk.get_by_role("link", name="Veera Yhteinen").click()
    expect(desk.locator("#customer-name")).to_have_text("Veera Yhteinen")


def test_a_closed_door_says_why(visit: Visit, committed: World) -> None:
    someone = customer(supervisor(committed), "Olli", "Ovela")
    page = sit(visit, committed.officer_north, f"/desk/customers/{to_public(someone)}/")
    door = page.get_by_role("button", name="Write a note")
    expect(door).to_have_attribute("aria-disabled", "true")
    reason = page.locator(f"#{door.get_attribute('aria-describedby')}")
    expect(reason).to_have_text("Your role under this mandate does not include this.")


def test_who_has_looked(visit: Visit, committed: World) -> None:
    someone = customer(supervisor(committed), "Katri", "Katsottu")
    sit(visit, committed.agent_north, f"/desk/customers/{to_public(someone)}/")
    page = sit(visit, committed.officer_north, f"/desk/customers/{to_public(someone)}/")
    page.locator("#looked a").click()
    expect(page.locator("#looked")).to_contain_text("Agent North")
    expect(page.locator("#looked")).to_contain_text("opened the card")


def test_a_refusal_comes_over_the_page_and_leaves_it(visit: Visit, committed: World) -> None:
    someone = customer(supervisor(committed), "Kiire", "Kilpala")
    page = sit(visit, committed.supervisor_north, f"/desk/customers/{to_public(someone)}/")
    page.locator("form[action$='/notes/']").evaluate(
        "form => { form.setAttribute('hx-post', '/desk/customers/0000000000001/notes/'); htmx.process(form); }",
    )
    page.get_by_role("textbox", name="Note").fill("Typed and kept.")
    page.get_by_role("button", name="Save note").click()
    expect(page.locator("#refusal")).to_contain_text("Nothing to see here")
    expect(page.get_by_role("textbox", name="Note")).to_have_value("Typed and kept.")
