"""Addresses of STUN and TURN servers as the settings have them, and who we are to a relay."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest

from trustdesk.kernel.errors import BadInputError
from trustdesk.sipedge.webrtc.contracts import Servers
from trustdesk.sipedge.webrtc.servers import (
    GOOD_FOR,
    SHARED_SECRET,
    Server,
    Unspoken,
    UnspokenError,
    read_server,
    relay_login,
    relays,
    stun_servers,
)

NOW = datetime(2026, 11, 26, 8, tzinfo=UTC)


def test_nobody_is_asked_where_nobody_is_named() -> None:
    assert stun_servers(Servers()) == []
    assert relays(Servers(), now=NOW) == []


@pytest.mark.parametrize(
    ("address", "kind", "server"),
    [
        ("stun:stun.example:19302", "stun", Server("stun.example", 19302, "udp", tls=False)),
        ("stun:192.0.2.1", "stun", Server("192.0.2.1", 3478, "udp", tls=False)),
        ("stun:stun.example?transport=udp", "stun", Server("stun.example", 3478, "udp", tls=False)),
        ("turn:turn.example", "turn", Server("turn.example", 3478, "udp", tls=False)),
        ("turn:turn.example:80?transport=tcp", "turn", Server("turn.example", 80, "tcp", tls=False)),
        ("turn:[2001:db8::1]:3478", "turn", Server("2001:db8::1", 3478, "udp", tls=False)),
        ("turns:turn.example", "turn", Server("turn.example", 5349, "tcp", tls=True)),
        ("turns:turn.example:443?transport=tcp", "turn", Server("turn.example", 443, "tcp", tls=True)),
    ],
)
def test_what_is_spoken_to(address: str, kind: Literal["stun", "turn"], server: Server) -> None:
    assert read_server(address, kind) == server


@pytest.mark.parametrize(
    ("address", "kind", "why"),
    [
        *(
            (address, "stun", Unspoken.UNREADABLE)
            for address in ("", "192.0.2.1:3479", "http://x", "stun:", "stun:x y")
        ),
        *((address, "stun", Unspoken.UNREADABLE) for address in ("stun:x:0", "stun:x:99999", "turn:turn.example")),
        ("stun:turn.example", "turn", Unspoken.UNREADABLE),
        ("stuns:stun.example", "stun", Unspoken.STUN_NOT_UDP),
        ("stun:stun.example?transport=tcp", "stun", Unspoken.STUN_NOT_UDP),
        ("stun:[2001:db8::1]", "stun", Unspoken.STUN_SIX),
        ("turns:turn.example?transport=udp", "turn", Unspoken.TURN_DTLS),
    ],
)
def test_anything_else_is_refused_with_why(address: str, kind: Literal["stun", "turn"], why: Unspoken) -> None:
    with pytest.raises(UnspokenError) as refused:
        read_server(address, kind)
    assert refused.value.why is why
    assert refused.value.mend


def test_a_user_of_the_relay_stands_as_it_is() -> None:
    assert relay_login("desk", "word", holder="exchange", now=NOW) == ("desk", "word")


def test_of_a_shared_secret_a_password_is_made_for_a_shift() -> None:
    (relay,) = relays(Servers(turn=(("turn:turn.example", SHARED_SECRET, "s3cret"),)), now=NOW)
    until = int((NOW + timedelta(hours=12)).timestamp())
    assert timedelta(hours=12) == GOOD_FOR
    assert relay.user == f"{until}:exchange"
    made = hmac.new(b"s3cret", relay.user.encode(), hashlib.sha1).digest()
    assert relay.password == base64.b64encode(made).decode()


def test_a_password_does_not_show() -> None:
    with pytest.raises(BadInputError) as caught:
        relays(Servers(turn=(("nonsense://", "user", "secret word"),)), now=NOW)
    assert "secret" not in str(caught.value)
