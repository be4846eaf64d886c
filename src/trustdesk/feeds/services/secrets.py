"""Passwords and keys of feeds: wrapped under the root key, unwrapped where a source is asked or a signature checked."""

import base64

from trustdesk.feeds.models import Feed
from trustdesk.seal.api import new_key
from trustdesk.vault.api import root_unwrap, root_wrap

_PREFIX = "whsec_"


def wrapped(secret: str, controller_id: int, feed_id: int) -> bytes | None:
    """None where there is nothing to keep."""
    return root_wrap(secret.encode(), label=_label(controller_id, feed_id)) if secret else None


def secret_of(row: Feed) -> str:
    """In clear; lives as long as the connection."""
    if row.secret is None:
        return ""
    return root_unwrap(bytes(row.secret), label=_label(row.controller_id, row.id)).decode()


def signing_secret() -> str:
    """A fresh secret for signatures, as Standard Webhooks writes it."""
    return _PREFIX + base64.b64encode(new_key()).decode()


def _label(controller_id: int, feed_id: int) -> str:
    return f"feeds|feed|{controller_id}|{feed_id}"
