"""Which carrier a channel has here."""

from typing import Protocol

from django.conf import settings

from trustdesk.decision.contracts import Channel
from trustdesk.delivery.transports.faults import Accepted
from trustdesk.delivery.transports.mail import FileCarrier, NoCarrier, SmtpCarrier
from trustdesk.delivery.transports.parcel import Parcel
from trustdesk.delivery.transports.sms import HttpSmsCarrier
from trustdesk.delivery.transports.smtp import Server


class Carrier(Protocol):
    """One way to other people, kept open over a run.

    `open` and `prepare` hand nothing over: they raise PutOffError or RejectedError and may be repeated. After `prepare`
    follows either `hand_over`, which may also raise NoAnswerError, or `abandon`.
    """

    def open(self) -> None:
        """Make sure that somebody is there. PutOffError where not: then no message is touched."""

    def prepare(self, parcel: Parcel) -> None:
        """Everything up to the point of no return."""

    def hand_over(self) -> Accepted:
        """The point of no return."""

    def abandon(self) -> None:
        """Not this one."""

    def look_up(self, name: str) -> bool | None:
        """Whether the other side has a message of this name; None where it can't be asked."""

    def close(self) -> None:
        """Nothing more to carry."""


def carrier_for(channel: Channel) -> Carrier:
    """The mail server or SMS gateway that the settings name; in the demo files, where they name none; else nobody."""
    if channel == Channel.EMAIL:
        server = Server.of_settings()
        if server is not None:
            return SmtpCarrier(server)
    elif settings.TRUSTDESK_SMS_URL:
        return HttpSmsCarrier(
            url=settings.TRUSTDESK_SMS_URL, key=settings.TRUSTDESK_SMS_KEY, seconds=settings.EMAIL_TIMEOUT
        )
    return FileCarrier() if settings.TRUSTDESK_DEMO else NoCarrier()
