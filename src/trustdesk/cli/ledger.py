"""The ledger process: numbers the log's entries, signs checkpoints, and does what falls due each day.

Started by `up`. It works with the sequencer's own database role: it can neither write an opening nor read a customer.
"""

import signal
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import click
import psycopg
import psycopg_pool
import structlog

from trustdesk.cli.environment import ready
from trustdesk.kernel import clock
from trustdesk.kernel.errors import ConflictError

_PAUSE_SECONDS = 0.5
_PAUSE_AFTER_FAULT_SECONDS = 2.0
_SIGN_EVERY = timedelta(seconds=10)
_DAY = timedelta(days=1)
_LOOK_FOR_DUE_SECONDS = 10.0

log = structlog.get_logger(__name__)


def run(stop: threading.Event) -> None:
    """Sequence and sign until told to stop; a database that is away is waited for."""
    due = threading.Thread(target=_daily, args=(stop,), daemon=True, name="daily")
    due.start()
    while not stop.is_set():
        stop.wait(one_pass())
    due.join(timeout=5)


def one_pass() -> float:
    """Number what waits and sign; how many seconds to rest then.

    It rests also when there was something to number: a pass takes all that it may, and under load one pass after the
    other would take a processor from those who open, to number a handful each time.
    """
    from trustdesk.audit.api import sequence_once, sign_checkpoints  # noqa: PLC0415 - needs the settings

    try:
        sequence_once(clock.now())
        sign_checkpoints(clock.now(), every=_SIGN_EVERY)
    except (psycopg.Error, psycopg_pool.PoolTimeout):
        log.exception("ledger-waits-for-database")
        return _PAUSE_AFTER_FAULT_SECONDS
    return _PAUSE_SECONDS


def _daily(stop: threading.Event) -> None:
    while not stop.is_set():
        for task in (check_trees, hand_out, forget_months, examine):
            _attempt(task)
        stop.wait(_LOOK_FOR_DUE_SECONDS)


def _attempt(task: Callable[[datetime], None]) -> None:
    """One task's fault keeps neither the others nor the next minute's attempt from running."""
    try:
        task(clock.now())
    except Exception:
        log.exception("daily-task-failed", task=task.__name__)


def check_trees(now: datetime) -> None:
    """Recompute each tree once a day; what is bad stands in the console and in the examination."""
    from trustdesk.audit.api import check, controllers, installation_state  # noqa: PLC0415 - needs the settings

    for controller_id in controllers():
        state = installation_state(controller_id)
        if _due(state.checked_at, now) and state.size:
            bad = check(controller_id, now)
            log.info("tree-checked", controller=controller_id, sound=bad is None)


def hand_out(now: datetime) -> None:
    """Give each client company the day's checkpoint: what it keeps, nobody here can rewrite."""
    from django.conf import settings  # noqa: PLC0415 - needs the home

    from trustdesk.audit import api  # noqa: PLC0415

    recipients: dict[int, list[str]] = {}
    for named in settings.TRUSTDESK_HANDOUT:
        number, _colon, address = named.partition(":")
        recipients.setdefault(int(number), []).append(address)
    witness = Path(settings.TRUSTDESK_WITNESS) if settings.TRUSTDESK_WITNESS else None
    for controller_id in api.controllers():
        if not _due(api.installation_state(controller_id).handed_out_at, now):
            continue
        try:
            api.hand_out(controller_id, now, recipients=recipients.get(controller_id, []), witness=witness)
        except ConflictError:
            continue  # nothing is signed yet; the next minute tries again
        log.info("checkpoint-handed-out", controller=controller_id)


def forget_months(now: datetime) -> None:
    """Destroy the keys of the log's months whose retention is over (GDPR Art. 5(1)(e))."""
    from django.conf import settings  # noqa: PLC0415 - needs the home

    from trustdesk.audit.api import destroy_expired_keys  # noqa: PLC0415

    destroyed = destroy_expired_keys(now, months=settings.TRUSTDESK_LOG_MONTHS)
    if destroyed:
        log.info("log-months-forgotten", count=destroyed)


def examine(now: datetime) -> None:
    """The day's examination, for the console."""
    from trustdesk.health import api  # noqa: PLC0415 - needs the settings

    last = api.latest()
    if last is None or last.at.date() != now.date():
        examination = api.examine(now=now)
        api.record(examination)
        log.info("examined", state=examination.state.value)


def _due(last: datetime | None, now: datetime) -> bool:
    return last is None or now - last >= _DAY


@click.command("ledger")
def command() -> None:
    """Sequence the log and sign checkpoints until asked to end."""
    main()


def main() -> None:
    """Load the settings and work until SIGTERM."""
    ready(service=True)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    run(stop)


if __name__ == "__main__":
    main()
