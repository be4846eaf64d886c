"""Saved filters over the catalog's open attributes: data, compiled to one parametrised statement.

A filter is never changed: the newest of its name counts, and a list says by which it was made.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from psycopg import sql

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError
from trustdesk.kernel.ids import new_id
from trustdesk.register.api import catalog
from trustdesk.register.contracts import Attribute
from trustdesk.screening.contracts import Criterion, Field, NewFilter, Operator
from trustdesk.screening.models import Filter as Row

_NAME_LIMIT = 100
_COLUMNS: Mapping[str, str] = {
    Field.KIND: "kind",
    Field.LANGUAGE: "language",
    Field.COUNTRY: "country",
    Field.CUSTOMER_SINCE: "customer_since",
    Field.LAST_SALE_DATE: "last_sale_date",
}
_HAS_VALUE = sql.SQL(
    "EXISTS (SELECT FROM register_value v WHERE v.controller_id = c.controller_id AND v.customer_id = c.id"
    " AND v.attribute_id = {attribute} AND v.superseded_at IS NULL AND v.restricted_at IS NULL AND {comparison})"
)


def save_filter(context: AccessContext, *, new: NewFilter, now: datetime) -> int:
    """Keep a filter under its name; its id. Saying the same again changes nothing. Needs `list:screen`.

    BadInputError where a line asks for a sealed attribute, or for one that the catalog does not declare: a filter
    opens nothing.
    """
    context.check_operation("list:screen")
    name = new.name.strip()
    if not name or len(name) > _NAME_LIMIT:
        raise BadInputError(_("A filter has a name of at most 100 letters."), place="name")
    with scoped(context.scope):
        condition(context, new.criteria)
        newest = Row.objects.filter(controller_id=context.controller_id, name=name).order_by("-saved_at").first()
        if newest is not None and bytes(newest.digest) == new.digest:
            return newest.id
        row = Row(
            controller_id=context.controller_id,
            id=new_id(),
            name=name,
            criteria=new.as_json(),
            digest=new.digest,
            saved_at=now,
            saved_by=context.operator_id,
        )
        row.save(force_insert=True)
        context.journal.deed(context, "screening.filter.saved", detail={"filter": row.id})
        return row.id


def condition(context: AccessContext, criteria: Sequence[Criterion]) -> sql.Composed:
    """What must hold of a row `c` of `register_customer`. Every value is a literal of the driver's own quoting."""
    attributes = {one.code: one for one in catalog(context)}
    return sql.SQL(" AND ").join([_line(one, attributes) for one in criteria])


def _line(line: Criterion, attributes: Mapping[str, Attribute]) -> sql.Composable:
    if line.what == Field.PRODUCT_GROUP:
        wanted = sql.SQL("c.product_groups && {}::text[]").format(sql.Literal(list(line.values)))
        return wanted if line.operator is Operator.ANY_OF else sql.SQL("NOT ({})").format(wanted)
    if line.what in _COLUMNS:
        return _compared(sql.SQL("c.{}").format(sql.Identifier(_COLUMNS[line.what])), line)
    attribute = attributes.get(line.what)
    if attribute is None or attribute.sealed:
        raise BadInputError(
            _("A filter asks for open attributes only: what identifies a person is sealed, and not opened for a list."),
            place=line.what,
            mend=", ".join([*Field, *(code for code, one in attributes.items() if not one.sealed)]),
        )
    positive = line if line.operator is not Operator.NONE_OF else Criterion(line.what, Operator.ANY_OF, line.values)
    found = _HAS_VALUE.format(
        attribute=sql.Literal(attribute.attribute_id), comparison=_compared(sql.SQL("v.open_text"), positive)
    )
    return sql.SQL("NOT {}").format(found) if line.operator is Operator.NONE_OF else found


def _compared(column: sql.Composable, line: Criterion) -> sql.Composed:
    match line.operator:
        case Operator.FROM:
            return sql.SQL("{} >= {}").format(column, sql.Literal(line.values[0]))
        case Operator.BEFORE:
            return sql.SQL("{} < {}").format(column, sql.Literal(line.values[0]))
        case Operator.ANY_OF:
            return sql.SQL("{} = ANY({}::text[])").format(column, sql.Literal(list(line.values)))
        case Operator.NONE_OF:
            return sql.SQL("({0} IS NULL OR {0} <> ALL({1}::text[]))").format(column, sql.Literal(list(line.values)))
