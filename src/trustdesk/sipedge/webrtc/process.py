"""The process of the browsers: answers what the edge asks, tells what happens, and ends when the edge does."""

import asyncio
import socket
from datetime import UTC, datetime

from trustdesk.kernel.errors import ConflictError, TrustdeskError
from trustdesk.seal import api as seal
from trustdesk.sipedge.media.contracts import Place
from trustdesk.sipedge.webrtc.contracts import Servers
from trustdesk.sipedge.webrtc.dtls import new_context
from trustdesk.sipedge.webrtc.leg import Leg
from trustdesk.sipedge.webrtc.offer import read_offer
from trustdesk.sipedge.webrtc.ports import Ports
from trustdesk.sipedge.webrtc.words import ASKED, LONGEST_LINE, Answered, Attach, Detach, Redirect, Refused, State, line
from trustdesk.sipedge.words.word import Word


class Process:
    """All legs of one edge, under one certificate that lives as long as this process."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self._identity = seal.new_identity(now=datetime.now(UTC))
        self._context = new_context(self._identity)
        self._ports = Ports()
        self._legs: dict[str, Leg] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def read(self, reader: asyncio.StreamReader) -> None:
        """Until the edge closes its end. A slow answer (a STUN server) holds up nobody else."""
        while said := await reader.readline():
            task = asyncio.create_task(self._answer(ASKED.validate_json(said)))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        await asyncio.gather(*(leg.close() for leg in self._legs.values()))

    async def _answer(self, asked: Attach | Redirect | Detach) -> None:
        try:
            self._say(await self._do(asked))
        except TrustdeskError as error:
            self._say(
                Refused(number=asked.number, code=error.code, message=error.message, place=error.place, mend=error.mend)
            )

    async def _do(self, asked: Attach | Redirect | Detach) -> Answered:
        if isinstance(asked, Attach):
            return await self._attach(asked)
        if isinstance(asked, Redirect):
            return self._redirect(asked)
        return await self._detach(asked)

    def _redirect(self, asked: Redirect) -> Answered:
        leg = self._legs.get(asked.attachment)
        if leg is not None:  # else it has just gone, and that was told
            leg.redirect(Place("", path=asked.path))
        return Answered(number=asked.number)

    async def _attach(self, asked: Attach) -> Answered:
        if asked.attachment in self._legs:
            raise ConflictError("This attachment is there already.", place="attachment")
        offered = read_offer(asked.offer)
        leg = Leg(
            self._context,
            offered,
            Servers(ports=asked.ports, advertised=asked.advertised, stun=asked.stun, turn=asked.turn),
            self._ports,
            opened=lambda: self._say(State(attachment=asked.attachment, state="open")),
            ended=lambda: self._gone(asked.attachment),
        )
        self._legs[asked.attachment] = leg
        try:
            sdp = await leg.answer(Place("", path=asked.path), self._identity.fingerprint)
        except TrustdeskError:
            del self._legs[asked.attachment]
            raise
        return Answered(number=asked.number, sdp=sdp, law=offered.law, keys_type=offered.keys_type)

    async def _detach(self, asked: Detach) -> Answered:
        leg = self._legs.pop(asked.attachment, None)
        if leg is not None:
            await leg.close()
        return Answered(number=asked.number)

    def _gone(self, attachment: str) -> None:
        if self._legs.pop(attachment, None) is not None:
            self._say(State(attachment=attachment, state="gone"))

    def _say(self, word: Word) -> None:
        self._writer.write(line(word))


async def serve(descriptor: int) -> None:
    """Speak over the inherited socket until it closes."""
    reader, writer = await asyncio.open_unix_connection(sock=socket.socket(fileno=descriptor), limit=LONGEST_LINE)
    await Process(writer).read(reader)
    writer.close()
