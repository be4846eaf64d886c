"""A real file server: OpenSSH's SFTP from Debian, on a free port of this machine, for whoever runs the tests."""

import getpass
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.ports import free_port

HOST = "127.0.0.1"
_SETTINGS = """
Port {port}
ListenAddress {host}
HostKey {folder}/host
AuthorizedKeysFile {folder}/user.pub
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
StrictModes no
PermitRootLogin prohibit-password
PidFile none
Subsystem sftp internal-sftp
ForceCommand internal-sftp
"""


@dataclass(frozen=True)
class FileServer:
    """Where it is, who may sign in with which key, and the fingerprint of its own."""

    folder: Path
    port: int
    user: str
    key: str
    fingerprint: str

    @property
    def files(self) -> Path:
        return self.folder / "files"


@contextmanager
def file_server() -> Iterator[FileServer]:
    program = shutil.which("sshd", path="/usr/sbin:/usr/local/sbin:/usr/bin")
    assert program, "These tests need OpenSSH's server: run `make test`, or `apt-get install openssh-server` as root."
    folder = Path(tempfile.mkdtemp(prefix="ssh"))
    try:
        if os.geteuid() == 0:
            Path("/run/sshd").mkdir(exist_ok=True)  # where it locks itself in before it knows who calls
        made = _prepared(folder)
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen([program, "-D", "-e", "-f", str(folder / "sshd.conf")], stderr=log)
        try:
            _until_it_listens(made, process)
            yield made
        finally:
            process.terminate()
            process.wait(5)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _prepared(folder: Path) -> FileServer:
    for name in ("host", "user"):
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(folder / name)]
        subprocess.run(command, check=True)
    shown = subprocess.run(["ssh-keygen", "-l", "-f", str(folder / "host.pub")], check=True, capture_output=True)
    (folder / "files").mkdir()
    port = free_port()
    (folder / "sshd.conf").write_text(_SETTINGS.format(port=port, host=HOST, folder=folder))
    return FileServer(folder, port, getpass.getuser(), (folder / "user").read_text(), shown.stdout.split()[1].decode())


def _until_it_listens(made: FileServer, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 10
    while True:
        with socket.socket() as trying:
            if trying.connect_ex((HOST, made.port)) == 0:
                return
        assert process.poll() is None, (made.folder / "log").read_text()
        assert time.monotonic() < deadline, (made.folder / "log").read_text()
        time.sleep(0.02)
