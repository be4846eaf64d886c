"""How the connected systems stand. Nothing here writes, and nothing is opened."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError, RefusedError
from trustdesk.outside.contracts import ConnectorView, Count, Fault, Kind, Receipt, Standing, State, Verb
from trustdesk.outside.models import Connector, Run
from trustdesk.outside.setups import Setup, read_setup

MOST = 100
_READ = ("connector:work", "connector:manage")


def connectors(context: AccessContext) -> Sequence[ConnectorView]:
    """The company's connected systems by name, paused ones too. Needs `connector:work` or `connector:manage`."""
    _check_reading(context)
    with scoped(context.scope):
        return [_view(row) for row in Connector.objects.filter(controller_id=context.controller_id).order_by("name")]


def connector(context: AccessContext, connector_id: int) -> ConnectorView:
    """One connected system. Needs `connector:work` or `connector:manage`. NotFoundError where there is none."""
    _check_reading(context)
    return _view(held(context, connector_id))


def runs(context: AccessContext, *, connector_id: int, limit: int = 50) -> Sequence[Receipt]:
    """What was asked of a system, the newest first, as receipts. Needs `connector:work` or `connector:manage`."""
    _check_reading(context)
    row = held(context, connector_id)
    with scoped(context.scope):
        found = Run.objects.filter(controller_id=context.controller_id, connector_id=connector_id).order_by("-id")
        return [receipt_of(row, run) for run in found[: min(limit, MOST)]]


def receipts(context: AccessContext, *, verb: Verb, key: str) -> Mapping[int, Receipt]:
    """How the tries of `verb` under this key stand, by the connected system's id; a system that was not asked yet, or
    is the company's no longer, has none. Asks nobody. Needs `connector:work` or `connector:manage`.
    """
    _check_reading(context)
    with scoped(context.scope):
        rows = {row.id: row for row in Connector.objects.filter(controller_id=context.controller_id)}
        found = Run.objects.filter(
            controller_id=context.controller_id, verb=verb, key_digest=digest_of(context, verb, key)
        )
        return {run.connector_id: receipt_of(rows[run.connector_id], run) for run in found if run.connector_id in rows}


def digest_of(context: AccessContext, verb: Verb, key: str) -> bytes:
    """By which a run is known: whoever asked can make it, and nobody can read it."""
    return hashlib.sha256(f"{context.controller_id}|{verb}|{key}".encode()).digest()


def standing(context: AccessContext, *, now: datetime) -> Standing:
    """How many systems there are, how many do not answer, and what was not done for a day; for the examination and the
    first page. Counts only.
    """
    with scoped(context.scope):
        living = Connector.objects.filter(controller_id=context.controller_id, paused_at=None)
        failing = living.exclude(failing_since=None)
        oldest = failing.order_by("failing_since").values_list("failing_since", flat=True).first()
        stuck = Run.objects.filter(controller_id=context.controller_id, state=State.STUCK, changed_at__lte=now).count()
        return Standing(connectors=living.count(), failing=failing.count(), stuck_runs=stuck, oldest_failing_at=oldest)


def setups(context: AccessContext, connector_id: int | None) -> Sequence[Setup]:
    """The setup of one system, or those of all that are not paused."""
    if connector_id is not None:
        row = held(context, connector_id)
        return [read_setup(Kind(row.kind), row.setup)]
    with scoped(context.scope):
        living = list(Connector.objects.filter(controller_id=context.controller_id, paused_at=None).order_by("id"))
    return [read_setup(Kind(row.kind), row.setup) for row in living]


def held(context: AccessContext, connector_id: int) -> Connector:
    """The row. NotFoundError where there is none to be seen from here."""
    with scoped(context.scope):
        row = Connector.objects.filter(Q(controller_id=context.controller_id), id=connector_id).first()
    if row is None:
        raise NotFoundError(_("There is no such connected system."), place="connector")
    return row


def receipt_of(row: Connector, run: Run) -> Receipt:
    """What a run's row says."""
    return Receipt(
        connector_id=row.id,
        name=row.name,
        kind=Kind(row.kind),
        verb=Verb(run.verb),
        state=State(run.state),
        at=run.changed_at,
        attempt=run.attempt,
        counts=tuple(Count(place=one[0], found=one[1], doubtful=one[2], changed=one[3]) for one in run.counts),
        fault=Fault(run.fault) if run.fault else None,
        where=run.where,
        next_at=run.next_at,
    )


def _check_reading(context: AccessContext) -> None:
    if not any(context.allows(operation) for operation in _READ):
        raise RefusedError("Your role under this mandate does not include this.", place=_READ[0])


def _view(row: Connector) -> ConnectorView:
    return ConnectorView(
        connector_id=row.id,
        name=row.name,
        kind=Kind(row.kind),
        setup=row.setup,
        has_secret=row.secret is not None,
        paused_at=row.paused_at,
        tested_at=row.tested_at,
        fault=Fault(row.fault) if row.fault else None,
        where=row.where,
        failing_since=row.failing_since,
        changed_at=row.changed_at,
    )
