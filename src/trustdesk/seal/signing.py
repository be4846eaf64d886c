"""Ed25519 (RFC 8032) keys as raw 32 bytes, with the key ids of C2SP signed notes."""

import hashlib
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_NOTE_ED25519: Final = b"\x01"  # the signature type byte of C2SP signed-note


class VerifyKey:
    """The public half: checks signatures."""

    __slots__ = ("_key", "raw")

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self._key = Ed25519PublicKey.from_public_bytes(raw)

    @classmethod
    def from_bytes(cls, raw: bytes) -> "VerifyKey":
        """The key from its 32 raw bytes; ValueError where they are not a key."""
        return cls(raw)

    def __repr__(self) -> str:
        return f"VerifyKey({self.raw.hex()})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, VerifyKey) and other.raw == self.raw

    def __hash__(self) -> int:
        return hash(self.raw)

    def verify(self, signature: bytes, message: bytes) -> bool:
        """True where this key's holder signed exactly this message."""
        try:
            self._key.verify(signature, message)
        except InvalidSignature:
            return False
        return True

    def key_id(self, name: str) -> bytes:
        """Four bytes that tell keys apart in a C2SP signed note: SHA-256(name, LF, type, key)[:4]."""
        return hashlib.sha256(name.encode() + b"\n" + _NOTE_ED25519 + self.raw).digest()[:4]


class SigningKey:
    """The private half: signs."""

    __slots__ = ("_key", "verify_key")

    def __init__(self, raw: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(raw)
        self.verify_key = VerifyKey(self._key.public_key().public_bytes_raw())

    @classmethod
    def generate(cls) -> "SigningKey":
        """A fresh key from the system's random source."""
        return cls(Ed25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def from_bytes(cls, raw: bytes) -> "SigningKey":
        """The key from its 32 secret bytes; ValueError where they are not a key."""
        return cls(raw)

    def __repr__(self) -> str:
        return f"SigningKey(… of {self.verify_key!r})"

    def to_bytes(self) -> bytes:
        """The 32 secret bytes, to be stored wrapped or in a file only its owner reads."""
        return self._key.private_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """The 64 bytes of the signature; the same message gives the same signature (RFC 8032, 5.1.6)."""
        return self._key.sign(message)

    def key_id(self, name: str) -> bytes:
        """See `VerifyKey.key_id`."""
        return self.verify_key.key_id(name)
