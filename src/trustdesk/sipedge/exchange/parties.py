"""Who takes part in a call, and what each of them has heard and agreed to."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from trustdesk.sipedge.media.contracts import Law
from trustdesk.sipedge.sip.contracts import Offer, SipCall

Role = Literal["customer", "agent", "third"]


@dataclass(slots=True)
class Heard:
    """A notice that was played to its end: which version, and when by a clock that nobody sets."""

    version: int
    ended: float = field(default_factory=lambda: asyncio.get_running_loop().time())

    def at(self, now: datetime) -> datetime:
        """When it ended, by the time of day as it is now: that may have been set since."""
        return now - timedelta(seconds=asyncio.get_running_loop().time() - self.ended)


@dataclass(slots=True, eq=False)
class Party:
    """One side of a call. `leg` names its audio; `operator` is 0 for whoever is not ours.

    `consent_key` is the key of agreement that was pressed; `agreed` the standing agreement of one of ours.
    """

    leg: str
    role: Role
    law: Law
    operator: int = 0
    attachment: str = ""
    sip: SipCall | None = None
    heard: Heard | None = None
    consent_key: str = ""
    agreed: bool = False
    joined: bool = False
    held_by_itself: bool = False  # its own phone holds us
    silent: bool = False
    gone: bool = False  # its SIP side is over
    withdrawn: bool = False  # we stopped ringing
    status: int = 0  # the last word of its SIP side
    answering: "asyncio.Future[Offer | None] | None" = None  # while it rings; None comes where nobody answers
    keys: "asyncio.Queue[str]" = field(default_factory=asyncio.Queue)

    @property
    def ours(self) -> bool:
        return self.operator != 0

    def forget_keys(self) -> None:
        """What was pressed before a question is no answer to it."""
        while not self.keys.empty():
            self.keys.get_nowait()
