"""Boxes, wrapping and tokens for any bytes."""

import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustdesk.kernel.errors import SealBrokenError
from trustdesk.seal import api as seal

keys = st.binary(min_size=32, max_size=32)
kinds = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1)


@given(keys, st.binary(), st.binary())
def test_what_is_sealed_opens(key: bytes, plaintext: bytes, bound: bytes) -> None:
    assert seal.open_sealed(key, seal.seal(key, plaintext, bound=bound), bound=bound) == plaintext


@given(keys, st.binary(), st.binary(), st.binary())
def test_nothing_opens_where_it_was_not_bound(key: bytes, plaintext: bytes, bound: bytes, other: bytes) -> None:
    if bound != other:
        with pytest.raises(SealBrokenError):
            seal.open_sealed(key, seal.seal(key, plaintext, bound=bound), bound=other)


@given(keys, st.binary(), st.data())
def test_one_flipped_bit_breaks_the_seal(key: bytes, plaintext: bytes, data: st.DataObject) -> None:
    box = bytearray(seal.seal(key, plaintext, bound=b"b"))
    place = data.draw(st.integers(0, len(box) * 8 - 1))
    box[place // 8] ^= 1 << place % 8
    with pytest.raises(SealBrokenError):
        seal.open_sealed(key, bytes(box), bound=b"b")


@given(keys, keys, keys)
def test_a_wrapped_key_opens_under_its_wrapper_only(key: bytes, other: bytes, inner: bytes) -> None:
    box = seal.wrap(key, inner, bound=b"b")
    assert seal.unwrap(key, box, bound=b"b") == inner
    if key != other:
        with pytest.raises(SealBrokenError):
            seal.unwrap(other, box, bound=b"b")


@given(st.binary(max_size=100), kinds, st.lists(st.text(st.characters(codec="utf-8"))))
def test_tokens_are_hmacs_for_keys_of_any_length(key: bytes, kind: str, texts: list[str]) -> None:
    made = seal.TokenKey(key).tokens(kind, texts)
    for text, token in zip(texts, made, strict=True):
        full = hmac.digest(key, kind.encode() + b"\0" + text.encode(), "sha256")
        assert token == int.from_bytes(full[:8], "big", signed=True)
        assert -(2**63) <= token < 2**63
