"""One HTTPS request to an address that somebody else chose, without letting it reach what only we can reach.

The name is resolved once, every address it has is checked, and the connection goes to a checked address: a name that
changes its mind between check and use (DNS rebinding) is asked only once. Redirects are not followed, an environment's
proxy is not used, an answer is read up to a bound, and the whole exchange has a deadline.
"""

import contextlib
import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from trustdesk.delivery.transports.deadline import deadline
from trustdesk.delivery.transports.faults import NoAnswerError, PutOffError, RejectedError

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
_MOST_READ = 64_000
_HTTPS = 443
# What an IPv6 address may carry inside: NAT64 (RFC 6052), 6to4 (RFC 3056), Teredo (RFC 4380).
_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. The body up to a bound."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


def public(address: IPAddress) -> bool:
    """True for an address of the open Internet, looked at through every wrapping."""
    if isinstance(address, ipaddress.IPv6Address):
        inside = address.ipv4_mapped or address.sixtofour
        if address in _TRANSLATED:
            inside = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if address.teredo is not None:
            return False
        if inside is not None:
            return public(inside)
    return address.is_global and not address.is_multicast


def any_address(_address: IPAddress) -> bool:
    """For addresses that an administrator chose."""
    return True


def checked_url(url: str) -> SplitResult:
    """The parts of an https URL. RejectedError for anything that is not plainly one."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise RejectedError("bad-url") from None
    plain = url.isascii() and url.isprintable() and " " not in url
    if parts.scheme != "https" or not parts.hostname or not plain or port == 0:
        raise RejectedError("bad-url")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise RejectedError("bad-url")
    return parts


def request(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    body: bytes,
    seconds: float,
    allowed: Callable[[IPAddress], bool],
) -> Answer:
    """The answer, whatever its status. PutOffError before anything was handed over, NoAnswerError afterwards,
    RejectedError for an address that may not be called.
    """
    parts = checked_url(url)
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    with (
        contextlib.closing(_connected(parts, seconds=seconds, allowed=allowed)) as client,
        deadline(client.sock, seconds),
    ):
        try:
            client.request(method, target, body=body, headers={**headers, "Connection": "close"})
            answer = client.getresponse()
            return Answer(answer.status, dict(answer.getheaders()), answer.read(_MOST_READ))
        except (OSError, http.client.HTTPException):
            raise NoAnswerError("no-answer") from None


def _connected(
    parts: SplitResult, *, seconds: float, allowed: Callable[[IPAddress], bool]
) -> http.client.HTTPSConnection:
    """A connection to a checked address, its certificate checked against the name. It opens itself no other."""
    host, port = parts.hostname or "", parts.port or _HTTPS
    client = http.client.HTTPSConnection(host, port, timeout=seconds)
    until = time.monotonic() + seconds
    fault = "no-connection"
    for address in _resolved(host, port, allowed):
        try:
            plain = socket.create_connection((str(address), port), timeout=max(until - time.monotonic(), 0.1))
        except OSError:
            continue
        try:
            with deadline(plain, max(until - time.monotonic(), 0.1)):
                client.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=host)
        except ssl.SSLCertVerificationError:
            fault = "bad-certificate"
        except OSError:
            fault = "no-tls"
        else:
            client.sock.settimeout(seconds)
            return client
        plain.close()
    raise PutOffError(fault)


def _resolved(host: str, port: int, allowed: Callable[[IPAddress], bool]) -> list[IPAddress]:
    """Every address of the name. RejectedError where one of them may not be called: then none is."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise PutOffError("no-such-host") from None
    addresses = list(dict.fromkeys(_addresses(found)))
    if not all(allowed(address) for address in addresses):
        raise RejectedError("private-address")
    return addresses


def _addresses(found: Sequence[tuple[object, object, object, object, tuple[object, ...]]]) -> Iterator[IPAddress]:
    for *_kind, place in found:
        yield ipaddress.ip_address(str(place[0]).partition("%")[0])
