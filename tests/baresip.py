"""A real phone: baresip, steered over its control port."""

import asyncio
import json
import math
import shutil
import struct
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.sipp import free_port

MODULES = ("/usr/lib/baresip/modules", "/usr/local/lib/baresip/modules")


def baresip() -> str:
    program = shutil.which("baresip")
    assert program, "These tests ring a baresip: run `make test`, or `apt-get install baresip-core` as root."
    return program


def modules() -> str:
    folders = [Path(folder) for folder in MODULES] + sorted(Path("/usr/lib").glob("*/baresip/modules"))
    return str(next(folder for folder in folders if folder.is_dir()))


def tone(path: Path, hertz: float, seconds: float = 30) -> Path:
    """A sine of 8,000 samples a second."""
    samples = [int(8000 * math.sin(2 * math.pi * hertz * n / 8000)) for n in range(8000)]
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(struct.pack("<8000h", *samples) * int(seconds))
    return path


@dataclass
class Phone:
    """One baresip. `events` are what it said of itself, by their types, in order."""

    control: asyncio.StreamWriter
    events: list[str] = field(default_factory=list)
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def say(self, command: str, params: str = "") -> None:
        said = json.dumps({"command": command, "params": params, "token": "t"}).encode()
        self.control.write(b"%d:%s," % (len(said), said))
        await self.control.drain()

    async def heard(self, event: str, seconds: float = 10) -> None:
        async with asyncio.timeout(seconds), self._news:
            await self._news.wait_for(lambda: event in self.events)

    async def listen(self, reader: asyncio.StreamReader) -> None:
        """Netstrings of JSON."""
        while length := await reader.readuntil(b":"):
            text = await reader.readexactly(int(length[:-1]) + 1)
            told = json.loads(text[:-1])
            async with self._news:
                self.events.append(str(told.get("type", told.get("response"))))
                self._news.notify_all()


@asynccontextmanager
async def phone(
    folder: Path,
    account: str,
    *,
    hertz: float = 440,
    more: tuple[str, ...] = (),
) -> AsyncIterator[Phone]:
    """A baresip with this account line, registered or about to be."""
    folder.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240 - a test's own folder
    control = free_port(kind=1)
    settings = [
        "poll_method epoll",
        f"sip_listen 127.0.0.1:{free_port()}",
        "net_interface 127.0.0.1",
        f"audio_source aufile,{tone(folder / 'tone.wav', hertz)}",
        f"audio_player aufile,{folder / 'heard.wav'}",
        f"audio_alert aufile,{folder / 'alert.wav'}",
        "rtp_ports 42000-43000",
        f"module_path {modules()}",
        *("module g711.so", "module aufile.so", "module ctrl_tcp.so"),
        *("module_app account.so", "module_app menu.so"),
        f"ctrl_tcp_listen 127.0.0.1:{control}",
        *more,
    ]
    (folder / "config").write_text("\n".join(settings) + "\n")
    (folder / "accounts").write_text(account + "\n")
    (folder / "contacts").write_text("")
    log = (folder / "log.txt").open("wb")
    process = await asyncio.create_subprocess_exec(
        baresip(),
        "-v",
        "-s",
        "-f",
        str(folder),
        cwd=folder,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=log,
        stderr=log,
    )
    try:
        reader, writer = await connected(control)
        one = Phone(writer)
        listening = asyncio.create_task(one.listen(reader))
        yield one
        listening.cancel()
        writer.close()
    finally:
        log.close()
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def connected(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    for _ in range(100):
        try:
            return await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.1)
    raise TimeoutError("baresip does not listen")
