"""An opening on its way into the log: one statement, one round trip, one commit that waits for the disk.

The values go in PostgreSQL's own binary form, because every look at a customer passes here: an instant as microseconds
since 2000, a list as its header (dimensions, gaps, type; length, first index) before its numbers.
"""

import struct
from collections.abc import Sequence
from datetime import UTC, datetime

from trustdesk.audit.entry import Written
from trustdesk.isolation.api import write_apart

# The scope lives until the commit that ends the statement, and the policies read it when the row is there: with the
# caller's rights. What was promised is on the disk, whatever the server's default is; a stricter one is left alone.
WRITE = """
INSERT INTO audit_entry (controller_id, id, at, kind, key_period, body, subjects)
SELECT $2::int4, $3::int8, $4::timestamptz, 'opening', $5::text, $6::bytea, $7::int8[]
WHERE set_config('trustdesk.scope', $1::text, true) IS NOT NULL
  AND (current_setting('synchronous_commit') IN ('on', 'remote_apply')
    OR set_config('synchronous_commit', 'on', true) IS NOT NULL)
"""
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_DAY = 86_400_000_000  # microseconds
_INT8 = 20  # the type's number in PostgreSQL's catalog
_int4, _int8 = struct.Struct("!i").pack, struct.Struct("!q").pack
_no_items, _array = struct.Struct("!iiI").pack, struct.Struct("!iiIii").pack
_item = struct.Struct("!iq").pack


def commit_opening(scope: str, written: Written) -> None:
    """Return when the entry is on the disk. The database's error is raised where it can't be written."""
    if write_apart(WRITE, *values(scope, written)) != 1:
        raise RuntimeError("an opening was not written, and nothing said why")


def values(scope: str, written: Written) -> tuple[bytes, ...]:
    """What WRITE takes."""
    one = written.entry
    return (
        scope.encode(),
        _int4(one.controller_id),
        _int8(one.id),
        instant(one.at),
        one.key_period.encode(),
        one.body,
        numbers(written.subjects),
    )


def instant(at: datetime) -> bytes:
    since = at - _EPOCH
    return _int8(since.days * _DAY + since.seconds * 1_000_000 + since.microseconds)


def numbers(given: Sequence[int]) -> bytes:
    if not given:
        return _no_items(0, 0, _INT8)
    return _array(1, 0, _INT8, len(given), 1) + b"".join([_item(8, number) for number in given])
