"""A conversation of two that have sworn: either side asks, answers and tells."""

import asyncio
import itertools
from contextlib import suppress
from typing import Protocol

from trustdesk.sipedge.link.lines import Kind, Line, LinkBrokenError, Vocabulary, next_line
from trustdesk.sipedge.words.word import Word

_MOST_WAITING_BYTES = 16 * 1_048_576  # a side that does not read any more is gone


class Listener(Protocol):
    """Whoever hears one side."""

    async def asked(self, word: Word) -> Word:
        """The answer. Asks run beside each other; one that raises ends the connection."""
        ...

    def told(self, word: Word) -> None:
        """In the order in which it was told; returns at once."""
        ...


class Talk:
    """One connection after the oath. `run` reads until it ends; whoever waits for an answer then is told so."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, vocabulary: Vocabulary, listener: Listener
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._vocabulary = vocabulary
        self._listener = listener
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Word]] = {}
        self._answering: set[asyncio.Task[None]] = set()
        self._ended = False

    async def ask(self, word: Word, *, within: float) -> Word:
        """The answer. TimeoutError where none came in time; LinkBrokenError where the connection ended before."""
        number = next(self._numbers)
        answer: asyncio.Future[Word] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        try:
            self._send(Line(Kind.ASK, number, word))
            async with asyncio.timeout(within):
                return await answer
        finally:
            del self._waiting[number]

    def tell(self, word: Word) -> None:
        """LinkBrokenError where nobody is there."""
        self._send(Line(Kind.TELL, 0, word))

    async def run(self) -> None:
        """Until the connection ends, by whatever."""
        try:
            while True:
                self._take(await next_line(self._reader, self._vocabulary))
        except LinkBrokenError:
            return
        finally:
            self.end()

    def end(self) -> None:
        """Close it; nobody waits any more."""
        self._ended = True
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(LinkBrokenError("the link has ended"))
        for task in self._answering:
            task.cancel()
        with suppress(OSError):
            self._writer.close()

    def _take(self, line: Line) -> None:
        if line.kind is Kind.TELL:
            self._listener.told(line.word)
        elif line.kind is Kind.ASK:
            task = asyncio.create_task(self._answer(line))
            self._answering.add(task)
            task.add_done_callback(self._answering.discard)
        else:
            answer = self._waiting.get(line.number)
            if answer is not None and not answer.done():  # else it came too late, and nobody wants it
                answer.set_result(line.word)

    async def _answer(self, line: Line) -> None:
        try:
            word = await self._listener.asked(line.word)
            self._send(Line(Kind.ANSWER, line.number, word))
        except LinkBrokenError:
            return
        except Exception:
            self._writer.close()
            raise

    def _send(self, line: Line) -> None:
        if self._ended or self._writer.is_closing():
            raise LinkBrokenError("the link has ended")
        if self._writer.transport.get_write_buffer_size() > _MOST_WAITING_BYTES:
            self._writer.transport.abort()
            raise LinkBrokenError("the other side does not read")
        self._writer.write(self._vocabulary.write(line))
