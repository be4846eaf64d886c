"""A Chromium that is reached by one way only: through a relay of its own, through the exchange's, or over IPv6.

Each is a whole call at a real edge, proved on what both hear and on decrypted audio.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.authority import authority
from tests.baresip import softphone, strength
from tests.browser.telephones import SAID, telephone
from tests.browser.test_browser_legs import ANSWER, LOUDEST, OFFER
from tests.integration.sipedge.edge_process import NUMBER, EdgeProcess, edge_process
from tests.turning import PASSWORD, SECRET, USER, Relay, own_address, relay
from trustdesk.kernel import clock
from trustdesk.sipedge.webrtc.servers import SHARED_SECRET, relay_login
from trustdesk.sipedge.words.asks import Done
from trustdesk.sipedge.words.commands import Agent, Attach, Connect, Deed
from trustdesk.sipedge.words.told import Happened

pytestmark = pytest.mark.browser

CALLER = 1000.0
AGENT = Agent(operator=5, attachment="window", agreed=True)
DEAD = 9
WAY = """async () => {
    const all = [...(await telephone.getStats()).values()];
    const transport = all.find(one => one.type === "transport");
    const pair = all.find(one => one.id === transport.selectedCandidatePairId);
    const side = id => all.find(one => one.id === id);
    const [ours, theirs] = [side(pair.localCandidateId), side(pair.remoteCandidateId)];
    return [ours, theirs].map(one => ({kind: one.candidateType, host: one.address, port: one.port}));
}"""


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    with telephone(browser, tmp_path) as context:
        yield blank(context)


def blank(context: BrowserContext) -> Page:
    page = context.new_page()
    page.route("**/*", lambda route: route.fulfill(body="<!doctype html>", content_type="text/html"))
    page.goto("http://localhost/")
    return page


def candidates(sdp: str) -> list[list[str]]:
    """Foundation, component, transport, priority, host, port, "typ", kind …"""
    return [line.partition(":")[2].split() for line in sdp.split("\r\n") if line.startswith("a=candidate:")]


def only(sdp: str, pattern: str) -> str:
    """Without the candidates that are others."""
    lines = sdp.split("\r\n")
    return "\r\n".join(line for line in lines if not line.startswith("a=candidate:") or re.search(pattern, line))


def attach(edge: EdgeProcess, page: Page, offer: str, answer_only: str = "") -> str:
    answered = edge.board.command(Attach(attachment="window", operator=5, offer=offer, steps=(edge.notice,)))
    assert isinstance(answered, Done), answered
    page.evaluate(ANSWER, only(answered.text, answer_only))
    edge.board.until(lambda: edge.board.reachable.attachments == ("window",), what="attachment")
    page.wait_for_timeout(1500)  # the notice
    return answered.text


def check_a_whole_call(edge: EdgeProcess, page: Page, folder: Path) -> None:
    """Notice, queue, agent; both hear each other, and each is stored apart."""
    account = "<sip:+36201112233@127.0.0.1>;regint=0;audio_codecs=PCMA/8000/1"
    with softphone(folder / "caller", account=account, says_hertz=CALLER) as caller:
        caller.dial(f"sip:{NUMBER}@127.0.0.1:{edge.ports['udp']}")
        caller.wait_for("CALL_ESTABLISHED")
        edge.board.wait_for(Happened.QUEUED)
        assert edge.board.command(Connect(call=1, agent=AGENT)) == Done()
        edge.board.wait_for(Happened.RECORDING, times=2)
        page.wait_for_timeout(2500)
        assert page.evaluate(LOUDEST) == pytest.approx(CALLER, abs=10)
        assert edge.board.command(Deed(call=1, verb="hang-up")) == Done()
        edge.board.wait_for(Happened.ENDED)
        assert strength(caller.heard()[-4000:], SAID) > 0.5
    for recording, hertz in ((1, CALLER), (2, SAID)):
        told = edge.board.wait_for(Happened.RECORDED, recording=recording)
        with edge.opened(recording) as sound:
            assert sound.agrees(chunks=told.chunks, head=told.head)
            assert strength(sound.samples(sound.end_ms - 1500, sound.end_ms - 500), hertz) > 0.5


def relayed_only(at: Relay, transport: str, user: str, password: str) -> Mapping[str, Any]:
    server = {"urls": at.url(transport), "username": user, "credential": password}
    return {"iceServers": [server], "iceTransportPolicy": "relay"}


@pytest.mark.parametrize(("transport", "shared"), [("udp", False), ("tcp", True)], ids=["user", "shared-secret"])
def test_a_browser_that_gets_out_through_a_relay_only(
    page: Page,
    tmp_path: Path,
    transport: str,
    shared: bool,  # noqa: FBT001 -- a table's column
) -> None:
    with relay(tmp_path / "relay", shared=shared) as at, edge_process(tmp_path) as edge:
        user, password = (USER, PASSWORD)
        if shared:
            user, password = relay_login(SHARED_SECRET, SECRET, holder="desk", now=clock.now())
        offer = page.evaluate(OFFER, ["PCMA", relayed_only(at, transport, user, password)])
        assert {candidate[7] for candidate in candidates(offer)} == {"relay"}
        attach(edge, page, offer)
        ours, _ = page.evaluate(WAY)
        assert ours["kind"] == "relay"
        check_a_whole_call(edge, page, tmp_path)


def test_a_wrong_password_gets_no_way(page: Page, tmp_path: Path) -> None:
    with relay(tmp_path / "relay") as at:
        offer = page.evaluate(OFFER, ["PCMA", relayed_only(at, "udp", USER, "wrong")])
        assert candidates(offer) == []


@pytest.mark.parametrize("way", ["udp", "tcp", "tls", "shared-secret"])
def test_an_exchange_that_is_reached_through_a_relay_only(page: Page, tmp_path: Path, way: str) -> None:
    """The browser is known by its address, as behind a router: where its own candidates lead, nobody listens."""
    certified = authority(tmp_path / "ca")
    shared = way == "shared-secret"
    certificate = certified.certify("relay", own_address())[:2] if way == "tls" else ()
    with relay(tmp_path / "relay", shared=shared, certificate=certificate) as at:
        address = at.secure_url if way == "tls" else at.url("tcp" if way == "tcp" else "udp")
        login = (SHARED_SECRET, SECRET) if shared else (USER, PASSWORD)
        believed = {"SSL_CERT_FILE": str(certified.path)}
        with edge_process(tmp_path, settings={"turn": ((address, *login),)}, environment=believed) as edge:
            offer = page.evaluate(OFFER, ["PCMA", {}])
            lost = re.sub(r"(a=candidate:\S+ \d+ udp \d+ \S+) \d+", rf"\1 {DEAD}", offer)
            answer = attach(edge, page, lost, " typ relay")
            (relayed,) = [one for one in candidates(answer) if one[7] == "relay"]
            assert at.first <= int(relayed[5]) <= at.last
            _, theirs = page.evaluate(WAY)
            assert (theirs["kind"], theirs["port"]) == ("relay", int(relayed[5]))
            check_a_whole_call(edge, page, tmp_path)


def test_a_browser_over_ipv6(page: Page, tmp_path: Path) -> None:
    with edge_process(tmp_path) as edge:
        six = r"udp \d+ \S*:\S* \d+ typ host"
        offer = page.evaluate(OFFER, ["PCMA", {}])
        attach(edge, page, only(offer, six), six)
        for side in page.evaluate(WAY):
            assert ":" in side["host"]
        check_a_whole_call(edge, page, tmp_path)
