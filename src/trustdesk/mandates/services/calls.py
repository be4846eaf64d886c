"""What is remembered of another system's calls: how many this minute, and the answers to its writes.

Neither table holds anything of a person: keys and requests stand as keyed digests, answers as identifiers.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.utils.translation import gettext as _

from trustdesk.isolation.api import raw_pool
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, ConflictError, RefusedError
from trustdesk.kernel.ids import from_public

REPLY_LIFE = timedelta(hours=24)
_TOKEN_SESSION = "token:"  # noqa: S105  # how a token's contexts name their session
_MINUTE = 60

_COUNT = """
INSERT INTO mandates_token_use AS held (controller_id, token_id, minute, calls) VALUES (%s, %s, %s, 1)
ON CONFLICT (controller_id, token_id) DO UPDATE
  SET calls = CASE WHEN held.minute = excluded.minute THEN held.calls + 1 ELSE 1 END, minute = excluded.minute
RETURNING calls
"""
_EARLIER = """
SELECT fingerprint, status, answer, location FROM mandates_reply
WHERE controller_id = %s AND token_id = %s AND key_digest = %s AND kept_at > %s
"""
_FORGET = "DELETE FROM mandates_reply WHERE controller_id = %s AND token_id = %s AND kept_at <= %s"
_KEEP = """
INSERT INTO mandates_reply (controller_id, token_id, key_digest, fingerprint, status, answer, location, kept_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
"""


@dataclass(frozen=True, slots=True)
class TokenUse:
    """Calls of one token in the running minute, this one included, and the seconds until the next."""

    calls: int
    limit: int
    wait_seconds: int

    @property
    def allowed(self) -> bool:
        return self.calls <= self.limit

    @property
    def remaining(self) -> int:
        return max(0, self.limit - self.calls)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a write answered: its status, its JSON (identifiers, codes and instants only) and the thing's address."""

    status: int
    answer: str
    location: str = ""


class KeyInUseError(ConflictError):
    """Another call with the same idempotency key is being worked on."""

    code = "in-progress"


class KeyReusedError(BadInputError):
    """The idempotency key stood for another request."""

    code = "key-reused"


def count_use(context: AccessContext, *, limit: int, now: datetime) -> TokenUse:
    """Count one call of the context's token, for all processes together. Commits apart from the request.

    Calls over the limit count too. A count lost in a crash of the database only gives calls away.
    """
    second = int(now.timestamp())
    values = (context.controller_id, _token_id(context), second // _MINUTE)
    with raw_pool().connection() as raw, raw.pipeline(), raw.transaction():
        raw.execute(
            "SELECT set_config('trustdesk.scope', %s, true), set_config('synchronous_commit', 'off', true)",
            [context.scope],
        )
        counted = raw.execute(_COUNT, values)
    row = counted.fetchone()
    if row is None:
        raise RefusedError(_("The token's calls can't be counted."), place="token")
    return TokenUse(calls=row[0], limit=limit, wait_seconds=_MINUTE - second % _MINUTE)


def take_key(context: AccessContext, *, key: bytes, fingerprint: bytes, now: datetime) -> Reply | None:
    """Hold an idempotency key until the running transaction ends; the answer it already has, or None.

    `key` and `fingerprint` are keyed digests of 32 bytes. KeyInUseError where another call holds the key,
    KeyReusedError where it stands for another request (draft-ietf-httpapi-idempotency-key-header, section 2.7).
    """
    token_id = _token_id(context)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [int.from_bytes(key[:8], "big", signed=True)])
        if not cursor.fetchone()[0]:
            raise KeyInUseError(
                _("The same request is being worked on."), place="Idempotency-Key", mend=_("Wait, then ask again.")
            )
        cursor.execute(_EARLIER, [context.controller_id, token_id, key, now - REPLY_LIFE])
        row = cursor.fetchone()
    if row is None:
        return None
    if bytes(row[0]) != fingerprint:
        raise KeyReusedError(
            _("This idempotency key stood for another request."),
            place="Idempotency-Key",
            mend=_("Use a new key for a new request."),
        )
    return Reply(status=row[1], answer=row[2], location=row[3])


def keep_reply(context: AccessContext, *, key: bytes, fingerprint: bytes, reply: Reply, now: datetime) -> None:
    """Remember an answer for 24 hours, in the write's own transaction, and forget the token's older ones."""
    token_id = _token_id(context)
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, [context.controller_id, token_id, now - REPLY_LIFE])
        cursor.execute(
            _KEEP,
            [context.controller_id, token_id, key, fingerprint, reply.status, reply.answer, reply.location, now],
        )


def _token_id(context: AccessContext) -> int:
    if not context.session_id.startswith(_TOKEN_SESSION):
        raise RefusedError(_("Only a token's calls are counted and remembered."), place="token")
    return from_public(context.session_id.removeprefix(_TOKEN_SESSION))
