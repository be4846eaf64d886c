"""Raw messages through a wire that is none, under a clock that is turned by hand."""

import asyncio
import functools
import heapq
import itertools
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import ParamSpec

from tests.sipping import OUR_NUMBER, Exchange, config_of, trunk_of
from trustdesk.sipedge.__main__ import new_loop
from trustdesk.sipedge.contracts import Config
from trustdesk.sipedge.sip.faults import UnreachableError
from trustdesk.sipedge.sip.message import Request, Response, parse
from trustdesk.sipedge.sip.side import SipSide
from trustdesk.sipedge.sip.udp import checked_address

CARRIER = ("192.0.2.10", 5060)
SDP = (
    "v=0\r\no=- 1 1 IN IP4 192.0.2.10\r\ns=-\r\nc=IN IP4 192.0.2.10\r\nt=0 0\r\n"
    "m=audio 30000 RTP/AVP 8 0 101\r\na=rtpmap:101 telephone-event/8000\r\n"
)
_numbers = itertools.count(1)


P = ParamSpec("P")


def on_loop(test: Callable[P, Coroutine[object, object, None]]) -> Callable[P, None]:
    """A test that runs on a loop of its own."""

    @functools.wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        asyncio.run(test(*args, **kwargs))

    return run


def on_edges_loop(test: Callable[P, Coroutine[object, object, None]]) -> Callable[P, None]:
    """A test with real sockets, on the loop that the edge has."""

    @functools.wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        with asyncio.Runner(loop_factory=new_loop) as runner:
            runner.run(test(*args, **kwargs))

    return run


class Turned:
    """A clock that stands until it is turned."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self._due: list[tuple[float, int, Alarm]] = []

    def time(self) -> float:
        return self.now

    def call_later(self, delay: float, callback: Callable[[], object], /) -> "Alarm":
        alarm = Alarm(callback)
        heapq.heappush(self._due, (self.now + delay, next(_numbers), alarm))
        return alarm

    async def turn(self, seconds: float) -> None:
        """Everything that falls due on the way happens at its time."""
        until = self.now + seconds
        await settled()
        while self._due and self._due[0][0] <= until:
            self.now, _, alarm = heapq.heappop(self._due)
            if not alarm.cancelled:
                alarm.callback()
            await settled()
        self.now = until

    @property
    def waiting(self) -> int:
        return sum(not alarm.cancelled for _, _, alarm in self._due)


@dataclass
class Alarm:
    callback: Callable[[], object]
    cancelled: bool = False

    def cancel(self) -> None:
        self.cancelled = True
        self.callback = int  # as a loop's handle does: what it held is free


async def settled() -> None:
    for _ in range(12):
        await asyncio.sleep(0)


@dataclass(eq=False)
class Wire:
    """One neighbor. `sent` is what it was sent, in order."""

    remote: tuple[str, int] = CARRIER
    transport: str = "udp"
    here: tuple[str, int] = ("198.51.100.1", 5060)
    open: bool = True
    broken: bool = False
    sent: list[bytes] = field(default_factory=list)
    read: int = 0

    def send(self, data: bytes) -> None:
        checked_address(*self.remote)
        if self.broken:
            raise UnreachableError("cut")
        self.sent.append(data)

    def took(self) -> list[Request | Response]:
        """What was sent since it was last asked."""
        new, self.read = self.sent[self.read :], len(self.sent)
        return [parse(data) for data in new]

    def statuses(self) -> list[int]:
        return [message.status for message in self.took() if isinstance(message, Response)]

    def methods(self) -> list[str]:
        return [message.method for message in self.took() if isinstance(message, Request)]


class Listening:
    """Stands where a UDP listener would, and gives wires."""

    six = False
    address = ("198.51.100.1", 5060)

    def __init__(self) -> None:
        self.wires: dict[tuple[str, int], Wire] = {}

    def flow(self, host: str, port: int) -> Wire:
        address = checked_address(host, port)
        return self.wires.setdefault(address, Wire(address))

    def close(self) -> None:
        return None


@dataclass
class Edge:
    """A whole signalling side on the wire: what comes in goes by `give`, what leaves is on the wires."""

    side: SipSide
    exchange: Exchange
    clock: Turned
    air: Listening

    def wire(self, host: str = CARRIER[0], port: int = CARRIER[1]) -> Wire:
        return self.air.flow(host, port)

    async def give(self, text: str | bytes, wire: Wire | None = None) -> None:
        data = text.encode() if isinstance(text, str) else text
        self.side._house.layer.received(data, wire or self.wire())
        await settled()

    @property
    def left(self) -> int:
        """Transactions and calls that are still remembered."""
        layer = self.side._house.layer
        return len(layer.clients) + len(layer.servers) + len(self.side._house.calls) + len(layer._merged)


@asynccontextmanager
async def edge(exchange: Exchange | None = None, config: Config | None = None) -> AsyncIterator[Edge]:
    clock, exchange = Turned(), exchange or Exchange()
    if config is None:
        config = config_of(trunks=(trunk_of(1, "192.0.2.0/24"),))
    side = SipSide(config.model_copy(update={"listen": ()}), exchange, clock=clock)
    air = Listening()
    transports = side._transports
    transports.udp.append(air)  # type: ignore[arg-type]
    await side.start()
    await settled()
    for wire in air.wires.values():
        wire.took()
    try:
        yield Edge(side, exchange, clock, air)
    finally:
        await side.stop()


@dataclass
class Far:
    """The other side of a call that comes in: makes its messages."""

    call_id: str = field(default_factory=lambda: f"call-{next(_numbers)}@far")
    tag: str = "far1"
    their_tag: str = ""
    number: int = 1
    via: str = "SIP/2.0/UDP 192.0.2.10:5060"
    uri: str = f"sip:{OUR_NUMBER}@198.51.100.1"

    def request(
        self,
        method: str,
        *,
        body: str = "",
        headers: tuple[str, ...] = (),
        branch: str = "",
        number: int = 0,
    ) -> str:
        branch = branch or f"z9hG4bK{next(_numbers)}"
        to_tag = f";tag={self.their_tag}" if self.their_tag else ""
        kind = ["Content-Type: application/sdp"] if body.startswith("v=0") else []
        lines = [
            f"{method} {self.uri} SIP/2.0",
            f"Via: {self.via};branch={branch};rport",
            "Max-Forwards: 70",
            f"From: <sip:+36201112233@192.0.2.10>;tag={self.tag}",
            f"To: <{self.uri}>{to_tag}",
            f"Call-ID: {self.call_id}",
            f"CSeq: {number or self.number} {method}",
            "Contact: <sip:caller@192.0.2.10:5060>",
            *kind,
            *headers,
            f"Content-Length: {len(body)}",
        ]
        return "\r\n".join(lines) + "\r\n\r\n" + body

    def next(self, method: str, *, body: str = "", headers: tuple[str, ...] = ()) -> str:
        self.number += 1
        return self.request(method, body=body, headers=headers)

    def learn(self, messages: list[Request | Response]) -> None:
        self.their_tag = next(message.to.tag for message in messages if message.to.tag)


def responded(
    request: Request,
    status: int,
    *,
    tag: str = "theirs",
    headers: tuple[str, ...] = (),
    body: str = "",
) -> str:
    """The far side's answer to a request of ours."""
    to = request.headers.first("to")
    kind = ["Content-Type: application/sdp"] if body else []
    lines = [
        f"SIP/2.0 {status} Whatever",
        *(f"Via: {via}" for via in request.headers.lines("via")),
        f"From: {request.headers.first('from')}",
        f"To: {to if 'tag=' in to or not tag else f'{to};tag={tag}'}",
        f"Call-ID: {request.call_id}",
        f"CSeq: {request.cseq}",
        *kind,
        *headers,
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join(lines) + "\r\n\r\n" + body


def last(messages: list[Request | Response], method: str) -> Request:
    found = [message for message in messages if isinstance(message, Request) and message.method == method]
    return found[-1]


def answers(messages: list[Request | Response]) -> Iterator[Response]:
    return (message for message in messages if isinstance(message, Response))
