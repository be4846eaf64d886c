"""The agent's telephone in a real browser: the call bar by keys and by itself, and a voice that goes through.

The switchboard is a stand-in that moves no call (tests/calling.py); the process of the browsers is the real one.
"""

import contextlib
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
from playwright.sync_api import APIResponse, Browser, BrowserContext, Page, Route, expect

from tests.browser.conftest import Visit, check_accessible
from tests.browser.telephones import SAID, telephone
from tests.browser.test_pages import sit
from tests.calling import StandIn, conversing_about, hangs_up, rings, speaks, stand_in, stands, turns
from tests.clearing import declare_under
from tests.listening import Edge, MediaLeg, edge
from tests.sounds import loudest
from tests.surfaces import customer, newcomer, seated, supervisor
from tests.turning import PASSWORD, USER, relay
from tests.world import Person, World
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import to_public
from trustdesk.sipedge.media.contracts import Law
from trustdesk.sipedge.webrtc.contracts import Servers
from trustdesk.sipedge.words.word import Word
from trustdesk.switchboard import words
from trustdesk.switchboard.contracts import CallState, Certainty, Pause, Presence

pytestmark = pytest.mark.browser
LAPTOP, WIDE = (1280, 720), (1920, 1080)


@pytest.fixture
def agent(committed: World) -> Person:
    return newcomer(committed, committed.north, "agent")


@pytest.fixture
def context(committed: World, agent: Person) -> AccessContext:
    return committed.context(agent, committed.north)


@pytest.fixture
def exchange() -> Iterator[StandIn]:
    with stand_in() as exchange:
        yield exchange


@pytest.fixture
def desk(visit: Visit, agent: Person, context: AccessContext) -> Page:
    stands(context, Presence.READY)
    return sit(visit, agent, "/desk/")


def fits(page: Page, size: tuple[int, int]) -> bool:
    width: int = page.evaluate("document.documentElement.scrollWidth")
    return width <= size[0]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [LAPTOP, WIDE])
def test_every_state_of_the_bar(  # noqa: PLR0917 -- fixtures
    visit: Visit, committed: World, context: AccessContext, agent: Person, theme: str, size: tuple[int, int]
) -> None:
    declare_under(committed.system(committed.north), languages=("fi", "en"))
    aino = customer(supervisor(committed), "Aino", "Mäkelä", phone="+358 40 555 0101")
    page = sit(visit, agent, "/desk/", theme=theme, size=size)
    expect(page.locator("#call-open")).to_be_visible()
    check_accessible(page)
    stands(context, Presence.READY)
    page.wait_for_selector("#call-pauses")
    page.click("#call-dial summary")
    check_accessible(page)
    call = rings(context, certainty=Certainty.NUMBER_MATCHED, matches=[aino])
    page.wait_for_selector("#call-accept")
    expect(page.locator("#caller")).to_contain_text("can be forged")
    expect(page.locator("#call-said")).to_contain_text("Number matched (can be forged)")
    check_accessible(page)
    turns(context, call, state=CallState.TALKING, offered_to=None, operator_id=context.operator_id, recorded=True)
    stands(context, Presence.TALKING, call=call)
    page.goto(urljoin(page.url, f"/desk/customers/{to_public(aino)}/"))
    expect(page.locator("#callbar")).to_contain_text("Recording")
    for menu in ("#call-keypad", "#call-transfer", ".menu-inline"):
        page.click(f"{menu} > summary")
        page.wait_for_timeout(100)
        check_accessible(page)
        page.click(f"{menu} > summary")
    assert fits(page, size)
    page.goto(urljoin(page.url, "/desk/phone/"))
    check_accessible(page)
    hangs_up(context, call)
    expect(page.locator("#callbar")).to_contain_text("Wrap-up")
    check_accessible(page)


@pytest.mark.parametrize("language", ["de", "fi", "hu", "pl"])
def test_the_bar_fits_in_every_language(
    visit: Visit, committed: World, agent: Person, context: AccessContext, language: str
) -> None:
    speaks(context, certainty=Certainty.NUMBER_MATCHED)
    page = sit(visit, agent, "/desk/", language=language)
    expect(page.locator("#call-end")).to_be_visible()
    assert fits(page, LAPTOP)
    page.wait_for_timeout(300)
    assert page.evaluate("document.querySelector('#call-end').getBoundingClientRect().right") <= LAPTOP[0]


def test_a_call_by_keys_alone(desk: Page, context: AccessContext, exchange: StandIn) -> None:
    call = rings(context)
    desk.wait_for_selector("#call-accept")

    def moves(word: Word) -> None:
        if isinstance(word, words.AcceptCall):
            talking = {"state": CallState.TALKING, "offered_to": None, "operator_id": context.operator_id}
            turns(context, call, recorded=True, answered_at=clock.now(), **talking)
            stands(context, Presence.TALKING, call=call)
        elif isinstance(word, words.DoDeed) and word.verb in {"pause", "unpause"}:
            turns(context, call, paused=word.verb == "pause")
        elif isinstance(word, words.DoDeed) and word.verb == "hang-up":
            hangs_up(context, call)

    exchange.react = moves
    desk.focus("#call-accept")
    desk.keyboard.press("Enter")
    expect(desk.locator("#callbar")).to_contain_text("Recording")
    desk.wait_for_timeout(300)
    desk.keyboard.press("p")
    expect(desk.locator("#callbar")).to_contain_text("Recording paused")
    desk.wait_for_timeout(300)  # both words of the change have come: the answer, and the stream's
    desk.keyboard.press("p")
    expect(desk.locator("#call-pause")).to_contain_text("Pause recording")
    assert desk.url.endswith("/desk/"), "a key pressed as the bar changed leads nowhere"
    desk.focus("#query")
    desk.keyboard.type("pepe")
    desk.evaluate("document.activeElement.blur()")
    expect(desk.locator("#callbar")).to_contain_text("Recording")
    desk.keyboard.press("e")
    expect(desk.locator("#callbar")).to_contain_text("Wrap-up")
    verbs = [word.verb for word in exchange.words if isinstance(word, words.DoDeed)]
    assert verbs == ["pause", "unpause", "hang-up"], "typing into a field presses nothing"


def test_a_late_answer_shows_no_bar_of_before(desk: Page, context: AccessContext, exchange: StandIn) -> None:
    """An answer was drawn up before the call was ended, and comes after: it would offer a call that is over."""
    call = speaks(context)
    expect(desk.locator("#call-end")).to_be_visible()
    held: list[tuple[Route, APIResponse]] = []
    desk.route("**/desk/phone/bar/", lambda route: held.append((route, route.fetch())), times=1)
    turns(context, call, paused=True)
    desk.wait_for_timeout(500)
    exchange.react = lambda word: hangs_up(context, call) if isinstance(word, words.DoDeed) else None
    desk.keyboard.press("e")
    expect(desk.locator("#callbar")).to_contain_text("Wrap-up")
    desk.wait_for_timeout(300)
    route, before = held[0]
    assert "call-end" in before.text()
    route.fulfill(response=before)
    desk.wait_for_timeout(300)
    expect(desk.locator("#callbar")).to_contain_text("Wrap-up", timeout=1)
    stands(context, Presence.READY)
    expect(desk.locator("#call-pauses")).to_be_visible()


def test_what_is_typed_outlives_a_change_of_the_bar(desk: Page, context: AccessContext) -> None:
    desk.click("#call-dial summary")
    desk.fill("#dial-number", "040 123")
    stands(context, Presence.PAUSED, reason=Pause.LUNCH)
    expect(desk.locator("#callbar")).to_contain_text("Paused: Lunch")
    expect(desk.locator("#dial-number")).to_have_value("040 123")
    expect(desk.locator("#dial-number")).to_be_visible()


def test_who_is_known_is_on_the_screen_before_anybody_picks_up(
    committed: World, desk: Page, context: AccessContext
) -> None:
    aino = customer(supervisor(committed), "Aino", "Ponnahtava")
    rings(context, certainty=Certainty.IDENTIFIED, customer_id=aino)
    expect(desk.locator("#customer-name")).to_have_text("Aino Ponnahtava", timeout=3000)
    expect(desk.locator("#call-accept")).to_be_visible()
    desk.click("text=trustdesk >> nth=0")
    desk.wait_for_selector("#call-accept")
    desk.wait_for_timeout(300)
    expect(desk.locator("#customer-name")).to_have_count(0)  # once a call: whoever went away stays away


def test_a_note_that_is_being_written_is_not_swept_away(committed: World, desk: Page, context: AccessContext) -> None:
    before = customer(supervisor(committed), "Berit", "Keskeneräinen")
    aino = customer(supervisor(committed), "Aino", "Ponnahtava")
    desk.goto(urljoin(desk.url, f"/desk/customers/{to_public(before)}/"))
    desk.fill("[data-key-note]", "half a sent")
    rings(context, certainty=Certainty.IDENTIFIED, customer_id=aino)
    desk.wait_for_selector("#call-accept")
    expect(desk.locator("[data-pop]")).to_be_visible()
    desk.wait_for_timeout(300)
    expect(desk.locator("#customer-name")).to_have_text("Berit Keskeneräinen")
    expect(desk.locator("[data-key-note]")).to_have_value("half a sent")


def test_a_name_is_opened_once_a_page_and_stays(
    committed: World, desk: Page, agent: Person, context: AccessContext
) -> None:
    aino = customer(supervisor(committed), "Aino", "Kertalleen")
    asked: list[str] = []
    desk.on("request", lambda request: asked.append(request.url) if request.url.endswith("/who/") else None)
    call = speaks(context, certainty=Certainty.IDENTIFIED, customer_id=aino)
    expect(desk.locator(".callbar-name")).to_have_text("Aino Kertalleen")
    for paused, said in ((True, "Recording paused"), (False, "Pause recording"), (True, "Recording paused")):
        turns(context, call, paused=paused)
        expect(desk.locator("#callbar")).to_contain_text(said)
        expect(desk.locator(".callbar-name")).to_have_text("Aino Kertalleen")
    check_accessible(desk)
    assert len(asked) == 1
    hangs_up(context, call)
    expect(desk.locator(".callbar-name")).to_have_count(0)


def test_where_there_is_no_pane_the_card_opens_as_a_page(
    visit: Visit, committed: World, agent: Person, context: AccessContext
) -> None:
    aino = customer(supervisor(committed), "Aino", "Sivulla")
    conversation, interaction, _ = conversing_about(context)
    of_it = {"conversation_id": conversation, "interaction_id": interaction}
    speaks(context, certainty=Certainty.IDENTIFIED, customer_id=aino, **of_it)
    page = sit(visit, agent, f"/desk/conversations/{to_public(conversation)}/")
    page.locator("#caller [data-pop]").click()
    expect(page.locator("#customer-name")).to_have_text("Aino Sivulla")
    page.goto(urljoin(page.url, "/desk/phone/"))
    with page.context.expect_page() as opened:
        page.locator("#caller [data-pop]").click()
    expect(opened.value.locator("#customer-name")).to_have_text("Aino Sivulla")
    assert page.url.endswith("/desk/phone/"), "the window with the voice stays"


class Exchange:
    """Attaches the page's offer to the real process of the browsers, beside a leg of the media."""

    def __init__(self, running: Edge, media: MediaLeg, switchboard: StandIn, context: AccessContext) -> None:
        self.running, self.media, self.context = running, media, context
        self.attached = 0
        switchboard.react = self.react

    def react(self, word: Word) -> Word | None:
        if isinstance(word, words.AttachBrowser):
            self.attached += 1
            browsers = self.running.browsers
            self.running.do(browsers.detach(f"a{self.attached - 1}"))
            attaching = browsers.attach(f"a{self.attached}", word.offer, media=self.media.place, servers=Servers())
            return words.Settled(text=self.running.do(attaching).sdp)
        if isinstance(word, words.SetPresence):
            stands(self.context, Presence(word.state))
        return None


@pytest.fixture
def through(context: AccessContext, exchange: StandIn, tmp_path: Path) -> Iterator[Exchange]:
    with edge() as running, MediaLeg(tmp_path / "leg", Law.A, 1000) as media:
        yield Exchange(running, media, exchange, context)


@pytest.fixture
def hold(
    browser: Browser, address: str, agent: Person, committed: World, tmp_path: Path
) -> Iterator[Callable[..., Page]]:
    """The telephone's window in a browser with a microphone, given or denied."""
    with contextlib.ExitStack() as stack:

        def go(**microphone: str) -> Page:
            opened: BrowserContext = stack.enter_context(telephone(browser, tmp_path, **microphone))  # type: ignore[arg-type]
            session = seated(agent, committed.north).cookies["trustdesk_session"].value
            opened.add_cookies([{"name": "trustdesk_session", "value": session, "url": address}])
            page = opened.new_page()
            page.goto(f"{address}/desk/phone/")
            return page

        yield go


def test_the_voice_goes_through_and_comes_again(
    hold: Callable[..., Page], through: Exchange, exchange: StandIn
) -> None:
    page = hold()
    page.click("[data-phone-connect]")
    expect(page.locator("[data-leg=open]")).to_be_visible(timeout=30_000)
    expect(page.locator("#callbar")).to_contain_text("Ready")
    expect(page.locator("#level-words")).to_have_text("heard")
    expect(page.locator("#microphone option")).not_to_have_count(1)
    page.wait_for_timeout(2000)
    assert loudest(through.media.wave(50)) == pytest.approx(SAID, abs=5)
    attach = next(word for word in exchange.words if isinstance(word, words.AttachBrowser))
    assert "m=audio" in attach.offer
    assert "opus" not in attach.offer
    check_accessible(page)

    os.kill(through.running.browsers.pid, signal.SIGKILL)
    expect(page.locator("[data-leg=again]")).to_be_visible(timeout=30_000)
    expect(page.locator("[data-leg=open]")).to_be_visible(timeout=30_000)
    asked = [word for word in exchange.words if isinstance(word, words.SetPresence)]
    assert len(asked) == 1, "whoever comes again is not made ready by that"
    before = len(through.media.heard())
    page.wait_for_timeout(500)
    assert len(through.media.heard()) > before
    page.click("[data-phone-close]")
    expect(page.locator("[data-leg=closed]")).to_be_visible()


def test_it_asks_those_for_a_way_whom_the_exchange_names(
    hold: Callable[..., Page], through: Exchange, exchange: StandIn, tmp_path: Path
) -> None:
    """Behind a firewall that lets nothing but a relay through."""
    page = hold()
    with relay(tmp_path / "relay") as at:
        asked = {"iceServers": [{"urls": at.url("tcp"), "username": USER, "credential": PASSWORD}]}
        page.route("**/phone/servers/", lambda route: route.fulfill(json=asked | {"iceTransportPolicy": "relay"}))
        page.click("[data-phone-connect]")
        expect(page.locator("[data-leg=open]")).to_be_visible(timeout=30_000)
        page.wait_for_timeout(1500)
        assert loudest(through.media.wave(50)) == pytest.approx(SAID, abs=5)
        offer = next(word for word in exchange.words if isinstance(word, words.AttachBrowser)).offer
        ways = [line for line in offer.split("\r\n") if line.startswith("a=candidate:")]
        assert ways
        assert all(" typ relay " in way for way in ways)
        page.click("[data-phone-close]")


def test_another_microphone_goes_into_the_same_leg(hold: Callable[..., Page], through: Exchange) -> None:
    page = hold()
    page.click("[data-phone-connect]")
    expect(page.locator("[data-leg=open]")).to_be_visible(timeout=30_000)
    other = page.locator("#microphone option").nth(1).get_attribute("value")
    page.select_option("#microphone", other)
    page.wait_for_timeout(1500)
    assert through.attached == 1
    before = len(through.media.heard())
    page.wait_for_timeout(500)
    assert len(through.media.heard()) > before
    page.click("[data-phone-tone]")
    expect(page.locator("[data-leg=open]")).to_be_visible()


def test_without_the_microphone_the_mend_is_said(hold: Callable[..., Page], exchange: StandIn) -> None:
    page = hold(microphone="denied")
    page.click("[data-phone-connect]")
    expect(page.locator("[data-trouble=NotAllowedError]")).to_be_visible()
    expect(page.locator("[data-trouble=NotAllowedError]")).to_contain_text("allow the microphone")
    expect(page.locator("[data-leg=closed]")).to_be_visible()
    expect(page.locator("[data-phone-connect]")).to_be_visible()
    assert exchange.words == []
    check_accessible(page)


def test_what_the_exchange_refuses_is_said(hold: Callable[..., Page], exchange: StandIn) -> None:
    exchange.refuse("You may not.", mend="Ask your supervisor.")
    page = hold()
    page.click("[data-phone-connect]")
    expect(page.locator("[data-trouble=refused]")).to_contain_text("You may not. Ask your supervisor.")
    expect(page.locator("[data-leg=closed]")).to_be_visible()
