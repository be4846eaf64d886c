"""Signed summaries: one line of JSON under the log's key, in the form of c2sp.org/signed-note. Pure.

Who has the client company's copy of the log's public key checks a summary with it, offline and without us.
"""

import base64
import binascii
import hashlib
from typing import Any

import orjson

from trustdesk.kernel.errors import BadInputError
from trustdesk.seal.api import SigningKey, VerifyKey

FORMAT = "trustdesk-screening/1"
_EM_DASH = "\u2014"
_KEY_ID_BYTES = 4


def name_of(key: VerifyKey, controller_id: int) -> str:
    """Who signs: the installation by its key, for the controller, as a screening."""
    installation = hashlib.sha256(key.raw).hexdigest()[:16]
    return f"trustdesk/{installation}/{controller_id}/screening"


def write(key: SigningKey, controller_id: int, said: dict[str, Any]) -> str:
    """The note: name, one line of JSON with sorted keys, an empty line, the signature."""
    name = name_of(key.verify_key, controller_id)
    line = orjson.dumps({"format": FORMAT, **said}, option=orjson.OPT_SORT_KEYS).decode()
    text = f"{name}\n{line}\n"
    signature = base64.b64encode(key.key_id(name) + key.sign(text.encode())).decode()
    return f"{text}\n{_EM_DASH} {name} {signature}\n"


def read(note: str, key: VerifyKey) -> dict[str, Any]:
    """What the note says, its signature checked. BadInputError where it is not this key's, or was altered."""
    text, separator, signatures = note.partition("\n\n")
    text += "\n"
    name, _newline, line = text.partition("\n")
    if not separator or not any(_good(one, name, text, key) for one in signatures.splitlines()):
        raise BadInputError(
            "The summary was not signed by this key, or was altered since.",
            place="signature",
            mend="Ask for the summary again, and for the installation's public key.",
        )
    found: dict[str, Any] = orjson.loads(line)
    if found.get("format") != FORMAT:
        raise BadInputError("This is another kind of note.", place="format", mend=f"One of {FORMAT} is needed.")
    return found


def _good(line: str, name: str, text: str, key: VerifyKey) -> bool:
    parts = line.split(" ")
    if len(parts) != len(("dash", "name", "signature")) or parts[0] != _EM_DASH or parts[1] != name:
        return False
    try:
        raw = base64.b64decode(parts[2], validate=True)
    except (binascii.Error, ValueError):
        return False
    return raw[:_KEY_ID_BYTES] == key.key_id(name) and key.verify(raw[_KEY_ID_BYTES:], text.encode())
