"""Declaring attributes."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, ConflictError
from trustdesk.kernel.ids import new_id
from trustdesk.register.contracts import Attribute, ValueKind
from trustdesk.register.models import Attribute as AttributeRow
from trustdesk.register.standard import STANDARD

_OPEN_KINDS = frozenset({ValueKind.REGION, ValueKind.CODE, ValueKind.DATE})


def seed_catalog(context: AccessContext, *, now: datetime) -> int:
    """Declare the standard attributes that are not yet declared; the number of new ones."""
    with scoped(context.scope):
        held = set(AttributeRow.objects.values_list("code", flat=True))
        fresh = [attribute for attribute in STANDARD if attribute.code not in held]
        for attribute in fresh:
            _declare(context, attribute, now)
        if fresh:
            context.journal.deed(
                context, "register.catalog.seeded", detail={"attributes": [attribute.code for attribute in fresh]}
            )
    return len(fresh)


def declare_attribute(context: AccessContext, *, attribute: Attribute, now: datetime) -> int:
    """Add an attribute to the controller's catalog; its id. Needs `seat:manage`.

    BadInputError where code, category, purpose, legal basis or retention is missing, or where a value that
    identifies a person would stand open. ConflictError where the code is taken.
    """
    context.check_operation("seat:manage")
    _check(attribute)
    with scoped(context.scope):
        if AttributeRow.objects.filter(code=attribute.code).exists():
            raise ConflictError(_("There is an attribute of this code."), place="code", mend=_("Choose another code."))
        identifier = _declare(context, attribute, now)
        context.journal.deed(context, "register.attribute.declared", detail={"attribute": attribute.code})
    return identifier


def _check(attribute: Attribute) -> None:
    needed: Mapping[str, object] = {
        "code": attribute.code,
        "label": attribute.label,
        "category": attribute.category,
        "purposes": attribute.purposes,
        "legal_basis": attribute.legal_basis,
        "retention_class": attribute.retention_class,
        "retention_period": attribute.retention_period,
    }
    for place, given in needed.items():
        if not given:
            raise BadInputError(_("An attribute needs this."), place=place, mend=_("Fill it in."))
    if not attribute.sealed and attribute.kind not in _OPEN_KINDS:
        raise BadInputError(
            _("A value that can identify a person is sealed."), place="sealed", mend=_("Declare it as sealed.")
        )


def _declare(context: AccessContext, attribute: Attribute, now: datetime) -> int:
    identifier = new_id()
    AttributeRow.objects.create(
        controller_id=context.controller_id,
        id=identifier,
        code=attribute.code,
        label=attribute.label,
        kind=attribute.kind.value,
        category=attribute.category,
        purposes=list(attribute.purposes),
        legal_basis=attribute.legal_basis,
        retention_class=attribute.retention_class,
        retention_period=attribute.retention_period,
        sealed=attribute.sealed,
        many=attribute.many,
        fresh_days=attribute.fresh_days,
        declared_at=now,
        declared_by=context.operator_id,
    )
    return identifier
