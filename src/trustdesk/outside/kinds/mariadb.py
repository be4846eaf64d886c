"""How a MariaDB or MySQL is reached, and what its failures mean."""

import ssl

import pymysql
from pymysql.constants import CLIENT

from trustdesk.outside.contracts import Fault
from trustdesk.outside.setups import SqlSetup
from trustdesk.outside.wires import SECONDS, dial, tls

URL = "mysql+pymysql://"
_PATIENCE = 60  # seconds a statement may take
# Strict: a value that does not fit is refused and not cut off. Who waits for a lock gives up in time.
_BEGIN = f"SET SESSION sql_mode = 'STRICT_ALL_TABLES', innodb_lock_wait_timeout = {_PATIENCE // 4}"
# Its error numbers, to what they mean for us.
_NUMBERS = {
    1045: Fault.SIGN_IN,
    1698: Fault.SIGN_IN,
    1049: Fault.SCHEMA,
    1054: Fault.SCHEMA,
    1146: Fault.SCHEMA,
    1044: Fault.FORBIDDEN,
    1142: Fault.FORBIDDEN,
    1143: Fault.FORBIDDEN,
    1227: Fault.FORBIDDEN,
    1205: Fault.BUSY,
    1213: Fault.BUSY,
    1040: Fault.BUSY,
    1203: Fault.BUSY,
    1969: Fault.TIMEOUT,
    3024: Fault.TIMEOUT,
    1053: Fault.UNREACHABLE,
    1927: Fault.UNREACHABLE,
    2003: Fault.UNREACHABLE,
    2006: Fault.UNREACHABLE,
    2013: Fault.UNREACHABLE,
    2026: Fault.IDENTITY,
}


def connect(setup: SqlSetup, secret: str) -> "pymysql.Connection[pymysql.cursors.Cursor]":
    """Over a connection that is dialled here; the certificate is checked against the name. The server may ask for no
    file of ours.
    """
    made = pymysql.connect(
        host=setup.host,
        port=setup.port,
        database=setup.database,
        user=setup.user,
        password=secret,
        charset="utf8mb4",
        ssl=tls() if setup.tls else None,
        ssl_disabled=not setup.tls,
        connect_timeout=SECONDS,
        read_timeout=_PATIENCE,
        write_timeout=_PATIENCE,
        init_command=_BEGIN,
        client_flag=CLIENT.FOUND_ROWS,  # a row that was found counts, also where it was so already
        local_infile=False,
        program_name="trustdesk",
        defer_connect=True,
    )
    made.connect(dial(setup.host, setup.port, clear=not setup.tls))
    return made


def told(fault: BaseException | None) -> Fault:
    """By its number; what broke below it by what broke."""
    below = getattr(fault, "original_exception", None)
    if isinstance(below, ssl.SSLError):
        return Fault.IDENTITY
    if isinstance(below, TimeoutError):
        return Fault.TIMEOUT
    number = fault.args[0] if fault is not None and fault.args else None
    if number == 2013 and "timed out" in str(fault):
        return Fault.TIMEOUT
    return _NUMBERS.get(number, Fault.REFUSED) if isinstance(number, int) else Fault.REFUSED
