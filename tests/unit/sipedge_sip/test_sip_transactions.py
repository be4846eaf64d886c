"""Transactions and their timers (RFC 3261 §17), over packets that get lost and streams that don't."""

import pytest
from tests.sipwire import Far, Turned, Wire, on_loop, responded

from trustdesk.sipedge.sip.faults import BadMessageError
from trustdesk.sipedge.sip.flows import Flow
from trustdesk.sipedge.sip.layer import Layer
from trustdesk.sipedge.sip.message import Request, Response, answer_to, parse
from trustdesk.sipedge.sip.states import Event, State
from trustdesk.sipedge.sip.transactions import ServerTransaction


class Taking:
    """Takes every request, and answers what it is told to."""

    def __init__(self) -> None:
        self.layer: Layer
        self.taken: list[ServerTransaction] = []
        self.acks = 0

    def passes(self, flow: Flow) -> bool:
        return True

    def requested(self, request: Request, flow: Flow) -> None:
        self.taken.append(self.layer.accept(request, flow))

    def acknowledged(self, request: Request, flow: Flow) -> None:
        self.acks += 1

    def unreadable(self, flow: Flow, fault: BadMessageError) -> None:
        raise AssertionError(fault.what)


def taking() -> tuple[Layer, Taking, Turned]:
    clock, receiver = Turned(), Taking()
    receiver.layer = Layer(clock, receiver)
    return receiver.layer, receiver, clock


def times(start: float, sent: list[float]) -> list[float]:
    return [round(at - start, 1) for at in sent]


async def watched(clock: Turned, wire: Wire, seconds: float) -> list[float]:
    """When something was sent."""
    found = []
    before, start = len(wire.sent), clock.now
    for _ in range(round(seconds / 0.1)):
        await clock.turn(0.1)
        found += [round(clock.now - start, 1)] * (len(wire.sent) - before)
        before = len(wire.sent)
    return found


class Ours:
    """A request of ours and what became of it."""

    def __init__(self, layer: Layer, method: str, wire: Wire) -> None:
        self.answers: list[int] = []
        self.failures: list[Event] = []
        request = parse(Far().request(method).encode())
        assert isinstance(request, Request)
        self.transaction = layer.start(
            request, wire, answered=lambda response: self.answers.append(response.status), failed=self.failures.append
        )


@on_loop
async def test_a_request_is_repeated_up_to_four_seconds_apart_and_given_up() -> None:
    """Timers E and F."""
    layer, _, clock = taking()
    wire = Wire()
    ours = Ours(layer, "OPTIONS", wire)
    found = await watched(clock, wire, 33)
    assert found == pytest.approx([0.5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5, 27.5, 31.5], abs=0.11)
    assert ours.failures == [Event.TIMEOUT]
    assert layer.clients == {}


@on_loop
async def test_after_a_provisional_answer_it_is_repeated_every_four_seconds() -> None:
    layer, _, clock = taking()
    wire = Wire()
    ours = Ours(layer, "OPTIONS", wire)
    ours.transaction.hear(_answer(ours, 100))
    found = await watched(clock, wire, 9)
    assert found == pytest.approx([0.5, 4.5, 8.5], abs=0.11)


def _answer(ours: Ours, status: int) -> Response:
    answer = parse(responded(ours.transaction.request, status).encode())
    assert isinstance(answer, Response)
    return answer


@on_loop
async def test_on_a_stream_nothing_is_repeated_and_nothing_lingers() -> None:
    layer, _, clock = taking()
    for method in ("OPTIONS", "INVITE"):
        wire = Wire(transport="tcp")
        ours = Ours(layer, method, wire)
        await clock.turn(20)
        assert len(wire.sent) == 1
        ours.transaction.hear(_answer(ours, 404))
        await clock.turn(0.1)
        assert ours.answers == [404]
        assert layer.clients == {}


@on_loop
async def test_an_answer_that_comes_twice_is_told_once() -> None:
    layer, _, clock = taking()
    ours = Ours(layer, "OPTIONS", Wire())
    for _ in range(3):
        layer.received(bytes(_answer(ours, 200)), Wire())
    assert ours.answers == [200]
    await clock.turn(5.1)  # timer K
    assert layer.clients == {}


@on_loop
async def test_of_an_invite_2xx_are_told_as_often_as_they_come() -> None:
    """RFC 6026: for 64 T1."""
    layer, _, clock = taking()
    ours = Ours(layer, "INVITE", Wire())
    for _ in range(3):
        layer.received(bytes(_answer(ours, 200)), Wire())
    assert ours.answers == [200, 200, 200]
    await clock.turn(32.1)
    layer.received(bytes(_answer(ours, 200)), Wire())
    assert ours.answers == [200, 200, 200]


@on_loop
async def test_a_refusal_is_acknowledged_for_32_seconds() -> None:
    """Timer D."""
    layer, _, clock = taking()
    wire = Wire()
    ours = Ours(layer, "INVITE", wire)
    for _ in range(2):
        layer.received(bytes(_answer(ours, 486)), wire)
        await clock.turn(15)
    assert [message.method for message in wire.took() if isinstance(message, Request)] == ["INVITE", "ACK", "ACK"]
    await clock.turn(33)
    assert layer.clients == {}


@on_loop
async def test_what_cannot_be_sent_is_told_as_broken() -> None:
    layer, _, _ = taking()
    ours = Ours(layer, "INVITE", Wire(broken=True))
    assert ours.failures == [Event.BROKEN]
    assert layer.clients == {}


@on_loop
async def test_nothing_is_ever_given_to_a_socket_that_is_no_address() -> None:
    layer, _, _ = taking()
    ours = Ours(layer, "OPTIONS", Wire(("192.0.2.1", 99999999)))
    assert ours.failures == [Event.BROKEN]


@on_loop
async def test_the_same_request_gets_the_same_answer_for_32_seconds() -> None:
    """Timer J."""
    layer, receiver, clock = taking()
    wire = Wire()
    data = Far().request("OPTIONS").encode()
    layer.received(data, wire)
    layer.received(data, wire)
    assert wire.sent == []
    receiver.taken[0].say(answer_to(receiver.taken[0].request, 200))
    layer.received(data, wire)
    assert wire.statuses() == [200, 200]
    assert len(receiver.taken) == 1
    await clock.turn(32.1)
    layer.received(data, wire)
    assert len(receiver.taken) == 2


@on_loop
async def test_a_refusal_of_ours_is_repeated_until_its_ack() -> None:
    """Timers G, H and I."""
    layer, receiver, clock = taking()
    wire, far = Wire(), Far()
    layer.received(far.request("INVITE", branch="z9hG4bKg").encode(), wire)
    transaction = receiver.taken[0]
    transaction.say(answer_to(transaction.request, 486, tag="us"))
    assert await watched(clock, wire, 9) == pytest.approx([0.5, 1.5, 3.5, 7.5], abs=0.11)
    layer.received(far.request("ACK", branch="z9hG4bKg").encode(), wire)
    assert transaction.state is State.CONFIRMED
    assert await watched(clock, wire, 4) == []
    await clock.turn(2)
    assert layer.servers == {}


@on_loop
async def test_a_refusal_without_an_ack_is_forgotten() -> None:
    layer, receiver, clock = taking()
    layer.received(Far().request("INVITE").encode(), Wire())
    receiver.taken[0].say(answer_to(receiver.taken[0].request, 486, tag="us"))
    await clock.turn(32.1)
    assert layer.servers == {}


@on_loop
async def test_only_one_final_answer_is_given() -> None:
    layer, receiver, _ = taking()
    wire = Wire()
    layer.received(Far().request("INVITE").encode(), wire)
    transaction = receiver.taken[0]
    assert transaction.say(answer_to(transaction.request, 486, tag="us"))
    assert not transaction.say(answer_to(transaction.request, 200, tag="us"))
    assert not transaction.say(answer_to(transaction.request, 180, tag="us"))
    assert wire.statuses() == [486]


@on_loop
async def test_senders_without_a_branch_of_their_own_are_told_apart() -> None:
    """RFC 2543: by everything that repetitions have in common."""
    layer, receiver, _ = taking()
    first, second = Far(call_id="a"), Far(call_id="b")
    for far in (first, second, first):
        layer.received(far.request("OPTIONS", branch="old").encode(), Wire())
    assert len(receiver.taken) == 2


@on_loop
async def test_an_answer_to_nothing_is_dropped() -> None:
    layer, _, _ = taking()
    wire = Wire()
    ours = Ours(layer, "OPTIONS", wire)
    forged = responded(ours.transaction.request, 200).replace("branch=z9hG4bK", "branch=z9hG4bKx")
    layer.received(forged.encode(), wire)
    assert ours.answers == []
