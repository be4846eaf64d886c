"""What the other side may ask within a call: goodbye, another offer, a refresh, a key, a sign of life."""

from typing import TYPE_CHECKING

from trustdesk.sipedge.sip.bodies import demanded, description_in, key_in
from trustdesk.sipedge.sip.contracts import Offer
from trustdesk.sipedge.sip.faults import BadMessageError
from trustdesk.sipedge.sip.flows import Flow
from trustdesk.sipedge.sip.insisting import Insisting
from trustdesk.sipedge.sip.layer import OURS, SUPPORTED
from trustdesk.sipedge.sip.message import Request
from trustdesk.sipedge.sip.offers import GLARE
from trustdesk.sipedge.sip.refreshing import agreed_by_receiver
from trustdesk.sipedge.sip.sdp import Description, answering
from trustdesk.sipedge.sip.states import Event, State
from trustdesk.sipedge.sip.transactions import ServerTransaction

if TYPE_CHECKING:
    from trustdesk.sipedge.sip.calls import Call

# What is refused, and with which status: nobody but the desk sends a call elsewhere.
REFUSED = {"REFER": 403, "SUBSCRIBE": 489, "NOTIFY": 489, "PUBLISH": 489}


class Within:
    def __init__(self, call: "Call") -> None:
        self._call = call
        self._takes = {
            "BYE": self._bye,
            "INVITE": self._invite,
            "UPDATE": self._update,
            "INFO": self._info,
            "OPTIONS": self._options,
            "PRACK": self._prack,
        }

    def requested(self, request: Request, flow: Flow) -> None:
        call = self._call
        transaction = call.house.layer.accept(request, flow)
        take = self._takes.get(request.method)
        if not call.dialog.follows(request):
            call.answer_with(transaction, 500)
        elif take is None:
            call.answer_with(transaction, REFUSED.get(request.method, 405), [("allow", OURS)])
        elif wanted := demanded(request):
            call.answer_with(transaction, 420, [("unsupported", ", ".join(wanted))])
        else:
            try:
                take(request, transaction)
            except BadMessageError as fault:
                call.answer_with(transaction, fault.status, refusal_headers(fault.status))

    def _bye(self, _request: Request, transaction: ServerTransaction) -> None:
        call = self._call
        call.answer_with(transaction, 200)
        call.end_with(Event.BYE, 487 if call.state is State.INVITED else 200, "")

    def _options(self, _request: Request, transaction: ServerTransaction) -> None:
        self._call.answer_with(transaction, 200, [("allow", OURS), ("accept", "application/sdp")])

    def _info(self, request: Request, transaction: ServerTransaction) -> None:
        call = self._call
        key = key_in(request)
        call.answer_with(transaction, 200)
        if key:
            call.teller.tell(lambda owner: owner.digit(key))

    def _prack(self, request: Request, transaction: ServerTransaction) -> None:
        call = self._call
        call.answer_with(transaction, 200 if call.pracked(request) else 481)

    def _invite(self, request: Request, transaction: ServerTransaction) -> None:
        """A new offer, or a question for ours (late offer): answered at once, by the law that is spoken already."""
        call = self._call
        if call.state is not State.TALKING or call.insisting is not None or call.ours is None:
            call.answer_with(transaction, 500, [("retry-after", "3")])  # §14.2
            return
        if call.offers.open:
            call.answer_with(transaction, GLARE)
            return
        offered = description_in(request)
        refresh, timer = agreed_by_receiver(request, call.house.session_seconds)
        ours = call.ours if offered is None else answering(call.ours, offered)
        body = ours.offered() if offered is None else ours.answered(offered)
        call.dialog.retarget(request)
        call.ours = ours
        call.take_capabilities(request)
        headers = [("contact", call.house.contact(call.flow)), ("allow", OURS), ("supported", SUPPORTED), *timer]
        call.insisting = Insisting(
            call.timers,
            transaction,
            call.reply(transaction, 200, headers, body),
            arrived=lambda ack: self._agreed(ack, offered),
            never=lambda: call.end_with(Event.TIMEOUT, 408, "no ACK"),
        )
        if offered is not None:
            self._tell(offered)
        call.offers.watch(refresh)

    def _agreed(self, ack: Request, offered: Description | None) -> None:
        call = self._call
        call.insisting = None
        if offered is None:
            try:
                answered = description_in(ack)
            except BadMessageError:
                answered = None
            if answered is not None:
                self._tell(answered)

    def _update(self, request: Request, transaction: ServerTransaction) -> None:
        """RFC 3311: an offer without the ceremony of an INVITE, or none and only a refresh."""
        call = self._call
        offered = description_in(request)
        refresh, timer = agreed_by_receiver(request, call.house.session_seconds)
        headers = [("contact", call.house.contact(call.flow)), ("allow", OURS), ("supported", SUPPORTED), *timer]
        if offered is None:
            call.dialog.retarget(request)
            call.take_capabilities(request)
            call.answer_with(transaction, 200, headers)
        elif call.offers.open:
            call.answer_with(transaction, GLARE)
            return
        elif call.ours is None or call.state is not State.TALKING:
            call.answer_with(transaction, 500, [("retry-after", "3")])  # our answer to the first offer is still due
            return
        else:
            ours = answering(call.ours, offered)
            call.dialog.retarget(request)
            call.ours = ours
            transaction.say(call.reply(transaction, 200, headers, call.ours.answered(offered)))
            self._tell(offered)
        if call.state is State.TALKING:
            call.offers.watch(refresh)

    def _tell(self, description: Description) -> None:
        call = self._call
        if call.ours is None:
            return
        offer: Offer = description.spoken(call.ours.laws[0])
        if offer.far != call.far:
            call.far = offer.far
            call.teller.tell(lambda owner: owner.changed(offer))


def refusal_headers(status: int) -> list[tuple[str, str]]:
    """What belongs to a refusal (§21.4)."""
    if status == 415:
        return [("accept", "application/sdp"), ("accept-encoding", "identity")]
    if status == 422:
        return [("min-se", "90")]
    return [("allow", OURS)] if status in {405, 501} else []
