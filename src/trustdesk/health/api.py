"""Is the installation sound? The `doctor` command asks, the console shows the last answers.

Public door of this capability. GDPR Art. 32(1)(d): a process for regularly testing the measures of security.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from trustdesk.health import store
from trustdesk.health.checks import CHECKS
from trustdesk.health.contracts import Examination, Finding, State

__all__ = ["Examination", "Finding", "State", "examine", "latest", "note_backup", "recent", "record"]


def examine(*, now: datetime, checks: Sequence[Callable[[datetime], Finding]] = CHECKS) -> Examination:
    """Run every check and give all answers; a check that fails itself is a broken finding, never a missing one.

    Takes a few hundred milliseconds; reads the schema, files and clocks, and no row of a customer.
    """
    return Examination(now, tuple(_answer(check, now) for check in checks))


def record(examination: Examination) -> Path:
    """Keep the examination as that day's answer; the last 90 days are kept. The path of the file."""
    return store.write(examination)


def note_backup(now: datetime) -> None:
    """Remember that a whole backup was made at this instant, for the check of its age."""
    store.note_backup(now)


def latest() -> Examination | None:
    """The newest examination kept, or None where none was made yet."""
    return next(iter(store.newest(1)), None)


def recent(*, limit: int = 14) -> list[Examination]:
    """The newest examinations kept, one a day, newest first."""
    return store.newest(limit)


def _answer(check: Callable[[datetime], Finding], now: datetime) -> Finding:
    try:
        return check(now)
    except Exception as fault:  # noqa: BLE001 - whatever goes wrong in a check is its finding
        name = check.__name__.removeprefix("check_")
        kind = type(fault).__name__
        return Finding(name, State.BROKEN, "The check itself failed: %(kind)s.", {"kind": kind}, "Read the logs.")
