"""Art. 16 and 19: what was corrected here is put right in every connected system; the request is done when it is.

Nothing is kept for it: what was asked for is the request's own, what stood before is in the register's history, and how
far each system is, `outside` knows by the request's number. Requests of one person are carried in the order in which
they were approved. What was corrected outside a request is carried too, by an order of its own that names the old
value. Whatever comes late is carried as the value is by then: an older one would undo there what a younger one did.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from procrastinate.contrib.django import app

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext, Opening
from trustdesk.kernel.errors import NotFoundError, RefusedError
from trustdesk.kernel.ids import to_public
from trustdesk.mandates.api import controllers, request_context, system_context
from trustdesk.outside import api as outside
from trustdesk.outside.contracts import EMAIL, NAME, PHONE, ConnectorView, Correction, Receipt, Verb
from trustdesk.register import api as register
from trustdesk.register.contracts import Identifying, ValueKind
from trustdesk.rights import content
from trustdesk.rights.contracts import Elsewhere, Kind, State
from trustdesk.rights.models import Request
from trustdesk.rights.rows import no_request
from trustdesk.rights.services.closing import finish
from trustdesk.vault.api import open_many

NOW, ONE, ALONE = "rights.carry_now", "rights.carry_one", "rights.carry"
"""The tasks, and their lock: one at a time, for who comes second would be told that the system is busy."""
_REASON = "legal obligation (GDPR Art. 6(1)(c))"
_KEYS = {ValueKind.EMAIL: EMAIL, ValueKind.PHONE: PHONE, ValueKind.NAME: NAME}
_GIVEN, _FAMILY = "given_name", "family_name"


def order(context: AccessContext) -> bool:
    """Have the worker carry what was just corrected; false where nothing is connected. In the approving transaction."""
    if not outside.connectors(context):
        return False
    app.configure_task(NOW, queue="rights", lock=ALONE).defer(controller_id=context.controller_id)
    return True


def order_one(context: AccessContext, *, customer_id: int, value_id: int, at: datetime | None = None) -> None:
    """Have the worker carry what took the place of a value outside a request. Joins the running transaction."""
    job = app.configure_task(ONE, queue="rights", lock=ALONE, schedule_at=at)
    job.defer(controller_id=context.controller_id, customer_id=customer_id, value_id=value_id)


def order_each(context: AccessContext, values: Sequence[tuple[int, int]]) -> None:
    """As `order_one` for many values, each with its customer; all in one statement."""
    orders: list[dict[str, Any]] = [
        {"controller_id": context.controller_id, "customer_id": customer_id, "value_id": value_id}
        for customer_id, value_id in values
    ]
    app.configure_task(ONE, queue="rights", lock=ALONE).batch_defer(*orders)


def carry_one(controller_id: int, *, customer_id: int, value_id: int, now: datetime) -> bool:
    """What took the place of a value, to every system that holds the old one; false where it is ordered again, for one
    that could not take it. Nothing is kept of it but the order: it goes on until all have it, or the person is erased.
    """
    try:
        context = request_context(system_context(controller_id, purpose="compliance", now=now, on_behalf_of=0))
    except RefusedError:
        return True  # its own mandate has ended: nothing of it opens any more
    key = f"correction:{to_public(value_id)}"
    systems = outside.connectors(context)
    found = outside.receipts(context, verb=Verb.RECTIFY, key=key)
    due = [one for one in systems if _is_due(found.get(one.connector_id), now)]
    try:
        if due:
            found = {**found, **_tried(context, customer_id, {value_id}, due, key=key, now=now)}
    except NotFoundError:
        outside.withdraw(context, key=key)  # who was erased meanwhile was erased there too
        return True
    there = {one.connector_id for one in outside.connectors(context)}
    waits = [one.next_at or now for system, one in found.items() if system in there and not one.complete]
    if waits:
        order_one(context, customer_id=customer_id, value_id=value_id, at=min(waits))
    return not waits


def carry_everywhere(*, now: datetime) -> int:
    """Over all companies; how many requests came to their end."""
    return sum(carry(company.id, now=now) for company in controllers())


def carry(controller_id: int, *, now: datetime) -> int:
    """Every correction of a company that is under way, as far as it goes now; how many came to their end."""
    try:
        context = request_context(system_context(controller_id, purpose="compliance", now=now, on_behalf_of=0))
    except RefusedError:
        return 0  # its own mandate has ended: nothing of it opens any more
    with scoped(context.scope):
        rows = Request.objects.filter(
            controller_id=controller_id, kind=Kind.RECTIFICATION, state=State.RUNNING
        ).order_by("approved_at", "id")
        running = [(row, _person_of(context, row)) for row in rows]
    waiting: set[tuple[int, int]] = set()
    done = 0
    for row, person in running:
        receipts = _carried(context, row, {system for whose, system in waiting if whose == person}, now=now)
        waiting |= {(person, system) for system, receipt in receipts if receipt is None or not receipt.complete}
        if all(receipt is not None and receipt.complete for _system, receipt in receipts):
            finish(context, request_id=row.id, code="erased" if row.customer_id is None else "", now=now)
            done += 1
    return done


def elsewhere(context: AccessContext, *, request_id: int) -> Sequence[Elsewhere]:
    """How what a request corrected stands in each connected system, by their names (Art. 16, 19); none for another
    right, or where nothing was approved. The request is done when all of them have it. Asks no system. Needs
    `request:work`. NotFoundError where there is no such request.
    """
    context.check_operation("request:work")
    with scoped(context.scope):
        row = Request.objects.filter(controller_id=context.controller_id, id=request_id).first()
    if row is None:
        raise no_request()
    if row.kind != Kind.RECTIFICATION or row.state not in {State.RUNNING, State.DONE}:
        return ()
    house = request_context(context)
    found = outside.receipts(house, verb=Verb.RECTIFY, key=_key(row))
    told = [Elsewhere(one.connector_id, one.name, found.get(one.connector_id)) for one in outside.connectors(house)]
    return [one for one in told if one.receipt is not None or row.state == State.RUNNING]


def _carried(
    context: AccessContext, row: Request, behind: set[int], *, now: datetime
) -> Sequence[tuple[int, Receipt | None]]:
    """Each connected system with how it stands, tried where that is due. Nothing is opened where nothing is.

    `behind`: systems that an older correction of the person waits for.
    """
    systems = outside.connectors(context)
    if row.customer_id is None:
        outside.withdraw(context, key=_key(row))  # who was erased meanwhile was erased there too
        return ()
    found = outside.receipts(context, verb=Verb.RECTIFY, key=_key(row))
    due = [one for one in systems if one.connector_id not in behind and _is_due(found.get(one.connector_id), now)]
    if due:
        told = content.open_told(context, row, what="rights.fulfil")
        wrong = {value_id for value_id, _text in told.wish.corrections}
        found = {**found, **_tried(context, row.customer_id, wrong, due, key=_key(row), now=now)}
    return [(one.connector_id, found.get(one.connector_id)) for one in systems]


def _tried(
    context: AccessContext,
    customer_id: int,
    wrong: Collection[int],
    systems: Sequence[ConnectorView],
    *,
    key: str,
    now: datetime,
) -> dict[int, Receipt]:
    corrections = list(_corrections(context, customer_id, wrong))
    person = outside.person_of(context, customer_id=customer_id)
    tried = {}
    for one in systems:
        try:
            tried[one.connector_id] = outside.rectify(
                context, connector_id=one.connector_id, person=person, corrections=corrections, key=key, now=now
            )
        except NotFoundError:
            continue  # taken away meanwhile
    return tried


def _is_due(receipt: Receipt | None, now: datetime) -> bool:
    return receipt is None or (not receipt.complete and (receipt.next_at is None or receipt.next_at <= now))


def _corrections(context: AccessContext, customer_id: int, wrong: Collection[int]) -> Iterator[Correction]:
    """What was wrong and what is right by now, by the attribute and by the key that other systems know it under; of a
    name that is kept in parts also the whole, in both orders.

    What was put right twice is carried as it is now: so it does not matter which correction reaches a system first.
    """
    held = register.identifying_values(context, customer_id, [one.code for one in register.catalog(context)])
    texts = dict(zip((one.value.value_id for one in held), _opened(context, held), strict=True))
    later = {one.value.value_id: one.superseded_by for one in held if one.superseded_by in texts}
    parts: dict[str, tuple[str, str]] = {}
    for one in held:
        code, kind, before = one.value.attribute, one.value.kind, texts[one.value.value_id]
        if one.current and code in {_GIVEN, _FAMILY}:
            parts.setdefault(code, (before, before))
        after = texts[_newest(later, one.value.value_id)]
        if one.value.value_id not in wrong or not before or before == after:
            continue
        if code in {_GIVEN, _FAMILY}:
            parts[code] = (before, after)
        for attribute in {code} if code in {_GIVEN, _FAMILY} else {code, _KEYS.get(kind, code)}:
            yield Correction(attribute=attribute, before=before, after=after)
    if {_GIVEN, _FAMILY} <= parts.keys() and any(before != after for before, after in parts.values()):
        given, family = parts[_GIVEN], parts[_FAMILY]
        for first, last in ((given, family), (family, given)):
            yield Correction(attribute=NAME, before=f"{first[0]} {last[0]}", after=f"{first[1]} {last[1]}")


def _newest(later: Mapping[int, int | None], value_id: int) -> int:
    """What stands in the place of a value by now."""
    while (following := later.get(value_id)) is not None:
        value_id = following
    return value_id


def _opened(context: AccessContext, held: Sequence[Identifying]) -> list[str]:
    """All texts in their order, the sealed ones opened together; restricted ones too, which are still put right."""
    boxes = [one.value.box for one in held if one.value.box is not None]
    subjects = sorted({box.customer_id for box in boxes})
    opening = Opening("rights.carry", subjects, sorted({one.value.attribute for one in held}), _REASON)
    opened = iter(open_many(context, opening=opening, boxes=boxes) if boxes else ())
    return [(one.value.open_text if one.value.box is None else next(opened)) or "" for one in held]


def _person_of(context: AccessContext, row: Request) -> int:
    """One number for all who are shown as one."""
    return 0 if row.customer_id is None else register.shown_as_one(context, row.customer_id)[0]


def _key(row: Request) -> str:
    return f"rectification:{to_public(row.id)}"
