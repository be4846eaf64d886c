"""Events for other systems put into the outbox, inside the caller's transaction: one call for each endpoint that
listens.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from trustdesk.delivery.contracts import EVENTS
from trustdesk.delivery.models import Endpoint
from trustdesk.delivery.services.sending import key_digest
from trustdesk.delivery.services.waking import WEBHOOK, wake
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError
from trustdesk.kernel.ids import new_id

_INSERT = """
INSERT INTO delivery_call
  (controller_id, id, endpoint_id, event, customer_id, facts, value_ids, key_digest, state, reason, attempt, next_at,
   occurred_at, changed_at, operator_id, mandate_id, access_purpose)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, 'queued', '', 0, %s, %s, %s, %s, %s, %s)
ON CONFLICT (controller_id, endpoint_id, key_digest) DO NOTHING
"""


def send_webhook(
    context: AccessContext,
    *,
    event: str,
    key: str,
    now: datetime,
    customer_id: int | None = None,
    value_ids: Sequence[int] = (),
    facts: Mapping[str, int | str | bool] | None = None,
    recipient_ids: Collection[int] | None = None,
) -> Sequence[int]:
    """Tell every endpoint that listens to `event`; the ids of the calls. They leave after the caller's transaction
    commits.

    The other side gets identifiers. `value_ids` are values of the customer that go along in clear to those recipients
    who may be told them, decided at the moment of the call and entered in the ledger of disclosures. `facts` are codes
    and numbers, never anything of a person. `recipient_ids`: only endpoints behind which one of these stands. `key`
    names the event for the caller: a second time it is the same.

    Needs `customer:open`. BadInputError for an event there is not, or values without their customer.
    """
    context.check_operation("customer:open")
    if event not in EVENTS:
        raise BadInputError(_("There is no such event."), place="event", mend=", ".join(EVENTS))
    if value_ids and customer_id is None:
        raise BadInputError(_("Values are somebody's: name the customer."), place="customer")
    digest = key_digest(context, event, key)
    with scoped(context.scope):
        listening = Endpoint.objects.filter(
            controller_id=context.controller_id, events__contains=[event], disabled_at=None
        ).order_by("id")
        if recipient_ids is not None:
            listening = listening.filter(recipient_id__in=recipient_ids)
        made = []
        for endpoint in listening:
            identifier = new_id()
            values: list[Any] = [
                context.controller_id,
                identifier,
                endpoint.id,
                event,
                customer_id,
                json.dumps(dict(facts or {})),
            ]
            values += [list(value_ids), digest, now, now, now]
            values += [context.operator_id, context.mandate_id, context.purpose]
            with connection.cursor() as cursor:
                cursor.execute(_INSERT, values)
                if cursor.rowcount:
                    made.append(identifier)
        if made:
            subjects = [customer_id] if customer_id is not None else []
            context.journal.deed(context, "delivery.told", subjects=subjects, detail={"event": event, "calls": made})
            transaction.on_commit(lambda: wake(context.controller_id, WEBHOOK, urgent=False), robust=True)
    return made
