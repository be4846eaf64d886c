"""The browsers' door: ICE, DTLS and SRTP on their side, plain RTP to the media's datagram socket on ours."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from trustdesk.kernel.errors import ConflictError
from trustdesk.sipedge.media.contracts import Law, Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Servers:
    """How a browser reaches us: out of which ports we take one, what others know us by, and whom we ask besides; nobody
    where nobody is named.
    """

    ports: tuple[int, int] = (1024, 65535)  # first and last
    advertised: str = ""  # where a router passes these ports on to us
    stun: Sequence[str] = ()
    turn: Sequence[tuple[str, str, str]] = ()  # address, user, password; the user `*`: the password is a shared secret


class NoPortError(ConflictError):
    """Every port of the range is taken."""

    code = "no-port"

    def __init__(
        self,
        message: str = "No port for sound is free.",
        *,
        place: str = "ports",
        mend: str = "Wait until a call or a browser has gone, or widen the range.",
    ) -> None:
        super().__init__(message, place=place, mend=mend)


def far_place(media: Place) -> Place:
    """Where the browser's side of a local leg listens: beside the media's socket, its path with `.far` after it.

    What the media sends there goes to the browser; RTP and RTCP share the two sockets as they share the browser's port
    (RFC 5761). `Far(place=far_place(place), …)` is what the media is told once `attach` has answered.
    """
    return Place("", path=f"{media.path}.far")


@dataclass(frozen=True, slots=True)
class Agreed:
    """Our answer to a browser's offer: the SDP, and the law both speak."""

    sdp: str
    law: Law
    keys_type: int | None


@dataclass(frozen=True, slots=True)
class BrowserEvent:
    """`open`: audio may flow. `gone`: closed, or nothing was heard of it for three seconds."""

    attachment: str
    state: str


class Browsers(Protocol):
    """The browsers of one edge."""

    async def attach(self, attachment: str, offer: str, *, media: Place, servers: Servers) -> Agreed:
        """Answer the offer. BadInputError where it has no audio that we speak, no fingerprint, or can't be read;
        NoPortError where every port of the range is taken.
        """

    async def redirect(self, attachment: str, media: Place) -> None:
        """From now on audio goes to and comes from this socket of the media: the leg of a call, then its own again.

        To the browser it stays one stream: source, sequence and timestamps go on.
        """

    async def detach(self, attachment: str) -> None: ...

    def events(self) -> AsyncIterator[BrowserEvent]:
        """What happens, in order. One reader."""
