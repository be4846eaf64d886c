"""The switchboard: one process, one floor, two sockets. What happens is heard on the loop, at once and in order; what
needs the database is done in threads; what is to be written waits where the database is away.
"""

import asyncio
from collections.abc import Coroutine, Iterable, Sequence
from contextlib import AsyncExitStack, suppress
from datetime import datetime
from typing import Any

import structlog

from trustdesk.server.home import Home
from trustdesk.sipedge.api import LinkBrokenError, Talk, listen
from trustdesk.sipedge.contracts import Command, Connect, Done, Refusal, Requeue, Told, Written
from trustdesk.switchboard.contracts import Pause
from trustdesk.switchboard.doors import said_place
from trustdesk.switchboard.running.daytime import Daytime
from trustdesk.switchboard.running.edgeside import EdgeSide
from trustdesk.switchboard.running.floor import Commands, Floor
from trustdesk.switchboard.running.hearing import hear
from trustdesk.switchboard.running.houseside import HouseSide
from trustdesk.switchboard.running.loading import Loader
from trustdesk.switchboard.running.ticking import tick, wrapped_up
from trustdesk.switchboard.running.work import AWAY, House, Threads
from trustdesk.switchboard.running.writer import Writer

_EDGE_SECONDS = 8.0
_TICK_SECONDS = 0.5
_LOOK_SECONDS = 2.0
log = structlog.get_logger(__name__)


class Switchboard:
    """What the parts share: the floor, the threads, the link to the edge."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.key = home.secret("exchange.key")
        self.floor = Floor()
        self.floor.connected = False
        self.threads = Threads()
        self.house = House()
        self.writer = Writer(self.floor, self.threads, self.house, over=self.written_to_the_end)
        self.loader = Loader(self.floor, self.threads, self.house)
        self.edge: Talk | None = None
        self._daytime = Daytime()
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self, stop: asyncio.Event) -> None:
        """Until told to stop. A database that is away is waited for; until then nobody listens on the sockets, and the
        edge plays its apology.
        """
        await self.loader.load(stop)
        if stop.is_set():
            return
        edge, house = EdgeSide(self), HouseSide(self)
        async with AsyncExitStack() as stack:
            stack.callback(self.threads.close)
            for path, side in (("edge.sock", edge.connected), ("switchboard.sock", house.connected)):
                server = await listen(self.home.run / path, side)
                stack.callback(server.close)
            for forever in (self.writer.run(), self._tick(), self._look()):
                self.spawn(forever)
            log.info("switchboard-listens")
            await stop.wait()
            for task in list(self._tasks):
                task.cancel()
            with suppress(*AWAY):
                await self.writer.write()

    # -- to the edge ---------------------------------------------------------------------------------------------------

    async def ask_edge(self, command: Command) -> Done | Refusal:
        """What the edge says to it; a refusal where it is not there."""
        if self.edge is None:
            return Refusal(reason="edge-away")
        try:
            answer = await self.edge.ask(command, within=_EDGE_SECONDS)
        except (LinkBrokenError, TimeoutError):
            return Refusal(reason="edge-away")
        return answer if isinstance(answer, Done | Refusal) else Refusal(reason="edge-fault")

    def obey(self, commands: Iterable[Command]) -> None:
        """Have them carried out, in this order; and have written what changed."""
        for command in commands:
            self.spawn(self._carry_out(command))
        self.writer.wake()

    async def _carry_out(self, command: Command) -> None:
        answer = await self.ask_edge(command)
        if isinstance(answer, Refusal):
            log.info("edge-refused", command=type(command).__name__, reason=answer.reason)
            self._refused(command, answer.reason)

    def _refused(self, command: Command, reason: str) -> None:
        call = self.floor.calls.get(getattr(command, "call", 0))
        if call is None:
            return
        now = self.now()
        if isinstance(command, Connect) and call.offered == command.agent.operator:
            # "not-waiting": the caller is just going; the agent is not to blame.
            blameless = reason in {"not-waiting", "edge-away", "LookupError"}
            commands = (
                self.floor.release_offered(call, now) if blameless else self.floor.not_taken(call, Pause.LOST, now)
            )
            self.obey(commands)
        elif isinstance(command, Requeue):
            call.leaving = ""

    # -- from everywhere -----------------------------------------------------------------------------------------------

    def now(self) -> datetime:
        """The time of day as the floor goes by it; where it was set meanwhile, the floor is moved along."""
        now, by = self._daytime.now()
        if by:
            log.warning("clock-was-set", seconds=round(by.total_seconds()))
            self.floor.move(by)
            self.writer.wake()
        return now

    def hear(self, told: Told) -> Commands:
        """Something happened in a call: not before it began, and not later than now, whatever the clock was then.

        Before the edge has said how things stand nothing is commanded: what it tells is long ago. That is given back
        instead.
        """
        now, call = self.now(), self.floor.calls.get(told.call)
        at = min(max(told.at, call.began_at), now) if call is not None else told.at
        commands = hear(self.floor, told if at == told.at else told.model_copy(update={"at": at}))
        self.obey(commands if self.floor.connected else ())
        return commands

    def written_to_the_end(self, calls: Sequence[int]) -> None:
        """These have ended, and stand so in the tables: the edge need not tell of them any more."""
        for call in calls:
            if call in self.floor.gone:
                self.floor.gone[call].stands = True
        if self.edge is not None:
            self.spawn(self._carry_out(Written(calls=tuple(calls))))

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Beside everything else; a fault of it is said in the log."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("switchboard-fault", exc_info=task.exception())

    # -- in time -------------------------------------------------------------------------------------------------------

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(_TICK_SECONDS)
            try:
                self.obey(tick(self.floor, self.now(), said_place))
            except Exception:
                log.exception("tick-failed")  # the next one may be well, and calls go on

    async def _release(self, operators: Iterable[int]) -> None:
        """Ready again, who has nothing left to write down; asked every time, since it may be written at any time."""
        for operator in operators:
            agent = self.floor.agents.get(operator)
            if agent is None:
                continue
            call = agent.call
            pending = await self.threads.run(self.loader.pending, agent.controller, operator)
            if not pending and agent.call == call and agent.wrap_up_until is not None:
                now = self.now()
                self.floor.rest(agent, now)
                self.obey(self.floor.distribute(now))

    async def _look(self) -> None:
        """Who has written down what came of a call; whether somebody changed the settings."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            try:
                await self._release(wrapped_up(self.floor, self.now()))
                if await self.loader.changed():
                    await self.reload()
            except AWAY:
                log.warning("switchboard-waits-for-database")
            except Exception:
                log.exception("look-failed")

    async def reload(self) -> None:
        """Settings anew, for the floor and for the edge."""
        await self.loader.settings()
        self.obey(self.floor.distribute(self.now()))
        if self.edge is not None:
            self.obey([await self.threads.run(self.loader.config)])
