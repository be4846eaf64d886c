"""Callers: sipp is the network, each of its calls hears what there is to hear and hangs up by itself."""

import csv
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks._exchange import NUMBER
from benchmarks._house import say

PERIOD_MS = 1_000
AFTER_REFERENCE_MS = 2_000
"""How long the edge waits whether the reference is asked for once more."""
_LOOK_SECONDS = 2
_ANYBODY = "+3620[call_number]"

_CALL = """<?xml version="1.0" encoding="UTF-8"?>
<scenario name="a caller">
<send retrans="500" start_rtd="1"><![CDATA[
INVITE sip:{number}@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch]
Max-Forwards: 70
From: <sip:{caller}@[local_ip]>;tag=[pid]f[call_number]
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
From: <sip:{caller}@[local_ip]>;tag=[pid]f[call_number]
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
From: <sip:{caller}@[local_ip]>;tag=[pid]f[call_number]
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


def calls(
    folder: Path,
    port: int,
    *,
    count: int,
    rate: int,
    stays_ms: int,
    period_ms: int = PERIOD_MS,
    callers: Sequence[str] = (),
    watch: Callable[[], None] = lambda: None,
) -> Asked:
    """`rate` calls a period, each staying so long. `callers` are their numbers, else each has one of its own; `watch`
    is called every other second.
    """
    folder.mkdir()
    caller = "[field0]" if callers else _ANYBODY
    (folder / "call.xml").write_text(_CALL.format(number=NUMBER, caller=caller, stays=stays_ms))
    (folder / "callers.csv").write_text("\n".join(["SEQUENTIAL", *(f"{number};" for number in callers)]) + "\n")
    line = (
        f"sipp 127.0.0.1:{port} -sf call.xml -i 127.0.0.2 -r {rate} -rp {period_ms} -m {count} -l {count}"
        f"{' -inf callers.csv' if callers else ''} -trace_rtt -rtt_freq 1 -trace_stat -fd 1 -nostdin -timeout 3600"
    )
    process = subprocess.Popen(line.split(), cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while process.poll() is None:
        try:
            process.wait(_LOOK_SECONDS)
        except subprocess.TimeoutExpired:
            watch()
    return _asked(folder, process.returncode)


def _asked(folder: Path, code: int) -> Asked:
    (statistics,) = folder.glob("call_*_.csv")
    with statistics.open() as stream:
        last = list(csv.DictReader(stream, delimiter=";"))[-1]
    answers = []
    for path in folder.glob("*rtt.csv"):
        with path.open() as stream:
            _names, *rows = csv.reader(stream, delimiter=";")
            answers += [float(milliseconds) for _at, milliseconds, *_rest in rows]
    if code:
        say(f"  sipp ended with {code}: {int(last['FailedCall(C)'])} calls failed")
    return Asked(int(last["SuccessfulCall(C)"]), answers)
