"""HMAC-SHA256 (RFC 2104) over kept hash states, so that many short tokens cost little."""

import hashlib
import hmac
from collections.abc import Iterable
from typing import Protocol

_BLOCK = 64  # bytes of a SHA-256 block, the B of RFC 2104
_TOKEN_BYTES = 8


class _State(Protocol):
    def copy(self) -> "_State": ...
    def update(self, data: bytes, /) -> None: ...
    def digest(self) -> bytes: ...


class TokenKey:
    """One key, ready to make many tokens. The states after key and kind are computed once."""

    __slots__ = ("_inner", "_kinds", "_outer")

    def __init__(self, key: bytes) -> None:
        if len(key) > _BLOCK:
            key = hashlib.sha256(key).digest()
        padded = key.ljust(_BLOCK, b"\0")
        self._inner: _State = hashlib.sha256(bytes(byte ^ 0x36 for byte in padded))
        self._outer: _State = hashlib.sha256(bytes(byte ^ 0x5C for byte in padded))
        self._kinds: dict[str, _State] = {}

    def __repr__(self) -> str:
        return "TokenKey(…)"

    def tokens(self, kind: str, texts: Iterable[str]) -> list[int]:
        start = self._kinds.get(kind) or self._kind(kind)
        outer = self._outer
        made = []
        for text in texts:
            inner = start.copy()
            inner.update(text.encode("utf-8", "surrogatepass"))
            last = outer.copy()
            last.update(inner.digest())
            made.append(int.from_bytes(last.digest()[:_TOKEN_BYTES], "big", signed=True))
        return made

    def token(self, kind: str, text: str) -> int:
        inner = (self._kinds.get(kind) or self._kind(kind)).copy()
        inner.update(text.encode("utf-8", "surrogatepass"))
        last = self._outer.copy()
        last.update(inner.digest())
        return int.from_bytes(last.digest()[:_TOKEN_BYTES], "big", signed=True)

    def _kind(self, kind: str) -> _State:
        if not kind or "\0" in kind:
            msg = "a token's kind is a word without a zero byte"
            raise ValueError(msg)
        state = self._inner.copy()
        state.update(kind.encode() + b"\0")
        self._kinds[kind] = state
        return state


def mac(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, "sha256")
