"""A call as it stands: its plan, its parties, where it is and what is stored of it."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from trustdesk.sipedge.exchange.parties import Party
from trustdesk.sipedge.words.plan import Plan, Wait
from trustdesk.sipedge.words.told import CallNow, Happened, Told

CallPlace = Literal["plan", "waiting", "ringing", "talking", "held", "alone"]


@dataclass(slots=True)
class Stored:
    """A recording that is open."""

    recording: int
    paused: bool = False


@dataclass(slots=True, eq=False)
class Call:
    """`number` is the call's id. Whoever changes who is joined holds `lock`."""

    plan: Plan
    since: datetime
    say: Callable[[Told], None]
    now: Callable[[], datetime]
    parties: dict[str, Party] = field(default_factory=dict)
    place: CallPlace = "plan"
    queue: str = ""
    waiting: Wait | None = None
    runner: "asyncio.Task[None] | None" = None
    limit: asyncio.TimerHandle | None = None  # when it ends whoever speaks; given up with the call, or it would keep it
    alone: "asyncio.Task[None] | None" = None
    beeping: "asyncio.Task[None] | None" = None
    paused: bool = False  # by whoever speaks
    held: bool = False
    consulted: str = ""  # the leg of whoever is asked meanwhile
    hand_over: bool = False  # the consulted takes over as soon as there
    overhearing: dict[str, str] = field(default_factory=dict)  # leg -> attachment of a supervisor
    stored: dict[str, Stored] = field(default_factory=dict)
    files: set[int] = field(default_factory=set)  # recordings whose file is not closed yet
    files_closed: asyncio.Event = field(default_factory=asyncio.Event)  # set at the end, when there are none
    unrecorded: str = ""  # the last word told of why not
    ended: bool = False
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _legs: int = 0

    @property
    def number(self) -> int:
        return self.plan.call

    def next_leg(self) -> str:
        self._legs += 1
        return f"{self.number:x}.{self._legs}"

    def customer(self) -> Party | None:
        return next((party for party in self.parties.values() if party.role == "customer"), None)

    def agent(self) -> Party | None:
        """Whoever speaks for the company: the one joined, else the first there."""
        agents = [party for party in self.parties.values() if party.role == "agent"]
        return next((party for party in agents if party.joined), agents[0] if agents else None)

    @property
    def still(self) -> bool:
        """Nothing is stored meanwhile: paused, or somebody holds somebody."""
        return self.paused or self.held or any(party.held_by_itself for party in self.parties.values())

    def joined(self) -> list[Party]:
        return [party for party in self.parties.values() if party.joined]

    def tell(self, happened: Happened, **words: Any) -> None:  # noqa: ANN401 - the fields of Told, checked there
        self.say(Told(happened=happened, call=self.number, at=self.now(), **words))

    def as_now(self, overhearing: Sequence[int]) -> CallNow:
        return CallNow(
            call=self.number,
            controller=self.plan.controller,
            since=self.since,
            place=self.place,
            queue=self.queue,
            operators=tuple(party.operator for party in self.parties.values() if party.operator),
            outsiders=sum(party.role == "third" for party in self.joined()),
            overhearing=tuple(overhearing),
            recordings=tuple(stored.recording for stored in self.stored.values()),
            paused=self.paused,
        )
