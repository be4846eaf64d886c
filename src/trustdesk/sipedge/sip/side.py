"""The SIP side of the edge, whole: listeners, trunks, phones and calls of one configuration."""

import asyncio
import contextlib
import secrets
from collections.abc import Coroutine, Sequence

from trustdesk.sipedge.contracts import Config
from trustdesk.sipedge.faults import log_fault
from trustdesk.sipedge.media.contracts import Law, Place
from trustdesk.sipedge.sip.admission import Admission
from trustdesk.sipedge.sip.clock import Clock
from trustdesk.sipedge.sip.contracts import CallEvents, CallOverError, Invitation, Peer, Side, SignallingEvents, SipCall
from trustdesk.sipedge.sip.dialogs import Dialog, new_tag
from trustdesk.sipedge.sip.digest import Guard, Prover
from trustdesk.sipedge.sip.faults import UnreachableError
from trustdesk.sipedge.sip.flows import Flow
from trustdesk.sipedge.sip.house import House
from trustdesk.sipedge.sip.incoming import IncomingCall
from trustdesk.sipedge.sip.layer import Layer
from trustdesk.sipedge.sip.limits import Limits, Network
from trustdesk.sipedge.sip.outgoing import OutgoingCall
from trustdesk.sipedge.sip.reception import Reception
from trustdesk.sipedge.sip.registrar import Registrar
from trustdesk.sipedge.sip.sdp import Ours
from trustdesk.sipedge.sip.transports import Transports
from trustdesk.sipedge.sip.trunks import Line
from trustdesk.sipedge.sip.uri import Address, Uri

KEEP_OPEN = 25.0
GOODBYE_SECONDS = 1.0


class SipSide:
    """Signalling for the exchange. Everything runs on the loop that `start` is called in."""

    def __init__(self, config: Config, events: SignallingEvents, *, clock: Clock | None = None) -> None:
        self._config = config
        self._events = events
        self._clock = clock
        self._tasks: set[asyncio.Task[None]] = set()
        self._limits = Limits()
        self._admission = Admission(Guard(config.realm))
        self._lines: dict[int, Line] = {}
        self._transports = Transports(self._received, self._limits)
        self._house: House
        self._registrar: Registrar
        self._announcing = False

    def _received(self, data: bytes, flow: Flow) -> None:
        """A message that finds a fault of ours costs itself, not the listener, and is not quoted in a log."""
        try:
            self._house.layer.received(data, flow)
        except Exception as fault:  # noqa: BLE001 - whatever it is, the next message is another one's
            log_fault("sip.message_failed", fault)

    async def start(self) -> None:
        """Listen. OSError where a port is taken or a certificate unreadable, ValueError for a setting that is none."""
        clock = self._clock or asyncio.get_running_loop()
        self._admission.configure(self._config)
        self._limits.known = self._admission.known
        self._registrar = Registrar(clock, self._limits, self._changed)
        reception = Reception(lambda: self._house, self._admission, self._registrar, self._limits, self._invited)
        layer = Layer(clock, reception)
        self._house = House(self._config, clock, layer, self._transports, self._spawn)
        self._transports.open(self._config)
        self._begin_lines()
        self._keep_open()

    async def stop(self) -> None:
        """Say goodbye to every call, unregister, close."""
        for call in tuple(self._house.calls.values()):
            call.close()
        for line in self._lines.values():
            line.close()
        if self._tasks:
            await asyncio.wait(tuple(self._tasks), timeout=GOODBYE_SECONDS)
        self._registrar.close()
        self._house.layer.stop()
        self._house.transports.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.sleep(0)

    async def reconfigure(self, config: Config) -> None:
        """Take over what changed: calls go on, phones stay registered. As `start` raises; then the old ones stand."""
        old, house = self._config, self._house
        admission = Admission(Guard(config.realm))
        admission.configure(config)
        if _listening(config) != _listening(old):
            house.transports.close_listeners()
            try:
                house.transports.open(config)
            except OSError:
                house.transports.open(old)
                raise
        self._config = house.config = config
        self._admission.configure(config)
        self._limits.known = self._admission.known
        self._registrar.retain(frozenset(self._admission.phones))
        kept = {trunk.trunk: trunk for trunk in config.trunks}
        for number, line in tuple(self._lines.items()):
            if kept.get(number) != line.trunk:
                line.close()
                del self._lines[number]
        self._begin_lines()
        self._changed()

    @property
    def listening(self) -> list[tuple[str, str, int]]:
        """Transport, host and port of each listener, as the system gave them."""
        return self._house.transports.listening

    @property
    def calls(self) -> int:
        return len(self._house.calls)

    def reachable(self) -> tuple[frozenset[str], frozenset[int]]:
        return self._registrar.users, frozenset(number for number, line in self._lines.items() if line.answers)

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
        way = self._to_phone(peer) if peer.side is Side.PHONE else await self._to_trunk(peer, number)
        target, route, flows, prover, networks = way
        flow = flows[0]
        host = self._config.realm or flow.here[0]
        own = Address(Uri("sip", host, user=caller or "anonymous"), name)
        dialog = Dialog(
            call_id=secrets.token_hex(16),
            local=own.tagged(new_tag()),
            remote=Address(target),
            target=target,
            route=route,
        )
        call = OutgoingCall(
            self._house,
            peer,
            flow,
            dialog,
            ours=Ours(secrets.randbelow(2**31), self._house.near(place, flow), tuple(laws)),
            prover=prover,
            networks=networks,
            others=flows[1:],
        )
        call.teller.begin(events)
        call.invite([("p-asserted-identity", str(own))] if peer.side is Side.TRUNK and caller else [])
        return call

    def _to_phone(self, peer: Peer) -> tuple[Uri, tuple[Address, ...], list[Flow], Prover | None, tuple[Network, ...]]:
        binding = self._registrar.binding(peer.phone)
        if binding is None:
            raise CallOverError("the phone is not registered")
        return binding.contact, binding.route, [binding.flow], None, ()

    async def _to_trunk(
        self, peer: Peer, number: str
    ) -> tuple[Uri, tuple[Address, ...], list[Flow], Prover | None, tuple[Network, ...]]:
        line = self._lines.get(peer.trunk)
        flows = await line.flows() if line is not None else []
        if line is None or line.target is None or not flows:
            raise CallOverError("the trunk has no target that can be reached")
        target = line.target
        uri = Uri(target.scheme, target.host, target.port, number, target.params)
        return uri, (), list(flows), line.prover, self._admission.trunks[peer.trunk][1]

    def _invited(self, call: IncomingCall, invitation: Invitation) -> None:
        self._spawn(self._hand_over(call, invitation))

    async def _hand_over(self, call: IncomingCall, invitation: Invitation) -> None:
        try:
            call.teller.begin(await self._events.invited(call, invitation))
        except Exception as fault:  # noqa: BLE001 - whatever the exchange does, the caller gets an answer
            log_fault("sip.exchange_failed", fault)
            try:
                await call.refuse(500)
            except CallOverError:
                return

    def _changed(self) -> None:
        """Told once for whatever changed in one go."""
        if not self._announcing:
            self._announcing = True
            self._spawn(self._announce())

    async def _announce(self) -> None:
        self._announcing = False
        await self._events.reachable_changed()

    def _begin_lines(self) -> None:
        for trunk in self._config.trunks:
            if trunk.trunk not in self._lines:
                number = trunk.trunk
                line = Line(
                    self._house,
                    trunk,
                    changed=self._changed,
                    learned=lambda host, number=number: self._admission.learned.__setitem__(host, number),  # type: ignore[misc]
                )
                self._lines[number] = line
                line.start()

    def _keep_open(self) -> None:
        with contextlib.suppress(UnreachableError):
            self._registrar.keep_open()
        self._house.clock.call_later(KEEP_OPEN, self._keep_open)

    def _spawn(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _listening(config: Config) -> tuple[object, ...]:
    return config.listen, config.advertised, config.certificate, config.certificate_key, config.client_authority
