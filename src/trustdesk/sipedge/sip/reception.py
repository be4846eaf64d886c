"""What comes in and belongs to nothing yet: a call, a phone that registers, a question, a stranger."""

from collections.abc import Callable

import structlog

from trustdesk.sipedge.sip.admission import Admission, Admitted, Challenged, Verdict
from trustdesk.sipedge.sip.bodies import demanded, description_in, takes_sdp
from trustdesk.sipedge.sip.contracts import Invitation, Offer, Side
from trustdesk.sipedge.sip.faults import BadMessageError
from trustdesk.sipedge.sip.flows import Flow
from trustdesk.sipedge.sip.house import House
from trustdesk.sipedge.sip.incoming import IncomingCall
from trustdesk.sipedge.sip.layer import OURS, SUPPORTED
from trustdesk.sipedge.sip.limits import Limits
from trustdesk.sipedge.sip.message import Request, UnreadableRequestError, answer_to, answer_to_unreadable
from trustdesk.sipedge.sip.numbers import called, caller
from trustdesk.sipedge.sip.registrar import LEAST_SECONDS, Registrar
from trustdesk.sipedge.sip.transactions import ServerTransaction
from trustdesk.sipedge.sip.within import refusal_headers

MOST_CALLS = 2_000
OUTSIDE = frozenset({"INVITE", "REGISTER", "OPTIONS", "CANCEL"})
KNOWN = OUTSIDE | {"BYE", "INFO", "PRACK", "UPDATE", "REFER", "SUBSCRIBE", "NOTIFY", "MESSAGE", "PUBLISH"}
_KEPT_HEADERS = ("diversion", "history-info", "x-call-id")
_log = structlog.get_logger(__name__)


class Reception:
    """The layer's receiver."""

    def __init__(
        self,
        house: Callable[[], House],
        admission: Admission,
        registrar: Registrar,
        limits: Limits,
        invited: Callable[[IncomingCall, Invitation], object],
    ) -> None:
        self._house = house
        self._admission = admission
        self._registrar = registrar
        self._limits = limits
        self._invited = invited

    def passes(self, flow: Flow) -> bool:
        return self._limits.passes(flow.remote[0], self._house().clock.time())

    def unreadable(self, flow: Flow, fault: BadMessageError) -> None:
        """A known sender is told what is wrong with it."""
        host = flow.remote[0]
        if self._admission.trunk_at(host) is None and not self._limits.is_friend(host):
            self._offended(host)
        elif isinstance(fault, UnreadableRequestError):
            self._house().layer.unreadable(flow, fault, answer_to_unreadable(fault))

    def acknowledged(self, request: Request, flow: Flow) -> None:
        call = self._house().calls.get((request.call_id, request.to.tag))
        if call is not None and call.knows(request.from_.tag) and call.hears(flow.remote[0]):
            call.acknowledged(request)

    def requested(self, request: Request, flow: Flow) -> None:
        if request.method == "CANCEL":
            self._cancel(request, flow)
        elif request.to.tag:
            self._within(request, flow)
        elif request.method == "REGISTER":
            self._register(request, flow)
        elif request.method == "INVITE":
            self._invite(request, flow)
        else:
            self._asked(request, flow)

    def _within(self, request: Request, flow: Flow) -> None:
        """Of a call: its tags are ours and theirs, and it comes from where the call can come from."""
        house = self._house()
        call = house.calls.get((request.call_id, request.to.tag))
        host = flow.remote[0]
        if call is not None and call.knows(request.from_.tag) and call.hears(host):
            call.requested(request, flow)
        elif self._admission.trunk_at(host) is not None or self._limits.is_friend(host):
            house.layer.refuse(request, flow, 481)
        else:
            self._offended(host)

    def _cancel(self, request: Request, flow: Flow) -> None:
        house = self._house()
        invite = house.layer.cancelled(request)
        if invite is None or invite.flow.remote[0] != flow.remote[0]:
            if self._admission.trunk_at(flow.remote[0]) is not None or self._limits.is_friend(flow.remote[0]):
                house.layer.refuse(request, flow, 481)
            return
        house.layer.accept(request, flow).say(answer_to(request, 200, tag=request.to.tag or "cancelled"))
        invite.cancelled()

    def _register(self, request: Request, flow: Flow) -> None:
        host = flow.remote[0]
        verdict = self._admission.phone(request, host, self._house().clock.time())
        if not isinstance(verdict, Admitted):
            self._turned_away(request, flow, verdict)
            return
        transaction = self._house().layer.accept(request, flow)
        try:
            if wanted := demanded(request):
                self._say(transaction, 420, [("unsupported", ", ".join(wanted))])
            else:
                self._say(transaction, 200, self._registrar.register(verdict.peer.phone, request, flow))
        except BadMessageError as fault:
            brief = [("min-expires", str(LEAST_SECONDS))] if fault.status == 423 else []
            self._say(transaction, fault.status, brief)

    def _invite(self, request: Request, flow: Flow) -> None:
        house = self._house()
        verdict = self._admission.caller(request, flow.remote[0], house.clock.time())
        if not isinstance(verdict, Admitted):
            self._turned_away(request, flow, verdict)
        elif house.layer.merged(request):
            house.layer.refuse(request, flow, 482)
        elif len(house.calls) >= MOST_CALLS:
            house.layer.refuse(request, flow, 503, [("retry-after", "10")])
        else:
            self._begin(request, flow, verdict)

    def _begin(self, request: Request, flow: Flow, verdict: Admitted) -> None:
        house = self._house()
        transaction = house.layer.accept(request, flow)
        try:
            status, headers = self._fault_of(request, verdict)
            if status:
                self._say(transaction, status, headers)
                return
            transaction.say(answer_to(request, 100))
            description = description_in(request)
            invitation = Invitation(
                peer=verdict.peer,
                number=called(request, house.config.numbers),
                caller=caller(request, believed=verdict.peer.side is Side.TRUNK),
                offer=description.offer if description else Offer(far=None),
                headers={name: request.headers.first(name) for name in _KEPT_HEADERS if name in request.headers},
            )
            call = IncomingCall(house, verdict.peer, transaction, description)
        except BadMessageError as fault:
            self._say(transaction, fault.status, refusal_headers(fault.status))
            return
        call.networks = verdict.networks
        call.prover = self._admission.prover(verdict.peer)
        self._invited(call, invitation)

    def _fault_of(self, request: Request, verdict: Admitted) -> tuple[int, list[tuple[str, str]]]:
        """What stands against a call before anybody is asked; 0 for nothing."""
        if not request.uri.known and request.uri.scheme != "tel":
            return 416, []
        if wanted := demanded(request):
            return 420, [("unsupported", ", ".join(wanted))]
        if not takes_sdp(request):
            return 406, []
        house = self._house()
        if verdict.peer.side is Side.TRUNK and called(request, house.config.numbers) not in house.config.numbers:
            return 404, []
        return 0, []

    def _asked(self, request: Request, flow: Flow) -> None:
        """OPTIONS, and what is nothing outside of a call. A stranger's question has no answer."""
        host = flow.remote[0]
        house = self._house()
        if self._admission.trunk_at(host) is None and not self._limits.is_friend(host):
            self._offended(host)
            return
        headers = [("allow", OURS), ("accept", "application/sdp"), ("supported", SUPPORTED)]
        if not request.uri.known:
            status, headers = 416, []
        elif request.method == "OPTIONS":
            status = 200
            if wanted := demanded(request):
                status, headers = 420, [("unsupported", ", ".join(wanted))]
        elif request.method in KNOWN:
            status, headers = (481 if request.method in {"BYE", "INFO", "PRACK", "UPDATE"} else 405), headers[:1]
        else:
            status, headers = 501, headers[:1]
        house.layer.refuse(request, flow, status, headers)

    def _turned_away(self, request: Request, flow: Flow, verdict: Verdict) -> None:
        layer = self._house().layer
        if isinstance(verdict, Challenged):
            if verdict.wrong:
                self._offended(flow.remote[0])
            layer.refuse(request, flow, 401, [("www-authenticate", verdict.challenge)])
        else:
            self._offended(flow.remote[0])
            layer.refuse(request, flow, 403)

    def _offended(self, host: str) -> None:
        if self._limits.offend(host, self._house().clock.time()):
            _log.warning("sip.banned", bans=self._limits.bans)

    def _say(self, transaction: ServerTransaction, status: int, headers: list[tuple[str, str]]) -> None:
        response = answer_to(transaction.request, status, tag=f"r{id(transaction):x}")
        for name, value in headers:
            response.headers.add(name, value)
        transaction.say(response)
