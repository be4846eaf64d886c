"""The exchange as it runs: switchboard and edge in their own processes, and a number that is answered."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from datetime import time as clock_time
from pathlib import Path

from benchmarks._company import Company
from trustdesk.server.home import EXCHANGE_KEY, Home

NUMBER, QUEUE = "+3612345678", "service"
READY_SECONDS = 60
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Memory:
    """Of one process, in MB: all that is resident, and its share of it (what three of them hold counts a third)."""

    resident: float
    share: float


@dataclass(frozen=True, slots=True)
class Exchange:
    """The numbers of its processes."""

    switchboard: int
    edge: int

    def processes(self) -> dict[str, int]:
        """By name: the signalling is the edge itself, audio and browsers are its children."""
        found = {"switchboard": self.switchboard, "signalling": self.edge}
        for child in Path(f"/proc/{self.edge}/task/{self.edge}/children").read_text().split():
            words = Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
            found["browsers" if b"trustdesk.sipedge.webrtc" in words else "audio"] = int(child)
        return found

    def memory(self) -> dict[str, Memory]:
        return {name: _memory(pid) for name, pid in self.processes().items()}

    def signalling_seconds(self) -> float:
        """Processor time of the signalling so far."""
        fields = Path(f"/proc/{self.edge}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS


@contextmanager
def exchange(home: Home) -> Iterator[Exchange]:
    """Switchboard and edge, until they speak with each other."""
    environment = {**os.environ, "TRUSTDESK_HOME": str(home.path)}
    edge = ("-m", "trustdesk.sipedge", "--run", str(home.run), "--key", str(home.keys / EXCHANGE_KEY))
    log = home.logs / "exchange.log"
    with log.open("wb") as out:
        started = [
            subprocess.Popen(
                [sys.executable, *program], env=environment, stdout=out, stderr=out, start_new_session=True
            )
            for program in (("-m", "trustdesk.cli.switchboard"), edge)
        ]
        try:
            until(lambda: b"link.open" in log.read_bytes(), "the link")
            time.sleep(2)
            yield Exchange(*(process.pid for process in started))
        finally:
            for process in reversed(started):
                process.send_signal(signal.SIGTERM)
                process.wait(20)


def prepare(company: Company, port: int) -> float:
    """A number that is answered on a port of loopback; how long its notice and reference take, in seconds."""
    from trustdesk.announcements import api as announcements  # noqa: PLC0415  # after django.setup()
    from trustdesk.telephony import api as telephony  # noqa: PLC0415
    from trustdesk.telephony.contracts import EdgeSettings, NewNumber, NewQueue, NewTrunk  # noqa: PLC0415

    now, context = datetime.now(UTC), company.context()
    notice = _notice(company)
    queue = NewQueue(
        code=QUEUE,
        names={"en": "Service"},
        week=[[(clock_time(), clock_time())]] * 7,
        time_zone="Europe/Helsinki",
        country="FI",
    )
    telephony.save_queue(context, new=queue, now=now)
    number = NewNumber(
        e164=NUMBER,
        queue=QUEUE,
        language="en",
        country="FI",
        notice="main",
        label="Bench",
        purposes={"en": "Service"},
    )
    telephony.save_number(context, new=number, now=now)
    telephony.save_trunk(trunk_id=None, new=NewTrunk(name="bench", addresses=["127.0.0.0/8"]), by=None, now=now)
    settings = EdgeSettings(listen=[("udp", "127.0.0.1", port)], rtp_first=20_000, rtp_last=29_998)
    telephony.set_edge(new=settings, by=None, now=now)
    said = [announcements.prompt("en", name) for name in ("reference", "reference-repeat")]
    clips = [*notice, *said, *announcements.digits("en", "000000000000")]
    return sum(Path(clip).stat().st_size for clip in clips) / 8_000


def _notice(company: Company) -> Sequence[Path]:
    """The clips of a notice that tells of recording."""
    from trustdesk.announcements import api as announcements  # noqa: PLC0415  # after django.setup()
    from trustdesk.announcements.contracts import NewCallNotice  # noqa: PLC0415
    from trustdesk.clearance.api import packs  # noqa: PLC0415
    from trustdesk.decision.api import recording_rule  # noqa: PLC0415

    now, context = datetime.now(UTC), company.context()
    rule = recording_rule(packs(), "FI", "general", now)
    parts = dict.fromkeys(announcements.standard_parts(rule, "en", "Bench"), "We record.")
    new = NewCallNotice(code="main", language="en", country="FI", parts=parts)
    announcements.save_notice(context, new=new, now=now)
    held = announcements.notice(context, "main", "en", now=now)
    assert held is not None
    return held.clips


def until(holds: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not holds():
        assert time.monotonic() < deadline, f"{what} never came"
        time.sleep(0.1)


def _memory(pid: int) -> Memory:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    sizes = {line.split(":")[0]: int(line.split()[1]) / 1024 for line in lines if line.endswith("kB")}
    return Memory(resident=sizes["Rss"], share=sizes["Pss"])
