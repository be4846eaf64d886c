"""The switchboard's verbs on one call."""

from pathlib import Path

from trustdesk.sipedge.exchange import browsers
from trustdesk.sipedge.exchange.call import Call
from trustdesk.sipedge.exchange.consulting import Consulting
from trustdesk.sipedge.exchange.edge import CantError, Edge
from trustdesk.sipedge.exchange.parties import Party
from trustdesk.sipedge.exchange.ringing import Ringing
from trustdesk.sipedge.exchange.talking import Talking
from trustdesk.sipedge.words.commands import Connect, Deed, Digits, Overhear, Refile, Requeue, Say, Withdraw
from trustdesk.sipedge.words.plan import SayReference, Wait

_WAITING = frozenset({"waiting", "alone"})


class Verbs:
    def __init__(self, edge: Edge, talking: Talking, ringing: Ringing, consulting: Consulting) -> None:
        self._edge = edge
        self._talking = talking
        self._ringing = ringing
        self._consulting = consulting

    async def connect(self, word: Connect) -> None:
        """A browser has accepted: at once. A phone rings; the caller hears music until it is picked up."""
        call = self._edge.call(word.call)
        customer = call.customer()
        if customer is None or call.place not in _WAITING:
            raise CantError("not-waiting")
        if word.agent.attachment:
            agent = await self._ringing.bring(call, word.agent)
            await self._talking.join(call, customer, agent)
        else:
            call.place = "ringing"
            self._edge.spawn(self._connect_phone(call, customer, word))

    async def _connect_phone(self, call: Call, customer: Party, word: Connect) -> None:
        try:
            agent = await self._ringing.bring(call, word.agent)
        except CantError:
            if not call.ended:
                call.place = "waiting"
            return
        if not call.ended:
            await self._talking.join(call, customer, agent)

    async def withdraw(self, word: Withdraw) -> None:
        await self._ringing.withdraw(self._edge.call(word.call))

    async def deed(self, word: Deed) -> None:
        call = self._edge.call(word.call)
        if word.verb in {"hold", "resume", "pause", "unpause"}:
            await self._stand_still(call, word.verb)
        elif word.verb in {"mute", "unmute"}:
            await self._edge.legs.media.mute(self._party(call, word.leg, word.operator).leg, on=word.verb == "mute")
        elif word.verb in self._consulting.verbs():
            await self._consulting.verbs()[word.verb](call)
        elif word.verb == "leave":
            await self._talking.leave(call, self._party(call, word.leg, word.operator), reason=word.reason or "left")
        elif word.verb == "hang-up":
            await self._talking.end(call, reason=word.reason or "hung-up")
        else:
            await self._repeat_reference(call)

    async def _stand_still(self, call: Call, verb: str) -> None:
        if not call.joined():
            raise CantError("not-talking")
        if verb == "hold":
            await self._talking.hold(call)
        elif verb == "resume":
            await self._talking.resume(call)
        else:
            await self._talking.pause(call, on=verb == "pause")

    async def requeue(self, word: Requeue) -> None:
        """Whoever speaks for us leaves; the caller goes through these steps."""
        call = self._edge.call(word.call)
        customer = call.customer()
        if customer is None:
            raise CantError("no-caller")
        for party in [party for party in call.parties.values() if party is not customer]:
            await self._talking.depart(call, party, reason="transferred")
        call.queue = next((step.queue for step in word.steps if isinstance(step, Wait)), "")
        customer.joined = False
        await self._talking.to_steps(call, customer, word.steps)

    async def say(self, word: Say) -> None:
        """In between, and then the music again. Nobody is interrupted who is spoken with."""
        call = self._edge.call(word.call)
        customer = call.customer()
        if customer is None or call.place != "waiting":
            raise CantError("not-waiting")
        self._edge.spawn(self._say(call, customer, word))

    async def _say(self, call: Call, customer: Party, word: Say) -> None:
        played = await self._edge.legs.play_to_end(customer.leg, word.clips)
        if played and call.place == "waiting" and call.waiting is not None:
            await self._edge.legs.music(customer.leg, call.waiting.music)

    async def digits(self, word: Digits) -> None:
        party = self._party(self._edge.call(word.call), word.leg)
        await self._edge.legs.media.send_digits(party.leg, word.digits)

    async def overhear(self, word: Overhear) -> None:
        """A supervisor hears, and is heard by nobody."""
        call = self._edge.call(word.call)
        leg = next((leg for leg, name in call.overhearing.items() if name == word.attachment), "")
        if not word.on:
            if leg:
                await self._talking.stop_overhearing(call, leg)
            return
        if leg:
            return
        attachment = browsers.free(self._edge, word.attachment)
        leg = call.next_leg()
        await browsers.take(self._edge, attachment, leg, call.number)
        call.overhearing[leg] = attachment.name
        async with call.lock:
            if not call.held:
                await self._talking.connect(call)

    async def refile(self, word: Refile) -> None:
        """Another customer's words go under another key: this file is closed, the next one asked for."""
        call = self._edge.call(word.call)
        async with call.lock:
            if word.leg in call.stored:
                await self._edge.recorder.end(call, word.leg)
        await self._talking.review(call)

    async def _repeat_reference(self, call: Call) -> None:
        """To the caller, while the agent waits; both hear each other again after it."""
        said = next((step for step in call.plan.steps if isinstance(step, SayReference)), None)
        customer = call.customer()
        if said is None or customer is None:
            raise CantError("no-reference")
        await self._edge.legs.media.play(customer.leg, [Path(clip) for clip in said.clips])

    def _party(self, call: Call, leg: str, operator: int = 0) -> Party:
        party = call.parties.get(leg) if leg else call.agent()
        if operator and not leg:  # two of ours can be in a call: each mutes itself
            party = next((one for one in call.parties.values() if one.operator == operator), None)
        if party is None:
            raise CantError("no-such-leg")
        return party
