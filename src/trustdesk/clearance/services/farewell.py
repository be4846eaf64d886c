"""Forgetting what clearance holds of one customer: called through the privacy registry."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from typing import LiteralString

from trustdesk.clearance import wire
from trustdesk.clearance.contracts import SuppressionReason
from trustdesk.clearance.packs import packs
from trustdesk.clearance.scopes import shown
from trustdesk.clearance.selectors.setup import current
from trustdesk.clearance.services.suppressions import suppress_customer
from trustdesk.clearance.subjects import country_of, hold, together
from trustdesk.decision.api import evidence_until
from trustdesk.decision.contracts import Channel
from trustdesk.isolation.api import joined
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError
from trustdesk.kernel.registries import Fate, Planned
from trustdesk.mandates.api import controller
from trustdesk.vault.api import destroy

_STANDING_OBJECTIONS = """
SELECT o.purpose_id, o.purpose_kind, o.channel, max(o.at) FROM clearance_objection o
WHERE o.controller_id = %s AND o.customer_id = ANY(%s) AND o.act = 'objected' AND NOT EXISTS (
  SELECT FROM clearance_objection l WHERE l.controller_id = o.controller_id AND l.customer_id = ANY(%s)
    AND l.act = 'lifted' AND l.at > o.at AND (l.purpose_id IS NULL OR l.purpose_id = o.purpose_id)
    AND l.purpose_kind IN ('', o.purpose_kind) AND l.channel IN ('', o.channel))
GROUP BY o.purpose_id, o.purpose_kind, o.channel
"""
_PROVED = """
SELECT e.channel, min(e.at) FILTER (WHERE e.state = 'given'), max(e.at) FILTER (WHERE e.state = 'given'),
  max(u.used_at), max(e.at) FILTER (WHERE e.state IN ('withdrawn', 'refused'))
FROM clearance_consent_event e
LEFT JOIN clearance_consent_use u ON u.controller_id = e.controller_id AND u.customer_id = e.customer_id
  AND u.event_id = e.id
WHERE e.controller_id = %s AND e.customer_id = ANY(%s) GROUP BY e.channel
"""
_THEIRS: LiteralString = " WHERE controller_id = %s AND customer_id = ANY(%s)"
_SERVICE: Mapping[str, LiteralString] = {
    "points": "FROM clearance_point" + _THEIRS,
    "collections": "FROM clearance_collection" + _THEIRS,
}
_HISTORY: Mapping[str, LiteralString] = {
    "consent-uses": "FROM clearance_consent_use" + _THEIRS,
    "consents": "FROM clearance_consent_event" + _THEIRS,
    "objections": "FROM clearance_objection" + _THEIRS,
    "decisions": "FROM clearance_decision" + _THEIRS,
}
_COUNT: LiteralString = "SELECT count(*) "
_DELETE: LiteralString = "DELETE "
_LAW = "GDPR Art. 7(1), 17(3)(b), (e)"
PROOF = "proof"


def plan(context: AccessContext, customer_id: int) -> Iterator[Planned]:
    """What `erase` would do: tokens and collections go; the history of consent, once nothing has to be proved."""
    now = clock.now()
    with wire.within(context):
        ids = _ids(context, customer_id)
        wanted = [context.controller_id, ids]
        for what, rows in _SERVICE.items():
            yield Planned(what, wire.fetch(_COUNT + rows, wanted)[0][0])
        kept, until = _has_to_be_proved(context, ids, now)
        for what, rows in _HISTORY.items():
            count = wire.fetch(_COUNT + rows, wanted)[0][0]
            yield Planned(what, count, Fate.KEPT, _LAW, until, under=PROOF) if kept else Planned(what, count)


def erase(context: AccessContext, customer_id: int) -> int:
    """Forget the customer; the number of rows deleted (GDPR Art. 17). To be called before the register's.

    What was objected to is kept as suppression tokens. The history of consent is kept while its proof is (Art. 17(3)
    (b), (e)), sealed under its own key, and goes with that key once nothing has to be proved any more. Where no rule
    fixes an end it has to: whoever sets the rules of retention may end it then.
    """
    now = clock.now()
    with joined(context.scope):
        ids = _ids(context, customer_id, held=True)
        _keep_suppressed(context, ids, now)
        wanted = [context.controller_id, ids]
        deleted = sum(wire.run(_DELETE + rows, wanted) for rows in _SERVICE.values())
        kept, _until = _has_to_be_proved(context, ids, now)
        if not kept:
            deleted += _forget_history(context, ids, now)
        context.journal.deed(context, "clearance.erased", subjects=ids, detail={"rows": deleted})
    return deleted


def proved_until(context: AccessContext, customer_id: int, *, ended_at: datetime) -> datetime | None:
    """The last day that a law fixes for the proof of a consent of somebody whose data went at `ended_at`; None where
    no law fixes one. The country went with the data, so the longest of all laws counts.
    """
    everywhere = {controller(context.controller_id).country, *packs().countries}
    ends = _to_be_proved_until(context, [customer_id], ended_at, everywhere)
    fixed = [until for until in ends if until is not None]
    return max(fixed, default=None)


def forget_proof(context: AccessContext, customer_id: int, *, now: datetime) -> None:
    """Destroy the history of somebody who is not in the register any more. Inside the scope."""
    _forget_history(context, [customer_id], now)


def _forget_history(context: AccessContext, ids: list[int], now: datetime) -> int:
    for each in ids:
        destroy(context, each, PROOF, now=now)
    return sum(wire.run(_DELETE + rows, [context.controller_id, ids]) for rows in _HISTORY.values())


def _ids(context: AccessContext, customer_id: int, *, held: bool = False) -> list[int]:
    """Whom the register does not know any more may still have a history here."""
    try:
        return hold(context, customer_id) if held else together(context, customer_id)
    except NotFoundError:
        return [customer_id]


def _keep_suppressed(context: AccessContext, ids: list[int], now: datetime) -> None:
    codes = {purpose.purpose_id: purpose.code for purpose in current(context).purposes.values()}
    for purpose_id, kind, channel, at in wire.fetch(_STANDING_OBJECTIONS, [context.controller_id, ids, ids]):
        scope = shown(codes, purpose_id, kind, channel)
        suppress_customer(context, ids, scope=scope, reason=SuppressionReason.OBJECTION, at=at, now=now)


def _has_to_be_proved(context: AccessContext, ids: list[int], now: datetime) -> tuple[bool, date | None]:
    """Whether a consent of the history has to be proved for longer, by the packs of the customer's country, and until
    when. Where no rule fixes an end it has to: whoever sets the rules of retention may end it then.
    """
    country = country_of(context, ids[0]) or controller(context.controller_id).country
    ends = list(_to_be_proved_until(context, ids, now, {country}))
    if None in ends:
        return True, None
    later = [until.date() for until in ends if until is not None and until > now]
    return bool(later), max(later, default=None)


def _to_be_proved_until(
    context: AccessContext, ids: list[int], ended_at: datetime, countries: Collection[str]
) -> Iterator[datetime | None]:
    """Of each consent that was ever given until when it has to be proved, by the packs of these countries; None where
    no rule fixes an end.
    """
    for channel, first, last, used_at, withdrawn_at in wire.fetch(_PROVED, [context.controller_id, ids]):
        if first is None:
            continue  # nothing was ever given: there is nothing to prove
        yield evidence_until(
            packs(),
            countries=countries,
            channel=Channel(channel) if channel else Channel.POST,
            granted_at=last,
            last_used_at=used_at,
            # With the person the reliance ends, whether it was withdrawn or not.
            ended_at=withdrawn_at or ended_at,
        )
