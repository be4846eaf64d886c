"""The media of an edge: processes that are started, spoken to, and started again when one has died."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final, Self

from trustdesk.sipedge.media.contracts import Event, Far, Law, LegStatistics, MediaEvent, Place, Sealing
from trustdesk.sipedge.media.verbs import ERRORS

_LONGEST_WORD: Final = 1 << 20
_ENDS_WITHIN_SECONDS: Final = 10.0
_AGAIN_SECONDS: Final = 0.5


class MediaPool:
    """`contracts.Media` over several processes; a call is in one of them. RTP ports are shared out among them.

    `folder` is private (0700) and holds the sockets of browsers' legs. `address` is what UDP sockets are bound to: `::`
    takes IPv4 too. Use it as a context.
    """

    def __init__(self, processes: int, ports: tuple[int, int], folder: Path, *, address: str = "0.0.0.0") -> None:  # noqa: S104 - phones are outside
        self._events: asyncio.Queue[MediaEvent] = asyncio.Queue()
        self._bound = (ports, address)
        self._processes = [_Process(share, folder, address, self._tell) for share in _shares(ports, processes)]
        self._of_leg: dict[str, _Process] = {}
        self._of_call: dict[int, _Process] = {}
        self._calls: dict[str, int] = {}

    async def __aenter__(self) -> Self:
        await asyncio.gather(*(process.start() for process in self._processes))
        return self

    async def __aexit__(self, *_unused: object) -> None:
        await asyncio.gather(*(process.stop() for process in self._processes))

    async def move(self, ports: tuple[int, int], *, address: str) -> None:
        """Open legs there from now on; those that are open stay where they are."""
        if self._bound == (ports, address):
            return
        self._bound = (ports, address)
        for process, share in zip(self._processes, _shares(ports, len(self._processes)), strict=True):
            await process.move(share, address)

    async def open_leg(self, leg: str, *, call: int, law: Law, local: bool = False) -> Place:
        process = self._of_call.get(call) or min(self._processes, key=lambda one: (not one.alive, len(one.legs)))
        place = await process.ask("open_leg", leg=leg, call=call, law=law, local=local)
        self._of_leg[leg], self._of_call[call], self._calls[leg] = process, process, call
        process.legs[leg] = None
        return Place(**place)

    async def set_far(self, leg: str, far: Far) -> None:
        await self._process(leg).ask("set_far", leg=leg, far=asdict(far))

    async def join(self, legs: Sequence[str], *, listeners: Sequence[str] = ()) -> None:
        processes = {self._process(leg) for leg in (*legs, *listeners)}
        if len(processes) > 1:
            msg = "legs of one call only can be joined"
            raise LookupError(msg)
        for process in processes:
            await process.ask("join", legs=list(legs), listeners=list(listeners))

    async def part(self, leg: str) -> None:
        await self._process(leg).ask("part", leg=leg)

    async def play(self, leg: str, clips: Sequence[Path], *, loop: bool = False) -> int:
        asked = self._process(leg).ask("play", leg=leg, clips=[str(clip) for clip in clips], loop=loop)
        return int(await asked)

    async def stop(self, leg: str) -> None:
        await self._process(leg).ask("stop", leg=leg)

    async def mute(self, leg: str, *, on: bool) -> None:
        await self._process(leg).ask("mute", leg=leg, on=on)

    async def send_digits(self, leg: str, digits: str) -> None:
        await self._process(leg).ask("send_digits", leg=leg, digits=digits)

    async def record(self, leg: str, sealing: Sealing) -> None:
        said = {
            "recording": sealing.recording,
            "key": sealing.key.hex(),
            "bound": sealing.bound,
            "path": str(sealing.path),
        }
        await self._process(leg).ask("record", leg=leg, sealing=said)

    async def pause(self, leg: str) -> None:
        await self._process(leg).ask("pause", leg=leg)

    async def unpause(self, leg: str) -> None:
        await self._process(leg).ask("unpause", leg=leg)

    async def end_recording(self, leg: str) -> None:
        await self._process(leg).ask("end_recording", leg=leg)

    async def close_leg(self, leg: str) -> LegStatistics:
        found = await self._process(leg).ask("close_leg", leg=leg)
        self._forget(leg)
        return LegStatistics(**found)

    async def events(self) -> AsyncIterator[MediaEvent]:
        while True:
            yield await self._events.get()

    def _process(self, leg: str) -> "_Process":
        try:
            return self._of_leg[leg]
        except KeyError:
            msg = "no such leg"
            raise LookupError(msg) from None

    def _tell(self, event: MediaEvent) -> None:
        if event.event is Event.DIED:
            self._forget(event.leg)
        self._events.put_nowait(event)

    def _forget(self, leg: str) -> None:
        process, call = self._of_leg.pop(leg, None), self._calls.pop(leg, None)
        if process is None or call is None:  # it died while it was closed
            return
        process.legs.pop(leg, None)
        if call not in self._calls.values():
            del self._of_call[call]


def _shares(ports: tuple[int, int], processes: int) -> list[tuple[int, int]]:
    first, last = ports
    each = (last - first + 1) // processes // 2 * 2
    return [(first + number * each, first + (number + 1) * each - 1) for number in range(processes)]


class _Process:
    """One process and the line to it."""

    def __init__(self, ports: tuple[int, int], folder: Path, address: str, tell: Any) -> None:  # noqa: ANN401
        self._ports, self._folder, self._address, self._tell = ports, folder, address, tell
        self.legs: dict[str, None] = {}
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._last = 0
        self._writer: asyncio.StreamWriter | None = None
        self._child: asyncio.subprocess.Process | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._stopping = False

    @property
    def alive(self) -> bool:
        return self._writer is not None

    async def start(self) -> None:
        reader = await self._spawn()
        self._keeper = asyncio.create_task(self._keep(reader))

    async def stop(self) -> None:
        self._stopping = True
        if self._child and self._child.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._child.send_signal(signal.SIGTERM)
            try:
                await asyncio.wait_for(self._child.wait(), _ENDS_WITHIN_SECONDS)
            except TimeoutError:
                self._child.kill()
        if self._keeper:
            await self._keeper

    async def move(self, ports: tuple[int, int], address: str) -> None:
        """One that has just died begins there."""
        self._ports, self._address = ports, address
        if self.alive:
            with contextlib.suppress(ConnectionError):
                await self.ask("move", first=ports[0], last=ports[1], address=address)

    async def ask(self, verb: str, **fields: object) -> Any:  # noqa: ANN401 - each verb's own
        if self._writer is None:
            msg = "this media process is not there"
            raise ConnectionError(msg)
        self._last += 1
        number, answer = self._last, asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        self._writer.write(json.dumps({"id": number, "verb": verb, **fields}).encode() + b"\n")
        return await answer

    async def _spawn(self) -> asyncio.StreamReader:
        ours, theirs = socket.socketpair()
        first, last = self._ports
        options = {"line": theirs.fileno(), "ports": f"{first}-{last}", "address": self._address}
        with theirs:
            self._child = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "trustdesk.sipedge.media", "--folder", str(self._folder)),
                *(part for name, value in options.items() for part in (f"--{name}", str(value))),
                pass_fds=[theirs.fileno()],
                env=dict(os.environ),
            )
        reader, self._writer = await asyncio.open_unix_connection(sock=ours, limit=_LONGEST_WORD)
        return reader

    async def _keep(self, reader: asyncio.StreamReader) -> None:
        """Hear the process; when it has died say so, and start another."""
        while True:
            await self._hear(reader)
            await self._bury()
            if self._stopping:
                return
            await asyncio.sleep(_AGAIN_SECONDS)
            if self._stopping:
                return
            reader = await self._spawn()
            if self._stopping and self._child:  # while it was starting
                self._child.terminate()

    async def _hear(self, reader: asyncio.StreamReader) -> None:
        while said := await self._said(reader):
            word = json.loads(said)
            if "event" in word:
                event = word["event"]
                self._tell(MediaEvent(**{**event, "event": Event(event["event"])}))
                continue
            answer = self._waiting.pop(word["id"])
            if answer.done():  # whoever asked has gone
                continue
            if "error" in word:
                answer.set_exception(ERRORS[word["error"]](word["message"]))
            else:
                answer.set_result(word["done"])

    async def _said(self, reader: asyncio.StreamReader) -> bytes:
        try:
            return await reader.readline()
        except ConnectionError:
            return b""

    async def _bury(self) -> None:
        if self._writer:
            self._writer.close()
            self._writer = None
        if self._child:
            await self._child.wait()
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(ConnectionError("the media process has died"))
        self._waiting.clear()
        for leg in list(self.legs):
            self._tell(MediaEvent(event=Event.DIED, leg=leg))
