"""Calls at a rate: answered, told, given a reference and put into a queue, by the whole exchange; sipp is the network.

Switchboard, edge and PostgreSQL are the real ones, each in its own processes. Answering is measured by sipp from its
INVITE to our 200; processor time is that of the signalling process alone. Then many short calls, at the same rate, to
see what is left of them: the memory of each process after the first part and after the second, both times when nothing
of a call has to be remembered any more.
"""

import shutil
import tempfile
import time
from pathlib import Path

from benchmarks._callers import AFTER_REFERENCE_MS, calls
from benchmarks._company import Company
from benchmarks._exchange import Exchange, Memory, exchange, prepare
from benchmarks._house import Progress, house, result, say, size

PROMISED_CALLS = 2_000
PROMISED_ANSWER_MS = 200
PROMISED_CPU_MS = 5
PROMISED_SHORT = 20_000
PROMISED_GROWTH_MB = 8.0
RATE = 20
_IN_QUEUE_MS = 1_000
_SHORT_MS = 100
_WRITTEN_SECONDS = 20
_FORGOTTEN_SECONDS = 40
"""Of a call that is over, late messages are expected for 32 seconds (RFC 3261, timers H, I and J)."""


def main() -> None:
    count = size(PROMISED_CALLS)
    short = PROMISED_SHORT * count // PROMISED_CALLS
    port = 5_960
    scratch = Path(tempfile.mkdtemp(prefix="trustdesk-bench-"))
    try:
        with house() as home:
            company = Company("Bench", "FI")
            stays = int(prepare(company, port) * 1000) + AFTER_REFERENCE_MS + _IN_QUEUE_MS
            with exchange(home) as running:
                say(f"{count:,} calls, {RATE}/s, each {stays / 1000:.0f} s: notice, reference, queue")
                before = running.signalling_seconds()
                asked = calls(scratch / "whole", port, count=count, rate=RATE, stays_ms=stays)
                cpu_ms = (running.signalling_seconds() - before) * 1000 / count
                in_queue = all_queued(company, count)
                say(f"  served {asked.served:,}, in the queue {in_queue:,}; answered p50 {asked.share(0.5):.1f} ms")
                first = at_rest(running)
                say(f"{short:,} short calls, {RATE}/s")
                shown, began = Progress("short calls", short), time.monotonic()
                brief = calls(
                    scratch / "short",
                    port,
                    count=short,
                    rate=RATE,
                    stays_ms=_SHORT_MS,
                    watch=lambda: shown.at(min(int((time.monotonic() - began) * RATE), short)),
                )
                last = at_rest(running)
        grown = {name: last[name].resident - first[name].resident for name in first}
        result(
            bench="setup",
            ours=asked.share(0.99),
            peer=PROMISED_ANSWER_MS,
            unit="ms to answer, p99 (the peer is the promise)",
            holds=count >= PROMISED_CALLS
            and asked.served == in_queue == count
            and brief.served == short
            and asked.share(0.99) <= PROMISED_ANSWER_MS
            and cpu_ms <= PROMISED_CPU_MS
            and max(grown.values()) <= PROMISED_GROWTH_MB,
            rows=count,
            served=asked.served,
            in_queue=in_queue,
            answer_p50_ms=round(asked.share(0.5), 1),
            cpu_ms_a_call=round(cpu_ms, 2),
            short_calls=brief.served,
            short_answer_p99_ms=round(brief.share(0.99), 1),
            grown_mb={name: round(more, 1) for name, more in grown.items()},
            resident_mb={name: [round(first[name].resident, 1), round(last[name].resident, 1)] for name in first},
            share_mb={name: [round(first[name].share, 1), round(last[name].share, 1)] for name in first},
        )
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def at_rest(running: Exchange) -> dict[str, Memory]:
    """The memory of each process, when all calls are forgotten."""
    time.sleep(_FORGOTTEN_SECONDS)
    found = running.memory()
    told = (f"{name} {held.resident:.1f} MB, its share {held.share:.1f}" for name, held in found.items())
    say("  at rest: " + "; ".join(told))
    return found


def all_queued(company: Company, count: int) -> int:
    """As `queued`, as soon as it is all of them: the switchboard writes after the fact."""
    deadline = time.monotonic() + _WRITTEN_SECONDS
    while (found := queued(company)) < count and time.monotonic() < deadline:
        time.sleep(0.5)
    return found


def queued(company: Company) -> int:
    """Calls that came as far as a queue, by the rows the switchboard wrote."""
    from django.db import connection  # noqa: PLC0415

    from trustdesk.isolation.api import scoped  # noqa: PLC0415

    with scoped(company.context().scope), connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT call_id) FROM switchboard_wait")
        (found,) = cursor.fetchone()
    return int(found)


if __name__ == "__main__":
    main()
