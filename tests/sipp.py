"""Scenarios for sipp, written step by step, and real calls with them."""

import asyncio
import shutil
from collections.abc import Sequence
from pathlib import Path

from tests.ports import free_port
from tests.sipping import OUR_NUMBER

SDP = """v=0
o=sipp 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [local_ip]
t=0 0
m=audio 6000 RTP/AVP 8 0 101
a=rtpmap:101 telephone-event/8000
{direction}"""
TO_TAG = "[peer_tag_param]"


def sipp() -> str:
    program = shutil.which("sipp")
    assert program, "These tests call with sipp: run `make test`, or `apt-get install sip-tester` as root."
    return program


def send(
    method: str,
    number: int,
    *,
    body: str = "",
    headers: Sequence[str] = (),
    branch: str = "[branch]",
    tag: str = TO_TAG,
    retrans: bool = True,
) -> str:
    """A request of the caller's."""
    kind = "Content-Type: application/sdp" if body.startswith("v=0") else ""
    lines = [
        f"{method} sip:{OUR_NUMBER}@[remote_ip]:[remote_port] SIP/2.0",
        f"Via: SIP/2.0/[transport] [local_ip]:[local_port];branch={branch}",
        "Max-Forwards: 70",
        "From: <sip:+36201112233@[local_ip]>;tag=[pid]f[call_number]",
        f"To: <sip:{OUR_NUMBER}@[remote_ip]>{tag}",
        "Call-ID: [call_id]",
        f"CSeq: {number} {method}",
        "Contact: <sip:caller@[local_ip]:[local_port];transport=[transport]>",
        *([kind] if kind else []),
        *headers,
        "Content-Length: [len]",
    ]
    again = ' retrans="500"' if retrans and method != "ACK" else ""
    text = "\n".join(lines) + "\n\n" + body
    return f"<send{again}><![CDATA[\n{text}\n]]></send>"


def invite(number: int = 1, *, direction: str = "", **more: object) -> str:
    body = "" if direction == "late" else SDP.format(direction=f"a={direction}\n" if direction else "")
    return send("INVITE", number, body=body, tag="" if number == 1 else TO_TAG, **more)  # type: ignore[arg-type]


def ack(number: int = 1, *, body: str = "", branch: str = "[branch]") -> str:
    return send("ACK", number, body=body, branch=branch)


def recv(status: int, *, optional: bool = False, checks: str = "") -> str:
    maybe = ' optional="true"' if optional else ""
    return f'<recv response="{status}"{maybe}>{checks}</recv>'


def recv_request(method: str) -> str:
    return f'<recv request="{method}"/>'


def respond(status: int, *headers: str) -> str:
    lines = [
        f"SIP/2.0 {status} As You Like",
        "[last_Via:]",
        "[last_From:]",
        "[last_To:]",
        "[last_Call-ID:]",
        "[last_CSeq:]",
    ]
    text = "\n".join([*lines, *headers, "Content-Length: 0"])
    return f"<send><![CDATA[\n{text}\n\n]]></send>"


def pause(milliseconds: int) -> str:
    return f'<pause milliseconds="{milliseconds}"/>'


def holds(text: str) -> str:
    """The answer's body has this."""
    return (
        f'<action><ereg regexp="{text}" search_in="body" check_it="true" assign_to="1"/><log message="[$1]"/></action>'
    )


RINGING = recv(100, optional=True) + recv(180, optional=True)


def scenario(*steps: str) -> str:
    return '<?xml version="1.0" encoding="UTF-8"?>\n<scenario name="call">\n' + "\n".join(steps) + "\n</scenario>\n"


async def call(
    folder: Path,
    steps: str,
    to: tuple[str, int],
    *arguments: str,
    calls: int = 1,
    host: str = "127.0.0.2",
    seconds: float = 60,
) -> tuple[int, str]:
    """What sipp says at the end: 0 where every call went as the scenario has it, and what it printed."""
    path = folder / f"scenario-{abs(hash(steps))}.xml"
    path.write_text(steps)
    command = [
        *(sipp(), f"{to[0]}:{to[1]}", "-sf", str(path), "-i", host, "-p", str(free_port(host))),
        *("-m", str(calls), "-nostdin", "-timeout", f"{int(seconds)}s", "-timeout_error"),
        *("-trace_err", "-error_file", str(folder / "errors.log"), *arguments),
    ]
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    errors = folder / "errors.log"
    said = errors.read_text()[-2000:] if errors.exists() else ""
    return process.returncode or 0, output.decode(errors="replace")[-1500:] + said
