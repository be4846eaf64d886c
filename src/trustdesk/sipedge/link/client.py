"""The edge's side of the link: connects again and again, asks with patience, keeps what could not be told."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import cast

import structlog

from trustdesk.sipedge.link.contracts import Answer, NoAnswerError
from trustdesk.sipedge.link.lines import LinkBrokenError
from trustdesk.sipedge.link.sockets import connect
from trustdesk.sipedge.link.swearing import swear
from trustdesk.sipedge.link.talk import Talk
from trustdesk.sipedge.link.vocabulary import EDGE
from trustdesk.sipedge.words.asks import Ask, Done, Refusal
from trustdesk.sipedge.words.commands import Command
from trustdesk.sipedge.words.told import Snapshot, Tell
from trustdesk.sipedge.words.word import Word

_PATIENCE_SECONDS = 2.0
_FIRST_PAUSE = 0.1
_LONGEST_PAUSE = 2.0
_MOST_KEPT = 200_000  # some hours of a busy exchange

_log = structlog.get_logger(__name__)


class Client:
    """`carry_out` takes a command, `snapshot` says how everything stands: both are the exchange's."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._path = path
        self._key = key
        self._talk: Talk | None = None
        self._kept: deque[Tell] = deque(maxlen=_MOST_KEPT)
        self.carry_out: Callable[[Command], Awaitable[Done | Refusal]] | None = None
        self.snapshot: Callable[[], Snapshot] | None = None

    async def ask(self, ask: Ask) -> Answer:
        """The answer; NoAnswerError where the switchboard is not there or takes longer than two seconds."""
        if self._talk is None:
            raise NoAnswerError
        try:
            return cast("Answer", await self._talk.ask(ask, within=_PATIENCE_SECONDS))
        except (LinkBrokenError, TimeoutError):
            raise NoAnswerError from None

    def tell(self, word: Tell) -> None:
        """Now, or as soon as somebody listens."""
        try:
            if self._talk is not None and not self._kept:
                self._talk.tell(word)
                return
        except LinkBrokenError:
            pass
        self._kept.append(word)

    async def run(self) -> None:
        """Until cancelled."""
        pause = _FIRST_PAUSE
        while True:
            try:
                await self._converse()
                pause = _FIRST_PAUSE
            except (OSError, LinkBrokenError) as fault:
                _log.info("link.none", kind=type(fault).__name__)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _converse(self) -> None:
        reader, writer = await connect(self._path)
        try:
            await swear(reader, writer, key=self._key, side="edge")
            talk = Talk(reader, writer, EDGE, self)
            self._tell_what_was_kept(talk)
            self._talk = talk
            _log.info("link.open")
            await talk.run()
        finally:
            self._talk = None
            writer.close()

    def _tell_what_was_kept(self, talk: Talk) -> None:
        """What happened meanwhile, then how things stand now: the last word is the true one."""
        while self._kept:
            talk.tell(self._kept[0])
            self._kept.popleft()
        if self.snapshot is not None:
            talk.tell(self.snapshot())

    async def asked(self, word: Word) -> Word:
        if self.carry_out is None:
            return Refusal(reason="not-ready")
        return await self.carry_out(cast("Command", word))

    def told(self, word: Word) -> None:
        """The switchboard tells nothing: it commands."""
