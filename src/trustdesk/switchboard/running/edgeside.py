"""The edge's side: it asks for plans, references and keys, and tells what happened."""

import asyncio
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

import structlog

from trustdesk.kernel import clock
from trustdesk.kernel.errors import TrustdeskError
from trustdesk.recordings import api as recordings
from trustdesk.sipedge.api import EDGE, LinkBrokenError, Talk, Word, demand
from trustdesk.sipedge.contracts import (
    Found,
    Key,
    KeyFor,
    LookUp,
    NotFound,
    Plan,
    PlanFor,
    Refusal,
    Registered,
    Snapshot,
    Told,
)
from trustdesk.switchboard.running.lines import Lines
from trustdesk.switchboard.running.people import Call
from trustdesk.switchboard.running.rebuilding import compare
from trustdesk.switchboard.running.work import AWAY
from trustdesk.switchboard.services.arriving import arrive
from trustdesk.switchboard.services.finding import find
from trustdesk.switchboard.services.keys import Leg, key_for

if TYPE_CHECKING:
    from trustdesk.switchboard.running.switchboard import Switchboard

PATIENCE_SECONDS = 1.8  # the edge waits for two
_NOT_FOUND = 404
_YOUNG_SECONDS = 35.0
log = structlog.get_logger(__name__)
UNAVAILABLE = Refusal(reason="unavailable")
"""No status: the edge says its apology."""


class EdgeSide:
    """One edge at a time: a new connection takes the place of one that is dead and does not know it yet."""

    def __init__(self, board: "Switchboard") -> None:
        self._board = board
        self._lines = Lines(board.house)

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """From the oath to the end of the connection."""
        board = self._board
        try:
            await demand(reader, writer, key=board.key, expected="edge")
        except LinkBrokenError as fault:
            log.warning("oath-refused", side="edge", kind=type(fault).__name__)
            writer.close()
            return
        talk = Talk(reader, writer, EDGE, self)
        if board.edge is not None:
            board.edge.end()
        board.edge = talk
        log.info("edge-connected")
        board.spawn(self._configure())
        try:
            await talk.run()
        finally:
            if board.edge is talk:
                board.edge = None
                board.floor.connected = False
                log.info("edge-gone")

    async def _configure(self) -> None:
        """Retried by the next look at the settings where the database is away: the edge keeps the one it has."""
        with suppress(*AWAY):
            self._board.obey([await self._board.threads.run(self._board.loader.config)])

    # -- asked ---------------------------------------------------------------------------------------------------------

    async def asked(self, word: Word) -> Word:
        """An answer within the edge's patience, whatever the database does."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                if isinstance(word, PlanFor):
                    return await self._plan(word)
                if isinstance(word, LookUp):
                    return await self._look_up(word)
                if isinstance(word, KeyFor):
                    return await self._key(word)
        except AWAY:
            log.warning("switchboard-waits-for-database")
        except TimeoutError:
            log.warning("switchboard-too-slow", asked=type(word).__name__)
        except TrustdeskError as fault:
            log.warning("ask-refused", asked=type(word).__name__, code=fault.code, place=fault.place)
            return Refusal(reason=fault.place or fault.code)
        except Exception:
            # What nobody thought of is no plan and no key either; the edge's other calls go on.
            log.exception("ask-failed", asked=type(word).__name__)
        return UNAVAILABLE

    async def _plan(self, word: PlanFor) -> Plan | Refusal:
        arrived = await self._board.threads.run(self._arrive, word, clock.now())
        if arrived is None:
            return Refusal(reason="no-such-number", status=_NOT_FOUND)
        call, plan = arrived
        call.caller = word.caller
        self._board.floor.begin(call, written=True)
        return plan

    def _arrive(self, word: PlanFor, now: datetime) -> tuple[Call, Plan] | None:
        line = self._lines.find(word.number, now=now)
        if line is None:
            return None
        return arrive(self._board.house.context(line.number.controller_id, now=now), line, word, now=now)

    async def _look_up(self, word: LookUp) -> Found | NotFound | Refusal:
        call = self._board.floor.calls.get(word.call)
        if call is None:
            return Refusal(reason="unknown-call")

        def found() -> tuple[Found | NotFound, int | None]:
            now = clock.now()
            return find(
                self._board.house.context(call.controller, now=now),
                word.digits,
                asker=call.caller,
                language=call.language,
                queue=call.queue,
                now=now,
            )

        answer, case = await self._board.threads.run(found)
        if case is not None:
            call.case = case
            self._board.floor.touch(call)
            self._board.writer.wake()
        return answer

    async def _key(self, word: KeyFor) -> Key | Refusal:
        call = self._board.floor.calls.get(word.call)
        if call is None:
            return Refusal(reason="unknown-call")
        leg = Leg(
            conversation=call.conversation,
            interaction=call.interaction,
            customer=call.customer,
            line=call.line,
            queue=call.queue,
            country=call.country,
            sector=call.sector,
            mode=call.mode,
            notice_version=call.notice_version,
            consent_key=call.consent_key,
        )

        def made() -> Key | Refusal:
            now = clock.now()
            return key_for(self._board.house.context(call.controller, now=now), leg, word, now=now)

        return await self._board.threads.run(made)

    # -- told ----------------------------------------------------------------------------------------------------------

    def told(self, word: Word) -> None:
        """At once, and in order."""
        board, now = self._board, self._board.now()
        if isinstance(word, Told):
            board.hear(word)
        elif isinstance(word, Registered):
            board.obey(board.floor.reached(word, now))
        elif isinstance(word, Snapshot):
            board.floor.connected = True
            board.obey(compare(board.floor, word, now))
            board.spawn(self._recover())

    async def _recover(self) -> None:
        """Close what a crash of the edge left open, from what stands in the files: what was old enough then at once,
        the youngest when they can no longer be ones that are just beginning.
        """
        for pause in (0.0, _YOUNG_SECONDS):
            await asyncio.sleep(pause)
            there = [call for call in self._board.floor.calls.values() if call.missing_since is None]
            alive = [number for call in there for number in call.recordings]

            def recovered(alive: list[int] = alive) -> int:
                return recordings.recover(alive=alive, now=clock.now())

            with suppress(*AWAY):
                closed = await self._board.threads.run(recovered)
                if closed:
                    log.info("recordings-recovered", count=closed)
