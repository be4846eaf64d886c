"""What the rest of the house may ask of cryptography."""

from datetime import datetime

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from trustdesk.seal import boxes as _boxes
from trustdesk.seal import identity as _identity
from trustdesk.seal import stretching as _stretching
from trustdesk.seal import tokens as _tokens
from trustdesk.seal.boxes import KEY_BYTES, OVERHEAD, BoxKey
from trustdesk.seal.identity import Identity
from trustdesk.seal.signing import SigningKey, VerifyKey
from trustdesk.seal.stretching import ARGON2
from trustdesk.seal.tokens import TokenKey

__all__ = [
    "ARGON2",
    "KEY_BYTES",
    "OVERHEAD",
    "BoxKey",
    "Identity",
    "SigningKey",
    "TokenKey",
    "VerifyKey",
    "certificate_of",
    "derive",
    "mac",
    "new_identity",
    "new_key",
    "open_sealed",
    "seal",
    "stretched",
    "token",
    "unwrap",
    "wrap",
]


def new_key() -> bytes:
    """32 random bytes from the system's random source: a key for `seal`, `wrap`, `token`, `mac` or `derive`."""
    return _boxes.new_key()


def seal(key: bytes, plaintext: bytes, *, bound: bytes) -> bytes:
    """The plaintext as a box: AES-256-GCM (NIST SP 800-38D, RFC 5116), version byte, random 96-bit nonce, tag.

    `bound` is authenticated and not stored: the box opens only where the same bytes are given again.
    A key seals at most 2**32 boxes (SP 800-38D, 8.3). Raises ValueError where the key has not 32 bytes.
    """
    return BoxKey(key).seal(plaintext, bound=bound)


def open_sealed(key: bytes, box: bytes, *, bound: bytes) -> bytes:
    """The plaintext of a box made by `seal`.

    Raises SealBrokenError where box, key or `bound` is not the one it was sealed with; nothing says which.
    """
    return BoxKey(key).open(box, bound=bound)


def wrap(key: bytes, inner: bytes, *, bound: bytes) -> bytes:
    """A key inside a box under another key: as `seal`, but its own version byte keeps values and keys apart."""
    return BoxKey(key).wrap(inner, bound=bound)


def unwrap(key: bytes, box: bytes, *, bound: bytes) -> bytes:
    """The key inside a box made by `wrap`. Raises SealBrokenError as `open_sealed` does."""
    return BoxKey(key).unwrap(box, bound=bound)


def token(key: bytes, text: str, *, kind: str) -> int:
    """A blind token: the first 64 bits of HMAC-SHA256 (RFC 2104) over kind, a zero byte and text.

    Signed, so that it fits PostgreSQL's bigint. Same key, kind and text give the same token; without the key
    nobody can make or check one. For many tokens keep a `TokenKey`. Raises ValueError on an empty kind.
    """
    return TokenKey(key).token(kind, text)


def mac(key: bytes, message: bytes) -> bytes:
    """HMAC-SHA256 (RFC 2104, RFC 4231), 32 bytes. Compare with `hmac.compare_digest`, never with `==`."""
    return _tokens.mac(key, message)


def derive(key: bytes, label: str) -> bytes:
    """A 32-byte key for one use, from a key that is uniformly random already: HKDF-SHA256 (RFC 5869), label as info."""
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=label.encode()).derive(key)


def stretched(secret: bytes, *, salt: bytes) -> bytes:
    """32 bytes by which who knows the secret and the salt is known again, and which tell nobody else anything.

    Argon2id version 1.3 with the second recommended option of RFC 9106 section 4: three passes, four lanes, 64 MiB; it
    takes a fifth of a second. `salt` is 16 random bytes, else ValueError.
    """
    return _stretching.stretched(secret, salt)


def new_identity(*, now: datetime) -> Identity:
    """A fresh EC P-256 key and its self-signed certificate, for DTLS-SRTP (RFC 5763): one a process, never stored.

    The other side knows it by its fingerprint, which travels in the SDP; its name is random and says nothing.
    """
    return _identity.new_identity(now)


def certificate_of(key: SigningKey, *, name: str, now: datetime) -> bytes:
    """A self-signed X.509 certificate (DER) of a signing key, for forms that carry a certificate (RFC 7515, 4.1.6).

    It proves that the key's holder made it, and nothing of who that is: whoever checks compares the key.
    """
    return _identity.certificate_of(key, name=name, now=now)
