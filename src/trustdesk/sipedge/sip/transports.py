"""All listeners and connections of the edge, and the way to a target over them."""

import asyncio
import errno
import socket
import ssl
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field

import structlog

from trustdesk.sipedge.contracts import Config, Listen
from trustdesk.sipedge.sip import streams
from trustdesk.sipedge.sip.faults import UnreachableError
from trustdesk.sipedge.sip.flows import Flow, advertised_to
from trustdesk.sipedge.sip.limits import Limits
from trustdesk.sipedge.sip.resolving import Resolver, Target, literal
from trustdesk.sipedge.sip.streams import Stream
from trustdesk.sipedge.sip.udp import UdpFlow, UdpListener, checked_address
from trustdesk.sipedge.sip.uri import Uri

CONNECT_SECONDS = 6.0
HANDSHAKE_SECONDS = 6.0
BACKLOG = 256
NO_ROOM = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Certificates:
    """What we show and what we believe. `server` is None without a certificate of ours."""

    client: ssl.SSLContext
    server: ssl.SSLContext | None


def certificates(config: Config) -> Certificates:
    """Read from the files that the settings name. OSError or ssl.SSLError where they can't be."""
    client = ssl.create_default_context()
    if config.client_authority:
        client.load_verify_locations(config.client_authority)
    if not config.certificate:
        return Certificates(client, None)
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(config.certificate, config.certificate_key or None)
    client.load_cert_chain(config.certificate, config.certificate_key or None)
    if config.client_authority:
        server.load_verify_locations(config.client_authority)
        server.verify_mode = ssl.CERT_REQUIRED
    return Certificates(client, server)


@dataclass(slots=True)
class StreamListener:
    """Accepts by itself, so that who has too many connections is turned away before a handshake is paid for."""

    listening: socket.socket
    address: tuple[str, int]
    transport: str

    def close(self) -> None:
        asyncio.get_running_loop().remove_reader(self.listening.fileno())
        self.listening.close()


@dataclass(slots=True)
class Transports:
    received: Callable[[bytes, Flow], None]
    limits: Limits
    resolver: Resolver = field(default_factory=Resolver)
    advertised: str = ""
    certificates: Certificates | None = None
    udp: list[UdpListener] = field(default_factory=list)
    listeners: list[StreamListener] = field(default_factory=list)
    streams: dict[tuple[str, str, int], Stream] = field(default_factory=dict)
    _opening: dict[tuple[str, str, int], "asyncio.Task[Stream]"] = field(default_factory=dict)
    _tasks: set["asyncio.Task[None]"] = field(default_factory=set)

    @property
    def listening(self) -> list[tuple[str, str, int]]:
        """Transport, host and port of each, as the system gave them."""
        streams = [(listener.transport, *listener.address) for listener in self.listeners]
        return [("udp", *listener.address) for listener in self.udp] + streams

    def open(self, config: Config) -> None:
        """Bind all. OSError (or ssl.SSLError, which is one) where one can't be; then none is."""
        self.advertised = config.advertised
        try:
            self.certificates = certificates(config)
            for listen in config.listen:
                self._listen(listen)
        except OSError:
            self.close_listeners()
            raise

    def _listen(self, listen: Listen) -> None:
        if listen.transport == "udp":
            listener = UdpListener(listen.host, listen.port, advertised=self.advertised, received=self.received)
            self.udp.append(listener)
            return
        if listen.transport == "tls" and (self.certificates is None or self.certificates.server is None):
            raise OSError("TLS wants a certificate")
        six = ":" in listen.host
        listening = socket.socket(socket.AF_INET6 if six else socket.AF_INET, socket.SOCK_STREAM)
        try:
            listening.setblocking(False)
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if six:
                listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            listening.bind((listen.host, listen.port))
            listening.listen(BACKLOG)
        except OSError:
            listening.close()
            raise
        opened = StreamListener(listening, listening.getsockname()[:2], listen.transport)
        self.listeners.append(opened)
        asyncio.get_running_loop().add_reader(listening.fileno(), self._accept, opened)

    def _accept(self, listener: StreamListener) -> None:
        for _ in range(BACKLOG):
            try:
                connection, remote = listener.listening.accept()
            except OSError as fault:
                if fault.errno in NO_ROOM:
                    self._rest(listener)
                return
            host = str(remote[0]).partition("%")[0]
            if not self.limits.connect(host):
                connection.close()
                continue
            connection.setblocking(False)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            self._spawn(self._welcome(listener, connection, host))

    def _rest(self, listener: StreamListener) -> None:
        """No room for another socket: who waits, waits a second, instead of keeping the loop busy."""
        loop, number = asyncio.get_running_loop(), listener.listening.fileno()
        loop.remove_reader(number)
        loop.call_later(
            1.0, lambda: loop.add_reader(number, self._accept, listener) if listener in self.listeners else None
        )

    async def _welcome(self, listener: StreamListener, connection: socket.socket, host: str) -> None:
        secure = listener.transport == "tls"
        server = self.certificates.server if self.certificates and secure else None
        stream = self._stream(listener.transport, counted=host, first_word=streams.FIRST_WORD)
        try:
            await asyncio.get_running_loop().connect_accepted_socket(
                lambda: stream,
                connection,
                ssl=server,
                ssl_handshake_timeout=HANDSHAKE_SECONDS if server else None,
            )
        except OSError:  # no handshake, no certificate, or gone again
            connection.close()
            if not stream.remote[0]:
                self.limits.disconnect(host)

    def _stream(self, transport: str, *, counted: str = "", first_word: float | None = None) -> Stream:
        def made(stream: Stream) -> None:
            self.streams[(transport, *stream.remote)] = stream

        def gone(stream: Stream) -> None:
            if self.streams.get((transport, *stream.remote)) is stream:
                del self.streams[(transport, *stream.remote)]
            if counted:
                self.limits.disconnect(counted)

        return Stream(
            transport=transport,
            here=lambda own: self._here(transport, own),
            received=self.received,
            made=made,
            gone=gone,
            first_word=first_word,
        )

    def _here(self, transport: str, own: tuple[str, int]) -> tuple[str, int]:
        """Others reach us at the listener, not at the port that a connection happens to have."""
        ports = [listener.address[1] for listener in self.listeners if listener.transport == transport]
        return advertised_to(own[0], self.advertised) or own[0], own[1] if own[1] in ports or not ports else ports[0]

    def at_once(self, uri: Uri, like: Flow | None = None) -> Flow | None:
        """The way to an address that stands in the URI, where nothing has to be waited for."""
        target = literal(uri)
        return None if target is None else self._ready(target, like)

    def _ready(self, target: Target, like: Flow | None = None) -> Flow | None:
        """`like` is a flow whose listener is to be kept to: its address is what the far side knows."""
        host, port = checked_address(target.host, target.port)
        if target.transport != "udp":
            stream = self.streams.get((target.transport, host, port))
            return stream if stream is not None and stream.open else None
        if isinstance(like, UdpFlow) and like.open and like.listener.six == (":" in host):
            return like.listener.flow(host, port)
        for listener in self.udp:
            if listener.six == (":" in host):
                return listener.flow(host, port)
        raise UnreachableError("no listener of that family")

    async def ways(self, uri: Uri) -> Sequence[Target]:
        return await self.resolver.targets(uri)

    async def reach(self, target: Target) -> Flow:
        """A flow to the target, connected where it has to be. UnreachableError."""
        if flow := self._ready(target):
            return flow
        key = (target.transport, *checked_address(target.host, target.port))
        opening = self._opening.get(key)
        if opening is None:
            opening = asyncio.create_task(self._connect(target))
            self._opening[key] = opening
            opening.add_done_callback(lambda _task: self._opening.pop(key, None))
        return await asyncio.shield(opening)

    async def _connect(self, target: Target) -> Stream:
        context = self.certificates.client if self.certificates and target.transport == "tls" else None
        if target.transport == "tls" and context is None:
            raise UnreachableError("no TLS")
        stream = self._stream(target.transport)
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                await asyncio.get_running_loop().create_connection(
                    lambda: stream,
                    target.host,
                    target.port,
                    ssl=context,
                    server_hostname=target.name if context else None,
                    ssl_handshake_timeout=HANDSHAKE_SECONDS if context else None,
                )
        except (OSError, TimeoutError) as fault:
            _log.warning("sip.no_connection", kind=type(fault).__name__, what=target.transport)
            raise UnreachableError("no connection") from fault
        return stream

    def _spawn(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def close_listeners(self) -> None:
        for socket_ in self.udp:
            socket_.close()
        for listener in self.listeners:
            listener.close()
        self.udp.clear()
        self.listeners.clear()

    def close(self) -> None:
        self.close_listeners()
        for stream in tuple(self.streams.values()):
            stream.close()
        for task in self._tasks:
            task.cancel()
        for opening in self._opening.values():
            opening.cancel()
