"""Names of messages outside: nobody else makes one, and one is good for one use."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustdesk.delivery import references
from trustdesk.delivery.bounces import BOUNCE, MESSAGE_ID, UNSUBSCRIBE
from trustdesk.delivery.references import Reference
from trustdesk.kernel.ids import MAX_ID

REFERENCES = st.builds(Reference, st.integers(1, 2**31 - 1), st.integers(1, MAX_ID))


@given(REFERENCES)
def test_what_is_written_is_read_again_in_any_case(reference: Reference) -> None:
    text = references.written(BOUNCE, reference)
    assert len(text) <= references.LONGEST
    assert references.read(BOUNCE, text) == reference
    assert references.read(BOUNCE, text.upper()) == reference


@given(REFERENCES)
def test_one_use_is_not_another(reference: Reference) -> None:
    text = references.written(BOUNCE, reference)
    assert references.read(UNSUBSCRIBE, text) is None
    assert references.read(MESSAGE_ID, text) is None


@given(REFERENCES, st.integers(0, references.LONGEST), st.sampled_from(string.ascii_lowercase + string.digits + "."))
def test_one_changed_sign_is_not_believed(reference: Reference, place: int, sign: str) -> None:
    text = references.written(BOUNCE, reference)
    place %= len(text)
    changed = text[:place] + sign + text[place + 1 :]
    found = references.read(BOUNCE, changed)
    # Crockford's letters have look-alikes: what reads as the same message is the same message.
    assert found in (None, reference)
    assert found is None or changed == text


@pytest.mark.parametrize("text", ["", ".", "a.b.c", "x" * 500, "0000000000000.0.aaaaaaaaaaaaaaaa", "\n"])
def test_nonsense_is_nothing(text: str) -> None:
    assert references.read(BOUNCE, text) is None
