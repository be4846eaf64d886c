"""A port for each browser, shared with the legs of telephones."""

import contextlib
import random
from collections.abc import Iterator

import pytest

from trustdesk.sipedge.media import ports as pairs
from trustdesk.sipedge.webrtc.contracts import NoPortError
from trustdesk.sipedge.webrtc.ports import Ports

BOTH = ("127.0.0.1", "::1")


@pytest.fixture
def opened() -> Iterator[contextlib.ExitStack]:
    with contextlib.ExitStack() as stack:
        yield stack


@pytest.fixture
def first() -> int:
    return random.randrange(61_000, 63_000, 2)


def taken(ports: Ports, opened: contextlib.ExitStack, first: int, last: int, *addresses: str) -> int:
    """The port that all its sockets have."""
    made = ports.take((first, last), addresses or BOTH)
    for one in made:
        opened.enter_context(one)
    (port,) = {one.getsockname()[1] for one in made}
    return int(port)


def test_a_browser_has_one_port_on_every_address_that_there_is(opened: contextlib.ExitStack, first: int) -> None:
    made = Ports().take((first, first), (*BOTH, "192.0.2.1"))
    for one in made:
        opened.enter_context(one)
    assert [one.getsockname()[:2] for one in made] == [("127.0.0.1", first), ("::1", first)]


def test_it_goes_down_the_range_and_begins_again(opened: contextlib.ExitStack, first: int) -> None:
    ports = Ports()
    assert [taken(ports, opened, first, first + 3) for _browser in range(3)] == [first + 3, first + 2, first + 1]
    opened.pop_all().close()
    assert [taken(ports, opened, first, first + 3) for _browser in range(2)] == [first, first + 3]


def test_another_range_counts_from_its_own_end(opened: contextlib.ExitStack, first: int) -> None:
    ports = Ports()
    taken(ports, opened, first, first + 3)
    assert taken(ports, opened, first + 10, first + 12) == first + 12


def test_where_every_port_is_taken_it_says_so(opened: contextlib.ExitStack, first: int) -> None:
    ports = Ports()
    for _browser in range(2):
        taken(ports, opened, first, first + 1)
    with pytest.raises(NoPortError) as refused:
        ports.take((first, first + 1), BOTH)
    assert refused.value.mend


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "127.0.0.1"])  # noqa: S104
def test_a_port_of_a_telephone_is_passed_over(opened: contextlib.ExitStack, first: int, address: str) -> None:
    for one in pairs.Ports(address, first, first + 1).take():
        opened.enter_context(one)
    assert taken(Ports(), opened, first - 1, first + 1, "127.0.0.1") == first - 1


def test_also_where_the_telephone_speaks_from_another_address(opened: contextlib.ExitStack, first: int) -> None:
    """Connected, its socket holds the address it speaks from; disconnected, all of them again."""
    for one in pairs.Ports("0.0.0.0", first, first + 1).take():  # noqa: S104
        opened.enter_context(one).connect(("127.0.0.1", 9))
    with pytest.raises(NoPortError):
        Ports().take((first, first + 1), ("::1",))


@pytest.mark.parametrize("address", ["0.0.0.0", "::"])  # noqa: S104
def test_a_telephone_passes_over_the_port_of_a_browser(opened: contextlib.ExitStack, first: int, address: str) -> None:
    assert taken(Ports(), opened, first, first + 1) == first + 1
    pair = pairs.Ports(address, first, first + 3).take()
    assert [opened.enter_context(one).getsockname()[1] for one in pair] == [first + 2, first + 3]


def test_no_port_is_given_twice_at_once(opened: contextlib.ExitStack, first: int) -> None:
    """Telephones and browsers in turns, until neither finds one: together they have the range, and nobody another's."""
    browsers, telephones = Ports(), pairs.Ports("::", first, first + 19)
    found: list[int] = []
    with contextlib.suppress(NoPortError):
        while True:
            found.append(taken(browsers, opened, first, first + 19))
            with contextlib.suppress(OSError):
                found += [opened.enter_context(one).getsockname()[1] for one in telephones.take()]
    assert sorted(found) == list(range(first, first + 20))
