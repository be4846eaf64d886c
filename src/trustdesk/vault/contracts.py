"""Frozen values that cross the vault's door."""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol

RetentionClass = str
"""Which key a value is sealed under, and so when it dies: `service`, `proof` or `statutory:<rule>`."""

TokenKind = Literal["name", "phone", "email", "address", "text", "external_id", "birth_date"]
TOKEN_KINDS: tuple[TokenKind, ...] = ("name", "phone", "email", "address", "text", "external_id", "birth_date")


class Place(NamedTuple):
    """Where a sealed value stands. A box opens at its own place only.

    `version` is that of the column's meaning; `row` is the row's own id wherever a customer has several rows in the
    table (else a value could change places with another one of the same customer).
    """

    table: str
    column: str
    version: int = 1
    row: int = 0


class SealedBox(NamedTuple):
    """A sealed value as it was stored, and all that its associated data was made of.

    `key_version` and `key_box` are what the SQL function `vault_wrapped_key` gave, where the statement that read the
    value brought it along (no box: the key is destroyed); without a version the key is looked up.
    """

    customer_id: int
    retention_class: RetentionClass
    place: Place
    box: bytes
    key_version: int | None = None
    key_box: bytes | None = None

    def __repr__(self) -> str:
        return f"SealedBox({self.customer_id!r}, {self.retention_class!r}, {self.place!r})"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a rotation is: keys wrapped anew by this call, keys still under the old key, and whether it is over."""

    done: int
    left: int
    finished: bool


@dataclass(frozen=True, slots=True)
class SuppressionToken:
    """A blind token that outlives what it was made from: 32 bytes at a level of nesting.

    `version` is the normaliser's; `level` counts the keys that are nested in it.
    """

    version: int
    level: int
    token: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class KeyTable:
    """A table that holds wrapped keys: left out of data backups, carried by key backups.

    A row whose `wrapped` column is NULL is destroyed and stays so; `identity` names the primary key's columns.
    """

    table: str
    identity: tuple[str, ...]
    wrapped: str


class RootKey(Protocol):
    """What wraps the controllers' keys. A file by default; a KMS or a PKCS#11 token keeps the same two verbs."""

    @property
    def key_id(self) -> str:
        """A public name that tells this root key from others."""

    def wrap(self, inner: bytes, *, bound: bytes) -> bytes:
        """The key in a box that only this root key opens, and only with the same `bound`."""

    def unwrap(self, box: bytes, *, bound: bytes) -> bytes:
        """The key again. Raises SealBrokenError where box, `bound` or root key is another one."""
