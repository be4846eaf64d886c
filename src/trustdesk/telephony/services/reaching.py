"""Where calls out may go, and how many: an allow-list, closed ranges, caps by the day (UTC)."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, time

from django.db import connection
from django.utils.translation import gettext as _

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, RefusedError
from trustdesk.kernel.ids import new_id
from trustdesk.telephony.contracts import Destination, Reach
from trustdesk.telephony.models import CallOut, Trunk
from trustdesk.telephony.models import Reach as Row
from trustdesk.telephony.numbering import country_of, e164, is_called
from trustdesk.telephony.services.checks import like

_PREFIX = re.compile(r"\+[1-9][0-9]{0,14}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_MOST_LINES = 500
_COUNT_TRUNK = """
INSERT INTO telephony_trunk_day (trunk_id, day, calls) VALUES (%(trunk)s, %(day)s, 1)
ON CONFLICT (trunk_id, day) DO UPDATE SET calls = telephony_trunk_day.calls + 1
WHERE %(most)s::int IS NULL OR telephony_trunk_day.calls < %(most)s
RETURNING calls
"""


def set_reach(context: AccessContext, *, reach: Reach, now: datetime) -> None:
    """See `telephony.api`."""
    context.check_operation("telephony:manage")
    _check(reach)
    with scoped(context.scope):
        Row.objects.create(
            controller_id=context.controller_id,
            version=new_id(),
            countries=sorted(reach.countries),
            prefixes=sorted(reach.prefixes),
            closed=sorted(reach.closed),
            per_agent_day=reach.per_agent_day,
            per_company_day=reach.per_company_day,
            set_at=now,
            set_by=context.operator_id,
        )
        context.journal.deed(context, "telephony.reach.set", detail={"countries": sorted(reach.countries)})


def reach_of(context: AccessContext) -> Reach | None:
    """See `telephony.api`."""
    with scoped(context.scope):
        row = Row.objects.filter(controller_id=context.controller_id).order_by("-version").first()
    if row is None:
        return None
    return Reach(
        countries=frozenset(row.countries),
        prefixes=tuple(row.prefixes),
        closed=tuple(row.closed),
        per_agent_day=row.per_agent_day,
        per_company_day=row.per_company_day,
    )


def destination(context: AccessContext, number: str, *, now: datetime) -> Destination:
    """See `telephony.api`."""
    try:
        called = e164(number)
    except BadInputError as error:
        return Destination(allowed=False, reason=error.message, mend=error.mend)
    country = country_of(called)
    closed = _refusal(reach_of(context), called, country)
    refused = closed or _caps(context, now)
    if refused is None:
        return Destination(allowed=True, e164=called, country=country)
    reason, mend = refused
    return Destination(allowed=False, e164=called, country=country, reason=reason, mend=mend, capped=closed is None)


def begin_call_out(context: AccessContext, *, number: str, trunk: int | None, now: datetime) -> Destination:
    """See `telephony.api`."""
    with scoped(context.scope):
        with connection.cursor() as cursor:
            # Two calls at once must not both be the last one allowed.
            key = f"telephony|call-out|{context.controller_id}"
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
        found = destination(context, number, now=now)
        if not found.allowed:
            raise RefusedError(found.reason, place="cap" if found.capped else "number", mend=found.mend)
        if trunk is not None:
            _count_trunk(trunk, now)
        CallOut.objects.create(
            controller_id=context.controller_id,
            id=new_id(),
            operator_id=context.operator_id,
            trunk_id=trunk,
            country=found.country,
            at=now,
        )
    return found


def _refusal(reach: Reach | None, called: str, country: str) -> tuple[str, str] | None:
    """Why the number itself is not called; None where it is."""
    if reach is None:
        return _("Nobody has said yet where this company may call."), _("Let an administrator set the destinations.")
    if not is_called(called):
        return _("Numbers of this kind are closed: they cost more than a call."), ""
    if any(called.startswith(prefix) for prefix in reach.closed):
        return _("This range is closed."), _("Ask an administrator.")
    if country not in reach.countries and not any(called.startswith(prefix) for prefix in reach.prefixes):
        return _("This company does not call there."), _("Ask an administrator to allow the country.")
    return None


def _caps(context: AccessContext, now: datetime) -> tuple[str, str] | None:
    reach = reach_of(context)
    if reach is None:
        return None
    begins = datetime.combine(now.astimezone(UTC).date(), time(), UTC)
    with scoped(context.scope):
        today = CallOut.objects.filter(controller_id=context.controller_id, at__gte=begins)
        if reach.per_company_day is not None and today.count() >= reach.per_company_day:
            return _("The company has made as many calls today as it may."), _("Wait until tomorrow.")
        own = today.filter(operator_id=context.operator_id)
        if reach.per_agent_day is not None and own.count() >= reach.per_agent_day:
            return _("You have made as many calls today as you may."), _("Ask your supervisor.")
    return None


def _count_trunk(trunk: int, now: datetime) -> None:
    row = Trunk.objects.filter(id=trunk).first()
    if row is None:
        raise RefusedError(
            _("There is no such trunk."), place="trunk", mend=_("Let an administrator name one for the number.")
        )
    counted = False
    if row.per_day != 0:
        with connection.cursor() as cursor:
            cursor.execute(_COUNT_TRUNK, {"trunk": trunk, "day": now.astimezone(UTC).date(), "most": row.per_day})
            counted = cursor.fetchone() is not None
    if not counted:
        raise RefusedError(
            _("The trunk has carried as many calls today as it may."),
            place="trunk",
            mend=_("Wait until tomorrow, or let an administrator raise the cap."),
        )


def _check(reach: Reach) -> None:
    for country in reach.countries:
        if not _COUNTRY.fullmatch(country):
            raise BadInputError(
                _("A country is two capital letters."), place="countries", mend=like("FI, HU, PL, DE, AT")
            )
    for place, prefixes in (("prefixes", reach.prefixes), ("closed", reach.closed)):
        _check_prefixes(prefixes, place)
    for place in ("per_agent_day", "per_company_day"):
        cap = getattr(reach, place)
        if cap is not None and cap < 0:
            raise BadInputError(_("A cap is a number from nought on."), place=place)


def _check_prefixes(prefixes: Sequence[str], place: str) -> None:
    if len(prefixes) > _MOST_LINES:
        raise BadInputError(_("These are too many prefixes."), place=place)
    for prefix in prefixes:
        if not _PREFIX.fullmatch(prefix):
            raise BadInputError(_("A prefix begins with + and holds digits only."), place=place, mend=like("+4420"))
