"""How much one address may ask for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustdesk.sipedge.sip import limits
from trustdesk.sipedge.sip.limits import Limits, networks, subject

STRANGER, CARRIER = "203.0.113.9", "192.0.2.10"


def test_a_stranger_has_room_for_so_many_at_once_and_so_many_a_second() -> None:
    found = Limits()
    assert sum(found.passes(STRANGER, 100.0) for _ in range(200)) == 60
    assert sum(found.passes(STRANGER, 101.0) for _ in range(200)) == 20
    assert found.passes("203.0.113.10", 101.0)
    assert found.dropped == 140 + 180


def test_a_carrier_has_more() -> None:
    found = Limits(known=networks(("192.0.2.0/24",)))
    assert sum(found.passes(CARRIER, 100.0) for _ in range(3_000)) == 2_000


def test_offences_are_forgotten_after_a_minute() -> None:
    found = Limits()
    for number in range(100):
        assert not found.offend(STRANGER, number * 61.0)


def test_a_ban_ends() -> None:
    found = Limits()
    assert [found.offend(STRANGER, 1.0) for _ in range(limits.OFFENCES)][-1]
    assert not found.passes(STRANGER, 2.0)
    assert not found.passes(STRANGER, 600.0)
    assert found.passes(STRANGER, 601.1)


def test_a_carrier_is_never_banned_by_a_forged_source() -> None:
    found = Limits(known=networks((CARRIER,)))
    assert not any(found.offend(CARRIER, 1.0) for _ in range(100))


def test_an_ipv6_network_is_one() -> None:
    assert subject("2001:db8::1") == subject("2001:db8::ffff:1") != subject("2001:db8:0:1::1")


@given(st.lists(st.ip_addresses(v=4).map(str), min_size=1, max_size=50, unique=True))
def test_what_is_remembered_has_an_end(hosts: list[str]) -> None:
    found = Limits()
    most, limits.MOST_ADDRESSES = limits.MOST_ADDRESSES, 10
    try:
        for host in hosts:
            found.passes(host, 1.0)
        assert len(found._standings) <= 10
    finally:
        limits.MOST_ADDRESSES = most


def test_connections_are_counted_in_and_out() -> None:
    found = Limits()
    assert sum(found.connect(STRANGER) for _ in range(30)) == limits.CONNECTIONS
    for _ in range(limits.CONNECTIONS):
        found.disconnect(STRANGER)
    assert found.connections == 0
    assert found.connect(STRANGER)


@pytest.mark.parametrize("text", ["no", "1.2.3.4/99", ""])
def test_an_address_of_the_settings_that_is_none_is_said(text: str) -> None:
    with pytest.raises(ValueError, match=r"network|address"):
        networks((text,))
