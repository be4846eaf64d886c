"""Everything that was ever recorded of many persons, in one entry of the log: for whoever is about to forget them."""

from collections.abc import Sequence
from datetime import datetime

from trustdesk.kernel.context import AccessContext
from trustdesk.register import wire
from trustdesk.register.contracts import CardValue
from trustdesk.register.selectors.values import EVERY, open_values


def histories(context: AccessContext, persons: Sequence[Sequence[int]], *, now: datetime) -> list[list[CardValue]]:
    """All values of each person, superseded ones too, newest first, whatever restricts them; one opening for all.

    A person is given as all the records shown as one. Needs `customer:lock`. Whoever is not there has no values.
    """
    context.check_operation("customer:lock")
    place = {customer_id: number for number, people in enumerate(persons) for customer_id in people}
    found: list[list[CardValue]] = [[] for _ in persons]
    with wire.within(context):
        rows = wire.fetch(EVERY, context.controller_id, list(place))
        values, _none = open_values(context, rows, what="register.history", now=now)
    for value in values:
        found[place[value.customer_id]].append(value)
    return found
