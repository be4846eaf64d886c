"""Taking down that something was broken, and reading it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from trustdesk.governance.contracts import HOURS, BreachView, Kind, Standing, State
from trustdesk.governance.models import Breach, Touched
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, NotFoundError
from trustdesk.kernel.ids import new_id

# Whoever reads the log: the officer, and the client company, which has to hear of it (GDPR Art. 33(2)). The log names
# the same people.
READ = "log:read"


def open_breach(
    context: AccessContext,
    *,
    kind: str,
    cause: str,
    about: str,
    customer_ids: Sequence[int],
    happened_at: datetime,
    now: datetime,
) -> int:
    """Take a breach down (see `governance.api`)."""
    if kind not in set(Kind):
        raise BadInputError(_("There is no such kind of breach."), place="kind", mend=", ".join(Kind))
    if not (cause and about):
        raise BadInputError(_("A breach has a cause, and is about something."), place="cause", mend=_("Name both."))
    if happened_at > now:
        raise BadInputError(
            _("Nothing is found before it happened."), place="happened_at", mend=_("Look at the clock.")
        )
    own = {"controller_id": context.controller_id}
    with scoped(context.scope):
        row, fresh = Breach.objects.get_or_create(
            **own,
            cause=cause,
            about=about,
            defaults={
                "id": new_id(),
                "kind": kind,
                "people": 0,
                "happened_at": happened_at,
                "found_at": now,
                "opened_by": context.operator_id,
                "state": State.OPEN,
            },
        )
        held = Breach.objects.select_for_update().get(**own, id=row.id)
        known = set(Touched.objects.filter(**own, breach_id=row.id).values_list("customer_id", flat=True))
        more = sorted(set(customer_ids) - known)
        Touched.objects.bulk_create([Touched(**own, breach_id=row.id, customer_id=each) for each in more])
        Breach.objects.filter(**own, id=row.id).update(people=held.people + len(more))
        if fresh or more:
            detail = {"breach": row.id, "kind": held.kind, "cause": cause, "about": about}
            context.journal.deed(context, "governance.breach.opened", subjects=more, detail=detail)
    return row.id


def breaches(context: AccessContext, *, state: State | None = None, limit: int = 200) -> Sequence[BreachView]:
    """See `governance.api`."""
    context.check_operation(READ)
    with scoped(context.scope):
        asked = Breach.objects.filter(controller_id=context.controller_id)
        if state is not None:
            asked = asked.filter(state=state)
        return _views(context, asked.order_by("-found_at", "-id")[:limit])


def breach(context: AccessContext, breach_id: int) -> BreachView:
    """See `governance.api`."""
    context.check_operation(READ)
    with scoped(context.scope):
        found = _views(context, Breach.objects.filter(controller_id=context.controller_id, id=breach_id))
    if not found:
        raise NotFoundError(_("There is no such breach."), place="breach", mend=_("Choose one from the list."))
    return found[0]


def standing(context: AccessContext, *, now: datetime) -> Standing:
    """See `governance.api`."""
    context.check_operation(READ)
    with scoped(context.scope):
        asked = Breach.objects.filter(controller_id=context.controller_id, state=State.OPEN).order_by("found_at")
        found = list(asked.values_list("found_at", flat=True))
    return Standing(len(found), found[0] + HOURS - now if found else None)


def _views(context: AccessContext, asked: Iterable[Breach]) -> list[BreachView]:
    rows = list(asked)
    touched: dict[int, list[int]] = defaultdict(list)
    own = Touched.objects.filter(controller_id=context.controller_id, breach_id__in=[row.id for row in rows])
    for breach_id, customer_id in own.order_by("customer_id").values_list("breach_id", "customer_id"):
        touched[breach_id].append(customer_id)
    return [
        BreachView(
            breach_id=row.id,
            kind=Kind(row.kind),
            cause=row.cause,
            about=row.about,
            people=row.people,
            customer_ids=touched[row.id],
            happened_at=row.happened_at,
            found_at=row.found_at,
            opened_by=row.opened_by,
            state=State(row.state),
        )
        for row in rows
    ]
