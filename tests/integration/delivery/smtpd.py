"""A mail server that does what it is told: on each command it answers, waits, or dies. Raw sockets, so that it can do
also what no server library would.
"""

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Self

HANG = "HANG"
"""Answer nothing, keep the connection."""
DIE = "DIE"
"""Close the connection without a word."""
DRIBBLE = "DRIBBLE"
"""An answer that never ends: one byte at a time, each in time."""

GREETING, EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA, DOT, RSET, QUIT = (
    "greeting",
    "EHLO",
    "STARTTLS",
    "AUTH",
    "MAIL",
    "RCPT",
    "DATA",
    "dot",
    "RSET",
    "QUIT",
)
_ANSWERS = {
    GREETING: "220 mail.example.org ready",
    STARTTLS: "220 go ahead",
    AUTH: "235 welcome",
    MAIL: "250 ok",
    RCPT: "250 ok",
    DATA: "354 go ahead",
    DOT: "250 2.0.0 taken",
    RSET: "250 ok",
    QUIT: "221 bye",
}


@dataclass
class Taken:
    """One mail that was taken: envelope and content as they came."""

    sender: str
    recipients: list[str]
    content: bytes
    options: str = ""


@dataclass
class Smtpd:
    """`says` maps a stage to what is answered instead of the usual, `extensions` is what EHLO offers. `reached` is told
    each stage before it is answered, and may block. `asked_at`: when DATA was said for whom.
    """

    says: dict[str, str] = field(default_factory=dict)
    extensions: list[str] = field(default_factory=lambda: ["SIZE 10000000", "DSN", "ENHANCEDSTATUSCODES"])
    tls: ssl.SSLContext | None = None
    reached: Callable[[str], None] = lambda _stage: None
    taken: list[Taken] = field(default_factory=list)
    stages: list[str] = field(default_factory=list)
    asked_at: dict[str, float] = field(default_factory=dict)
    connections: int = 0

    def __enter__(self) -> Self:
        self._stop = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._listening.settimeout(0.1)
        self.port: int = self._listening.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()
        return self

    def __exit__(self, *_fault: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout=5)
        self._listening.close()

    def count(self, stage: str) -> int:
        return self.stages.count(stage)

    def _accept(self) -> None:
        while not self._stop.is_set():
            with contextlib.suppress(TimeoutError):
                held, _address = self._listening.accept()
                self.connections += 1
                thread = threading.Thread(target=self._serve, args=(held,), daemon=True)
                self._threads.append(thread)
                thread.start()

    def _serve(self, held: socket.socket) -> None:
        with contextlib.suppress(OSError, _OverError, ssl.SSLError):
            session = _Session(self, held)
            try:
                session.run()
            finally:
                session.close()


class _OverError(Exception):
    """The session is over."""


class _Session:
    def __init__(self, server: Smtpd, held: socket.socket) -> None:
        self._server = server
        self._use(held)
        self._mail = Taken("", [], b"")

    def _use(self, held: socket.socket) -> None:
        self._held = held
        self._held.settimeout(10)
        self._lines = held.makefile("rb")

    def close(self) -> None:
        self._lines.close()
        self._held.close()

    def run(self) -> None:
        self._answer(GREETING)
        while line := self._lines.readline():
            self._command(line.decode("utf-8", "replace").rstrip("\r\n"))

    def _command(self, line: str) -> None:
        word = line.split(" ", maxsplit=1)[0].upper()
        match word:
            case "EHLO":
                offered = ["mail.example.org", *self._server.extensions]
                self._answer(EHLO, "\r\n".join(self._numbered(offered)))
            case "STARTTLS":
                self._answer(STARTTLS)
                if self._server.tls is not None:
                    self._use(self._server.tls.wrap_socket(self._held, server_side=True))
            case "MAIL":
                self._mail = Taken(_between(line), [], b"", line.partition(">")[2].strip())
                self._answer(MAIL)
            case "RCPT" if self._answer(RCPT).startswith("2"):
                self._mail.recipients.append(_between(line))
            case "DATA":
                self._data()
            case "QUIT":
                self._answer(QUIT)
                raise _OverError
            case "RCPT":
                return
            case _:
                self._answer(word)

    def _data(self) -> None:
        for recipient in self._mail.recipients:
            self._server.asked_at[recipient] = time.monotonic()
        if self._answer(DATA).startswith("354"):
            self._content()

    def _numbered(self, lines: list[str]) -> Iterator[str]:
        for number, text in enumerate(lines, start=1):
            yield f"250{' ' if number == len(lines) else '-'}{text}"

    def _content(self) -> None:
        lines = []
        while (line := self._lines.readline()) != b".\r\n":
            if not line:
                raise _OverError  # closed before the final dot: nothing was given to us
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        self._mail.content = b"".join(lines)
        self._answer(DOT, keep=self._mail)

    def _answer(self, stage: str, usual: str = "", keep: Taken | None = None) -> str:
        self._server.stages.append(stage)
        self._server.reached(stage)
        said = self._server.says.get(stage, usual or _ANSWERS.get(stage, "502 what?"))
        if keep is not None and (said in {HANG, DIE, DRIBBLE} or said.startswith("2")):
            self._server.taken.append(keep)  # it is ours now, whether we say so or not
        match said:
            case "HANG":
                self._server._stop.wait(30)
                raise _OverError
            case "DIE":
                raise _OverError
            case "DRIBBLE":
                while not self._server._stop.wait(0.2):
                    self._held.sendall(b"2")
                raise _OverError
            case _:
                self._held.sendall(said.encode() + b"\r\n")
        return said


def _between(line: str) -> str:
    return line.partition("<")[2].partition(">")[0]
