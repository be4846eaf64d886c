"""What every part of the exchange works with: media, signalling, browsers, link, and the calls that there are."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from trustdesk.sipedge.exchange.attachments import Attachment
from trustdesk.sipedge.exchange.call import Call
from trustdesk.sipedge.exchange.legs import Legs
from trustdesk.sipedge.exchange.recorder import Recorder
from trustdesk.sipedge.faults import log_fault
from trustdesk.sipedge.link.contracts import Link
from trustdesk.sipedge.sip.contracts import Signalling
from trustdesk.sipedge.webrtc.contracts import Browsers
from trustdesk.sipedge.words.commands import Config


class CantError(Exception):
    """A command can't be carried out as things stand; the text goes back to whoever gave it."""


@dataclass(slots=True, eq=False)
class Edge:
    """One a process."""

    legs: Legs
    browsers: Browsers
    link: Link
    recorder: Recorder
    now: Callable[[], datetime]
    signalling: Signalling | None = None
    config: Config | None = None
    calls: dict[int, Call] = field(default_factory=dict)
    attachments: dict[str, Attachment] = field(default_factory=dict)
    _tasks: set["asyncio.Task[None]"] = field(default_factory=set)

    def call(self, number: int) -> Call:
        """CantError where it is over."""
        call = self.calls.get(number)
        if call is None or call.ended:
            raise CantError("call-over")
        return call

    def spawn(self, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        """Kept, so that it is not collected; what it raises is logged, and no other call hears of it."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._over)
        return task

    async def stop(self) -> None:
        """Nothing of this edge goes on."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _over(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (fault := task.exception()) is not None:
            log_fault("edge.fault", fault)
