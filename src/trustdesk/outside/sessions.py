"""A signed-in SSH session to a server that may be called from here and showed the declared host key."""

import base64
import contextlib
import errno
import hashlib
import io
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import paramiko

from trustdesk.outside.contracts import Fault
from trustdesk.outside.faults import OutsideError
from trustdesk.outside.wires import SECONDS, dial

_KEYS = (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey)
_ERRORS = {errno.ENOENT: Fault.SCHEMA, errno.EACCES: Fault.FORBIDDEN, errno.EPERM: Fault.FORBIDDEN}


def session(host: str, port: int, user: str, host_key: str, secret: str) -> paramiko.Transport:
    """Signed in as `user`, by key where `secret` is one (PEM), else by password; given to no other server than the one
    of this fingerprint. Whoever asks closes it.
    """
    transport = paramiko.Transport(dial(host, port))
    try:
        transport.banner_timeout = transport.auth_timeout = SECONDS
        transport.start_client(timeout=SECONDS)
        _check_identity(transport, host_key)
        if secret.startswith("-----BEGIN"):
            transport.auth_publickey(user, _key(secret))
        else:
            transport.auth_password(user, secret)
    except BaseException:
        transport.close()
        raise
    return transport


def _check_identity(transport: paramiko.Transport, host_key: str) -> None:
    if fingerprint(transport.get_remote_server_key()) != host_key:
        raise OutsideError(Fault.IDENTITY)


def fingerprint(key: paramiko.PKey) -> str:
    """As `ssh-keygen -l` shows it."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(key.asbytes()).digest()).decode().rstrip("=")


@contextmanager
def faults(where: str) -> Iterator[None]:
    """The library's words quote paths and users; ours name the declared place."""
    try:
        yield
    except OutsideError:
        raise
    except paramiko.AuthenticationException:
        raise OutsideError(Fault.SIGN_IN) from None
    except (TimeoutError, socket.timeout):  # noqa: UP041 - the library raises its own of the same name
        raise OutsideError(Fault.TIMEOUT, where=where) from None
    except UnicodeDecodeError:
        raise OutsideError(Fault.UNREADABLE, where=where) from None
    except UnicodeEncodeError:
        raise OutsideError(Fault.REFUSED, where=where) from None
    except (EOFError, paramiko.SSHException):
        raise OutsideError(Fault.UNREACHABLE, where=where) from None
    except OSError as fault:
        raise OutsideError(_ERRORS.get(fault.errno or 0, Fault.REFUSED), where=where) from None


def _key(secret: str) -> paramiko.PKey:
    for kind in _KEYS:
        with contextlib.suppress(paramiko.SSHException, ValueError):
            return kind.from_private_key(io.StringIO(secret))
    raise OutsideError(Fault.SIGN_IN)
