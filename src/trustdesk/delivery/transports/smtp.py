"""One SMTP connection (RFC 5321), driven command by command: what was done before DATA can be done again, what was
handed over can't.

The certificate is checked wherever TLS is asked for; where it is asked for and not offered, nothing is sent. The server
does DKIM.
"""

import contextlib
import re
import smtplib
import socket
import ssl
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from django.conf import settings

from trustdesk.delivery.transports.deadline import deadline
from trustdesk.delivery.transports.faults import (
    Accepted,
    CarrierError,
    NoAnswerError,
    PutOffError,
    RejectedError,
)

_ENHANCED = re.compile(rb"([245])\.(\d{1,3})\.(\d{1,3})(?:\s|$)")
_LINE = re.compile(rb"([2-5]\d\d)(?:([ -])([^\r\n]*))?\r?\n")
_LONGEST_LINE = 2_000
_GO_AHEAD, _CLOSING = 354, 421
_TIMES = 3  # a whole exchange may take so many times as long as one answer: servers scan content before they answer


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail is given to. `seconds` bounds each answer; three times that bounds greeting, envelope and hand-over
    each.
    """

    host: str
    port: int
    user: str = ""
    password: str = ""
    starttls: bool = False
    tls: bool = False
    seconds: float = 20.0
    own_name: str = "localhost"

    @classmethod
    def of_settings(cls) -> "Server | None":
        """The installation's mail server; None where none is named."""
        if not settings.EMAIL_HOST:
            return None
        return cls(
            host=settings.EMAIL_HOST,
            port=settings.EMAIL_PORT,
            user=settings.EMAIL_HOST_USER,
            password=settings.EMAIL_HOST_PASSWORD,
            starttls=settings.EMAIL_USE_TLS,
            tls=settings.EMAIL_USE_SSL,
            seconds=settings.EMAIL_TIMEOUT,
            own_name=urlsplit(settings.TRUSTDESK_ADDRESS).hostname or "localhost",
        )

    def __repr__(self) -> str:
        return f"Server({self.host}:{self.port})"


class _Client(smtplib.SMTP):
    """The library's client over a connection that is there already, so that it can be bounded from its first byte; and
    one that believes whole answers only: the library takes the beginning of a line that was cut off for an answer.
    """

    def __init__(self, held: socket.socket, server: Server) -> None:
        self._held = held
        super().__init__(server.host, server.port, local_hostname=server.own_name, timeout=server.seconds)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:  # noqa: ARG002 - the library's own hook
        return self._held

    def getreply(self) -> tuple[int, bytes]:
        """Code and text of an answer (RFC 5321, 4.2). SMTPServerDisconnected for anything that is none."""
        if self.file is None:
            if self.sock is None:
                raise smtplib.SMTPServerDisconnected("not connected")
            self.file = self.sock.makefile("rb")
        texts = []
        while True:
            try:
                line = _LINE.fullmatch(self.file.readline(_LONGEST_LINE))
            except OSError:
                line = None
            if line is None:
                self.close()
                raise smtplib.SMTPServerDisconnected("no whole answer")
            texts.append(line[3] or b"")
            if line[2] != b"-":
                return int(line[1]), b"\n".join(texts)


class SmtpConnection:
    """Kept open over many messages; opened when it is first needed and again after it was lost."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._client: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def open(self) -> None:
        """Connect, greet, encrypt and sign in, where that is not done yet. PutOffError says what failed."""
        if self._client is not None:
            return
        with _before("no-connection"):
            place = (self._server.host, self._server.port)
            held = socket.create_connection(place, timeout=self._server.seconds)
            try:
                with deadline(held, _TIMES * self._server.seconds):
                    self._client = self._greeted(held)
            except RejectedError as fault:  # a server that takes nobody's mail now says nothing about this one
                held.close()
                raise PutOffError(fault.reason, reply=fault.reply, status=fault.status) from None
            except BaseException:
                held.close()
                raise

    def _greeted(self, held: socket.socket) -> smtplib.SMTP:
        if self._server.tls:
            held = ssl.create_default_context().wrap_socket(held, server_hostname=self._server.host)
        client = _Client(held, self._server)
        try:
            self._greet(client)
        except BaseException:
            client.close()
            raise
        return client

    def _greet(self, client: smtplib.SMTP) -> None:
        _expect(client.ehlo(), "no-connection")
        if self._server.starttls:
            if not client.has_extn("starttls"):
                raise PutOffError("starttls-missing")
            client.starttls(context=ssl.create_default_context())
            _expect(client.ehlo(), "no-connection")
        if self._server.user:
            client.login(self._server.user, self._server.password)

    def address(self, sender: str, recipients: Sequence[str], *, utf8: bool, envelope_id: str = "") -> None:
        """MAIL and RCPT. Nothing is handed over yet: whatever fails may be tried again, or the recipient is refused.

        A connection that the server had closed meanwhile is opened anew, once.
        """
        fresh = self._client is None
        self.open()
        try:
            self._address(sender, recipients, utf8=utf8, envelope_id=envelope_id)
        except PutOffError as fault:
            lost = self._client is None or fault.reply == _CLOSING
            if fresh or not lost:
                raise
            self.close()
            self.open()
            self._address(sender, recipients, utf8=utf8, envelope_id=envelope_id)

    def _address(self, sender: str, recipients: Sequence[str], *, utf8: bool, envelope_id: str) -> None:
        client = self._open_client()
        options = [f"ENVID={envelope_id}", "RET=HDRS"] if envelope_id and client.has_extn("dsn") else []
        if utf8:
            if not client.has_extn("smtputf8"):
                raise RejectedError("smtputf8-missing")
            options += ["SMTPUTF8", "BODY=8BITMIME"]
        with self._dropping(), self._bounded(client), _before("connection-lost"):
            try:
                _expect(client.mail(sender, options), "sender-refused")
            except RejectedError as fault:  # about us, not about the recipient: somebody can mend it
                raise PutOffError(fault.reason, reply=fault.reply, status=fault.status) from None
            for recipient in recipients:
                _expect(client.rcpt(recipient), "recipient-refused")

    def hand_over(self, content: bytes) -> Accepted:
        """DATA, the content, the final dot, the answer. PutOffError and RejectedError are the server's own words: it
        did not take it. NoAnswerError: the dot was on its way and nothing came back.
        """
        client = self._open_client()
        with self._dropping(), self._bounded(client):
            with _before("connection-lost"):
                code, text = client.docmd("DATA")
                if code != _GO_AHEAD:
                    _expect((code, text), "data-refused")
                    raise PutOffError("data-refused", reply=code)
                # Without its final dot the server must not deliver (RFC 5321, 4.1.1.4).
                client.send(_quoted(content))
            try:
                client.send(b".\r\n")
                answer = client.getreply()
            except (OSError, smtplib.SMTPException):
                raise NoAnswerError("no-answer") from None
            if answer[0] < 400 and answer[0] // 100 != 2:
                raise NoAnswerError("no-answer", reply=answer[0])
            _expect(answer, "content-refused")
        return Accepted(answer[0], _enhanced(answer[1]))

    def reset(self) -> None:
        """Forget the message that was begun, so that the next one can be."""
        client = self._client
        if client is None:
            return
        with contextlib.suppress(CarrierError), self._dropping(), self._bounded(client), _before("connection-lost"):
            _expect(client.rset(), "connection-lost")

    def close(self) -> None:
        """Say goodbye, where somebody still listens."""
        client, self._client = self._client, None
        if client is None:
            return
        with contextlib.suppress(smtplib.SMTPException, OSError), self._bounded(client):
            client.quit()
        client.close()

    def _open_client(self) -> smtplib.SMTP:
        if self._client is None:
            raise PutOffError("connection-lost")
        return self._client

    def _bounded(self, client: smtplib.SMTP) -> contextlib.AbstractContextManager[None]:
        """The whole exchange, not each byte of it. OSError where the connection is gone already."""
        if client.sock is None:
            raise PutOffError("connection-lost")
        return deadline(client.sock, _TIMES * self._server.seconds)

    @contextlib.contextmanager
    def _dropping(self) -> Iterator[None]:
        """After a lost connection, begin anew; after a word of the server's, keep it, unless it closes."""
        try:
            yield
        except (PutOffError, RejectedError) as fault:
            if fault.reply is None or fault.reply == _CLOSING:
                self._drop()
            raise
        except NoAnswerError:
            self._drop()
            raise

    def _drop(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()


@contextlib.contextmanager
def _before(reason: str) -> Iterator[None]:
    """Faults while nothing is handed over yet."""
    try:
        yield
    except ssl.SSLCertVerificationError:
        raise PutOffError("bad-certificate") from None
    except smtplib.SMTPAuthenticationError as fault:
        raise PutOffError("sign-in-refused", reply=fault.smtp_code) from None
    except smtplib.SMTPNotSupportedError:
        raise PutOffError("sign-in-not-offered") from None
    except smtplib.SMTPResponseException as fault:
        status = _enhanced(fault.smtp_error if isinstance(fault.smtp_error, bytes) else b"")
        raise PutOffError(reason, reply=fault.smtp_code, status=status) from None
    except TimeoutError:
        raise PutOffError("timeout") from None
    except (OSError, smtplib.SMTPException):
        raise PutOffError(reason) from None


def _expect(answer: tuple[int, bytes], reason: str) -> None:
    """2xx, or the fault that the server's answer is."""
    code, text = answer
    if 200 <= code <= 299:
        return
    status = _enhanced(text)
    if 500 <= code <= 599:
        raise RejectedError(reason, reply=code, status=status)
    raise PutOffError(reason, reply=code, status=status)


def _enhanced(text: bytes) -> str:
    """The enhanced status code (RFC 3463) that a reply begins with; its words stay where they are."""
    match = _ENHANCED.match(text)
    return match[0].decode().strip() if match else ""


def _quoted(content: bytes) -> bytes:
    """Lines that begin with a dot get another (RFC 5321, 4.5.2); the last line ends."""
    stuffed = re.sub(rb"(?m)^\.", b"..", content)
    return stuffed if stuffed.endswith(b"\r\n") else stuffed + b"\r\n"
