"""What happened is written in order. Where the database is away it waits, and calls go on meanwhile."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress

import structlog
from django.db import DatabaseError

from trustdesk.kernel import clock
from trustdesk.kernel.errors import TrustdeskError
from trustdesk.switchboard.contracts import CallState
from trustdesk.switchboard.running.acts import Act
from trustdesk.switchboard.running.floor import Floor
from trustdesk.switchboard.running.people import Agent, Call
from trustdesk.switchboard.running.work import AWAY, House, Threads
from trustdesk.switchboard.services import rows
from trustdesk.switchboard.services.images import Image, image_of, image_of_agent

_PAUSE_SECONDS = 1.0
_GATHERED_SECONDS = 0.1
"""What changes in a tenth of a second after a transaction is the next one: a rush of calls would make sixty of it."""
log = structlog.get_logger(__name__)


class Writer:
    """One batch at a time: what changed meanwhile is the next one."""

    def __init__(self, floor: Floor, threads: Threads, house: House, *, over: Callable[[Sequence[int]], None]) -> None:
        """`over` hears which calls stand in the tables with their end."""
        self._floor = floor
        self._threads = threads
        self._house = house
        self._over = over
        self._woken = asyncio.Event()
        self._awaited = asyncio.Event()
        self._who_wait: list[asyncio.Future[None]] = []
        self._rested_at = 0.0  # on the loop's clock: until then changes are gathered
        self._one_at_a_time = threading.Lock()
        self._waiting: list[Act] = []  # acts of rooms below, in order

    def wake(self) -> None:
        """Something changed. Where it has to ring at somebody, their page is told at once: a caller listens to that."""
        if self._floor.has_to_ring:
            self._awaited.set()
        self._woken.set()

    async def written(self) -> None:
        """Until what has changed so far stands in the tables, at once; a database that is away is waited for."""
        stands = asyncio.get_running_loop().create_future()
        self._who_wait.append(stands)
        self._awaited.set()
        self._woken.set()
        await stands

    async def run(self) -> None:
        """For ever."""
        while True:
            await self._woken.wait()
            await self._gather()
            self._woken.clear()
            self._awaited.clear()
            who, self._who_wait = self._who_wait, []
            try:
                await self.write()
            except AWAY:
                log.warning("switchboard-waits-for-database")
                self._who_wait += who
                self.wake()
                await asyncio.sleep(_PAUSE_SECONDS)
                continue
            for stands in who:
                if not stands.done():  # whoever waited may have given up
                    stands.set_result(None)

    async def _gather(self) -> None:
        """What comes after a quiet time is written at once, what follows it soon is gathered."""
        with suppress(TimeoutError):
            async with asyncio.timeout_at(self._rested_at):
                await self._awaited.wait()

    async def write(self) -> None:
        """All that changed, now. Raises where the database is away; then nothing is forgotten.

        Acts before rows: a call whose end is in the tables is over in every room. Killed in between, the edge tells it
        once more, and that changes nothing.
        """
        calls, agents, done = self._floor.changed()
        self._waiting += [act for act in done if isinstance(act, rows.ELSEWHERE)]
        own = [act for act in done if not isinstance(act, rows.ELSEWHERE)]
        left = {call.controller for call in calls} | {agent.controller for agent in agents}
        left |= {act.controller for act in own}
        if left or self._waiting:
            self._rested_at = asyncio.get_running_loop().time() + _GATHERED_SECONDS
        try:
            if self._waiting:
                await self._threads.run(self._carry_out)
            while left:
                controller = next(iter(left))
                await self._write_one(
                    controller,
                    [call for call in calls if call.controller == controller],
                    [agent for agent in agents if agent.controller == controller],
                    [act for act in own if act.controller == controller],
                )
                left.discard(controller)
        except AWAY:
            self._floor.put_back(
                [call for call in calls if call.controller in left],
                [agent for agent in agents if agent.controller in left],
                [act for act in own if act.controller in left],
            )
            raise
        if ended := [call.id for call in calls if call.state is CallState.ENDED]:
            self._over(ended)

    async def _write_one(
        self, controller: int, calls: Sequence[Call], agents: Sequence[Agent], done: Sequence[Act]
    ) -> None:
        images: tuple[list[Image], list[Image]] = (
            [image_of(call) for call in calls],
            [image_of_agent(agent) for agent in agents],
        )
        try:
            await self._threads.run(self._write_in_thread, controller, images, done)
        except TrustdeskError as fault:
            # The company's own mandate has ended: nothing of it can be written any more.
            log.warning("switchboard-may-not-write", controller=controller, code=fault.code)
        except AWAY:
            raise
        except DatabaseError:
            # What the database refuses, as rows of a company whose mandate ended a moment ago, it refuses for good.
            log.exception("switchboard-row-refused", controller=controller)
            self._house.forget()

    def _write_in_thread(self, controller: int, images: tuple[list[Image], list[Image]], done: Sequence[Act]) -> None:
        rows.write(self._house.context(controller, now=clock.now()), *images, done)

    def _carry_out(self) -> None:
        """In a thread, while the loop waits for it: each is forgotten when it is done, or when it never will be."""
        with self._one_at_a_time:  # the last batch of a process that stops, beside one that is not done yet
            while self._waiting:
                act = self._waiting[0]
                try:
                    self._act(act)
                except AWAY:
                    raise
                except DatabaseError:
                    log.exception("switchboard-act-refused", act=type(act).__name__)
                self._waiting.pop(0)

    def _act(self, act: Act) -> None:
        now = clock.now()
        try:
            context = self._house.context(act.controller, now=now)
        except TrustdeskError as fault:
            log.warning("switchboard-may-not-write", controller=act.controller, code=fault.code)
            return
        rows.carry_out(context, act, now=now)
