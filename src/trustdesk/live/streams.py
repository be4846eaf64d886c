"""One connection of the process listens, whatever the number of open pages."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from contextlib import asynccontextmanager
from weakref import WeakKeyDictionary

import psycopg
import structlog
from django.conf import settings
from psycopg.conninfo import make_conninfo

from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.live.contracts import Thing
from trustdesk.live.farewell import Farewell
from trustdesk.live.words import CHANNEL, changed, ends_of

ALIVE_SECONDS = 15.0  # proxies give a silent answer up after a minute, browsers never notice a dead one
REST_SECONDS = 0.2  # a burst of changes is one
# Of an external server that vanished without a word one hears nothing: ask every ten seconds.
_KEEPALIVES = {"keepalives_idle": 10, "keepalives_interval": 10, "keepalives_count": 3, "connect_timeout": 5}

_log = structlog.get_logger(__name__)


class Stream:
    """What one page waits for, and what ends its waiting."""

    def __init__(self, things: Iterable[Thing], context: AccessContext) -> None:
        self._things = {changed(context.controller_id, thing): thing for thing in things}
        self._ends = ends_of(context)
        self._changed: set[Thing] = set()
        self.ended = False
        self.woken = asyncio.Event()

    def hear(self, said: str) -> None:
        if said in self._ends:
            self.end()
        elif said in self._things:
            self._changed.add(self._things[said])
            self.woken.set()

    def doubt(self) -> None:
        """Everything may have changed before one listened."""
        self._changed.update(self._things.values())
        self.woken.set()

    def end(self) -> None:
        self.ended = True
        self.woken.set()

    def take(self) -> set[Thing]:
        """What changed since the last time."""
        taken, self._changed = self._changed, set()
        self.woken.clear()
        return taken


class Ear:
    """The process's listening connection, as long as there are streams. Ends all of them when it can't hear."""

    def __init__(self) -> None:
        self.streams: set[Stream] = set()
        self.deaf = False
        self._open = False
        self._farewell = Farewell(self._end_all)
        self._task = asyncio.create_task(self._listen())

    def add(self, stream: Stream) -> None:
        self.streams.add(stream)
        if self._open:
            stream.doubt()

    async def close(self) -> None:
        self._farewell.restore()
        self._task.cancel()
        await asyncio.wait([self._task])

    async def _listen(self) -> None:
        try:
            place = make_conninfo(settings.TRUSTDESK_CONNINFO["app"], **_KEEPALIVES)
            async with await psycopg.AsyncConnection.connect(place, autocommit=True) as connection:
                await connection.execute(f"LISTEN {CHANNEL}")
                self._open = True
                for stream in self.streams:
                    stream.doubt()
                async for told in connection.notifies():
                    for stream in tuple(self.streams):
                        stream.hear(told.payload)
        except psycopg.Error:
            _log.warning("live.deaf", exc_info=True)
        finally:
            self.deaf = True
            self._end_all()

    def _end_all(self) -> None:
        for stream in tuple(self.streams):
            stream.end()


_ears: "WeakKeyDictionary[asyncio.AbstractEventLoop, Ear]" = WeakKeyDictionary()


@asynccontextmanager
async def _hearing(stream: Stream) -> AsyncIterator[None]:
    loop = asyncio.get_running_loop()
    ear = _ears.get(loop)
    if ear is None or ear.deaf:
        ear = _ears[loop] = Ear()
    ear.add(stream)
    try:
        yield
    finally:
        ear.streams.discard(stream)
        if not ear.streams:
            if _ears.get(loop) is ear:
                del _ears[loop]
            await ear.close()


async def changes(context: AccessContext, things: Iterable[Thing]) -> AsyncGenerator[Thing | None]:
    """Which of the things changed, as it happens; all of them at first, since one could have missed a change before.

    None is a sign of life, after 15 seconds without a change. Ends with the context's ten minutes, at once with its
    session, seat, mandate or operator, when the server is asked to end, and when the database can't be listened to.
    Whoever still may comes back through the door. Holds no connection to the database: one listens for the process.
    """
    stream = Stream(things, context)
    async with _hearing(stream):
        while not stream.ended:
            left = (context.expires_at - clock.now()).total_seconds()
            if left <= 0:
                return
            try:
                async with asyncio.timeout(min(left, ALIVE_SECONDS)):
                    await stream.woken.wait()
            except TimeoutError:
                yield None
                continue
            for thing in stream.take():
                yield thing
            await asyncio.sleep(REST_SECONDS)
