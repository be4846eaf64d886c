"""The switchboard in a process of its own, and a small edge that speaks the words of the link with it."""

import asyncio
import itertools
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import time as clock_time
from datetime import timedelta
from typing import TypeVar

from django.conf import settings
from django.db import connection

from tests.surfaces import newcomer
from tests.telephoning import notice, number
from tests.telephoning import queue as new_queue
from tests.world import Person, World
from trustdesk.announcements import api as announcements
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.mandates.api import ControllerView
from trustdesk.server.cluster import Cluster
from trustdesk.sipedge.contracts import (
    Ask,
    Attach,
    CallNow,
    Command,
    Config,
    Done,
    Happened,
    Overhear,
    Plan,
    PlanFor,
    Refusal,
    Registered,
    Snapshot,
    Told,
)
from trustdesk.sipedge.link.client import Client
from trustdesk.sipedge.link.contracts import Answer
from trustdesk.switchboard import api
from trustdesk.switchboard.contracts import CallView, Presence
from trustdesk.telephony import api as telephony

DAYS = [[(clock_time(0), clock_time(0))]] * 7  # open round the clock
PATIENCE = 60.0  # only what never comes takes so long
C = TypeVar("C", bound=Command)
T = TypeVar("T")
_lines = itertools.count(555_100)


def until(found: Callable[[], T | None], *, seconds: float = PATIENCE) -> T:
    """What is found, as soon as it is there; AssertionError where it never is."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        value = found()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError("it never came")


@contextmanager
def no_database(cluster: Cluster) -> Iterator[None]:
    """Nobody is let in, and who was is put out."""
    connection.close()
    with cluster.connect() as mighty:
        mighty.execute("ALTER DATABASE trustdesk ALLOW_CONNECTIONS false")
        try:
            mighty.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'trustdesk'")
            yield
        finally:
            mighty.execute("ALTER DATABASE trustdesk ALLOW_CONNECTIONS true")
    until(_healed)


def _healed() -> bool:
    """The run's own connections were cut too."""
    try:
        connection.close()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception:  # noqa: BLE001 - whatever the broken pool says
        return False
    return True


def over(context: AccessContext, call: int) -> CallView:
    """The call, as soon as it has ended."""
    until(lambda: api.call(context, call).ended_at)
    return api.call(context, call)


class Edge:
    """What the edge says and is told. It connects again by itself, as the real one does: with its own client."""

    def __init__(self) -> None:
        self.calls: dict[int, CallNow] = {}
        self.phones: tuple[str, ...] = ()
        self.attachments: tuple[str, ...] = ()
        self.refuses: dict[type, str] = {}
        self.commands: queue.Queue[Command] = queue.Queue()
        self.config: Config | None = None
        self.configured = 0
        self.ahead = timedelta()  # of the true time: a machine has one clock, which may be set
        self._loop = asyncio.new_event_loop()
        home = settings.TRUSTDESK_HOME
        self._client = Client(home.run / "edge.sock", home.secret("exchange.key"))
        self._client.carry_out = self._carry_out
        self._client.snapshot = self.snapshot
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._running = asyncio.run_coroutine_threadsafe(self._client.run(), self._loop)
        until(lambda: self.config)

    def snapshot(self) -> Snapshot:
        return Snapshot(calls=tuple(self.calls.values()), reachable=self._reachable())

    def ask(self, word: Ask) -> Answer:
        return asyncio.run_coroutine_threadsafe(self._client.ask(word), self._loop).result(PATIENCE)

    def _plan(self, line: str, caller: str) -> Plan | None:
        """None where the switchboard had no time: on a busy machine a caller would have heard the apology."""
        plan = self.ask(PlanFor(trunk=1, number=line, caller=caller, at=clock.now() + self.ahead))
        if isinstance(plan, Refusal) and plan.reason == "unavailable":
            return None
        assert isinstance(plan, Plan), plan
        return plan

    def rings(self, line: str, caller: str = "+36301112233") -> Plan:
        """A call comes in."""
        plan = until(lambda: self._plan(line, caller))
        self.calls[plan.call] = CallNow(call=plan.call, controller=plan.controller, since=clock.now(), place="plan")
        return plan

    def waits(self, line: str, code: str, caller: str = "+36301112233") -> int:
        """A call comes in, hears everything, and waits."""
        plan = self.rings(line, caller)
        self.place(plan.call, "waiting", queue=code)
        self.tell(Happened.QUEUED, plan.call, queue=code)
        return plan.call

    def speaks(self, call: int, operator: int) -> None:
        self.place(call, "talking", operators=(operator,))
        self.tell(Happened.JOINED, call, operator=operator, role="agent", leg=f"{call:x}.2")

    def ends(self, call: int, reason: str = "hung-up", status: int = 200) -> None:
        for operator in self.calls.pop(call).operators:
            self.tell(Happened.LEFT, call, operator=operator, role="agent", reason=reason)
        self.tell(Happened.ENDED, call, reason=reason, status=status)

    def snapshot_of(self, call: int, controller: int) -> CallNow:
        """A call out that was answered."""
        return CallNow(call=call, controller=controller, since=clock.now(), place="ringing")

    def place(self, call: int, place: str, **more: object) -> None:
        self.calls[call] = self.calls[call].model_copy(update={"place": place, **more})

    def tell(self, happened: Happened, call: int, **words: object) -> None:
        told = Told(happened=happened, call=call, at=clock.now() + self.ahead, **words)  # type: ignore[arg-type]
        self._loop.call_soon_threadsafe(self._client.tell, told)

    def reach(self, *, phones: Sequence[str] | None = None, attachments: Sequence[str] | None = None) -> None:
        """These can be rung from now on."""
        self.phones = self.phones if phones is None else tuple(phones)
        self.attachments = self.attachments if attachments is None else tuple(attachments)
        self._loop.call_soon_threadsafe(self._client.tell, self._reachable())

    def commanded(self, kind: type[C]) -> C:
        """The next command of this kind; those before it are passed over."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            with suppress(queue.Empty):
                command = self.commands.get(timeout=0.1)
                if isinstance(command, kind):
                    return command
        raise AssertionError(f"no {kind.__name__} came")

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(PATIENCE)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end(self) -> None:
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await asyncio.sleep(0.05)  # the transports close

    async def _carry_out(self, command: Command) -> Done | Refusal:
        if isinstance(command, Config):
            self.config = command
            self.configured += 1
            return Done()
        self.commands.put(command)
        if type(command) in self.refuses:
            return Refusal(reason=self.refuses[type(command)])
        if isinstance(command, Overhear) and not command.on:
            self._client.tell(
                Told(
                    happened=Happened.OVERHEARING_ENDED,
                    call=command.call,
                    at=clock.now(),
                    operator=int(command.attachment.split("-")[0]),
                )
            )
        return Done(text="v=0 answer") if isinstance(command, Attach) else Done()

    def _reachable(self) -> Registered:
        return Registered(phones=self.phones, attachments=self.attachments, trunks=(1,))


class Process:
    """`python -m trustdesk.cli.switchboard`, on the run's home."""

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        self._environment = environment or {}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        run = settings.TRUSTDESK_HOME.run
        with suppress(FileNotFoundError):
            (run / "switchboard.sock").unlink()
        self._process = subprocess.Popen(
            # It ends with the run, also where nobody is left to end it.
            ["setpriv", "--pdeathsig", "KILL", sys.executable, "-m", "trustdesk.cli.switchboard"],
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "trustdesk.settings.test", **self._environment},
            stderr=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        until((run / "switchboard.sock").exists, seconds=90)

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def start_again(self, edge: Edge) -> None:
        """And the edge has found it."""
        before = edge.configured
        self.start()
        until(lambda: edge.configured > before)

    def stop(self) -> bytes:
        """What it said in its log."""
        return self._end(signal.SIGTERM)

    def _end(self, number: int) -> bytes:
        if self._process is None:
            return b""
        process, self._process = self._process, None
        process.send_signal(number)
        try:
            out, err = process.communicate(timeout=60)
        finally:
            process.kill()
        return out + err


@dataclass
class Room:
    """A company that can be called, its agents, the switchboard and an edge."""

    world: World
    company: ControllerView
    edge: Edge
    process: Process
    code: str
    line: str
    agents: dict[str, Person] = field(default_factory=dict)

    def house(self) -> AccessContext:
        return self.world.system(self.company, "service")

    def agent(self, name: str = "anna", *, skill: int = 50, role: str = "agent") -> Person:
        """An operator with a skill for the queue."""
        person = self.agents[name] = newcomer(self.world, self.company, role)
        if skill:
            telephony.set_skill(self.house(), operator_id=person.id, queue=self.code, level=skill, now=clock.now())
            api.settings_changed()
        return person

    def context(self, person: Person) -> AccessContext:
        return self.world.context(person, self.company)

    def attached(self, person: Person) -> AccessContext:
        """The operator's browser is there."""
        context = self.context(person)
        assert api.attach(context, offer="v=0 offer") == "v=0 answer"
        attachment = self.edge.commanded(Attach).attachment
        self.edge.reach(attachments=[*self.edge.attachments, attachment])
        until(lambda: (api.my_presence(context) or _NOBODY).reachable)
        return context

    def ready(self, person: Person) -> AccessContext:
        context = self.attached(person)
        api.set_presence(context, state=Presence.READY)
        return context


class _Nobody:
    reachable = False


_NOBODY = _Nobody()


@contextmanager
def exchange(world: World, *, environment: Mapping[str, str] | None = None, **more: object) -> Iterator[Room]:
    """A queue and a number of the southern company, with the switchboard and an edge on them."""
    now, digits = clock.now(), next(_lines)
    code, line = f"q{digits}", f"+3662{digits}"
    house = world.system(world.south, "service")
    telephony.save_queue(house, new=new_queue(code, week=DAYS, **more), now=now)
    if announcements.notice(house, "main", "hu", now=now) is None:
        announcements.save_notice(house, new=notice(), now=now)
    telephony.save_number(house, new=number(line, queue=code), now=now)
    process = Process(environment)
    try:
        process.start()
        room = Room(world, world.south, Edge(), process, code, line)
        try:
            yield room
        finally:
            room.edge.close()
    finally:
        process.stop()
