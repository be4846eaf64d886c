"""The edge as a process: media, browsers, signalling, exchange and link, begun with what it was last told."""

import asyncio
import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import structlog
from pydantic import ValidationError

from trustdesk.sipedge.audio.tones import tone
from trustdesk.sipedge.exchange.edge import Edge
from trustdesk.sipedge.exchange.exchange import Exchange
from trustdesk.sipedge.exchange.legs import Legs
from trustdesk.sipedge.exchange.recorder import Recorder
from trustdesk.sipedge.link.client import Client
from trustdesk.sipedge.media.client import MediaPool
from trustdesk.sipedge.sip.side import SipSide
from trustdesk.sipedge.webrtc.client import BrowserProcess
from trustdesk.sipedge.words.commands import Config

_RINGBACK_HERTZ = 425.0  # ETSI TR 101 041-2: one second of tone, four of silence
_SILENCE = b"\xd5"
_RATE = 8000
_LAST = "edge.json"
_log = structlog.get_logger(__name__)


class Serving:
    """`run` is the closed folder of sockets; what the edge was told last stands there too, without its secrets."""

    def __init__(self, *, run: Path, key: bytes, media_processes: int) -> None:
        self._run = run
        self._client = Client(run / "edge.sock", key)
        self._media_processes = media_processes
        self._signalling: SipSide | None = None
        self._media: MediaPool | None = None

    async def run_until(self, ending: asyncio.Event) -> None:
        """Serve until told to end; then every call ends and every file is closed."""
        self._run.mkdir(mode=0o700, parents=True, exist_ok=True)
        config = self._last_config()
        async with (
            MediaPool(self._media_processes, _ports(config), self._run, address=_address(config)) as media,
            BrowserProcess() as browsers,
        ):
            edge = Edge(
                legs=Legs(media),
                browsers=browsers,
                link=self._client,
                recorder=Recorder(media, self._client),
                now=lambda: datetime.now(UTC),
                config=config,
            )
            self._media = media
            exchange = Exchange(edge, configure=self._configure, ringback=str(self._ringback()))
            self._signalling = edge.signalling = SipSide(config, exchange)
            await self._signalling.start()
            self._client.carry_out, self._client.snapshot = exchange.command, exchange.snapshot
            self._client.too_late = exchange.too_late
            works = (edge.legs.listen(), exchange.watch_browsers(), self._client.run())
            tasks = [asyncio.create_task(work) for work in works]
            try:
                await ending.wait()
            finally:
                await exchange.close()
                await self._signalling.stop()
                for task in tasks:
                    task.cancel()
                await edge.stop()

    async def _configure(self, config: Config) -> None:
        if self._signalling is not None:
            await self._signalling.reconfigure(config)
        if self._media is not None:
            await self._media.move(_ports(config), address=_address(config))
        self._keep(config)

    def _ringback(self) -> Path:
        path = self._run / "ringback.al"
        path.write_bytes(tone(_RINGBACK_HERTZ, 1000) + _SILENCE * 4 * _RATE)
        return path

    def _last_config(self) -> Config:
        """Where we listened last, so that a caller gets an answer also while the switchboard is away."""
        with suppress(OSError, ValidationError):
            return Config.model_validate_json((self._run / _LAST).read_bytes())
        return Config(realm="trustdesk", listen=(), rtp_first=20000, rtp_last=29998)

    def _keep(self, config: Config) -> None:
        trunks = tuple(trunk.model_copy(update={"password": ""}) for trunk in config.trunks)
        public = config.model_copy(update={"trunks": trunks, "phones": (), "turn": ()})
        draft = self._run / f"{_LAST}.draft"
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as stream:
            stream.write(public.model_dump_json())
        draft.replace(self._run / _LAST)


def _ports(config: Config) -> tuple[int, int]:
    return config.rtp_first, config.rtp_last


def _address(config: Config) -> str:
    """Sound goes over IPv6 where signalling does; a socket of IPv6 takes IPv4 too."""
    return "::" if any(":" in listen.host for listen in config.listen) else "0.0.0.0"  # noqa: S104 - phones are outside
