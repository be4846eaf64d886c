"""A real proxy between: Kamailio, which stays in the way of every call (Record-Route)."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.ports import free_port

HOST = "127.0.0.3"
SETTINGS = """#!KAMAILIO
debug=1
log_stderror=yes
# of two, one overtakes the other: a 180 after the 200
children=1
disable_tcp=yes
auto_aliases=no
listen=udp:{host}:{port}
mpath="{modules}"
loadmodule "kex.so"
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "maxfwd.so"
loadmodule "siputils.so"
loadmodule "textops.so"
modparam("rr", "append_fromtag", 0)

request_route {{
  if (!mf_process_maxfwd_header("10")) {{ sl_send_reply("483", "Too Many Hops"); exit; }}
  if (is_method("OPTIONS") && uri == myself) {{ sl_send_reply("200", "OK"); exit; }}
  if (has_totag()) {{
    if (loose_route()) {{ t_relay(); }}
    else if (is_method("ACK") && t_check_trans()) {{ t_relay(); }}
    exit;
  }}
  if (is_method("CANCEL")) {{ if (t_check_trans()) {{ t_relay(); }} exit; }}
  record_route();
  if ($si == "127.0.0.1") {{ $du = "sip:{callee}"; }} else {{ $du = "sip:{exchange}"; }}
  t_relay();
}}
"""


def kamailio() -> str:
    program = shutil.which("kamailio", path="/usr/sbin:/usr/bin:/usr/local/sbin")
    assert program, "These tests call through a Kamailio: run `make test`, or `apt-get install kamailio` as root."
    return program


def modules() -> str:
    return f"{next(Path('/usr/lib').glob('*/kamailio/modules/tm.so')).parent}/"


@asynccontextmanager
async def between(folder: Path, *, exchange: str, callee: str = "127.0.0.2:9") -> AsyncIterator[int]:
    """The port of a proxy on 127.0.0.3 that hands calls of the exchange to `callee`, all others to the exchange."""
    port = free_port(HOST)
    settings = folder / "kamailio.cfg"
    settings.write_text(
        SETTINGS.format(host=HOST, port=port, modules=modules(), exchange=exchange, callee=callee),
    )
    with tempfile.TemporaryDirectory(prefix="kam") as run, (folder / "kamailio.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *(kamailio(), "-f", str(settings), "-DD", "-E", "-m", "64", "-M", "8", "-Y", run),
            stdout=log,
            stderr=log,
        )
        try:
            await answering(port, folder / "kamailio.log")
            yield port
        finally:
            process.terminate()
            await process.wait()


async def answering(port: int, log: Path) -> None:
    """Ask until it answers."""
    loop = asyncio.get_running_loop()
    heard: asyncio.Future[bytes] = loop.create_future()

    class Asking(asyncio.DatagramProtocol):
        def datagram_received(self, data: bytes, addr: object) -> None:
            if not heard.done():
                heard.set_result(data)

    wire, _ = await loop.create_datagram_endpoint(Asking, local_addr=(HOST, 0))
    question = (
        f"OPTIONS sip:{HOST}:{port} SIP/2.0\r\nVia: SIP/2.0/UDP {HOST};branch=z9hG4bKready;rport\r\n"
        f"From: <sip:t@{HOST}>;tag=1\r\nTo: <sip:{HOST}:{port}>\r\nCall-ID: ready\r\nCSeq: 1 OPTIONS\r\n"
        "Max-Forwards: 9\r\nContent-Length: 0\r\n\r\n"
    ).encode()
    try:
        for _ in range(100):
            wire.sendto(question, (HOST, port))
            try:
                await asyncio.wait_for(asyncio.shield(heard), 0.1)
            except TimeoutError:
                continue
            return
    finally:
        wire.close()
    raise TimeoutError(log.read_text()[-2000:])  # noqa: ASYNC240 - the test is over
