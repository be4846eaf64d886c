"""The 49 messages of RFC 4475: what is well formed is taken, what is not is refused or dropped, nothing stays."""

from pathlib import Path

import pytest
from tests.sipping import config_of, trunk_of
from tests.sipwire import edge, on_loop

from trustdesk.sipedge.sip.faults import BadMessageError
from trustdesk.sipedge.sip.message import Request, parse

MESSAGES = Path(__file__).parent / "rfc4475"
# The last status that a trunk is answered for it; None where there is nobody to answer or nothing to say.
EXPECTED: dict[str, int | None] = {
    # 3.1.1 valid
    "wsinv": 481,  # read whole; it has a To tag of no call
    "intmeth": 501,
    "esc01": 200,
    "escnull": 401,
    "esc02": 501,  # the percent signs are part of the method
    "lwsdisp": 200,
    "longreq": 200,
    "dblreq": 401,  # the first request; what follows it in the packet is none
    "semiuri": 200,
    "transports": 200,
    "mpart01": 405,
    "unreason": None,
    "noreason": None,
    # 3.1.2 invalid
    "badinv01": 400,
    "clerr": 400,
    "ncl": 400,
    "scalar02": 400,
    "scalarlg": None,
    "quotbal": 400,
    "ltgtruri": 400,
    "lwsruri": 400,
    "lwsstart": 400,
    "trws": 400,
    "escruri": 400,
    "baddate": 200,  # of no use to us, so not read
    "regbadct": 401,
    "badaspec": 400,
    "baddn": None,
    "badvers": 505,
    "mismatch01": 400,
    "mismatch02": 400,
    "bigcode": None,
    # 3.2 transactions
    "badbranch": 200,
    # 3.3 applications
    "insuf": None,
    "unkscm": 416,
    "novelsc": 416,
    "unksm2": 401,
    "bext01": 420,
    "invut": 415,
    "regaut01": 401,
    "multi01": 400,
    "mcl01": 400,
    "bcast": None,
    "zeromf": 200,
    "cparam01": 401,
    "cparam02": 401,
    "regescrt": 401,
    "sdp01": 406,
    # 3.4 older senders
    "inv2543": 200,
}


def test_all_of_them_are_here() -> None:
    assert {path.stem for path in MESSAGES.glob("*.dat")} == EXPECTED.keys()
    assert len(EXPECTED) == 49


def _called(data: bytes) -> str:
    """Whom an INVITE among them wants, so that it is one of our numbers."""
    try:
        message = parse(data)
    except BadMessageError:
        return ""
    return message.uri.name if isinstance(message, Request) else ""


@pytest.mark.parametrize("name", sorted(EXPECTED))
@on_loop
async def test_it_is_taken_refused_or_dropped(name: str) -> None:
    data = (MESSAGES / f"{name}.dat").read_bytes()
    config = config_of(trunks=(trunk_of(1, "192.0.2.0/24"),)).model_copy(update={"numbers": (_called(data),)})
    async with edge(config=config) as here:
        await here.give(data)
        statuses = [int(answer.split(b" ")[1]) for answer in here.wire().sent if answer.startswith(b"SIP/2.0")]
        assert (statuses[-1] if statuses else None) == EXPECTED[name]
        await here.clock.turn(100)
        assert here.left == 0


@pytest.mark.parametrize("name", sorted(EXPECTED))
@on_loop
async def test_a_stranger_learns_next_to_nothing(name: str) -> None:
    """No description of a fault, no list of what we can: a question to prove itself, or that it is forbidden."""
    data = (MESSAGES / f"{name}.dat").read_bytes()
    async with edge() as here:
        stranger = here.wire("203.0.113.9", 5060)
        await here.give(data, stranger)
        assert set(stranger.statuses() if stranger.sent else []) <= {401, 403}
        assert here.left == 0


def test_the_tortuous_invite_is_read_as_it_is_meant() -> None:
    invite = parse((MESSAGES / "wsinv.dat").read_bytes())
    assert isinstance(invite, Request)
    assert (invite.cseq.number, invite.cseq.method) == (9, "INVITE")
    assert invite.from_.display == 'J Rosenberg \\"'
    assert (invite.via.host, invite.via.branch) == ("192.0.2.2", "390skdjuw")
    assert len(invite.headers.listed("via")) == 3
    assert invite.headers.first("newfangledheader") == "newfangled value continued newfangled value"


def test_escapes_are_undone_once() -> None:
    invite = parse((MESSAGES / "esc01.dat").read_bytes())
    assert isinstance(invite, Request)
    assert invite.uri.name == "sips:user@example.com"
    assert invite.uri.host == "example.net"
    assert invite.from_.uri.name == "I have spaces"
    null = parse((MESSAGES / "escnull.dat").read_bytes())
    assert null.to.uri.name == "null-\x00-null"


def test_a_semicolon_in_the_user_is_the_user_s() -> None:
    request = parse((MESSAGES / "semiuri.dat").read_bytes())
    assert isinstance(request, Request)
    assert request.uri.name == "user;par=u@example.net"
    assert request.uri.host == "example.com"
