"""Addresses of STUN and TURN servers as the settings have them."""

import pytest

from trustdesk.kernel.errors import BadInputError
from trustdesk.sipedge.webrtc.contracts import Servers
from trustdesk.sipedge.webrtc.servers import stun_server, turn_server


def test_nobody_is_asked_where_nobody_is_named() -> None:
    assert stun_server(Servers()) is None
    assert turn_server(Servers()) == {}


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("stun:stun.example:19302", ("stun.example", 19302)),
        ("stun:stun.example", ("stun.example", 3478)),
        ("192.0.2.1:3479", ("192.0.2.1", 3479)),
        ("stun:[2001:db8::1]:3478", ("2001:db8::1", 3478)),
    ],
)
def test_a_stun_server(address: str, expected: tuple[str, int]) -> None:
    assert stun_server(Servers(stun=(address,))) == expected


@pytest.mark.parametrize(
    ("address", "port", "tls", "transport"),
    [
        ("turn:turn.example", 3478, False, "udp"),
        ("turn:turn.example:80?transport=tcp", 80, False, "tcp"),
        ("turns:turn.example", 5349, True, "tcp"),
    ],
)
def test_a_turn_server(address: str, port: int, tls: bool, transport: str) -> None:  # noqa: FBT001 -- a table's column
    assert turn_server(Servers(turn=((address, "user", "word"),))) == {
        "turn_server": ("turn.example", port),
        "turn_username": "user",
        "turn_password": "word",
        "turn_ssl": tls,
        "turn_transport": transport,
    }


@pytest.mark.parametrize(
    "address", ["", "turn:turn.example", "http://x", "stun:x:0", "stun:x:99999", "stun:x y", "stun:"]
)
def test_anything_else_is_refused(address: str) -> None:
    with pytest.raises(BadInputError):
        stun_server(Servers(stun=(address,)))


def test_a_password_does_not_show() -> None:
    with pytest.raises(BadInputError) as caught:
        turn_server(Servers(turn=(("nonsense://", "user", "secret word"),)))
    assert "secret" not in str(caught.value)
