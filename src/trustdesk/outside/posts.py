"""A mailbox that is dialled here, so that none is reached that may not be: whose it is, is for others to know."""

import imaplib
import socket

from imap_tools import BaseMailBox, MailBoxFolderManager

from trustdesk.outside.wires import SECONDS, dial, tls


class _Client(imaplib.IMAP4):
    """The library's client over a connection that is dialled here. With TLS from the first byte, or asked for."""

    def __init__(self, host: str, port: int, *, starttls: bool) -> None:
        self._place = (host, port)
        self._starttls = starttls
        super().__init__(host, port, SECONDS)

    def _create_socket(self, timeout: float | None) -> socket.socket:  # noqa: ARG002 - the library's own hook
        host, port = self._place
        held = dial(host, port)
        return held if self._starttls else tls().wrap_socket(held, server_hostname=host)


class Post(BaseMailBox):
    """A mailbox over TLS (RFC 8314) whose server may be called from here; the certificate is checked.

    Making it connects. OutsideError: not-allowed, timeout, unreachable; else what the library and `ssl` raise.
    """

    folder: MailBoxFolderManager

    def __init__(self, host: str, port: int, *, starttls: bool) -> None:
        self._given = (host, port)
        self._starttls = starttls
        super().__init__()

    def _get_mailbox_client(self) -> imaplib.IMAP4:
        client = _Client(*self._given, starttls=self._starttls)
        if self._starttls:
            client.starttls(tls())
        return client
