"""Art. 16 and 19: what was corrected here is put right in every connected system; the request is done when it is.

Nothing is kept for it: what was asked for is the request's own, what stood before is in the register's history, and how
far each system is, `outside` knows by the request's number. Corrections of one person are carried in the order in which
they were approved: an older one that waits for a system would undo there what a younger one did.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from procrastinate.contrib.django import app

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext, Opening
from trustdesk.kernel.errors import NotFoundError, RefusedError
from trustdesk.kernel.ids import to_public
from trustdesk.mandates.api import controller, controllers, request_context, system_context
from trustdesk.outside import api as outside
from trustdesk.outside.contracts import EMAIL, NAME, PHONE, ConnectorView, Correction, Receipt, Verb
from trustdesk.register import api as register
from trustdesk.register.contracts import Identifying, ValueKind
from trustdesk.rights import content
from trustdesk.rights.contracts import Elsewhere, Kind, State
from trustdesk.rights.models import Request
from trustdesk.rights.rows import no_request
from trustdesk.rights.services.closing import finish
from trustdesk.vault.api import normal_value, open_many

NOW, ALONE = "rights.carry_now", "rights.carry"
"""The task, and its lock: one at a time, for who comes second would be told that the system is busy."""
_REASON = "legal obligation (GDPR Art. 6(1)(c))"
_KEYS = {ValueKind.EMAIL: EMAIL, ValueKind.PHONE: PHONE, ValueKind.NAME: NAME}
_GIVEN, _FAMILY = "given_name", "family_name"


def order(context: AccessContext) -> bool:
    """Have the worker carry what was just corrected; false where nothing is connected. In the approving transaction."""
    if not outside.connectors(context):
        return False
    app.configure_task(NOW, queue="rights", lock=ALONE).defer(controller_id=context.controller_id)
    return True


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
        found = {**found, **_tried(context, row, due, now=now)}
    return [(one.connector_id, found.get(one.connector_id)) for one in systems]


def _tried(
    context: AccessContext, row: Request, systems: Sequence[ConnectorView], *, now: datetime
) -> dict[int, Receipt]:
    corrections = list(_corrections(context, row))
    person = outside.person_of(context, customer_id=row.customer_id or 0)
    tried = {}
    for one in systems:
        try:
            tried[one.connector_id] = outside.rectify(
                context, connector_id=one.connector_id, person=person, corrections=corrections, key=_key(row), now=now
            )
        except NotFoundError:
            continue  # taken away meanwhile
    return tried


def _is_due(receipt: Receipt | None, now: datetime) -> bool:
    return receipt is None or (not receipt.complete and (receipt.next_at is None or receipt.next_at <= now))


def _corrections(context: AccessContext, row: Request) -> Iterator[Correction]:
    """What was wrong and what is right, by the attribute and by the key that other systems know it under; of a name
    that is kept in parts also the whole, in both orders.
    """
    wish = content.open_told(context, row, what="rights.fulfil").wish
    asked = dict(wish.corrections)
    held = register.identifying_values(
        context, row.customer_id or 0, [attribute.code for attribute in register.catalog(context)]
    )
    texts = _opened(context, held)
    country = controller(context.controller_id).country
    parts: dict[str, tuple[str, str]] = {}
    for one, before in zip(held, texts, strict=True):
        code, kind = one.value.attribute, one.value.kind
        if one.current and code in {_GIVEN, _FAMILY}:
            parts.setdefault(code, (before, before))
        if one.value.value_id not in asked or not before:
            continue
        after = _recorded(one, asked[one.value.value_id], held, texts, country=country)
        if code in {_GIVEN, _FAMILY}:
            parts[code] = (before, after)
        for attribute in {code} if code in {_GIVEN, _FAMILY} else {code, _KEYS.get(kind, code)}:
            yield Correction(attribute=attribute, before=before, after=after)
    if {_GIVEN, _FAMILY} <= parts.keys() and any(before != after for before, after in parts.values()):
        given, family = parts[_GIVEN], parts[_FAMILY]
        for first, last in ((given, family), (family, given)):
            yield Correction(attribute=NAME, before=f"{first[0]} {last[0]}", after=f"{first[1]} {last[1]}")


def _recorded(
    wrong: Identifying, asked: str, held: Sequence[Identifying], texts: Sequence[str], *, country: str
) -> str:
    """What is right, in the notation in which the register took it."""
    kind, code = wrong.value.kind, wrong.value.attribute

    def same(text: str) -> str:
        if kind is ValueKind.EMAIL:
            return normal_value("email", text, country=country) or text.strip()
        if kind is ValueKind.PHONE:
            return normal_value("phone", text, country=country) or text.strip()
        return " ".join(text.split()).casefold()

    alike = (
        text for one, text in zip(held, texts, strict=True) if one.value.attribute == code and same(text) == same(asked)
    )
    return next(alike, asked.strip())


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
