"""A call that comes in: rung, answered or refused by the exchange, cancelled by whoever calls."""

import asyncio
import secrets

from trustdesk.sipedge.media.contracts import Law, Place
from trustdesk.sipedge.sip.bodies import description_in
from trustdesk.sipedge.sip.calls import Call
from trustdesk.sipedge.sip.clock import LONGEST, T1
from trustdesk.sipedge.sip.contracts import CallOverError, Offer, Peer
from trustdesk.sipedge.sip.dialogs import dialog_of_receiver, new_tag
from trustdesk.sipedge.sip.faults import BadMessageError
from trustdesk.sipedge.sip.house import House
from trustdesk.sipedge.sip.insisting import Insisting
from trustdesk.sipedge.sip.layer import OURS, SUPPORTED
from trustdesk.sipedge.sip.message import Request, Response
from trustdesk.sipedge.sip.refreshing import agreed_by_receiver
from trustdesk.sipedge.sip.sdp import Description, Ours, answering
from trustdesk.sipedge.sip.states import CALL_IN, Event, State, table
from trustdesk.sipedge.sip.transactions import ServerTransaction

STILL_RINGING = 60.0  # proxies on the way forget a call that says nothing for three minutes (§16.6)


class IncomingCall(Call):
    table = table(CALL_IN)

    def __init__(
        self, house: House, peer: Peer, transaction: ServerTransaction, description: Description | None
    ) -> None:
        invite = transaction.request
        self._session, self._timer = agreed_by_receiver(invite, house.session_seconds)
        super().__init__(house, peer, State.INVITED, transaction.flow, dialog_of_receiver(invite, new_tag()))
        self._transaction = transaction
        self._offered = description
        self._reliably = "100rel" in invite.headers.words("require")
        self._sequence = 0
        self._answer: asyncio.Future[Offer] | None = None
        self.take_capabilities(invite)
        transaction.cancelled = lambda: self.end_with(Event.CANCEL, 487, "cancelled")
        transaction.on_broken(lambda: self.end_with(Event.BROKEN, 503, "the connection is gone"))

    async def ring(self) -> None:
        if self.state is not State.INVITED:
            raise CallOverError
        if not self._sequence:
            self._ring()

    def _ring(self) -> None:
        """180; reliably where it is required (RFC 3262): again and again until its PRACK."""
        response = self._to_invite(180)
        if self._reliably and not self._sequence:
            self._sequence = 1 + secrets.randbelow(2**30)
            response.headers.add("require", "100rel")
            response.headers.add("rseq", str(self._sequence))
            self.timers.set("no PRACK", LONGEST, lambda: self.end_with(Event.SAY_FAILURE, 504, "no PRACK"))
            self._until_pracked(response, T1)
        self._transaction.say(response)
        self.timers.set("ringing", STILL_RINGING, self._still_ringing)

    def _still_ringing(self) -> None:
        self._transaction.say(self._to_invite(180))
        self.timers.set("ringing", STILL_RINGING, self._still_ringing)

    def _until_pracked(self, response: Response, pause: float) -> None:
        def again() -> None:
            self._transaction.say(response)
            self._until_pracked(response, pause * 2)

        self.timers.set("reliably", pause, again)

    def pracked(self, request: Request) -> bool:
        """Whether the PRACK is of our 180 (RFC 3262 §3)."""
        invite = self._transaction.request.cseq
        if not self._sequence or request.headers.first("rack").split() != [str(self._sequence), *str(invite).split()]:
            return False
        self.timers.stop("reliably")
        self.timers.stop("no PRACK")
        return True

    async def answer(self, place: Place, law: Law) -> Offer:
        if self.state is not State.INVITED:
            raise CallOverError
        far = self._offered.stream.host if self._offered is not None else ""
        ours = Ours(secrets.randbelow(2**31), self.house.near(place, self.flow, far), (law,))
        if self._offered is None:
            body = ours.offered()
        else:
            ours = answering(ours, self._offered)
            body = ours.answered(self._offered)
        self.ours = ours
        self._answer = asyncio.get_running_loop().create_future()
        for name in ("reliably", "no PRACK", "ringing"):
            self.timers.stop(name)
        self.step(Event.SAY_SUCCESS)
        self.insisting = Insisting(
            self.timers,
            self._transaction,
            self._to_invite(200, [("allow", OURS), ("supported", SUPPORTED), *self._timer], body),
            arrived=self._acknowledged,
            never=lambda: self.end_with(Event.TIMEOUT, 408, "no ACK"),
        )
        return await self._answer

    def _acknowledged(self, ack: Request) -> None:
        """Both sides know of the answer now. With a late offer the ACK holds what the far side speaks."""
        self.insisting = None
        self.step(Event.ACK)
        if self.state is not State.TALKING:
            return
        try:
            description = self._offered or description_in(ack)
        except BadMessageError:
            description = None
        if description is None or self.ours is None or self.ours.laws[0] not in description.stream.laws:
            self.end_with(Event.HANG_UP, 488, "no audio that we speak")
            return
        self.offers.watch(self._session)
        offer = description.spoken(self.ours.laws[0])
        self.far = offer.far
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(offer)

    async def refuse(self, status: int, reason: str = "") -> None:
        if self.state is not State.INVITED:
            raise CallOverError
        self.end_with(Event.SAY_FAILURE, status, reason)

    def say_no(self) -> None:
        self._transaction.say(self._to_invite(self.ending))

    def over(self, status: int) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(TimeoutError() if status == 408 else CallOverError())
            self._answer.exception()  # nobody may be waiting any more

    def entered(self, state: State) -> None:
        super().entered(state)
        if state is State.LEAVING:
            self.over(200)

    @property
    def patience(self) -> tuple[float, float]:
        return 0.0, 2.0

    def _to_invite(self, status: int, headers: list[tuple[str, str]] | None = None, body: bytes = b"") -> Response:
        response = self.reply(self._transaction, status, headers or (), body)
        if status < 300:
            response.headers.add("contact", self.house.contact(self.flow))
            for name, value in self._transaction.request.headers.copied("record-route"):
                response.headers.add(name, value)
        return response
