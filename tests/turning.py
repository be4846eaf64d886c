"""A real relay: coturn, as docs/how-to/browser-phone.md sets it up, on a free port of this machine."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from aioice.ice import get_host_addresses

from tests.integration.sipedge.edge_process import HERE
from tests.ports import free_port

USER, PASSWORD, SECRET = "desk", "a-long-password", "a-shared-secret"


def own_address() -> str:
    """The machine's own, which browsers take for their way; without a network they have their loopback only."""
    return next(iter(get_host_addresses(use_ipv4=True, use_ipv6=False)), HERE)


@dataclass(frozen=True)
class Relay:
    """`address` and `tls_port` are where it is; its relayed addresses have ports from `first` to `last`."""

    host: str
    port: int
    tls_port: int
    first: int
    last: int
    log: Path

    def url(self, transport: str = "udp") -> str:
        return f"turn:{self.host}:{self.port}?transport={transport}"

    @property
    def secure_url(self) -> str:
        return f"turns:{self.host}:{self.tls_port}"


@contextmanager
def relay(folder: Path, *, shared: bool = False, certificate: Sequence[Path] = ()) -> Iterator[Relay]:
    """It knows one user, or a secret that it shares; it relays to this machine only."""
    program = shutil.which("turnserver", path="/usr/bin:/usr/sbin:/usr/local/bin")
    assert program, "These tests need coturn: run `make test`, or `apt-get install coturn` as root."
    host, port, tls_port = own_address(), free_port(), free_port()
    first = 50000 + port % 400 * 20
    folder.mkdir()
    made = Relay(host, port, tls_port, first, first + 19, folder / "log")
    login = (
        ["use-auth-secret", f"static-auth-secret={SECRET}"] if shared else ["lt-cred-mech", f"user={USER}:{PASSWORD}"]
    )
    tls = (
        [f"cert={certificate[0]}", f"pkey={certificate[1]}", f"tls-listening-port={tls_port}"]
        if certificate
        else ["no-tls"]
    )
    lines = [
        *(f"listening-ip={host}", f"listening-port={port}", f"relay-ip={host}", "realm=turn.test", "fingerprint"),
        *(f"min-port={made.first}", f"max-port={made.last}"),
        *login,
        *tls,
        *("denied-peer-ip=0.0.0.0-255.255.255.255", f"allowed-peer-ip={host}", "no-multicast-peers"),
        *("no-cli", "no-dtls", "allow-loopback-peers", "log-file=stdout", "verbose"),
        *(f"pidfile={folder / 'pid'}", f"userdb={folder / 'db'}"),
    ]
    (folder / "turnserver.conf").write_text("\n".join(lines) + "\n")
    with made.log.open("wb") as log:
        process = subprocess.Popen([program, "-c", str(folder / "turnserver.conf")], stdout=log, stderr=log, cwd=folder)
    try:
        _until_it_listens(made, process)
        yield made
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)


def _until_it_listens(made: Relay, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 10
    while True:
        with socket.socket() as trying:
            if trying.connect_ex((made.host, made.port)) == 0:
                return
        assert process.poll() is None, made.log.read_text()
        assert time.monotonic() < deadline, made.log.read_text()
        time.sleep(0.05)
