"""The edge's side of the link: connects again and again, asks with patience, tells again what nobody has written."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import cast

import structlog

from trustdesk.sipedge.link.contracts import Answer, NoAnswerError
from trustdesk.sipedge.link.lines import LinkBrokenError
from trustdesk.sipedge.link.sockets import connect
from trustdesk.sipedge.link.stories import Stories
from trustdesk.sipedge.link.swearing import swear
from trustdesk.sipedge.link.talk import Talk
from trustdesk.sipedge.link.vocabulary import EDGE
from trustdesk.sipedge.words.asks import Ask, Done, Refusal
from trustdesk.sipedge.words.commands import Command, Written
from trustdesk.sipedge.words.plan import Plan
from trustdesk.sipedge.words.told import Snapshot, Tell, Told
from trustdesk.sipedge.words.word import Word

_PATIENCE_SECONDS = 2.0
_LATE_SECONDS = 30.0  # so long an answer that nobody waits for is still looked at
_FIRST_PAUSE = 0.1
_LONGEST_PAUSE = 2.0

_log = structlog.get_logger(__name__)


class Client:
    """`carry_out` takes a command, `snapshot` says how everything stands, `too_late` hears of a plan for a caller who
    has heard the apology: all are the exchange's.
    """

    def __init__(self, path: Path, key: bytes) -> None:
        self._path = path
        self._key = key
        self._talk: Talk | None = None
        self._stories = Stories()
        self._asking: set[asyncio.Task[Word]] = set()
        self.carry_out: Callable[[Command], Awaitable[Done | Refusal]] | None = None
        self.snapshot: Callable[[], Snapshot] | None = None
        self.too_late: Callable[[Plan], None] | None = None

    async def ask(self, ask: Ask) -> Answer:
        """The answer; NoAnswerError where the switchboard is not there or takes longer than two seconds."""
        if self._talk is None:
            raise NoAnswerError
        asking = asyncio.create_task(self._talk.ask(ask, within=_LATE_SECONDS))
        self._asking.add(asking)
        asking.add_done_callback(self._asking.discard)
        try:
            done, _waiting = await asyncio.wait({asking}, timeout=_PATIENCE_SECONDS)
        finally:
            if not asking.done():
                asking.add_done_callback(self._late)
        if not done:
            raise NoAnswerError
        try:
            return cast("Answer", asking.result())
        except (LinkBrokenError, TimeoutError):
            raise NoAnswerError from None

    def tell(self, word: Tell) -> None:
        """Now, or as soon as somebody listens: what happened in a call with its story, the rest with the snapshot."""
        if isinstance(word, Told):
            word = self._stories.add(word)
        if self._talk is not None:
            with suppress(LinkBrokenError):
                self._talk.tell(word)

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
            self._tell_everything(talk)
            self._talk = talk
            _log.info("link.open")
            await talk.run()
        finally:
            self._talk = None
            writer.close()

    def _tell_everything(self, talk: Talk) -> None:
        """What happened, then how things stand now: the last word is the true one."""
        for word in self._stories:
            talk.tell(word)
        if self.snapshot is not None:
            talk.tell(self.snapshot())

    def _late(self, asking: "asyncio.Task[Word]") -> None:
        """Nobody waits for it any more. A key that comes now stays with an empty file, which recordings put away."""
        if asking.cancelled() or asking.exception() is not None:
            return
        answer = asking.result()
        if isinstance(answer, Plan) and self.too_late is not None:
            self.too_late(answer)

    async def asked(self, word: Word) -> Word:
        if isinstance(word, Written):
            self._stories.forget(word.calls)
            return Done()
        if self.carry_out is None:
            return Refusal(reason="not-ready")
        return await self.carry_out(cast("Command", word))

    def told(self, word: Word) -> None:
        """The switchboard tells nothing: it commands."""
