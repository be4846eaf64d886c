"""Photograph a call for the documentation: `python scripts/screenshots_calls.py [ADDRESS]`, while `make run` answers.

A caller (baresip, as in the tests) rings the demo's Finnish number from a number on file; the agent takes the call in
a browser, says who it is and what came of it; an officer listens. No call may wait for its outcome when it begins.
"""

import json
import re
import sys
import tempfile
import time
import wave
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from screenshots import CHROMIUM, OUT, SIZES, found, state  # noqa: E402 - the checkout is no package
from tests.baresip import softphone  # noqa: E402

from trustdesk.server.home import current_home  # noqa: E402
from trustdesk.sipedge.audio.laws import linear  # noqa: E402
from trustdesk.sipedge.media.contracts import Law  # noqa: E402

CALLER, NUMBER = "seppo repo", "+358942420100"
SPEECH = ROOT / "src" / "trustdesk" / "demo" / "notices" / "fi.wav"
SWITCHES = [
    "--no-sandbox",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
]


class Studio:
    """Who looks, and the camera."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser, self.address = browser, address
        self.states = {person: state(browser, address, person) for person in ("agent", "supervisor", "officer")}

    def context(self, person: str, language: str, theme: str, size: str = "laptop") -> BrowserContext:
        width, height = SIZES[size]
        context = self.browser.new_context(
            base_url=self.address,
            storage_state=self.states.get(person),  # type: ignore[arg-type]
            viewport={"width": width, "height": height},
            color_scheme="dark" if theme == "dark" else "light",
            reduced_motion="reduce",
        )
        context.add_cookies([{"name": "django_language", "value": language, "url": self.address}])
        return context

    def look(self, name: str, path: str, person: str, language: str = "en", theme: str = "light") -> None:
        context = self.context(person, language, theme)
        page = context.new_page()
        page.goto(path)
        snap(page, name)
        context.close()


def snap(page: Page, name: str) -> None:
    page.wait_for_timeout(600)
    page.screenshot(path=str(OUT / f"{name}.png"))


def write_speech(path: Path, times: int) -> None:
    """Words for the mouths of both: a waveform that looks like talk."""
    spoken = SPEECH.read_bytes()
    words = linear(spoken[spoken.index(b"data") + 8 :], Law.A).tobytes()
    with wave.open(str(path), "wb") as stream:
        stream.setnchannels(1)
        stream.setsampwidth(2)
        stream.setframerate(8000)
        stream.writeframes(words * times)


def the_call(studio: Studio, folder: Path) -> str:
    """The path of the conversation it became."""
    context = studio.context("agent", "en", "light")
    desk = context.new_page()
    found(CALLER)(desk)
    number = re.sub(r"[^+\d]", "", re.findall(r"\+358[ \d]{8,}", desk.locator("main").inner_text())[0])
    desk.goto("/desk/")
    with context.expect_page() as opened:
        desk.locator("#call-open").click()
    telephone = opened.value
    telephone.locator("[data-phone-connect]").click()
    telephone.locator("[data-leg=open]").wait_for(state="visible")
    port = json.loads(current_home().secret("demo.json"))["sip"]
    account = f"<sip:{number}@127.0.0.1>;regint=0;audio_codecs=PCMA/8000/1"
    with softphone(folder / "caller", account=account, speech=folder / "caller.wav") as caller:
        caller.dial(f"sip:{NUMBER}@127.0.0.1:{port}")
        desk.locator("#call-accept").wait_for(timeout=120_000)
        snap(desk, "call-rings")
        desk.locator("#call-accept").click()
        desk.locator("#call-pause").wait_for()
        time.sleep(12)
        studio.look("live-calls-de", "/desk/calls/", "supervisor", "de")
        desk.locator("#call-pause").click()
        time.sleep(4)
        desk.locator("#call-pause").click()
        time.sleep(8)
        studio.look("call-talks-fi", "/desk/", "agent", "fi", "dark")
        conversation = desk.locator(".caller-card dl a").first.get_attribute("href") or ""
        desk.goto(conversation)
        desk.locator(".pane-side details.add summary").first.click()
        desk.locator(".pane-side details.add input[type=radio]").first.check()
        desk.locator(".pane-side details.add button[type=submit]").first.click()
        desk.locator("#call-end").click()
        desk.locator("#call-wrap-up").wait_for()
        snap(desk, "call-wrap-up")
    desk.locator("#call-wrap-up a").first.click()
    desk.locator("main form button[type=submit]").click()
    desk.wait_for_timeout(1_000)
    telephone.locator("[data-phone-close]").click()
    context.close()
    return conversation


def the_recording(studio: Studio, conversation: str) -> None:
    context = studio.context("officer", "de", "dark")
    page = context.new_page()
    recording = f"/console/recordings/{conversation.rstrip('/').split('/')[-1]}/"
    page.goto(recording)
    page.locator("form[action$='/listen/'] select").select_option(index=1)
    page.locator("form[action$='/listen/'] button").click()
    page.locator(".waveform").first.wait_for()
    page.locator(".waveform").first.evaluate("drawing => drawing.scrollIntoView({block: 'center'})")
    snap(page, "recording-de")
    context.close()


def main() -> None:
    address = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        spoken = Path(folder)
        write_speech(spoken / "agent.wav", 1)
        write_speech(spoken / "caller.wav", 20)
        voice = f"--use-file-for-fake-audio-capture={spoken / 'agent.wav'}"
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*SWITCHES, voice])
        studio = Studio(browser, address)
        the_recording(studio, the_call(studio, spoken))
        browser.close()


if __name__ == "__main__":
    main()
