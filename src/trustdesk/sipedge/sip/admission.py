"""Who may ask for something: a trunk by its addresses (and by digest where it must prove itself), a phone by digest.
Everybody else is told nothing, or that it is forbidden, and is remembered.
"""

import hashlib
import secrets
from dataclasses import dataclass, field
from ipaddress import ip_address

from trustdesk.sipedge.contracts import Config, Trunk
from trustdesk.sipedge.sip.contracts import Peer, Side
from trustdesk.sipedge.sip.digest import MD5, SHA256, Account, Guard, Outcome, Prover, ha1
from trustdesk.sipedge.sip.limits import Network, networks
from trustdesk.sipedge.sip.message import Request


@dataclass(frozen=True, slots=True)
class Admitted:
    """Let in, as whom, and where the rest of its messages may come from too."""

    peer: Peer
    networks: tuple[Network, ...] = ()


@dataclass(frozen=True, slots=True)
class Challenged:
    """Prove it: the value of WWW-Authenticate. `wrong` where a proof was tried and failed."""

    challenge: str
    wrong: bool


@dataclass(frozen=True, slots=True)
class Stranger:
    """Neither an address nor a name that we know."""


Verdict = Admitted | Challenged | Stranger


@dataclass(slots=True)
class Admission:
    """What the settings say of trunks and phones, ready to be asked."""

    guard: Guard
    trunks: dict[int, tuple[Trunk, tuple[Network, ...]]] = field(default_factory=dict)
    phones: dict[str, Account] = field(default_factory=dict)
    digest_trunks: dict[str, int] = field(default_factory=dict)
    learned: dict[str, int] = field(default_factory=dict)  # hosts that we are registered at, by trunk

    def configure(self, config: Config) -> None:
        """ValueError where an address of a trunk is none."""
        trunks = {trunk.trunk: (trunk, networks(trunk.addresses)) for trunk in config.trunks}
        self.trunks = trunks
        self.phones = {
            phone.user: Account(phone.user, _halves(phone.ha1, phone.ha1_sha256))
            for phone in config.phones
            if phone.ha1  # an empty one could be computed with by anybody
        }
        self.digest_trunks = {
            trunk.user: trunk.trunk for trunk in config.trunks if trunk.user and trunk.password and not trunk.addresses
        }
        self.learned = {host: trunk for host, trunk in self.learned.items() if trunk in trunks}
        if config.realm != self.guard.realm:
            self.guard = Guard(config.realm)

    @property
    def known(self) -> tuple[Network, ...]:
        return tuple(network for _, found in self.trunks.values() for network in found)

    def trunk_at(self, host: str) -> Trunk | None:
        """The trunk of an address: by its narrowest network, else by where we are registered."""
        address = ip_address(host)
        fitting = [
            (network.prefixlen, trunk)
            for trunk, found in self.trunks.values()
            for network in found
            if address in network
        ]
        if fitting:
            return max(fitting, key=lambda pair: pair[0])[1]
        learned = self.learned.get(host)
        return self.trunks[learned][0] if learned in self.trunks else None

    def caller(self, request: Request, host: str, now: float) -> Verdict:
        """Of an INVITE, or of another request outside of a call."""
        trunk = self.trunk_at(host)
        if trunk is not None:
            found = Admitted(Peer(side=Side.TRUNK, trunk=trunk.trunk), self.trunks[trunk.trunk][1])
            if not trunk.challenge:
                return found
            if not trunk.password:  # not told yet: an empty one would be anybody's
                return Stranger()
            return self._proven(request, self._account(trunk), host, now, found)
        return self._by_name(request, host, now)

    def _by_name(self, request: Request, host: str, now: float) -> Verdict:
        fields = self.guard.credentials(request)
        user = (fields or {}).get("username", "") or request.from_.uri.name
        if user in self.phones:
            return self._proven(request, self.phones[user], host, now, Admitted(Peer(side=Side.PHONE, phone=user)))
        if user in self.digest_trunks:
            trunk = self.digest_trunks[user]
            peer = Peer(side=Side.TRUNK, trunk=trunk)
            return self._proven(request, self._account(self.trunks[trunk][0]), host, now, Admitted(peer))
        if self.digest_trunks and fields is None:  # its From is whoever calls: only the proof says who it is
            return Challenged(self.guard.challenge(None, host, now), wrong=False)
        return Stranger()

    def phone(self, request: Request, host: str, now: float) -> Verdict:
        """Of a REGISTER. Whether the phone is known, the answer does not tell."""
        user = request.to.uri.name
        account = self.phones.get(user) or self._nobody(user)
        return self._proven(request, account, host, now, Admitted(Peer(side=Side.PHONE, phone=user)))

    def _proven(self, request: Request, account: Account | None, host: str, now: float, found: Admitted) -> Verdict:
        fields = self.guard.credentials(request)
        outcome = self.guard.examine(request, fields, account, host, now)
        if outcome == Outcome.PROVEN:
            return found
        challenge = self.guard.challenge(account, host, now, stale=outcome == Outcome.STALE)
        return Challenged(challenge, wrong=outcome == Outcome.WRONG)

    def _nobody(self, user: str) -> Account | None:
        """Stands for a phone that there is none of: nobody can prove it, and it is asked for what one of ours is, the
        same each time. Else the algorithm that is asked for would tell a name that is known from one that is not.
        """
        if not self.phones:
            return None
        ours = [self.phones[name] for name in sorted(self.phones)]
        halves = "".join(half for account in ours for half in account.halves.values())  # known to nobody outside
        picked = int.from_bytes(hashlib.sha256(f"{halves}:{user}".encode("utf-8", "surrogateescape")).digest()[:8])
        algorithm = ours[picked % len(ours)].algorithm
        return Account(user, {algorithm: secrets.token_hex(32)})

    def prover(self, peer: Peer) -> Prover | None:
        """What we prove ourselves with to a trunk that challenges a request within a call, BYE say."""
        trunk = self.trunks[peer.trunk][0] if peer.side is Side.TRUNK and peer.trunk in self.trunks else None
        return (
            Prover(trunk.user, trunk.password, trunk.realm)
            if trunk is not None and trunk.user and trunk.password
            else None
        )

    def _account(self, trunk: Trunk) -> Account:
        return Account(trunk.user, {MD5: ha1(MD5, trunk.user, self.guard.realm, trunk.password)})


def _halves(md5: str, sha256: str) -> dict[str, str]:
    return {MD5: md5, SHA256: sha256} if sha256 else {MD5: md5}
