"""A certificate that was altered anywhere is refused, and whatever else is given gets an answer."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.certificates import a_certificate, key_of

from trustdesk.proof.verifier import AGREES, ALTERED, SELF_CONSISTENT, UNREADABLE, code_of, normal, salt_of, verify

WHOLE = a_certificate()
KEY = str(key_of())


@settings(max_examples=400)
@given(place=st.integers(0, len(WHOLE) - 1), byte=st.integers(0, 255))
def test_altered_in_any_byte(place: int, byte: int) -> None:
    altered = WHOLE[:place] + bytes([byte]) + WHOLE[place + 1 :]
    expected = {AGREES} if altered == WHOLE else {ALTERED, UNREADABLE}
    assert verify(altered, key=KEY).code in expected


@pytest.mark.parametrize("flip", [0x01, 0x20])
def test_altered_in_every_byte(flip: int) -> None:
    """The neighbor of every byte, and its other case: hexadecimal and base64 have more than one way to say a thing."""
    for place, byte in enumerate(WHOLE):
        altered = WHOLE[:place] + bytes([byte ^ flip]) + WHOLE[place + 1 :]
        assert verify(altered, key=KEY).code in {ALTERED, UNREADABLE}, place
        assert verify(altered).code in {ALTERED, UNREADABLE}, place


@given(start=st.integers(0, len(WHOLE)), length=st.integers(1, 400), more=st.binary(max_size=8))
@example(start=len(WHOLE) - 1, length=1, more=b"")
@example(start=len(WHOLE), length=1, more=b"\n")
@example(start=len(WHOLE), length=1, more=b" ")
def test_cut_or_longer(start: int, length: int, more: bytes) -> None:
    altered = WHOLE[:start] + more + WHOLE[start + length :]
    if altered != WHOLE:
        assert verify(altered, key=KEY).code in {ALTERED, UNREADABLE}


@given(raw=st.binary(max_size=200), key=st.text(max_size=60), mine=st.text(max_size=20), code=st.text(max_size=40))
def test_whatever_is_given_gets_an_answer(raw: bytes, key: str, mine: str, code: str) -> None:
    assert verify(raw, key=key, mine=mine, code=code).code == UNREADABLE
    assert verify(WHOLE, key=key).code in {UNREADABLE, SELF_CONSISTENT}


@given(salt=st.binary(min_size=16, max_size=16))
def test_a_code_gives_its_salt_again(salt: bytes) -> None:
    assert salt_of(code_of(salt)) == salt


@given(text=st.text(max_size=40))
def test_the_normal_form_is_its_own(text: str) -> None:
    assert normal(normal(text)) == normal(text)
