"""Permits: the only tickets with which somebody is contacted."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import connection
from django.utils.translation import gettext as _

from trustdesk.clearance import wire
from trustdesk.clearance.campaigning import layer
from trustdesk.clearance.contracts import NotClearedError, Permit, Point
from trustdesk.clearance.selectors.deciding import NOTHING, About, Contact, Decided, decided
from trustdesk.clearance.selectors.plain import sentence
from trustdesk.clearance.selectors.standing import standing
from trustdesk.clearance.services.moment import moment_of
from trustdesk.clearance.subjects import together
from trustdesk.clearance.tokens import TokenMaker, every
from trustdesk.decision.contracts import Channel, ConsentStanding, Outcome
from trustdesk.isolation.api import in_scope, scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import new_id

LIFE = timedelta(seconds=10)
_TOKENS = """
SELECT token FROM clearance_point WHERE controller_id = %s AND customer_id = ANY(%s) AND value_id = %s
"""
_DECISION = """
INSERT INTO clearance_decision (controller_id, customer_id, id, purpose_id, channel, value_id, place, campaign_id,
  contact_id, at, outcome, mask, rule_ids, packs_digest, policy_version, operator_id)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
_USE = """
INSERT INTO clearance_consent_use (controller_id, customer_id, id, event_id, decision_id, used_at)
VALUES (%s, %s, %s, %s, %s, %s)
"""


def permit(
    context: AccessContext,
    *,
    customer_id: int,
    channel: Channel,
    purpose: str,
    place: str,
    now: datetime,
    value_id: int | None = None,
    point: Point | None = None,
    about: About = NOTHING,
    campaign_id: int | None = None,
    contact_id: int | None = None,
) -> Permit:
    """Decide at the moment of contact, and record it: the verdict, and the use of the consent it rests on (UWG
    § 7a(2)). Needs `customer:contact`.

    Call it inside the transaction that hands the message over (RuntimeError outside of one): until that ends it holds
    the customer's lock, so that a withdrawal, objection or suppression either waits for the hand-over or stops it. Who
    has to commit before handing over takes `contacting` around both. Hours and attempts count here. `place` says by
    whom it is asked (send, dial, …; PREPARING where it will be asked again before the hand-over); one of `value_id` and
    `point` is needed. In the course of a campaign that has to be running, and its own hours and limits count with the
    others (`kernel.registries.campaigns`). `contact_id` names a contact for which a permit is asked more than once, a
    message that is put off for example: it is one attempt, and never counts against itself.

    NotClearedError with the verdict where it is not permitted. The refusal is recorded too: it stands if the caller
    commits.
    """
    context.check_operation("customer:contact")
    if not in_scope(context.scope):
        raise RuntimeError("a permit is made inside the transaction that hands over")
    if (value_id is None) == (point is None):
        raise ValueError("a contact goes to one number or address: a value of the register, or one typed by hand")
    _hold(context, customer_id, value_id, point)
    contact = Contact(customer_id, value_id, point, channel, purpose, now)
    stricter = None if campaign_id is None else layer(context, campaign_id, now=now, contact_id=contact_id)
    made = decided(context, contact, about, moment_of(context, campaign_id, contact_id), stricter=stricter)
    decision_id = _record(context, made, place=place, campaign_id=campaign_id, contact_id=contact_id)
    if not made.verdict.permitted:
        raise not_cleared(made, decision_id)
    return Permit(
        decision_id=decision_id,
        controller_id=context.controller_id,
        customer_id=customer_id,
        value_id=value_id,
        channel=channel,
        purpose=purpose,
        verdict=made.verdict,
        valid_until=now + LIFE,
    )


@contextmanager
def contacting(context: AccessContext, *, customer_id: int, value_id: int) -> Iterator[None]:
    """Hold the customer's and the address's lock for the length of the block, over the commits inside it: what is
    permitted there still holds while the message is handed over. Bound the block by a timeout: whoever withdraws waits
    for it. Not inside a transaction (RuntimeError). Needs `customer:contact`.

    The lock is the session's, on the very connection on which `permit` is asked: held on another one, a withdrawal that
    waits would stand in line before the permit, which would wait for it, and both for ever.
    """
    context.check_operation("customer:contact")
    if connection.in_atomic_block:
        raise RuntimeError("contacting spans transactions: it begins outside of one")
    try:
        with scoped(context.scope):
            ids = together(context, customer_id)
            wire.fetch(wire.SHARED_BY_SESSION, [[wire.customer_lock(each) for each in ids]])
            tokens = wire.fetch(_TOKENS, [context.controller_id, ids, value_id])
            wire.fetch(wire.SHARED_BY_SESSION, [[wire.token_lock(bytes(row[0])) for row in tokens]])
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock_all()")  # nobody else takes the session's on this connection


def not_cleared(made: Decided, decision_id: int) -> NotClearedError:
    """The refusal in plain words: its first reason, and the law it comes from."""
    reasons = made.verdict.reasons
    message = sentence(reasons[0]) if reasons else _("No rule permits it.")
    return NotClearedError(
        made.verdict,
        message,
        place=reasons[0].statute.text if reasons else "clearance",
        mend=_("See `explain` for every reason."),
        decision_id=decision_id,
    )


def _hold(context: AccessContext, customer_id: int, value_id: int | None, point: Point | None) -> None:
    """Shared with other contacts, against who withdraws, objects or suppresses. Customers before tokens, as they do."""
    ids = together(context, customer_id) if customer_id else []
    wire.lock_shared(map(wire.customer_lock, ids))
    if point is not None:
        tokens = list(every(TokenMaker(context).stored(point.kind, point.text, country=point.country)))
    else:
        tokens = [bytes(row[0]) for row in wire.fetch(_TOKENS, [context.controller_id, ids, value_id])]
    wire.lock_shared(map(wire.token_lock, tokens))


def _record(
    context: AccessContext, made: Decided, *, place: str, campaign_id: int | None, contact_id: int | None
) -> int:
    decision_id = new_id()
    asked, verdict, known = made.asked, made.verdict, made.known
    controller = context.controller_id
    wire.run(
        _DECISION,
        [
            controller,
            asked.customer_id,
            decision_id,
            asked.purpose.purpose_id,
            asked.channel.value,
            asked.value_id,
            place,
            campaign_id,
            contact_id,
            asked.at,
            verdict.outcome.value,
            verdict.mask,
            [reason.rule_id for reason in verdict.reasons],
            verdict.packs_digest,
            made.setup.policy_version,
            context.operator_id,
        ],
    )
    used = verdict.outcome is Outcome.PERMIT and standing(known, asked.at) is ConsentStanding.GIVEN
    if used:
        wire.run(_USE, [controller, known.said_customer, new_id(), known.said_event, decision_id, asked.at])
    return decision_id
