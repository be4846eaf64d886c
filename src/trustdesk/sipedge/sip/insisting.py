"""A 2xx of ours to an INVITE is said again until its ACK comes (RFC 3261 §13.3.1.4)."""

from collections.abc import Callable

from trustdesk.sipedge.sip.clock import LONGEST, T1, T2, Timers
from trustdesk.sipedge.sip.message import Request, Response
from trustdesk.sipedge.sip.transactions import ServerTransaction


class Insisting:
    def __init__(
        self,
        timers: Timers,
        transaction: ServerTransaction,
        response: Response,
        *,
        arrived: Callable[[Request], object],
        never: Callable[[], object],
    ) -> None:
        self.number = transaction.request.cseq.number
        self._timers = timers
        self._transaction = transaction
        self._response = response
        self._arrived = arrived
        self._pause = T1
        timers.set("no ACK", LONGEST, never)
        timers.set("insist", T1, self._again)
        transaction.say(response)

    def _again(self) -> None:
        self._pause = min(self._pause * 2, T2)
        self._timers.set("insist", self._pause, self._again)
        self._transaction.say(self._response)

    def heard(self, ack: Request) -> None:
        self._timers.stop("insist")
        self._timers.stop("no ACK")
        self._arrived(ack)
