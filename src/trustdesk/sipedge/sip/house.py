"""What all calls share: the transactions, the ways, and the list of dialogs."""

import contextlib
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Protocol

from trustdesk.sipedge.contracts import Config
from trustdesk.sipedge.media.contracts import Place
from trustdesk.sipedge.sip.clock import Clock
from trustdesk.sipedge.sip.dialogs import DialogKey
from trustdesk.sipedge.sip.faults import UnreachableError
from trustdesk.sipedge.sip.flows import Flow, advertised_to, reliable
from trustdesk.sipedge.sip.layer import Layer
from trustdesk.sipedge.sip.message import Request
from trustdesk.sipedge.sip.resolving import Target
from trustdesk.sipedge.sip.transports import Transports
from trustdesk.sipedge.sip.udp import local_address
from trustdesk.sipedge.sip.uri import Uri, bracketed


class Talker(Protocol):
    """A call, as the house sees it."""

    def requested(self, request: Request, flow: Flow) -> None: ...

    def acknowledged(self, request: Request) -> None: ...

    def knows(self, tag: str) -> bool:
        """Whether this is the far side's tag."""

    def hears(self, host: str) -> bool:
        """Whether what comes from there can be the far side."""

    def close(self) -> None:
        """The edge stops: say goodbye."""


@dataclass(slots=True)
class House:
    config: Config
    clock: Clock
    layer: Layer
    transports: Transports
    spawn: Callable[[Coroutine[object, object, None]], object]
    calls: dict[DialogKey, Talker] = field(default_factory=dict)

    @property
    def session_seconds(self) -> int:
        """How long a session lives without being refreshed; RFC 4028 knows none under 90 s."""
        return max(90, self.config.session_seconds)

    def way(self, uri: Uri, like: Flow | None, then: Callable[[Flow | None], object], *, keep: bool = False) -> None:
        """The way to a URI: a connection that stands and leads there, an address, or what DNS says.

        `keep` is for phones behind a router: what they say of their address is no way there, the flow is.
        """
        if like is not None and like.open and (keep or (reliable(like) and _leads(like, uri))):
            then(like)
            return
        try:
            flow = self.transports.at_once(uri, like)
        except UnreachableError:
            then(None)
            return
        if flow is not None:
            then(flow)
        else:
            self.spawn(self._found(uri, then))

    async def _found(self, uri: Uri, then: Callable[[Flow | None], object]) -> None:
        then(await self.first_of(uri))

    async def first_of(self, uri: Uri) -> Flow | None:
        """The first of the URI's targets that can be reached."""
        try:
            targets = await self.transports.ways(uri)
        except UnreachableError:
            return None
        for target in targets:
            if flow := await self.flow_to(target):
                return flow
        return None

    async def flow_to(self, target: Target) -> Flow | None:
        try:
            return await self.transports.reach(target)
        except UnreachableError:
            return None

    def near(self, place: Place, flow: Flow, far: str = "") -> Place:
        """Our audio's place as the far side can reach it: in the family of `far`, where it named its own, which may be
        another than that of its signalling.
        """
        other = bool(far) and _is_six(far) is not _is_six(flow.remote[0]) and not ip_address(far).is_unspecified
        towards = far if other else flow.remote[0]
        if advertised := advertised_to(towards, self.config.advertised):
            return Place(advertised, place.port)
        if not ip_address(place.host).is_unspecified:
            return place
        with contextlib.suppress(UnreachableError):
            return Place(local_address(far) if other else flow.here[0], place.port)
        return Place(flow.here[0], place.port)

    def contact(self, flow: Flow, user: str = "trustdesk") -> str:
        host, port = flow.here
        transport = f";transport={flow.transport}" if reliable(flow) else ""
        return f"<sip:{user}@{bracketed(host)}:{port}{transport}>"


def _is_six(host: str) -> bool:
    return ":" in host


def _leads(flow: Flow, uri: Uri) -> bool:
    """A connection is used again for its own host, whatever port the other side would rather be called at."""
    return flow.transport == uri.transport and uri.host in {flow.remote[0], ""}
