"""How much one address may ask for. A trunk's, and an office's with phones that are registered, have room for a whole
exchange's calls, a stranger's for a phone's.

An address is an IPv4 host or an IPv6 network of 64 bits: whoever has one IPv6 address has 2^64 of them.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

MOST_ADDRESSES = 10_000  # of whom anything is remembered
REQUESTS_A_SECOND, REQUESTS_AT_ONCE = 20.0, 60.0
KNOWN_A_SECOND, KNOWN_AT_ONCE = 400.0, 2_000.0
OFFENCES, FORGOTTEN_AFTER, BANNED_FOR = 15, 60.0, 600.0
CONNECTIONS, KNOWN_CONNECTIONS, ALL_CONNECTIONS = 20, 500, 5_000

Network = IPv4Network | IPv6Network


def subject(host: str) -> str:
    """What is counted for a host."""
    if ":" in host:
        return str(IPv6Network((IPv6Address(host.partition("%")[0]), 64), strict=False))
    return host


@dataclass(slots=True)
class _Standing:
    """What is remembered of one address."""

    at: float
    room: float
    offences: int = 0
    offended_at: float = 0.0
    banned_until: float = 0.0


@dataclass(slots=True)
class Limits:
    """Rates, offences and bans. `known` are the trunks' networks; `friends` hosts with a phone that is registered."""

    known: tuple[Network, ...] = ()
    friends: dict[str, int] = field(default_factory=dict)
    _standings: OrderedDict[str, _Standing] = field(default_factory=OrderedDict)
    _connections: dict[str, int] = field(default_factory=dict)
    connections: int = 0
    dropped: int = 0
    bans: int = 0

    def is_known(self, host: str) -> bool:
        address = ip_address(host.partition("%")[0])
        return any(address in network for network in self.known)

    def is_friend(self, host: str) -> bool:
        """Whether a phone is registered from there."""
        return subject(host) in self.friends

    def passes(self, host: str, now: float) -> bool:
        """Whether one more message of this host is read. One that isn't, is dropped without an answer."""
        known = self.is_friend(host) or (bool(self.known) and self.is_known(host))
        rate, most = (KNOWN_A_SECOND, KNOWN_AT_ONCE) if known else (REQUESTS_A_SECOND, REQUESTS_AT_ONCE)
        standing = self._standing(subject(host), now, most)
        if standing.banned_until > now:
            self.dropped += 1
            return False
        standing.room = min(most, standing.room + (now - standing.at) * rate)
        standing.at = now
        if standing.room < 1:
            self.dropped += 1
            return False
        standing.room -= 1
        return True

    def offend(self, host: str, now: float) -> bool:
        """A wrong password, a request of a stranger, what can't be read. True where this was the last straw."""
        if self.is_known(host) or self.is_friend(host):
            return False  # one forgotten password must not silence an office, nor a forged source a carrier
        standing = self._standing(subject(host), now, REQUESTS_AT_ONCE)
        if now - standing.offended_at > FORGOTTEN_AFTER:
            standing.offences = 0
        standing.offences += 1
        standing.offended_at = now
        if standing.offences >= OFFENCES and standing.banned_until <= now:
            standing.banned_until = now + BANNED_FOR
            standing.offences = 0
            self.bans += 1
            return True
        return False

    def befriend(self, host: str, by: int) -> None:
        """One phone more, or one less, is registered from there."""
        count = self.friends.get(subject(host), 0) + by
        if count > 0:
            self.friends[subject(host)] = count
        else:
            self.friends.pop(subject(host), None)

    def connect(self, host: str) -> bool:
        """Whether one more connection is taken; if so it is counted until `disconnect`."""
        address = subject(host)
        most = KNOWN_CONNECTIONS if self.is_known(host) else CONNECTIONS
        count = self._connections.get(address, 0)
        if count >= most or self.connections >= ALL_CONNECTIONS:
            self.dropped += 1
            return False
        self._connections[address] = count + 1
        self.connections += 1
        return True

    def disconnect(self, host: str) -> None:
        address = subject(host)
        count = self._connections.get(address, 0) - 1
        self.connections -= 1
        if count > 0:
            self._connections[address] = count
        else:
            self._connections.pop(address, None)

    def _standing(self, address: str, now: float, most: float) -> _Standing:
        standing = self._standings.get(address)
        if standing is None:
            if len(self._standings) >= MOST_ADDRESSES:
                self._standings.popitem(last=False)
            standing = self._standings[address] = _Standing(now, most)
        else:
            self._standings.move_to_end(address)
        return standing


def networks(addresses: tuple[str, ...]) -> tuple[Network, ...]:
    """Hosts and CIDR as they stand in the settings. ValueError where one is neither."""
    return tuple(ip_network(address.strip(), strict=False) for address in addresses)
