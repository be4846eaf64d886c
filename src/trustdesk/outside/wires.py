"""The one way out to another system: a connection to an address that may be called from here.

The name is resolved once, every address it has is checked, and the connection goes to a checked address. The open
Internet may be called; what only this machine's neighbors can reach only where the settings name its net; link-local
addresses (there cloud machines keep their keys) only by a net of their own.
"""

import ipaddress
import os
import socket
import ssl
import time
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings

from trustdesk.delivery.api import public_address
from trustdesk.outside.contracts import Fault
from trustdesk.outside.faults import OutsideError

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
SECONDS = 20.0
"""How long the other side may keep silent."""
_SYSTEM_ROOTS = "/etc/ssl/certs/ca-certificates.crt"


def dial(host: str, port: int, *, seconds: float = SECONDS, clear: bool = False) -> socket.socket:
    """A connection whose silences are bounded. `clear`: nothing will be encrypted on it, so it stays in the house.
    OutsideError: not-allowed, timeout, unreachable.
    """
    until = time.monotonic() + seconds
    fault = Fault.UNREACHABLE
    for address in addresses(host, port, clear=clear):
        try:
            held = socket.create_connection((str(address), port), timeout=max(until - time.monotonic(), 0.1))
        except TimeoutError:
            fault = Fault.TIMEOUT
        except OSError:
            continue
        else:
            held.settimeout(seconds)
            return held
    raise OutsideError(fault)


def addresses(host: str, port: int, *, clear: bool = False) -> Sequence[IPAddress]:
    """Every address of the name. OutsideError where it has none, or one that may not be called: then none is. In clear
    nobody is called over the open Internet.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise OutsideError(Fault.UNREACHABLE) from None
    every = list(dict.fromkeys(ipaddress.ip_address(str(place[0]).partition("%")[0]) for *_kind, place in found))
    if not all(allowed(address) and not (clear and public_address(address)) for address in every):
        raise OutsideError(Fault.NOT_ALLOWED)
    return every


def allowed(address: IPAddress) -> bool:
    """Whether this address may be called from here."""
    if settings.TRUSTDESK_DEMO or public_address(address):
        return True
    nets = [ipaddress.ip_network(net, strict=False) for net in settings.TRUSTDESK_OUTSIDE_NETWORKS]
    naming = [net for net in nets if address in net]
    if address.is_link_local:
        return any(net.is_link_local for net in naming)
    return bool(naming)


def tls() -> ssl.SSLContext:
    """Certificates are checked, by the system's roots or those that SSL_CERT_FILE names."""
    return ssl.create_default_context()


def roots() -> str:
    """The file of root certificates, for a library that wants it named."""
    named = (os.environ.get("SSL_CERT_FILE"), ssl.get_default_verify_paths().cafile, _SYSTEM_ROOTS)
    return next((path for path in named if path and Path(path).is_file()), "system")
