"""An agent's Chromium: the telephone's window with a microphone that makes a tone by itself, and the desk beside it."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, sync_playwright

CHROMIUM = os.environ.get("CHROMIUM") or "/usr/bin/chromium"
_SWITCHES = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"),
    *("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"),
    *("--autoplay-policy=no-user-gesture-required", "--allow-loopback-in-peer-connection"),
)
_PATIENCE_MS = 30_000


@contextmanager
def browser(address: str, cookies: dict[str, str]) -> Iterator[BrowserContext]:
    """With the session of somebody who is signed in."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(_SWITCHES))
        context = chromium.new_context(viewport={"width": 1280, "height": 720})
        context.add_cookies([{"name": name, "value": value, "url": address} for name, value in cookies.items()])
        yield context
        context.close()
        chromium.close()


def connect(context: BrowserContext, address: str) -> Page:
    """The telephone's window, connected and ready."""
    telephone = context.new_page()
    telephone.goto(f"{address}/desk/phone/")
    telephone.click("[data-phone-connect]")
    telephone.wait_for_selector('[data-leg="open"]:visible', timeout=_PATIENCE_MS)
    telephone.wait_for_selector("#call-pauses:visible", timeout=_PATIENCE_MS)
    # Where the notice that the browser hears first took longer than the exchange waits, it is said once more.
    telephone.evaluate("document.querySelector('#call-ready')?.click()")
    telephone.wait_for_selector("#call-ready", state="detached", timeout=_PATIENCE_MS)
    return telephone


def desk(context: BrowserContext, address: str, script: Path) -> Page:
    """The desk, with a script that watches it."""
    page = context.new_page()
    page.add_init_script(path=script)
    page.goto(f"{address}/desk/")
    page.wait_for_selector("#callbar")
    return page


def call_of(accept: str) -> str:
    """The call's public id in the address that accepts it."""
    (found,) = re.findall(r"/calls/([^/]+)/accept/", accept)
    return str(found)
