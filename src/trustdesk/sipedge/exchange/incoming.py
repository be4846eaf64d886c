"""A call that comes in: a plan is asked for, the call answered, the plan gone through."""

import asyncio
from collections.abc import Sequence

import structlog

from trustdesk.sipedge.exchange.call import Call
from trustdesk.sipedge.exchange.edge import Edge
from trustdesk.sipedge.exchange.parties import Party
from trustdesk.sipedge.exchange.ringing import LAWS, PartyEvents
from trustdesk.sipedge.exchange.talking import Talking
from trustdesk.sipedge.link.contracts import NoAnswerError
from trustdesk.sipedge.media.contracts import Far, Law
from trustdesk.sipedge.sip.contracts import CallOverError, Invitation, Offer, Side, SipCall
from trustdesk.sipedge.words.asks import PlanFor, Refusal
from trustdesk.sipedge.words.plan import Mode, Plan, Terms
from trustdesk.sipedge.words.told import APOLOGY, Happened

_log = structlog.get_logger(__name__)
UNAVAILABLE = 503
_NOT_ACCEPTABLE = 488
_AWAY = Refusal(reason="no-answer")
_FORBIDDEN = 403


def preferred(laws: Sequence[Law]) -> Law:
    """The first of ours that the other side speaks; A-law where it said nothing yet."""
    return next((law for law in LAWS if law in laws), Law.A)


class Incoming:
    def __init__(self, edge: Edge, talking: Talking) -> None:
        self._edge = edge
        self._talking = talking

    async def receive(self, sip: SipCall, invitation: Invitation, party: Party, events: PartyEvents) -> None:
        """From INVITE to the plan's first step. Without a plan an apology is played, and nothing is kept."""
        if invitation.peer.side is not Side.TRUNK:
            # Calls out pass clearance, and that is asked for from the desk.
            await sip.refuse(_FORBIDDEN)
            return
        ask = PlanFor(
            trunk=invitation.peer.trunk, number=invitation.number, caller=invitation.caller, at=self._edge.now()
        )
        try:
            plan = await self._edge.link.ask(ask)
        except NoAnswerError:
            plan = _AWAY
        if isinstance(plan, Refusal) and plan.status:
            await sip.refuse(plan.status)
            return
        if not isinstance(plan, Plan):
            await self._apologise(sip, invitation, party, events)
            return
        call = Call(plan=plan, since=self._edge.now(), say=self._edge.link.tell, now=self._edge.now)
        events.call = call
        self._edge.calls[call.number] = call
        await self._answer(call, sip, invitation, party)

    async def _answer(self, call: Call, sip: SipCall, invitation: Invitation, party: Party) -> None:
        party.leg = call.next_leg()
        self._talking.take(call, party)
        try:
            await self._open(call.number, sip, invitation.offer, party)
        except (CallOverError, TimeoutError):
            await self._talking.end(call, reason="gave-up")
            return
        except (LookupError, OSError):
            # No port is free, or the media process has just died: busy, as a network says it.
            _log.warning("call.no-media", call=call.number)
            await sip.refuse(UNAVAILABLE)
            party.gone = True
            await self._talking.end(call, reason="no-media", status=UNAVAILABLE)
            return
        except ValueError:
            # Its sound comes from an address of a family that we have no sound on.
            await self._talking.end(call, reason="no-media", status=_NOT_ACCEPTABLE)
            return
        if call.ended:  # while the audio was set up
            return
        call.tell(Happened.ANSWERED, leg=party.leg, role="customer")
        self._talking.go_through(call, party, call.plan.steps)
        call.limit = asyncio.get_running_loop().call_later(call.plan.most_seconds, self._too_long, call)

    async def _open(self, number: int, sip: SipCall, offer: Offer, party: Party) -> None:
        media = self._edge.legs.media
        party.law = preferred(offer.laws)
        place = await media.open_leg(party.leg, call=number, law=party.law)
        answered = await sip.answer(place, party.law)
        far = answered.far or offer.far
        if far is not None:
            await media.set_far(party.leg, Far(place=far.place, law=far.law, keys_type=far.keys_type))

    async def _apologise(self, sip: SipCall, invitation: Invitation, party: Party, events: PartyEvents) -> None:
        """Heard by the caller, kept by nobody: there is no plan, so there is no recording."""
        config = self._edge.config
        clips = config.apology if config else {}
        clip = clips.get(invitation.number) or clips.get("")
        if not clip:
            await sip.refuse(UNAVAILABLE)
            return
        silent = Plan(call=0, controller=0, language="", steps=(), terms=Terms(mode=Mode.OFF))
        party.leg = f"apology.{sip.name}"
        call = Call(plan=silent, since=self._edge.now(), say=lambda _word: None, now=self._edge.now)
        events.call = call
        self._talking.take(call, party)
        try:
            await self._open(0, sip, invitation.offer, party)
            await self._edge.legs.play_to_end(party.leg, [clip])
        except (CallOverError, TimeoutError):
            pass
        finally:
            await self._talking.end(call, reason=APOLOGY)

    def _too_long(self, call: Call) -> None:
        self._edge.spawn(self._talking.end(call, reason="too-long"))
