"""Profiles of records that have none: of registers from before there were any, and of earlier editions. In parts."""

import contextlib
from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.registries import Known
from trustdesk.matching.api import EDITION
from trustdesk.register.api import known_as
from trustdesk.register.contracts import Held
from trustdesk.updates import wire
from trustdesk.updates.contracts import Built
from trustdesk.updates.services.profiles import write

TASK = "updates.build"
QUEUE = "updates"
_LACKING = """
SELECT c.id FROM register_customer c
LEFT JOIN updates_profile p ON p.controller_id = c.controller_id AND p.customer_id = c.id AND p.edition = %s
WHERE c.controller_id = %s AND c.id > %s AND p.customer_id IS NULL ORDER BY c.id LIMIT %s
"""


def order(controller_id: int, *, after: int) -> None:
    """Order the profiles of a company's records after this one; an order that waits already is enough."""
    name = f"{TASK}.{controller_id}"
    job = app.configure_task(TASK, queue=QUEUE, queueing_lock=name, lock=name)
    with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
        job.defer(controller_id=controller_id, after=after)


def build_profiles(context: AccessContext, *, after: int, limit: int) -> Built:
    """See `updates.api.build_profiles`."""
    context.check_operation("feed:work")
    with scoped(context.scope):
        lacking = [row[0] for row in wire.fetch(_LACKING, EDITION, context.controller_id, after, limit)]
        if lacking:
            write(context, _known(lacking, known_as(context, lacking)))
    return Built(len(lacking), lacking[-1] if len(lacking) == limit else None)


def _known(customer_ids: Sequence[int], held: Mapping[int, Held]) -> Iterable[Known]:
    """Each record by its own values: those of others who are shown as one with it have profiles of their own."""
    whose = {record: person for person in held.values() for record in person.records}
    for customer_id in customer_ids:
        person = whose.get(customer_id)
        values = person.values if person else ()
        texts = [
            (value.attribute, value.kind, value.text, value.shared_line)
            for value in values
            if value.customer_id == customer_id and value.text
        ]
        yield Known(customer_id, person.country if person else "", texts)
