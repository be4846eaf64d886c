"""Calls at a rate: answered, told, given a reference and put into a queue, by the whole exchange; sipp is the network.

Switchboard, edge and PostgreSQL are the real ones, each in its own processes. Answering is measured by sipp from its
INVITE to our 200; processor time is that of the signalling process alone. Then many short calls, to see what is left.
"""

import csv
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from datetime import time as clock_time
from pathlib import Path

from benchmarks._company import Company
from benchmarks._house import house, result, say, size
from trustdesk.server.home import EXCHANGE_KEY, Home

PROMISED_CALLS = 2_000
PROMISED_ANSWER_MS = 200
PROMISED_CPU_MS = 5
PROMISED_SHORT = 20_000
PROMISED_GROWTH_MB = 8.0
RATE = 20
SHORT_RATE = 50
NUMBER = "+3612345678"
_AFTER_REFERENCE_MS = 3_000
_READY_SECONDS = 60
_WRITTEN_SECONDS = 20
_TICKS = os.sysconf("SC_CLK_TCK")

_CALL = """<?xml version="1.0" encoding="UTF-8"?>
<scenario name="a caller">
<send retrans="500" start_rtd="1"><![CDATA[
INVITE sip:{number}@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch]
Max-Forwards: 70
From: <sip:+3620[call_number]@[local_ip]>;tag=[pid]f[call_number]
To: <sip:{number}@[remote_ip]>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:caller@[local_ip]:[local_port]>
Content-Type: application/sdp
Content-Length: [len]

v=0
o=sipp 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [local_ip]
t=0 0
m=audio [auto_media_port] RTP/AVP 8
]]></send>
<recv response="100" optional="true"/>
<recv response="180" optional="true"/>
<recv response="200" rtd="1" rrs="true"/>
<send><![CDATA[
ACK [next_url] SIP/2.0
Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch]
Max-Forwards: 70
[routes]
From: <sip:+3620[call_number]@[local_ip]>;tag=[pid]f[call_number]
To: <sip:{number}@[remote_ip]>[peer_tag_param]
Call-ID: [call_id]
CSeq: 1 ACK
Content-Length: 0

]]></send>
<pause milliseconds="{stays}"/>
<send retrans="500"><![CDATA[
BYE [next_url] SIP/2.0
Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch]
Max-Forwards: 70
[routes]
From: <sip:+3620[call_number]@[local_ip]>;tag=[pid]f[call_number]
To: <sip:{number}@[remote_ip]>[peer_tag_param]
Call-ID: [call_id]
CSeq: 2 BYE
Content-Length: 0

]]></send>
<recv response="200"/>
</scenario>
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """What sipp saw: calls that went through, and milliseconds from INVITE to 200 of each."""

    served: int
    answers: Sequence[float]

    def share(self, part: float) -> float:
        return sorted(self.answers)[min(int(len(self.answers) * part), len(self.answers) - 1)] if self.answers else 0.0


@contextmanager
def exchange(home: Home) -> Iterator[int]:
    """Switchboard and edge; the number of the edge's signalling process."""
    environment = {**os.environ, "TRUSTDESK_HOME": str(home.path)}
    edge = ("-m", "trustdesk.sipedge", "--run", str(home.run), "--key", str(home.keys / EXCHANGE_KEY))
    log = (home.logs / "exchange.log").open("wb")
    started = [
        subprocess.Popen([sys.executable, *program], env=environment, stdout=log, stderr=log, start_new_session=True)
        for program in (("-m", "trustdesk.cli.switchboard"), edge)
    ]
    try:
        _until(lambda: b"link.open" in (home.logs / "exchange.log").read_bytes(), "the link")
        time.sleep(2)
        yield started[1].pid
    finally:
        for process in reversed(started):
            process.send_signal(signal.SIGTERM)
            process.wait(20)
        log.close()


def prepare(company: Company, port: int) -> float:
    """A number that is answered; how long its notice and reference take, in seconds."""
    from trustdesk.announcements import api as announcements  # noqa: PLC0415  # after django.setup()
    from trustdesk.announcements.contracts import NewCallNotice  # noqa: PLC0415
    from trustdesk.clearance.api import packs  # noqa: PLC0415
    from trustdesk.decision.api import recording_rule  # noqa: PLC0415
    from trustdesk.telephony import api as telephony  # noqa: PLC0415
    from trustdesk.telephony.contracts import EdgeSettings, NewNumber, NewQueue, NewTrunk  # noqa: PLC0415

    now, context = datetime.now(UTC), company.context()
    rule = recording_rule(packs(), "FI", "general", now)
    parts = dict.fromkeys(announcements.standard_parts(rule, "en", "Bench"), "We record.")
    announcements.save_notice(
        context, new=NewCallNotice(code="main", language="en", country="FI", parts=parts), now=now
    )
    queue = NewQueue(
        code="service",
        names={"en": "Service"},
        week=[[(clock_time(), clock_time())]] * 7,
        time_zone="Europe/Helsinki",
        country="FI",
    )
    telephony.save_queue(context, new=queue, now=now)
    number = NewNumber(
        e164=NUMBER,
        queue="service",
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
    held = announcements.notice(context, "main", "en", now=now)
    assert held is not None
    said = [announcements.prompt("en", name) for name in ("reference", "reference-repeat")]
    clips = [*held.clips, *said, *announcements.digits("en", "000000000000")]
    return sum(Path(clip).stat().st_size for clip in clips) / 8_000


def sipp(folder: Path, port: int, *, calls: int, rate: int, stays_ms: int) -> Asked:
    """Calls at a steady rate, each hanging up by itself."""
    folder.mkdir()
    (folder / "call.xml").write_text(_CALL.format(number=NUMBER, stays=stays_ms))
    line = f"sipp 127.0.0.1:{port} -sf call.xml -i 127.0.0.2 -r {rate} -m {calls} -l {calls} -trace_rtt -rtt_freq 1"
    done = subprocess.run(
        [*line.split(), "-trace_stat", "-fd", "1", "-nostdin", "-timeout", "3600"],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
    )
    (statistics,) = folder.glob("call_*_.csv")
    with statistics.open() as stream:
        last = list(csv.DictReader(stream, delimiter=";"))[-1]
    answers = []
    for path in folder.glob("*rtt.csv"):
        with path.open() as stream:
            _names, *rows = csv.reader(stream, delimiter=";")
            answers += [float(milliseconds) for _at, milliseconds, *_rest in rows]
    served = int(last["SuccessfulCall(C)"])
    if done.returncode:
        say(f"  sipp ended with {done.returncode}: {int(last['FailedCall(C)'])} calls failed")
    return Asked(served, answers)


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def resident_mb(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize() / 1_048_576


def all_queued(company: Company, calls: int) -> int:
    """As `queued`, as soon as it is all of them: the switchboard writes after the fact."""
    deadline = time.monotonic() + _WRITTEN_SECONDS
    while (found := queued(company)) < calls and time.monotonic() < deadline:
        time.sleep(0.5)
    return found


def queued(company: Company) -> int:
    """Calls that came as far as a queue, by the rows the switchboard wrote."""
    from django.db import connection  # noqa: PLC0415

    from trustdesk.isolation.api import scoped  # noqa: PLC0415

    with scoped(company.context().scope), connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT call_id) FROM switchboard_wait")
        (found,) = cursor.fetchone()
    return int(found)


def _until(holds: object, what: str) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while not holds():  # type: ignore[operator]
        assert time.monotonic() < deadline, f"{what} never came"
        time.sleep(0.1)


def main() -> None:
    calls = size(PROMISED_CALLS)
    short = PROMISED_SHORT * calls // PROMISED_CALLS
    port = 5_960
    scratch = Path(tempfile.mkdtemp(prefix="trustdesk-bench-"))
    try:
        with house() as home:
            company = Company("Bench", "FI")
            spoken = prepare(company, port)
            with exchange(home) as pid:
                stays = int(spoken * 1000) + _AFTER_REFERENCE_MS
                say(f"{calls:,} calls, {RATE}/s, each {stays / 1000:.0f} s: notice, reference, queue")
                before = cpu_seconds(pid)
                asked = sipp(scratch / "whole", port, calls=calls, rate=RATE, stays_ms=stays)
                cpu_ms = (cpu_seconds(pid) - before) * 1000 / calls
                in_queue = all_queued(company, calls)
                say(
                    f"  served {asked.served:,}, in the queue {in_queue:,}; answered in {asked.share(0.5):.1f} ms (p50)"
                )
                memory = resident_mb(pid)
                say(f"{short:,} short calls, {SHORT_RATE}/s")
                brief = sipp(scratch / "short", port, calls=short, rate=SHORT_RATE, stays_ms=100)
                grown = resident_mb(pid) - memory
                say(f"  served {brief.served:,}; signalling {memory:.0f} MB, grown by {grown:.1f} MB")
        result(
            bench="setup",
            ours=asked.share(0.99),
            peer=PROMISED_ANSWER_MS,
            unit="ms to answer, p99 (the peer is the promise)",
            holds=calls >= PROMISED_CALLS
            and asked.served == in_queue == calls
            and brief.served == short
            and asked.share(0.99) <= PROMISED_ANSWER_MS
            and cpu_ms <= PROMISED_CPU_MS
            and grown <= PROMISED_GROWTH_MB,
            rows=calls,
            served=asked.served,
            in_queue=in_queue,
            answer_p50_ms=round(asked.share(0.5), 1),
            cpu_ms_a_call=round(cpu_ms, 2),
            short_calls=brief.served,
            short_answer_p99_ms=round(brief.share(0.99), 1),
            resident_mb=round(memory),
            grown_mb=round(grown, 1),
        )
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    main()
