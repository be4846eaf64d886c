"""A real phone registers, is rung, is held, calls, and goes: over UDP, TCP and TLS."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from tests.authority import Authority, authority
from tests.baresip import Softphone, beside, softphone
from tests.sipping import AUDIO, OUR_NUMBER, Exchange, Heard, config_of, phone_of, until
from tests.sipwire import on_edges_loop

from trustdesk.sipedge.contracts import Listen
from trustdesk.sipedge.media.contracts import Law
from trustdesk.sipedge.sip.contracts import CallOverError, Peer, Side, SipCall
from trustdesk.sipedge.sip.side import SipSide

# What calls with real peers needs them installed: `make test` sees to it, `make test-fast` does without.
pytestmark = pytest.mark.slow

ALICE = Peer(side=Side.PHONE, phone="alice")
TRANSPORTS = ("udp", "tcp", "tls")


@asynccontextmanager
async def exchange(
    transport: str,
    certified: Authority | None = None,
    *,
    clients: bool = False,
) -> AsyncIterator[tuple[Exchange, SipSide, int]]:
    config = config_of(
        Listen(transport=transport, host="127.0.0.1", port=0),  # type: ignore[arg-type]
        phones=(phone_of("alice", "secret"),),
    )
    if certified is not None:
        certificate, key, _ = certified.certify("exchange")
        config = config.model_copy(
            update={
                "certificate": str(certificate),
                "certificate_key": str(key),
                "client_authority": str(certified.path) if clients else "",
            },
        )
    served = Exchange()
    side = SipSide(config, served)
    await side.start()
    try:
        yield served, side, side.listening[0][2]
    finally:
        await side.stop()


def account(port: int, transport: str, password: str = "secret") -> str:  # noqa: S107 - a test's
    return (
        f"<sip:alice@127.0.0.1:{port};transport={transport}>;auth_user=alice;auth_pass={password}"
        ";regint=60;answermode=auto;audio_codecs=PCMA"
    )


def phone(folder: Path, line: str, *, more: tuple[str, ...] = ()) -> AbstractAsyncContextManager[Softphone]:
    return beside(softphone(folder, account=line, more=more))


async def dial(side: SipSide) -> tuple[SipCall, Heard]:
    heard = Heard()
    call = await side.dial(
        ALICE,
        number="",
        caller=OUR_NUMBER,
        name="Queue",
        place=AUDIO,
        laws=(Law.A, Law.MU),
        events=heard,
    )
    return call, heard


async def rung_held_and_called(transport: str, port: int, served: Exchange, side: SipSide, one: Softphone) -> None:
    await until(lambda: side.reachable()[0])
    call, heard = await dial(side)
    await asyncio.wait_for(heard.up.wait(), 10)
    await call.hold(on=True)
    await call.hold(on=False)
    await call.hang_up()
    await one.heard_of("CALL_CLOSED")
    assert heard.said == ["ringing", "answered", "ended"]
    one.events.clear()
    one.dial(f"sip:{OUR_NUMBER}@127.0.0.1:{port};transport={transport}")
    await one.heard_of("CALL_ESTABLISHED")
    await until(served.calls[0].up.is_set)
    invitation = served.calls[0].invitation
    assert invitation is not None
    assert (invitation.peer, invitation.number) == (ALICE, OUR_NUMBER)
    one.hang_up()
    await asyncio.wait_for(served.calls[0].over.wait(), 10)
    assert served.calls[0].ends == [200]


@pytest.mark.parametrize("transport", TRANSPORTS)
@on_edges_loop
async def test_it_is_rung_held_and_calls(transport: str, tmp_path: Path) -> None:
    certified = authority(tmp_path / "ca") if transport == "tls" else None
    more = (f"sip_cafile {certified.path}",) if certified else ()
    async with (
        exchange(transport, certified) as (served, side, port),
        phone(tmp_path / "phone", account(port, transport), more=more) as one,
    ):
        await rung_held_and_called(transport, port, served, side, one)


@on_edges_loop
async def test_a_phone_shows_its_certificate_where_one_is_asked(tmp_path: Path) -> None:
    certified = authority(tmp_path / "ca")
    *_, both = certified.certify("phone")
    more = (f"sip_cafile {certified.path}", f"sip_certificate {both}")
    async with (
        exchange("tls", certified, clients=True) as (served, side, port),
        phone(tmp_path / "phone", account(port, "tls"), more=more) as one,
    ):
        await rung_held_and_called("tls", port, served, side, one)


@on_edges_loop
async def test_without_a_certificate_it_does_not_come_in(tmp_path: Path) -> None:
    certified = authority(tmp_path / "ca")
    async with (
        exchange("tls", certified, clients=True) as (_, side, port),
        phone(tmp_path / "phone", account(port, "tls"), more=(f"sip_cafile {certified.path}",)),
    ):
        await asyncio.sleep(1.5)
        assert side.reachable()[0] == frozenset()


@on_edges_loop
async def test_a_phone_that_goes_is_not_reachable_any_more(tmp_path: Path) -> None:
    async with exchange("tcp") as (served, side, port):
        async with phone(tmp_path / "phone", account(port, "tcp")):
            await until(lambda: side.reachable()[0])
        await until(lambda: not side.reachable()[0])
        assert served.changes == 2
        with pytest.raises(CallOverError):
            await dial(side)


@on_edges_loop
async def test_a_wrong_password_registers_nobody(tmp_path: Path) -> None:
    async with exchange("udp") as (_, side, port), phone(tmp_path / "phone", account(port, "udp", "wrong")):
        await asyncio.sleep(1.5)
        assert side.reachable()[0] == frozenset()


@on_edges_loop
async def test_ringing_is_stopped(tmp_path: Path) -> None:
    async with exchange("udp") as (_, side, port):
        line = account(port, "udp").replace("answermode=auto", "answermode=manual")
        async with phone(tmp_path / "phone", line) as one:
            await until(lambda: side.reachable()[0])
            call, heard = await dial(side)
            await until(lambda: "ringing" in heard.said)
            await call.hang_up()
            await one.heard_of("CALL_CLOSED")
            assert heard.ends == [487]
