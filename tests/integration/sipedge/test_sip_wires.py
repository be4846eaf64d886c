"""Real sockets: framing, connections that misbehave, certificates, names."""

import asyncio
import contextlib
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import dns.message
import dns.rrset
import pytest
from tests.authority import authority
from tests.sipping import AUDIO, OUR_NUMBER, Exchange, Heard, config_of, trunk_of, until
from tests.sipwire import SDP, Far, on_edges_loop

from trustdesk.sipedge.contracts import Listen
from trustdesk.sipedge.media.contracts import Law
from trustdesk.sipedge.sip import streams
from trustdesk.sipedge.sip.contracts import Peer, Side
from trustdesk.sipedge.sip.faults import UnreachableError
from trustdesk.sipedge.sip.resolving import Resolver
from trustdesk.sipedge.sip.side import SipSide
from trustdesk.sipedge.sip.udp import checked_address
from trustdesk.sipedge.sip.uri import parse_uri


@asynccontextmanager
async def listening(
    transport: str = "tcp", host: str = "127.0.0.1", **more: str
) -> AsyncIterator[tuple[SipSide, Exchange, int]]:
    exchange = Exchange()
    trunk = trunk_of(1, "127.0.0.0/8", "::1/128")
    config = config_of(Listen(transport=transport, host=host, port=0), trunks=(trunk,))  # type: ignore[arg-type]
    side = SipSide(config.model_copy(update=more), exchange)
    await side.start()
    try:
        yield side, exchange, side.listening[0][2]
    finally:
        await side.stop()


async def answered(reader: asyncio.StreamReader) -> bytes:
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
    length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.startswith(b"Content-Length"))
    return head + await reader.readexactly(length)


def invite() -> bytes:
    return Far(via="SIP/2.0/TCP 127.0.0.1:9").request("INVITE", body=SDP).encode()


@on_edges_loop
async def test_messages_are_found_in_a_stream_however_it_is_cut() -> None:
    async with listening() as (_, exchange, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for letter in invite():
            writer.write(bytes([letter]))
            await writer.drain()
        assert [(await answered(reader)).split(b" ")[1] for _ in range(3)] == [b"100", b"180", b"200"]
        writer.write(b"\r\n\r\n")
        assert await asyncio.wait_for(reader.readexactly(2), 5) == b"\r\n"
        writer.write(b"\r\n" + invite() + invite())
        assert [(await answered(reader)).split(b" ")[1] for _ in range(6)].count(b"200") == 2
        assert len(exchange.calls) == 3
        writer.close()


@pytest.mark.parametrize(
    "data",
    [
        b"x" * 100_000,
        b"INVITE sip:a@b SIP/2.0\r\nX: " + b"y" * 100_000 + b"\r\n\r\n",
        b"INVITE sip:a@b SIP/2.0\r\nContent-Length: 99999999\r\n\r\n",
        b"INVITE sip:a@b SIP/2.0\r\nContent-Length: -5\r\n\r\n",
        b"INVITE sip:a@b SIP/2.0\r\nFrom: x\r\n\r\n",
        b"INVITE sip:a@b SIP/2.0\r\nContent-Length: 1\r\nl: 2\r\n\r\nab",
    ],
)
@on_edges_loop
async def test_what_cannot_be_framed_ends_its_connection(data: bytes) -> None:
    async with listening() as (side, _, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(data)
        with contextlib.suppress(ConnectionResetError):
            assert await asyncio.wait_for(reader.read(), 5) == b""
        writer.close()
        await until(lambda: not side._transports.streams)
        assert side._limits.connections == 0


@on_edges_loop
async def test_who_says_nothing_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "FIRST_WORD", 0.2)
    async with listening() as (side, _, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
            await asyncio.wait_for(reader.readexactly(1), 5)
        writer.close()
        await until(lambda: side._limits.connections == 0)


@on_edges_loop
async def test_one_address_has_so_many_connections_and_no_more() -> None:
    exchange = Exchange()
    side = SipSide(config_of(Listen(transport="tcp", host="127.0.0.1", port=0)), exchange)
    await side.start()
    port = side.listening[0][2]
    opened = [await asyncio.open_connection("127.0.0.1", port) for _ in range(25)]
    await until(lambda: side._limits.dropped >= 5)
    assert side._limits.connections == 20
    for _, writer in opened:
        writer.close()
    await until(lambda: side._limits.connections == 0)
    await side.stop()


@on_edges_loop
async def test_a_handshake_that_fails_is_counted_off(tmp_path: Path) -> None:
    certificate, key, _ = authority(tmp_path).certify("exchange")
    async with listening("tls", certificate=str(certificate), certificate_key=str(key)) as (side, _, port):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"INVITE sip:a@b SIP/2.0\r\n\r\n")
        await until(lambda: side._limits.connections == 1)
        await until(lambda: side._limits.connections == 0)
        writer.close()


@on_edges_loop
async def test_over_tls_the_carrier_s_name_is_checked(tmp_path: Path) -> None:
    trusted, other = authority(tmp_path / "a"), authority(tmp_path / "b")
    for found, expected in ((trusted, True), (other, False)):
        certificate, key, _ = found.certify("carrier")
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate, key)
        came: asyncio.Queue[bytes] = asyncio.Queue()

        async def taken(
            reader: asyncio.StreamReader, writer: asyncio.StreamWriter, came: asyncio.Queue[bytes] = came
        ) -> None:
            came.put_nowait(await reader.read(4096))
            writer.close()

        server = await asyncio.start_server(taken, "127.0.0.1", 0, ssl=context)
        port = server.sockets[0].getsockname()[1]
        trunk = trunk_of(1, target=f"sip:127.0.0.1:{port};transport=tls")
        config = config_of(trunks=(trunk,)).model_copy(update={"client_authority": str(trusted.path)})
        side = SipSide(config, Exchange())
        await side.start()
        if expected:
            assert (await asyncio.wait_for(came.get(), 5)).startswith(b"OPTIONS ")
        else:
            await asyncio.sleep(0.5)
            assert came.empty() or not came.get_nowait()
        await side.stop()
        server.close()


@pytest.mark.parametrize(
    ("advertised", "ours"),
    [("", "::1"), ("203.0.113.7", "::1"), ("edge.example", "::1"), ("2001:db8::7", "2001:db8::7")],
)
@on_edges_loop
async def test_over_ipv6(advertised: str, ours: str) -> None:
    """The advertised address is told to those of its family."""
    async with listening("udp", "::1", advertised=advertised) as (_, exchange, port):
        loop = asyncio.get_running_loop()
        got: asyncio.Queue[bytes] = asyncio.Queue()

        class Wire(asyncio.DatagramProtocol):
            def datagram_received(self, data: bytes, addr: object) -> None:
                got.put_nowait(data)

        wire, _ = await loop.create_datagram_endpoint(Wire, local_addr=("::1", 0))
        own = wire.get_extra_info("sockname")[1]
        six = SDP.replace("IP4 192.0.2.10", "IP6 2001:db8::5")
        far = Far(via=f"SIP/2.0/UDP [::1]:{own}", uri=f"sip:{OUR_NUMBER}@[::1]:{port}")
        wire.sendto(far.request("INVITE", body=six).encode(), ("::1", port))
        answers = [await asyncio.wait_for(got.get(), 5) for _ in range(3)]
        assert f"Contact: <sip:trustdesk@[{ours}]:{port}>".encode() in answers[-1]
        assert (f"c=IN IP6 {advertised}".encode() in answers[-1]) is (ours == advertised)
        assert str(exchange.calls[0].invitation and exchange.calls[0].invitation.offer.far.place.host) == "2001:db8::5"  # type: ignore[union-attr]
        wire.close()


@pytest.mark.parametrize("port", [0, 65536, 99999999, -1])
def test_no_socket_sees_a_port_that_is_none(port: int) -> None:
    with pytest.raises(UnreachableError):
        checked_address("127.0.0.1", port)


@pytest.mark.parametrize("host", ["host", "0.0.0.0", "224.0.0.1", "::", "ff02::1", ""])  # noqa: S104
def test_no_socket_sees_an_address_that_is_none(host: str) -> None:
    with pytest.raises(UnreachableError):
        checked_address(host, 5060)


@contextmanager
def nameserver(records: dict[str, list[str]]) -> Iterator[int]:
    """A name server on loopback that knows these."""
    wire = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    wire.bind(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            data, asker = wire.recvfrom(4096)
            if data == b"stop":
                return
            question = dns.message.from_wire(data)
            answer = dns.message.make_response(question)
            name = question.question[0].name
            found = records.get(name.to_text(omit_final_dot=True), [])
            if found:
                answer.answer.append(dns.rrset.from_text(name, 60, "IN", "SRV", *found))
            wire.sendto(answer.to_wire(), asker)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield wire.getsockname()[1]
    finally:
        wire.sendto(b"stop", wire.getsockname())
        thread.join()
        wire.close()


@on_edges_loop
async def test_a_carrier_is_found_by_its_service_records() -> None:
    records = {"_sip._udp.carrier.example": ["20 0 5071 localhost.", "10 5 5070 localhost.", "30 0 0 localhost."]}
    with nameserver(records) as port:
        resolver = Resolver(["127.0.0.1"], port)
        found = await resolver.targets(parse_uri("sip:carrier.example"))
        ports = list(dict.fromkeys(target.port for target in found))
        assert ports == [5070, 5071]
        assert {target.name for target in found} == {"carrier.example"}
        with pytest.raises(UnreachableError):
            await resolver.targets(parse_uri("sip:nowhere.invalid"))


@on_edges_loop
async def test_an_address_needs_no_look_up_and_a_port_no_service() -> None:
    resolver = Resolver(["127.0.0.1"], 1)
    assert [(t.host, t.port) for t in await resolver.targets(parse_uri("sips:192.0.2.1"))] == [("192.0.2.1", 5061)]
    assert {t.port for t in await resolver.targets(parse_uri("sip:localhost:5099"))} == {5099}


@on_edges_loop
async def test_the_next_server_is_tried_where_the_first_says_503() -> None:
    loop = asyncio.get_running_loop()
    wires = []
    for status in (503, 486):

        class Carrier(asyncio.DatagramProtocol):
            status_ = status

            def connection_made(self, transport: asyncio.BaseTransport) -> None:
                self.transport = transport

            def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
                if data.startswith(b"ACK"):
                    return
                status = 200 if data.startswith(b"OPTIONS") else self.status_
                lines = data.decode().split("\r\n\r\n")[0].split("\r\n")[1:]
                kept = [line for line in lines if line.split(":")[0] in {"Via", "From", "To", "Call-ID", "CSeq"}]
                kept = [f"{line};tag=x" if line.startswith("To:") else line for line in kept]
                text = "\r\n".join([f"SIP/2.0 {status} X", *kept, "Content-Length: 0"]) + "\r\n\r\n"
                self.transport.sendto(text.encode(), addr)  # type: ignore[attr-defined]

        wire, _ = await loop.create_datagram_endpoint(Carrier, local_addr=("127.0.0.1", 0))
        wires.append(wire)
    first, second = (wire.get_extra_info("sockname")[1] for wire in wires)
    records = {"_sip._udp.carrier.example": [f"10 0 {first} localhost.", f"20 0 {second} localhost."]}
    with nameserver(records) as port:
        side = SipSide(config_of(trunks=(trunk_of(1, target="sip:carrier.example"),)), Exchange())
        side._transports.resolver = Resolver(["127.0.0.1"], port)
        await side.start()
        await until(lambda: side.reachable()[1])
        heard = Heard()
        peer = Peer(side=Side.TRUNK, trunk=1)
        await side.dial(peer, number="+361", caller="", name="", place=AUDIO, laws=(Law.A,), events=heard)
        await asyncio.wait_for(heard.over.wait(), 5)
        assert heard.ends == [486]
        await side.stop()
    for wire in wires:
        wire.close()
