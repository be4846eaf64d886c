"""Which addresses another system may have, looked at through every wrapping."""

import ipaddress
import socket

import pytest

from trustdesk.delivery.transports import https
from trustdesk.delivery.transports.faults import PutOffError, RejectedError


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2001:4860:4860::8888", "::ffff:8.8.8.8"])
def test_the_open_internet(address: str) -> None:
    assert https.public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "0.0.0.0",  # noqa: S104 - one of the addresses that must not be called
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "239.1.1.1",
        "255.255.255.255",
        "192.0.2.1",
        "198.18.0.1",
        "240.0.0.1",
        "::",
        "::1",
        "fe80::1",
        "fc00::1",
        "fd12:3456::1",
        "ff02::1",
        "2001:db8::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
        "2002:a00:1::",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    ],
)
def test_what_only_we_can_reach(address: str) -> None:
    assert not https.public(ipaddress.ip_address(address))


def test_one_private_address_among_public_ones_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(2, 1, 6, "", (address, 443)) for address in ("8.8.8.8", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_asked, **_more: found)
    with pytest.raises(RejectedError, match="private-address"):
        https.request("POST", "https://example.com/", headers={}, body=b"", seconds=1, allowed=https.public)


def test_the_name_is_resolved_once_and_what_was_checked_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: a second look-up would have given the private address."""
    asked: list[str] = []
    called: list[tuple[str, int]] = []

    def resolve(host: str, *_asked: object, **_more: object) -> list[tuple[object, ...]]:
        asked.append(host)
        return [(2, 1, 6, "", ("8.8.8.8" if len(asked) == 1 else "127.0.0.1", 443))]

    def connect(place: tuple[str, int], **_more: object) -> socket.socket:
        called.append(place)
        raise OSError

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(PutOffError):
        https.request("POST", "https://example.com/", headers={}, body=b"", seconds=1, allowed=https.public)
    assert asked == ["example.com"]
    assert called == [("8.8.8.8", 443)]
