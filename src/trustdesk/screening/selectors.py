"""Reading what became of lists. Nothing here writes or opens."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from trustdesk.clearance.contracts import POINT_OF_CHANNEL
from trustdesk.decision.contracts import Channel, Outcome
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import ConflictError, NotFoundError
from trustdesk.screening.contracts import (
    Ask,
    CellKind,
    Engine,
    Fault,
    Filter,
    ListState,
    ListView,
    Phase,
    Progress,
    Report,
    RowVerdict,
    RuleWord,
    RunState,
    criteria_from_json,
)
from trustdesk.screening.models import Filter as FilterRow
from trustdesk.screening.models import List, Run
from trustdesk.screening.services.verdicts import rules_of

ROWS_AT_ONCE = 10_000
_LAST_ROW = "SELECT coalesce(max(row_number), 0) FROM screening_row WHERE controller_id = %s AND list_id = %s"
_VERDICTS = """
SELECT r.row_number, r.column_number, r.fault, array_agg(d.mask) FILTER (WHERE d.mask IS NOT NULL)
FROM (
  SELECT controller_id, row_number, column_number, fault FROM screening_row
  WHERE controller_id = %s AND list_id = %s AND (row_number, column_number) > (%s, %s) AND kind = ANY(%s)
  ORDER BY row_number, column_number LIMIT %s
) AS r
LEFT JOIN screening_result d ON d.controller_id = r.controller_id AND d.run_id = %s
  AND d.row_number = r.row_number AND d.column_number = r.column_number
GROUP BY 1, 2, 3 ORDER BY 1, 2
"""


def progress(context: AccessContext, run_id: int) -> Progress:
    """How far a screening is, and what it came to. Needs `list:screen`."""
    context.check_operation("list:screen")
    with scoped(context.scope):
        return _progress(context, _run(context, run_id))


def runs(context: AccessContext, *, limit: int = 50) -> Sequence[Progress]:
    """The company's screenings, newest first. Needs `list:screen`."""
    context.check_operation("list:screen")
    with scoped(context.scope):
        rows = Run.objects.filter(controller_id=context.controller_id).order_by("-started_at")[:limit]
        return [_progress(context, row) for row in rows]


def report(context: AccessContext, run_id: int) -> Report:
    """A finished screening: counts by rule, and the signed summary. Needs `list:screen`. ConflictError before that."""
    context.check_operation("list:screen")
    with scoped(context.scope):
        run = _finished(context, run_id)
        found = _progress(context, run)
    words = [
        RuleWord(
            rule_id=said["rule"],
            outcome=Outcome(said["outcome"]),
            statute=said["statute"],
            url=said["url"],
            message=said["message"],
            parameters=said["parameters"],
            rows=said["rows"],
        )
        for said in run.reasons["rules"].values()
    ]
    words.sort(key=lambda word: (-word.rows, word.rule_id))
    faults = {Fault(fault): count for fault, count in run.reasons["faults"].items()}
    return Report(progress=found, words=words, faults=faults, summary=run.summary)


def verdicts(context: AccessContext, run_id: int, *, after: tuple[int, int] = (0, -1)) -> Iterator[RowVerdict]:
    """The verdicts in the order of the list, those after a row and column number. Needs `list:screen`."""
    context.check_operation("list:screen")
    with scoped(context.scope):
        run = _finished(context, run_id)
        columns = _columns(_list(context, run.list_id))
    while True:
        with scoped(context.scope), connection.cursor() as cursor:
            cursor.execute(
                _VERDICTS,
                [context.controller_id, run.list_id, *after, _kinds(run), ROWS_AT_ONCE, run.id],
            )
            page = cursor.fetchall()
        for row, column, fault, masks in page:
            outcome, rules = rules_of(run.reasons, masks or ())
            unpointed = Fault.NO_POINT if not masks and not fault else Fault(fault)
            yield RowVerdict(row, columns[column], outcome, rules, unpointed)
        if len(page) < ROWS_AT_ONCE:
            return
        after = (page[-1][0], page[-1][1])


def lists(context: AccessContext, *, limit: int = 50) -> Sequence[ListView]:
    """The lists that are still kept, newest first. Needs `list:screen`."""
    context.check_operation("list:screen")
    with scoped(context.scope):
        rows = List.objects.filter(controller_id=context.controller_id).order_by("-created_at")[:limit]
        return [_list_view(row) for row in rows]


def filters(context: AccessContext) -> Sequence[Filter]:
    """The newest filter of each name, by name. Needs `list:screen`."""
    context.check_operation("list:screen")
    with scoped(context.scope):
        rows = list(
            FilterRow.objects.filter(controller_id=context.controller_id).order_by("name", "-saved_at").distinct("name")
        )
    return [
        Filter(
            filter_id=row.id,
            name=row.name,
            criteria=criteria_from_json(row.criteria),
            saved_at=row.saved_at,
            saved_by=row.saved_by,
        )
        for row in rows
    ]


def last_row(context: AccessContext, list_id: int) -> int:
    """The number of the list's last row."""
    with scoped(context.scope), connection.cursor() as cursor:
        cursor.execute(_LAST_ROW, [context.controller_id, list_id])
        (last,) = cursor.fetchone() or (0,)
    return int(last)


def _run(context: AccessContext, run_id: int) -> Run:
    row = Run.objects.filter(controller_id=context.controller_id, id=run_id).first()
    if row is None:
        raise NotFoundError(_("There is no such screening."), place="screening")
    return row


def _finished(context: AccessContext, run_id: int) -> Run:
    run = _run(context, run_id)
    if run.state != RunState.FINISHED:
        raise ConflictError(_("This screening has not finished."), place="screening", mend=_("Look at its progress."))
    return run


def _list(context: AccessContext, list_id: int) -> List:
    return List.objects.get(controller_id=context.controller_id, id=list_id)


def _columns(row: List) -> Sequence[str]:
    return list(row.layout["columns"]) if row.layout else [""]


def _kinds(run: Run) -> list[str]:
    return [POINT_OF_CHANNEL[Channel(run.channel)].value, CellKind.CUSTOMER.value]


def _list_view(row: List) -> ListView:
    return ListView(
        list_id=row.id,
        digest=bytes(row.digest).hex(),
        state=ListState(row.state),
        rows=row.rows,
        cells=row.cells,
        unreadable=row.unreadable,
        created_at=row.created_at,
        erase_at=row.erase_at,
        filter_id=row.filter_id,
    )


def _progress(context: AccessContext, row: Run) -> Progress:
    asked = _list(context, row.list_id)
    return Progress(
        run_id=row.id,
        list_id=row.list_id,
        ask=Ask(purpose=row.asked_purpose, channel=Channel(row.channel), about=row.about, engine=Engine(row.engine)),
        state=_state(row),
        phase=Phase(row.phase),
        reason=row.reason,
        place=row.place,
        fraction=row.fraction,
        rows=asked.rows,
        decided=row.decided,
        counts={outcome: row.counts.get(outcome.value, 0) for outcome in Outcome},
        started_at=row.started_at,
        updated_at=row.updated_at,
        finished_at=row.finished_at,
        decided_at=row.decided_at,
        packs_digest=row.packs_digest,
        policy_version=row.policy_version,
        operator_id=row.operator_id,
    )


def _state(row: Run) -> RunState:
    state = RunState(row.state)
    if state is not RunState.RUNNING:
        return state
    with connection.cursor() as cursor:
        # Whoever runs it holds its advisory lock; the view shows it without taking it.
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1"
            " AND classid::bigint = %s AND objid::bigint = %s)",
            [row.id >> 32, row.id & 0xFFFFFFFF],
        )
        found: tuple[Any, ...] = cursor.fetchone() or (False,)
    return RunState.RUNNING if found[0] else RunState.INTERRUPTED
