"""Mail on its way: by the installation's server, in the demo into files, else not at all."""

from trustdesk.delivery.transports.faults import Accepted, PutOffError, RejectedError
from trustdesk.delivery.transports.files import keep
from trustdesk.delivery.transports.parcel import Mail, Parcel, Text
from trustdesk.delivery.transports.smtp import Server, SmtpConnection
from trustdesk.kernel import clock


class SmtpCarrier:
    """One connection for a whole run."""

    def __init__(self, server: Server) -> None:
        self._connection = SmtpConnection(server)
        self._content = b""

    def open(self) -> None:
        self._connection.open()

    def prepare(self, parcel: Parcel) -> None:
        if not isinstance(parcel, Mail):
            raise RejectedError("not-a-mail")
        try:
            self._connection.address(
                parcel.sender, [parcel.recipient], utf8=parcel.utf8, envelope_id=parcel.envelope_id
            )
        except (PutOffError, RejectedError):
            self._connection.reset()
            raise
        self._content = parcel.content

    def hand_over(self) -> Accepted:
        return self._connection.hand_over(self._content)

    def abandon(self) -> None:
        self._connection.reset()

    def look_up(self, name: str) -> bool | None:  # noqa: ARG002 - the verbs of a carrier
        return None

    def close(self) -> None:
        self._connection.close()


class FileCarrier:
    """The demo's: whoever looks into `data/mail` is the recipient."""

    def __init__(self) -> None:
        self._parcel: Parcel | None = None

    def open(self) -> None:
        return

    def prepare(self, parcel: Parcel) -> None:
        self._parcel = parcel

    def hand_over(self) -> Accepted:
        match self._parcel:
            case Mail(name=name, content=content):
                keep(f"{name}.eml", clock.now(), content)
            case Text(recipient=recipient, text=text):
                keep("sms.txt", clock.now(), f"{recipient}\n\n{text}\n".encode())
            case None:
                raise PutOffError("nothing-prepared")
        return Accepted()

    def abandon(self) -> None:
        self._parcel = None

    def look_up(self, name: str) -> bool | None:  # noqa: ARG002 - the verbs of a carrier
        return None

    def close(self) -> None:
        return


class NoCarrier:
    """Nobody is there: no server is named."""

    def open(self) -> None:
        raise PutOffError("no-server")

    def prepare(self, parcel: Parcel) -> None:  # noqa: ARG002 - the verbs of a carrier
        self.open()

    def hand_over(self) -> Accepted:
        raise PutOffError("no-server")

    def abandon(self) -> None:
        return

    def look_up(self, name: str) -> bool | None:  # noqa: ARG002 - the verbs of a carrier
        return None

    def close(self) -> None:
        return
