"""Photograph the demo for the documentation: `python scripts/screenshots.py [ADDRESS]`, while `make run` answers.

Signs in as the demo's own people and writes `docs/screenshots/*.png`.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from trustdesk.demo import people
from trustdesk.server.home import current_home

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "docs" / "screenshots"
SIZES = {"laptop": (1280, 720), "wide": (1920, 1080), "phone": (390, 844)}
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")

Visit = Callable[[Page], object]


def state(browser: Browser, address: str, person: str) -> dict[str, object]:
    """The session of someone who signed in and took the first company and purpose."""
    context = browser.new_context()
    page = context.new_page()
    email = f"{person}@demo.example"
    page.goto(f"{address}/sign-in/")
    page.fill("[name=login]", email)
    page.fill("[name=password]", people.password(current_home()))
    page.click("form[action='/sign-in/'] button")
    page.fill("[name=code]", people.code(people.totp_secret(current_home(), email)))
    page.click("main .button-primary")
    page.click("main form .button-primary")
    page.wait_for_load_state()
    kept: dict[str, object] = dict(context.storage_state())
    context.close()
    return kept


def to(path: str) -> Visit:
    return lambda page: page.goto(path)


def found(words: str) -> Visit:
    """The desk with somebody opened."""

    def go(page: Page) -> None:
        page.goto("/desk/")
        page.fill("#query", words)
        page.locator("#hits .hit").first.click()
        page.wait_for_selector("#customer-name")

    return go


def asked(words: str) -> Visit:
    """Whether somebody found may be contacted."""

    def go(page: Page) -> None:
        found(words)(page)
        page.wait_for_selector("#may .way")
        page.locator("#may-title").scroll_into_view_if_needed()
        page.locator("#may-title").evaluate("title => title.scrollIntoView()")

    return go


def ledger(words: str) -> Visit:
    """All that was given to others of somebody found."""

    def go(page: Page) -> None:
        found(words)(page)
        page.locator("#given-title + a").click()
        page.wait_for_selector("table")

    return go


def mapped(first: str, second: str) -> Visit:
    """A list whose columns are not quite those of a saved mapping."""

    def give(page: Page, content: str) -> None:
        page.goto("/console/imports/")
        file = {"name": "list.csv", "mimeType": "text/csv", "buffer": content.encode()}
        page.set_input_files("input[type=file]", file)  # type: ignore[arg-type]
        page.locator("main form .button-primary").click()
        page.wait_for_selector("[name=column_0]")

    def go(page: Page) -> None:
        give(page, first)
        page.fill("[name=name]", "Electricity customers")
        page.locator("[name=save]").click()
        page.wait_for_selector("main .said, [name=replace]")
        give(page, second)
        page.select_option("[name=mapping]", index=1)
        page.locator("form[method=get] button").click()
        page.wait_for_selector("main .notice")

    return go


def called_from(number: str) -> Visit:
    """What everybody is told of a number."""

    def go(page: Page) -> None:
        page.goto("/who-called/")
        page.fill("[name=number]", number)
        page.locator("main form .button-primary").click()
        page.wait_for_selector("main .notice")

    return go


def first_of(path: str, link: str) -> Visit:
    """What the first row of a list opens."""

    def go(page: Page) -> None:
        page.goto(path)
        page.locator(link).first.click()
        page.wait_for_load_state()

    return go


# name, who (nobody: open to everybody), where, size, theme, language
PICTURES: list[tuple[str, str, Visit, str, str, str]] = [
    ("desk", "supervisor", found("virtanen"), "laptop", "light", "en"),
    ("desk-dark-fi", "supervisor", found("virtanen"), "laptop", "dark", "fi"),
    ("contacts", "supervisor", found("salminen silvennoinen"), "laptop", "light", "en"),
    ("shown-as-one-de", "supervisor", found("seppo repo"), "laptop", "dark", "de"),
    ("may-we-contact", "agent", asked("jorma koskinen"), "laptop", "light", "en"),
    ("clearance", "officer", to("/console/clearance/"), "laptop", "light", "en"),
    ("outside-lists-de", "officer", to("/console/clearance/lists/"), "laptop", "dark", "de"),
    ("disclosures-fi", "officer", ledger("seppo repo"), "laptop", "light", "fi"),
    ("new-customer-de", "supervisor", to("/desk/customers/new/"), "wide", "light", "de"),
    ("import-de", "supervisor", to("/console/imports/"), "laptop", "light", "de"),
    ("mapping", "supervisor", mapped("Name,Phone,E-mail\n", "Name,Mobile,E-mail\n"), "laptop", "light", "en"),
    ("tokens-de", "admin", to("/console/tokens/"), "laptop", "dark", "de"),
    ("console", "officer", to("/console/"), "laptop", "light", "en"),
    ("console-phone-fi", "officer", to("/console/"), "phone", "dark", "fi"),
    ("log", "officer", to("/console/log/"), "laptop", "light", "en"),
    ("call-notice-de", "supervisor", to("/console/calls/notices/main/fi/"), "laptop", "light", "de"),
    ("figures-fi", "supervisor", to("/desk/calls/figures/"), "laptop", "dark", "fi"),
    ("who-called-phone-de", "", called_from("+358 9 42420100"), "phone", "light", "de"),
    ("review-de", "officer", first_of("/console/updates/reviews/", "main tbody a"), "laptop", "light", "de"),
    ("feed", "officer", first_of("/console/updates/feeds/", "main tbody a"), "laptop", "light", "en"),
    ("freshness-fi", "officer", to("/console/freshness/"), "laptop", "dark", "fi"),
    ("inventory-de", "officer", to("/console/inventory/"), "wide", "dark", "de"),
]


def photograph(context: BrowserContext, name: str, go: Visit) -> None:
    page = context.new_page()
    go(page)
    page.wait_for_timeout(400)
    page.screenshot(path=str(OUT / f"{name}.png"))


def main() -> None:
    address = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"
    OUT.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        people_shown = {picture[1] for picture in PICTURES} - {""}
        states = {person: state(browser, address, person) for person in people_shown}
        for name, person, go, size, theme, language in PICTURES:
            width, height = SIZES[size]
            context = browser.new_context(
                base_url=address,
                storage_state=states.get(person),  # type: ignore[arg-type]
                viewport={"width": width, "height": height},
                color_scheme="dark" if theme == "dark" else "light",
            )
            context.add_cookies([{"name": "django_language", "value": language, "url": address}])
            photograph(context, name, go)
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
