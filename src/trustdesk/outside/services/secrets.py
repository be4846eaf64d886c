"""Passwords and keys of connected systems: wrapped under the root key, unwrapped where a connection is made."""

from trustdesk.outside.models import Connector
from trustdesk.vault.api import root_unwrap, root_wrap


def wrapped(secret: str, controller_id: int, connector_id: int) -> bytes | None:
    """None where there is nothing to keep."""
    return root_wrap(secret.encode(), label=_label(controller_id, connector_id)) if secret else None


def secret_of(row: Connector) -> str:
    """In clear; lives as long as the connection."""
    if row.secret is None:
        return ""
    return root_unwrap(bytes(row.secret), label=_label(row.controller_id, row.id)).decode()


def _label(controller_id: int, connector_id: int) -> str:
    return f"outside|connector|{controller_id}|{connector_id}"
