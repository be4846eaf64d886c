"""Telling customers what a feed changed of them, by a contact point that has stood: whoever planted a new one through a
feed does not get the letter, and whoever reads the old one does.

A contact point that was replaced is told by `identity`, wherever that was done. No letter says what the new value is.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext, override
from procrastinate.contrib.django import app
from procrastinate.types import JSONValue

from trustdesk.delivery.api import send_mail, send_sms, sender_of
from trustdesk.delivery.contracts import NewMessage
from trustdesk.identity.api import RIGHTS, ensure_purposes
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError
from trustdesk.kernel.ids import to_public
from trustdesk.mandates.api import controller, feed_context
from trustdesk.register.api import catalog, languages, proving_points, source
from trustdesk.register.contracts import Became, ProvingPoint, ValueKind
from trustdesk.updates import wire
from trustdesk.updates.contracts import ChangeKind, Fate, Terms
from trustdesk.updates.services.cases import Case

QUEUE = "updates"
TASK = "updates.tell"
TEMPLATE = "record-updated"
_AT_ONCE = 100  # letters a job
_NEW = frozenset({Became.REPLACED.value, Became.ADDED.value})
_LETTER_POINTS = frozenset({ValueKind.EMAIL, ValueKind.PHONE})
_WRITTEN = """
SELECT c.id, c.customer_id, a.attribute, a.new_value_id FROM updates_change c
JOIN updates_applied a ON a.controller_id = c.controller_id AND a.change_id = c.id
WHERE c.controller_id = %s AND c.id = ANY(%b::bigint[]) AND c.undone_at IS NULL AND a.undone_at IS NULL
  AND a.what IN ('replaced', 'added', 'ended') ORDER BY c.id, a.id
"""


def order(context: AccessContext, cases: Iterable[Case], applied: Sequence[Mapping[str, object]], terms: Terms) -> None:
    """Order the letters about what was written, in the transaction in which it is."""
    kinds = {attribute.code: attribute.kind for attribute in catalog(context)} if applied else {}
    planted = {
        row["change_id"]
        for row in applied
        if row["what"] in _NEW and kinds.get(str(row["attribute"])) in _LETTER_POINTS
    }
    told = [
        case.change_id
        for case in cases
        if case.fate is Fate.UPDATED
        and case.change.kind is not ChangeKind.DEATH
        and (case.change.kind in terms.tell or case.change_id in planted)
    ]
    for begin in range(0, len(told), _AT_ONCE):
        some: list[JSONValue] = [*told[begin : begin + _AT_ONCE]]
        app.configure_task(TASK, queue=QUEUE).defer(
            controller_id=context.controller_id, change_ids=some, source_id=terms.source_id
        )


def tell(controller_id: int, change_ids: Sequence[int], source_id: int, *, now: datetime) -> int:
    """Write the letters about these changes; how many. Once each, however often it is ordered."""
    ensure_purposes(controller_id, now=now)
    context = feed_context(controller_id, now=now)
    with scoped(context.scope):
        written: dict[tuple[int, int], list[tuple[str, int | None]]] = {}
        for change_id, customer_id, attribute, value_id in wire.fetch(_WRITTEN, controller_id, list(change_ids)):
            written.setdefault((change_id, customer_id), []).append((attribute, value_id))
        spoken = languages(context, [customer_id for _change, customer_id in written])
        letters = [
            (point, message)
            for (change_id, customer_id), fields in written.items()
            for point, message in _letters(
                context, change_id, customer_id, fields, source_id, language=spoken.get(customer_id, ""), now=now
            )
        ]
        return sum(_send(context, point, message, now=now) for point, message in letters)


def _letters(
    context: AccessContext,
    change_id: int,
    customer_id: int,
    fields: Sequence[tuple[str, int | None]],
    source_id: int,
    *,
    language: str,
    now: datetime,
) -> Iterable[tuple[ProvingPoint, NewMessage]]:
    """A change of contact points is told to every standing one; any other to the first. In the customer's language, or
    the company's first where there is none in which we write.
    """
    attributes = {attribute.code: attribute for attribute in catalog(context)}
    try:
        points = proving_points(context, customer_id, now=now)
    except NotFoundError:
        return  # erased meanwhile
    contacts = any(attributes[code].kind in _LETTER_POINTS for code, _value_id in fields)
    company = controller(context.controller_id)
    base = language.partition("-")[0]
    language = base if base in dict(settings.LANGUAGES) else company.languages[0]
    with override(language):
        what = ", ".join(dict.fromkeys(gettext(attributes[code].label) for code, _value_id in fields))
    for point in points if contacts else points[:1]:
        yield (
            point,
            NewMessage(
                customer_id=customer_id,
                value_id=point.value_id,
                purpose=RIGHTS,
                template=TEMPLATE,
                language=language,
                parameters={"company": company.name, "source": source(context, source_id).name, "what": what},
                key=f"{TEMPLATE}|{to_public(change_id)}|{to_public(point.value_id)}",
            ),
        )


def _send(context: AccessContext, point: ProvingPoint, message: NewMessage, *, now: datetime) -> bool:
    sender = sender_of(context)
    ways = {ValueKind.EMAIL: sender.mail_address and send_mail, ValueKind.PHONE: sender.sms_name and send_sms}
    send = ways.get(point.kind)
    if not send:
        return False
    try:
        send(context, message=message, now=now)
    except NotFoundError:
        return False  # restricted meanwhile
    return True
