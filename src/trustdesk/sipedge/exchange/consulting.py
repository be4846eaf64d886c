"""Speaking to somebody else first: the caller waits; then one takes over, all three speak, or all is as before."""

from collections.abc import Awaitable, Callable

from trustdesk.sipedge.exchange.call import Call
from trustdesk.sipedge.exchange.edge import CantError, Edge
from trustdesk.sipedge.exchange.parties import Party
from trustdesk.sipedge.exchange.ringing import Ringing, Wanted
from trustdesk.sipedge.exchange.steps import Steps
from trustdesk.sipedge.exchange.talking import Talking
from trustdesk.sipedge.sip.contracts import Peer, Side
from trustdesk.sipedge.words.commands import Consult


class Consulting:
    def __init__(self, edge: Edge, talking: Talking, ringing: Ringing) -> None:
        self._edge = edge
        self._talking = talking
        self._ringing = ringing

    async def begin(self, call: Call, command: Consult) -> None:
        """The caller is held; who is consulted is rung. Returns at once: what becomes of it is told."""
        if call.consulted or call.agent() is None:
            raise CantError("not-now")
        call.consulted = "ringing"
        await self._talking.hold(call)
        self._edge.spawn(self._bring(call, command))

    async def _bring(self, call: Call, command: Consult) -> None:
        try:
            party = await self._whom(call, command)
        except CantError:
            call.consulted = ""
            await self._nobody_came(call)
            return
        if call.ended:
            return
        call.consulted = party.leg
        if command.steps and not party.ours:
            await Steps(call, party, self._edge.legs, self._edge.link).run(command.steps)
        agent = call.agent()
        if call.hand_over or agent is None or not agent.joined:
            await self.complete(call)
        else:
            async with call.lock:
                await self._edge.legs.media.join([agent.leg, party.leg])

    async def _whom(self, call: Call, command: Consult) -> Party:
        if command.agent is not None:
            return await self._ringing.bring(call, command.agent)
        peer = Peer(side=Side.TRUNK, trunk=command.trunk)
        wanted = Wanted(
            peer=peer,
            role="third",
            number=command.number,
            caller=command.caller,
            name=command.name,
            seconds=command.ring_seconds,
        )
        return await self._ringing.ring(call, wanted)

    async def _nobody_came(self, call: Call) -> None:
        """Back to how it was; where the agent has left already, the switchboard finds somebody else."""
        call.hand_over = False
        agent = call.agent()
        if call.ended:
            return
        if agent is not None and agent.joined:
            await self._talking.resume(call)
        else:
            await self._talking.stay_alone(call)

    async def complete(self, call: Call) -> None:
        """The consulted takes over. While it still rings the agent leaves already: a blind transfer."""
        agent = call.agent()
        if not call.consulted:
            raise CantError("nobody-consulted")
        party = call.parties.get(call.consulted)
        if party is None:
            call.hand_over = True
            if agent is not None and agent.joined:
                await self._agent_leaves(call, agent)
            return
        call.consulted, call.hand_over = "", False
        if agent is not None and agent is not party and agent.joined:
            await self._agent_leaves(call, agent)
        await self._together(call, party)

    async def conference(self, call: Call) -> None:
        party = self._consulted(call)
        call.consulted = ""
        await self._together(call, party)

    async def back(self, call: Call) -> None:
        party = call.parties.get(call.consulted)
        if party is None:
            await self._ringing.withdraw(call)
            return
        call.consulted = ""
        await self._talking.leave(call, party, reason="sent-back")
        await self._talking.resume(call)

    async def _together(self, call: Call, party: Party) -> None:
        customer = call.customer()
        arriving = [party] if customer is None or customer.joined else [customer, party]
        await self._talking.join(call, *arriving)

    async def _agent_leaves(self, call: Call, agent: Party) -> None:
        """Not the way of `leave`: the caller is not alone, somebody is about to come."""
        await self._talking.depart(call, agent, reason="transferred")

    def _consulted(self, call: Call) -> Party:
        party = call.parties.get(call.consulted)
        if party is None:
            raise CantError("nobody-consulted")
        return party

    def verbs(self) -> dict[str, Callable[[Call], Awaitable[None]]]:
        return {"complete": self.complete, "conference": self.conference, "back": self.back}
