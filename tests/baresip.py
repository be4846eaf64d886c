"""baresip as a telephone: says a tone, keeps what it hears, and does what it is told over its control socket."""

import asyncio
import json
import os
import shutil
import signal
import socket
import subprocess
import time
import wave
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.ports import free_port
from trustdesk.sipedge.audio.laws import linear
from trustdesk.sipedge.audio.tones import tone
from trustdesk.sipedge.media.contracts import Law

MODULES = "g711.so account.so contact.so menu.so aufile.so sndfile.so ctrl_tcp.so uuid.so"
FOLDERS = ("/usr/lib/baresip/modules", "/usr/local/lib/baresip/modules")
_CONFIG = """
poll_method epoll
sip_listen {sip}
{interface}
call_local_timeout 60
call_max_calls 4
audio_path /usr/share/baresip
audio_source aufile,{folder}/says.wav
audio_srate 8000
audio_channels 1
rtp_ports {rtp}-{rtp_last}
rtp_timeout 0
jitter_buffer_type off
module_path {modules}
{loads}
ctrl_tcp_listen 127.0.0.1:{control}
snd_path {folder}/taken
{more}
"""
Samples = NDArray[np.int16]


def baresip() -> str:
    program = shutil.which("baresip")
    assert program, "These tests ring a baresip: run `make test`, or `apt-get install baresip-core` as root."
    return program


def modules() -> str:
    folders = [Path(folder) for folder in FOLDERS] + sorted(Path("/usr/lib").glob("*/baresip/modules"))
    return str(next(folder for folder in folders if folder.is_dir()))


@dataclass
class Softphone:
    """`event` words are baresip's own: REGISTER_OK, CALL_INCOMING, CALL_ESTABLISHED, CALL_CLOSED …"""

    folder: Path
    process: "subprocess.Popen[bytes]"
    control: socket.socket
    sip_port: int
    events: list[dict[str, str]] = field(default_factory=list)
    _rest: bytes = b""

    def command(self, command: str, params: str = "") -> None:
        body = json.dumps({"command": command, "params": params, "token": "t"}).encode()
        self.control.sendall(f"{len(body)}:".encode() + body + b",")

    def wait_for(self, event: str, *, seconds: float = 45, times: int = 1) -> dict[str, str]:
        deadline = time.monotonic() + seconds
        while True:
            found = [one for one in self.events if one.get("type") == event]
            if len(found) >= times:
                return found[times - 1]
            left = deadline - time.monotonic()
            assert left > 0, f"no {event}; {[one.get('type') for one in self.events]}; {self.log()}"
            self.control.settimeout(left)
            try:
                self._rest += self.control.recv(65536)
            except TimeoutError:
                continue
            self._take()

    async def heard_of(self, event: str, *, seconds: float = 45, times: int = 1) -> dict[str, str]:
        """As `wait_for`, for a test on whose loop the exchange runs."""
        return await asyncio.to_thread(self.wait_for, event, seconds=seconds, times=times)

    def dial(self, target: str) -> None:
        self.command("dial", target)

    def press(self, keys: str) -> None:
        """Each for 100 ms, as a hand would."""
        for key in keys:
            self.command("sndcode", key)
            time.sleep(0.25)

    def hang_up(self) -> None:
        self.command("hangup")

    def heard(self) -> Samples:
        """All that came to its ear in its last call."""
        kept = sorted((self.folder / "taken").glob("*-dec.wav"), key=lambda path: path.stat().st_mtime)
        return np.frombuffer(kept[-1].read_bytes()[44:], dtype="<i2") if kept else np.zeros(0, dtype=np.int16)

    def strengths(self, hertz: float, start: int = 0) -> list[float]:
        """How much of each whole second in its ear is this tone, from a sample on."""
        sound = self.heard()[start:]
        return [strength(sound[place : place + 8000], hertz) for place in range(0, len(sound) - 7999, 8000)]

    def until_heard(self, hertz: float, *, fresh: int = 4000, seconds: float = 45) -> None:
        """Until the last half second of what is in its ear, all of it from now on, is this tone."""
        start, deadline = len(self.heard()), time.monotonic() + seconds
        while True:
            sound = self.heard()
            if len(sound) - start >= fresh and strength(sound[-fresh:], hertz) > 0.5:
                return
            assert time.monotonic() < deadline, f"{hertz} Hz is not heard; {len(sound) - start} new samples"
            time.sleep(0.05)

    def log(self) -> str:
        return (self.folder / "log").read_text(errors="replace")[-1500:]

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(5)

    def _take(self) -> None:
        while b":" in self._rest:
            length, rest = self._rest.split(b":", 1)
            if len(rest) <= int(length):
                return
            body, self._rest = rest[: int(length)], rest[int(length) + 1 :]
            said = json.loads(body)
            if said.get("event"):
                self.events.append(said)


@contextmanager
def softphone(
    folder: Path,
    *,
    account: str,
    says_hertz: float = 1000.0,
    seconds: int = 60,
    more: tuple[str, ...] = (),
    host: str = "127.0.0.1",
    only: tuple[str, ...] = (),
    speech: Path | None = None,
) -> Iterator[Softphone]:
    """A telephone with one account line of baresip's; it says one tone for as long as it is asked, or what is in the
    file `speech` (WAV, 8 kHz, linear). `more`: lines of its settings. `only`: switches that bind it to a family or an
    interface.
    """
    sip_port, control = free_port(host), free_port()
    _prepare(folder, account, f"[{host}]:{sip_port}" if ":" in host else f"{host}:{sip_port}", control, more)
    if speech is None:
        _says(folder / "says.wav", says_hertz, seconds)
    else:
        shutil.copy(speech, folder / "says.wav")
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [baresip(), "-v", "-s", "-f", str(folder), *only],
            cwd=folder,
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
        )
    try:
        with _connected(control, folder) as line:
            yield Softphone(folder, process, line, sip_port)
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(5)


@asynccontextmanager
async def beside(telephone: AbstractContextManager[Softphone]) -> AsyncIterator[Softphone]:
    """A telephone that is started and put away in a thread: the exchange it speaks with is on this loop."""
    made = await asyncio.to_thread(telephone.__enter__)
    try:
        yield made
    finally:
        await asyncio.to_thread(telephone.__exit__, None, None, None)


def _prepare(folder: Path, account: str, listens: str, control: int, more: tuple[str, ...]) -> None:
    (folder / "taken").mkdir(parents=True)
    rtp = 40000 + os.getpid() % 500 * 20 + free_port() % 10 * 2
    text = _CONFIG.format(
        sip=listens,
        interface="" if listens.startswith("[") else "net_interface 127.0.0.1",
        folder=folder,
        rtp=rtp,
        rtp_last=rtp + 18,
        modules=modules(),
        loads="\n".join(f"module {name}" for name in MODULES.split()),
        control=control,
        more="\n".join(more),
    )
    (folder / "config").write_text(text)
    (folder / "accounts").write_text(account + "\n")
    (folder / "contacts").touch()


def _says(path: Path, hertz: float, seconds: int) -> None:
    with wave.open(str(path), "wb") as stream:
        stream.setnchannels(1)
        stream.setsampwidth(2)
        stream.setframerate(8000)
        stream.writeframes(linear(tone(hertz, seconds * 1000), Law.A).tobytes())


def _connected(port: int, folder: Path) -> socket.socket:
    deadline = time.monotonic() + 20
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=1)
        except OSError:
            assert time.monotonic() < deadline, (folder / "log").read_text(errors="replace")
            time.sleep(0.05)


def strength(samples: Samples, hertz: float, rate: int = 8000) -> float:
    """How much of the power is at this tone, 0 to 1 (one bin of a Fourier transform on either side)."""
    if len(samples) < 400:
        return 0.0
    window = samples.astype(np.float64) * np.hanning(len(samples))
    power = np.abs(np.fft.rfft(window)) ** 2
    if power.sum() == 0:
        return 0.0
    place = round(hertz * len(samples) / rate)
    return float(power[max(place - 3, 0) : place + 4].sum() / power.sum())
