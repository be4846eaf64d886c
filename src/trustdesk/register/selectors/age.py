"""How old a customer is: opened for one answer, shown to nobody."""

from datetime import UTC, date, datetime, time

from trustdesk.kernel.context import AccessContext
from trustdesk.register import wire
from trustdesk.register.contracts import Age, ValueKind
from trustdesk.register.selectors.catalog import by_id
from trustdesk.register.selectors.values import CURRENT, open_values, together


def age(context: AccessContext, customer_id: int, *, on: date) -> Age:
    """The customer's age in whole years on a day; one opening where a birth date is recorded. Needs `customer:open`.

    Of several birth dates the latest counts. `years` is None where one of them can't be read from here: it is
    restricted, outside the mandate, or its key is destroyed.
    """
    context.check_operation("customer:open")
    with wire.within(context):
        ids = together(context, customer_id)
        dated = {number for number, held in by_id(context).items() if held.kind is ValueKind.BIRTH_DATE}
        rows = [row for row in wire.fetch(CURRENT, context.controller_id, ids) if row[2] in dated]
        if not rows:
            return Age(recorded=False, years=None)
        instant = datetime.combine(on, time(), UTC)
        values, _others = open_values(context, rows, what="register.age", now=instant)
    texts = [value.text for value in values]
    if any(text is None for text in texts):
        return Age(recorded=True, years=None)
    born = max(date.fromisoformat(text) for text in texts if text is not None)
    return Age(recorded=True, years=on.year - born.year - ((on.month, on.day) < (born.month, born.day)))
