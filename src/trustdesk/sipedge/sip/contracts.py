"""What crosses the door of the signalling layer: calls as the exchange sees them, without a SIP message in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from trustdesk.sipedge.media.contracts import Far, Law, Place


class Side(StrEnum):
    """Who is at the other end."""

    TRUNK = "trunk"
    PHONE = "phone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """Whoever called, or is called. A trunk by its number, a phone by its user."""

    side: Side
    trunk: int = 0
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """The audio of an SDP body, as far as we speak it. `far` is None where the body was late (RFC 3264: we offer)."""

    far: Far | None
    laws: Sequence[Law] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A call that comes in. Nothing was answered but 100. `number` is whom the caller wanted, `caller` what the network
    said of the caller ("" where withheld): both E.164 where they can be read so, else as they stood.
    """

    peer: Peer
    number: str
    caller: str
    offer: Offer
    headers: Mapping[str, str] = field(default_factory=dict)


class SipCall(Protocol):
    """One call with one far side, in or out, from its first message to its last.

    Verbs that wait for an answer raise TimeoutError where none comes; after the end they raise CallOverError.
    """

    name: str
    peer: Peer

    async def ring(self) -> None:
        """180."""

    async def answer(self, place: Place, law: Law) -> Offer:
        """200 with our audio, repeated until its ACK; what the far side then speaks (an offer that came late too).

        CallOverError where it was cancelled meanwhile, ValueError for a law that was not offered.
        """

    async def refuse(self, status: int, reason: str = "") -> None:
        """A final answer that is none: 404, 480, 486, 488, 503, 603."""

    async def hold(self, *, on: bool) -> None:
        """re-INVITE with `sendonly` or `sendrecv`. Who refuses it keeps the direction it has, and the call goes on."""

    async def send_digits(self, digits: str) -> None:
        """By INFO, for a far side that takes none in RTP."""

    async def hang_up(self, reason: str = "") -> None:
        """BYE, CANCEL or a refusal, whichever fits the moment; returns at once, repeats itself until answered."""


class CallEvents(Protocol):
    """What a call tells its owner. Called in order, never at once."""

    async def ringing(self) -> None:
        """18x came (calls out)."""

    async def answered(self, offer: Offer) -> None:
        """2xx came, its ACK is sent (calls out)."""

    async def changed(self, offer: Offer) -> None:
        """The far side renegotiated: new place, held or taken back (`far.sends`). It was answered by the layer."""

    async def digit(self, digit: str) -> None:
        """INFO with a key."""

    async def ended(self, status: int, reason: str) -> None:
        """BYE (200), CANCEL (487), refused (its status), no answer (408), transport gone (503). The last word, once.

        After our own `hang_up` it comes at once: 200, 480 for a call in that was not answered, 487 for one out.
        """


class CallOverError(Exception):
    """The call has ended: there is nobody to say this to."""


class Signalling(Protocol):
    """The SIP side of the edge."""

    async def dial(
        self,
        peer: Peer,
        *,
        number: str,
        caller: str,
        name: str,
        place: Place,
        laws: Sequence[Law],
        events: CallEvents,
    ) -> SipCall:
        """INVITE a phone or, over a trunk, a number. Returns when the first message has left.

        CallOverError where the phone is not registered or the trunk has no target.
        """

    def reachable(self) -> tuple[frozenset[str], frozenset[int]]:
        """Phones that are registered, trunks that answer."""


class SignallingEvents(Protocol):
    """What the SIP side tells the exchange."""

    async def invited(self, call: SipCall, invitation: Invitation) -> CallEvents:
        """A call came in; whoever is returned hears what becomes of it."""

    async def reachable_changed(self) -> None:
        """A phone came or went, a trunk answers or does not."""
