"""HTTP over connections that are dialled here: to a checked address, no proxy of the environment, no redirect."""

import contextlib
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from trustdesk.outside.contracts import Fault
from trustdesk.outside.faults import OutsideError
from trustdesk.outside.wires import SECONDS, dial, tls


class _Clear(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return dial(self.host, self.port, clear=True)


class _Secure(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return dial(self.host, self.port)


class _ClearPool(HTTPConnectionPool):
    ConnectionCls = _Clear


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure


def pool() -> urllib3.PoolManager:
    """Each try at a system has its own."""
    made = urllib3.PoolManager(timeout=urllib3.Timeout(connect=SECONDS, read=SECONDS), retries=False, ssl_context=tls())
    made.pool_classes_by_scheme = {"http": _ClearPool, "https": _SecurePool}
    return made


@contextmanager
def faults(where: str) -> Iterator[None]:
    """The library's words quote addresses; ours name the declared place."""
    try:
        yield
    except urllib3.exceptions.SSLError:
        raise OutsideError(Fault.IDENTITY, where=where) from None
    except (urllib3.exceptions.TimeoutError, TimeoutError):
        raise OutsideError(Fault.TIMEOUT, where=where) from None
    except (urllib3.exceptions.HTTPError, OSError):
        raise OutsideError(Fault.UNREACHABLE, where=where) from None


def close(made: urllib3.PoolManager) -> None:
    with contextlib.suppress(OSError):
        made.clear()
