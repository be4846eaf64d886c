"""Ringing somebody: an agent's phone, or a number over a trunk; what its SIP side tells of a party."""

import asyncio
from dataclasses import dataclass

from trustdesk.sipedge.exchange import browsers
from trustdesk.sipedge.exchange.call import Call
from trustdesk.sipedge.exchange.edge import CantError, Edge
from trustdesk.sipedge.exchange.parties import Party, Role
from trustdesk.sipedge.exchange.talking import Talking
from trustdesk.sipedge.media.contracts import Far, Law
from trustdesk.sipedge.sip.contracts import CallOverError, Offer, Peer, Side
from trustdesk.sipedge.words.commands import Agent
from trustdesk.sipedge.words.told import Happened

LAWS = (Law.A, Law.MU)
_NOT_ANSWERED = 408
_UNAVAILABLE = 503


class PartyEvents:
    """What the signalling tells of one party, before and after there is a call for it."""

    def __init__(self, edge: Edge, talking: Talking, party: Party) -> None:
        self._edge = edge
        self._talking = talking
        self._party = party
        self.call: Call | None = None

    async def ringing(self) -> None:
        if self.call is not None:
            self.call.tell(Happened.RINGING, leg=self._party.leg, operator=self._party.operator)

    async def answered(self, offer: Offer) -> None:
        answering = self._party.answering
        if answering is not None and not answering.done():
            answering.set_result(offer)

    async def changed(self, offer: Offer) -> None:
        """The other side moved, holds us, or takes us back."""
        party, call = self._party, self.call
        if offer.far is None or call is None or party.leg not in call.parties:
            return
        await self._edge.legs.media.set_far(party.leg, offer.far)
        held = not offer.far.sends
        if held != party.held_by_itself:
            party.held_by_itself = held
            if party.ours and party.joined:
                await (self._talking.hold(call) if held else self._talking.resume(call))
            else:
                await self._talking.review(call)

    async def digit(self, digit: str) -> None:
        if self.call is not None:
            self._talking.pressed(self.call, self._party, digit)

    async def ended(self, status: int, reason: str) -> None:
        party = self._party
        party.gone = True
        if party.answering is not None and not party.answering.done():
            party.status = status
            party.answering.set_result(None)
        elif self.call is not None:
            self._edge.spawn(self._talking.leave(self.call, party, reason=reason or "hung-up", status=status))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Whom to ring, and what they are shown."""

    peer: Peer
    role: Role
    number: str
    caller: str
    name: str
    seconds: int
    operator: int = 0
    agreed: bool = False


class Ringing:
    def __init__(self, edge: Edge, talking: Talking) -> None:
        self._edge = edge
        self._talking = talking

    async def bring(self, call: Call, agent: Agent) -> Party:
        """The agent as a party: a browser at once, a phone when it is picked up and has heard its notice.

        CantError where the browser is not there or busy, or the phone was not picked up.
        """
        if agent.attachment:
            party = await browsers.lend(self._edge, call, agent)
            self._talking.take(call, party)
            return party
        peer = Peer(side=Side.PHONE, phone=agent.phone)
        wanted = Wanted(
            peer=peer,
            role="agent",
            number=agent.phone,
            caller="",
            name=agent.display,
            seconds=agent.ring_seconds,
            operator=agent.operator,
            agreed=agent.agreed,
        )
        party = await self.ring(call, wanted)
        if agent.notice is not None:
            party.heard = await browsers.hear(self._edge, party.leg, (agent.notice,))
        return party

    async def ring(self, call: Call, wanted: Wanted) -> Party:
        """A party that has answered. CantError with the reason where nobody did: it was told before."""
        party = Party(leg=call.next_leg(), role=wanted.role, law=Law.A, operator=wanted.operator, agreed=wanted.agreed)
        self._talking.take(call, party)
        events = PartyEvents(self._edge, self._talking, party)
        events.call = call
        party.answering = asyncio.get_running_loop().create_future()
        try:
            offer = await self._dial(call, wanted, party, events)
        except CallOverError:
            offer = None
            party.gone, party.status = True, party.status or 480
        except TimeoutError:
            offer = None
            party.status = _NOT_ANSWERED
        except (LookupError, OSError, ValueError):
            # No port is free, the media process has just died, or its sound is of a family that we have none on.
            offer = None
            party.status = _UNAVAILABLE
        party.answering = None
        if offer is None or call.ended:
            await self._talking.discard(call, party)
            call.tell(
                Happened.NOT_ANSWERED,
                leg=party.leg,
                role=party.role,
                operator=party.operator,
                reason="withdrawn" if party.withdrawn else "not-answered",
                status=party.status,
            )
            raise CantError("not-answered")
        call.tell(Happened.ANSWERED, leg=party.leg, role=party.role, operator=party.operator)
        return party

    async def withdraw(self, call: Call) -> None:
        """Whoever rings rings no more."""
        for party in list(call.parties.values()):
            if party.answering is not None and not party.answering.done():
                party.withdrawn = True
                party.answering.set_result(None)

    async def _dial(self, call: Call, wanted: Wanted, party: Party, events: PartyEvents) -> Offer | None:
        media = self._edge.legs.media
        if self._edge.signalling is None or party.answering is None:
            raise CallOverError
        place = await media.open_leg(party.leg, call=call.number, law=party.law)
        async with asyncio.timeout(wanted.seconds):
            party.sip = await self._edge.signalling.dial(
                wanted.peer,
                number=wanted.number,
                caller=wanted.caller,
                name=wanted.name,
                place=place,
                laws=LAWS,
                events=events,
            )
            offer = await party.answering
        if offer is not None and offer.far is not None:
            party.law = offer.far.law
            await media.set_far(party.leg, Far(place=offer.far.place, law=party.law, keys_type=offer.far.keys_type))
        return offer
