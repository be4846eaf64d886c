"""One carrier: where calls go, whether it answers, and our registration there (RFC 3261 §10.2)."""

import secrets
from collections.abc import Callable, Sequence

from trustdesk.sipedge.contracts import Trunk
from trustdesk.sipedge.sip.clock import Timers
from trustdesk.sipedge.sip.digest import Prover
from trustdesk.sipedge.sip.errands import Errand
from trustdesk.sipedge.sip.faults import BadMessageError
from trustdesk.sipedge.sip.flows import Flow
from trustdesk.sipedge.sip.headers import CSeq, Headers, small_number
from trustdesk.sipedge.sip.house import House
from trustdesk.sipedge.sip.layer import PRODUCT
from trustdesk.sipedge.sip.message import Request, Response
from trustdesk.sipedge.sip.streams import Stream
from trustdesk.sipedge.sip.uri import Address, Uri, parse_uri

REGISTERED_FOR = 600
ASK_AFTER = 30.0  # seconds between two questions whether it answers
AGAIN_AFTER, AGAIN_AT_MOST = 5.0, 120.0
LEAST = 15  # seconds that a registration lives, whatever a carrier says


class Line:
    """Keeps asking one trunk. `changed` is told when it begins or ceases to answer."""

    def __init__(
        self, house: House, trunk: Trunk, *, changed: Callable[[], object], learned: Callable[[str], object]
    ) -> None:
        self.trunk = trunk
        self.answers = False
        self.prover = Prover(trunk.user, trunk.password, trunk.realm) if trunk.user and trunk.password else None
        self._house = house
        self._changed = changed
        self._learned = learned
        self._timers = Timers(house.clock)
        self._call_id = secrets.token_hex(16)
        self._tag = secrets.token_hex(8)
        self._sent = 0
        self._pause = AGAIN_AFTER
        self._seconds = REGISTERED_FOR
        self._closed = False
        self._flow: Flow | None = None
        self.registrar = _read(trunk.registrar)
        self.target = _read(trunk.target) or self.registrar

    def start(self) -> None:
        if self.registrar is not None:
            self._register(self.registrar, self._seconds)
        elif self.target is not None:
            self._ask(self.target)

    async def flows(self) -> Sequence[Flow]:
        """The ways to its servers, the best first."""
        if self.target is None:
            return []
        if self._flow is not None and self._flow.open and self.target == self.registrar:
            return [self._flow]
        try:
            targets = await self._house.transports.ways(self.target)
        except OSError:
            return []
        return [flow for target in targets if (flow := await self._house.flow_to(target))]

    def _request(self, method: str, uri: Uri, user: str) -> Request:
        self._sent += 1
        own = Address(Uri("sip", uri.host, user=user))
        from_ = own.tagged(self._tag)
        headers = Headers(
            [
                ("max-forwards", "70"),
                ("from", str(from_)),
                ("to", str(own if method == "REGISTER" else Address(uri))),
                ("call-id", self._call_id),
                ("cseq", str(CSeq(self._sent, method))),
                ("user-agent", PRODUCT),
            ]
        )
        request = Request(headers, method=method, uri=uri)
        request.call_id, request.cseq = self._call_id, CSeq(self._sent, method)
        request.from_, request.to = from_, own
        return request

    def _number(self) -> int:
        self._sent += 1
        return self._sent

    def _run(
        self, request: Request, uri: Uri, heard: Callable[[Response], object], finish: Callable[[Request, Flow], object]
    ) -> None:
        def go(flow: Flow | None) -> None:
            if flow is None:
                self._failed(503)
                return
            if isinstance(flow, Stream) and flow is not self._flow:
                flow.on_closed.append(lambda: self._lost(flow))
            self._flow = flow
            finish(request, flow)
            Errand(self._house.layer, lambda then: then(flow), self.prover, self._number, heard, self._failed).run(
                request
            )

        self._house.way(uri, None, go)

    def _register(self, registrar: Uri, seconds: int) -> None:
        user = self.trunk.user or PRODUCT
        where = Uri(registrar.scheme, registrar.host, registrar.port, params=registrar.params)

        def finish(request: Request, flow: Flow) -> None:
            request.headers.add("contact", f"{self._house.contact(flow, user)};expires={seconds}")
            request.headers.add("expires", str(seconds))

        self._run(self._request("REGISTER", where, user), where, self._registered, finish)

    def _registered(self, response: Response) -> None:
        if response.status < 200 or self._closed:
            return
        least = small_number(response.headers.first("min-expires"), most=86_400) or 0
        if response.status == 423 and least > self._seconds and self.registrar is not None:
            self._seconds = least
            self._register(self.registrar, least)
        elif response.status >= 300:
            self._failed(response.status)
        else:
            if self._flow is not None:
                self._learned(self._flow.remote[0])
            self._heard_of(self._granted(response) * 0.8)

    def _granted(self, response: Response) -> int:
        """For how long: as our Contact in the answer says, else the answer, else what we asked for."""
        try:
            said = [contact.params.get("expires", "") for contact in response.addresses("contact")]
        except BadMessageError:
            said = []
        numbers = [small_number(text, most=86_400) for text in (*said, response.headers.first("expires")) if text]
        return max(LEAST, min([number for number in numbers if number] or [self._seconds]))

    def _ask(self, target: Uri) -> None:
        def heard(response: Response) -> None:
            if response.status >= 200:
                self._heard_of(ASK_AFTER)

        self._run(self._request("OPTIONS", target, PRODUCT), target, heard, lambda _request, _flow: None)

    def _heard_of(self, next_after: float) -> None:
        self._pause = AGAIN_AFTER
        self._timers.set("next", next_after, self.start)
        self._turn(answers=True)

    def _failed(self, _status: int) -> None:
        if self._closed:
            return
        self._timers.set("next", self._pause, self.start)
        self._pause = min(self._pause * 2, AGAIN_AT_MOST)
        self._turn(answers=False)

    def _lost(self, flow: Flow) -> None:
        """The connection that calls would come by is closed: make another."""
        if flow is self._flow and self.registrar is not None:
            self._failed(503)

    def _turn(self, *, answers: bool) -> None:
        if self.answers is not answers and not self._closed:
            self.answers = answers
            self._changed()

    def close(self) -> None:
        """Say goodbye where we are registered."""
        self._timers.stop_all()
        if self.registrar is not None and self.answers and not self._closed:
            self._register(self.registrar, 0)
        self._closed = True


def _read(text: str) -> Uri | None:
    """The URI of the settings. ValueError where it is none."""
    if not text:
        return None
    return parse_uri(text if text.startswith(("sip:", "sips:")) else f"sip:{text}")
