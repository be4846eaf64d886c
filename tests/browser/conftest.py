"""A real browser on a real server. The server answers from a thread of the test run, so it sees the run's world."""

import asyncio
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright._impl._api_structures import SetCookieParam
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright
from pytest_django.plugin import DjangoDbBlocker

from tests.serving import served
from tests.surfaces import elevated, signed_in
from tests.world import Person, World

# Playwright keeps an event loop in this thread; the tests' own queries are still plain calls.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

CHROMIUM = os.environ.get("CHROMIUM") or "/usr/bin/chromium"
SWITCHES = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]

# Only what never comes takes so long; a page that waits for another process may wait longer than five seconds.
expect.set_options(timeout=20_000)

Visit = Callable[..., Page]
Theme = Literal["light", "dark"]


@pytest.fixture(scope="session")
def address(world: World, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """Where the program answers."""
    with django_db_blocker.unblock(), served() as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.fail(f"No Chromium at {CHROMIUM}: `apt-get install chromium`, or name it in CHROMIUM.")
    with sync_playwright() as playwright:
        loop = asyncio.get_running_loop()
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield browser
        asyncio._set_running_loop(loop)  # the run may end with a test that had it put away
        browser.close()


def _is_complaint(message: ConsoleMessage) -> bool:
    """An error of scripts or policies. What was refused (4xx, or a page in a stream's place) is logged too: meant."""
    meant = ("responded with a status of 4", "Response Status Error Code 4", "EventSource's response has a MIME type")
    return message.type == "error" and not any(words in message.text for words in meant)


@pytest.fixture
def visit(address: str, browser: Browser, committed: World) -> Iterator[Visit]:
    """A page of the program: `visit("/desk/", person=…)`. What the browser complains of fails the test."""
    complaints: list[str] = []
    contexts: list[BrowserContext] = []

    def go(
        path: str,
        *,
        person: Person | None = None,
        theme: Theme = "light",
        size: tuple[int, int] = (1280, 720),
        language: str = "en",
        elevate: bool = False,
    ) -> Page:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=theme,
            reduced_motion="reduce",
        )
        contexts.append(context)
        cookies: list[SetCookieParam] = [{"name": "django_language", "value": language, "url": address}]
        if person is not None:
            client = elevated(signed_in(person), person) if elevate else signed_in(person)
            cookies.append(
                {"name": "trustdesk_session", "value": client.cookies["trustdesk_session"].value, "url": address},
            )
        context.add_cookies(cookies)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if _is_complaint(message) else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(address + path)
        return page

    yield go
    for context in contexts:
        context.close()
    assert complaints == []


def check_accessible(page: Page) -> None:
    """axe finds nothing: WCAG 2.2 AA and best practices."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
