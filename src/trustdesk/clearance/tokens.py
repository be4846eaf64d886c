"""Suppression tokens of contact points: made at once from what is in clear, which is then let go.

Every writer takes the company's token lock shared, and asks for the keys afterwards: when a new key has been nested,
`services.nesting` waits once for all who may not know of it. What is written stands at every living level, so that
two tokens of one number always have a level in common.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from trustdesk.clearance import wire
from trustdesk.clearance.contracts import PointKind
from trustdesk.clearance.selectors.setup import token_floor
from trustdesk.kernel.context import AccessContext
from trustdesk.vault.api import SuppressionToken, Suppressor, TokenKind, normal_value

TOKEN_KINDS: dict[PointKind, TokenKind] = {
    PointKind.PHONE: "phone",
    PointKind.EMAIL: "email",
    PointKind.ADDRESS: "address",
    PointKind.HANDLE: "external_id",
}
POINT_KINDS: dict[str, PointKind] = {kind: point for point, kind in TOKEN_KINDS.items()}
_HASHED: TokenKind = "external_id"
_LOCK = 0x636C_6561_7220_0000  # "clear " and the controller's number
_SHA1 = hashlib.sha1  # the list's own choice (ECG-Liste); what we keep of it is keyed

_LOCKED_SHARED = "SELECT pg_advisory_xact_lock_shared(%s)"
_LOCKED = "SELECT pg_advisory_xact_lock(%s)"


class Stored(NamedTuple):
    """One row of tokens. `hashed` and `domain` are for e-mail addresses only."""

    version: int
    level: int
    token: bytes
    hashed: bytes | None
    domain: bytes | None


def hold_keys(context: AccessContext, *, exclusive: bool = False) -> None:
    """Take the company's token lock until the transaction ends."""
    wire.fetch(_LOCKED if exclusive else _LOCKED_SHARED, [_LOCK + context.controller_id])


class TokenMaker:
    """Makes tokens inside a scoped transaction, under the keys in force."""

    def __init__(self, context: AccessContext) -> None:
        hold_keys(context)
        self._floor = token_floor(context)
        self._suppressor = Suppressor(context)
        self._domains: dict[str, dict[int, bytes]] = {}

    @property
    def level(self) -> int:
        return self._suppressor.level

    def plain(self, kind: PointKind, text: str, *, country: str = "") -> list[SuppressionToken]:
        """The tokens of a value, at every version and living level; none where it can't be read."""
        found = self._suppressor.look_up(TOKEN_KINDS[kind], text, country=country)
        return [token for token in found if token.level >= self._floor]

    def stored(self, kind: PointKind, text: str, *, country: str = "") -> list[Stored]:
        """All that is kept of a contact point."""
        tokens = self.plain(kind, text, country=country)
        if kind is not PointKind.EMAIL or not tokens:
            return [Stored(token.version, token.level, token.token, None, None) for token in tokens]
        address = normal_value("email", text, country=country)
        domain = address[address.rindex("@") :]
        if domain not in self._domains:
            self._domains[domain] = self.hashed(_SHA1(domain.encode()).hexdigest())
        whole, part = self.hashed(_SHA1(address.encode()).hexdigest()), self._domains[domain]
        return [
            Stored(token.version, token.level, token.token, whole[token.level], part[token.level]) for token in tokens
        ]

    def hashed(self, digest: str) -> dict[int, bytes]:
        """By level, the token of a digest in hexadecimal: of what stands in a list that holds digests only."""
        found = self._suppressor.look_up(_HASHED, f"sha1{digest}", country="")
        return {token.level: token.token for token in found if token.level >= self._floor}


def every(stored: Iterable[Stored]) -> Sequence[bytes]:
    """All tokens under which the point may stand in a list."""
    return [token for row in stored for token in (row.token, row.hashed, row.domain) if token is not None]
