"""Django's door to the same SMTP transport, for mail to operators and client companies: checkpoints, tests of the
settings.

Those letters concern no customer, so they need no clearance and stand in no outbox; what failed is raised to the
caller, which tries again by its own rule (the daily hand-out does).
"""

from collections.abc import Sequence
from email.utils import parseaddr

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from trustdesk.delivery.composing import deliverable
from trustdesk.delivery.transports.faults import CarrierError
from trustdesk.delivery.transports.smtp import Server, SmtpConnection


class EmailBackend(BaseEmailBackend):
    """Sends Django's messages over one connection. Raises CarrierError with the phase and the server's status."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        server = Server.of_settings()
        if server is None:
            raise LookupError("this backend is set where a mail server is named")
        sent = 0
        with SmtpConnection(server) as connection:
            for message in email_messages:
                if not message.recipients():
                    continue
                try:
                    self._send(connection, message)
                except CarrierError:
                    if not self.fail_silently:
                        raise
                else:
                    sent += 1
        return sent

    def _send(self, connection: SmtpConnection, message: EmailMessage) -> None:
        sender, *recipients = (deliverable(parseaddr(one)[1]) for one in [message.from_email, *message.recipients()])
        connection.address(sender, recipients, utf8=False)
        connection.hand_over(message.message().as_bytes(linesep="\r\n"))  # type: ignore[call-arg]  # Django's own message
