"""What others may ask of the vault. Values leave in clear through `open_many`, files through `open_file`, recordings
through `open_stream_keys`, nothing else. One key leaves as it is: that of a recording which is being made
(`create_stream_key`), for the process that seals it.

Functions that take an access context work under its signed scope. GDPR Art. 5(1)(e), 17, 25, 32(1)(a).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from trustdesk.kernel.context import AccessContext, Opening
from trustdesk.vault.contracts import (
    TOKEN_KINDS,
    KeyTable,
    Place,
    Progress,
    RetentionClass,
    RootKey,
    SealedBox,
    SuppressionToken,
    TokenKind,
)
from trustdesk.vault.services import files as _files
from trustdesk.vault.services import keyring as _keyring
from trustdesk.vault.services import opening as _opening
from trustdesk.vault.services import phones as _phones
from trustdesk.vault.services import root as _root
from trustdesk.vault.services import rotation as _rotation
from trustdesk.vault.services import streams as _streams
from trustdesk.vault.services import terms as _terms
from trustdesk.vault.services import tokens as _tokens
from trustdesk.vault.services.files import SealedFile
from trustdesk.vault.services.sealing import Seals as _Seals
from trustdesk.vault.services.streams import StreamKey
from trustdesk.vault.services.suppression import Suppressions as _Suppressions

__all__ = [
    "KEY_TABLES",
    "TOKEN_KINDS",
    "KeyTable",
    "Place",
    "Progress",
    "RetentionClass",
    "RootKey",
    "SealedBox",
    "SealedFile",
    "Sealer",
    "StreamKey",
    "SuppressionToken",
    "Suppressor",
    "TokenKind",
    "Tokeniser",
    "count_keys",
    "create_stream_key",
    "destroy",
    "destroy_file",
    "destroy_many",
    "destroy_stream_key",
    "living_classes",
    "nest_suppression_key",
    "normal_value",
    "open_file",
    "open_many",
    "open_stream_keys",
    "phone_country",
    "provision_controller",
    "refile_stream_key",
    "root_unwrap",
    "root_wrap",
    "rotate_controller_key",
    "seal_file",
    "token_editions",
    "unfile_stream_key",
]

KEY_TABLES = (
    KeyTable("vault_controller_key", ("controller_id", "version"), "wrapped"),
    KeyTable("vault_data_key", ("controller_id", "customer_id", "retention_class"), "wrapped"),
    KeyTable("vault_file_key", ("controller_id", "id"), "wrapped"),
    KeyTable("vault_stream_key", ("controller_id", "id"), "wrapped"),
    KeyTable("vault_token_key", ("controller_id", "purpose", "level"), "wrapped"),
)
"""Where the wrapped keys stand: out of data backups, in key backups."""


def provision_controller(context: AccessContext, *, now: datetime) -> None:
    """Give a new controller its keys: one that wraps data keys, one for search tokens, one for suppression tokens.

    Called again it adds what is missing and changes nothing else.
    """
    _keyring.provision(context, now=now)


class Sealer:
    """Seals values for one controller, many at a time. Use it as a context manager inside one transaction:

        with Sealer(context) as sealer:
            box = sealer.seal(customer_id, "service", Place("register_value", "sealed", row=value_id), "Kovács János")

    Data keys (one per customer and retention class) are made when missing and written when the block ends, or by
    `flush`. Unwrapped keys live as long as the sealer.
    """

    def __init__(self, context: AccessContext) -> None:
        self._seals = _Seals(context)
        self._entered = False

    def __enter__(self) -> Self:
        self._entered = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._entered = False
        if kind is None:
            self._seals.flush()

    def prepare(self, customer_ids: Sequence[int]) -> None:
        """Load the keys of many customers, new ones included, in one statement; else each is loaded when first met."""
        self._seals.prepare(customer_ids)

    def seal(self, customer_id: int, retention_class: RetentionClass, place: Place, plaintext: str) -> bytes:
        """The plaintext as a box for this customer, class and place.

        RefusedError where the key of this customer and class is destroyed: what was forgotten is not written again.
        """
        if not self._entered:
            raise RuntimeError("use the sealer as a context manager: else new keys could be lost")
        return self._seals.seal(customer_id, retention_class, place, plaintext)

    def flush(self) -> None:
        """Write the new keys in one statement. ConflictError where somebody else made the same key meanwhile."""
        self._seals.flush()


def open_many(context: AccessContext, *, opening: Opening, boxes: Sequence[SealedBox]) -> list[str | None]:
    """The plaintexts of the boxes, in their order; None where the key is destroyed.

    `opening` is committed to the journal first, also when nothing opens and when the caller's transaction is rolled
    back. Raises ValueError where a box belongs to a customer that `opening.subjects` does not name, and
    SealBrokenError where a box was moved or altered.
    """
    return _opening.open_many(context, opening=opening, boxes=boxes)


def rotate_controller_key(context: AccessContext, *, chunk: int, now: datetime) -> Progress:
    """Wrap up to `chunk` data keys under the controller's newest key, in one transaction.

    The first call makes the new key; the call that finds nothing left destroys the old one and says `finished`.
    Call it until then: a call after a crash goes on where the last one ended.
    """
    return _rotation.rotate(context, chunk=chunk, now=now)


def destroy(context: AccessContext, customer_id: int, retention_class: RetentionClass, *, now: datetime) -> int:
    """Destroy the data key of a customer and class for good (GDPR Art. 17(1)); the number of keys destroyed, 0 or 1."""
    return _rotation.destroy_many(context, [(customer_id, retention_class)], now=now)


def destroy_many(context: AccessContext, pairs: Sequence[tuple[int, RetentionClass]], *, now: datetime) -> int:
    """Destroy the data keys of many customers and classes for good, at once (GDPR Art. 17(1)); the number of keys
    destroyed. One entry names all whose key it was; where there is none left to destroy, nothing is written.
    """
    return _rotation.destroy_many(context, pairs, now=now)


def living_classes(context: AccessContext, customer_ids: Sequence[int]) -> list[tuple[int, RetentionClass]]:
    """Under which retention classes there are keys of these customers that are not destroyed, customer by customer."""
    return _rotation.living_classes(context, customer_ids)


def count_keys(context: AccessContext, people: Sequence[Sequence[int]]) -> list[dict[str, int]]:
    """For each person (the customers who are shown as one) how many keys are `living` and how many `destroyed`."""
    return _rotation.count_keys(context, people)


def seal_file(context: AccessContext, *, file_id: int, pieces: Iterable[bytes], path: Path) -> SealedFile:
    """Write the pieces into a file (which is there, empty and private) under a key of its own; `file_id` names it.

    The key is kept in the running transaction, or in one of its own, after the last piece. What goes wrong is raised
    as it is; the half file is the caller's to delete. Memory holds one piece and 64 KiB.
    """
    return _files.seal_file(context, file_id=file_id, pieces=pieces, path=path)


def open_file(context: AccessContext, *, opening: Opening, file_id: int, path: Path) -> SealedFile:
    """A file that `seal_file` wrote. `opening` is committed to the journal before its key is at hand.

    NotFoundError where the controller has no such file or its key is destroyed. Reading raises SealBrokenError where
    the file was cut off, moved or altered.
    """
    return _files.open_file(context, opening=opening, file_id=file_id, path=path)


def destroy_file(context: AccessContext, file_id: int, *, now: datetime) -> int:
    """Destroy the key of a file for good: what a disk keeps of it says nothing. How many keys, 0 or 1."""
    return _files.destroy_file(context, file_id, now=now)


def create_stream_key(context: AccessContext, *, file_id: int, subject: tuple[int, RetentionClass] | None) -> bytes:
    """A new key for one recording, 32 bytes, for the process that seals it: it is kept in memory there, for the call.

    `subject` is the customer and the retention class (`service` or `statutory:<rule>`) where they are known: the key is
    then wrapped under theirs and dies with it, otherwise under the controller's until `refile_stream_key`. It joins the
    running transaction; RefusedError where the customer's key of that class is destroyed.
    """
    return _streams.create(context, file_id=file_id, subject=subject)


def refile_stream_key(
    context: AccessContext, *, file_id: int, customer_id: int, retention_class: RetentionClass
) -> bool:
    """Wrap a recording's key under the customer's of a class, over the wrapping it had; false where it was there.

    One statement: whatever crashes, the file opens under exactly one wrapping. NotFoundError where the key or what it
    was wrapped under is destroyed; RefusedError where the customer's key of that class is.
    """
    return _streams.refile(context, file_id=file_id, subject=(customer_id, retention_class))


def unfile_stream_key(context: AccessContext, *, file_id: int) -> bool:
    """Wrap a recording's key under the controller's, over the customer's wrapping it had; false where it was there.

    One statement, as for filing: from then on what destroys the customer's keys leaves the recording alone.
    NotFoundError where the key or what it was wrapped under is destroyed.
    """
    return _streams.unfile(context, file_id=file_id)


def open_stream_keys(context: AccessContext, *, opening: Opening, file_ids: Sequence[int]) -> dict[int, StreamKey]:
    """The keys of recordings, for reading them. `opening` is committed to the journal before one is at hand.

    Left out are those of which the controller has none, and whose key or whose customer's is destroyed.
    """
    return _streams.open_keys(context, opening=opening, file_ids=file_ids)


def destroy_stream_key(context: AccessContext, file_id: int, *, now: datetime) -> int:
    """Destroy the key of a recording for good: what a disk keeps of it says nothing. How many keys, 0 or 1."""
    return _streams.destroy(context, file_id, now=now)


def nest_suppression_key(context: AccessContext, *, now: datetime) -> int:
    """A new key around those of the suppression tokens; the new level. Stored tokens are then carried to it with
    `Suppressor.renest`; until that is done `Suppressor.look_up` finds them at both levels.
    """
    return _rotation.nest_suppression_key(context, now=now)


def token_editions() -> Sequence[int]:
    """The editions of the normalisers that this program can ask under, oldest first: the last is what it makes.

    Where the last is new, stored tokens are of an earlier edition until they are made anew from the values.
    """
    return sorted(_terms.EDITIONS)


class Tokeniser:
    """Blind tokens of one controller: 64-bit numbers that say whether values are alike, and nothing without the key.

    Pseudonymous, not anonymous (GDPR Art. 4(5)). Tokens of another controller or normaliser version never meet:
    `edition` says which versions, one of `token_editions()`, the newest where not given.
    """

    def __init__(self, context: AccessContext, *, edition: int | None = None) -> None:
        self._key = _keyring.ring(context).search
        self.edition = edition or _terms.newest_edition()

    def index_tokens(self, kind: TokenKind, value: str, *, country: str) -> list[int]:
        """All tokens to store for a value, without repetition; empty where there is nothing to find it by.

        `country` (ISO 3166-1 alpha-2) reads national phone numbers, day-month order and spellings.
        """
        return _tokens.index_tokens(self._key, kind, value, country, edition=self.edition)

    def query_tokens(self, kind: TokenKind, query: str, *, country: str) -> list[int]:
        """The tokens a customer must have, all of them, to be found by the query. Empty: the query finds nobody.

        Words of names are found by their beginning from three letters on; shorter words by the whole word only.
        """
        return _tokens.query_tokens(self._key, kind, query, country, edition=self.edition)

    def match_tokens(self, kind: TokenKind, value: str, *, country: str) -> list[int]:
        """As `query_tokens`, for a complete value: whole words only, no beginnings. For finding duplicates."""
        return _tokens.query_tokens(self._key, kind, value, country, edition=self.edition, complete=True)

    def digest(self, text: str) -> int:
        """A keyed digest of the text as it is: the same whatever the edition, for a text that is not kept."""
        return _tokens.digest(self._key, text)


class Suppressor:
    """Tokens for suppression and erasure ledgers, under a key of their own that is never replaced, only nested.

    A token made at level 1 is HMAC(k1, x); at level 2 HMAC(k2, HMAC(k1, x)), and so on: stored tokens can be carried
    to a new key without the value they were made from.
    """

    def __init__(self, context: AccessContext) -> None:
        self._suppressions = _Suppressions.of(context)

    @property
    def level(self) -> int:
        """The newest level."""
        return self._suppressions.level

    def token(self, kind: TokenKind, value: str, *, country: str) -> SuppressionToken | None:
        """The token to store for a value, at the newest level; None where the value can't be read."""
        return self._suppressions.token(kind, value, country)

    def look_up(self, kind: TokenKind, value: str, *, country: str) -> list[SuppressionToken]:
        """All tokens under which the value may be stored: every normaliser version at every level."""
        return self._suppressions.look_up(kind, value, country)

    def renest(self, stored: SuppressionToken) -> SuppressionToken:
        """A stored token carried to the newest level."""
        return self._suppressions.renest(stored)


def normal_value(kind: TokenKind, value: str, *, country: str) -> str:
    """The value in its one notation: E.164 for phones, ISO 8601 for birth dates, lower case with an ASCII domain for
    e-mail, folded words for the rest. Empty where it can't be read: an impossible number, a date that does not exist.
    """
    return _terms.normal_value(kind, value, country)


def phone_country(number: str) -> str:
    """The country (ISO 3166-1 alpha-2) of a number in E.164, by its prefix; empty where it is none or of no country."""
    return _phones.country(number)


def root_wrap(inner: bytes, *, label: str) -> bytes:
    """A key that belongs to no customer (a month key of the log, say) wrapped under the root key. `label` binds it."""
    return _root.provider().wrap(inner, bound=_root.label_bound(label))


def root_unwrap(box: bytes, *, label: str) -> bytes:
    """The key again. Raises SealBrokenError where the box, the label or the root key is another one."""
    return _root.provider().unwrap(box, bound=_root.label_bound(label))
