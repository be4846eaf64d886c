"""The house's side: what agents and supervisors do, by way of web and worker.

Whoever asks is named; the mandates are asked here, whether that operator has a living seat there, before anything else.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import structlog
from django.utils import translation
from django.utils.translation import gettext as _

from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import TrustdeskError
from trustdesk.mandates.api import enter
from trustdesk.sipedge.api import LinkBrokenError, Talk, Word, demand
from trustdesk.switchboard import words
from trustdesk.switchboard.running.calling import Calling
from trustdesk.switchboard.running.handling import Handling
from trustdesk.switchboard.running.sitting import Sitting
from trustdesk.switchboard.running.work import AWAY
from trustdesk.switchboard.words import HOUSE, Fault, Request, Settled

if TYPE_CHECKING:
    from trustdesk.switchboard.running.switchboard import Switchboard

SESSION = "switchboard"
_WRITTEN_SECONDS = 3.0
Verb = Callable[[AccessContext, Any], Awaitable[str]]
log = structlog.get_logger(__name__)


class HouseSide:
    """Any number of connections, one a process of the house."""

    def __init__(self, board: "Switchboard") -> None:
        self._board = board
        sitting, handling, calling = Sitting(board), Handling(board), Calling(board)
        self._verbs: dict[type[Request], tuple[str, Verb]] = {
            words.AttachBrowser: ("call:take", sitting.attach),
            words.DetachBrowser: ("call:take", sitting.detach),
            words.SetPresence: ("call:take", sitting.set_presence),
            words.AcceptCall: ("call:take", handling.accept),
            words.RefuseCall: ("call:take", handling.refuse),
            words.DoDeed: ("call:take", handling.deed),
            words.SendDigits: ("call:take", handling.send_digits),
            words.ConsultAgent: ("call:take", handling.consult),
            words.MoveToQueue: ("call:take", handling.requeue),
            words.CustomerKnown: ("call:take", handling.customer_known),
            words.OverhearCall: ("call:supervise", handling.overhear),
            words.DialOut: ("call:dial", calling.dial),
            words.DialInCampaign: ("call:dial", calling.dial_in_campaign),
            words.DialBack: ("call:dial", calling.dial_back),
            words.ConsultOutside: ("call:dial", calling.consult_outside),
        }

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """From the oath to the end of the connection."""
        try:
            await demand(reader, writer, key=self._board.key, expected="house")
        except LinkBrokenError as fault:
            log.warning("oath-refused", side="house", kind=type(fault).__name__)
            writer.close()
            return
        await Talk(reader, writer, HOUSE, self).run()

    async def asked(self, word: Word) -> Word:
        """Settled, or the fault in the asker's language."""
        if isinstance(word, words.SettingsChanged):
            return await self._reload()
        if not isinstance(word, Request):
            return Fault(code="bad-input", message="nothing is known of this")
        with translation.override(word.sitting.language):
            try:
                operation, verb = self._verbs[type(word)]
                context = await self._board.threads.run(_context, word.sitting)
                context.check_operation(operation)
                text = await verb(context, word)
                await self._written()
                return Settled(text=text)
            except TrustdeskError as fault:
                return Fault(code=fault.code, message=fault.message, place=fault.place, mend=fault.mend)
            except AWAY:
                log.warning("switchboard-waits-for-database")
                return Fault(code="unreachable", message=_("The database does not answer."), place="database")
            except Exception:
                log.exception("verb-failed", asked=type(word).__name__)
                return Fault(code="unreachable", message=_("The exchange does not answer."), place="switchboard")

    def told(self, word: Word) -> None:
        """Nothing is told here."""

    async def _written(self) -> None:
        """The page that asked reads the tables next. It is done also where they can't be written for a while."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_WRITTEN_SECONDS):
                await self._board.writer.written()

    async def _reload(self) -> Word:
        try:
            await self._board.reload()
        except AWAY:
            log.warning("switchboard-waits-for-database")  # the next look finds the change
        return Settled()


def _context(sitting: words.Sitting) -> AccessContext:
    """RefusedError, logged, for whoever has no living seat there for this purpose."""
    return enter(
        sitting.operator,
        SESSION,
        controller_id=sitting.controller,
        mandate_id=sitting.mandate,
        purpose=sitting.purpose,
        now=clock.now(),
    )
