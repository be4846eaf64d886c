import base64
from dataclasses import replace
from datetime import UTC, datetime
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustdesk.api.cursors import cursor, position
from trustdesk.api.problems import ProblemError
from trustdesk.kernel.context import AccessContext, Journal

CONTEXT = AccessContext(
    operator_id=1,
    session_id="token:0000000000001",
    controller_id=1,
    mandate_id=1,
    purpose="service",
    categories=frozenset(),
    operations=frozenset(),
    expires_at=datetime(2030, 1, 1, tzinfo=UTC),
    scope="",
    journal=cast("Journal", None),
)


@given(st.lists(st.integers(min_value=0, max_value=2**63 - 1), min_size=1, max_size=3))
def test_a_position_comes_back(numbers: list[int]) -> None:
    assert position(CONTEXT, "customers", cursor(CONTEXT, "customers", numbers)) == numbers


@given(st.text(max_size=500))
def test_no_other_text_is_a_cursor(text: str) -> None:
    if text:
        with pytest.raises(ProblemError):
            position(CONTEXT, "customers", text)
    else:
        assert position(CONTEXT, "customers", text) == ()


def test_a_cursor_is_good_for_its_list_and_its_controller_only() -> None:
    text = cursor(CONTEXT, "customers", [7])
    for context, listing in ((CONTEXT, "timeline|7"), (replace(CONTEXT, controller_id=2), "customers")):
        with pytest.raises(ProblemError):
            position(context, listing, text)


def test_a_cursor_tells_nothing_and_never_looks_the_same() -> None:
    assert cursor(CONTEXT, "customers", [7]) != cursor(CONTEXT, "customers", [7])
    assert len(cursor(CONTEXT, "customers", [2**63 - 1])) < 80


@given(st.integers(min_value=0, max_value=39), st.integers(min_value=1, max_value=255))
def test_one_changed_byte_is_noticed(place: int, change: int) -> None:
    text = cursor(CONTEXT, "customers", [2**62])
    box = bytearray(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    box[place % len(box)] ^= change
    with pytest.raises(ProblemError):
        position(CONTEXT, "customers", base64.urlsafe_b64encode(bytes(box)).rstrip(b"=").decode())
