"""Keys as events (RFC 4733), with packets lost, repeated and late."""

import struct

import pytest

from trustdesk.sipedge.media.keys import KEYS, KeyHearing, pressed


def event(key: int, duration: int, *, end: bool = False) -> bytes:
    return struct.pack(">BBH", key, 10 | end << 7, duration)


def heard(packets: list[tuple[int, bytes]]) -> str:
    hearing = KeyHearing()
    return "".join(key for timestamp, payload in packets if (key := hearing.heard(timestamp, payload)))


@pytest.mark.parametrize("key", KEYS)
def test_what_we_press_is_heard_once(key: str) -> None:
    steps = list(pressed(key))
    assert heard([(1000, payload) for payload, _first in steps]) == key
    assert [first for _payload, first in steps] == [True] + [False] * 7


def test_the_same_key_twice_is_two_keys() -> None:
    assert heard([(1000, event(1, 160)), (1000, event(1, 320, end=True)), (3000, event(1, 160))]) == "11"


def test_one_packet_of_a_key_is_enough_whichever_came_through() -> None:
    assert heard([(1000, event(7, 800, end=True))]) == "7"
    assert heard([(1000, event(7, 480)), (1000, event(7, 320))]) == "7"


def test_a_key_held_for_longer_than_a_duration_can_say_is_one_key() -> None:
    segments = [(0, event(5, 0xFFFF)), (0xFFFF, event(5, 160)), (0xFFFF, event(5, 320, end=True))]
    assert heard(segments) == "5"
    assert heard([(0, event(5, 0xFFFF, end=True)), (0xFFFF, event(5, 160))]) == "55"


@pytest.mark.parametrize("payload", [b"", b"\x01\x0a\x00", event(16, 160), event(255, 160)])
def test_what_is_no_key_is_none(payload: bytes) -> None:
    assert heard([(1000, payload)]) == ""
