"""The edge's side of the browsers' process: `Browsers`, started when the first one comes and again after it died."""

import asyncio
import itertools
import socket
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Final, Self

from trustdesk.kernel.errors import BadInputError, ConflictError, TrustdeskError
from trustdesk.sipedge.media.contracts import Law, Place
from trustdesk.sipedge.webrtc.contracts import Agreed, BrowserEvent, NoPortError, Servers
from trustdesk.sipedge.webrtc.offer import check_text
from trustdesk.sipedge.webrtc.words import LONGEST_LINE, SAID, Answered, Attach, Detach, Redirect, Refused, State, line

ANSWER_SECONDS: Final = 15.0  # a STUN or TURN server that is silent takes five of them
_ERRORS: Final[dict[str, type[TrustdeskError]]] = {
    error.code: error for error in (BadInputError, ConflictError, NoPortError)
}


class _Running:
    """One life of the process: its socket, and who waits for an answer."""

    def __init__(self, process: Process, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.process, self.reader, self.writer = process, reader, writer
        self.waiting: dict[int, asyncio.Future[Answered]] = {}
        self.attached: set[str] = set()
        self.listening: asyncio.Task[None] | None = None

    async def end(self) -> None:
        """Close our end, upon which it closes its legs and ends; killed where it does not."""
        self.writer.close()
        try:
            await asyncio.wait_for(self.process.wait(), 3)
        except TimeoutError:
            self.process.kill()
            await self.process.wait()
        if self.listening is not None:
            await self.listening


class BrowserProcess:
    """`Browsers` over a process of their own. When that dies, each of its browsers is `gone` and ConnectionError is
    raised to whoever waits; the next `attach` starts it again.
    """

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._events: asyncio.Queue[BrowserEvent] = asyncio.Queue()
        self._starting = asyncio.Lock()
        self._running: _Running | None = None

    async def __aenter__(self) -> Self:
        await self._started()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def attach(self, attachment: str, offer: str, *, media: Place, servers: Servers) -> Agreed:
        check_text(offer)
        running = await self._started()
        asked = Attach(
            number=next(self._numbers),
            attachment=attachment,
            offer=offer,
            path=media.path,
            ports=servers.ports,
            advertised=servers.advertised,
            stun=tuple(servers.stun),
            turn=tuple(servers.turn),
        )
        running.attached.add(attachment)
        try:
            answered = await _ask(running, asked)
        except BaseException:
            running.attached.discard(attachment)
            raise
        return Agreed(answered.sdp, Law(answered.law), answered.keys_type)

    async def redirect(self, attachment: str, media: Place) -> None:
        if self._running is not None:
            await _ask(self._running, Redirect(number=next(self._numbers), attachment=attachment, path=media.path))

    async def detach(self, attachment: str) -> None:
        """Nothing more is told of it. One that is not there is no error: it may just have gone."""
        if self._running is not None:
            self._running.attached.discard(attachment)
            await _ask(self._running, Detach(number=next(self._numbers), attachment=attachment))

    async def events(self) -> AsyncIterator[BrowserEvent]:
        while True:
            yield await self._events.get()

    async def close(self) -> None:
        """End the process; its browsers are told by DTLS."""
        running, self._running = self._running, None
        if running is not None:
            await running.end()

    @property
    def pid(self) -> int:
        """The process's number, 0 where none runs: what a test kills and a measurement reads."""
        return self._running.process.pid if self._running is not None else 0

    async def _started(self) -> _Running:
        async with self._starting:
            if self._running is None:
                ours, theirs = socket.socketpair()
                with theirs:
                    process = await asyncio.create_subprocess_exec(
                        sys.executable,
                        "-m",
                        "trustdesk.sipedge.webrtc",
                        str(theirs.fileno()),
                        stdin=asyncio.subprocess.DEVNULL,
                        pass_fds=(theirs.fileno(),),
                    )
                reader, writer = await asyncio.open_unix_connection(sock=ours, limit=LONGEST_LINE)
                self._running = _Running(process, reader, writer)
                self._running.listening = asyncio.create_task(self._listen(self._running))
            return self._running

    async def _listen(self, running: _Running) -> None:
        with suppress(ConnectionError):
            while said := await running.reader.readline():
                self._hear(running, SAID.validate_json(said))
        if self._running is running:
            self._running = None
        for waiting in running.waiting.values():
            if not waiting.done():
                waiting.set_exception(ConnectionError("The process of the browsers ended."))
        for attachment in sorted(running.attached):
            self._events.put_nowait(BrowserEvent(attachment, "gone"))
        running.writer.close()
        await running.process.wait()

    def _hear(self, running: _Running, word: Answered | Refused | State) -> None:
        if isinstance(word, State):
            if word.attachment in running.attached:
                self._events.put_nowait(BrowserEvent(word.attachment, word.state))
            if word.state == "gone":
                running.attached.discard(word.attachment)
            return
        waiting = running.waiting.get(word.number)
        if waiting is None or waiting.done():
            return
        if isinstance(word, Answered):
            waiting.set_result(word)
        else:
            waiting.set_exception(_ERRORS.get(word.code, ConflictError)(word.message, place=word.place, mend=word.mend))


async def _ask(running: _Running, asked: Attach | Redirect | Detach) -> Answered:
    answer: asyncio.Future[Answered] = asyncio.get_running_loop().create_future()
    running.waiting[asked.number] = answer
    try:
        running.writer.write(line(asked))
        async with asyncio.timeout(ANSWER_SECONDS):
            return await answer
    except TimeoutError as error:
        raise ConnectionError("The process of the browsers does not answer.") from error
    finally:
        del running.waiting[asked.number]
