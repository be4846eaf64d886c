"""What the masks of a run come to: outcomes, rules, counts."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection

from trustdesk.decision.api import Program, verdict_of_mask
from trustdesk.decision.contracts import Outcome
from trustdesk.kernel.context import AccessContext
from trustdesk.screening.contracts import Fault
from trustdesk.screening.models import List, Run
from trustdesk.screening.services.columns import put

if TYPE_CHECKING:
    import pyarrow as pa

SEVERITY: Mapping[Outcome, int] = {Outcome.PERMIT: 0, Outcome.UNDECIDED: 1, Outcome.DENY: 2}
"""A number or customer behind whom there are several comes to the strictest."""

_LAND = """
INSERT INTO screening_result (controller_id, run_id, row_number, column_number, value_id, customer_id, mask)
SELECT %b, %b, * FROM unnest(%b::bigint[], %b::smallint[], %b::bigint[], %b::bigint[], %b::bigint[])
"""
_MASKS = "SELECT mask, count(*) FROM screening_result WHERE controller_id = %s AND run_id = %s GROUP BY mask"
_CELLS = """
SELECT severity, count(*) FROM (
  SELECT max(m.severity) AS severity FROM screening_result d
  JOIN unnest(%s::bigint[], %s::int[]) AS m (mask, severity) ON m.mask = d.mask
  WHERE d.controller_id = %s AND d.run_id = %s GROUP BY d.row_number, d.column_number
) AS cell GROUP BY severity
"""
_ASKED = """
SELECT fault, count(*) FROM screening_row
WHERE controller_id = %s AND list_id = %s AND kind IN (%s, 'customer') GROUP BY fault
"""
_FORGET = "DELETE FROM screening_result WHERE controller_id = %s AND run_id = %s"


@dataclass(frozen=True, slots=True)
class Tally:
    """All cells that were asked about, each counted once; and the reasons behind each mask, for whoever reads later."""

    outcomes: Mapping[Outcome, int]
    faults: Mapping[Fault, int]
    reasons: Mapping[str, Any]

    @property
    def cells(self) -> int:
        return sum(self.outcomes.values())


def land(context: AccessContext, run_id: int, batch: "pa.RecordBatch") -> int:
    """Keep masks that another engine decided, in the running transaction; how many."""
    columns = [batch.column(name).to_pylist() for name in ("row_number", "column_number", "value_id", "customer_id")]
    return put(_LAND, [context.controller_id, run_id, *columns, batch.column("mask").to_pylist()])


def forget(context: AccessContext, run_id: int) -> None:
    """Delete the masks of a run, in the running transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, [context.controller_id, run_id])


def tally(context: AccessContext, run: Run, asked: List, kind: str, program: Program) -> Tally:
    """Count what a run came to. Cells that no rule was asked about are undecided, with their fault."""
    with connection.cursor() as cursor:
        cursor.execute(_MASKS, [context.controller_id, run.id])
        masks = dict(cursor.fetchall())
        severities = [SEVERITY[program.outcome(mask)] for mask in masks]
        cursor.execute(_CELLS, [list(masks), severities, context.controller_id, run.id])
        counted = dict(cursor.fetchall())
        cursor.execute(_ASKED, [context.controller_id, asked.id, kind])
        by_fault = {Fault(fault): count for fault, count in cursor.fetchall()}
    outcomes = Counter({outcome: counted.get(severity, 0) for outcome, severity in SEVERITY.items()})
    faults: dict[Fault, int] = {fault: count for fault, count in by_fault.items() if fault is not Fault.NONE}
    without = by_fault.get(Fault.NONE, 0) - sum(counted.values())
    if without:
        faults[Fault.NO_POINT] = without
    outcomes[Outcome.UNDECIDED] += sum(faults.values())
    counted_faults = {fault.value: count for fault, count in faults.items()}
    return Tally(outcomes, faults, {**_reasons(program, masks), "faults": counted_faults})


def _reasons(program: Program, masks: Mapping[int, int]) -> dict[str, Any]:
    """Masks and rules as they were understood then: rules change, a screening's reasons do not."""
    found: dict[str, Any] = {"masks": {}, "rules": {}}
    for mask, rows in masks.items():
        verdict = verdict_of_mask(program, mask)
        spoke = [reason for reason in verdict.reasons if reason.outcome is verdict.outcome]
        keys = [f"{reason.outcome.value}:{reason.rule_id}:{reason.message}" for reason in spoke]
        found["masks"][str(mask)] = {"outcome": verdict.outcome.value, "rules": keys}
        for key, reason in zip(keys, spoke, strict=True):
            said = found["rules"].setdefault(
                key,
                {
                    "rule": reason.rule_id,
                    "outcome": reason.outcome.value,
                    "statute": reason.statute.text,
                    "url": reason.statute.url,
                    "message": reason.message,
                    "parameters": dict(reason.parameters),
                    "rows": 0,
                },
            )
            said["rows"] += rows
    return found


def rules_of(reasons: Mapping[str, Any], masks: Iterable[int]) -> tuple[Outcome, list[str]]:
    """The strictest outcome of the masks of one cell, and the rules that spoke for it."""
    said = [reasons["masks"][str(mask)] for mask in masks]
    outcome = max((Outcome(one["outcome"]) for one in said), key=SEVERITY.__getitem__, default=Outcome.UNDECIDED)
    keys = [key for one in said if one["outcome"] == outcome.value for key in one["rules"]]
    return outcome, list(dict.fromkeys(reasons["rules"][key]["rule"] for key in keys))
