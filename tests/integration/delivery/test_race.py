"""Withdrawals against sends: what was withdrawn before DATA is not handed over, however close."""

import random
import threading
import time

import pytest
from django.db import connection
from tests.integration.delivery import smtpd
from tests.integration.delivery.posting import Company, Person, in_a_thread, mail_server
from tests.integration.delivery.smtpd import Smtpd

from trustdesk.delivery.contracts import State

pytestmark = pytest.mark.slow  # many threads race

PEOPLE = 60
WITHDRAWERS = 4


def address(number: int) -> str:
    return f"p{number}@example.com"


@pytest.mark.parametrize("seed", range(3))
def test_the_send_loses(company: Company, seed: int) -> None:
    dice = random.Random(seed)
    people = {address(number): company.person(address(number)) for number in range(PEOPLE)}
    sent = {mail: company.send(person) for mail, person in people.items()}
    order = list(people.items())
    dice.shuffle(order)
    withdrawn_at: dict[str, float] = {}

    def withdraw(share: list[tuple[str, Person]], pauses: list[float]) -> None:
        try:
            for (mail, person), pause in zip(share, pauses, strict=True):
                time.sleep(pause)
                company.withdraw(person)
                withdrawn_at[mail] = time.monotonic()
        finally:
            connection.close()

    shares = [order[number::WITHDRAWERS] for number in range(WITHDRAWERS)]
    threads = [
        threading.Thread(target=withdraw, args=(share, [dice.uniform(0, 0.06) for _each in share])) for share in shares
    ]
    waits = random.Random(seed)
    with Smtpd(reached=lambda _stage: time.sleep(waits.uniform(0, 0.004))) as server, mail_server(server.port):
        for thread in threads:
            thread.start()
        company.work()
        for thread in threads:
            thread.join(60)
            assert not thread.is_alive(), "a withdrawal and a send wait for each other"
    late = {
        mail: round(server.asked_at[mail] - withdrawn_at[mail], 4)
        for mail in server.asked_at
        if server.asked_at[mail] > withdrawn_at[mail]
    }
    assert late == {}, "handed over after the withdrawal had returned"
    states = {company.state(message_id) for message_id in sent.values()}
    assert states == {State.SENT, State.REFUSED}, "both have to happen, or this shows nothing"
    arrived = {mail.recipients[0] for mail in server.taken}
    assert arrived == {mail for mail, message_id in sent.items() if company.state(message_id) is State.SENT}


def test_a_withdrawal_waits_for_the_answer_and_no_longer(company: Company) -> None:
    """While the content is under way a withdrawal waits; the message is then sent, and the withdrawal stands."""
    person = company.person()
    message_id = company.send(person)
    returned: list[float] = []
    answered: list[float] = []

    def reached(stage: str) -> None:
        if stage == smtpd.DOT:
            thread = threading.Thread(target=lambda: in_a_thread(note), daemon=True)
            thread.start()
            time.sleep(0.5)
            assert returned == []
            answered.append(time.monotonic())

    def note() -> None:
        company.withdraw(person)
        returned.append(time.monotonic())

    with Smtpd(reached=reached) as server, mail_server(server.port):
        company.work()
        deadline = time.monotonic() + 10
        while not returned and time.monotonic() < deadline:
            time.sleep(0.02)
    assert company.state(message_id) is State.SENT
    assert returned[0] > answered[0]


def test_a_server_that_never_answers_holds_a_withdrawal_only_so_long(company: Company) -> None:
    person = company.person()
    message_id = company.send(person)
    waited: list[float] = []

    def reached(stage: str) -> None:
        if stage == smtpd.DOT:
            threading.Thread(target=lambda: in_a_thread(note), daemon=True).start()

    def note() -> None:
        began = time.monotonic()
        company.withdraw(person)
        waited.append(time.monotonic() - began)

    with Smtpd(says={smtpd.DOT: smtpd.DRIBBLE}, reached=reached) as server, mail_server(server.port, EMAIL_TIMEOUT=0.5):
        company.work()
        deadline = time.monotonic() + 10
        while not waited and time.monotonic() < deadline:
            time.sleep(0.02)
    assert company.state(message_id) is State.UNKNOWN
    assert waited[0] < 4
