"""The promise: from the edge's word that a caller waits to the caller's card, read by whoever it rings at, p99 at most
300 ms at a million customers.

Ours: the switchboard in its own process, a small edge on its socket, and an agent's page as the server sees it: it is
told over LISTEN that the agent's presence changed, asks for its call, and opens the card of the customer whose number
it is. The browser's own part (one request, one swap) is not in it. Peer: the promise itself; what the two steps take
apart stands beside it.
"""

import asyncio
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from itertools import islice
from queue import Empty, Queue
from statistics import quantiles
from typing import TYPE_CHECKING

from benchmarks._company import Company, owner_runs
from benchmarks._house import Progress, house, result, say, size
from benchmarks._people import people

if TYPE_CHECKING:
    from trustdesk.kernel.context import AccessContext
    from trustdesk.server.home import Home

PROMISED_ROWS, PROMISED_MS = 1_000_000, 300.0
CHUNK = 5_000
CALLS, WARM = 200, 20
LINE, QUEUE = "+358942420000", "service"
TABLES = ("register_token", "register_joint_token", "register_customer", "register_value", "vault_data_key")
_PATIENCE = 20.0


def main() -> None:
    rows = size(PROMISED_ROWS)
    with house(demo="true") as home:
        company = Company("Bench", "FI")
        numbers = _fill(company, rows)
        context = _agent(company)
        with _switchboard(home):
            pops, offered = _measure(home, context, numbers)
    p99 = quantiles(pops, n=100)[98]
    result(
        bench="pop",
        ours=p99,
        peer=PROMISED_MS,
        unit="ms p99",
        holds=rows >= PROMISED_ROWS and p99 <= PROMISED_MS,
        rows=rows,
        p50=round(quantiles(pops, n=100)[49], 2),
        told_p99=round(quantiles(offered, n=100)[98], 2),
        calls=len(pops),
    )


def _fill(company: Company, rows: int) -> list[str]:
    """So many customers; some of their numbers."""
    chance, stream, shown = random.Random(7), people(rows), Progress("filling", rows)
    numbers: list[str] = []
    done = 0
    while chunk := list(islice(stream, CHUNK)):
        company.add(chunk)
        numbers += [person.phone for person in chance.sample(chunk, min(len(chunk), 50))]
        done += len(chunk)
        shown.at(done)
    say("  vacuum and analyze")
    owner_runs(*(f"VACUUM ANALYZE {table}" for table in TABLES))
    return chance.choices(numbers, k=CALLS + WARM)


def _agent(company: Company) -> "AccessContext":
    """A queue, a number that leads to it, and one agent with a phone who answers it."""
    from trustdesk.accounts.api import provision_for_demo  # noqa: PLC0415  # after django.setup()
    from trustdesk.mandates import api as mandates  # noqa: PLC0415
    from trustdesk.telephony import api as telephony  # noqa: PLC0415
    from trustdesk.telephony.contracts import NewNumber, NewQueue  # noqa: PLC0415

    now, house = datetime.now(UTC), company.context()
    operator = provision_for_demo(
        email="agent@example.test",
        name="Agent",
        language="en",
        password="a long one for the bench",  # noqa: S106
        totp_secret="",
        installation_roles=(),
        now=now,
    )
    mandates.give_seat(
        controller_id=company.controller_id,
        mandate_id=house.mandate_id,
        operator_id=operator,
        role="agent",
        purposes=["service"],
        starts_at=now - timedelta(minutes=1),
        ends_at=None,
        by=None,
        now=now,
    )
    week = [[(clock_time(0), clock_time(0))]] * 7
    new = NewQueue(code=QUEUE, names={"en": "Service"}, week=week, time_zone="Europe/Helsinki", country="FI")
    telephony.save_queue(house, new=new, now=now)
    number = NewNumber(
        e164=LINE, queue=QUEUE, language="fi", country="FI", label="Bench", purposes={"en": "Customer service"}
    )
    telephony.save_number(house, new=number, now=now)
    telephony.set_skill(house, operator_id=operator, queue=QUEUE, level=50, now=now)
    return mandates.enter(
        operator,
        "bench",
        controller_id=company.controller_id,
        mandate_id=house.mandate_id,
        purpose="service",
        now=now,
    )


@contextmanager
def _switchboard(home: "Home") -> Iterator[None]:
    process = subprocess.Popen([sys.executable, "-m", "trustdesk.cli.switchboard"], env=dict(os.environ))
    try:
        deadline = time.monotonic() + 60
        while not (home.run / "switchboard.sock").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(20)


class _Edge:
    """What the edge says: a browser that is there, calls that come and wait and go."""

    def __init__(self, home: "Home") -> None:
        from trustdesk.sipedge.contracts import Attach, Done, Registered, Snapshot  # noqa: PLC0415
        from trustdesk.sipedge.link.client import Client  # noqa: PLC0415

        self.loop = asyncio.new_event_loop()
        self._client = Client(home.run / "edge.sock", home.secret("exchange.key"))
        self.there = Registered(phones=(), attachments=(), trunks=(1,))

        async def carry_out(command: object) -> Done:
            if isinstance(command, Attach):
                self.there = Registered(phones=(), attachments=(command.attachment,), trunks=(1,))
                self.loop.call_soon(self._client.tell, self.there)
            return Done(text="answer")

        self._client.carry_out = carry_out
        self._client.snapshot = lambda: Snapshot(calls=(), reachable=self.there)
        threading.Thread(target=self.loop.run_forever, daemon=True).start()
        asyncio.run_coroutine_threadsafe(self._client.run(), self.loop)
        time.sleep(1)

    def rings(self, caller: str) -> int:
        from trustdesk.sipedge.contracts import Plan, PlanFor  # noqa: PLC0415

        asked = PlanFor(trunk=1, number=LINE, caller=caller, at=datetime.now(UTC))
        plan = asyncio.run_coroutine_threadsafe(self._client.ask(asked), self.loop).result(_PATIENCE)
        assert isinstance(plan, Plan), plan
        return plan.call

    def tell(self, what: str, call: int, **words: object) -> None:
        from trustdesk.sipedge.contracts import Happened, Told  # noqa: PLC0415

        told = Told.model_validate({"happened": Happened(what), "call": call, "at": datetime.now(UTC), **words})
        self.loop.call_soon_threadsafe(self._client.tell, told)


def _measure(home: "Home", context: "AccessContext", numbers: Sequence[str]) -> tuple[list[float], list[float]]:
    from trustdesk.register.api import card  # noqa: PLC0415
    from trustdesk.switchboard import api  # noqa: PLC0415
    from trustdesk.switchboard.contracts import Presence  # noqa: PLC0415

    edge, told = _Edge(home), _listening(context)
    api.attach(context, offer="offer")
    time.sleep(0.5)
    api.set_presence(context, state=Presence.READY)
    pops: list[float] = []
    offered: list[float] = []
    shown = Progress("calls", len(numbers))
    for done, caller in enumerate(numbers, 1):
        call = edge.rings(caller)
        time.sleep(0.3)  # the notice is heard meanwhile; what the last call changed has been told
        _drain(told)
        began = time.perf_counter()
        edge.tell("queued", call, queue=QUEUE)
        while True:
            told.get(timeout=_PATIENCE)
            view = api.my_call(context)
            if view is not None and view.call_id == call:
                break
        rung = time.perf_counter()
        assert view.matches, "the caller's number is on file"
        card(context, view.matches[0], now=datetime.now(UTC))
        if done > WARM:
            pops.append((time.perf_counter() - began) * 1000)
            offered.append((rung - began) * 1000)
        edge.tell("ended", call, reason="hung-up")
        shown.at(done)
    return pops, offered


def _listening(context: "AccessContext") -> "Queue[object]":
    """What an open page is told."""
    from trustdesk.live.api import changes  # noqa: PLC0415
    from trustdesk.live.contracts import Thing  # noqa: PLC0415
    from trustdesk.switchboard.contracts import PRESENCE  # noqa: PLC0415

    heard: Queue[object] = Queue()

    async def listen() -> None:
        async for thing in changes(context, [Thing(PRESENCE, context.operator_id)]):
            if thing is not None:
                heard.put(thing)

    loop = asyncio.new_event_loop()
    threading.Thread(target=lambda: loop.run_until_complete(listen()), daemon=True).start()
    heard.get(timeout=_PATIENCE)
    return heard


def _drain(told: "Queue[object]") -> None:
    while True:
        try:
            told.get_nowait()
        except Empty:
            return


if __name__ == "__main__":
    main()
