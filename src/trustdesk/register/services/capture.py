"""Letting customers in: one by hand, or a chunk of a list."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, NotFoundError, RefusedError
from trustdesk.register import wire
from trustdesk.register.candidates import Readied, ask_gates, read_row
from trustdesk.register.contracts import (
    AddOutcome,
    AddResult,
    CustomerKind,
    NewCustomer,
    NewValue,
    Notice,
    NoticeKind,
    Rejection,
    Relationship,
    Source,
    SourceKind,
)
from trustdesk.register.home import country_of
from trustdesk.register.selectors import catalog as catalog_of
from trustdesk.register.services.insertion import insert

_CHUNK_LIMIT = 20_000
_EMPLOYERS = "SELECT id FROM register_customer WHERE controller_id = %s AND id = ANY(%s)"


def create_customer(
    context: AccessContext,
    *,
    kind: CustomerKind,
    values: Sequence[NewValue],
    source_id: int,
    notice: Notice | None,
    now: datetime,
    language: str = "",
    country: str = "",
    relationship: Relationship | None = None,
    employer_id: int | None = None,
    collected_at: datetime | None = None,
) -> int:
    """Add one customer by hand; the customer's id. Needs `customer:create`.

    From a direct source the Art. 13 notice with its version is required; from elsewhere the Art. 14 clock runs: one
    month from `collected_at` (now where not given), or the first communication or disclosure if earlier.
    BadInputError for an undeclared attribute or an unreadable value, RefusedError where an admission gate says no.
    """
    context.check_operation("customer:create")
    row = NewCustomer(
        kind=kind,
        values=tuple(values),
        language=language,
        country=country,
        relationship=relationship or Relationship(),
        notice=notice,
        collected_at=collected_at,
        employer_id=employer_id,
    )
    with scoped(context.scope):
        source = catalog_of.source(context, source_id)
        readied = _let_in(context, [row], source=source, place="capture", now=now)[0]
        if isinstance(readied, Rejection):
            raise _refusal(readied)
        customer_id = insert(context, [readied], source=source, now=now)[0]
        detail: dict[str, object] = {"source": source_id, "kind": kind.value}
        context.journal.deed(context, "register.customer.created", subjects=[customer_id], detail=detail)
    return customer_id


def add_many(context: AccessContext, rows: Sequence[NewCustomer], *, source_id: int, now: datetime) -> AddResult:
    """Add many customers set-wise in one transaction: chunks of 1,000 to 10,000 rows. Needs `list:import`.

    A row that is bad or not admitted is rejected with its reason and the others go in. Other errors undo them all.
    """
    context.check_operation("list:import")
    if len(rows) > _CHUNK_LIMIT:
        raise BadInputError(_("The chunk is too large."), place="rows", mend=_("Add at most 20,000 rows at a time."))
    with scoped(context.scope):
        source = catalog_of.source(context, source_id)
        answered = _let_in(context, rows, source=source, place="import", now=now)
        admitted = [row for row in answered if isinstance(row, Readied)]
        ids = iter(insert(context, admitted, source=source, now=now) if admitted else ())
        outcomes = [AddOutcome(next(ids)) if isinstance(row, Readied) else AddOutcome(None, row) for row in answered]
        if admitted:
            context.journal.deed(
                context,
                "register.customers.added",
                subjects=[outcome.customer_id for outcome in outcomes if outcome.customer_id is not None],
                detail={"source": source_id, "added": len(admitted), "rejected": len(rows) - len(admitted)},
            )
    return AddResult(outcomes)


def check_many(
    context: AccessContext, rows: Sequence[NewCustomer], *, source_id: int, now: datetime
) -> Sequence[Rejection | None]:
    """For each row why `add_many` would not let it in, the admission gates' word included; None where it would.

    Writes nothing and opens nothing: the dry run of a list. Needs `list:preview`.
    """
    context.check_operation("list:preview")
    with scoped(context.scope):
        source = catalog_of.source(context, source_id)
        answered = _let_in(context, rows, source=source, place="preview", now=now)
    return [row if isinstance(row, Rejection) else None for row in answered]


def _let_in(
    context: AccessContext, rows: Sequence[NewCustomer], *, source: Source, place: str, now: datetime
) -> list[Readied | Rejection]:
    attributes = catalog_of.by_code(context)
    country = country_of(context)
    read: list[Readied | Rejection] = []
    for row in rows:
        fault = _notice_fault(row, source, now)
        read.append(fault or read_row(attributes, row, country=country, today=now.date()))
    return ask_gates(context, _employed(context, read), source_id=source.source_id, place=place)


def _notice_fault(row: NewCustomer, source: Source, now: datetime) -> Rejection | None:
    if row.collected_at is not None and row.collected_at > now:
        return Rejection("bad-input", _("The date of collection lies in the future."), "collected_at")
    if row.notice is not None and not row.notice.version.strip():
        return Rejection("bad-input", _("The notice needs its version."), "notice")
    if source.kind is not SourceKind.DIRECT:
        return None
    if row.notice is None or row.notice.kind is not NoticeKind.ART13:
        reason = _("Who gives data about themselves is informed first.")
        return Rejection("bad-input", reason, "notice", "GDPR Art. 13(1)")
    return None


def _employed(context: AccessContext, rows: Sequence[Readied | Rejection]) -> list[Readied | Rejection]:
    wanted = {row.row.employer_id for row in rows if isinstance(row, Readied)} - {None}
    if not wanted:
        return list(rows)
    found = {row[0] for row in wire.fetch(_EMPLOYERS, context.controller_id, list(wanted))}
    missing = Rejection("bad-input", _("There is no such company."), "employer")
    return [missing if isinstance(row, Readied) and row.row.employer_id not in {None, *found} else row for row in rows]


def _refusal(rejection: Rejection) -> BadInputError | RefusedError | NotFoundError:
    if rejection.by_gate:
        return RefusedError(rejection.reason, place=rejection.source_of_law, mend=_("Only the person can come back."))
    return BadInputError(
        rejection.reason, place=rejection.attribute, mend=rejection.source_of_law or _("Correct it and try again.")
    )
