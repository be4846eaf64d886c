"""STUN and TURN servers as the settings name them (RFC 7064, 7065), as far as we can speak to them, and who we are to a
relay.
"""

import base64
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Literal

from trustdesk.kernel.errors import BadInputError
from trustdesk.sipedge.webrtc.contracts import Servers

SHARED_SECRET: Final = "*"  # noqa: S105 -- stands for a user: the password is a secret that the relay shares with us
GOOD_FOR: Final = timedelta(hours=12)  # a shift; a relay that was given to a browser goes on for as long as it is used

_ADDRESS = re.compile(
    r"(?P<scheme>stuns?|turns?):(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(?P<port>\d{1,5}))?"
    r"(?:\?transport=(?P<transport>udp|tcp))?"
)
_PORT: Final = 3478
_TLS_PORT: Final = 5349


class Unspoken(StrEnum):
    """Why an address is of no use to us."""

    UNREADABLE = "unreadable"
    STUN_NOT_UDP = "stun-not-udp"  # aioice asks by plain UDP only
    STUN_SIX = "stun-six"  # and over IPv4 only, where addresses are translated
    TURN_DTLS = "turn-dtls"


class UnspokenError(BadInputError):
    """The address of a server that can't be used; `why` says what is to be written instead."""

    def __init__(self, why: Unspoken) -> None:
        super().__init__(
            f"The address of a STUN or TURN server can't be used: {why}.",
            place="servers",
            mend="Write it as stun:host:3478, turn:host:3478, turn:host:3478?transport=tcp or turns:host:5349.",
        )
        self.why = why


@dataclass(frozen=True, slots=True)
class Server:
    """Where it is, and how it is spoken to. `tls` goes over TCP."""

    host: str
    port: int
    transport: Literal["udp", "tcp"]
    tls: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """A TURN server and what proves us to it."""

    server: Server
    user: str
    password: str


def read_server(address: str, kind: Literal["stun", "turn"]) -> Server:
    """A server of this kind. UnspokenError where the address is none, or of one that we can't speak to."""
    found = _ADDRESS.fullmatch(address)
    if found is None or not found["scheme"].startswith(kind):
        raise UnspokenError(Unspoken.UNREADABLE)
    tls = found["scheme"].endswith("s")
    port = int(found["port"] or (_TLS_PORT if tls else _PORT))
    if not 0 < port < 1 << 16:
        raise UnspokenError(Unspoken.UNREADABLE)
    transport = found["transport"] or ("tcp" if tls else "udp")
    if kind == "stun" and (tls or transport == "tcp"):
        raise UnspokenError(Unspoken.STUN_NOT_UDP)
    if kind == "stun" and found["host"].startswith("["):
        raise UnspokenError(Unspoken.STUN_SIX)
    if tls and transport == "udp":
        raise UnspokenError(Unspoken.TURN_DTLS)
    return Server(found["host"].strip("[]"), port, "tcp" if transport == "tcp" else "udp", tls)


def stun_servers(servers: Servers) -> Sequence[Server]:
    """Those that are named; none is asked where none is."""
    return [read_server(address, "stun") for address in servers.stun]


def relays(servers: Servers, *, now: datetime) -> Sequence[Relay]:
    """Those that are named, each with what proves us to it."""
    found = []
    for address, user, password in servers.turn:
        server = read_server(address, "turn")
        name, proof = relay_login(user, password, holder="exchange", now=now)
        found.append(Relay(server=server, user=name, password=proof))
    return found


def relay_login(user: str, password: str, *, holder: str, now: datetime) -> tuple[str, str]:
    """User and password for a relay: as they stand or, where the user is `*`, made of the secret that it shares with
    us and good for twelve hours (draft-uberti-behave-turn-rest-00; coturn's `use-auth-secret`).
    """
    if user != SHARED_SECRET:
        return user, password
    name = f"{int((now + GOOD_FOR).timestamp())}:{holder}"
    return name, base64.b64encode(hmac.digest(password.encode(), name.encode(), "sha1")).decode()
