"""Disclosures, communications and notices: what was given to whom, and the Art. 14 clock they stop."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from trustdesk.isolation.api import scoped
from trustdesk.kernel import registries
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, NotFoundError, RefusedError
from trustdesk.kernel.ids import new_id
from trustdesk.register import wire
from trustdesk.register.contracts import WHEREABOUTS, Notice
from trustdesk.register.selectors.catalog import by_id
from trustdesk.register.services.customers import hold, note_event

_OWNERS = (
    "SELECT id, customer_id, attribute_id FROM register_value"
    " WHERE controller_id = %s AND customer_id = ANY(%s) AND id = ANY(%s)"
)
_INSERT = """
INSERT INTO register_disclosure (controller_id, customer_id, id, value_id, recipient, purpose, legal_basis,
  disclosed_at, disclosed_by)
SELECT %s, customer_id, id, value_id, %s, %s, %s, %s, %s FROM unnest(%s, %s, %s) AS fresh (customer_id, id, value_id)
"""
_DUE_NOW = """
UPDATE register_customer SET art14_due_at = least(art14_due_at, %s)
WHERE controller_id = %s AND id = ANY(%s) AND art14_due_at IS NOT NULL
"""
_NOTICE = """
UPDATE register_customer SET notice_kind = %s, notice_version = %s, notice_given_at = %s, art14_due_at = NULL
WHERE controller_id = %s AND id = ANY(%s)
"""


def record_disclosure(
    context: AccessContext,
    *,
    customer_id: int,
    value_ids: Sequence[int],
    recipient: str,
    purpose: str,
    legal_basis: str,
    outside: bool = True,
    now: datetime,
) -> Sequence[int]:
    """Enter in the ledger which values went to which recipient, when and why; the entries' ids.

    Needs `customer:open`. The first disclosure ends the Art. 14 period (Art. 14(3)(c)). `recipient` is an
    organisation's name; not `outside` is one that acts for the company, or by power of a law. BadInputError where
    recipient, purpose or legal basis is missing. RefusedError for contact data that an order of non-disclosure keeps.
    """
    context.check_operation("customer:open")
    for place, given in (("recipient", recipient), ("purpose", purpose), ("legal_basis", legal_basis)):
        if not given.strip():
            raise BadInputError(_("A disclosure needs this."), place=place, mend=_("Fill it in."))
    with scoped(context.scope):
        ids = hold(context, customer_id, now=now)
        rows = wire.fetch(_OWNERS, context.controller_id, ids, list(value_ids))
        owners = {row[0]: row[1] for row in rows}
        if not value_ids or set(value_ids) - owners.keys():
            raise NotFoundError(_("There is no such value."), place="value", mend=_("Open the card again."))
        if outside:
            _check_secret(context, ids, {row[2] for row in rows})
        entries = [new_id() for _value in value_ids]
        wire.run(
            _INSERT,
            context.controller_id,
            recipient.strip(),
            purpose.strip(),
            legal_basis.strip(),
            now,
            context.operator_id,
            wire.Int8Column([owners[value_id] for value_id in value_ids]),
            wire.Int8Column(entries),
            wire.Int8Column(list(value_ids)),
        )
        wire.run(_DUE_NOW, now, context.controller_id, ids)
        context.journal.deed(
            context,
            "register.disclosed",
            subjects=sorted(set(owners.values())),
            detail={"values": list(value_ids), "recipient": recipient.strip(), "purpose": purpose.strip()},
        )
    return entries


def _check_secret(context: AccessContext, ids: Sequence[int], attribute_ids: Collection[int]) -> None:
    attributes = by_id(context)
    found = any(attributes[each].kind in WHEREABOUTS for each in attribute_ids)
    if found and any(order.secret(context, ids) for _name, order in registries.secrecy):
        raise RefusedError(
            _("An order of non-disclosure stands for this customer: contact data are given to nobody."),
            place="secrecy",
            mend=_("Leave the contact data out."),
        )


def record_communication(context: AccessContext, *, customer_id: int, now: datetime) -> None:
    """Note a communication with the customer: the first one ends the Art. 14 period (Art. 14(3)(b)).

    Needs `customer:open`.
    """
    context.check_operation("customer:open")
    with scoped(context.scope):
        ids = hold(context, customer_id, now=now)
        wire.run(_DUE_NOW, now, context.controller_id, ids)
        note_event(context, ids[0], "communicated", now=now)
        context.journal.deed(context, "register.communicated", subjects=[ids[0]])


def give_notice(context: AccessContext, *, customer_id: int, notice: Notice, now: datetime) -> None:
    """Record that the customer was informed (Art. 13, 14): the clock stops. Needs `customer:correct`.

    BadInputError where the version is missing or the notice lies in the future.
    """
    context.check_operation("customer:correct")
    if not notice.version.strip():
        raise BadInputError(_("The notice needs its version."), place="notice", mend=_("Name the version given."))
    if notice.given_at > now:
        raise BadInputError(_("The notice lies in the future."), place="notice", mend=_("Record it when it is given."))
    with scoped(context.scope):
        ids = hold(context, customer_id, now=now)
        wire.run(_NOTICE, notice.kind.value, notice.version.strip(), notice.given_at, context.controller_id, ids)
        note_event(context, ids[0], "notice", now=now, detail=notice.kind.value)
        context.journal.deed(
            context,
            "register.notice.given",
            subjects=[ids[0]],
            detail={"kind": notice.kind.value, "version": notice.version.strip()},
        )
