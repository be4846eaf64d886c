"""From a stored setup to the connector of its kind."""

from collections.abc import Callable, Mapping
from typing import Any

from trustdesk.outside.kinds.connector import Connector
from trustdesk.outside.kinds.csv import CsvConnector
from trustdesk.outside.kinds.http import HttpConnector
from trustdesk.outside.kinds.imap import ImapConnector
from trustdesk.outside.kinds.s3 import S3Connector
from trustdesk.outside.kinds.sql import SqlConnector
from trustdesk.outside.setups import CsvSetup, HttpSetup, ImapSetup, S3Setup, Setup, SqlSetup

_KINDS: Mapping[type, Callable[[Any, str], Connector]] = {
    SqlSetup: SqlConnector,
    HttpSetup: HttpConnector,
    CsvSetup: CsvConnector,
    ImapSetup: ImapConnector,
    S3Setup: S3Connector,
}


def connector_of(setup: Setup, secret: str) -> Connector:
    """Not connected yet: that is done when it is first asked."""
    return _KINDS[type(setup)](setup, secret)
