"""The signed scope: what the policies believe, and all they believe.

A text `controller.operator.mandate.session.expires.mac`. The runtime role may set any text; only the holder of the
scope key can sign one, and the database checks signature, expiry and that the mandate is alive.
"""

import hashlib
from datetime import datetime

from trustdesk.seal.api import mac

NO_CONTROLLER = 0


def scope_text(
    key: bytes, *, controller_id: int, operator_id: int, mandate_id: int, session_id: str, expires_at: datetime
) -> str:
    # The session stands as a digest: its id would open the operator's session to whoever reads the setting.
    session = hashlib.sha256(session_id.encode()).hexdigest()[:32]
    message = f"{controller_id}.{operator_id}.{mandate_id}.{session}.{int(expires_at.timestamp())}"
    return f"{message}.{mac(key, message.encode()).hex()}"


def hmac_pads(key: bytes) -> tuple[bytes, bytes]:
    """The two blocks of HMAC-SHA256 (RFC 2104), so that plain SQL can check a signature with sha256() alone."""
    block = key.ljust(64, b"\0")
    return bytes(byte ^ 0x36 for byte in block), bytes(byte ^ 0x5C for byte in block)
