"""What the offline checks are given: a file that somebody signed, and the public key it is checked with."""

import base64
import binascii
import re
from pathlib import Path
from typing import TYPE_CHECKING

from trustdesk.kernel.errors import BadInputError

if TYPE_CHECKING:
    from trustdesk.seal.api import VerifyKey

KEY_HELP = (
    "The installation's public key: the line of `key.txt`, as the log's exports name it, or its 32 bytes in base64."
)
_NAMED = re.compile(r"(?P<name>[^+\s]+)\+(?P<id>[0-9a-f]{8})\+(?P<key>[A-Za-z0-9+/=]+)")  # c2sp.org/signed-note
_ED25519 = b"\x01"


def public_key(text: str) -> "VerifyKey":
    """The key as the log names it (`name+id+base64`), or bare. BadInputError for what is neither."""
    from trustdesk.seal.api import VerifyKey  # noqa: PLC0415 - the program starts without it

    named = _NAMED.fullmatch(text.strip())
    try:
        raw = base64.b64decode(named["key"] if named else text.strip(), validate=True)
        key = VerifyKey.from_bytes(raw.removeprefix(_ED25519) if named else raw)
    except (binascii.Error, ValueError):
        key = None
    if key is None or (named is not None and key.key_id(named["name"]).hex() != named["id"]):
        raise BadInputError(
            "This is not a public key.",
            place="--key",
            mend="Give the whole line of key.txt, as the log's exports name it, or the key's 32 bytes in base64.",
        )
    return key


def signed_text(path: Path) -> str:
    """What the file holds. BadInputError where it is no text: what we sign is."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise BadInputError(
            "This is not text, so not a file that was signed here; or it was altered since.",
            place=str(path),
            mend="Give the file as it was exported, or ask for it again.",
        ) from None
