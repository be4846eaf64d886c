"""Tokens that outlive what they were made from."""

from trustdesk.kernel.context import AccessContext
from trustdesk.vault.contracts import SuppressionToken, TokenKind
from trustdesk.vault.services import keyring
from trustdesk.vault.services.terms import NORMALISERS


class Suppressions:
    """What `vault.api.Suppressor` does."""

    __slots__ = ("_keys",)

    def __init__(self, keys: list[bytes]) -> None:
        self._keys = keys

    @classmethod
    def of(cls, context: AccessContext) -> "Suppressions":
        # Never the kept ring: missing a level that another process has nested meanwhile would miss a suppressed person.
        return cls(keyring.running(context).suppression)

    @property
    def level(self) -> int:
        return len(self._keys)

    def token(self, kind: TokenKind, value: str, country: str) -> SuppressionToken | None:
        version = max(NORMALISERS[kind])
        return self._made(kind, value, country, version, self.level)

    def look_up(self, kind: TokenKind, value: str, country: str) -> list[SuppressionToken]:
        made = [
            self._made(kind, value, country, version, level)
            for version in NORMALISERS[kind]
            for level in range(1, self.level + 1)
        ]
        return [token for token in made if token is not None]

    def renest(self, stored: SuppressionToken) -> SuppressionToken:
        if not 1 <= stored.level <= self.level:
            raise ValueError("the token's level is none of this controller's")
        return SuppressionToken(stored.version, self.level, keyring.nested(self._keys[stored.level :], stored.token))

    def _made(self, kind: TokenKind, value: str, country: str, version: int, level: int) -> SuppressionToken | None:
        normal = NORMALISERS[kind][version](value, country)
        if not normal:
            return None
        first = f"{kind}/{version}\0{normal}".encode("utf-8", "surrogatepass")
        return SuppressionToken(version, level, keyring.nested(self._keys[:level], first))
