"""A certificate as a file: what is said, signed, and the log's proof of it as soon as a checkpoint covers it. Pure.

The form is `proof.verifier`'s, which a stranger runs alone: what it refuses is not written here.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from trustdesk.audit.contracts import Vouched
from trustdesk.proof.verifier import Key, canonical, message
from trustdesk.seal.api import SigningKey

MEDIA_TYPE = "application/json"
Said = dict[str, Any]


def sign(said: Said, key: SigningKey) -> tuple[str, bytes, bytes]:
    """The text that is kept, its signature, and the digest by which the log names it."""
    signed = message(said)
    return canonical(said).decode(), key.sign(signed), hashlib.sha256(signed).digest()


def document(text: str, signature: bytes, *, key: Key, vouched: Vouched | None) -> bytes:
    """The file. `vouched` is missing while no checkpoint covers the entry."""
    whole = {"certificate": said_of(text), "signature": signature.hex(), "key": str(key), "log": _log(vouched)}
    return canonical(whole) + b"\n"


def said_of(text: str) -> Said:
    """What a kept text says."""
    said: Said = json.loads(text)
    return said


def whole_of(content: bytes) -> Said:
    """The parts of a file that `document` wrote."""
    whole: Said = json.loads(content)
    return whole


def _log(vouched: Vouched | None) -> Mapping[str, object] | None:
    if vouched is None:
        return None
    return {
        "line": vouched.line.decode(),
        "index": vouched.proof.index,
        "path": [step.hex() for step in vouched.proof.path],
        "checkpoint": vouched.proof.checkpoint,
    }
