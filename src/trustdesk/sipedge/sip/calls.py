"""What a call in and a call out have in common: a dialog, a state, and one who is told what becomes of it."""

import asyncio
import contextlib
import secrets
from collections.abc import Callable, Iterable, Mapping
from ipaddress import ip_address

from trustdesk.sipedge.media.contracts import Far
from trustdesk.sipedge.sip.contracts import CallOverError, Peer, Side
from trustdesk.sipedge.sip.dialogs import Dialog
from trustdesk.sipedge.sip.digest import Prover
from trustdesk.sipedge.sip.errands import Errand
from trustdesk.sipedge.sip.faults import BadMessageError
from trustdesk.sipedge.sip.flows import Flow
from trustdesk.sipedge.sip.house import House
from trustdesk.sipedge.sip.insisting import Insisting
from trustdesk.sipedge.sip.layer import OURS, PRODUCT, SUPPORTED
from trustdesk.sipedge.sip.limits import Network
from trustdesk.sipedge.sip.message import Request, Response, answer_to
from trustdesk.sipedge.sip.offers import GONE, Offers
from trustdesk.sipedge.sip.sdp import CONTENT_TYPE, Ours
from trustdesk.sipedge.sip.states import Deed, Event, State
from trustdesk.sipedge.sip.telling import Teller
from trustdesk.sipedge.sip.transactions import Machine, ServerTransaction
from trustdesk.sipedge.sip.within import Within


class Call(Machine):
    """The exchange's SipCall, but for what differs between a call in and a call out."""

    def __init__(self, house: House, peer: Peer, state: State, flow: Flow, dialog: Dialog) -> None:
        doing: Mapping[Deed, Callable[[], object]] = {
            Deed.REFUSE: self.say_no,
            Deed.SEND_CANCEL: self.send_cancel,
            Deed.SEND_BYE: lambda: self.say_bye(self.dialog),
            Deed.TELL_END: self._tell_end,
            Deed.ACK: self.send_ack,
            Deed.TELL: self.tell_answer,
        }
        super().__init__(state, house.clock, doing)
        self.house = house
        self.peer = peer
        self.name = secrets.token_hex(8)
        self.flow = flow
        self.dialog = dialog
        self.prover: Prover | None = None
        self.networks: tuple[Network, ...] = ()
        self.teller = Teller(house.spawn)
        self.ours: Ours | None = None
        self.far: Far | None = None
        self.allowed: frozenset[str] = frozenset()
        self.insisting: Insisting | None = None
        self.offers = Offers(self)
        self.within = Within(self)
        self._ending = (0, "")
        house.calls[dialog.key] = self

    # What the exchange says

    async def hold(self, *, on: bool) -> None:
        """A far side that refuses it keeps the direction it has: the call goes on."""
        await self.offers.renegotiate("sendonly" if on else "sendrecv")

    async def send_digits(self, digits: str) -> None:
        for digit in digits:
            body = f"Signal={digit}\r\nDuration=160\r\n".encode()
            await self.ask("INFO", body=body, content_type="application/dtmf-relay")

    async def hang_up(self, reason: str = "") -> None:
        statuses = {State.INVITED: 480, State.CALLING: 487, State.PROCEEDING: 487}
        self.end_with(Event.HANG_UP, statuses.get(self.state, 200), reason)

    def close(self) -> None:
        self.end_with(Event.HANG_UP, 503, "the edge stops")

    # The end

    def end_with(self, event: Event, status: int, reason: str) -> None:
        """Step towards the end. If the step tells it, it is told with these words."""
        before, self._ending = self._ending, (status, reason)
        if not self.step(event):
            self._ending = before

    def entered(self, state: State) -> None:
        if state is State.OVER:
            self.timers.stop_all()
            self.insisting = None
            self.house.calls.pop(self.dialog.key, None)
            self.over(self.ending)

    def over(self, status: int) -> None:
        """Whoever waits for something waits in vain."""

    @property
    def ending(self) -> int:
        return self._ending[0]

    def gone(self, status: int) -> None:
        """The other side has no such call, or does not answer."""
        self.end_with(Event.BROKEN, status, "no such call there")

    # Deeds of the tables; each is one of a call in or of a call out

    def say_no(self) -> None:
        raise NotImplementedError

    def send_cancel(self) -> None:
        raise NotImplementedError

    def send_ack(self) -> None:
        raise NotImplementedError

    def tell_answer(self) -> None:
        raise NotImplementedError

    def say_bye(self, dialog: Dialog) -> None:
        self.send(dialog, "BYE", heard=lambda _response: None, failed=lambda _status: None)

    def _tell_end(self) -> None:
        status, reason = self._ending
        self.teller.tell(lambda owner: owner.ended(status, reason))

    # Requests of ours

    def reach(self, dialog: Dialog, then: Callable[[Flow | None], object]) -> None:
        keep = self.peer.side is Side.PHONE and not dialog.route
        self.house.way(dialog.next_hop, self.flow, then, keep=keep)

    def send(
        self,
        dialog: Dialog,
        method: str,
        *,
        heard: Callable[[Response], object],
        failed: Callable[[int], object],
        headers: Iterable[tuple[str, str]] = (),
        body: bytes = b"",
        content_type: str = "",
    ) -> Errand:
        request = dialog.request(method, headers=[*headers, ("user-agent", PRODUCT)])
        if body:
            request.body = body
            request.headers.add("content-type", content_type)
        errand = Errand(
            self.house.layer, lambda then: self.reach(dialog, then), self.prover, dialog.number, heard, failed
        )
        errand.run(request)
        return errand

    async def ask(self, method: str, *, body: bytes, content_type: str) -> Response:
        """A request whose answer is waited for. TimeoutError without one, CallOverError where there is no call."""
        if self.state is not State.TALKING:
            raise CallOverError
        answer: asyncio.Future[Response | None] = asyncio.get_running_loop().create_future()

        def settle(response: Response | None) -> None:
            if not answer.done() and (response is None or response.status >= 200):
                answer.set_result(response)

        self.send(
            self.dialog,
            method,
            heard=settle,
            failed=lambda _status: settle(None),
            body=body,
            content_type=content_type,
        )
        response = await answer
        if response is None:
            self.gone(408)
            raise TimeoutError
        if response.status in GONE:
            self.gone(response.status)
            raise CallOverError
        return response

    def acknowledge(self, dialog: Dialog, number: int) -> None:
        """The ACK of a 2xx: a request of its own, by the dialog's way (RFC 3261 §13.2.2.4)."""
        ack = dialog.request("ACK", number=number)
        self.reach(dialog, lambda flow: None if flow is None else self.house.layer.send_ack(ack, flow))

    def session_headers(self) -> list[tuple[str, str]]:
        """What every offer and refresh of ours says of us."""
        return [
            ("contact", self.house.contact(self.flow)),
            ("allow", OURS),
            ("supported", SUPPORTED),
            ("session-expires", f"{self.house.session_seconds};refresher=uac"),
            ("min-se", "90"),
        ]

    # What the far side says

    def requested(self, request: Request, flow: Flow) -> None:
        self.within.requested(request, flow)

    def acknowledged(self, request: Request) -> None:
        if self.insisting is not None and self.insisting.number == request.cseq.number:
            self.insisting.heard(request)

    def knows(self, tag: str) -> bool:
        return tag == self.dialog.remote.tag

    def hears(self, host: str) -> bool:
        """What can be the far side: where the call came from or went to, a trunk's addresses, stations between."""
        places = {self.flow.remote[0], self.dialog.target.host, *(station.uri.host for station in self.dialog.route)}
        return host in places or any(ip_address(host) in network for network in self.networks)

    @property
    def patience(self) -> tuple[float, float]:
        """Between which seconds an offer waits after both sides offered at once (§14.1): the caller longer."""
        raise NotImplementedError

    def pracked(self, request: Request) -> bool:
        """Whether a PRACK is of something we said."""
        raise NotImplementedError

    def take_capabilities(self, message: Request | Response) -> None:
        if "allow" in message.headers:
            with contextlib.suppress(BadMessageError):  # who says it so that it can't be read, can nothing
                self.allowed = message.headers.words("allow")

    def reply(
        self, transaction: ServerTransaction, status: int, headers: Iterable[tuple[str, str]] = (), body: bytes = b""
    ) -> Response:
        response = answer_to(transaction.request, status, tag=self.dialog.local.tag)
        for name, value in headers:
            response.headers.add(name, value)
        if body:
            response.body = body
            response.headers.add("content-type", CONTENT_TYPE)
        return response

    def answer_with(self, transaction: ServerTransaction, status: int, headers: Iterable[tuple[str, str]] = ()) -> None:
        transaction.say(self.reply(transaction, status, headers))
