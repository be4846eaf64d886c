"""A real mailbox: Dovecot from Debian, on a free port of this machine."""

import contextlib
import grp
import imaplib
import os
import pwd
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from imap_tools.utils import encode_folder

from tests.integration.delivery.certificates import certificate
from tests.ports import free_port

HOST = "localhost"
PASSWORD = "a-long-password"
_SETTINGS = """
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
protocols = imap
auth_failure_delay = 0
listen = 127.0.0.1
instance_name = {name}
ssl = required
ssl_cert = <{certificate}
ssl_key = <{key}
ssl_dh =
mail_location = maildir:{folder}/mail/%u
first_valid_uid = 1
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u
}}
service imap-login {{
  {chroot}
  process_min_avail = 0
  inet_listener imap {{
    address = 127.0.0.1
    port = {starttls_port}
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {port}
    ssl = yes
  }}
}}
service anvil {{
  {chroot}
}}
service stats {{
  {chroot}
}}
"""


@dataclass(frozen=True)
class Mailboxes:
    """Where it is. Whoever knows PASSWORD has a mailbox under any name, empty at first: each test takes names of its
    own. `roots` is the certificate that clients have to trust (SSL_CERT_FILE).
    """

    folder: Path
    port: int
    starttls_port: int
    roots: Path

    @contextmanager
    def signed_in(self, user: str) -> Iterator[imaplib.IMAP4_SSL]:
        """A client beside the one that is tested."""
        client = imaplib.IMAP4_SSL(HOST, self.port, ssl_context=ssl.create_default_context(cafile=str(self.roots)))
        client.login(user, PASSWORD)
        try:
            yield client
        finally:
            with contextlib.suppress(OSError, imaplib.IMAP4.error):
                client.logout()

    def put(self, user: str, *mails: bytes, folder: str = "INBOX") -> None:
        """Mails as they arrived."""
        name = encode_folder(folder).decode()
        with self.signed_in(user) as client:
            if folder != "INBOX":
                client.create(name)
            for mail in mails:
                said, _data = client.append(name, "", "", mail.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
                assert said == "OK", _data

    def held(self, user: str, folder: str = "INBOX") -> list[bytes]:
        """What is there now, oldest first."""
        with self.signed_in(user) as client:
            client.select(encode_folder(folder).decode(), readonly=True)
            _said, found = client.search(None, "ALL")
            mails = []
            for number in found[0].split():
                _said, parts = client.fetch(number.decode(), "(RFC822)")
                mails += [part[1] for part in parts if isinstance(part, tuple)]
            return mails


@contextmanager
def dovecot() -> Iterator[Mailboxes]:
    """One server, its mail in a folder of its own that is gone afterwards."""
    program = shutil.which("dovecot", path="/usr/sbin:/usr/bin:/usr/local/sbin")
    assert program, "These tests need Dovecot: run `make test`, or `apt-get install dovecot-imapd` as root."
    folder = Path(tempfile.mkdtemp(prefix="dov"))
    try:
        made = Mailboxes(folder, free_port(), free_port(), _prepared(folder))
        (folder / "dovecot.conf").write_text(_settings(made))
        process = subprocess.Popen([program, "-F", "-c", str(folder / "dovecot.conf")], stderr=subprocess.DEVNULL)
        try:
            _until_it_listens(made, process)
            yield made
        finally:
            process.terminate()
            process.wait(10)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _prepared(folder: Path) -> Path:
    """Its certificate. A server that began as root reads mail as the user `mail`, who has to get there."""
    folder.chmod(0o755)
    (folder / "mail").mkdir()
    pem, _key = certificate(folder, HOST)
    if os.geteuid() == 0:
        account = pwd.getpwnam("mail")
        os.chown(folder / "mail", account.pw_uid, account.pw_gid)
    return pem


def _settings(made: Mailboxes) -> str:
    root = os.geteuid() == 0
    own = pwd.getpwuid(os.geteuid())
    account = pwd.getpwnam("mail") if root else own
    return _SETTINGS.format(
        folder=made.folder,
        password=PASSWORD,
        name=made.folder.name,
        certificate=made.roots,
        key=made.roots.with_name("key.pem"),
        port=made.port,
        starttls_port=made.starttls_port,
        internal="dovecot" if root else own.pw_name,
        internal_group="dovecot" if root else grp.getgrgid(own.pw_gid).gr_name,
        login="dovenull" if root else own.pw_name,
        uid=account.pw_uid,
        gid=account.pw_gid,
        chroot="" if root else "chroot =",
    )


def _until_it_listens(made: Mailboxes, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 10
    while True:
        with socket.socket() as trying:
            if trying.connect_ex(("127.0.0.1", made.port)) == 0:
                return
        log = made.folder / "log"
        assert process.poll() is None, log.read_text() if log.exists() else "it ended"
        assert time.monotonic() < deadline, log.read_text() if log.exists() else "it does not listen"
        time.sleep(0.02)
