"""A call of ours: to a phone over the way it registered by, to a number over a trunk."""

from collections.abc import Sequence

from trustdesk.sipedge.media.contracts import Law, Place
from trustdesk.sipedge.sip.bodies import description_in
from trustdesk.sipedge.sip.calls import Call
from trustdesk.sipedge.sip.clock import LONGEST
from trustdesk.sipedge.sip.contracts import CallOverError, Offer, Peer
from trustdesk.sipedge.sip.dialogs import Dialog, dialog_of_sender
from trustdesk.sipedge.sip.digest import Prover
from trustdesk.sipedge.sip.errands import Errand
from trustdesk.sipedge.sip.faults import BadMessageError
from trustdesk.sipedge.sip.flows import Flow
from trustdesk.sipedge.sip.headers import small_number
from trustdesk.sipedge.sip.house import House
from trustdesk.sipedge.sip.layer import PRODUCT
from trustdesk.sipedge.sip.limits import Network
from trustdesk.sipedge.sip.message import Request, Response
from trustdesk.sipedge.sip.phrases import phrase
from trustdesk.sipedge.sip.refreshing import MOST_SECONDS, agreed_by_sender
from trustdesk.sipedge.sip.sdp import CONTENT_TYPE, Description, Ours, agreed
from trustdesk.sipedge.sip.states import CALL_OUT, Event, State, table

RINGS_AT_MOST = 180.0  # seconds after the last sign of life; the exchange's own patience is shorter
TOO_SHORT = 422


class OutgoingCall(Call):
    table = table(CALL_OUT)

    def __init__(
        self,
        house: House,
        peer: Peer,
        flow: Flow,
        dialog: Dialog,
        *,
        ours: Ours,
        prover: Prover | None,
        networks: tuple[Network, ...],
        others: Sequence[Flow],
    ) -> None:
        super().__init__(house, peer, State.CALLING, flow, dialog)
        self.ours = ours
        self.prover = prover
        self.networks = networks
        self._others = list(others)
        self._early: dict[str, Dialog] = {}
        self._early_answers: dict[str, Description] = {}
        self._sequences: dict[str, int] = {}
        self._sent_away: set[str] = set()
        self._rung = False
        self._answered: Response
        self._answer: Offer | None = None
        self._errand = Errand(
            house.layer,
            lambda then: then(self.flow),
            prover,
            dialog.number,
            self._heard,
            self._failed,
        )

    def invite(self, identity: Sequence[tuple[str, str]]) -> None:
        """The first message leaves."""
        headers = [*self.session_headers(), *identity, ("user-agent", PRODUCT)]
        request = self.dialog.request("INVITE", headers=headers)
        if self.ours is not None:
            request.body = self.ours.offered()
            request.headers.add("content-type", CONTENT_TYPE)
        self._errand.run(request)

    async def ring(self) -> None:
        raise CallOverError("it is we who call")

    async def answer(self, place: Place, law: Law) -> Offer:  # noqa: ARG002 - the contract's
        raise CallOverError("it is we who call")

    async def refuse(self, status: int, reason: str = "") -> None:  # noqa: ARG002 - the contract's
        raise CallOverError("it is we who call")

    # Answers

    def _heard(self, response: Response) -> None:
        if response.status < 200:
            self._progress(response)
        elif response.status < 300:
            self._success(response)
        elif not self._tried_again(response):
            self.end_with(Event.FAILURE, response.status, phrase(response.status))

    def _tried_again(self, response: Response) -> bool:
        if response.status == TOO_SHORT:
            return self._longer(response)
        return response.status == 503 and self._elsewhere()

    def _failed(self, status: int) -> None:
        if not self._elsewhere():
            self.end_with(Event.TIMEOUT if status == 408 else Event.BROKEN, status, phrase(status))

    def _elsewhere(self) -> bool:
        """The carrier's next server, as long as nothing was heard of a call (RFC 3263 §4.3)."""
        if self.state is not State.CALLING or not self._others:
            return False
        self.flow = self._others.pop(0)
        again = self._errand.again()
        again.headers.put("contact", self.house.contact(self.flow))
        self._errand.tries = 0
        self._errand.run(again)
        return True

    def _longer(self, response: Response) -> bool:
        """422: the other side wants a longer session (RFC 4028 §7.2), once."""
        least = small_number(response.headers.first("min-se"), most=MOST_SECONDS)
        if self.state not in {State.CALLING, State.PROCEEDING} or not least or least <= self.house.session_seconds:
            return False
        again = self._errand.again()
        if again.headers.first("min-se") == str(least):
            return False
        again.headers.put("session-expires", f"{least};refresher=uac")
        again.headers.put("min-se", str(least))
        self._errand.run(again)
        return True

    def _progress(self, response: Response) -> None:
        self.step(Event.PROVISIONAL)
        if self.state is not State.PROCEEDING:
            return
        self.timers.set("rings", RINGS_AT_MOST, lambda: self.end_with(Event.TIMEOUT, 408, "it rang too long"))
        if response.status == 100:
            return
        if response.to.tag and "rseq" in response.headers:
            self._prack(response)
        if not self._rung:
            self._rung = True
            self.teller.tell(lambda owner: owner.ringing())

    def _prack(self, response: Response) -> None:
        """Each reliable 1xx once and in its order (RFC 3262 §4)."""
        sequence = small_number(response.headers.first("rseq"), most=2**32)
        tag = response.to.tag
        last = self._sequences.get(tag)
        if not sequence or (last is not None and sequence != last + 1):
            return
        self._sequences[tag] = sequence
        dialog = self._early.setdefault(tag, _dialog(self._errand.request, response))
        try:
            if description := description_in(response):
                self._early_answers[tag] = description
        except BadMessageError:
            pass  # the final answer is looked at again
        self.send(
            dialog,
            "PRACK",
            heard=lambda _response: None,
            failed=lambda _status: None,
            headers=[("rack", f"{sequence} {response.cseq}")],
        )

    def _success(self, response: Response) -> None:
        tag = response.to.tag
        if self.state in {State.TALKING, State.OVER} and tag != self.dialog.remote.tag:
            self._other_branch(response)
            return
        if self.state is not State.OVER and self.state is not State.TALKING:
            self._settle(response)
        self._answered = response
        self.step(Event.SUCCESS)
        if self.state is State.TALKING and self._answer is None:
            self.end_with(Event.HANG_UP, 488, phrase(488))

    def _settle(self, response: Response) -> None:
        """From an answer to a dialog, and to what is spoken in it."""
        dialog = _dialog(self._errand.request, response)
        if early := self._early.get(response.to.tag):
            dialog.sent = max(dialog.sent, early.sent)
        self.dialog = dialog
        self.take_capabilities(response)
        try:
            answer = description_in(response) or self._early_answers.get(response.to.tag)
            if answer is not None and self.ours is not None:
                law = agreed(answer, self.ours.laws)
                self.ours = Ours(self.ours.session, self.ours.place, (law,), self.ours.keys_type)
                self._answer = answer.spoken(law)
                self.far = self._answer.far
        except BadMessageError:
            self._answer = None

    def _other_branch(self, response: Response) -> None:
        """A fork answered twice: the second is thanked and sent away (§13.2.2.4)."""
        other = _dialog(self._errand.request, response)
        self.acknowledge(other, response.cseq.number)
        if response.to.tag not in self._sent_away:
            self._sent_away.add(response.to.tag)
            self.say_bye(other)

    # Deeds

    def send_ack(self) -> None:
        self.acknowledge(self.dialog, self._answered.cseq.number)

    def tell_answer(self) -> None:
        self.timers.stop("rings")
        if self._answer is None:
            return
        offer = self._answer
        self.offers.watch(agreed_by_sender(self._answered, self.house.session_seconds))
        self.teller.tell(lambda owner: owner.answered(offer))

    def send_cancel(self) -> None:
        if self._errand.transaction is not None:
            self.house.layer.cancel(self._errand.transaction)

    def entered(self, state: State) -> None:
        super().entered(state)
        if state in {State.LEAVING, State.WITHDRAWN}:
            self._errand.abandoned = True
            self.timers.stop("rings")
            self.timers.set("withdrawn", LONGEST, lambda: self.step(Event.TIMEOUT))

    def over(self, status: int) -> None:  # noqa: ARG002 - whatever it was
        """An INVITE that still has no final answer is waited for no longer."""
        transaction = self._errand.transaction
        if transaction is not None and transaction.state in {State.CALLING, State.PROCEEDING}:
            transaction.step(Event.TIMEOUT)

    def pracked(self, _request: Request) -> bool:
        return False

    @property
    def patience(self) -> tuple[float, float]:
        return 2.1, 4.0


def _dialog(invite: Request, response: Response) -> Dialog:
    """Of an answer whose Contact or Record-Route can't be read too: it gets its ACK by the way of the INVITE."""
    try:
        return dialog_of_sender(invite, response)
    except BadMessageError:
        return Dialog(invite.call_id, invite.from_, response.to, invite.uri, sent=invite.cseq.number)
