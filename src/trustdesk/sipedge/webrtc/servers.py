"""Addresses of STUN and TURN servers as people write them (RFC 7064, 7065): `turn:host[:port][?transport=udp|tcp]`."""

import re
from typing import Final, TypedDict

from trustdesk.kernel.errors import BadInputError
from trustdesk.sipedge.webrtc.contracts import Servers

_ADDRESS = re.compile(
    r"(?:(?P<scheme>stuns?|turns?):)?(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(?P<port>\d{1,5}))?"
    r"(?:\?transport=(?P<transport>udp|tcp))?"
)
_PORT: Final = 3478
_TLS_PORT: Final = 5349


class Turn(TypedDict, total=False):
    turn_server: tuple[str, int]
    turn_username: str
    turn_password: str
    turn_ssl: bool
    turn_transport: str


def stun_server(servers: Servers) -> tuple[str, int] | None:
    """The first that is named; none is asked where none is."""
    if not servers.stun:
        return None
    host, port, _ = _read(servers.stun[0], {"stun"})
    return host, port


def turn_server(servers: Servers) -> Turn:
    """The first that is named, with its user and password."""
    if not servers.turn:
        return {}
    address, user, password = servers.turn[0]
    host, port, found = _read(address, {"turn", "turns"})
    tls = found["scheme"] == "turns"
    return {
        "turn_server": (host, port),
        "turn_username": user,
        "turn_password": password,
        "turn_ssl": tls,
        "turn_transport": found["transport"] or ("tcp" if tls else "udp"),
    }


def _read(address: str, schemes: set[str]) -> tuple[str, int, re.Match[str]]:
    found = _ADDRESS.fullmatch(address)
    port = int(found["port"] or (_TLS_PORT if found["scheme"] == "turns" else _PORT)) if found else 0
    if found is None or (found["scheme"] or min(schemes)) not in schemes or not 0 < port < 1 << 16:
        raise BadInputError(
            "The address of a STUN or TURN server can't be read.",
            place="servers",
            mend="Write it as stun:host:3478, turn:host:3478 or turns:host:5349?transport=tcp.",
        )
    return found["host"].strip("[]"), port, found
