"""A campaign by SMS, from a screened list of numbers to the gateway and back, over HTTP as the document has it."""

import random
import threading
import time
from collections.abc import Iterator, Sequence

import pytest
from django.db import connection
from django.test import Client
from tests.integration.campaigns.campaigning import Campaigning
from tests.integration.delivery.web import Answer, Gateway, gateway_here, receipt_of

from trustdesk.campaigns.contracts import Limits, Outcome, State, TargetState
from trustdesk.decision.contracts import Channel
from trustdesk.delivery import api as delivery
from trustdesk.delivery.contracts import RECEIPT_PATH
from trustdesk.kernel import clock
from trustdesk.kernel.errors import BadInputError

pytestmark = pytest.mark.slow  # whole campaigns go out

SOME, MANY = 4, 30


@pytest.fixture
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    with gateway_here(tmp_path_factory.mktemp("gateway")) as gateway:
        yield gateway


@pytest.fixture
def texting(room: Campaigning) -> Campaigning:
    room.channel = Channel.SMS
    return room


def numbers(room: Campaigning) -> Sequence[str]:
    return sorted(room.numbers.values())


def waits_no_longer(room: Campaigning) -> None:
    """As if every message's pause were over."""
    room.write("UPDATE delivery_message SET next_at = now() WHERE state IN ('queued', 'deferred')")


def test_everybody_gets_one_text_and_the_receipts_are_counted(texting: Campaigning, gateway: Gateway) -> None:
    texting.add(SOME)
    campaign_id = texting.started()
    texting.go(campaign_id)
    assert sorted(gateway.times) == numbers(texting)
    for said in gateway.sent.values():
        assert said["from"] == "Sahko"
        assert said["text"].startswith("Advertisement\n\nThere is news.")
        assert "/unsubscribe/" in said["text"]
    view = texting.view(campaign_id)
    assert (view.state, view.channel, view.counts) == (State.ENDED, Channel.SMS, {TargetState.DONE: SOME})
    first, *others = gateway.sent
    for name in others:
        assert reported(name, "message.delivered") == 204
    assert reported(first, "message.undeliverable", reason="absent") == 204
    texting.drive(campaign_id)
    assert texting.report(campaign_id).outcomes == {Outcome.SENT: SOME - 1, Outcome.BOUNCED: 1}
    assert texting.view(campaign_id).counts == {TargetState.DONE: SOME - 1, TargetState.STOPPED: 1}


def reported(name: str, kind: str, **more: str) -> int:
    body, headers = receipt_of(name, kind, **more)
    return Client().post(RECEIPT_PATH, body, content_type="application/json", headers=headers).status_code


def test_the_link_in_a_text_ends_them(texting: Campaigning, gateway: Gateway) -> None:
    """And only those: mail of the same purpose goes on."""
    (address,) = texting.add(1)
    campaign_id = texting.started()
    texting.go(campaign_id)
    (said,) = gateway.sent.values()
    link = next(word for word in said["text"].split() if "/unsubscribe/" in word)
    assert delivery.unsubscribe(link.rstrip("/").rpartition("/")[2], now=clock.now())
    assert texting.report(campaign_id).objections == 1
    with pytest.raises(BadInputError) as nobody:
        texting.create([address])
    assert nobody.value.place == "run"
    texting.channel = Channel.EMAIL
    assert texting.create([address])


def test_an_objection_races_the_texts_and_the_texts_lose(texting: Campaigning, gateway: Gateway) -> None:
    """Everybody says stop while the campaign runs; what the gateway is asked for after that is nothing."""
    addresses = texting.add(MANY)
    campaign_id = texting.started()
    said_at: dict[str, float] = {}
    order = list(addresses)
    random.Random(7).shuffle(order)

    def say_stop() -> None:
        pauses = random.Random(8)
        try:
            for address in order:
                time.sleep(pauses.uniform(0, 0.06))
                texting.company.withdraw(texting.people[address], Channel.SMS)
                said_at[texting.numbers[address]] = time.monotonic()
        finally:
            connection.close()

    texting.drive(campaign_id)
    thread = threading.Thread(target=say_stop)
    thread.start()
    texting.go(campaign_id)
    thread.join(60)
    assert not thread.is_alive(), "an objection and a text wait for each other"
    texting.go(campaign_id)
    assert [number for number, at in gateway.asked_at.items() if at > said_at[number]] == []
    counts = texting.view(campaign_id).counts
    assert counts.keys() == {TargetState.DONE, TargetState.REFUSED}, "both have to happen, or this shows nothing"
    assert counts[TargetState.DONE] == len(gateway.times) == len(set(gateway.times))
    assert texting.report(campaign_id).objections == MANY


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(
    "answer",
    [None, (503, {}, b"busy"), (429, {}, b'{"code": "too-fast"}')],
    ids=["silence", "busy", "too-fast"],
)
def test_tried_again_nothing_is_sent_twice(
    texting: Campaigning,
    gateway: Gateway,
    answer: Answer | None,
    *,
    after: bool,
) -> None:
    """The gateway fails at every first request, before or after it took the message; and knows each by its id."""
    texting.add(SOME)
    campaign_id = texting.started(limits=Limits(per_day=None, per_campaign=3))
    gateway.fate, gateway.after, gateway.each = lambda _request: answer, after, True
    texting.drive(campaign_id)
    for _try in range(3):
        waits_no_longer(texting)
        texting.company.work(Channel.SMS)
    texting.drive(campaign_id)
    assert sorted(gateway.times) == numbers(texting), "each once"
    assert texting.view(campaign_id).counts == {TargetState.DONE: SOME}
    assert len(texting.company.ask("SELECT id FROM delivery_message")) == SOME
    assert texting.state(campaign_id) is State.ENDED


def test_what_the_gateway_will_never_take_is_tried_as_a_new_attempt(texting: Campaigning, gateway: Gateway) -> None:
    """A number refused today: the standard meaning is to try again in a day, as another message."""
    texting.add(1)
    campaign_id = texting.started(limits=Limits(per_day=None, per_campaign=2))
    gateway.fate = lambda _request: (422, {}, b'{"code": "invalid-number"}')
    texting.go(campaign_id)
    assert (gateway.times, texting.view(campaign_id).counts) == ([], {TargetState.WAITING: 1})
    texting.due_now()
    texting.go(campaign_id)
    assert gateway.times == numbers(texting)
    assert texting.view(campaign_id).counts == {TargetState.DONE: 1}
    assert texting.report(campaign_id).outcomes == {Outcome.FAILED: 1, Outcome.SENT: 1}


def test_a_pause_holds_texts_that_are_in_the_outbox(texting: Campaigning, gateway: Gateway) -> None:
    texting.add(SOME)
    campaign_id = texting.started()
    texting.drive(campaign_id)
    texting.pause(campaign_id)
    texting.go(campaign_id)
    assert gateway.asked_at == {}
    texting.resume(campaign_id)
    texting.go(campaign_id)
    assert sorted(gateway.times) == numbers(texting)
