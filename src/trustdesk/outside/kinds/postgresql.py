"""How a PostgreSQL is reached, and what its failures mean."""

import psycopg
from psycopg.conninfo import make_conninfo

from trustdesk.outside.contracts import Fault
from trustdesk.outside.setups import SqlSetup
from trustdesk.outside.wires import SECONDS, addresses, roots

URL = "postgresql+psycopg://"
_PATIENCE = 60_000  # milliseconds a statement may take
# SQLSTATE, by its beginning, to what it means for us.
_STATES = {
    "28": Fault.SIGN_IN,
    "3D000": Fault.SCHEMA,
    "3F000": Fault.SCHEMA,
    "42P01": Fault.SCHEMA,
    "42703": Fault.SCHEMA,
    "42501": Fault.FORBIDDEN,
    "57014": Fault.TIMEOUT,
    "55P03": Fault.BUSY,
    "40": Fault.BUSY,
    "53": Fault.BUSY,
    "57P": Fault.UNREACHABLE,
    "08": Fault.UNREACHABLE,
}
_SIGN_IN_WORDS = ("authentication failed", "no password supplied")


def connect(setup: SqlSetup, secret: str) -> psycopg.Connection:
    """To a checked address; the certificate is checked against the name."""
    place = addresses(setup.host, setup.port, clear=not setup.tls)[0]
    secure = {"sslmode": "verify-full", "sslrootcert": roots()} if setup.tls else {"sslmode": "prefer"}
    return psycopg.connect(
        make_conninfo("", **secure),
        host=setup.host,
        hostaddr=str(place),
        port=setup.port,
        dbname=setup.database,
        user=setup.user,
        password=secret,
        connect_timeout=int(SECONDS),
        application_name="trustdesk",
        options=f"-c statement_timeout={_PATIENCE} -c lock_timeout={_PATIENCE // 4}",
    )


def told(fault: BaseException | None) -> Fault:
    """By its SQLSTATE; a connection that fails carries none."""
    state = getattr(fault, "sqlstate", None) or ""
    for beginning, meaning in _STATES.items():
        if state.startswith(beginning):
            return meaning
    if isinstance(fault, psycopg.errors.ConnectionTimeout):
        return Fault.TIMEOUT
    if isinstance(fault, psycopg.OperationalError) and not state:
        return _refused_at_the_door(str(fault))
    return Fault.REFUSED


def _refused_at_the_door(said: str) -> Fault:
    """By its words: the library has nothing else."""
    if any(word in said for word in _SIGN_IN_WORDS):
        return Fault.SIGN_IN
    if "certificate" in said or "SSL" in said:
        return Fault.IDENTITY
    if "database" in said and "does not exist" in said:
        return Fault.SCHEMA
    return Fault.TIMEOUT if "timeout" in said else Fault.UNREACHABLE
