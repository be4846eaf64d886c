"""Customers of whom nobody has heard for too long: an erasure is opened for each, by the way every erasure goes."""

from collections.abc import Sequence
from datetime import datetime

from trustdesk.erasure import api as erasure
from trustdesk.erasure.contracts import Cause
from trustdesk.kernel.ageing import Aged, Look, dealings
from trustdesk.kernel.context import AccessContext
from trustdesk.register import api as register

KIND = "register.customer"


class IdleCustomers:
    """A whole customer. Who has an open plan already is not opened one for again."""

    category = "dpv:Customer"

    def aged(self, context: AccessContext, look: Look) -> Sequence[Aged]:
        found = register.idle_customers(context, look)
        quiet = [thing.customer_id for thing in found if thing.since < look.before]
        last = _last_heard_of(context, quiet)
        planned = erasure.planned(context, quiet)
        return [
            # Who is not idle stays in the list, as of today: fewer than asked for would mean that there are no more.
            Aged(
                thing.key,
                thing.customer_id,
                look.before
                if thing.customer_id in planned
                else max(thing.since, last.get(thing.customer_id, thing.since)),
                thing.purposes,
                thing.country,
            )
            for thing in found
        ]

    def drop(self, context: AccessContext, things: Sequence[Aged], *, now: datetime) -> Sequence[Aged]:
        ids = [thing.customer_id for thing in things]
        planned = erasure.draw_all(context, customer_ids=ids, cause=Cause.RETENTION, about=KIND, now=now)
        return [thing for thing in things if thing.customer_id in planned]


def _last_heard_of(context: AccessContext, customer_ids: Sequence[int]) -> dict[int, datetime]:
    shown_as = register.records_of(context, customer_ids) if customer_ids else {}
    latest: dict[int, datetime] = {}
    for _name, heard in dealings:
        for record, at in heard(context, list(shown_as)).items():
            latest[shown_as[record]] = max(at, latest.get(shown_as[record], at))
    return latest
