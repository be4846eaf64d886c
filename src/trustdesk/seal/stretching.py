"""What somebody knows, made expensive to guess: Argon2id (RFC 9106)."""

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

PASSES, LANES, MEMORY_KIB, LENGTH, SALT_BYTES = 3, 4, 65_536, 32, 16
"""RFC 9106 section 4, the second recommended option: 64 MiB, for machines that do something else too."""


ARGON2 = {
    "algorithm": "argon2id",
    "version": 19,
    "passes": PASSES,
    "lanes": LANES,
    "memory_kib": MEMORY_KIB,
    "length": LENGTH,
}
"""The same for whoever computes it elsewhere."""


def stretched(secret: bytes, salt: bytes) -> bytes:
    if len(salt) != SALT_BYTES:
        msg = f"a salt has {SALT_BYTES} bytes"
        raise ValueError(msg)
    derivation = Argon2id(salt=salt, length=LENGTH, iterations=PASSES, lanes=LANES, memory_cost=MEMORY_KIB)
    return derivation.derive(secret)
