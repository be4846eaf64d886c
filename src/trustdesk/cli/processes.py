"""Child processes under one supervisor: started together, restarted when they die, stopped in order."""

import ctypes
import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)
_GRACE_SECONDS = 15
_STEADY_SECONDS = 20
_LONGEST_PAUSE = 30.0


@dataclass(slots=True)
class Child:
    """One process of ours. `pause` grows while it keeps dying, so that a broken one doesn't spin."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    pause: float = 0.5
    not_before: float = 0.0
    deaths: int = field(default=0)

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own programs
                list(self.command),
                env={**os.environ, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=_end_with_supervisor,  # noqa: PLW1509 - one call into libc, nothing of Python's
                start_new_session=True,  # Ctrl+C reaches the supervisor alone, which stops them in order
            )
        self.started = time.monotonic()

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def tend(self) -> bool:
        """Start it again where it died and its pause is over; True where it was started."""
        now = time.monotonic()
        if self.alive():
            if now - self.started > _STEADY_SECONDS:
                self.pause = 0.5
            return False
        if self.process is not None:
            self.process = None
            self.deaths += 1
            self.not_before = now + self.pause
            self.pause = min(self.pause * 2, _LONGEST_PAUSE)
        if now < self.not_before:
            return False
        self.start()
        return True

    def signal(self, number: int) -> None:
        if self.alive() and self.process is not None:
            os.killpg(self.process.pid, number)


class Supervisor:
    """Keeps the children alive until it is told to stop."""

    def __init__(self, children: Sequence[Child]) -> None:
        self.children = children
        self._stop = threading.Event()

    def stop_on_signals(self) -> None:
        """Ctrl+C and a service manager's stop both end the wait."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda _number, _frame: self._stop.set())

    def start(self, *names: str) -> None:
        """Start the named children, all where none is named."""
        for child in self.children:
            if not names or child.name in names:
                child.start()

    @property
    def stopping(self) -> bool:
        return self._stop.is_set()

    def wait(self, *, tend: float = 0.5) -> list[str]:
        """One round: wait a little, start again whoever died; their names."""
        self._stop.wait(tend)
        tended = [child for child in self.children if child.started]
        return [] if self.stopping else [child.name for child in tended if child.tend()]

    def stop(self) -> list[str]:
        """Ask all to end, wait, and end the deaf; the names of those that had to be killed."""
        for child in self.children:
            child.signal(signal.SIGTERM)
        deadline = time.monotonic() + _GRACE_SECONDS
        deaf = []
        for child in self.children:
            while child.alive() and time.monotonic() < deadline:
                time.sleep(0.05)
            if child.alive():
                deaf.append(child.name)
                child.signal(signal.SIGKILL)
            if child.process is not None:
                child.process.wait()
        return deaf


def _end_with_supervisor() -> None:
    """Linux ends the child when the supervisor is killed: else it would keep the port and the database."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
