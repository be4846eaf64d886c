"""Withdrawals and pauses against a running campaign: the send loses."""

import random
import threading
import time

import pytest
from django.db import connection
from tests.integration.campaigns.campaigning import Campaigning
from tests.integration.delivery import smtpd
from tests.integration.delivery.posting import mail_server
from tests.integration.delivery.smtpd import Smtpd

from trustdesk.campaigns import api as campaigns
from trustdesk.campaigns.contracts import State, TargetState
from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import Method
from trustdesk.decision.contracts import Channel
from trustdesk.kernel import clock

pytestmark = pytest.mark.slow  # many threads race

PEOPLE = 40


def withdraw_consent(room: Campaigning, customer_id: int) -> None:
    clearance.withdraw(
        room.company.context(),
        customer_id=customer_id,
        purpose="news",
        channel=Channel.EMAIL,
        method=Method.TOLD_OPERATOR,
        now=clock.now(),
    )


@pytest.mark.parametrize("seed", range(2))
def test_two_withdrawals_race_a_send_and_the_send_loses(room: Campaigning, seed: int) -> None:
    """Each person objects by one click and withdraws the consent, from two threads, while the campaign runs."""
    dice = random.Random(seed)
    addresses = room.add(PEOPLE)
    campaign_id = room.started()
    withdrawn_at: dict[str, float] = {}
    order = list(addresses)
    dice.shuffle(order)

    def say_no(*, click: bool) -> None:
        pauses = random.Random(seed + click)
        try:
            for address in order:
                time.sleep(pauses.uniform(0, 0.06))
                person = room.people[address]
                if click:
                    room.company.withdraw(person)
                else:
                    withdraw_consent(room, person.customer_id)
                withdrawn_at.setdefault(address, time.monotonic())
        finally:
            connection.close()

    threads = [threading.Thread(target=say_no, kwargs={"click": click}) for click in (False, True)]
    waits = random.Random(seed)
    with Smtpd(reached=lambda _stage: time.sleep(waits.uniform(0, 0.004))) as server, mail_server(server.port):
        room.drive(campaign_id)
        for thread in threads:
            thread.start()
        room.go(campaign_id)
        for thread in threads:
            thread.join(60)
            assert not thread.is_alive(), "a withdrawal and a send wait for each other"
        room.go(campaign_id)
    late = [address for address, at in server.asked_at.items() if at > withdrawn_at[address]]
    assert late == [], "handed over after the withdrawal had returned"
    counts = room.view(campaign_id).counts
    assert counts.keys() == {TargetState.DONE, TargetState.REFUSED}, "both have to happen, or this shows nothing"
    assert counts[TargetState.DONE] == len(server.taken)
    assert room.report(campaign_id).objections == PEOPLE


def test_a_pause_stops_within_one_message(room: Campaigning) -> None:
    """Paused in the middle of a conversation with the mail server: that one may go, none after it."""
    room.add(10)
    campaign_id = room.started()
    seen: list[str] = []

    def reached(stage: str) -> None:
        seen.append(stage)
        if stage == smtpd.DATA and seen.count(smtpd.DATA) == 3:
            room_thread = threading.Thread(target=pause)
            room_thread.start()
            room_thread.join(20)

    def pause() -> None:
        try:
            room.pause(campaign_id)
        finally:
            connection.close()

    with Smtpd(reached=reached) as server, mail_server(server.port):
        room.go(campaign_id, rounds=3)
        assert len(server.taken) == 3
        assert room.state(campaign_id) is State.PAUSED
        assert room.view(campaign_id).counts == {TargetState.DONE: 3, TargetState.WAITING: 7}
        room.resume(campaign_id)
        room.go(campaign_id, rounds=3)
    arrived = [mail.recipients[0] for mail in server.taken]
    assert len(arrived) == len(set(arrived)) == 10
    assert room.view(campaign_id).counts == {TargetState.DONE: 10}


def test_a_cancelled_campaign_sends_nothing_more(room: Campaigning) -> None:
    room.add(4)
    campaign_id = room.started()
    room.drive(campaign_id)
    campaigns.cancel(room.company.context(), campaign_id=campaign_id, now=clock.now())
    with Smtpd() as server, mail_server(server.port):
        room.go(campaign_id)
    assert server.taken == []
    assert room.view(campaign_id).counts == {TargetState.STOPPED: 4}
