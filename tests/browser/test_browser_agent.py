"""A Chromium takes calls at a real edge: one leg for the shift, one call after another, proved on decrypted audio."""

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.baresip import Softphone, softphone, strength
from tests.browser.telephones import SAID, processes, telephone
from tests.browser.test_browser_legs import ANSWER, LOUDEST, OFFER
from tests.integration.sipedge.edge_process import NUMBER, EdgeProcess, edge_process
from trustdesk.sipedge.words.asks import Done
from trustdesk.sipedge.words.commands import Agent, Attach, Connect, Deed
from trustdesk.sipedge.words.told import Happened

pytestmark = pytest.mark.browser

CALLER = 1000.0
AGENT = Agent(operator=5, attachment="window", agreed=True)


@pytest.fixture
def desk(browser: Browser, tmp_path: Path) -> Iterator[BrowserContext]:
    with telephone(browser, tmp_path) as context:
        yield context


@pytest.fixture
def edge(tmp_path: Path) -> Iterator[EdgeProcess]:
    with edge_process(tmp_path) as edge:
        yield edge


@pytest.fixture
def caller(tmp_path: Path) -> Iterator[Softphone]:
    account = "<sip:+36201112233@127.0.0.1>;regint=0;audio_codecs=PCMA/8000/1"
    with softphone(tmp_path / "caller", account=account, says_hertz=CALLER) as telephone:
        yield telephone


@pytest.fixture
def page(desk: BrowserContext, edge: EdgeProcess) -> Page:
    """Attached, and it has heard the notice."""
    page = desk.new_page()
    page.route("**/*", lambda route: route.fulfill(body="<!doctype html>", content_type="text/html"))
    page.goto("http://localhost/")
    offer = page.evaluate(OFFER, ["PCMA", {}])
    answered = edge.board.command(Attach(attachment="window", operator=5, offer=offer, steps=(edge.notice,)))
    assert isinstance(answered, Done), answered
    page.evaluate(ANSWER, answered.text)
    edge.board.until(lambda: edge.board.reachable.attachments == ("window",), what="attachment")
    page.wait_for_timeout(1500)
    return page


def talk(edge: EdgeProcess, caller: Softphone, call: int) -> None:
    caller.dial(f"sip:{NUMBER}@127.0.0.1:{edge.ports['udp']}")
    caller.wait_for("CALL_ESTABLISHED", times=call)
    edge.board.wait_for(Happened.QUEUED, call=call)
    assert edge.board.command(Connect(call=call, agent=AGENT)) == Done()
    edge.board.wait_for(Happened.RECORDING, call=call, times=2)


def test_one_leg_takes_one_call_after_another(edge: EdgeProcess, page: Page, caller: Softphone) -> None:
    for call in (1, 2):
        talk(edge, caller, call)
        page.wait_for_timeout(2500)
        assert page.evaluate(LOUDEST) == pytest.approx(CALLER, abs=10)
        assert edge.board.command(Deed(call=call, verb="hang-up")) == Done()
        edge.board.wait_for(Happened.ENDED, call=call)
        assert strength(caller.heard()[-4000:], SAID) > 0.5
    for recording, hertz in ((1, CALLER), (2, SAID), (3, CALLER), (4, SAID)):
        told = edge.board.wait_for(Happened.RECORDED, recording=recording)
        with edge.opened(recording) as sound:
            assert sound.agrees(chunks=told.chunks, head=told.head)
            assert strength(sound.samples(sound.end_ms - 1500, sound.end_ms - 500), hertz) > 0.5


def test_a_browser_killed_in_a_call_leaves_the_caller_to_somebody_else(
    edge: EdgeProcess, page: Page, caller: Softphone, tmp_path: Path
) -> None:
    talk(edge, caller, 1)
    page.wait_for_timeout(500)
    for process in processes(tmp_path):
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    killed_at = time.monotonic()
    assert edge.board.wait_for(Happened.LEFT, call=1, seconds=5).reason == "lost"
    assert time.monotonic() - killed_at <= 3.5
    edge.board.until(lambda: edge.board.reachable.attachments == (), what="the end of the attachment")
    assert edge.board.command(Deed(call=1, verb="hang-up")) == Done()
