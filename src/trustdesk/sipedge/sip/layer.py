"""Where messages arrive: each goes to the transaction that waits for it, or to whoever takes new requests."""

import secrets
from collections.abc import Callable, Iterable
from typing import Protocol

from trustdesk.sipedge.sip.clock import Clock
from trustdesk.sipedge.sip.faults import BadMessageError, UnreachableError
from trustdesk.sipedge.sip.flows import Flow
from trustdesk.sipedge.sip.headers import CSeq, Headers, Via
from trustdesk.sipedge.sip.message import Request, Response, UnreadableRequestError, answer_to, parse
from trustdesk.sipedge.sip.states import Event, State
from trustdesk.sipedge.sip.transactions import (
    ClientTransaction,
    InviteClientTransaction,
    InviteServerTransaction,
    ServerTransaction,
)

Key = tuple[str, ...]
PRODUCT = "trustdesk"
OURS = "INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, PRACK, UPDATE"
SUPPORTED = "100rel, timer"


class Receiver(Protocol):
    """Whoever takes what belongs to no transaction."""

    def passes(self, flow: Flow) -> bool:
        """Whether anything from there is looked at. Asked before it is read."""

    def requested(self, request: Request, flow: Flow) -> None:
        """A request that is new."""

    def acknowledged(self, request: Request, flow: Flow) -> None:
        """The ACK of a 2xx."""

    def unreadable(self, flow: Flow, fault: BadMessageError) -> None:
        """Something came that can't be read."""


def server_key(request: Request) -> Key:
    """Repetitions have the same (§17.2.3); of those who don't make branches unique, more has to agree."""
    via = request.via
    method = "INVITE" if request.method == "ACK" else request.method
    if via.cookied:
        return via.branch, via.host, str(via.port), method
    to_tag = "" if request.method in {"INVITE", "ACK"} else request.to.tag
    station = f"{via.host}:{via.port};{via.branch}"
    return station, str(request.uri), request.from_.tag, to_tag, request.call_id, str(request.cseq.number), method


class Layer:
    """All transactions of one edge."""

    def __init__(self, clock: Clock, receiver: Receiver) -> None:
        self.clock = clock
        self._receiver = receiver
        self.clients: dict[Key, ClientTransaction] = {}
        self.servers: dict[Key, ServerTransaction] = {}
        self._merged: dict[Key, Key] = {}

    def received(self, data: bytes, flow: Flow) -> None:
        """One message, from any transport. Nothing of what it holds may raise from here."""
        if not self._receiver.passes(flow):
            return
        try:
            message = parse(data)
        except BadMessageError as fault:
            self._receiver.unreadable(flow, fault)
            return
        if isinstance(message, Response):
            transaction = self.clients.get((message.via.branch, message.cseq.method))
            if transaction is not None:
                transaction.hear(message)
        else:
            self._requested(message, flow)

    def _requested(self, request: Request, flow: Flow) -> None:
        key = server_key(request)
        transaction = self.servers.get(key)
        if request.method == "ACK":
            if transaction is None or not transaction.step(Event.ACK):
                self._receiver.acknowledged(request, flow)
        elif transaction is not None:
            transaction.step(Event.REQUEST)
        else:
            write_source(request, flow)
            try:
                self._receiver.requested(request, flow)
            except BadMessageError as fault:
                self._receiver.unreadable(flow, UnreadableRequestError(fault, request.headers))

    def accept(self, request: Request, flow: Flow) -> ServerTransaction:
        """From here on the request has a memory: repeated, it is answered by the same."""
        key, merging = server_key(request), _merging_key(request)

        def over() -> None:
            self.servers.pop(key, None)
            if self._merged.get(merging) == key:
                del self._merged[merging]

        kind = InviteServerTransaction if request.method == "INVITE" else ServerTransaction
        transaction = kind(
            request, flow, self.clock, over=over, tell=lambda: self._receiver.acknowledged(request, flow)
        )
        self.servers[key] = transaction
        self._merged.setdefault(merging, key)
        return transaction

    def merged(self, request: Request) -> bool:
        """Whether the same request came by another way already (§8.2.2.2)."""
        known = self._merged.get(_merging_key(request))
        return known is not None and known != server_key(request)

    def cancelled(self, cancel: Request) -> ServerTransaction | None:
        """The INVITE that a CANCEL means (§9.2)."""
        *rest, _ = server_key(cancel)
        return self.servers.get((*rest, "INVITE"))

    def refuse(
        self, request: Request, flow: Flow, status: int, headers: Iterable[tuple[str, str]] = (), tag: str = "stateless"
    ) -> None:
        """Answer and forget (§8.2.7)."""
        response = answer_to(request, status, tag=tag)
        for name, value in headers:
            response.headers.add(name, value)
        put(flow, bytes(response))

    def unreadable(self, flow: Flow, fault: UnreadableRequestError, answer: bytes) -> None:
        """Answer what can't be read, unless it is an ACK: they are never answered."""
        if not fault.headers.first("cseq").upper().endswith("ACK"):
            put(flow, answer)

    def start(
        self,
        request: Request,
        flow: Flow,
        *,
        answered: Callable[[Response], object],
        failed: Callable[[Event], object],
    ) -> ClientTransaction:
        """Send a request of ours, with a Via of its own."""
        via = new_via(flow)
        _station(request, via)
        key = (via.branch, request.method)
        kind = InviteClientTransaction if request.method == "INVITE" else ClientTransaction
        transaction = kind(
            request, flow, self.clock, answered=answered, failed=failed, over=lambda: self.clients.pop(key, None)
        )
        self.clients[key] = transaction
        transaction.start()
        return transaction

    def send_ack(self, ack: Request, flow: Flow) -> None:
        """The ACK of a 2xx: no transaction, it is said again with each 2xx."""
        _station(ack, new_via(flow))
        put(flow, bytes(ack))

    def cancel(self, invite: ClientTransaction) -> None:
        """Ask for an end of the INVITE (§9.1). The answer to that question says nothing."""
        asked = invite.request
        key = (asked.via.branch, "CANCEL")
        if invite.state is not State.PROCEEDING or key in self.clients:
            return
        headers = Headers(asked.headers.copied("from", "to", "call-id", "route"))
        headers.add("cseq", str(CSeq(asked.cseq.number, "CANCEL")))
        headers.add("max-forwards", "70")
        cancel = Request(headers, method="CANCEL", uri=asked.uri)
        _station(cancel, asked.via)
        transaction = ClientTransaction(
            cancel,
            invite.flow,
            self.clock,
            answered=lambda _response: None,
            failed=lambda _event: None,
            over=lambda: self.clients.pop(key, None),
        )
        self.clients[key] = transaction
        transaction.start()

    def stop(self) -> None:
        for transaction in (*self.clients.values(), *self.servers.values()):
            transaction.timers.stop_all()
        self.clients.clear()
        self.servers.clear()
        self._merged.clear()


def _merging_key(request: Request) -> Key:
    return request.call_id, request.from_.tag, str(request.cseq.number), request.method, str(bool(request.to.tag))


def new_via(flow: Flow) -> Via:
    host, port = flow.here
    branch = f"z9hG4bK{secrets.token_hex(12)}"
    return Via(flow.transport.upper(), host, port, {"branch": branch, "rport": ""})


def _station(request: Request, via: Via) -> None:
    request.via = via
    rest = request.headers
    request.headers = Headers([("via", str(via))])
    for name, value in rest:
        if name != "via":
            request.headers.add(name, value)


def write_source(request: Request, flow: Flow) -> None:
    """The packet's source into the topmost Via."""
    rest = request.headers.listed("via")[1:]
    request.via = request.via.received_from(*flow.remote)
    request.headers.put("via", str(request.via), *rest)


def put(flow: Flow, data: bytes) -> None:
    """Send what nobody waits for."""
    try:
        flow.send(data)
    except UnreachableError:
        return
