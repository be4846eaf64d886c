"""The house's side of `switchboard.sock`: one connection of the process, made again where it breaks.

Views wait in threads; the conversation lives on a loop of its own, so that many wait on one connection.
"""

import asyncio
import os
import threading
from concurrent.futures import TimeoutError as NotInTimeError
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from trustdesk.clearance.contracts import NotClearedError
from trustdesk.kernel import errors
from trustdesk.sipedge.api import LinkBrokenError, Talk, Word, connect, swear
from trustdesk.switchboard.words import HOUSE, Fault, Settled

_WITHIN_SECONDS = 15.0  # a phone or a trunk may be slow to say that it rings
_ERRORS = {
    error.code: error
    for error in (errors.BadInputError, errors.RefusedError, errors.NotFoundError, errors.ConflictError)
} | {NotClearedError.code: errors.RefusedError}


class UnreachableError(errors.TrustdeskError):
    """The exchange does not answer just now: calls that stand go on, and nothing new can be begun."""

    code = "unreachable"
    status = 503


class _Deaf:
    """The switchboard asks nothing of web and worker."""

    async def asked(self, word: Word) -> Word:  # noqa: ARG002 - the listener's own signature
        return Fault(code="bad-input", message="nothing is asked here")

    def told(self, word: Word) -> None:
        """Nothing is told here either: pages hear by `live`."""


class Client:
    """Of one process and one socket."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._path = path
        self._key = key
        self._loop = asyncio.new_event_loop()
        self._talk: Talk | None = None
        self._running: asyncio.Task[None] | None = None
        self._connecting = asyncio.Lock()
        threading.Thread(target=self._loop.run_forever, daemon=True, name="switchboard").start()

    def ask(self, word: Word) -> Word:
        """The answer. UnreachableError where there is none."""
        asked = asyncio.run_coroutine_threadsafe(self._ask(word), self._loop)
        try:
            return asked.result(_WITHIN_SECONDS + 1)
        except (OSError, TimeoutError, NotInTimeError) as fault:
            raise UnreachableError(
                _("The exchange does not answer."),
                place="switchboard",
                mend=_("Calls go on. Try again in a moment; if it stays, tell your administrator."),
            ) from fault

    async def _ask(self, word: Word) -> Word:
        talk = await self._connected()
        return await talk.ask(word, within=_WITHIN_SECONDS)

    async def _connected(self) -> Talk:
        async with self._connecting:
            if self._talk is None or self._running is None or self._running.done():
                reader, writer = await connect(self._path)
                try:
                    await swear(reader, writer, key=self._key, side="house")
                except LinkBrokenError:
                    writer.close()
                    raise
                self._talk = Talk(reader, writer, HOUSE, _Deaf())
                self._running = asyncio.create_task(self._talk.run())
            return self._talk


_lock = threading.Lock()
_client: tuple[int, Client] | None = None


def ask(word: Word) -> str:
    """What was settled. The errors of `kernel.errors` where the switchboard refuses, UnreachableError without one."""
    answer = _of_this_process().ask(word)
    if isinstance(answer, Settled):
        return answer.text
    if not isinstance(answer, Fault):
        raise UnreachableError(_("The exchange does not answer."), place="switchboard")
    raise _ERRORS.get(answer.code, errors.ConflictError)(answer.message, place=answer.place, mend=answer.mend)


def _of_this_process() -> Client:
    global _client  # noqa: PLW0603 - one for the process, made when it is first wanted; a fork needs its own loop
    with _lock:
        if _client is None or _client[0] != os.getpid():
            home = settings.TRUSTDESK_HOME
            _client = (os.getpid(), Client(home.run / "switchboard.sock", home.secret("exchange.key")))
        return _client[1]
