"""Which look belongs to which transport."""

from collections.abc import Mapping

from trustdesk.feeds.contracts import Transport
from trustdesk.feeds.transports import folder, http, sftp
from trustdesk.feeds.transports.arrivals import Look

LOOKS: Mapping[Transport, Look] = {
    Transport.FOLDER: folder.look,
    Transport.SFTP: sftp.look,
    Transport.HTTP: http.look,
}
