"""The mail settings against a real server on loopback."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from tests.integration.cli.program import trustdesk
from tests.ports import free_port

from trustdesk.server.home import Home

pytestmark = pytest.mark.slow  # whole programs are started

PASSWORD = "right"


class Kept:
    """Keeps what arrives; refuses one recipient."""

    def __init__(self) -> None:
        self.messages: list[Envelope] = []

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's own name
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        if address.startswith("nobody@"):
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.messages.append(envelope)
        return "250 OK"


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
def server(kept: Kept) -> Iterator[int]:
    def known(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: object) -> AuthResult:
        return AuthResult(success=getattr(given, "password", b"") == PASSWORD.encode(), handled=False)

    controller = Controller(
        kept,
        hostname="127.0.0.1",
        port=free_port(),
        authenticator=known,
        auth_require_tls=False,
        auth_required=False,
    )
    controller.start()
    yield controller.port
    controller.stop()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    Home(tmp_path / "var").prepare()
    return tmp_path / "var"


def settings(home: Path, port: int, **more: str) -> None:
    chosen = {"mail_host": '"127.0.0.1"', "mail_port": str(port), "mail_from": '"desk@example.org"', **more}
    (home / "settings.toml").write_text("\n".join(f"{name} = {value}" for name, value in chosen.items()))


def test_one_message_arrives(home: Path, server: int, kept: Kept) -> None:
    settings(home, server, mail_user='"desk"', mail_password=f'"{PASSWORD}"')
    sent = trustdesk(home, "mail-test", "officer@example.org")
    assert sent.returncode == 0, sent.stdout + sent.stderr
    (message,) = kept.messages
    assert (message.mail_from, message.rcpt_tos) == ("desk@example.org", ["officer@example.org"])


@pytest.mark.parametrize(
    "refusal",
    [
        ("nobody@example.org", {}, "refuses the recipient"),
        ("officer@example.org", {"mail_user": '"desk"', "mail_password": '"wrong"'}, "refuses user or password"),
        ("officer@example.org", {"mail_starttls": "true"}, "The mail server refuses"),
    ],
)
def test_what_the_server_refuses_is_said(
    home: Path,
    server: int,
    kept: Kept,
    refusal: tuple[str, dict[str, str], str],
) -> None:
    recipient, more, said = refusal
    settings(home, server, **more)
    refused = trustdesk(home, "mail-test", recipient)
    assert refused.returncode == 1
    assert said in refused.stderr
    assert "Traceback" not in refused.stderr
    assert kept.messages == []


def test_a_server_that_is_not_there_is_named(home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        settings(home, taken.getsockname()[1])
        refused = trustdesk(home, "mail-test", "officer@example.org")
    assert "does not answer" in refused.stderr


def test_without_a_server_it_says_where_mail_goes(home: Path) -> None:
    refused = trustdesk(home, "mail-test", "officer@example.org")
    assert refused.returncode == 1
    assert "data/mail" in refused.stderr
