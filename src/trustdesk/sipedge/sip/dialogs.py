"""Dialogs (RFC 3261 §12): who says what to whom, by which stations, and in which order."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from trustdesk.sipedge.sip.faults import BadMessageError
from trustdesk.sipedge.sip.headers import CSeq, Headers
from trustdesk.sipedge.sip.message import Request, Response
from trustdesk.sipedge.sip.uri import Address, Uri, parse_address

DialogKey = tuple[str, str]


def new_tag() -> str:
    return secrets.token_hex(8)


@dataclass(slots=True)
class Dialog:
    """`target` is the far side's Contact, `route` the stations that want to stay between (Record-Route)."""

    call_id: str
    local: Address
    remote: Address
    target: Uri
    route: tuple[Address, ...] = ()
    sent: int = 0  # CSeq of our last request
    seen: int = 0  # and of theirs

    @property
    def key(self) -> DialogKey:
        return self.call_id, self.local.tag

    @property
    def next_hop(self) -> Uri:
        return self.route[0].uri if self.route else self.target

    def number(self) -> int:
        """Of our next request."""
        self.sent += 1
        return self.sent

    def request(self, method: str, *, number: int = 0, headers: Iterable[tuple[str, str]] = ()) -> Request:
        """The next request in this dialog; `number` for an ACK, which has that of its INVITE."""
        number = number or self.number()
        built = Headers(
            [
                ("max-forwards", "70"),
                ("from", str(self.local)),
                ("to", str(self.remote)),
                ("call-id", self.call_id),
                ("cseq", str(CSeq(number, method))),
            ]
        )
        uri, route = self.target, [str(station) for station in self.route]
        if self.route and "lr" not in self.route[0].uri.params:  # a strict router (§12.2.1.1)
            uri, route = self.route[0].uri, [*route[1:], f"<{self.target}>"]
        for station in route:
            built.add("route", station)
        for name, value in headers:
            built.add(name, value)
        request = Request(built, method=method, uri=uri)
        request.call_id, request.cseq = self.call_id, CSeq(number, method)
        request.from_, request.to = self.local, self.remote
        return request

    def retarget(self, message: Request | Response) -> None:
        """A re-INVITE, an UPDATE and the answers to them may bring a new Contact (§12.2)."""
        contacts = message.addresses("contact")
        if contacts and contacts[0].uri.known:
            self.target = contacts[0].uri

    def follows(self, request: Request) -> bool:
        """Whether the request is later than all before it; it is taken note of (§12.2.2)."""
        if request.method == "ACK":
            return True
        if request.cseq.number <= self.seen:
            return False
        self.seen = request.cseq.number
        return True


def dialog_of_receiver(invite: Request, tag: str) -> Dialog:
    """Ours, of an INVITE that came (§12.1.1). Whoever sends no Contact is reached as it is called."""
    contacts = invite.addresses("contact")
    target = contacts[0].uri if contacts else invite.from_.uri
    if not target.known:
        raise BadMessageError("a Contact that can't be reached", status=416)
    return Dialog(
        call_id=invite.call_id,
        local=invite.to.tagged(tag),
        remote=invite.from_,
        target=target,
        route=tuple(invite.addresses("record-route")),
        seen=invite.cseq.number,
    )


def dialog_of_sender(invite: Request, response: Response) -> Dialog:
    """Ours, of an answer to our INVITE (§12.1.2)."""
    contacts = response.addresses("contact")
    target = contacts[0].uri if contacts and contacts[0].uri.known else invite.uri
    return Dialog(
        call_id=invite.call_id,
        local=parse_address(invite.headers.first("from")),
        remote=response.to,
        target=target,
        route=tuple(reversed(response.addresses("record-route"))),
        sent=invite.cseq.number,
    )
