"""One browser's leg: its way, its keys, and the media's socket beside which it stands."""

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from OpenSSL import SSL

from trustdesk.kernel.errors import ConflictError
from trustdesk.sipedge.media.contracts import Place
from trustdesk.sipedge.webrtc.answer import write_answer
from trustdesk.sipedge.webrtc.contracts import Servers, far_place
from trustdesk.sipedge.webrtc.dtls import Handshake
from trustdesk.sipedge.webrtc.ice import Way
from trustdesk.sipedge.webrtc.offer import Offered
from trustdesk.sipedge.webrtc.onestream import OneStream
from trustdesk.sipedge.webrtc.ports import Ports
from trustdesk.sipedge.webrtc.srtp import Audio, Keys

CONNECT_SECONDS: Final = 20.0
_DTLS: Final = range(20, 64)  # first bytes (RFC 7983)
_RTP: Final = range(128, 192)
_LONGEST: Final = 2048


class Leg:
    """Lives from `answer` until `close`, or until it ends by itself: then `ended` is called, once."""

    def __init__(
        self,
        context: SSL.Context,
        offered: Offered,
        servers: Servers,
        ports: Ports,
        *,
        opened: Callable[[], None],
        ended: Callable[[], None],
    ) -> None:
        self._offered = offered
        self._opened, self._ended = opened, ended
        self._settled, self._over = asyncio.Event(), asyncio.Event()
        self._audio: Audio | None = None
        self._media: socket.socket | None = None
        self._stream = OneStream()
        self._task: asyncio.Task[None] | None = None
        self._way = Way(servers, ports, received=self._from_browser, lost=self._end)
        self._handshake = Handshake(
            context,
            active=offered.active,
            fingerprints=offered.fingerprints,
            send=self._way.pass_on,
            done=self._open,
            ended=self._end,
        )

    async def answer(self, media: Place, fingerprint: str) -> str:
        """Our SDP, with all our candidates. The leg goes on by itself. ConflictError where the media is not there,
        NoPortError where every port is taken.
        """
        offered, way = self._offered, self._way
        try:
            self._media = _beside(media)
            await way.prepare(offered.ufrag, offered.password, offered.candidates)
        except BaseException:
            await self._shut()
            raise
        asyncio.get_running_loop().add_reader(self._media, self._from_media)
        self._task = asyncio.create_task(self._live())
        return write_answer(
            offered,
            ufrag=way.local_username,
            password=way.local_password,
            fingerprint=fingerprint,
            candidates=way.local_candidates,
        )

    def redirect(self, media: Place) -> None:
        """Another leg of the media speaks and hears from now on. ConflictError where it is not there."""
        if self._media is None or media.path == self._media.getpeername():
            return
        ours, loop = _beside(media), asyncio.get_running_loop()
        loop.remove_reader(self._media)
        _leave(self._media)
        self._media = ours
        self._stream.switch()
        loop.add_reader(ours, self._from_media)

    async def close(self) -> None:
        """End it from our side; nothing is told of it any more."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _live(self) -> None:
        try:
            with suppress(TimeoutError, ConnectionError):
                async with asyncio.timeout(CONNECT_SECONDS):
                    await self._way.connect()
                    self._handshake.begin()
                    await self._settled.wait()
                await self._over.wait()
        finally:
            await self._shut()
        self._ended()

    def _open(self, keys: Keys) -> None:
        self._audio = Audio(keys)
        self._settled.set()
        self._opened()

    def _end(self) -> None:
        self._settled.set()
        self._over.set()

    async def _shut(self) -> None:
        self._handshake.close()
        if self._media is not None:
            asyncio.get_running_loop().remove_reader(self._media)
            _leave(self._media)
            self._media = None
        await self._way.close()

    def _from_browser(self, packet: bytes) -> None:
        if packet[0] in _DTLS:
            self._handshake.feed(packet)
        elif packet[0] in _RTP and self._audio is not None and self._media is not None:
            plain = self._audio.open(packet)
            if plain is not None:
                self._way.heard()
                with suppress(OSError):  # the media is slow or gone: lost, as on any network
                    self._media.send(plain)

    def _from_media(self) -> None:
        """One packet a call: whoever has more waiting is called again after the others had their turn."""
        if self._media is None:
            return
        try:
            packet = self._media.recv(_LONGEST)
        except OSError:
            return
        packet = self._stream.pass_on(packet)
        if packet and self._audio is not None and (sealed := self._audio.seal(packet)) is not None:
            self._way.pass_on(sealed)


def _beside(media: Place) -> socket.socket:
    """Our end: a datagram socket at the far place of the media's, connected to it."""
    near = Path(far_place(media).path)
    near.unlink(missing_ok=True)  # left by a process that was killed
    ours = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
    try:
        ours.bind(str(near))
        ours.connect(media.path)
    except OSError as error:
        ours.close()
        near.unlink(missing_ok=True)
        raise ConflictError("The media of this leg is not there.", place="media") from error
    return ours


def _leave(ours: socket.socket) -> None:
    Path(ours.getsockname()).unlink(missing_ok=True)
    ours.close()
