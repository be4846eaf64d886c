"""Transactions (RFC 3261 §17): a request is answered once, however often the network loses or doubles it."""

from collections.abc import Callable, Mapping
from typing import ClassVar

from trustdesk.sipedge.sip.clock import LONGEST, T1, T2, T4, Clock, Timers
from trustdesk.sipedge.sip.faults import UnreachableError
from trustdesk.sipedge.sip.flows import Flow, reliable
from trustdesk.sipedge.sip.headers import CSeq, Headers
from trustdesk.sipedge.sip.message import Request, Response
from trustdesk.sipedge.sip.states import (
    CLIENT,
    INVITE_CLIENT,
    INVITE_SERVER,
    SERVER,
    Deed,
    Event,
    State,
    Table,
    table,
)

LATE_ANSWERS = 32.0  # timer D


class Machine:
    """Steps through a table. What the table does not have is ignored."""

    __slots__ = ("_doing", "state", "timers")
    table: ClassVar[Table]

    def __init__(self, state: State, clock: Clock, doing: Mapping[Deed, Callable[[], object]]) -> None:
        self.state = state
        self.timers = Timers(clock)
        self._doing = doing

    def step(self, event: Event) -> bool:
        """Whether something followed from the event."""
        step = self.table.get((self.state, event))
        if step is None:
            return False
        before, self.state, doing = self.state, step.after, self._doing
        if before is not step.after:
            self.entered(step.after)
        for deed in step.deeds:
            doing[deed]()
        return True

    def entered(self, state: State) -> None:
        """Timers of the state."""


class Transaction(Machine):
    """What all four share: one request, one way, and an end that is told to whoever keeps the list."""

    __slots__ = ("_over", "_pause", "flow", "request")

    def __init__(
        self,
        state: State,
        clock: Clock,
        doing: Mapping[Deed, Callable[[], object]],
        *,
        request: Request,
        flow: Flow,
        over: Callable[[], object],
    ) -> None:
        super().__init__(state, clock, doing)
        self.request = request
        self.flow = flow
        self._over = over
        self._pause = T1

    def linger(self, seconds: float) -> None:
        """Stay for late messages. Streams have none: the end is near, but not before the step is done."""
        self.timers.stop_all()
        self.timers.set("linger", seconds, lambda: self.step(Event.LINGERED))

    def repeat_after(self, most: float) -> None:
        """REPEAT after the pause, then after twice as long, up to `most`."""

        def again() -> None:
            self._pause = min(self._pause * 2, most)
            self.timers.set("repeat", self._pause, again)
            self.step(Event.REPEAT)

        self.timers.set("repeat", self._pause, again)

    def put(self, data: bytes) -> None:
        """Send it, or be broken."""
        try:
            self.flow.send(data)
        except UnreachableError:
            self.step(Event.BROKEN)

    def end(self) -> None:
        """Off the list, and free of what it held: thousands a minute are not left to the garbage collector."""
        self.timers.stop_all()
        self._over()
        self._doing = {}


class ClientTransaction(Transaction):
    """A request of ours. `answered` hears every answer but repeated ones, `failed` TIMEOUT or BROKEN."""

    __slots__ = ("_answered", "_data", "_failed", "response")
    table = table(CLIENT)

    def __init__(
        self,
        request: Request,
        flow: Flow,
        clock: Clock,
        *,
        answered: Callable[[Response], object],
        failed: Callable[[Event], object],
        over: Callable[[], object],
    ) -> None:
        doing: dict[Deed, Callable[[], object]] = {
            Deed.SEND: lambda: self.put(self._data),
            Deed.TELL: lambda: self._answered(self.response),
            Deed.TELL_TIMEOUT: lambda: self._failed(Event.TIMEOUT),
            Deed.TELL_BROKEN: lambda: self._failed(Event.BROKEN),
            Deed.ACK: self._acknowledge,
        }
        invites = request.method == "INVITE"
        super().__init__(
            State.CALLING if invites else State.TRYING, clock, doing, request=request, flow=flow, over=over
        )
        self._answered = answered
        self._failed = failed
        self._data = bytes(request)
        self.response: Response

    def start(self) -> None:
        self.timers.set("timeout", LONGEST, lambda: self.step(Event.TIMEOUT))
        if not reliable(self.flow):
            self.repeat_after(LONGEST if self.request.method == "INVITE" else T2)
        self.put(self._data)

    def hear(self, response: Response) -> None:
        self.response = response
        if response.status < 200:
            self.step(Event.PROVISIONAL)
        elif response.status < 300:
            self.step(Event.SUCCESS)
        else:
            self.step(Event.FAILURE)

    def entered(self, state: State) -> None:
        if state is State.TERMINATED:
            self.end()
        elif state is State.PROCEEDING:
            self._pause = T2
        elif state is State.COMPLETED:
            self.linger(0 if reliable(self.flow) else T4)

    def _acknowledge(self) -> None:
        """The ACK of a refusal belongs to the transaction (§17.1.1.3)."""
        asked, answered = self.request, self.response
        headers = Headers(asked.headers.copied("via", "from"))
        headers.put("via", str(asked.via))
        headers.add("to", answered.headers.first("to"))
        headers.add("call-id", asked.call_id)
        headers.add("cseq", str(CSeq(asked.cseq.number, "ACK")))
        headers.add("max-forwards", "70")
        for name, value in asked.headers.copied("route"):
            headers.add(name, value)
        self.put(bytes(Request(headers, method="ACK", uri=asked.uri)))


class InviteClientTransaction(ClientTransaction):
    """An INVITE of ours. 2xx are told as often as they come: each wants an ACK."""

    __slots__ = ()
    table = table(INVITE_CLIENT)

    def entered(self, state: State) -> None:
        if state is State.TERMINATED:
            self.end()
        elif state is State.PROCEEDING:
            self.timers.stop_all()
        elif state is State.ACCEPTED:
            self.linger(LONGEST)
        elif state is State.COMPLETED:
            self.linger(0 if reliable(self.flow) else LATE_ANSWERS)


def _nothing() -> None:
    """What is done for whoever does not want to be told."""


class ServerTransaction(Transaction):
    """A request of somebody else. Who answers it hears that it was cancelled, and that no answer reaches them."""

    __slots__ = ("_broken", "_data", "cancelled")
    table = table(SERVER)

    def __init__(
        self, request: Request, flow: Flow, clock: Clock, *, over: Callable[[], object], tell: Callable[[], object]
    ) -> None:
        doing: dict[Deed, Callable[[], object]] = {
            Deed.ANSWER: lambda: self.put(self._data) if self._data else None,
            Deed.TELL: tell,
            Deed.TELL_BROKEN: self._tell_broken,
        }
        invites = request.method == "INVITE"
        super().__init__(
            State.PROCEEDING if invites else State.TRYING, clock, doing, request=request, flow=flow, over=over
        )
        self._data = b""
        self._broken: Callable[[], object] = _nothing
        self.cancelled: Callable[[], object] = _nothing

    def _tell_broken(self) -> None:
        self._broken()

    def on_broken(self, tell: Callable[[], object]) -> None:
        self._broken = tell

    def say(self, response: Response) -> bool:
        """Answer. False where it is too late: a final answer was given."""
        kept, self._data = self._data, bytes(response)
        if response.status < 200:
            said = self.step(Event.SAY_PROVISIONAL)
        elif response.status < 300:
            said = self.step(Event.SAY_SUCCESS)
        else:
            said = self.step(Event.SAY_FAILURE)
        if not said:
            self._data = kept
        elif response.status >= 200:
            self._let_go()
        return said

    def _let_go(self) -> None:
        """After the final answer nobody has to hear of this any more: the call is not kept alive by late messages."""
        self.cancelled = self._broken = _nothing

    def end(self) -> None:
        super().end()
        self._let_go()

    def entered(self, state: State) -> None:
        if state is State.TERMINATED:
            self.end()
        elif state is State.COMPLETED:
            self.linger(0 if reliable(self.flow) else LONGEST)


class InviteServerTransaction(ServerTransaction):
    """An INVITE of somebody else. A refusal repeats itself until its ACK; a 200 is repeated by the call."""

    __slots__ = ()
    table = table(INVITE_SERVER)

    def entered(self, state: State) -> None:
        if state is State.TERMINATED:
            self.end()
        elif state is State.ACCEPTED:
            self.linger(LONGEST)
        elif state is State.CONFIRMED:
            self.linger(0 if reliable(self.flow) else T4)
        elif state is State.COMPLETED:
            self.timers.set("timeout", LONGEST, lambda: self.step(Event.TIMEOUT))
            if not reliable(self.flow):
                self.repeat_after(T2)
