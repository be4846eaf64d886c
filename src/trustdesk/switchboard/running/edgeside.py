"""The edge's side: it asks for plans, references and keys, and tells what happened."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

import structlog

from trustdesk.kernel import clock
from trustdesk.kernel.errors import TrustdeskError
from trustdesk.recordings import api as recordings
from trustdesk.sipedge.api import EDGE, LinkBrokenError, Talk, Word, demand
from trustdesk.sipedge.contracts import (
    APOLOGY,
    Command,
    Found,
    Happened,
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
from trustdesk.switchboard.contracts import Direction
from trustdesk.switchboard.running.lines import Lines
from trustdesk.switchboard.running.people import Call
from trustdesk.switchboard.running.rebuilding import compare, still_meant
from trustdesk.switchboard.running.work import AWAY
from trustdesk.switchboard.services.arriving import arrive
from trustdesk.switchboard.services.finding import Case, find
from trustdesk.switchboard.services.keys import Leg, key_for

if TYPE_CHECKING:
    from trustdesk.switchboard.running.switchboard import Switchboard

PATIENCE_SECONDS = 1.8  # the edge waits for two
_NOT_FOUND = 404
_UNAVAILABLE = 503
T = TypeVar("T")
_YOUNG_SECONDS = 35.0
log = structlog.get_logger(__name__)
UNAVAILABLE = Refusal(reason="unavailable")
"""No status: the edge says its apology."""


class EdgeSide:
    """One edge at a time: a new connection takes the place of one that is dead and does not know it yet."""

    def __init__(self, board: "Switchboard") -> None:
        self._board = board
        self._lines = Lines(board.house)
        self._meant: dict[int, Command] = {}  # until the edge has said how things stand

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
        board.edge, board.floor.connected = talk, False
        self._meant = {}
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
        arriving = asyncio.create_task(self._board.threads.run(self._arrive, word, clock.now()))
        try:
            arrived = await asyncio.shield(arriving)
        except asyncio.CancelledError:
            self._board.spawn(self._too_late(arriving))
            raise
        if arrived is None:
            return Refusal(reason="no-such-number", status=_NOT_FOUND)
        call, plan = arrived
        call.caller = word.caller
        self._board.floor.begin(call, written=True)
        return plan

    async def _too_late(self, arriving: "asyncio.Task[tuple[Call, Plan] | None]") -> None:
        """The caller has heard the apology: what the thread wrote nevertheless is closed, in every room."""
        with suppress(*AWAY, TrustdeskError):  # then it wrote nothing
            arrived = await arriving
            if arrived is not None:
                call, _plan = arrived
                self._board.floor.begin(call, written=True)
                self._board.hear(
                    Told(happened=Happened.ENDED, call=call.id, at=clock.now(), reason=APOLOGY, status=_UNAVAILABLE)
                )

    def _arrive(self, word: PlanFor, now: datetime) -> tuple[Call, Plan] | None:
        line = self._lines.find(word.number, now=now)
        if line is None:
            return None
        return arrive(self._board.house.context(line.number.controller_id, now=now), line, word, now=now)

    async def _look_up(self, word: LookUp) -> Found | NotFound | Refusal:
        call = self._board.floor.calls.get(word.call)
        if call is None:
            return Refusal(reason="unknown-call")
        return await _to_its_end(self._find(call, word))

    async def _find(self, call: Call, word: LookUp) -> Found | NotFound:
        def found() -> tuple[Found | NotFound, Case | None]:
            now = clock.now()
            context = self._board.house.context(call.controller, now=now)
            return find(context, word.digits, call=call, asker=call.caller, now=now)

        async with call.asked:
            answer, case = await self._board.threads.run(found)
            if case is not None:
                call.case, call.conversation = case.case, case.conversation
                self._board.floor.touch(call)
                self._board.writer.wake()
        return answer

    async def _key(self, word: KeyFor) -> Key | Refusal:
        call = self._board.floor.calls.get(word.call)
        if call is None:
            return Refusal(reason="unknown-call")
        async with call.asked:
            return await self._board.threads.run(self._made, call.controller, _leg_of(call), word)

    def _made(self, controller: int, leg: Leg, word: KeyFor) -> Key | Refusal:
        now = clock.now()
        return key_for(self._board.house.context(controller, now=now), leg, word, now=now)

    # -- told ----------------------------------------------------------------------------------------------------------

    def told(self, word: Word) -> None:
        """At once, and in order."""
        board, now = self._board, self._board.now()
        if isinstance(word, Told):
            self._happened(word)
        elif isinstance(word, Registered):
            board.obey(board.floor.reached(word, now))
        elif isinstance(word, Snapshot):
            board.floor.connected = True
            board.obey(compare(board.floor, word, now, self._meant))
            self._meant = {}
            board.spawn(self._recover())

    def _happened(self, word: Told) -> None:
        board = self._board
        commands = board.hear(word)
        if not board.floor.connected:
            still_meant(self._meant, commands)
            self._known_already(word)

    def _known_already(self, word: Told) -> None:
        """The end of a call that stands in the tables with it: it is told because nobody said so to the edge."""
        floor = self._board.floor
        if word.happened is Happened.ENDED and word.call not in floor.calls:
            known = floor.gone.get(word.call)
            if known.stands if known is not None else word.call not in floor.dirty_calls:
                self._board.written_to_the_end([word.call])

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


async def _to_its_end(work: Coroutine[Any, Any, T]) -> T:
    """Also where nobody waits for it any more: what it wrote has to be known on the floor."""
    task = asyncio.create_task(work)
    task.add_done_callback(lambda done: done.cancelled() or done.exception())
    return await asyncio.shield(task)


def _leg_of(call: Call) -> Leg:
    return Leg(
        conversation=call.conversation,
        interaction=call.interaction,
        customer=None if call.direction is Direction.IN else call.customer,
        line=call.line,
        queue=call.queue,
        country=call.country,
        sector=call.sector,
        mode=call.mode,
        notice_version=call.notice_version,
        consent_key=call.consent_key,
    )
