"""Adding, confirming and correcting values. What a value says is never changed: a new one supersedes it."""

from datetime import datetime

from django.utils.translation import gettext as _

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, ConflictError
from trustdesk.kernel.ids import new_id
from trustdesk.kernel.registries import Correction, StoredPoint
from trustdesk.register import wire
from trustdesk.register.contracts import CONTACT_POINTS, Attribute, ConfirmedBy, NewValue, SourceKind
from trustdesk.register.home import country_of
from trustdesk.register.places import value_place
from trustdesk.register.reading import read_value
from trustdesk.register.selectors import catalog as catalog_of
from trustdesk.register.services.customers import current_value, hold, note_event
from trustdesk.register.services.reindexing import reindex
from trustdesk.register.watching import tell, tell_corrected, tell_superseded
from trustdesk.vault.api import Sealer

_RECTIFYING = frozenset({ConfirmedBy.CUSTOMER, ConfirmedBy.DOCUMENT})
_INSERT = """
INSERT INTO register_value (controller_id, customer_id, id, attribute_id, sealed, open_text, label, shared_line,
  source_id, recorded_at, recorded_by, confirmed_at, confirmed_by, confirmed_by_operator, rectified)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
_SUPERSEDE = """
UPDATE register_value SET superseded_at = %s, superseded_by = %s
WHERE controller_id = %s AND customer_id = %s AND id = %s AND superseded_at IS NULL
"""
_CONFIRM = """
UPDATE register_value SET confirmed_at = %s, confirmed_by = %s, confirmed_by_operator = %s
WHERE controller_id = %s AND customer_id = %s AND id = %s
"""
_HELD = """
SELECT id, rectified FROM register_value
WHERE controller_id = %s AND customer_id = %s AND attribute_id = %s AND superseded_at IS NULL
"""
_LABEL = "SELECT label, shared_line FROM register_value WHERE controller_id = %s AND customer_id = %s AND id = %s"


def add_value(context: AccessContext, *, customer_id: int, value: NewValue, source_id: int, now: datetime) -> int:
    """Record one more value; its id. Needs `customer:correct`.

    Where the attribute holds one value the current one is superseded; ConflictError where that one was rectified
    (GDPR Art. 16) and the new one does not come from the customer.
    """
    context.check_operation("customer:correct")
    with scoped(context.scope):
        source = catalog_of.source(context, source_id)
        attribute = _declared(context, value.attribute)
        owner = hold(context, customer_id, now=now)[0]
        replaced = None
        if not attribute.many:
            held = wire.fetch(_HELD, context.controller_id, owner, attribute.attribute_id)
            replaced, rectified = held[0] if held else (None, False)
            if rectified and source.kind is not SourceKind.DIRECT:
                raise ConflictError(
                    _("The customer corrected this value."),
                    place=attribute.code,
                    mend=_("Ask the customer; a list does not overwrite it."),
                )
        value_id = _record(context, owner, attribute, value, source_id=source_id, now=now, rectified=False)
        if replaced is not None:
            _supersede(context, owner, replaced, attribute, by=value_id, now=now)
            tell_corrected(context, [Correction(owner, replaced, value_id)], now=now)
        reindex(context, owner)
        context.journal.deed(
            context, "register.value.added", subjects=[owner], detail={"attribute": attribute.code, "source": source_id}
        )
    return value_id


def confirm_value(context: AccessContext, *, customer_id: int, value_id: int, by: ConfirmedBy, now: datetime) -> None:
    """Note that a value was found still true, by what, and when. Needs `customer:confirm`.

    ConflictError where the value was superseded meanwhile.
    """
    context.check_operation("customer:confirm")
    with scoped(context.scope):
        owner, _attribute = current_value(context, hold(context, customer_id, now=now), value_id)
        wire.run(_CONFIRM, now, by.value, context.operator_id, context.controller_id, owner, value_id)
        note_event(context, owner, "confirmed", now=now, value_id=value_id, detail=by.value)
        context.journal.deed(
            context, "register.value.confirmed", subjects=[owner], detail={"value": value_id, "by": by.value}
        )


def correct_value(
    context: AccessContext,
    *,
    customer_id: int,
    value_id: int,
    text: str,
    source_id: int,
    by: ConfirmedBy,
    now: datetime,
    carried: bool = False,
) -> int:
    """Replace a value by the right one (GDPR Art. 16); the new value's id. Needs `customer:correct`.

    The old one stays in the history. By the customer or a document the new one counts as rectified. Whoever holds the
    old one elsewhere learns of it; `carried`: the caller sees to that.
    ConflictError where the value was superseded meanwhile.
    """
    context.check_operation("customer:correct")
    with scoped(context.scope):
        catalog_of.source(context, source_id)
        owner, attribute_id = current_value(context, hold(context, customer_id, now=now), value_id)
        attribute = catalog_of.by_id(context)[attribute_id]
        label, shared_line = wire.fetch(_LABEL, context.controller_id, owner, value_id)[0]
        given = NewValue(attribute.code, text, label, shared_line, confirmed_at=now, confirmed_by=by)
        new_value_id = _record(
            context, owner, attribute, given, source_id=source_id, now=now, rectified=by in _RECTIFYING
        )
        _supersede(context, owner, value_id, attribute, by=new_value_id, now=now)
        if not carried:
            tell_corrected(context, [Correction(owner, value_id, new_value_id)], now=now)
        reindex(context, owner)
        context.journal.deed(
            context,
            "register.value.corrected",
            subjects=[owner],
            detail={"attribute": attribute.code, "value": value_id, "by": by.value},
        )
    return new_value_id


def _declared(context: AccessContext, code: str) -> Attribute:
    attribute = catalog_of.by_code(context).get(code)
    if attribute is None:
        raise BadInputError(_("This attribute is not declared."), place=code, mend=_("Declare it first."))
    return attribute


def _supersede(
    context: AccessContext, customer_id: int, value_id: int, attribute: Attribute, *, by: int, now: datetime
) -> None:
    wire.run(_SUPERSEDE, now, by, context.controller_id, customer_id, value_id)
    tell_superseded(context, [(customer_id, value_id, attribute.kind)])


def _record(
    context: AccessContext,
    customer_id: int,
    attribute: Attribute,
    value: NewValue,
    *,
    source_id: int,
    now: datetime,
    rectified: bool,
) -> int:
    text = read_value(attribute, value.text, country=country_of(context), today=now.date())
    value_id = new_id()
    box = None
    if attribute.sealed:
        with Sealer(context) as sealer:
            box = sealer.seal(customer_id, attribute.retention_class, value_place(value_id), text)
    wire.run(
        _INSERT,
        context.controller_id,
        customer_id,
        value_id,
        attribute.attribute_id,
        box,
        None if attribute.sealed else text,
        value.label,
        value.shared_line,
        source_id,
        now,
        context.operator_id,
        value.confirmed_at,
        value.confirmed_by.value if value.confirmed_by else None,
        context.operator_id if value.confirmed_by else None,
        rectified,
    )
    if attribute.kind in CONTACT_POINTS:
        tell(context, [StoredPoint(customer_id, value_id, attribute.kind.value, text)])
    return value_id
