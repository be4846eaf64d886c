"""What a certificate says: numbers, days and laws. Pure; nothing that names the person enters here."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from trustdesk.erasure.contracts import PlanLine, PlanView, StepState
from trustdesk.kernel.registries import Fate
from trustdesk.proof.contracts import Coverage, HitState, SearchView
from trustdesk.proof.documents import Said
from trustdesk.proof.verifier import FORMAT
from trustdesk.seal.api import ARGON2


def composed(
    *,
    number: str,
    controller: tuple[int, str],
    plan: PlanView,
    search: SearchView,
    laws: Mapping[str, int],
    check_values: Sequence[str] | None,
    backup_free: date,
    now: datetime,
) -> Said:
    """The content of a certificate. `laws` counts what was found and may stay, by the law that says so."""
    return {
        "format": FORMAT,
        "number": number,
        "controller": {"number": controller[0], "name": controller[1]},
        "cause": plan.cause.value,
        "dates": _dates(plan, search, now),
        "erased": [_line(line) for line in plan.lines if line.fate is Fate.GOES],
        "kept": [{**_line(line), "law": line.law, "until": _day(line.until)} for line in plan.kept],
        "steps": [
            {"step": step.name, "done_at": _second(step.done_at), "counts": dict(step.counts)}
            for step in plan.steps
            if step.state is StepState.DONE and step.done_at is not None
        ],
        "systems": list(search.systems),
        "scan": {**_coverage(search.coverage), "hits": _hits(search, laws)},
        "backup_free_from": backup_free.isoformat(),
        "check": {**ARGON2, "values": sorted(check_values)} if check_values is not None else None,
    }


def backup_free(erased_at: datetime, *, epoch_days: int) -> date:
    """The first day on which no backup opens the person.

    The newest backup that can hold the keys was begun on the day they were destroyed, in UTC as backups are named. It
    is sealed under that day's key, which is destroyed so many days after the day has ended.
    """
    return erased_at.astimezone(UTC).date() + timedelta(days=1 + epoch_days)


def _dates(plan: PlanView, search: SearchView, now: datetime) -> Said:
    return {
        "planned_at": _second(plan.drawn_at),
        "approved_at": _second(plan.approved_at),
        "erased_at": _second(plan.erased_at),
        "scanned_from": _second(search.began_at),
        "scanned_until": _second(search.ended_at),
        "issued_at": _second(now),
    }


def _line(line: PlanLine) -> Said:
    return {"capability": line.capability, "what": line.what, "count": line.count}


def _coverage(coverage: Coverage) -> Said:
    return {
        "tables": coverage.tables,
        "columns": coverage.columns,
        "rows": coverage.rows,
        "others_opened": coverage.sealed,
        "files": coverage.files,
        "bytes": coverage.size,
        "unread": dict(coverage.unread),
    }


def _hits(search: SearchView, laws: Mapping[str, int]) -> Said:
    return {
        "shown": sum(search.hits.values()),
        "cleared": search.hits[HitState.CLEARED],
        "justified": search.hits[HitState.JUSTIFIED],
        "laws": [{"law": law, "count": laws[law]} for law in sorted(laws)],
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _second(instant: datetime | None) -> str | None:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if instant else None
