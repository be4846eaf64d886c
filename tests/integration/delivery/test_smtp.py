"""One SMTP connection against servers that hang, refuse, put off, lie and die, each at every stage."""

import ssl
import time
from pathlib import Path

import pytest
from tests.integration.delivery import smtpd
from tests.integration.delivery.certificates import certificate
from tests.integration.delivery.smtpd import DIE, DRIBBLE, HANG, Smtpd

from trustdesk.delivery.transports.faults import CarrierError, NoAnswerError, PutOffError, RejectedError
from trustdesk.delivery.transports.smtp import Server, SmtpConnection

pytestmark = pytest.mark.slow  # servers that hang

CONTENT = b"Subject: x\r\n\r\n.a line with a dot\r\n..two\r\nend"
SECONDS = 0.4


def connection(server: Smtpd, **more: object) -> SmtpConnection:
    values: dict[str, object] = {"host": "127.0.0.1", "port": server.port, "seconds": SECONDS}
    return SmtpConnection(Server(**(values | more)))  # type: ignore[arg-type]


def send(held: SmtpConnection, recipient: str = "anna@example.com", *, utf8: bool = False) -> None:
    held.address("returns@example.org", [recipient], utf8=utf8, envelope_id="abc")
    held.hand_over(CONTENT)


def test_mails_go_over_one_connection_as_they_are() -> None:
    with Smtpd() as server, connection(server) as held:
        for _each in range(3):
            send(held)
    assert server.connections == 1
    assert [mail.content for mail in server.taken] == [CONTENT + b"\r\n"] * 3
    assert server.taken[0].recipients == ["anna@example.com"]
    assert server.taken[0].options == "ENVID=abc RET=HDRS"


def test_what_the_server_does_not_know_is_not_asked_of_it() -> None:
    with Smtpd(extensions=[]) as server, connection(server) as held:
        send(held)
    assert server.taken[0].options == ""


BEFORE = [smtpd.GREETING, smtpd.EHLO, smtpd.MAIL, smtpd.RCPT, smtpd.DATA]


@pytest.mark.parametrize("stage", BEFORE)
@pytest.mark.parametrize("fate", [HANG, DIE, DRIBBLE, "421 4.3.2 closing", "451 4.3.0 not now", "garbage"])
def test_before_the_final_dot_everything_may_be_tried_again(stage: str, fate: str) -> None:
    began = time.monotonic()
    with Smtpd(says={stage: fate}) as server, connection(server) as held, pytest.raises(PutOffError):
        send(held)
    assert server.taken == []
    # A greeting that dribbles is bounded by the library's own limit of a line's length, all else by the deadline.
    assert time.monotonic() - began < 15


@pytest.mark.parametrize("fate", [HANG, DIE, DRIBBLE, "garbage", "25", "354 go on", "250-and then\r\n25"])
def test_after_the_final_dot_nobody_knows(fate: str) -> None:
    """Also half an answer is none: whoever believed the beginning of a line would call sent what may not be."""
    began = time.monotonic()
    with Smtpd(says={smtpd.DOT: fate}) as server, connection(server) as held, pytest.raises(NoAnswerError):
        send(held)
    assert time.monotonic() - began < 3 * SECONDS + 2
    assert server.count(smtpd.DOT) == 1


@pytest.mark.parametrize(
    ("stage", "said", "kind", "status"),
    [
        (smtpd.RCPT, "450 4.7.1 greylisted, come back in 300 seconds", PutOffError, "4.7.1"),
        (smtpd.RCPT, "550 5.1.1 <anna@example.com> unknown", RejectedError, "5.1.1"),
        (smtpd.RCPT, "550 no such user", RejectedError, ""),
        (smtpd.DATA, "451 4.3.0 not now", PutOffError, "4.3.0"),
        (smtpd.DATA, "554 5.7.1 no", RejectedError, "5.7.1"),
        (smtpd.DOT, "452 4.3.1 disk full", PutOffError, "4.3.1"),
        (smtpd.DOT, "554 5.7.1 spam", RejectedError, "5.7.1"),
        (smtpd.GREETING, "554 5.7.1 no service", PutOffError, "5.7.1"),
        (smtpd.MAIL, "550 5.7.1 relaying denied", PutOffError, "5.7.1"),
    ],
)
def test_a_word_of_the_server_counts(stage: str, said: str, kind: type[CarrierError], status: str) -> None:
    with Smtpd(says={stage: said}) as server, connection(server) as held, pytest.raises(kind) as fault:
        send(held)
    assert fault.value.reply == int(said[:3])
    assert fault.value.status == status
    assert "anna" not in f"{fault.value!r}{fault.value.__dict__}"
    assert server.taken == []


def test_after_a_refusal_the_next_one_goes_over_the_same_connection() -> None:
    with Smtpd() as server, connection(server) as held:
        server.says[smtpd.RCPT] = "550 5.1.1 unknown"
        with pytest.raises(RejectedError):
            send(held)
        held.reset()
        del server.says[smtpd.RCPT]
        send(held)
    assert server.connections == 1
    assert len(server.taken) == 1


def test_a_connection_that_was_closed_meanwhile_is_opened_anew() -> None:
    with Smtpd() as server, connection(server) as held:
        send(held)
        server.says[smtpd.MAIL] = "421 4.4.2 idle too long"

        def reached(_stage: str) -> None:
            if server.connections > 1:
                server.says.clear()

        server.reached = reached
        send(held)
    assert server.connections == 2
    assert len(server.taken) == 2


def test_nobody_there() -> None:
    with Smtpd() as server:
        gone = connection(server)
    with pytest.raises(PutOffError, match="no-connection"):
        gone.open()


def test_tls_that_is_asked_for_and_not_offered_stops_it() -> None:
    with (
        Smtpd() as server,
        connection(server, starttls=True) as held,
        pytest.raises(PutOffError, match="starttls-missing"),
    ):
        send(held)
    assert server.count(smtpd.MAIL) == 0


@pytest.fixture
def encrypted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A server's context with a certificate that this process trusts."""
    pem, key = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, key)
    return context


def test_under_tls_and_signed_in(encrypted: ssl.SSLContext) -> None:
    with (
        Smtpd(tls=encrypted, extensions=["STARTTLS", "AUTH PLAIN"]) as server,
        connection(server, starttls=True, user="desk", password="secret") as held,
    ):
        send(held)
    assert len(server.taken) == 1
    assert server.stages[:5] == [smtpd.GREETING, smtpd.EHLO, smtpd.STARTTLS, smtpd.EHLO, smtpd.AUTH]


def test_a_certificate_of_somebody_else_stops_it(encrypted: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with (
        Smtpd(tls=encrypted, extensions=["STARTTLS"]) as server,
        connection(server, starttls=True) as held,
        pytest.raises(PutOffError, match="bad-certificate"),
    ):
        send(held)
    assert server.count(smtpd.MAIL) == 0


def test_a_hanging_hand_over_under_tls_is_cut(encrypted: ssl.SSLContext) -> None:
    with (
        Smtpd(tls=encrypted, extensions=["STARTTLS"], says={smtpd.DOT: DRIBBLE}) as server,
        connection(server, starttls=True) as held,
        pytest.raises(NoAnswerError),
    ):
        send(held)
    assert len(server.taken) == 1


def test_a_wrong_password_is_said() -> None:
    with (
        Smtpd(extensions=["AUTH PLAIN"], says={smtpd.AUTH: "535 5.7.8 no"}) as server,
        connection(server, user="desk", password="wrong") as held,
        pytest.raises(PutOffError, match="sign-in-refused"),
    ):
        send(held)
    assert server.count(smtpd.MAIL) == 0


def test_an_address_beyond_ascii_needs_a_server_that_knows_it() -> None:
    with Smtpd() as server, connection(server) as held, pytest.raises(RejectedError, match="smtputf8-missing"):
        send(held, "jános@example.com", utf8=True)
    with Smtpd(extensions=["SMTPUTF8", "8BITMIME"]) as server, connection(server) as held:
        send(held, "jános@example.com", utf8=True)
    assert server.taken[0].recipients == ["jános@example.com"]
    assert "SMTPUTF8" in server.taken[0].options
