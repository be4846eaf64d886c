"""Pairs of ports, and addresses of both families."""

import random
import socket
from collections.abc import Callable, Iterator

import pytest

from trustdesk.sipedge.media.ports import Ports, disconnect, same_place

Take = Callable[[], tuple[socket.socket, socket.socket]]


@pytest.fixture
def opened() -> Iterator[list[socket.socket]]:
    made: list[socket.socket] = []
    yield made
    for one in made:
        one.close()


def ports_of(pair: tuple[socket.socket, socket.socket], opened: list[socket.socket]) -> tuple[int, int]:
    opened.extend(pair)
    return pair[0].getsockname()[1], pair[1].getsockname()[1]


def test_pairs_are_even_and_odd_within_the_range_and_used_again_last(opened: list[socket.socket]) -> None:
    first = random.randrange(61_001, 63_000, 2)
    ports = Ports("127.0.0.1", first, first + 7)  # an odd beginning: three pairs
    pairs = [ports_of(ports.take(), opened) for _pair in range(3)]
    assert all(even % 2 == 0 and odd == even + 1 and first <= even and odd <= first + 7 for even, odd in pairs)
    with pytest.raises(OSError, match="no pair of ports is free"):
        ports.take()
    for one in opened[:4]:
        one.close()
    ports.give_back(pairs[1][0])
    ports.give_back(pairs[0][0])
    assert ports_of(ports.take(), opened) == pairs[1]


def test_a_port_that_somebody_else_has_is_passed_over(opened: list[socket.socket]) -> None:
    first = random.randrange(61_000, 63_000, 2)
    taken = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    opened.append(taken)
    taken.bind(("127.0.0.1", first + 1))
    assert ports_of(Ports("127.0.0.1", first, first + 3).take(), opened) == (first + 2, first + 3)


def test_one_socket_hears_both_families(opened: list[socket.socket]) -> None:
    first = random.randrange(61_000, 63_000, 2)
    ports = Ports("::", first, first + 1)
    made, _control = pair = ports.take()
    opened.extend(pair)
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        far = socket.socket(family, socket.SOCK_DGRAM)
        opened.append(far)
        far.bind((host, 0))
        far.sendto(b"x", (host, first))
        _data, source = made.recvfrom(10)
        assert same_place(source, ports.reach(host, far.getsockname()[1]))
        made.sendto(b"y", source)
        assert far.recv(10) == b"y"


def test_after_disconnecting_anybody_is_heard_on_the_same_port(opened: list[socket.socket]) -> None:
    first = random.randrange(61_000, 63_000, 2)
    made, control = Ports("127.0.0.1", first, first + 1).take()
    one, other = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _far in "ab")
    opened.extend((made, control, one, other))
    one.bind(("127.0.0.1", 0))
    made.connect(one.getsockname())
    other.sendto(b"stranger", ("127.0.0.1", first))
    with pytest.raises(BlockingIOError):
        made.recv(10)
    disconnect(made)
    assert made.getsockname()[1] == first
    other.sendto(b"heard", ("127.0.0.1", first))
    assert made.recv(10) == b"heard"


@pytest.mark.parametrize(
    ("address", "host", "port"),
    [
        ("127.0.0.1", "::1", 5),
        ("127.0.0.1", "localhost", 5),
        ("127.0.0.1", "127.0.0.1", 0),
        ("::", "127.0.0.1", 99_999_999),
    ],
)
def test_what_can_not_be_reached_is_refused_before_a_socket_is_asked(address: str, host: str, port: int) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Ports(address, 40_000, 40_001).reach(host, port)
