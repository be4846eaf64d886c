"""rtpengine as a peer: Debian's, in user space, recording into pcap files, spoken to by its ng protocol."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_CONTROL = ("127.0.0.1", 22_333)
_MEDIA_HOST = "127.0.0.1"
_PORTS = (36_000, 45_999)


class Rtpengine:
    """A running one."""

    def __init__(self, pid: int, folder: Path) -> None:
        self.pid, self._folder = pid, folder
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.settimeout(5)
        self._socket.connect(_CONTROL)
        self._asked = 0

    def call(self, name: str, host: str, ports: tuple[int, int]) -> tuple[tuple[str, int], tuple[str, int]]:
        """A recorded call between two ports of a host; where each of them is to talk to."""
        common = {"call-id": name, "from-tag": f"{name}-from", "record call": "on"}
        offered = self._ask({"command": "offer", "sdp": _sdp(host, ports[0]), **common})
        answered = self._ask({"command": "answer", "to-tag": f"{name}-to", "sdp": _sdp(host, ports[1]), **common})
        return (_MEDIA_HOST, _port(answered)), (_MEDIA_HOST, _port(offered))

    def recorded_octets(self) -> int:
        return sum(path.stat().st_size for path in self._folder.rglob("*") if path.is_file())

    def ping(self) -> bool:
        try:
            return self._ask({"command": "ping"})["result"] == "pong"
        except OSError:
            return False

    def close(self) -> None:
        self._socket.close()

    def _ask(self, words: dict[str, str]) -> dict[str, str]:
        self._asked += 1
        self._socket.send(f"{self._asked} ".encode() + _bencoded(words))
        cookie, _space, answer = self._socket.recv(65_536).partition(b" ")
        assert int(cookie) == self._asked
        found = _bdecoded(answer)
        assert found["result"] in {"ok", "pong"}, found
        return found


@contextmanager
def rtpengine(folder: Path) -> Iterator[Rtpengine]:
    program = shutil.which("rtpengine")
    if not program:
        raise SystemExit("calls: the peer is missing: apt-get install rtpengine-daemon")
    first, last = _PORTS
    options = {
        "table": "-1",
        "interface": _MEDIA_HOST,
        "listen-ng": f"{_CONTROL[0]}:{_CONTROL[1]}",
        "port-min": str(first),
        "port-max": str(last),
        "recording-method": "pcap",
        "recording-dir": str(folder),
        "timeout": "36000",
        "silent-timeout": "36000",
        "log-level": "1",
        "config-file": "none",
    }
    command = [program, "--foreground", "--log-stderr", *(f"--{name}={value}" for name, value in options.items())]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, env={**os.environ, "LC_ALL": "C"})
    peer = Rtpengine(process.pid, folder)
    try:
        for _try in range(50):
            if peer.ping():
                break
            time.sleep(0.1)
        else:
            raise SystemExit("calls: rtpengine does not answer")
        yield peer
    finally:
        peer.close()
        process.send_signal(signal.SIGTERM)
        process.wait(10)


def _sdp(host: str, port: int) -> str:
    return (
        f"v=0\r\no=- 1 1 IN IP4 {host}\r\ns=-\r\nc=IN IP4 {host}\r\nt=0 0\r\n"
        f"m=audio {port} RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\na=sendrecv\r\n"
    )


def _port(answer: dict[str, str]) -> int:
    line = next(line for line in answer["sdp"].splitlines() if line.startswith("m=audio"))
    return int(line.split()[1])


def _bencoded(words: dict[str, str]) -> bytes:
    return b"d" + b"".join(_text(name) + _text(value) for name, value in sorted(words.items())) + b"e"


def _text(text: str) -> bytes:
    return f"{len(text)}:".encode() + text.encode()


def _bdecoded(data: bytes) -> dict[str, str]:
    """The texts of a dictionary; what is nested is passed over."""
    found: dict[str, str] = {}
    place = 1
    while data[place : place + 1] != b"e":
        name, place = _value(data, place)
        value, place = _value(data, place)
        if isinstance(value, str):
            found[str(name)] = value
    return found


def _value(data: bytes, place: int) -> tuple[str | None, int]:
    kind = data[place : place + 1]
    if kind == b"i":
        return None, data.index(b"e", place) + 1
    if kind in {b"d", b"l"}:
        place += 1
        while data[place : place + 1] != b"e":
            _nested, place = _value(data, place)
        return None, place + 1
    colon = data.index(b":", place)
    end = colon + 1 + int(data[place:colon])
    return data[colon + 1 : end].decode(errors="replace"), end
