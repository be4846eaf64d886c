"""AES-256-GCM boxes: values and wrapped keys, told apart by a version byte that is authenticated."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from trustdesk.kernel.errors import SealBrokenError

KEY_BYTES = 32
_NONCE_BYTES = 12
_TAG_BYTES = 16
OVERHEAD = 1 + _NONCE_BYTES + _TAG_BYTES
_VALUE = b"\x01"
_WRAPPED = b"\x41"


def new_key() -> bytes:
    return os.urandom(KEY_BYTES)


class BoxKey:
    """One key, ready to seal and open many values."""

    __slots__ = ("_cipher",)

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            msg = "a key has 32 bytes"
            raise ValueError(msg)
        self._cipher = AESGCM(key)

    def __repr__(self) -> str:
        return "BoxKey(…)"

    def seal(self, plaintext: bytes, *, bound: bytes) -> bytes:
        return self._close(_VALUE, plaintext, bound)

    def open(self, box: bytes, *, bound: bytes) -> bytes:
        return self._open(_VALUE, box, bound)

    def wrap(self, inner: bytes, *, bound: bytes) -> bytes:
        return self._close(_WRAPPED, inner, bound)

    def unwrap(self, box: bytes, *, bound: bytes) -> bytes:
        return self._open(_WRAPPED, box, bound)

    def _close(self, version: bytes, plaintext: bytes, bound: bytes) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return version + nonce + self._cipher.encrypt(nonce, plaintext, version + bound)

    def _open(self, version: bytes, box: bytes, bound: bytes) -> bytes:
        if len(box) < OVERHEAD or box[:1] != version:
            raise _broken()
        try:
            return self._cipher.decrypt(box[1 : 1 + _NONCE_BYTES], box[1 + _NONCE_BYTES :], version + bound)
        except InvalidTag:
            raise _broken() from None  # the cause could carry nothing helpful and must carry nothing secret


def _broken() -> SealBrokenError:
    return SealBrokenError(
        "A sealed value does not open here.",
        place="seal",
        mend="It was moved, altered, or its key is another one. Verify the audit log and look at the last restore.",
    )
