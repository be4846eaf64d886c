"""From a stored setup to the connector of its kind."""

from importlib import import_module

from trustdesk.outside.kinds.connector import Connector
from trustdesk.outside.setups import CsvSetup, HttpSetup, ImapSetup, S3Setup, Setup, SqlSetup

# The libraries behind them take half a second to load: who asks no other system does not wait for them.
_KINDS = {
    SqlSetup: ("trustdesk.outside.kinds.sql", "SqlConnector"),
    HttpSetup: ("trustdesk.outside.kinds.http", "HttpConnector"),
    CsvSetup: ("trustdesk.outside.kinds.csv", "CsvConnector"),
    ImapSetup: ("trustdesk.outside.kinds.imap", "ImapConnector"),
    S3Setup: ("trustdesk.outside.kinds.s3", "S3Connector"),
}


def connector_of(setup: Setup, secret: str) -> Connector:
    """Not connected yet: that is done when it is first asked."""
    module, name = _KINDS[type(setup)]
    made: Connector = getattr(import_module(module), name)(setup, secret)
    return made
