"""A call out: the agent is there first, then the other side is rung, hears what it has to hear, and both are joined."""

from trustdesk.sipedge.exchange import browsers
from trustdesk.sipedge.exchange.call import Call
from trustdesk.sipedge.exchange.edge import CantError, Edge
from trustdesk.sipedge.exchange.parties import Party
from trustdesk.sipedge.exchange.ringing import Ringing, Wanted
from trustdesk.sipedge.exchange.steps import Steps
from trustdesk.sipedge.exchange.talking import Talking
from trustdesk.sipedge.sip.contracts import Peer, Side
from trustdesk.sipedge.words.commands import Dial
from trustdesk.sipedge.words.plan import Wait


class Outgoing:
    def __init__(self, edge: Edge, talking: Talking, ringing: Ringing, ringback: str) -> None:
        """`ringback` is the clip an agent hears while the other side rings."""
        self._edge = edge
        self._talking = talking
        self._ringing = ringing
        self._ringback = ringback

    async def dial(self, command: Dial) -> None:
        """Begin. CantError where the agent's browser is not there or busy; what becomes of it is told."""
        if command.plan.call in self._edge.calls:
            raise CantError("call-exists")
        if command.agent is not None and command.agent.attachment:
            browsers.free(self._edge, command.agent.attachment)
        call = Call(plan=command.plan, since=self._edge.now(), say=self._edge.link.tell, now=self._edge.now)
        call.place = "ringing"
        call.waiting = next((step for step in command.plan.steps if isinstance(step, Wait)), None)
        self._edge.calls[call.number] = call
        call.runner = self._edge.spawn(self._run(call, command))

    async def _run(self, call: Call, command: Dial) -> None:
        try:
            agent = await self._agent(call, command)
            customer = await self._customer(call, command)
        except CantError as reason:
            await self._talking.end(call, reason=str(reason), status=0)
            return
        if call.ended:
            return
        steps = Steps(call, customer, self._edge.legs, self._edge.link)
        if await steps.run(command.plan.steps):
            await self._talking.end(call, reason="farewell")
        elif agent is not None and agent.leg in call.parties:
            await self._talking.join(call, customer, agent)

    async def _agent(self, call: Call, command: Dial) -> Party | None:
        if command.agent is None:
            return None
        agent = await self._ringing.bring(call, command.agent)
        await self._edge.legs.music(agent.leg, [self._ringback])
        return agent

    async def _customer(self, call: Call, command: Dial) -> Party:
        wanted = Wanted(
            peer=Peer(side=Side.TRUNK, trunk=command.trunk),
            role="customer",
            number=command.number,
            caller=command.caller,
            name=command.name,
            seconds=command.ring_seconds,
        )
        return await self._ringing.ring(call, wanted)
