"""The suppression list: tokens of numbers and addresses, without whom they belonged to, kept as long as there is
anything they could keep out (GDPR Art. 21(3), 17(3)(b)).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from trustdesk.clearance import wire
from trustdesk.clearance.contracts import Point, Scope, SuppressionReason
from trustdesk.clearance.scopes import Stored, kinds_of, shown, stored
from trustdesk.clearance.selectors.setup import current
from trustdesk.clearance.tokens import TokenMaker, hold_keys
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError
from trustdesk.kernel.ids import new_id
from trustdesk.vault.api import SuppressionToken

_INSERT = """
INSERT INTO clearance_suppression (controller_id, token, id, version, level, kind, act, purpose_id, purpose_kind,
  channel, reason, at, recorded_at, recorded_by)
SELECT %b, fresh.token, fresh.id, fresh.version, fresh.level, fresh.kind, %b, fresh.purpose_id, fresh.purpose_kind,
  fresh.channel, %b, fresh.at, %b, %b
FROM unnest(%b::text[], %b::bigint[], %b::smallint[], %b::smallint[], %b::bytea[], %b::bigint[], %b::text[],
    %b::text[], %b::timestamptz[])
  AS fresh (kind, id, version, level, token, purpose_id, purpose_kind, channel, at)
"""
_FOUND = """
SELECT DISTINCT id, act, purpose_id, purpose_kind, channel, reason, at FROM clearance_suppression
WHERE controller_id = %b AND token = ANY(%b) ORDER BY at, id
"""
_POINTS = """
SELECT customer_id, kind, version, level, token, value_id FROM clearance_point
WHERE controller_id = %b AND customer_id = ANY(%b) AND kind = ANY(%b)
"""


class OfCustomer(NamedTuple):
    """What is suppressed, or not any more, of the points of somebody with these records, and since when."""

    ids: Sequence[int]
    scope: Scope
    at: datetime


class _Row(NamedTuple):
    act_id: int
    kind: str
    version: int
    level: int
    token: bytes
    about: Stored
    at: datetime


def suppress(context: AccessContext, *, point: Point, scope: Scope, reason: SuppressionReason, now: datetime) -> int:
    """Put a number or address on the company's suppression list; the act's id. Needs `consent:record`.

    Kept are keyed tokens only; they outlive the customer and are lifted by an act of the person alone. Waits until
    nobody is contacting the number. BadInputError where it can't be read.
    """
    return _act(context, "suppressed", point=point, scope=scope, reason=reason.value, now=now)


def unsuppress_by_act(context: AccessContext, *, point: Point, scope: Scope, reference: str, now: datetime) -> int:
    """Lift a suppression because the person said so by a new act, which `reference` names; the act's id.

    Needs `consent:record`. A consent recorded for a customer lifts for that customer, purpose and channel by itself.
    """
    if not reference.strip():
        raise BadInputError(
            _("Only an act of the person lifts a suppression."), place="reference", mend=_("Say where it is on record.")
        )
    return _act(context, "lifted", point=point, scope=scope, reason=reference.strip(), now=now)


def look_up_suppression(context: AccessContext, *, point: Point) -> Sequence[tuple[Scope, str, datetime]]:
    """What a number or address is suppressed for at present: the scope, the reason and since when; empty: for nothing.

    Needs `consent:record`. That it was looked up is in the log, without the number. BadInputError where it can't be
    read. An act of the person that lifts it for one customer only (a new consent) is not seen from here.
    """
    context.check_operation("consent:record")
    with scoped(context.scope):
        tokens = _tokens(context, point)
        codes = {purpose.purpose_id: purpose.code for purpose in current(context).purposes.values()}
        standing: dict[Scope, tuple[str, datetime] | None] = {}
        for row in wire.fetch(_FOUND, [context.controller_id, [token.token for token in tokens]]):
            scope = shown(codes, row[2], row[3], row[4])
            standing[scope] = (row[5], row[6]) if row[1] == "suppressed" else None
        found = [(scope, *held) for scope, held in standing.items() if held is not None]
        detail: dict[str, object] = {"kind": point.kind.value, "found": len(found)}
        context.journal.deed(context, "clearance.suppression.looked_up", detail=detail)
    return found


def _tokens(context: AccessContext, point: Point) -> Sequence[SuppressionToken]:
    tokens = TokenMaker(context).plain(point.kind, point.text, country=point.country)
    if not tokens:
        raise BadInputError(
            _("This can't be read as such a number or address."), place="point", mend=_("Write it in full.")
        )
    return tokens


def _act(context: AccessContext, act: str, *, point: Point, scope: Scope, reason: str, now: datetime) -> int:
    context.check_operation("consent:record")
    with scoped(context.scope):
        tokens = _tokens(context, point)
        wire.lock(wire.token_lock(token.token) for token in tokens)
        act_id = new_id()
        about = stored(current(context), scope)
        kind = point.kind.value
        rows = [_Row(act_id, kind, token.version, token.level, token.token, about, now) for token in tokens]
        _write(context, act, reason, rows, now=now)
        context.journal.deed(
            context,
            f"clearance.suppression.{act}",
            detail={"act": act_id, "kind": point.kind.value, "scope": _words(scope), "reason": reason},
        )
    return act_id


def suppress_customer(
    context: AccessContext,
    ids: Sequence[int],
    *,
    scope: Scope,
    reason: SuppressionReason,
    at: datetime,
    now: datetime,
) -> int:
    """The customers' current points, as they are tokenised already, so that the same number in another record or after
    an erasure is not used either; how many points. Inside a transaction that holds the customers' locks.
    """
    return suppress_customers(context, [OfCustomer(ids, scope, at)], reason=reason, now=now)


def suppress_customers(
    context: AccessContext, many: Sequence[OfCustomer], *, reason: SuppressionReason, now: datetime
) -> int:
    """As `suppress_customer`, of many at once."""
    return _act_of_customers(context, "suppressed", many, reason=reason.value, now=now)


def lift_customer(context: AccessContext, ids: Sequence[int], *, scope: Scope, at: datetime, now: datetime) -> int:
    """The person lifted an objection: what it suppressed is lifted with it."""
    return _act_of_customers(context, "lifted", [OfCustomer(ids, scope, at)], reason="objection_lifted", now=now)


def _act_of_customers(
    context: AccessContext, act: str, many: Sequence[OfCustomer], *, reason: str, now: datetime
) -> int:
    hold_keys(context)  # while a key is being nested these tokens would be carried to it under our hands
    ids = sorted({each for one in many for each in one.ids})
    kinds = sorted({kind.value for one in many for kind in kinds_of(one.scope)})
    points: dict[int, list[wire.Row]] = {}
    for customer_id, *point in wire.fetch(_POINTS, [context.controller_id, ids, kinds]):
        points.setdefault(customer_id, []).append(tuple(point))
    if not points:
        return 0
    setup, acts, rows = current(context), 0, list[_Row]()
    for one in many:
        about, meant = stored(setup, one.scope), {kind.value for kind in kinds_of(one.scope)}
        theirs = [point for each in one.ids for point in points.get(each, ()) if point[0] in meant]
        act_ids = {value_id: new_id() for value_id in {point[4] for point in theirs}}
        acts += len(act_ids)
        for kind, version, level, token, value_id in theirs:
            rows.append(_Row(act_ids[value_id], kind, version, level, bytes(token), about, one.at))
    wire.lock(wire.token_lock(row.token) for row in rows)
    _write(context, act, reason, rows, now=now)
    return acts


def _write(context: AccessContext, act: str, reason: str, rows: Sequence[_Row], *, now: datetime) -> None:
    if not rows:
        return
    wire.run(
        _INSERT,
        [
            context.controller_id,
            act,
            reason,
            now,
            context.operator_id,
            [row.kind for row in rows],
            [row.act_id for row in rows],
            [row.version for row in rows],
            [row.level for row in rows],
            [row.token for row in rows],
            [row.about.purpose_id for row in rows],
            [row.about.purpose_kind for row in rows],
            [row.about.channel for row in rows],
            [row.at for row in rows],
        ],
    )


def _words(scope: Scope) -> str:
    return " ".join(part for part in (scope.purpose, scope.kind or "", scope.channel or "") if part) or "everything"
