"""A request of ours with all its tries: the way is found, challenges are met, and one outcome is told."""

from collections.abc import Callable
from dataclasses import dataclass, field

from trustdesk.sipedge.sip.digest import Prover
from trustdesk.sipedge.sip.flows import Flow
from trustdesk.sipedge.sip.headers import CSeq, Headers
from trustdesk.sipedge.sip.layer import Layer
from trustdesk.sipedge.sip.message import Request, Response
from trustdesk.sipedge.sip.states import Event
from trustdesk.sipedge.sip.transactions import ClientTransaction

MOST_TRIES = 3
Reach = Callable[[Callable[[Flow | None], object]], object]
NO_ANSWER, NO_WAY = 408, 503


def failed_with(event: Event) -> int:
    return NO_ANSWER if event is Event.TIMEOUT else NO_WAY


@dataclass(slots=True)
class Errand:
    """`heard` gets every answer but challenges that were met (2xx of an INVITE as often as they come); `failed` the
    status that a missing answer amounts to: 408 or 503. `number` gives the next CSeq for another try.
    """

    layer: Layer
    reach: Reach
    prover: Prover | None
    number: Callable[[], int]
    heard: Callable[[Response], object]
    failed: Callable[[int], object]
    request: Request = field(init=False)
    transaction: ClientTransaction | None = None
    tries: int = 0
    abandoned: bool = False

    def run(self, request: Request) -> None:
        self.request = request
        self.tries += 1
        self.reach(self._go)

    def _go(self, flow: Flow | None) -> None:
        if self.abandoned:
            return
        if flow is None:
            self.failed(NO_WAY)
            return
        self.transaction = self.layer.start(
            self.request, flow, answered=self._answered, failed=lambda event: self.failed(failed_with(event))
        )

    def _answered(self, response: Response) -> None:
        if response.status in {401, 407} and self.prover is not None and self.tries < MOST_TRIES and not self.abandoned:
            again = self.again()
            if self.prover.prove(again, response):
                self.run(again)
                return
        self.heard(response)

    def again(self) -> Request:
        """The same request as another one: next number, no Via."""
        old = self.request
        cseq = CSeq(self.number(), old.method)
        headers = Headers((name, value) for name, value in old.headers if name != "via")
        headers.put("cseq", str(cseq))
        request = Request(headers, old.body, method=old.method, uri=old.uri)
        request.call_id, request.cseq, request.from_, request.to = old.call_id, cseq, old.from_, old.to
        return request
