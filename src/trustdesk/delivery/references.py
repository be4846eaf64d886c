"""Names of messages as the world sees them: in Message-ID, return path and unsubscribe links.

`01k8z4w0t3f5m.2.` and a code that only we can make: whoever invents one, or changes a letter, is not believed. Small
letters only, because mail servers may fold the case of an address (RFC 5321, 2.4).
"""

import base64
import hmac
import re
from dataclasses import dataclass

from django.conf import settings

from trustdesk.kernel.ids import from_public, to_public
from trustdesk.seal.api import derive, mac

_FORM = re.compile(r"([0-9a-z]{13})\.([1-9][0-9]{0,9})\.([a-z2-7]{16})", re.IGNORECASE)
_MAC_BYTES = 10  # 80 bits: enough against guessing over the network
LONGEST = 13 + 1 + 10 + 1 + 16


@dataclass(frozen=True, slots=True)
class Reference:
    """Which message of which company."""

    controller_id: int
    message_id: int


def written(use: str, reference: Reference) -> str:
    """The reference with its code. One made for one `use` is not good for another."""
    name = f"{to_public(reference.message_id).lower()}.{reference.controller_id}"
    return f"{name}.{_code(use, name)}"


def read(use: str, text: str) -> Reference | None:
    """The reference again; None for a text that we did not write for this use."""
    match = _FORM.fullmatch(text)
    if match is None:
        return None
    name = f"{match[1]}.{match[2]}".lower()
    if not hmac.compare_digest(_code(use, name), match[3].lower()):
        return None
    try:
        return Reference(int(match[2]), from_public(match[1]))
    except ValueError:
        return None


def _code(use: str, name: str) -> str:
    key = derive(bytes.fromhex(settings.SECRET_KEY), f"trustdesk delivery {use}")
    return base64.b32encode(mac(key, name.encode())[:_MAC_BYTES]).decode().lower()
