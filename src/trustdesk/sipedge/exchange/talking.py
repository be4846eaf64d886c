"""Who speaks with whom: joining, holding, pausing, leaving, and the end."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import structlog

from trustdesk.kernel.errors import TrustdeskError
from trustdesk.sipedge.exchange import browsers
from trustdesk.sipedge.exchange.call import Call
from trustdesk.sipedge.exchange.edge import Edge
from trustdesk.sipedge.exchange.parties import Party
from trustdesk.sipedge.exchange.steps import Steps
from trustdesk.sipedge.media.contracts import Event, MediaEvent
from trustdesk.sipedge.words.plan import Step
from trustdesk.sipedge.words.told import Happened

_ALONE_SECONDS = 90.0  # for the switchboard to find somebody else
_SILENT_SECONDS = 30.0  # a telephone from which nothing comes any more
_FILES_SECONDS = 5.0
_log = structlog.get_logger(__name__)


class Talking:
    """One for the edge."""

    def __init__(self, edge: Edge) -> None:
        self._edge = edge
        self._calls: dict[str, Call] = {}

    # -- coming --------------------------------------------------------------------------------------------------------

    def take(self, call: Call, party: Party) -> None:
        """What happens on the party's leg concerns this call from now on."""
        call.parties[party.leg] = party
        self._calls[party.leg] = call
        self._edge.legs.own(party.leg, self._hear)

    def go_through(self, call: Call, party: Party, steps: Sequence[Step]) -> None:
        """The party hears these steps; what it heard before is stopped."""
        self.stop_steps(call)
        call.place = "plan"
        call.runner = self._edge.spawn(self._go_through(call, party, steps))

    async def to_steps(self, call: Call, party: Party, steps: Sequence[Step]) -> None:
        """Out of a conversation, and through these steps."""
        async with call.lock:
            self._not_alone(call)
            self._not_held(call)
            await self._edge.legs.media.part(party.leg)
        self.go_through(call, party, steps)

    async def _go_through(self, call: Call, party: Party, steps: Sequence[Step]) -> None:
        try:
            over = await Steps(call, party, self._edge.legs, self._edge.link).run(steps)
        except LookupError:
            if party.leg in call.parties:
                raise
            return  # it hung up just then
        if over:
            await self.end(call, reason="farewell")

    def stop_steps(self, call: Call) -> None:
        if call.runner is not None and call.runner is not asyncio.current_task():
            call.runner.cancel()
        call.runner = None

    async def join(self, call: Call, *arriving: Party) -> None:
        """They speak with each other from now on; what may be stored is stored."""
        self.stop_steps(call)
        async with call.lock:
            self._not_alone(call)
            for party in arriving:
                party.joined = True
            call.place = "talking"
            await self.connect(call)
            self._not_held(call)
            for party in arriving:
                call.tell(Happened.JOINED, leg=party.leg, role=party.role, operator=party.operator)
        await self.review(call)

    async def connect(self, call: Call, *others: Party) -> None:
        """The audio as it has to be: the joined hear each other, whoever overhears hears them."""
        together = [party.leg for party in (*call.joined(), *others)]
        for leg in together:
            await self._edge.legs.stop(leg)
        await self._edge.legs.media.join(together, listeners=list(call.overhearing))

    async def review(self, call: Call) -> None:
        async with call.lock:
            goes_on = call.ended or await self._edge.recorder.review(call)
        if not goes_on:
            await self._not_recorded(call)

    async def _not_recorded(self, call: Call) -> None:
        """Where the law wants it recorded and it can't be, the caller is told, and the call ends."""
        customer = call.customer()
        if customer is not None and call.plan.terms.lost:
            async with call.lock:
                await self._edge.legs.media.part(customer.leg)
            await self._edge.legs.play_to_end(customer.leg, call.plan.terms.lost)
        await self.end(call, reason="not-recorded")

    # -- standing still ------------------------------------------------------------------------------------------------

    async def hold(self, call: Call) -> None:
        """The others hear music; nothing is stored."""
        async with call.lock:
            call.held = True
            call.place = "held"
            agent = call.agent()
            for party in call.joined():
                await self._edge.legs.media.part(party.leg)
                if party is not agent and call.waiting is not None:
                    await self._edge.legs.music(party.leg, call.waiting.music)
            call.tell(Happened.HELD)
        await self.review(call)

    def _not_held(self, call: Call) -> None:
        """Nobody waits for anybody any more, however it came: whoever shows that nothing is stored is told."""
        if call.held:
            call.held = False
            call.tell(Happened.RESUMED)

    async def resume(self, call: Call) -> None:
        async with call.lock:
            call.held = False
            call.place = "talking"
            await self.connect(call)
            call.tell(Happened.RESUMED)
        await self.review(call)

    async def pause(self, call: Call, *, on: bool) -> None:
        """No word of anybody is stored meanwhile; a beep says so to both, again and again."""
        if call.paused == on:
            return
        call.paused = on
        await self.review(call)
        call.tell(Happened.PAUSED if on else Happened.UNPAUSED)
        if call.beeping is not None:
            call.beeping.cancel()
            call.beeping = None
        if on and call.plan.terms.beep:
            call.beeping = self._edge.spawn(self._beep(call))

    async def _beep(self, call: Call) -> None:
        while not call.ended:
            for party in call.joined():
                await self._edge.legs.media.play(party.leg, [Path(call.plan.terms.beep)])
            await asyncio.sleep(call.plan.terms.beep_seconds)

    # -- going ---------------------------------------------------------------------------------------------------------

    async def leave(self, call: Call, party: Party, *, reason: str, status: int = 0) -> None:
        """The party is out of the call. Without the customer, or with nobody of ours or outside left, it ends."""
        if party.leg not in call.parties or call.ended:
            return
        if party.role == "customer":
            await self.end(call, reason=reason, status=status)
            return
        await self.depart(call, party, reason=reason)
        others = [other for other in call.joined() if other.role != "customer"]
        if not others and call.hand_over:
            return  # somebody is about to come
        if not others:
            await self.stay_alone(call)
        elif len(call.joined()) > 1 and not call.held:
            async with call.lock:
                await self.connect(call)

    async def depart(self, call: Call, party: Party, *, reason: str) -> None:
        """The party goes, whoever stays is seen to by whoever calls this."""
        async with call.lock:
            await self._release(call, party, reason)
            call.tell(Happened.LEFT, leg=party.leg, role=party.role, operator=party.operator, reason=reason)
            if call.consulted == party.leg:
                call.consulted = ""
            if party.role == "agent":
                self._unpause(call)
        await self.review(call)

    async def stay_alone(self, call: Call) -> None:
        """The customer waits for what the switchboard says next: with music, not in silence, and not for ever."""
        customer = call.customer()
        if customer is None:
            await self.end(call, reason="nobody")
            return
        async with call.lock:
            customer.joined = False
            self._not_held(call)
            call.place = "alone"
            await self._edge.legs.media.part(customer.leg)
            if call.waiting is not None:
                await self._edge.legs.music(customer.leg, call.waiting.music)
            self._not_alone(call)
            call.alone = self._edge.spawn(self._too_long_alone(call))
        await self.review(call)

    async def end(self, call: Call, *, reason: str, status: int = 200) -> None:
        """Over for everybody. Told when the last file is closed, so that nothing comes after it."""
        if call.ended:
            return
        call.ended = True
        self.stop_steps(call)
        self._not_alone(call)
        if call.limit is not None:
            call.limit.cancel()
        if call.beeping is not None:
            call.beeping.cancel()
        async with call.lock:
            await self._edge.recorder.end_all(call)
            for party in list(call.parties.values()):
                await self._release(call, party, reason)
            for leg in list(call.overhearing):
                await self.stop_overhearing(call, leg)
        if call.files:
            call.files_closed.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(call.files_closed.wait(), _FILES_SECONDS)
        call.tell(Happened.ENDED, reason=reason, status=status)
        self._edge.calls.pop(call.number, None)
        for leg in [leg for leg, owner in self._calls.items() if owner is call]:
            self._forget(leg)

    async def stop_overhearing(self, call: Call, leg: str) -> None:
        name = call.overhearing.pop(leg, "")
        attached = self._edge.attachments.get(name)
        if attached is not None:
            call.tell(Happened.OVERHEARING_ENDED, operator=attached.operator)
        with self._going_on(call):
            await browsers.give_back(self._edge, name)
        with self._going_on(call):
            await self._edge.legs.media.close_leg(leg)

    async def _release(self, call: Call, party: Party, reason: str) -> None:
        """Hang up, close the audio, give the browser back."""
        party.joined = False
        if party.leg in call.stored:
            await self._edge.recorder.end(call, party.leg)
        call.parties.pop(party.leg, None)
        if party.sip is not None and not party.gone:
            with self._going_on(call):
                await party.sip.hang_up(reason)
        if party.attachment:
            with self._going_on(call):
                await browsers.give_back(self._edge, party.attachment)
        with self._going_on(call):
            await self._edge.legs.media.close_leg(party.leg)

    @contextmanager
    def _going_on(self, call: Call) -> Iterator[None]:
        """What can't be put away (its process is gone, its leg went first) keeps nothing else from being put away."""
        try:
            yield
        except (LookupError, OSError, TrustdeskError) as fault:
            _log.info("call.already-gone", call=call.number, kind=type(fault).__name__)

    async def discard(self, call: Call, party: Party) -> None:
        """Somebody who never came: hang up, and as if nothing had been."""
        async with call.lock:
            await self._release(call, party, "not-answered")
        self._forget(party.leg)

    def _unpause(self, call: Call) -> None:
        """Whoever paused is gone: the next one begins as everybody begins."""
        if call.paused:
            call.paused = False
            call.tell(Happened.UNPAUSED)
        if call.beeping is not None:
            call.beeping.cancel()
            call.beeping = None

    async def _too_long_alone(self, call: Call) -> None:
        await asyncio.sleep(_ALONE_SECONDS)
        await self.end(call, reason="nobody")

    def _not_alone(self, call: Call) -> None:
        if call.alone is not None and call.alone is not asyncio.current_task():
            call.alone.cancel()
        call.alone = None

    def _forget(self, leg: str) -> None:
        self._calls.pop(leg, None)
        self._edge.legs.disown(leg)

    # -- what the media tells ------------------------------------------------------------------------------------------

    async def _hear(self, event: MediaEvent) -> None:
        call = self._calls.get(event.leg)
        if call is None:
            return
        party = call.parties.get(event.leg)
        if event.event is Event.RECORDED:
            if not await self._edge.recorder.closed(call, event):
                self._edge.spawn(self._not_recorded(call))
        elif event.event is Event.DIED:
            self._edge.spawn(self.end(call, reason="media", status=500))
        elif party is None:
            return
        elif event.event is Event.DIGIT:
            self.pressed(call, party, event.digit)
        elif event.event is Event.SILENT:
            party.silent = True
            call.tell(Happened.SILENT, leg=party.leg, milliseconds=event.milliseconds)
            self._edge.spawn(self._silent(call, party))
        elif event.event is Event.BACK:
            party.silent = False

    def pressed(self, call: Call, party: Party, digit: str) -> None:
        """A key. What an agent presses in a call is for whoever is outside; nobody's keys are stored."""
        party.keys.put_nowait(digit)
        if party.ours and party.joined:
            self._edge.spawn(self._pass_on(call, digit))

    async def _pass_on(self, call: Call, digit: str) -> None:
        for other in [other for other in call.joined() if not other.ours]:
            with suppress(LookupError, ValueError):  # it takes no keys
                await self._edge.legs.media.send_digits(other.leg, digit)

    async def _silent(self, call: Call, party: Party) -> None:
        """A browser that says nothing at all is gone; a telephone may come back."""
        if not party.attachment:
            await asyncio.sleep(_SILENT_SECONDS)
        if party.silent and not party.held_by_itself:
            await self.leave(call, party, reason="lost")
