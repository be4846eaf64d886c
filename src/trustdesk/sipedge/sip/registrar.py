"""Where the agents' phones are (RFC 3261 §10): each proves its password, and is rung over the way it came by."""

from collections.abc import Callable
from dataclasses import dataclass

from trustdesk.sipedge.sip.clock import Clock, Handle
from trustdesk.sipedge.sip.faults import BadMessageError
from trustdesk.sipedge.sip.flows import Flow, reliable
from trustdesk.sipedge.sip.headers import small_number
from trustdesk.sipedge.sip.limits import Limits
from trustdesk.sipedge.sip.message import Request
from trustdesk.sipedge.sip.streams import Stream
from trustdesk.sipedge.sip.uri import Address, Uri

# Nothing is kept on disk: after a restart of the edge every phone is back within this time.
MOST_SECONDS = 300
LEAST_SECONDS = 30
MOST_BINDINGS = 4


@dataclass(slots=True)
class Binding:
    """One way to a phone. `route` is what a proxy in front wants to be sent through (RFC 3327)."""

    contact: Uri
    route: tuple[Address, ...]
    flow: Flow
    call_id: str
    number: int
    until: float


class Registrar:
    """`changed` is told when a phone came or went."""

    def __init__(self, clock: Clock, limits: Limits, changed: Callable[[], object]) -> None:
        self._clock = clock
        self._limits = limits
        self._changed = changed
        self._bindings: dict[str, list[Binding]] = {}
        self._sweep: Handle | None = None

    @property
    def users(self) -> frozenset[str]:
        return frozenset(self._bindings)

    def binding(self, user: str) -> Binding | None:
        """The one that was refreshed last, of those that can be reached."""
        now = self._clock.time()
        alive = [found for found in self._bindings.get(user, ()) if found.until > now and found.flow.open]
        return alive[-1] if alive else None

    def register(self, user: str, request: Request, flow: Flow) -> list[tuple[str, str]]:
        """Take what the phone says of itself (§10.3). The header fields of the 200; BadMessageError for 400 and 423."""
        wanted = self._wanted(request)
        now = self._clock.time()
        known = {str(found.contact): found for found in self._bindings.get(user, ()) if found.until > now}
        for contact, seconds in wanted:
            old = known.get(str(contact))
            if old and old.call_id == request.call_id and request.cseq.number <= old.number:
                raise BadMessageError("an older REGISTER", status=500)
            known.pop(str(contact), None)
            if seconds:
                route = tuple(request.addresses("path"))
                known[str(contact)] = Binding(contact, route, flow, request.call_id, request.cseq.number, now + seconds)
        if request.headers.first("contact").strip() == "*":
            known.clear()
        self._keep(user, list(known.values())[-MOST_BINDINGS:])
        return [
            ("contact", f"<{found.contact}>;expires={max(1, round(found.until - now))}")
            for found in self._bindings.get(user, ())
        ]

    def _wanted(self, request: Request) -> list[tuple[Uri, int]]:
        """Contacts and for how long. A phone that asks for too little is told so."""
        given = request.headers.first("expires")
        asked = _seconds(given) if given else MOST_SECONDS
        if request.headers.first("contact").strip() == "*":
            if given.strip() != "0":
                raise BadMessageError("a star that is to stay")
            return []
        wanted = []
        for contact in request.addresses("contact"):
            said = contact.params.get("expires")
            seconds = asked if said is None else _seconds(said)
            if 0 < seconds < LEAST_SECONDS:
                raise BadMessageError("an interval that is too brief", status=423)
            if not contact.uri.known:
                raise BadMessageError("a Contact that can't be reached")
            wanted.append((contact.uri, min(seconds, MOST_SECONDS)))
        return wanted

    def _keep(self, user: str, bindings: list[Binding]) -> None:
        was = self._bindings.pop(user, [])
        for found in was:
            self._limits.befriend(found.flow.remote[0], -1)
        for found in bindings:
            self._limits.befriend(found.flow.remote[0], +1)
            if isinstance(found.flow, Stream) and found not in was:
                found.flow.on_closed.append(self._look)
        if bindings:
            self._bindings[user] = bindings
        if bool(was) != bool(bindings):
            self._changed()
        self._plan()

    def _plan(self) -> None:
        """Look again when the next one is over."""
        if self._sweep is not None:
            self._sweep.cancel()
            self._sweep = None
        ends = [found.until for bindings in self._bindings.values() for found in bindings]
        if ends:
            self._sweep = self._clock.call_later(max(0.1, min(ends) - self._clock.time()), self._look)

    def _look(self) -> None:
        """Forget what is over, and what a closed connection took with it."""
        now = self._clock.time()
        for user, bindings in tuple(self._bindings.items()):
            left = [found for found in bindings if found.until > now and found.flow.open]
            if len(left) != len(bindings):
                self._keep(user, left)
        self._plan()

    def retain(self, users: frozenset[str]) -> None:
        """Forget phones that the settings no longer have."""
        for user in self.users - users:
            self._keep(user, [])

    def keep_open(self) -> None:
        """A line end to each phone over UDP: a router between keeps its hole open (RFC 5626 §4.4.1)."""
        for bindings in self._bindings.values():
            for found in bindings:
                if not reliable(found.flow):
                    found.flow.send(b"\r\n\r\n")

    def close(self) -> None:
        if self._sweep is not None:
            self._sweep.cancel()


def _seconds(text: str) -> int:
    seconds = small_number(text, most=2**32 - 1)
    if seconds is None:
        raise BadMessageError("an expiry")
    return seconds
