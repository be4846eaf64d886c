"""A signalling side with one carrier that answers, and calls of ours over it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.sipping import AUDIO, OUR_NUMBER, Heard, config_of, trunk_of
from tests.sipwire import Edge, edge, last, responded
from trustdesk.sipedge.media.contracts import Law
from trustdesk.sipedge.sip.contracts import Peer, Side, SipCall
from trustdesk.sipedge.sip.message import Request

CONTACT = ("Contact: <sip:desk@192.0.2.10:5070>",)
CARRIER = Peer(side=Side.TRUNK, trunk=1)


@asynccontextmanager
async def calling(user: str = "", password: str = "") -> AsyncIterator[Edge]:
    trunk = trunk_of(1, "192.0.2.0/24", target="sip:192.0.2.10", user=user, password=password)
    async with edge(config=config_of(trunks=(trunk,))) as here:
        await here.give(responded(last_options(here), 200))
        here.wire().took()
        yield here


def last_options(here: Edge) -> Request:
    here.wire().read = 0
    return last(here.wire().took(), "OPTIONS")


async def dial(here: Edge) -> tuple[SipCall, Heard, Request]:
    heard = Heard()
    call = await here.side.dial(
        CARRIER,
        number="+36301234567",
        caller=OUR_NUMBER,
        name="Acme",
        place=AUDIO,
        laws=(Law.A, Law.MU),
        events=heard,
    )
    return call, heard, last(here.wire().took(), "INVITE")
