"""A small exchange on the signalling layer, for tests: it answers, and remembers what it was told."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field

from trustdesk.sipedge.contracts import Config, Listen, Phone, Trunk
from trustdesk.sipedge.media.contracts import Law, Place
from trustdesk.sipedge.sip.contracts import CallEvents, CallOverError, Invitation, Offer, SipCall
from trustdesk.sipedge.sip.digest import MD5, ha1

OUR_NUMBER = "+3612345678"
REALM = "exchange.example"
AUDIO = Place("127.0.0.1", 40000)


@dataclass
class Heard:
    """What one call told its owner, in order."""

    call: SipCall | None = None
    invitation: Invitation | None = None
    words: list[tuple[object, ...]] = field(default_factory=list)
    over: asyncio.Event = field(default_factory=asyncio.Event)
    up: asyncio.Event = field(default_factory=asyncio.Event)

    async def ringing(self) -> None:
        self.words.append(("ringing",))

    async def answered(self, offer: Offer) -> None:
        self.words.append(("answered", offer))
        self.up.set()

    async def changed(self, offer: Offer) -> None:
        self.words.append(("changed", offer.far.sends if offer.far else None))

    async def digit(self, digit: str) -> None:
        self.words.append(("digit", digit))

    async def ended(self, status: int, reason: str) -> None:
        self.words.append(("ended", status))
        self.over.set()

    @property
    def ends(self) -> list[object]:
        return [word[1] for word in self.words if word[0] == "ended"]

    @property
    def said(self) -> list[object]:
        return [word[0] for word in self.words]


Deed = Callable[[SipCall, Heard], Coroutine[object, object, None]]


async def pick_up(call: SipCall, heard: Heard) -> None:
    """Ring, answer with the first law that was offered."""
    try:
        await call.ring()
        offer = heard.invitation.offer if heard.invitation else Offer(far=None)
        law = offer.laws[0] if offer.laws else Law.A
        heard.words.append(("offer", await call.answer(AUDIO, law)))
        heard.up.set()
    except (CallOverError, TimeoutError) as fault:
        heard.words.append((type(fault).__name__,))


@dataclass
class Exchange:
    """`deed` is what is done with each call that comes in, beside hearing of it."""

    deed: Deed = pick_up
    calls: list[Heard] = field(default_factory=list)
    changes: int = 0
    keep: bool = True
    _tasks: set["asyncio.Task[None]"] = field(default_factory=set)

    async def invited(self, call: SipCall, invitation: Invitation) -> CallEvents:
        heard = Heard(call, invitation)
        if self.keep:
            self.calls.append(heard)
        task = asyncio.create_task(self.deed(call, heard))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return heard

    async def reachable_changed(self) -> None:
        self.changes += 1


def trunk_of(number: int, *addresses: str, target: str = "", user: str = "", password: str = "") -> Trunk:
    return Trunk(trunk=number, addresses=addresses, target=target, user=user, password=password)


def phone_of(user: str, password: str, number: int = 1) -> Phone:
    return Phone(phone=number, user=user, ha1=ha1(MD5, user, REALM, password))


def config_of(*listen: Listen, trunks: tuple[Trunk, ...] = (), phones: tuple[Phone, ...] = ()) -> Config:
    return Config(
        realm=REALM,
        listen=listen or (Listen(transport="udp", host="127.0.0.1", port=0),),
        rtp_first=40000,
        rtp_last=40100,
        trunks=trunks,
        phones=phones,
        numbers=(OUR_NUMBER,),
    )


async def until(true: Callable[[], object], seconds: float = 30) -> None:
    """Wait for something that happens by itself."""
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110 - what is waited for has no event of its own
            await asyncio.sleep(0.02)
